// No page may have a violation that axe can find.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { scriptOff } from './session.mjs'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The page with script that stands beside each page without. */
const copies = new WeakMap()

/**
 * Checks the page as it stands. Where script is off axe cannot run either, so
 * the same HTML is laid before a second page with script, without our own.
 */
export async function accessible (page) {
  // A click is done when the next page begins: half of it would lack its words.
  await page.waitForLoadState('load')
  if (!scriptOff.has(page.context())) return check(page)
  if (!copies.has(page)) copies.set(page, await beside(page))
  const copy = copies.get(page)
  copy.html = await page.content()
  await copy.page.setViewportSize(page.viewportSize())
  // Each time a page of its own: an address with a part is not fetched again.
  await copy.page.goto('about:blank')
  await copy.page.goto(page.url())
  await check(copy.page)
}

/** Kept for the next page too, so that styles are fetched once; it goes with the browser. */
async function beside (page) {
  const context = await page.context().browser().newContext({ locale: 'en-GB' })
  const copy = { page: await context.newPage(), html: '' }
  await copy.page.route('**/*', (route) => {
    const asked = route.request()
    if (asked.isNavigationRequest()) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: copy.html })
    return asked.resourceType() === 'script' ? route.abort() : route.continue()
  })
  return copy
}

async function check (page) {
  const path = page.url().replace(/^https?:\/\/[^/]+/, '')
  await page.evaluate(source)
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }), TAGS)
  const lines = found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${path}: ${violation.id} at ${node.target.join(' ')} (${violation.help})`))
  for (const line of lines) console.log(line)
  assert.equal(lines.length, 0, `${lines.length} accessibility violations:\n${lines.join('\n')}`)
  assert.ok(found.passes.length > 5, `axe saw almost nothing on ${path}: is this the page?`)
}

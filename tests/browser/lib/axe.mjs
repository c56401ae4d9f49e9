// No page may have a violation that axe can find.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * Checks the page as it stands. With script off the browser may still run
 * ours: it is evaluated by the test, not by the page.
 */
export async function accessible (page, where = page.url()) {
  const path = where.replace(/^https?:\/\/[^/]+/, '')
  await page.evaluate(source)
  const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }), TAGS)
  const lines = found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${path}: ${violation.id} at ${node.target.join(' ')} (${violation.help})`))
  for (const line of lines) console.log(line)
  assert.equal(lines.length, 0, `${lines.length} accessibility violations:\n${lines.join('\n')}`)
  assert.ok(found.passes.length > 5, `axe saw almost nothing on ${path}: is this the page?`)
}

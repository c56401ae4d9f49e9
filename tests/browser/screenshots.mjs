// Takes the pictures of README from a running demonstration: npm run screenshots.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Server } from './lib/server.mjs'
import { openBrowser, signIn, visitor } from './lib/session.mjs'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../docs/pictures')
await mkdir(folder, { recursive: true })

const server = await Server.start({ size: 'small' })
const browser = await openBrowser()

/** Takes what a person sees: from the top of the page, or from a part of it on. */
async function take (page, name, from) {
  await page.evaluate(() => window.scrollTo(0, 0))
  if (from) await page.locator(from).first().evaluate((part) => part.scrollIntoView())
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`${name}: ${await page.title()}`)
}

try {
  const phone = await visitor(browser, server, { phone: true })
  await phone.goto('/ask-for-help')
  await take(phone, 'ask-for-help')

  const farah = await signIn(browser, server, 'farah.screener')
  await farah.goto('/front-door')
  await take(farah, 'front-door')

  const jo = await signIn(browser, server, 'jo.socialworker')
  await take(jo, 'my-work')
  await jo.fill('#search', 'maia kandili')
  await jo.press('#search', 'Enter')
  await jo.waitForLoadState()
  await take(jo, 'find')
  await jo.locator('main a', { hasText: /^Maya / }).first().click()
  await take(jo, 'child')
  await jo.getByRole('link', { name: 'Family and network' }).click()
  await take(jo, 'family')
  await jo.goBack()
  await jo.getByRole('link', { name: 'Story', exact: true }).click()
  await take(jo, 'story')
  await jo.getByRole('link', { name: 'Assessments and decisions' }).click()
  await jo.locator('main a[href^="/steps/"]', { hasText: /assessment/i }).first().click()
  await take(jo, 'assessment')

  const parent = await visitor(browser, server)
  await parent.goto('/services?q=swimming&near=LK5+5&within=5')
  await take(parent, 'services', 'h1')

  const priya = await signIn(browser, server, 'priya.manager')
  await priya.goto('/team')
  await take(priya, 'team')
} finally {
  await browser.close()
  await server.stop()
}

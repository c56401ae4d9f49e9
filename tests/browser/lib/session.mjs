// A browser, and people signed in to it, with script on or off.
import { chromium } from 'playwright-core'

export const PASSWORD = 'throughline-demo'
const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'
]

/** The contexts whose pages run no script, whichever tab it is. */
export const scriptOff = new WeakSet()

/** The system's Chromium: $CHROMIUM, or where Debian puts it. */
export function openBrowser () {
  return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ARGS })
}

/**
 * A page nobody is signed in to. Its context is closed with `page.context().close()`.
 * Whatever the page asks of other sites, and each fault of its script, is
 * remembered in `page.outside` and `page.faults`.
 */
export async function visitor (browser, server, { script = true, phone = false } = {}) {
  const context = await browser.newContext({
    baseURL: server.url,
    javaScriptEnabled: script,
    viewport: phone ? { width: 320, height: 640 } : { width: 1366, height: 768 },
    locale: 'en-GB',
    timezoneId: 'Europe/London'
  })
  const page = await context.newPage()
  if (!script) scriptOff.add(context)
  page.outside = []
  page.faults = []
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(server.url) && !url.startsWith('data:')) page.outside.push(url)
  })
  page.on('pageerror', (problem) => page.faults.push(String(problem)))
  page.on('console', (message) => {
    // A refusal by the security policy is a fault too, and says so here.
    if (message.type() === 'error' && /Content.Security.Policy/i.test(message.text())) page.faults.push(message.text())
  })
  return page
}

/** A page on which this persona, such as "jo.socialworker", is signed in. */
export async function signIn (browser, server, persona, options) {
  const page = await visitor(browser, server, options)
  await page.goto('/sign-in')
  await page.fill('input[name="username"]', persona)
  await page.fill('input[name="password"]', PASSWORD)
  await Promise.all([
    page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.press('input[name="password"]', 'Enter')
  ])
  return page
}

/** Presses a link or a button, and waits for the page that comes of it. */
export async function follow (page, what) {
  const target = typeof what === 'string' ? page.locator(what).first() : what
  await Promise.all([page.waitForEvent('domcontentloaded'), target.click()])
}

// What every walk does: find a child as a worker finds them, fill a date, save.

export const path = (page) => new URL(page.url()).pathname
export const h1 = (page) => page.locator('h1').innerText()
export const notice = (page) => page.locator('.govuk-notification-banner').innerText()
export const main = (page) => page.locator('main').innerText()
export const save = (page) => page.click('.tl-savebar button')

/** The page of a child, found as a worker finds them. */
export async function childPage (page, name) {
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
  return path(page)
}

/** Fills the boxes of a date, so many days from today: -4 was four days ago. */
export async function fillDate (page, name, days) {
  const day = new Date(Date.now() + days * 86400000)
  await page.fill(`[name="${name}.day"]`, String(day.getDate()))
  await page.fill(`[name="${name}.month"]`, String(day.getMonth() + 1))
  await page.fill(`[name="${name}.year"]`, String(day.getFullYear()))
}

/** The child's open plan: the one there is, or a child in need plan begun now. */
export async function planPage (page, child) {
  await page.goto(`${child}/plan`)
  if (!path(page).startsWith('/plans/')) {
    await page.click('text=Start a child in need plan')
    if (await page.locator('#reason').count()) await page.fill('#reason', 'The family asked for it now.')
    await page.fill('#aim', 'Sleep at night, and mornings without shouting.')
    await page.check('[name="agreed"][value="yes"]')
    await page.fill('#other_parent', 'He fetches them on Fridays.')
    await page.fill('#tell_child', 'Jo helps Mum find a quiet home.')
    await page.check('[name="outcome"][value="start"]')
    await save(page)
    await page.goto(`${child}/plan`)
    await page.waitForURL(/\/plans\/[0-9a-f-]{36}/)
  }
  return path(page)
}

/** Nothing on a page is wider than a narrow telephone. */
export async function narrow (browser, server, page, address) {
  const phone = await browser.newContext({
    baseURL: server.url, viewport: { width: 320, height: 640 }, javaScriptEnabled: true, storageState: await page.context().storageState()
  })
  const small = await phone.newPage()
  await small.goto(address)
  const wide = await small.evaluate(() => document.documentElement.scrollWidth)
  await phone.close()
  return wide <= 320
}


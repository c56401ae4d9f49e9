// The services directory as families meet it: a parent at midnight on an old
// telephone, a health visitor in a kitchen, a young person alone; and what the
// council learns and answers. With script and without.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'
import { h1, main, narrow, notice } from '../lib/walk.mjs'

const SHOTS = process.env.SERVICES_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const query = (page) => new URL(page.url()).searchParams

for (const script of [true, false]) {
  describe(`the services directory, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await visitor(browser, server, { script, phone: true })
      page.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [], 'nothing is asked of anybody else')
      await browser?.close()
      await server?.stop()
    })

    test('a parent at midnight finds food nearby, in words with slips', async () => {
      await page.goto('/services')
      await accessible(page)
      await shot(page, `door-${script}`)
      await page.fill('#q', 'Dana: food bank 01632 960 123')
      await page.fill('#near', 'LK5 5AB')
      await page.click('main form button >> text=Find help')
      await page.waitForURL(/near=LK5/)
      assert.equal(query(page).get('near'), 'LK5 5', 'only the sector stands in the address')
      assert.ok(!/960|Dana/.test(decodeURIComponent(page.url())), page.url())
      assert.match(await main(page), /miles? from LK5 5/)
      await accessible(page)
      await shot(page, `results-${script}`)
      assert.ok(await narrow(browser, server, page, page.url()), 'fits 320 px')
    })

    test('the map is a picture of the list, and each pin leads to it', async () => {
      await page.goto('/services?near=LK5+5&within=5')
      await page.click('text=Show these on a map')
      await accessible(page)
      await shot(page, `map-${script}`)
      const pin = page.locator('.tl-map__pin').first()
      const to = await pin.getAttribute('href')
      const name = await pin.getAttribute('aria-label')
      assert.match(name, /^\d+: ./)
      await pin.focus()
      await page.keyboard.press('Enter')
      assert.equal(new URL(page.url()).hash, to)
      const listed = await page.locator(to).innerText()
      assert.ok(listed.includes(name.replace(/^\d+: /, '')), listed)
      const size = await page.locator('.tl-map__pin circle').first().boundingBox()
      assert.ok(size.width >= 22, `a finger finds a pin of ${size.width} px`)
      assert.ok(await narrow(browser, server, page, page.url()), 'fits 320 px')
    })

    test('filters narrow, and nothing found says what to leave out', async () => {
      await page.goto('/services')
      await page.locator('summary').first().click()
      await page.selectOption('#day', '0')
      await page.selectOption('#time', 'evening')
      await page.check('#free')
      await page.check('#access-step-free')
      await page.click('main form button >> text=Find help')
      await page.waitForURL(/time=evening/)
      await accessible(page)
      await page.goto('/services?q=swimming&age=0&day=6&time=morning')
      const said = await main(page)
      if (/Nothing found/.test(said)) assert.match(said, /On any day and at any time: \d+ found|For any age: \d+ found|Without your words: \d+ found/)
      await accessible(page)
      await shot(page, `nothing-${script}`)
    })

    test('a service page, kept on a list, printed and shared', async () => {
      await page.goto('/services?q=talking+therapy')
      await page.locator('.tl-results a').first().click()
      await page.waitForURL(/\/services\/[0-9a-f-]+/)
      await accessible(page)
      await shot(page, `service-${script}`)
      assert.ok(await narrow(browser, server, page, page.url()), 'fits 320 px')
      assert.ok(await page.locator('a[href^="tel:"]').count() > 0)
      assert.ok(await page.locator('a[href^="mailto:?subject="]').count() === 1)
      assert.ok(await page.locator('a[href^="sms:"]').count() === 1)
      const name = await h1(page)
      await page.click('text=Add to your list')
      await page.waitForLoadState()
      await page.click('text=Your list (1)')
      assert.ok((await main(page)).includes(name))
      await accessible(page)
      await shot(page, `list-${script}`)
      await page.emulateMedia({ media: 'print' })
      await shot(page, `list-print-${script}`)
      assert.ok(!(await page.locator('text=Empty your list').isVisible()), 'no buttons on paper')
      assert.ok(await page.locator('a[href^="tel:"]').first().isVisible(), 'numbers are')
      await page.emulateMedia({ media: 'screen' })
      const link = await page.locator('.tl-share').innerText()
      const other = await visitor(browser, server, { script })
      await other.goto(link)
      assert.ok((await main(other)).includes(name), 'the address is the list')
      await accessible(other)
      await other.context().close()
      await page.click('text=Empty your list')
      assert.match(await main(page), /Nothing is on your list yet/)
    })

    test('each front door has its words; young people can leave at once', async () => {
      for (const [address, title] of [
        ['/local-offer', 'SEND local offer'], ['/start-for-life', 'Start for Life'], ['/young-people', 'Help for young people']
      ]) {
        await page.goto(address)
        assert.equal(await h1(page), title)
        await accessible(page)
        await shot(page, `door${address.replace('/', '-')}-${script}`)
      }
      assert.ok(await page.locator('.govuk-exit-this-page__button').isVisible())
      await page.goto('/services?q=domestic+abuse')
      assert.ok(await page.locator('.govuk-exit-this-page__button').isVisible())
    })

    test('in Polish, and it stays so', async () => {
      await page.goto('/services')
      await page.click('text=Polski')
      assert.equal(await page.locator('html').getAttribute('lang'), 'pl')
      await page.goto('/services?near=LK5+5')
      assert.match(await main(page), /Około/)
      await accessible(page)
      await shot(page, `polish-${script}`)
      await page.click('text=English')
      assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    })

    test('a comment, read and answered by the council, for everybody to read', async () => {
      await page.goto('/local-offer')
      await page.click('text=Comments, and what the council did')
      await page.fill('#words', 'Please ring me on 01632 960 123')
      await page.click('text=Send comment')
      assert.match(await main(page), /Please take out names/)
      assert.equal(await page.inputValue('#words'), 'Please ring me on 01632 960 123', 'what was typed stays')
      await accessible(page)
      const words = `There is nothing on Sundays, script ${script}.`
      await page.fill('#words', words)
      await page.click('text=Send comment')
      assert.match(await main(page), /Somebody reads your comment/)
      await accessible(page)
      const staff = await signIn(browser, server, 'okafor.director', { script })
      await staff.goto('/directory/comments')
      await accessible(staff)
      await shot(staff, `moderate-${script}`)
      await staff.click(`text=${words}`)
      await staff.fill('#answer', 'You are right. Two centres were asked.')
      await accessible(staff)
      await shot(staff, `answer-${script}`)
      await staff.click('text=Publish comment and answer')
      assert.match(await notice(staff), /published/)
      await staff.context().close()
      await page.goto('/local-offer/comments')
      assert.match(await main(page), /Two centres were asked/)
      await accessible(page)
      await shot(page, `comments-${script}`)
    })

    test('the analyst reads what was looked for, as numbers of nobody', async () => {
      for (let n = 0; n < 8; n++) await page.goto('/services?q=food+bank&near=LK5+5')
      const staff = await signIn(browser, server, 'tia.analyst', { script })
      await staff.goto('/directory/learning')
      await accessible(staff)
      await shot(staff, `learning-${script}`)
      assert.match(await main(staff), /Money, food and clothes/)
      assert.match(await main(staff), /LK5/)
      await staff.selectOption('#need', 'money')
      await staff.click('text=Show')
      assert.match(await main(staff), /By area: Money, food and clothes/)
      const file = await staff.request.get('/directory/learning/needs.csv')
      assert.match(await file.text(), /^"Need","Searches"/)
      assert.ok(await narrow(browser, server, staff, '/directory/learning'), 'fits 320 px')
      await staff.context().close()
    })
  })
}

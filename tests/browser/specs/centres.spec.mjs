// R000-16: a family sees what is on today and books without an account; a full
// session has a waiting list; the centre's worker notes on a telephone who came
// and gives a free place on. With script and without.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'
import { fillDate, h1, main, narrow, notice, path, save } from '../lib/walk.mjs'

const SHOTS = process.env.CENTRES_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const MINE = /\/family-centres\/bookings\/[0-9a-f]{64}$/

for (const script of [true, false]) {
  describe(`family centres, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, dev, centre, session, mine
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await visitor(browser, server, { script, phone: true })
      page.setDefaultTimeout(30000)
      dev = await signIn(browser, server, 'dev.earlyhelp', { script, phone: true })
      dev.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(dev?.faults, [])
      await browser?.close()
      await server?.stop()
    })

    test('R000-16: four centres, each with a page', async () => {
      await page.goto('/family-centres')
      await accessible(page)
      await shot(page, `list-${script}`)
      assert.equal(await page.locator('main .tl-card h2').count(), 4)
      await page.click('text=Wren Street family centre')
      centre = path(page)
      await accessible(page)
      await shot(page, `centre-${script}`)
      assert.match(await main(page), /places? left/)
    })

    test('R000-16: a family books a place and gives it up', async () => {
      await page.click('main >> text=Book a place >> nth=0')
      await accessible(page)
      await shot(page, `book-${script}`)
      await page.click('main form .govuk-button')
      await explained(page)
      await page.fill('[name="name"]', 'Tansy Reedmarsh')
      await page.fill('[name="children"]', '1')
      await page.click('main form .govuk-button')
      await page.waitForURL(MINE)
      assert.match(await notice(page), /You have a place/)
      await accessible(page)
      await shot(page, `mine-${script}`)
      await page.click('text=We cannot come')
      assert.match(await main(page), /given your place up/)
    })

    test('R000-16: a full session refuses and offers the waiting list', async () => {
      await page.goto(centre)
      await page.click('main >> text=Join the waiting list >> nth=0')
      assert.match(await h1(page), /Wait for a place/)
      await accessible(page)
      await shot(page, `full-${script}`)
      session = path(page).split('/').pop()
      await page.fill('[name="name"]', 'Otis Reedmarsh')
      await page.fill('[name="children"]', '1')
      await page.click('main form .govuk-button')
      await page.waitForURL(MINE)
      mine = path(page)
      assert.match(await main(page), /2 families have waited longer/)
      await accessible(page)
    })

    test('R000-16: the worker gives a free place on, on a telephone', async () => {
      await dev.goto('/centres')
      await accessible(dev)
      await shot(dev, `board-${script}`)
      await dev.goto(`/centres/sessions/${session}`)
      await accessible(dev)
      await shot(dev, `register-${script}`)
      assert.ok(await narrow(browser, server, dev, path(dev)), 'fits a telephone')
      await dev.click('text=Gives the place up >> nth=0')
      assert.match(await main(dev), /A place is free: ring now/)
      await shot(dev, `offered-${script}`)
      await accessible(dev)
      await dev.click('text=No answer: the next one')
      await dev.click('text=No answer: the next one')
      await page.goto(mine)
      assert.match(await main(page), /held for you/)
      await accessible(page)
      await shot(page, `held-${script}`)
      await page.click('text=Take the place')
      assert.match(await main(page), /You have a place/)
    })

    test('R000-16: attendance, and new sessions', async () => {
      await dev.goto(`/centres/sessions/${session}`)
      await dev.click('main button:has-text("Came") >> nth=0')
      assert.match(await main(dev), /Came/)
      await accessible(dev)
      const staff = centre.replace('/family-centres/', '/centres/')
      await dev.goto(staff)
      await accessible(dev)
      await dev.click('text=Add sessions')
      await accessible(dev)
      await shot(dev, `new-${script}`)
      await dev.selectOption('[name="programme"]', { label: 'Baby massage' })
      await fillDate(dev, 'on', 2)
      await dev.fill('[name="from"]', '10am')
      await dev.fill('[name="to"]', '11am')
      await dev.fill('[name="places"]', '6')
      await dev.fill('[name="weeks"]', '3')
      await save(dev)
      assert.match(await notice(dev), /added for 3 weeks/)
    })
  })
}

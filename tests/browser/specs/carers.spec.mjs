// Foster carers and panels, with script and without: the dashboard, an enquiry
// up to stage 1, a check, and a decision after a panel; every page checked for
// accessibility, also at 320 pixels.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { light } from '../lib/weight.mjs'

const SHOTS = process.env.CARERS_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const notice = (page) => page.locator('.govuk-notification-banner').innerText()
const words = (page) => page.locator('main').innerText()
const save = (page) => page.click('.tl-savebar button')

for (const script of [true, false]) {
  describe(`carers, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'leila.fostering', { script })
      page.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('R002-08: what runs out and what was missed are on the dashboard', async () => {
      await page.goto('/carers')
      await accessible(page)
      await shot(page, `board-${script}`)
      const text = await words(page)
      assert.match(text, /10 approved households with 19 places/)
      assert.match(text, /Criminal records check runs out/)
      assert.match(text, /Review of a foster carer’s approval/)
      for (const list of ['/carers?show=all', '/carers?show=free', '/carers?show=applying', '/adopters', '/panels', '/']) {
        await page.goto(list)
        await accessible(page)
      }
      await page.setViewportSize({ width: 320, height: 800 })
      await page.goto('/carers')
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      assert.ok(wide <= 320, `the page is ${wide} pixels wide`)
      await accessible(page)
      await shot(page, `board-320-${script}`)
      await page.setViewportSize({ width: 1366, height: 768 })
    })

    test('an enquiry becomes a record, step by step', async () => {
      await page.goto('/carers/new')
      await accessible(page)
      await save(page)
      await explained(page)
      await page.check('[name="kind"][value="foster"]')
      await page.fill('[name="given"]', 'Thea')
      await page.fill('[name="family_name"]', 'Lindenmoor')
      await save(page)
      assert.match(await notice(page), /Thea Lindenmoor have a record now/)
      await accessible(page)
      await page.click('text=Record the first visit')
      await accessible(page)
      await page.fill('[name="words"]', 'A warm home with two spare rooms.')
      await page.check('[name="outcome"][value="go_on"]')
      await save(page)
      await page.click('text=Start stage 1')
      await save(page)
      await page.click('text=Record a check')
      await accessible(page)
      await page.selectOption('[name="kind"]', 'home_safety')
      await page.selectOption('[name="who"]', 'home')
      await page.check('[name="result"][value="clear"]')
      await save(page)
      assert.match(await notice(page), /runs out on/)
      await page.click('text=Decide on stage 1')
      assert.match(await words(page), /Not on record yet: .*Thea Lindenmoor/)
      await accessible(page)
      await shot(page, `stage-1-${script}`)
    })

    test('R004-08: a decision after a panel', async () => {
      const vic = await signIn(browser, server, 'vic.decides', { script })
      await vic.goto('/')
      await accessible(vic)
      await shot(vic, `decider-${script}`)
      await vic.click('#block-to-decide ~ ul a')
      await accessible(vic)
      await shot(vic, `item-${script}`)
      await vic.click('main a[href$="/decide"]')
      await accessible(vic)
      assert.equal(await vic.locator('[name="decision"]:checked').count(), 0)
      await vic.check('[name="decision"][value="yes"]')
      await vic.fill('[name="reasons"]', 'I read the report and agree.')
      await save(vic)
      assert.match(await notice(vic), /Tell them in person within 2 working days/)
      await accessible(vic)
      await vic.context().close()
    })

    test('pages are light', async () => {
      for (const board of ['/carers', '/panels']) await light(server, board, { page })
    })
  })
}

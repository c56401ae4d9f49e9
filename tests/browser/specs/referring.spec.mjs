// A service of the directory on a child's plan in two clicks, its answer and
// what came of it, a need for which there is none, and the board, with script
// and without.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { childPage, fillDate, main, narrow, notice, path, planPage, save } from '../lib/walk.mjs'

const SHOTS = process.env.REFERRING_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const REFERRAL = /\/service-referrals\/[0-9a-f-]{36}$/

for (const script of [true, false]) {
  describe(`referrals to services, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, plan, one, service
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'jo.socialworker', { script })
      page.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('R001-28: two clicks from the plan to the service on it', async () => {
      plan = await planPage(page, await childPage(page, 'Maya Qandili'))
      const counter = new Counter(page)
      await counter.click('main >> text=Find a service')
      await accessible(page)
      await shot(page, `choose-${script}`)
      assert.ok(await narrow(browser, server, page, path(page)), 'fits a telephone')
      service = await page.locator('main .tl-card h2').first().innerText()
      await counter.click('main form .tl-card button >> nth=0')
      await page.waitForURL(REFERRAL)
      assert.equal(counter.clicks, 2)
      one = path(page)
      assert.match(await notice(page), /is on the plan/)
      await accessible(page)
      await shot(page, `referral-${script}`)
      await page.goto(plan)
      assert.ok((await main(page)).includes(`Help from ${service}`), 'an action of the plan')
    })

    test('words about a child are posted, never in an address', async () => {
      await page.goto(`${plan}/services`)
      await page.fill('#q', 'swiming')
      await page.click('text=Look again')
      assert.equal(new URL(page.url()).search, '')
      assert.equal(await page.inputValue('#q'), 'swiming')
      await accessible(page)
    })

    test('R002-34: the service answers, and the family says if it got help', async () => {
      await page.goto(`${one}/answer`)
      await accessible(page)
      await save(page)
      await explained(page)
      await page.check('[name="state"][value="waiting"]')
      await fillDate(page, 'on', 0)
      await save(page)
      await page.waitForURL(REFERRAL)
      assert.match(await main(page), /On the waiting list, since/)
      await page.goto('/service-referrals')
      await accessible(page)
      await shot(page, `board-${script}`)
      assert.match(await main(page), /Maya Qandili/)
      await page.goto(`${one}/result`)
      await page.check('[name="result"][value="yes"]')
      await fillDate(page, 'on', 0)
      await page.fill('[name="words"]', 'It is fun, says Maya.')
      await save(page)
      await page.waitForURL(REFERRAL)
      assert.match(await main(page), /It is fun, says Maya/)
      await accessible(page)
    })

    test('R002-16: nothing fits, and it is counted', async () => {
      await page.goto(`${plan}/services`)
      await page.click('main >> text=Nothing fits')
      await accessible(page)
      await page.selectOption('[name="need"]', 'money')
      await page.check('[name="why"][value="none"]')
      await save(page)
      await page.goto('/service-referrals')
      assert.match(await main(page), /Money, food and clothes/)
    })

    test('R002-26: a manager moves a whole waiting list', async () => {
      const priya = await signIn(browser, server, 'priya.manager', { script })
      await priya.goto('/service-referrals')
      await accessible(priya)
      await shot(priya, `board-manager-${script}`)
      await priya.click('text=Move a waiting list')
      await accessible(priya)
      const from = priya.locator('[name="from"] option:not([value=""])').first()
      await priya.selectOption('[name="from"]', await from.getAttribute('value'))
      await fillDate(priya, 'on', 0)
      await priya.fill('[name="service"]', 'Calm harbour')
      await priya.fill('[name="provider"]', 'Fenmarch health')
      await priya.fill('[name="why"]', 'The contract ended.')
      await save(priya)
      await priya.waitForURL(/\/service-referrals$/)
      assert.match(await notice(priya), /moved/)
      assert.match(await main(priya), /Calm harbour/)
      assert.deepEqual(priya.faults, [])
    })
  })
}

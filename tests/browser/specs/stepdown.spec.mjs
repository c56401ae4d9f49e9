// A step-down in a browser, with script and without: what happened after the
// earlier ones stands before the form, thin evidence asks for its reason, and a
// manager who did not write it decides. UX21 is counted.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.STEPDOWN_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const path = (page) => new URL(page.url()).pathname
const h1 = (page) => page.locator('h1').innerText()
const AGAINST = 'It has held for eleven days, and nobody looked at a weekend.'

for (const script of [true, false]) {
  describe(`step-down, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, jo, step
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      jo.setDefaultTimeout(30000)
      await jo.goto('/find')
      await jo.locator('#search').fill('Maya Qandili')
      await jo.locator('#search').press('Enter')
      await jo.locator('main a[href^="/people/"]', { hasText: 'Maya' }).first().click()
      await jo.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      const child = path(jo)
      await jo.goto(`${child}/plan`)
      if (!path(jo).startsWith('/plans/')) {
        await jo.click('text=Start a child in need plan')
        if (await jo.locator('#reason').count()) await jo.fill('#reason', 'The family asked for it now.')
        await jo.fill('#aim', 'Maya sleeps at night.')
        await jo.check('[name="agreed"][value="yes"]')
        await jo.fill('#other_parent', 'He fetches her on Fridays.')
        await jo.fill('#tell_child', 'Jo helps Mum find a quiet home.')
        await jo.check('[name="outcome"][value="start"]')
        await jo.click('.tl-savebar button')
        await jo.goto(`${child}/plan`)
        await jo.waitForURL(/\/plans\/[0-9a-f-]{36}/)
      }
    })
    after(async () => {
      assert.deepEqual(jo?.faults, [])
      assert.deepEqual(jo?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('R004-25: the earlier step-downs stand before the form, and nothing is asked for twice', async () => {
      await jo.click('button:has-text("Step down")')
      await jo.waitForURL(/\/step-downs\/[0-9a-f-]{36}$/)
      step = path(jo).split('/').pop()
      assert.match(await h1(jo), /^Step-down for/)
      const main = await jo.locator('main').innerText()
      assert.ok(main.indexOf('Step-downs before') < main.indexOf('What shows that the change has lasted?'))
      assert.equal(await jo.locator('main input[type="radio"]:checked').count(), 0)
      await accessible(jo)
      await jo.fill('#evidence_against', AGAINST)
      await jo.click('.tl-savebar button')
      await explained(jo)
      assert.equal(await jo.inputValue('#evidence_against'), AGAINST, 'what was typed is kept')
      await accessible(jo)
    })

    test('R004-23: evidence that spans too little asks why it is enough', async () => {
      const seen = new Date(Date.now() - 11 * 86400000)
      for (const [part, value] of Object.entries({ day: seen.getDate(), month: seen.getMonth() + 1, year: seen.getFullYear() })) {
        await jo.fill(`[name="evidence_for.0.on.${part}"]`, String(value))
      }
      await jo.fill('[name="evidence_for.0.what"]', 'Maya slept all week; seen by her teacher.')
      await jo.fill('#childs_view', 'It is quiet now.')
      await jo.fill('#tested_by', 'Imani, who reviews plans, by a visit on a Friday night')
      await jo.fill('#bring_back', 'Maya misses three days in two weeks.')
      await jo.check('[name="outcome"][value="step_down"]')
      await jo.check('[name="to"][value="early_help"]')
      await jo.fill('#why', 'The home is quiet and the school sees it.')
      await jo.fill('#tell_child', 'Jo comes less often, and you can call her.')
      await jo.click('.tl-savebar button')
      await explained(jo)
      assert.match(await jo.locator('.govuk-error-summary').innerText(), /why (it|this) is enough/i)
      await shot(jo, `short-${script}`)
      await jo.fill('#too_short_reason', 'Her aunt moved in, and stays.')
      await jo.click('.tl-savebar button')
      await jo.waitForURL((url) => url.pathname === `/step-downs/${step}`)
      assert.match(await jo.locator('.govuk-notification-banner').innerText(), /waits for a manager/)
      await accessible(jo)
      await shot(jo, `sent-${script}`)
    })

    test('UX21: a manager who did not write it reads what was before, and decides', async () => {
      const priya = await signIn(browser, server, 'priya.manager', { script })
      priya.setDefaultTimeout(30000)
      const counter = new Counter(priya)
      await priya.goto('/')
      counter.loads = 0
      await counter.click(priya.locator(`main a[href*="${step}"]`).first())
      await priya.waitForURL((url) => url.pathname.includes(step))
      const main = await priya.locator('main').innerText()
      assert.match(main, /nobody looked at a weekend/)
      assert.ok(main.includes('Step-downs before') && main.indexOf('Step-downs before') < main.indexOf('The evidence'))
      await accessible(priya)
      await shot(priya, `decide-${script}`)
      await counter.click('label[for="decision"]')
      await priya.fill('#view', 'Tested, and with somebody who watches. I agree.')
      await counter.click('label[for="outcome"]')
      await counter.click('#decide form button')
      await priya.waitForLoadState()
      counter.within('UX21')
      await jo.goto(`/step-downs/${step}`)
      assert.doesNotMatch(await jo.locator('main').innerText(), /waits for a manager/)
      await accessible(jo)
      await priya.context().close()
    })
  })
}

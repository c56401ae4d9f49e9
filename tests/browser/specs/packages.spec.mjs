// A package of support on a plan, and a child protection plan that moves to
// another council, with script and without.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { childPage, fillDate, h1, main, narrow, notice, path, planPage, save } from '../lib/walk.mjs'

const SHOTS = process.env.PACKAGES_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const PACKAGE = /\/packages\/[0-9a-f-]{36}$/

for (const script of [true, false]) {
  describe(`packages and moves, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, plan, one
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

    test('R000-17: several services are one package, with a card on the plan', async () => {
      plan = await planPage(page, await childPage(page, 'Maya Qandili'))
      await page.click('main >> text=Packages of support')
      await accessible(page)
      await page.click('text=Put together a package of support')
      await accessible(page)
      await save(page)
      await explained(page)
      await accessible(page)
      await page.fill('#name', 'After school and evenings')
      await page.fill('#aim', 'Homework and tea are calm on school days.')
      const goals = page.locator('[name="goals"]')
      if (await goals.count()) await goals.first().check()
      await fillDate(page, 'starts', -2)
      await page.fill('[name="services.0.service"]', 'Homework club')
      await page.fill('[name="services.0.provider"]', 'Larkmere family centre')
      await shot(page, `package-new-${script}`)
      await save(page)
      if (await page.locator('[name="goals_reason"]').count()) {
        await page.fill('[name="goals_reason"]', 'The plan has no goal of this kind yet.')
        await save(page)
      }
      await page.waitForURL(PACKAGE)
      one = path(page)
      assert.match(await h1(page), /After school and evenings/)
      assert.match(await main(page), /0 of 1 has an outcome/)
      await accessible(page)
      await shot(page, `package-${script}`)
      assert.ok(await narrow(browser, server, page, one), 'fits a telephone')
      await page.goto(`${plan}/packages`)
      const card = page.locator('.tl-card', { hasText: 'After school and evenings' })
      assert.match(await card.innerText(), /Homework club[\s\S]*Waiting to start/)
      await accessible(page)
      await shot(page, `packages-${script}`)
      await page.goto(plan)
      assert.match(await main(page), /Packages of support: one under way/)
    })

    test('R000-17: it ends only when each service has an outcome', async () => {
      await page.goto(`${one}/end`)
      assert.match(await page.locator('body').innerText(), /Homework club/)
      assert.equal(await page.locator('.tl-savebar button').count(), 0)
      await page.goto(one)
      await page.click('text=How does it go?')
      await accessible(page)
      await page.check('[name="state"][value="completed"]')
      await fillDate(page, 'on', 0)
      await page.check('[name="helped"][value="some"]')
      await page.fill('[name="words"]', 'Maya does her homework there and comes home in a good mood.')
      await save(page)
      await page.waitForURL(PACKAGE)
      assert.match(await main(page), /Completed, since[\s\S]*It helped a little/)
      await page.goto(`${one}/review`)
      await fillDate(page, 'on', 0)
      await page.fill('[name="family_words"]', 'Tea is nicer now.')
      await page.fill('[name="words"]', 'It worked. We stop here.')
      await save(page)
      await page.waitForURL(PACKAGE)
      await page.goto(`${one}/end`)
      await accessible(page)
      await fillDate(page, 'on', 0)
      await page.check('[name="outcome"][value="completed"]')
      await page.fill('[name="words"]', 'Evenings are calm.')
      await save(page)
      await page.waitForURL(PACKAGE)
      assert.match(await main(page), /Completed on/)
      await accessible(page)
      await shot(page, `package-ended-${script}`)
    })

    test('a protection plan that moves away stays ours until their conference', async () => {
      await page.goto('/')
      const row = page.locator('main tr, main li', { hasText: /protection plan/i }).first()
      await row.locator('a[href^="/people/"]').first().click()
      await page.waitForURL(/\/people\/[0-9a-f-]{36}/)
      await page.goto(`${path(page)}/plan`)
      await page.waitForURL(/\/plans\//)
      const theirs = path(page)
      await page.click('text=Moves to another council')
      await accessible(page)
      await save(page)
      await explained(page)
      await accessible(page)
      for (const box of await page.locator('[name="children"]').all()) await box.check()
      await page.fill('[name="council"]', 'Fenmarch')
      await fillDate(page, 'told_on', 0)
      await page.fill('[name="told_who"]', 'Tansy Rook, front door')
      await page.fill('[name="sent"]', 'The last conference record and the plan.')
      await page.fill('[name="visits"]', 'Jo visits until their conference.')
      await page.check('[name="outcome"][value="waiting"]')
      await shot(page, `moving-out-${script}`)
      await save(page)
      assert.match(await notice(page), /./)
      await page.goto(theirs)
      assert.doesNotMatch(await main(page), /^Ended$/m)
      await accessible(page)
    })
  })
}

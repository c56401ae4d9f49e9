// Partners at the front door in a browser, with script and without: a screener
// asks two agencies, one of them answers, and the other is named. UX17 is counted.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.MASH_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const path = (page) => new URL(page.url()).pathname

for (const script of [true, false]) {
  describe(`partners at the front door, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, farah, police, contact, check
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      farah = await signIn(browser, server, 'farah.screener', { script })
      police = await signIn(browser, server, 'chen.police', { script })
      for (const page of [farah, police]) page.setDefaultTimeout(30000)
      await farah.goto('/front-door/new')
      await farah.selectOption('[name=source]', '1B')
      await farah.check('[name=danger][value=no]')
      await farah.fill('[name=caller_name]', 'Mrs Pell, neighbour')
      await farah.fill('[name=what]', 'A small boy is often alone on the stairs.')
      await farah.check('[name=child_known][value=not_yet]')
      await farah.click('text=Save contact')
      contact = path(farah)
    })
    after(async () => {
      for (const page of [farah, police]) {
        assert.deepEqual(page?.faults, [])
        assert.deepEqual(page?.outside, [])
      }
      await browser?.close()
      await server?.stop()
    })

    test('the screener asks the police and health, with a question', async () => {
      await farah.goto(`${contact}/mash`)
      await accessible(farah)
      await farah.locator('[name="rag"]').first().check()
      for (const agency of ['police', 'health']) await farah.check(`[name="agencies"][value="${agency}"]`)
      await farah.click('button:has-text("Ask these partners")')
      await explained(farah)
      await farah.fill('[name="question"]', 'Do you know this boy, or who he lives with?')
      await farah.click('button:has-text("Ask these partners")')
      await farah.waitForURL((url) => url.pathname === `${contact}/mash`)
      const main = await farah.locator('main').innerText()
      assert.match(main, /Waiting/)
      await accessible(farah)
      await shot(farah, `asked-${script}`)
    })

    test('UX17: the police answer a check in three clicks', async () => {
      await police.goto('/mash/checks')
      await accessible(police)
      check = await police.locator('.tl-rows a').first().getAttribute('href')
      const counter = new Counter(police)
      await police.goto(check)
      await accessible(police)
      await shot(police, `check-${script}`)
      assert.equal(await police.locator('main input[type="radio"]:checked').count(), 0)
      counter.loads = 0
      await counter.click('label[for="found"]')
      await police.fill('[name="words"]', 'Two calls to the flat this month; he opened the door himself.')
      await counter.click(police.locator('.govuk-radios__item', { has: police.locator('[name="worry"][value="yes"]') }).locator('label'))
      await counter.click('button:has-text("Send the answer")')
      await police.waitForSelector('.govuk-notification-banner')
      counter.within('UX17')
      assert.match(await police.locator('main').innerText(), /Thank you/)
      await accessible(police)
    })

    test('the screener reads the answer, and who has not answered', async () => {
      await farah.goto(`${contact}/mash`)
      const main = await farah.locator('main').innerText()
      assert.match(main, /he opened the door himself/)
      assert.match(main, /Waiting/)
      await accessible(farah)
      await shot(farah, `answered-${script}`)
    })

    test('a partner sees nothing of the contact but the question', async () => {
      const words = await police.goto(check).then(() => police.locator('main').innerText())
      assert.doesNotMatch(words, /Mrs Pell/)
      const refused = await police.goto(`${contact}/mash`)
      assert.equal(refused.status(), 404)
    })
  })
}

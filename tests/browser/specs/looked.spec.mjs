// Who has looked, for the family (R001-27): a worker makes the list, decides,
// prints it in large print and makes a link; the family opens the link on a small
// phone without script and without an account.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'
import { childPage, h1, main, narrow, notice, path, save } from '../lib/walk.mjs'

const SHOTS = process.env.LOOKED_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

for (const script of [true, false]) {
  describe(`who has looked, for the family, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, jo, given, link
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      jo.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(jo?.faults, [])
      assert.deepEqual(jo?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('R001-27: a worker makes the list that a parent asked for', async () => {
      await childPage(jo, 'Maya')
      await jo.click('text=Who has looked')
      await jo.click('text=The family asks who has looked')
      await accessible(jo)
      await jo.click('text=Make a list')
      await accessible(jo)
      await save(jo)
      assert.match(await main(jo), /Say who asks/)
      await accessible(jo)
      await jo.check('[name="asked_by"][value="parent"]')
      await jo.fill('[name="asker"]', 'Leila, her mother')
      await save(jo)
      assert.match(await notice(jo), /Nobody has it yet/)
      given = path(jo)
      assert.match(await main(jo), /Jo Wrenfold, social worker/)
      await accessible(jo)
      await shot(jo, `decide-${script}`)
      await narrow(browser, server, jo, given)
    })

    test('R001-27: it is decided, with the ticked lines left out, and printed', async () => {
      await jo.goto(given)
      await jo.click('text=Record the decision')
      assert.match(await main(jo), /Say if the list is given or held back/)
      await accessible(jo)
      await jo.check('[name="answer"][value="give"]')
      await jo.click('text=Record the decision')
      assert.match(await notice(jo), /may be given/)
      assert.match(await jo.locator('article').innerText(), /We write this on every list/)
      await accessible(jo)
      await shot(jo, `given-${script}`)
      await jo.goto(`${given}?size=large`)
      await accessible(jo)
      await jo.emulateMedia({ media: 'print' })
      await shot(jo, `large-${script}`)
      await jo.emulateMedia({ media: 'screen' })
      const points = await jo.locator('article li').first().evaluate((li) => parseFloat(getComputedStyle(li).fontSize))
      assert.ok(points >= 24, `large print is ${points} pixels`)
    })

    test('R001-09: a manager makes a copy of the record for whoever asks for it', async () => {
      const priya = await signIn(browser, server, 'priya.manager', { script })
      priya.setDefaultTimeout(30000)
      const child = await childPage(priya, 'Maya')
      await priya.goto(`${child}/copy`)
      await accessible(priya)
      await save(priya)
      await accessible(priya)
      await priya.fill('[name="asker"]', 'Leila, her mother')
      await priya.fill('[name="checked"]', 'We know her, and she has parental responsibility.')
      await save(priya)
      assert.match(await notice(priya), /Read it before you give it/)
      assert.match(await main(priya), /What is held back/)
      assert.match(await main(priya), /papers about the whole family are here as far as they are about this person/)
      await accessible(priya)
      await shot(priya, `copy-${script}`)
      await narrow(browser, server, priya, path(priya))
    })

    test('R001-27: the family opens the link on a phone, without an account', async () => {
      await jo.goto(given)
      await jo.click('text=Make a link')
      assert.match(await h1(jo), /ready to send/)
      await accessible(jo)
      await shot(jo, `link-${script}`)
      link = new URL(await jo.locator('[data-link]').innerText()).pathname
      const phone = await visitor(browser, server, { script: false, phone: true })
      await phone.goto(link)
      assert.doesNotMatch(await main(phone), /Maya|Wrenfold/)
      await accessible(phone)
      await shot(phone, `cover-${script}`)
      await phone.click('main button:has-text("Open the answer")')
      assert.match(await main(phone), /Jo Wrenfold, social worker/)
      assert.doesNotMatch(await phone.title(), /Maya/)
      await accessible(phone)
      await shot(phone, `list-${script}`)
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 400, `${wide} pixels wide`)
      await jo.goto(given)
      await jo.click('text=Stop the links')
      await phone.goto(link)
      assert.match(await h1(phone), /does not open/)
    })
  })
}

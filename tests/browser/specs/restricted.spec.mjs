// A restricted record opened in an emergency (R001-27): the warning on every page,
// who is told, and that it ends; and where staff live, which nobody is shown.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, PASSWORD, signIn } from '../lib/session.mjs'
import { childPage, main, notice, path } from '../lib/walk.mjs'

const SHOTS = process.env.RESTRICTED_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

for (const script of [true, false]) {
  describe(`restricted records, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, priya, sam, nia, child, reference
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      priya = await signIn(browser, server, 'priya.manager', { script })
      sam = await signIn(browser, server, 'sam.manager', { script })
      nia = await signIn(browser, server, 'nia.admin', { script })
      for (const page of [priya, sam, nia]) page.setDefaultTimeout(30000)
    })
    after(async () => {
      for (const page of [priya, sam, nia]) {
        assert.deepEqual(page?.faults, [])
        assert.deepEqual(page?.outside, [])
      }
      await browser?.close()
      await server?.stop()
    })

    test('R001-27: an override asks why, warns on every page and alerts', async () => {
      child = await childPage(priya, 'Maya')
      reference = (await main(priya)).match(/Reference (\w{8})/)[1]
      await priya.goto(`${child}/restrict`)
      await priya.check('#reason')
      await priya.locator(`main form[action="${child}/restrict"] button[type="submit"]`).click()
      await sam.goto(child)
      assert.match(await main(sam), /not/i)
      await sam.goto('/access/override')
      await accessible(sam)
      await shot(sam, `override-${script}`)
      await sam.click('text=Open the restricted record')
      assert.match(await main(sam), /Write why you must see this record now/)
      await accessible(sam)
      await sam.fill('[name="reference"]', reference)
      await sam.fill('[name="reason"]', 'The police found her alone at the station tonight.')
      await sam.fill('[name="password"]', PASSWORD)
      await sam.click('text=Open the restricted record')
      assert.equal(path(sam), child)
      for (const page of [child, `${child}/story`, '/']) {
        await sam.goto(page)
        assert.match(await main(sam), /You have a record open in an emergency, until/)
        await accessible(sam)
      }
      await sam.goto(child)
      await shot(sam, `overridden-${script}`)
      await nia.goto('/')
      assert.match(await main(nia), new RegExp(`Check the look at record ${reference}`))
      await nia.click(`text=Check the look at record ${reference}`)
      assert.match(await main(nia), /restricted, and was opened all the same/)
      assert.doesNotMatch(await main(nia), /station/)
      await accessible(nia)
      await shot(nia, `alert-${script}`)
      await priya.goto('/')
      assert.match(await main(priya), /in an emergency.*station/s)
      await sam.goto(child)
      await sam.click('text=I am done')
      assert.match(await notice(sam), /closed to you again/)
      await sam.goto(child)
      assert.doesNotMatch(await main(sam), /Maya/)
    })

    test('T1: where somebody lives is told, kept as a mark and never shown', async () => {
      await sam.goto('/access/home')
      await accessible(sam)
      await sam.fill('[name="line1"]', '4 Vexwood Rise')
      await sam.fill('[name="postcode"]', 'nowhere')
      await sam.click('text=Keep the mark')
      assert.match(await main(sam), /Write a whole postcode/)
      // Nothing was kept yet: whoever typed it need not type it again.
      assert.equal(await sam.inputValue('[name="line1"]'), '4 Vexwood Rise')
      await accessible(sam)
      await sam.fill('[name="postcode"]', 'LK3 9ZX')
      await sam.click('text=Keep the mark')
      assert.match(await main(sam), /1 address, the last told on/)
      assert.doesNotMatch(await sam.content(), /Vexwood|LK3/)
      await accessible(sam)
      await shot(sam, `home-${script}`)
      await nia.goto('/access/unusual')
      await accessible(nia)
      await shot(nia, `unusual-${script}`)
    })
  })
}

// Returns in a browser, with script and without: an analyst makes one from the
// record, and a worker mends what the rules found in it, from "Your data".
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Server } from '../lib/server.mjs'
import { follow, openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.FROM_RECORD_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const path = (page) => new URL(page.url()).pathname
const words = (page) => page.locator('main').innerText()

for (const script of [true, false]) {
  describe(`from the record, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, tia, jo
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      tia = await signIn(browser, server, 'tia.analyst', { script })
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      for (const page of [tia, jo]) page.setDefaultTimeout(30000)
    })
    after(async () => {
      for (const page of [tia, jo]) {
        assert.deepEqual(page?.faults, [])
        assert.deepEqual(page?.outside, [])
      }
      await browser?.close()
      await server?.stop()
    })

    test('an analyst makes a return from the record, sees its findings and takes it', async () => {
      await tia.goto('/returns')
      await follow(tia, 'a[href="/returns/record"]')
      await accessible(tia)
      await shot(tia, `record-${script}`)
      const make = 'button[name="do"][value="check"]'
      await follow(tia, make)
      assert.match(await words(tia), /Choose which return to make/)
      await accessible(tia)
      for (const [what, title] of [['what', /Children in need census 2025-26/], ['what-annex-a', /Annex A/]]) {
        await tia.goto('/returns/record')
        await tia.click(`label[for="${what}"]`)
        await follow(tia, make)
        assert.match(path(tia), /^\/returns\/[^/]+$/)
        assert.match(await tia.locator('h1').innerText(), title)
        assert.match(await words(tia), /Errors: 0\./)
        await accessible(tia)
        await shot(tia, `findings-${what}-${script}`)
        await tia.goto('/returns/record')
        await tia.click(`label[for="${what}"]`)
        const [file] = await Promise.all([
          tia.waitForEvent('download'),
          tia.click('button[name="do"][value="take"]')
        ])
        assert.match(file.suggestedFilename(), /^(cin-2026\.xml|annex-a-\d{4}-\d\d-\d\d\.xlsx)$/)
      }
    })

    test('a worker mends what was found, from the list on My work', async () => {
      const block = jo.locator('section[aria-labelledby="block-your-data"]')
      const line = block.locator('li', { hasText: 'Malachi' }).first()
      for (let n = 0; n < 20 && await line.count() === 0; n++) {
        await jo.waitForTimeout(500)
        await jo.goto('/')
      }
      assert.match(await line.innerText(), /Pupil number/)
      await accessible(jo)
      await shot(jo, `home-${script}`)
      await follow(jo, line.locator('a'))
      assert.match(path(jo), /^\/people\/[0-9a-f-]{36}\/edit$/)
      const why = jo.locator('select[name="no_upn"]')
      if (!await why.isVisible()) await jo.locator('details:has(select[name="no_upn"]) > summary').first().click()
      await why.selectOption('UN2')
      await accessible(jo)
      await shot(jo, `edit-${script}`)
      await follow(jo, 'main form[method="post"] button.govuk-button:not(.govuk-button--secondary)')
      await jo.goto('/your-data')
      await accessible(jo)
      await shot(jo, `your-data-${script}`)
      const again = jo.locator('button', { hasText: 'Check Malachi' })
      await follow(jo, again)
      assert.match(await jo.locator('body').innerText(), /Checked again/)
      const child = jo.locator('section', { hasText: 'Check Malachi' })
      if (await child.count() > 0) assert.doesNotMatch(await child.innerText(), /Pupil number/)
    })

    test('who has no post for it finds no such page', async () => {
      const refused = await jo.goto('/returns/record')
      assert.equal(refused.status(), 404)
      const none = await tia.goto('/your-data')
      assert.equal(none.status(), 404)
    })
  })
}

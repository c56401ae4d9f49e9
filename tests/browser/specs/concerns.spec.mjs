// Private fostering, allegations, complaints and serious incidents, with script
// and without: told, dealt with, and not there for anybody else.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.CONCERNS_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const h1 = (page) => page.locator('h1').innerText()
const path = (page) => new URL(page.url()).pathname
const notice = (page) => page.locator('.govuk-notification-banner').innerText()
const save = (page) => page.click('.tl-savebar button')

/** Fills the boxes of a date, so many days ago. */
async function fillDate (page, name, days) {
  const day = new Date(Date.now() - days * 86400000)
  await page.fill(`[name="${name}.day"]`, String(day.getDate()))
  await page.fill(`[name="${name}.month"]`, String(day.getMonth() + 1))
  await page.fill(`[name="${name}.year"]`, String(day.getFullYear()))
}

for (const script of [true, false]) {
  describe(`concerns, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page
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

    test('private fostering: told, seen alone, and the next visit is on the board', async () => {
      await page.goto('/find')
      await page.locator('#search').fill('Maya Qandili')
      await page.locator('#search').press('Enter')
      await page.locator('main a[href^="/people/"]', { hasText: 'Maya' }).first().click()
      await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      await page.goto(`${path(page)}/private-fostering`)
      await accessible(page)
      await save(page)
      await explained(page)
      await accessible(page)
      await fillDate(page, 'on', 4)
      await page.check('[name="by"][value="professional"]')
      await fillDate(page, 'starts', 9)
      await page.fill('[name="carer"]', 'Bela Marchwood')
      await page.fill('[name="why"]', 'Her mother works abroad until the summer.')
      await page.check('[name="disabled"][value="no"]')
      await shot(page, `private-notice-${script}`)
      await save(page)
      await page.waitForURL(/\/private-fostering\/[0-9a-f-]{36}$/)
      assert.match(await notice(page), /told 5 days after it began/)
      const one = path(page)
      await accessible(page)
      await page.goto(`${one}/visit`)
      await accessible(page)
      await fillDate(page, 'on', 1)
      await page.check('[name="seen"][value="yes"]')
      await page.check('[name="alone"][value="yes"]')
      await page.fill('[name="childs_words"]', 'I like the dog.')
      await page.check('[name="satisfactory"][value="yes"]')
      await page.fill('[name="words"]', 'A warm home, a bed of her own.')
      await save(page)
      await page.waitForURL((url) => url.pathname === one)
      const words = await page.locator('main').innerText()
      assert.match(words, /Seen alone/)
      assert.match(words, /at least every 6 weeks in the first year/)
      await accessible(page)
      await shot(page, `private-one-${script}`)
      await page.goto('/private-fostering')
      assert.match(await page.locator('main').innerText(), /Maya Qandili/)
      await accessible(page)
      await shot(page, `private-board-${script}`)
    })

    test('an allegation: anybody tells, the officer decides, nobody else finds it', async () => {
      await page.goto('/boards')
      await accessible(page)
      await shot(page, `boards-${script}`)
      await page.goto('/allegations/new')
      await accessible(page)
      await save(page)
      await explained(page)
      await fillDate(page, 'on', 0)
      await page.fill('[name="about_name"]', 'Tobin Starkwell')
      await page.fill('[name="about_post"]', 'swimming teacher')
      await page.check('[name="kinds"][value="risk"]')
      await page.fill('[name="words"]', 'A child said that he takes pictures.')
      await page.fill('[name="safe"]', 'The pool knows; he does not teach today.')
      await shot(page, `allegation-new-${script}`)
      await save(page)
      await page.waitForURL((url) => url.pathname === '/')
      assert.match(await notice(page), /You do not see it again/)
      const officer = await signIn(browser, server, 'lena.officer', { script })
      officer.setDefaultTimeout(30000)
      await officer.goto('/allegations')
      await accessible(officer)
      await shot(officer, `allegations-${script}`)
      await officer.click('text=Tobin Starkwell')
      await officer.waitForURL(/\/allegations\/[0-9a-f-]{36}$/)
      await accessible(officer)
      const one = path(officer)
      await officer.goto(`${one}/decision`)
      await accessible(officer)
      await officer.check('[name="decision"][value="meeting"]')
      await officer.fill('[name="words"]', 'It may be a crime: the police come.')
      await save(officer)
      await officer.waitForURL((url) => url.pathname === one)
      assert.match(await officer.locator('main').innerText(), /within 5 working days of the decision to meet/)
      await accessible(officer)
      await shot(officer, `allegation-${script}`)
      for (const address of [one, `${one}/decision`, '/allegations']) {
        const answer = await page.goto(address)
        assert.equal(answer.status(), 404, address)
        assert.doesNotMatch(await page.locator('body').innerText(), /Starkwell/)
      }
      await officer.context().close()
    })

    test('complaints and serious incidents have life for those who deal with them', async () => {
      for (const [who, board] of [['cora.complaints', '/complaints'], ['okafor.director', '/serious-incidents']]) {
        const viewer = await signIn(browser, server, who, { script })
        viewer.setDefaultTimeout(30000)
        await viewer.goto(board)
        await accessible(viewer)
        await shot(viewer, `board${board.replace(/\W/g, '-')}-${script}`)
        await viewer.locator('tbody th a').first().click()
        await viewer.waitForURL((url) => url.pathname.startsWith(`${board}/`))
        await accessible(viewer)
        await shot(viewer, `one${board.replace(/\W/g, '-')}-${script}`)
        await viewer.goto(`${board}/new`)
        await accessible(viewer)
        await viewer.context().close()
        assert.equal((await page.goto(board)).status(), 404)
      }
      assert.notEqual(await h1(page), '')
    })
  })
}

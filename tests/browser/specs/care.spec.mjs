// Children in care, missing, leaving care and court, with script and without:
// UX22 counted, every board and each child's pages checked for accessibility.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { light } from '../lib/weight.mjs'

const SHOTS = process.env.CARE_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const h1 = (page) => page.locator('h1').innerText()
const path = (page) => new URL(page.url()).pathname
const notice = (page) => page.locator('.govuk-notification-banner').innerText()
const BOARDS = ['/boards', '/in-care', '/in-care?show=outside', '/missing', '/missing/patterns', '/missing/panel', '/leaving-care', '/court', '/court/deprivation']

/** Fills the boxes of a date, so many days ago. */
async function fillDate (page, name, days) {
  const day = new Date(Date.now() - days * 86400000)
  await page.fill(`[name="${name}.day"]`, String(day.getDate()))
  await page.fill(`[name="${name}.month"]`, String(day.getMonth() + 1))
  await page.fill(`[name="${name}.year"]`, String(day.getFullYear()))
}

/** The page of a child, found as a worker finds them. */
async function childPage (page, name) {
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
  return path(page)
}

for (const script of [true, false]) {
  describe(`care, script ${script ? 'on' : 'off'}`, () => {
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

    test('every board has life for the director and no violation', async () => {
      const director = await signIn(browser, server, 'okafor.director', { script })
      for (const board of BOARDS) {
        await director.goto(board)
        await accessible(director)
        await shot(director, `board${board.replace(/\W/g, '-')}-${script}`)
      }
      await director.goto('/in-care')
      const words = await director.locator('main').innerText()
      assert.match(words, /24 children are in care\. 17 live outside our area \(70\.8%\)\. 6 came alone \(25\.0%\)\./)
      await director.locator('tbody th a').first().click()
      assert.match(await h1(director), /home and care/)
      await accessible(director)
      await shot(director, `child-${script}`)
      await director.goto('/court')
      await director.locator('tbody th a').first().click()
      assert.match(await h1(director), /^Court:/)
      await accessible(director)
      await shot(director, `case-${script}`)
      await director.goto('/leaving-care')
      await director.locator('tbody th a').first().click()
      assert.match(await h1(director), /leaving care/)
      await accessible(director)
      await shot(director, `leaver-${script}`)
      await director.context().close()
    })

    test('a child comes into care, moves, and the clocks are on the page', async () => {
      const child = await childPage(page, 'Maya Qandili')
      await page.goto(`${child}/care/start`)
      await accessible(page)
      await page.click('.tl-savebar button')
      await explained(page)
      await accessible(page)
      await shot(page, `start-errors-${script}`)
      await fillDate(page, 'on', 20)
      await page.selectOption('[name="legal_status"]', 'V2')
      await page.selectOption('[name="need"]', 'N1')
      await page.fill('[name="why"]', 'Nobody was at home.')
      await page.selectOption('[name="home"]', 'U6')
      await page.selectOption('[name="provider"]', 'PR1')
      await page.fill('[name="carer"]', 'Rosa and Bill Penn')
      await page.fill('[name="postcode"]', 'ZK3 4TL')
      await page.check('[name="rule"][value="ordinary"]').catch(() => page.selectOption('[name="rule"]', 'ordinary'))
      await page.fill('[name="agreed_by"]', 'Priya Thorne')
      await page.fill('[name="tell_child"]', 'You stay with Rosa and Bill for now.')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /is in care since/)
      assert.equal(path(page), `${child}/care`)
      const words = await page.locator('main').innerText()
      assert.match(words, /Outside our area/)
      assert.match(words, /The council of the area has not been told of this home/)
      assert.match(words, /within 20 working days of the start of care/)
      await accessible(page)
      await shot(page, `in-care-${script}`)
      await page.goto(`${child}/care/move`)
      await accessible(page)
      await fillDate(page, 'on', 20)
      await page.check('[name="same_carers"][value="no"]')
      await page.selectOption('[name="reason"]', 'CARPL')
      await page.fill('[name="why"]', 'Carers for the long term.')
      await page.selectOption('[name="home"]', 'U4')
      await page.selectOption('[name="provider"]', 'PR1')
      await page.fill('[name="carer"]', 'Ana Moor')
      await page.check('[name="rule"][value="ordinary"]').catch(() => page.selectOption('[name="rule"]', 'ordinary'))
      await page.click('.tl-savebar button')
      // Warnings ask once for a reason; what stops is said at its field, and
      // nothing typed is lost.
      assert.equal(await page.inputValue('[name="carer"]'), 'Ana Moor')
      await page.click('.tl-savebar button')
      assert.match(await page.locator('.govuk-error-summary').innerText(), /write a later day/)
      await fillDate(page, 'on', 5)
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /The move is saved/)
      assert.match(await page.locator('#episodes ~ table, table').first().innerText(), /Moved to other carers/)
    })

    test('UX22: a missing child is logged in four clicks and is on the board at once', async () => {
      await page.goto('/missing')
      const count = new Counter(page)
      const first = await page.locator('#child option').nth(1).getAttribute('value')
      const name = (await page.locator('#child option').nth(1).innerText()).split(',')[0]
      await count.choose('#child', first)
      await count.click('[name="what"][value="M"] + label, label:has([name="what"][value="M"])')
      await count.type('#last_seen', 'Bus station')
      await count.click('main form[action="/missing"] button.govuk-button')
      count.within('UX22')
      assert.match(await notice(page), /is on the board/)
      const row = page.locator('section', { has: page.locator('#now') }).locator('tr', { hasText: name })
      assert.equal(await row.count(), 1)
      await accessible(page)
      await shot(page, `missing-${script}`)
      await row.locator('a', { hasText: 'Back again' }).click()
      await accessible(page)
      await page.check('[name="how"][value="alone"]')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /72 hours/)
      await page.click('text=Write the return interview')
      await accessible(page)
      await page.check('[name="result"][value="refused"]')
      await page.click('.tl-savebar button')
      await explained(page)
      await page.fill('[name="why_not"]', 'Talks to a mentor already.')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /saved/)
      assert.match(await page.locator('main').innerText(), /Talks to a mentor already/)
      await accessible(page)
    })

    test('on a phone of 320 pixels nothing scrolls sideways', async () => {
      const phone = await signIn(browser, server, 'okafor.director', { script, phone: true })
      const pages = [...BOARDS]
      for (const board of ['/in-care', '/leaving-care', '/court']) {
        await phone.goto(board)
        pages.push(await phone.locator('tbody th a').first().getAttribute('href'))
      }
      for (const address of pages) {
        await phone.goto(address)
        const wide = await phone.locator('html').evaluate((html) => html.scrollWidth)
        assert.ok(wide <= 320, `${address} is ${wide} px wide`)
      }
      await shot(phone, `phone-${script}`)
      await phone.context().close()
    })

    test('pages are light', async () => {
      for (const board of ['/in-care', '/missing', '/court']) await light(server, board, { page })
    })
  })
}

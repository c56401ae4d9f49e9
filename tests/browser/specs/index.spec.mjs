// The child index in a browser, with script and without: a school says why it
// asks, finds the child, and has a number to ring. R001-25 is counted.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.INDEX_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const main = (page) => page.locator('main').innerText()

/** Maya of the demonstration as her worker knows her: name and date of birth. */
async function known (jo) {
  await jo.goto('/find')
  await jo.fill('#search', 'mia kandili')
  await jo.press('#search', 'Enter')
  const card = jo.locator('.tl-found__card').filter({ hasText: 'Maya' }).first()
  const name = await card.locator('h2').innerText()
  const words = await card.locator('p').first().innerText()
  const [, day, month, year] = words.match(/born (\d+) (\w+) (\d{4})/)
  const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
  const href = await card.locator('h2 a').getAttribute('href')
  return { given: name.split(' ')[0], family: name.split(' ').slice(1).join(' '), day, month: months.indexOf(month) + 1, year, href }
}

for (const script of [true, false]) {
  describe(`the child index, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, jo, noor, maya
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      noor = await signIn(browser, server, 'noor.school', { script })
      for (const page of [jo, noor]) page.setDefaultTimeout(30000)
      maya = await known(jo)
    })
    after(async () => {
      for (const page of [jo, noor]) {
        assert.deepEqual(page?.faults, [])
        assert.deepEqual(page?.outside, [])
      }
      await browser?.close()
      await server?.stop()
    })

    async function fill (page) {
      await page.fill('[name="given"]', maya.given)
      await page.fill('[name="family"]', maya.family)
      await page.fill('[name="born.day"]', maya.day)
      await page.fill('[name="born.month"]', String(maya.month))
      await page.fill('[name="born.year"]', maya.year)
    }

    test('the work list of a school leads to the index, which asks why first', async () => {
      await noor.goto('/')
      await accessible(noor)
      await noor.click('main a[href="/index"]')
      await accessible(noor)
      await fill(noor)
      await noor.click('button:has-text("Find the child")')
      await explained(noor)
      assert.match(await main(noor), /Choose why you need to know/)
      assert.doesNotMatch(await main(noor), /Who works with them/)
      assert.equal(await noor.inputValue('[name="family"]'), maya.family)
    })

    test('R001-25: from the search to a number to ring in two clicks', async () => {
      await noor.goto('/index')
      await fill(noor)
      await noor.check('[name="reason"][value="works_with"]')
      const count = new Counter(noor)
      await count.click('button:has-text("Find the child")')
      await count.call(noor.locator('.tl-found__card a[href^="tel:"]').first())
      count.within('R001-25')
      const words = await main(noor)
      assert.match(words, new RegExp(`${maya.given} ${maya.family}`))
      assert.match(words, /Lead/)
      // Nothing of why: no status, no step, no plan.
      assert.doesNotMatch(words, /plan|assessment|protection|in need|allocated/i)
      await accessible(noor)
      await shot(noor, `found-${script}`)
    })

    test('a stranger is no match, and nobody is told that there is none', async () => {
      await noor.goto('/index')
      await noor.check('[name="reason"][value="right_child"]')
      await noor.fill('[name="given"]', 'Zebedee')
      await noor.fill('[name="family"]', 'Ottershaw')
      await noor.fill('[name="year"]', '2014')
      await noor.click('button:has-text("Find the child")')
      assert.match(await main(noor), /No confident match/)
      assert.match(await main(noor), /does not say that the child is not known/)
      await accessible(noor)
      await shot(noor, `none-${script}`)
    })

    test('the child’s worker sees who looked and why; the school opens no record', async () => {
      await jo.goto(`${maya.href}/looks`)
      assert.match(await main(jo), /Noor Hazelgrove/)
      assert.match(await main(jo), /I work with this child/)
      const response = await noor.goto('/find')
      assert.equal(response.status(), 404)
    })

    test('R001-09: the school asks in writing, the worker answers, and it is over', async () => {
      await noor.goto('/index')
      await fill(noor)
      await noor.check('[name="reason"][value="works_with"]')
      await noor.click('button:has-text("Find the child")')
      await noor.click('text=in writing')
      await accessible(noor)
      await noor.locator('.govuk-radios__item', { hasText: 'Jo ' }).locator('input').check()
      await noor.fill('[name="words"]', `May she start later on Mondays? (${script})`)
      await noor.click('button:has-text("Send the question")')
      await noor.waitForURL(/\/questions\/[0-9a-f-]{36}$/)
      await accessible(noor)
      await shot(noor, `asked-${script}`)
      const asked = new URL(noor.url()).pathname
      await jo.goto('/')
      await jo.click(`main a[href="${asked}"]`)
      await accessible(jo)
      await jo.fill('[name="words"]', 'Yes, from next week on.')
      await jo.click('button:has-text("Send about")')
      await jo.waitForSelector('.govuk-notification-banner')
      await shot(jo, `answered-${script}`)
      await noor.goto('/')
      assert.match(await main(noor), /your turn/)
      await shot(noor, `home-${script}`)
      await noor.click(`main a[href="${asked}"]`)
      assert.match(await main(noor), /from next week on/)
      await noor.click('button:has-text("That answers it")')
      await noor.waitForSelector('.govuk-notification-banner')
      await jo.goto(`${maya.href}/questions`)
      assert.match(await main(jo), /Answered, and over/)
      await accessible(jo)
    })

    test('R001-26: what was shared and what was not, one line each', async () => {
      await jo.goto(`${maya.href}/sharing`)
      await accessible(jo)
      await jo.click('text=Write down what was shared')
      await accessible(jo)
      assert.equal(await jo.locator('[name="gateway"][value="information_duty"]').count(), 0)
      await jo.check('[name="decision"][value="not_shared"]')
      await jo.fill('[name="what"]', 'What she said about her father.')
      await jo.fill('[name="with_whom"]', `The after-school club (${script})`)
      await jo.selectOption('[name="agency"]', 'voluntary')
      await jo.fill('[name="why"]', 'The club does not need it.')
      await jo.click('button:has-text("Save for")')
      await jo.waitForSelector('.govuk-notification-banner')
      const words = await main(jo)
      assert.match(words, /Not shared/)
      assert.match(words, new RegExp(`after-school club \\(${script}\\)`))
      await accessible(jo)
      await shot(jo, `sharing-${script}`)
    })

    test('the matching queue opens', async () => {
      await jo.goto('/same-person')
      await accessible(jo)
      await shot(jo, `queue-${script}`)
    })

    test('R000-30: who works with the child, and the lead handed over', async () => {
      await jo.goto(maya.href)
      await jo.click('text=Everyone who works with')
      await accessible(jo)
      await shot(jo, `working-${script}`)
      await jo.click('text=Add somebody who works with')
      await accessible(jo)
      await jo.fill('[name="name"]', `Ottoline Farrow ${script}`)
      await jo.fill('[name="post"]', 'Learning mentor')
      await jo.selectOption('[name="agency"]', 'school')
      await jo.click('button:has-text("Save for")')
      await jo.waitForSelector('.govuk-notification-banner')
      await jo.click('text=Hand over who leads')
      await accessible(jo)
      await jo.locator('.govuk-radios__item', { hasText: `Ottoline Farrow ${script}` }).locator('input').check()
      await jo.fill('[name="reason"]', 'Maya asked for her.')
      await jo.click('button:has-text("Hand over")')
      await jo.waitForSelector('.govuk-notification-banner')
      const now = await jo.locator('section', { has: jo.locator('#now') }).innerText()
      assert.equal(await jo.locator('section .govuk-tag', { hasText: 'Lead' }).count(), 1)
      assert.match(now, new RegExp(`Ottoline Farrow ${script}\\s+Lead`, 'i'))
      await accessible(jo)
    })

    test('R000-37: the board of small children without a health visitor', async () => {
      const priya = await signIn(browser, server, 'priya.manager', { script })
      await priya.goto('/no-health-visitor')
      await accessible(priya)
      await shot(priya, `visitors-${script}`)
      assert.match(await main(priya), /children under five/)
      await priya.context().close()
    })
  })
}

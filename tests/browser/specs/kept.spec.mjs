// What is kept about people: relationships, names, ways to reach them,
// languages, the child's own page, letters and the chronology for court. UX13,
// UX15 and UX16 counted, axe on each page, at 320 px, with script on and off.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { follow, openBrowser, signIn } from '../lib/session.mjs'

const shot = (page, name) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
const notice = (page) => page.locator('.govuk-notification-banner').innerText()
const path = (page) => new URL(page.url()).pathname

/** The page is whole on an old phone: nothing to scroll sideways for. */
async function narrow (page) {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 640 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  await page.setViewportSize(size)
  assert.ok(wide <= 320, `${path(page)} is ${wide} px wide on a phone`)
}

/** A page that is good to look at: axe, and a phone. */
async function good (page, name) {
  await accessible(page)
  await narrow(page)
  await shot(page, name)
}

for (const script of [true, false]) {
  describe(`what is kept, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, child, letter
    const as = script ? 'on' : 'off'
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'jo.socialworker', { script })
      page.setDefaultTimeout(30000)
      await page.goto('/find')
      await page.fill('#search', 'Maya Qandili')
      await page.press('#search', 'Enter')
      await follow(page, page.locator('main a[href^="/people/"]', { hasText: 'Maya' }).first())
      await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      child = path(page)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('UX16: from my work to a partner’s telephone in two clicks', async () => {
      await page.goto('/')
      const count = new Counter(page)
      // Any child that shows without opening more.
      const one = page.locator('section:has(#block-my-children) a[href^="/people/"]').first()
      const name = (await one.innerText()).split(' ')[0]
      await count.click(one)
      await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      const call = page.locator('section:has(#working) a[href^="tel:"]').first()
      assert.match(await call.getAttribute('href'), /^tel:\+?\d{6,}$/)
      await count.call(call)
      count.within('UX16')
      await good(page, `kept-overview-${as}`)
      assert.match(await page.locator('.tl-identity').innerText(), new RegExp(`${name} has had \\d+ workers? since`))
    })

    test('UX15: a letter from a decision', async () => {
      await page.goto(`${child}/work`)
      const decision = await page.locator('main a[href^="/decisions/"]').first().getAttribute('href')
      await page.goto(decision)
      await accessible(page)
      const count = new Counter(page)
      await count.click('summary:has-text("Write to Maya")')
      const words = await page.inputValue('#body')
      assert.match(words, /^Dear Maya/)
      await page.fill('#body', words.replace(/\[[^\]]*\]/g, 'I come every week.'))
      await count.click('button:has-text("Keep the letter to Maya")')
      await page.waitForURL(/\/letters\/[0-9a-f-]{36}$/)
      if (script && await page.locator('[data-print]').count()) {
        await page.evaluate(() => { window.print = () => {} })
        await count.click('[data-print]')
      }
      count.within('UX15')
      letter = path(page)
      assert.match(await page.locator('.tl-letter').innerText(), /Dear Maya[\s\S]*I come every week/)
      await good(page, `kept-letter-${as}`)
      await page.goto(`${child}/letters`)
      await good(page, `kept-letters-${as}`)
      await page.goto(`${child}/letters/new`)
      await accessible(page)
      await follow(page, 'button:has-text("Keep the letter")')
      await explained(page)
      await plainlySaid(page)
    })

    test('a relationship changes, ends or was never so', async () => {
      await page.goto(`${child}/relationships`)
      await good(page, `kept-ties-${as}`)
      await follow(page, page.locator('.tl-kept a:has-text("Change or end")').first())
      await good(page, `kept-tie-${as}`)
      await follow(page, 'button:has-text("Save for")')
      await explained(page)
      await accessible(page)
      await page.check('[name="what"][value="between"]')
      await page.check('[name="quality"][value="close"]')
      await follow(page, 'button:has-text("Save for")')
      assert.match(await notice(page), /Saved/)
      assert.match(await page.locator('.tl-kepts').first().innerText(), /Close to each other/)
    })

    test('names, numbers and languages keep their history', async () => {
      await page.goto(`${child}/names`)
      await good(page, `kept-names-${as}`)
      await follow(page, 'a:has-text("Add a name")')
      await good(page, `kept-name-${as}`)
      await follow(page, 'button:has-text("Save name")')
      await explained(page)
      await page.check('[name="kind"][value="alias"]')
      await page.fill('#given', AWKWARD.polish)
      await follow(page, 'button:has-text("Save name")')
      assert.ok((await page.locator('.tl-kepts').innerText()).includes(AWKWARD.polish))
      await follow(page, page.locator('.tl-kept', { hasText: AWKWARD.polish }).locator('a'))
      await accessible(page)
      await page.check('[name="what"][value="never"]')
      await page.fill('#reason', 'It was her aunt’s.')
      await follow(page, 'button:has-text("Save for")')
      await page.locator('summary:has-text("Before, and put right")').click()
      assert.match(await page.locator('main').innerText(), /It was never so: It was her aunt’s\./)
      await accessible(page)

      await page.goto(`${child}/reach`)
      await accessible(page)
      await follow(page, 'a:has-text("Add a number")')
      await good(page, `kept-reach-${as}`)
      await follow(page, 'button:has-text("Save for")')
      await explained(page)
      await page.check('[name="kind"][value="phone"]')
      await page.fill('#phone', '07700 900456')
      await page.check('[name="safe"][value="yes"]')
      await page.check('[name="messages"][value="text"]')
      await page.check('[name="best_time"][value="evening"]')
      await follow(page, 'button:has-text("Save for")')
      const number = page.locator('.tl-kept', { hasText: '07700 900456' })
      assert.equal(await number.locator('a[href^="tel:"]').getAttribute('href'), 'tel:07700900456')
      await good(page, `kept-reached-${as}`)
      await follow(page, number.locator('a:has-text("End")'))
      await accessible(page)
      await page.check('[name="what"][value="unsafe"]')
      await follow(page, 'button:has-text("Save for")')
      assert.match(await page.locator('.tl-kept', { hasText: '07700 900456' }).innerText(), /Not safe to use/)

      await page.goto(`${child}/languages`)
      await accessible(page)
      await follow(page, 'a:has-text("Change languages")')
      await good(page, `kept-languages-${as}`)
      await page.selectOption('#first', { index: 2 })
      await page.check('[name="interpreter"][value="needed"]')
      await follow(page, 'button:has-text("Save languages")')
      assert.match(await page.locator('.tl-identity').innerText(), /Interpreter needed/)
      await page.goto(`${child}/addresses`)
      await good(page, `kept-addresses-${as}`)
      await follow(page, page.locator('.tl-kept a:has-text("Change")').first())
      await good(page, `kept-address-${as}`)
      await page.check('[name="what"][value="safety"]')
      await page.check('[name="safety"][value="unsafe"]')
      await page.fill('#why', 'He opens the post.')
      await follow(page, 'button:has-text("Save for")')
      assert.match(await page.locator('.tl-kepts').first().innerText(), /Do not write to this address: He opens the post/)
    })

    test('R002-10: no letter is printed for an address that is not safe', async () => {
      await page.goto(letter)
      assert.match(await page.locator('main').innerText(), /not safe to write to the address of Maya\. He opens the post/)
      assert.equal(await page.locator('button:has-text("Sent by post")').count(), 0)
      assert.equal(await page.locator('[data-print]').count(), 0)
      await good(page, `kept-letter-refused-${as}`)
      await follow(page, 'a:has-text("Show it without an address")')
      assert.equal(await page.locator('.tl-letter__to').count(), 0)
      await accessible(page)
      await follow(page, 'button:has-text("Given by hand")')
      assert.match(await page.locator('main').innerText(), /Given by hand on/)
    })

    test('R002-14: one page in the child’s own words', async () => {
      await page.goto(`${child}/profile/new`)
      await good(page, `kept-profile-new-${as}`)
      await follow(page, 'button:has-text("Keep this page")')
      await explained(page)
      await page.fill('#like', 'i am funny an i look after my cat')
      await page.fill('#support', 'dont shout')
      await page.check('[name="who"][value="child"]')
      await follow(page, 'button:has-text("Keep this page")')
      assert.match(await page.locator('main').innerText(), /i am funny an i look after my cat/)
      await good(page, `kept-profile-${as}`)
      await page.goto(child)
      assert.match(await page.locator('section:has(#me)').innerText(), /In Maya’s own words/)
    })

    test('UX13: the full chronology, printed; a copy frozen for court', async () => {
      await page.goto(child)
      const count = new Counter(page)
      await count.click('.tl-subnav a:has-text("Story")')
      await page.waitForURL(/\/story$/)
      await count.click('.tl-views a:has-text("Chronology")')
      await page.waitForURL(/\/chronology$/)
      if (script) {
        await page.evaluate(() => { window.print = () => { document.title = 'printed' } })
        await count.click('[data-print]')
        assert.equal(await page.title(), 'printed')
      }
      count.within('UX13')
      await page.goto(`${child}/chronology/new`)
      await page.fill('[name="happened_on.day"]', '4')
      await page.fill('[name="happened_on.month"]', '5')
      await page.fill('[name="happened_on.year"]', '2025')
      await page.check('[name="kind"][value="move"]')
      await page.fill('#wording', 'Maya moved in with her aunt for the summer.')
      await page.fill('#reported_by', 'Her aunt')
      await page.locator('[name="significance"]').first().check()
      await follow(page, '.tl-savebar button')
      await page.goto(`${child}/chronology/freeze`)
      await good(page, `kept-freeze-${as}`)
      await follow(page, 'button:has-text("Freeze a copy")')
      await explained(page)
      await page.fill('#purpose', 'The hearing on 4 May')
      await page.check('[name="reach"][value="all"]')
      await follow(page, 'button:has-text("Freeze a copy")')
      await page.waitForURL(/\/court-copies\//)
      assert.match(await page.locator('main').innerText(), /Frozen[\s\S]*by Jo[\s\S]*Reported by Her aunt/)
      await good(page, `kept-frozen-${as}`)
    })

    test('UX28: yesterday’s writing is taken up again from my work', async () => {
      await page.goto(`${child}/work`)
      const step = await page.locator('main table a', { hasText: 'Child and family assessment' }).getAttribute('href')
      await page.goto(`${step}/development`)
      if (script) {
        const saved = page.waitForResponse((r) => r.url().includes('/drafts/step') && r.ok())
        await page.fill('#development', '')
        await page.locator('#development').pressSequentially('Half a sentence')
        await saved
      } else {
        await page.fill('#development', 'Half a sentence')
        await follow(page, '.tl-savebar button:has-text("later")')
      }
      await page.goto('/')
      const count = new Counter(page)
      await count.click(page.locator('section:has(#block-drafts) a').first())
      await page.waitForURL(/\/development#development$/)
      count.within('UX28')
      assert.equal(await page.inputValue('#development'), 'Half a sentence')
      if (script) {
        const caret = await page.evaluate(() => [document.activeElement.id, document.activeElement.selectionStart])
        assert.deepEqual(caret, ['development', 'Half a sentence'.length])
      }
    })
  })
}

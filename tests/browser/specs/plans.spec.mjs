// Plans, actions, meetings and the partner's one-time link, with script and
// without: UX07 counted, forms with nothing, links on a phone of 320 px.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'
import { fetchRaw, light, protectedPage } from '../lib/weight.mjs'

const SHOTS = process.env.PLANS_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const h1 = (page) => page.locator('h1').innerText()
const path = (page) => new URL(page.url()).pathname
const notice = (page) => page.locator('.govuk-notification-banner').innerText()

/** The page of a child, found as a worker finds them. */
async function childPage (page, name) {
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
  return path(page)
}

/** Fills the boxes of a date, so many days from today. */
async function fillDate (page, name, days) {
  const day = new Date(Date.now() + days * 86400000)
  await page.fill(`[name="${name}.day"]`, String(day.getDate()))
  await page.fill(`[name="${name}.month"]`, String(day.getMonth() + 1))
  await page.fill(`[name="${name}.year"]`, String(day.getFullYear()))
}

/** Opens a folded part, unless it is open. */
async function unfold (page, words) {
  const details = page.locator('details', { has: page.locator('summary', { hasText: words }) }).last()
  if (await details.getAttribute('open') === null) await details.locator('summary').click()
}

for (const script of [true, false]) {
  describe(`plans, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, child, plan, link
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'jo.socialworker', { script })
      page.setDefaultTimeout(10000)
      child = await childPage(page, 'Maya Qandili')
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('a plan is there, or is started, and never a dead end', async () => {
      await page.goto(`${child}/plan`)
      if (!path(page).startsWith('/plans/')) {
        await accessible(page)
        await page.click('text=Start a child in need plan')
        await accessible(page)
        await shot(page, `start-${script}`)
        await page.click('.tl-savebar button')
        await explained(page)
        await accessible(page)
        if (await page.locator('#reason').count()) await page.fill('#reason', 'The family asked for it now.')
        await page.fill('#aim', 'Maya sleeps at night.')
        await page.check('[name="agreed"][value="yes"]')
        await page.fill('#other_parent', 'He fetches her on Fridays.')
        await page.fill('#tell_child', 'Jo helps Mum find a quiet home.')
        await page.check('[name="outcome"][value="start"]')
        await page.click('.tl-savebar button')
        assert.match(await notice(page), /The plan has started/)
      }
      plan = path(page)
      assert.match(plan, /^\/plans\//)
      assert.match(await h1(page), /^Child in need plan for .*Maya/)
      await accessible(page)
      await shot(page, `plan-first-${script}`)
    })

    test('R000-31: a goal keeps the child’s own words', async () => {
      await page.goto(`${plan}/goals/new`)
      await accessible(page)
      await page.click('.tl-savebar button')
      await explained(page)
      await page.fill('#goal', 'Maya sleeps at night')
      await page.fill('#childs_words', 'i want it QUIET at nite')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /Goal added/)
      assert.match(await page.locator('main').innerText(), /“i want it QUIET at nite”/)
    })

    test('UX07: an action with agency, owner, date and measure', async () => {
      await page.goto(plan)
      const owner = await page.locator('#owner-list option').first().getAttribute('value')
      assert.ok(owner, 'the network is offered')
      const short = owner.split(',')[0]
      const counter = new Counter(page)
      await counter.click('summary >> text=Add an action')
      await counter.type('#what', 'Brings the sleep diary home')
      // Two letters, then the browser's own list: chosen by arrow and Enter.
      if (short.length <= 16) await counter.type('#owner', short)
      else {
        await counter.type('#owner', short.slice(0, 3))
        await page.fill('#owner', owner)
        counter.keys += 2
      }
      const day = new Date(Date.now() + 14 * 86400000)
      await counter.type('#due', String(day.getDate()))
      await counter.type('[id="due.month"]', String(day.getMonth() + 1))
      await counter.type('[id="due.year"]', String(day.getFullYear()))
      await counter.type('#measure', 'Six nights of seven')
      await counter.click('button:has-text("Add action for")')
      await page.waitForURL((url) => url.pathname === plan)
      counter.within('UX07')
      assert.match(await notice(page), /Action added/)
      const row = page.locator('tr', { hasText: 'Brings the sleep diary home' })
      assert.match(await row.innerText(), /in 14 days/)
      await accessible(page)
      await shot(page, `plan-${script}`)
      await light(server, plan, { page })
    })

    test('R003-25: with one of the five missing it is not saved, and nothing typed is lost', async () => {
      await page.goto(`${plan}/actions/new`)
      await accessible(page)
      await page.fill('#what', AWKWARD.arabic)
      await page.fill('#measure', AWKWARD.script)
      await page.click('button:has-text("Add action for")')
      await explained(page)
      await accessible(page)
      await shot(page, `action-stops-${script}`)
      const text = await page.locator('.govuk-error-summary').innerText()
      for (const missing of ['Choose the agency', 'Write the person or the post', 'Write by when']) assert.ok(text.includes(missing), missing)
      assert.equal(await page.inputValue('#what'), AWKWARD.arabic)
      assert.equal(await page.inputValue('#measure'), AWKWARD.script)
      await page.fill('#owner', AWKWARD.quote)
      await page.selectOption('#agency', 'school')
      await fillDate(page, 'due', -2)
      await page.click('button:has-text("Add action for")')
      await page.waitForURL((url) => url.pathname === plan)
      assert.match(await page.locator('tr', { hasText: AWKWARD.arabic }).innerText(), /2 days late/)
      const school = page.locator('section:has(#agencies) tr', { hasText: 'School' })
      assert.match(await school.innerText(), /1\s+1$/)
      await plainlySaid(page)
    })

    test('a link is made once, and the letter names no child in full', async () => {
      await page.click('text=Brings the sleep diary home')
      await accessible(page)
      await shot(page, `action-${script}`)
      await page.click('text=Make a link')
      await accessible(page)
      await shot(page, `link-new-${script}`)
      await page.fill('#name', 'Rosa Mbeki')
      await page.fill('#email', 'not an address')
      await page.locator('form:has(#email) button').click()
      await explained(page)
      assert.equal(await page.inputValue('#email'), 'not an address')
      await page.fill('#email', 'rosa@nhs.example')
      await page.locator('form:has(#email) button').click()
      assert.match(await h1(page), /ready to send/)
      await accessible(page)
      await shot(page, `link-${script}`)
      link = (await page.locator('[data-link]').innerText()).trim()
      const letter = await page.inputValue('#letter')
      assert.ok(letter.includes(link))
      assert.doesNotMatch(letter, /Maya/)
    })

    test('a partner answers on a phone, once; every other link looks the same', async () => {
      const phone = await visitor(browser, server, { script, phone: true })
      await phone.goto(link)
      assert.match(await h1(phone), /How is it going/)
      assert.ok(await phone.locator('.govuk-exit-this-page').isVisible())
      assert.doesNotMatch(await phone.locator('main').innerText(), /Maya|Qandili/)
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth).catch(() => 320)
      assert.ok(wide <= 320, `the page is ${wide} px wide`)
      await accessible(phone)
      await shot(phone, `answer-${script}`)
      await protectedPage(server, new URL(link).pathname)
      await phone.click('main form button')
      await explained(phone)
      await phone.check('[name="state"][value="in_progress"]')
      await phone.fill('#words', 'First call on Monday')
      await phone.click('main form button')
      await phone.waitForURL(/\/answer\/sent$/)
      assert.match(await h1(phone), /Thank you/)
      await accessible(phone)
      const used = await fetchRaw(server, new URL(link).pathname)
      const forged = await fetchRaw(server, `/answer/${'a'.repeat(64)}`)
      const odd = await fetchRaw(server, '/answer/1')
      assert.equal(used.status, 404)
      assert.ok(used.body.equals(forged.body) && used.body.equals(odd.body))
      await phone.goto(link)
      await accessible(phone)
      await shot(phone, `answer-gone-${script}`)
      assert.deepEqual(phone.faults, [])
      await phone.context().close()
      await page.goto(plan)
      const row = page.locator('tr', { hasText: 'Brings the sleep diary home' })
      assert.match(await row.innerText(), /Under way[\s\S]*First call on Monday[\s\S]*Rosa Mbeki, by link/)
    })

    test('a meeting is planned, views come before, and it is recorded', async () => {
      await page.goto(`${plan}/meetings/new`)
      await accessible(page)
      assert.equal(await page.locator('[name="invite"]:checked').count(), 0, 'nobody is ticked beforehand')
      await page.click('.tl-savebar button')
      await explained(page)
      await page.selectOption('#kind', 'child_in_need_review')
      await fillDate(page, 'when', 0)
      await page.fill('[name="when.time"]', '00:30')
      await page.locator('[name="invite"]').first().check()
      await page.fill('[name="other.0.name"]', 'The head of year')
      await shot(page, `meeting-new-${script}`)
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /planned/)
      const meeting = path(page)
      await unfold(page, 'Add views before')
      await page.fill('#who', 'Maya Qandili')
      await page.fill('#views', 'I want my own key.')
      await page.click('text=Add the views')
      assert.match(await page.locator('main').innerText(), /I want my own key/)
      if (await page.locator('#interpreter').count()) {
        await page.check('#interpreter-2')
        await page.click('text=Save the interpreter')
        await explained(page)
        await page.check('#interpreter')
        await page.click('text=Save the interpreter')
      }
      await accessible(page)
      await shot(page, `meeting-${script}`)
      await page.goto(`${meeting}/record`)
      await accessible(page)
      await page.check('[name="people.0.took_part"][value="came"]')
      await page.check('[name="people.1.took_part"][value="absent"]')
      await page.click('.tl-savebar button')
      await explained(page)
      await accessible(page)
      await shot(page, `meeting-record-${script}`)
      await page.fill('[name="people.1.absent_why"]', 'On leave')
      await page.check('[name="direction"][value="better"]')
      await page.fill('#changed', 'They sleep.')
      await page.fill('#childs_words', 'It is quiet now.')
      await page.check('[name="outcome"][value="continue"]')
      await page.fill('#record', 'We looked at the diary.')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /recorded/)
      assert.match(await page.locator('main').innerText(), /The plan goes on[\s\S]*On leave/)
      await accessible(page)
      await shot(page, `meeting-held-${script}`)
    })

    test('R001-13: no end without what is different and each goal’s result', async () => {
      await page.goto(`${plan}/close`)
      await accessible(page)
      assert.ok(await page.locator('[name$=".goal"]').count() > 0, 'the goals are there')
      await page.click('.tl-savebar button')
      await explained(page)
      await accessible(page)
      await shot(page, `close-${script}`)
      const text = await page.locator('.govuk-error-summary').innerText()
      assert.match(text, /what is different for the child/)
      await page.fill('#different', 'She sleeps.')
      const results = page.locator('input[name^="goals."][name$=".result"][value="reached"]')
      const count = await results.count()
      for (let i = 0; i < count; i++) await results.nth(i).check()
      await page.check('[name="outcome"][value="close"]')
      await page.selectOption('#reason', 'RC7')
      await page.fill('#tell_child', 'Jo says goodbye on Friday.')
      await page.click('.tl-savebar button')
      assert.match(await notice(page), /Sent to your manager/)
      assert.match(await page.locator('main').innerText(), /waits for a manager/)
    })

    test('another team’s worker and an invented address see the same page', async () => {
      const tom = await signIn(browser, server, 'tom.socialworker', { script })
      for (const address of [plan, `${plan}/close`, `${plan}/actions/new`, `${plan}/meetings/new`]) {
        const denied = await tom.goto(address)
        const shown = await denied.text()
        const absent = await tom.goto(address.replace(/[0-9a-f]{12}/, '0123456789ab'))
        assert.equal(denied.status(), 404)
        assert.equal(shown, await absent.text())
      }
      await tom.context().close()
    })
  })
}

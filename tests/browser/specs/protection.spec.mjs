// Child protection in a browser, with script and without: a strategy
// discussion from a plan, section 47 with its manager, the conference, and a
// child on another council's plan who moves here. UX08, UX09 and UX10 are counted.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.PROTECTION_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const path = (page) => new URL(page.url()).pathname
const h1 = (page) => page.locator('h1').innerText()

async function childPage (page, name) {
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
  return path(page)
}

for (const script of [true, false]) {
  describe(`child protection, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, jo, child, plan, enquiries
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      jo.setDefaultTimeout(30000)
      child = await childPage(jo, 'Maya Qandili')
      await jo.goto(`${child}/plan`)
      if (!path(jo).startsWith('/plans/')) {
        await jo.click('text=Start a child in need plan')
        if (await jo.locator('#reason').count()) await jo.fill('#reason', 'The family asked for it now.')
        await jo.fill('#aim', 'Maya sleeps at night.')
        await jo.check('[name="agreed"][value="yes"]')
        await jo.fill('#other_parent', 'He fetches her on Fridays.')
        await jo.fill('#tell_child', 'Jo helps Mum find a quiet home.')
        await jo.check('[name="outcome"][value="start"]')
        await jo.click('.tl-savebar button')
      }
      plan = path(jo)
    })
    after(async () => {
      assert.deepEqual(jo?.faults, [])
      assert.deepEqual(jo?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('UX08: a strategy discussion starts with the partners listed and nobody ticked', async () => {
      await jo.goto(plan)
      const counter = new Counter(jo)
      await counter.click('button:has-text("Strategy discussion")')
      await jo.waitForURL(/\/strategy\//)
      counter.within('UX08')
      assert.match(await h1(jo), /^Strategy discussion for/)
      const places = await jo.locator('.tl-seat legend').allInnerTexts()
      for (const wanted of ['Children’s social care', 'Police', 'Health']) assert.ok(places.includes(wanted), places.join())
      assert.equal(await jo.locator('main input[type="radio"]:checked').count(), 0)
      await accessible(jo)
      await shot(jo, `strategy-${script}`)
    })

    test('UX09: five partners and the decision; a missing one asks for its reason', async () => {
      const counter = new Counter(jo)
      const seats = jo.locator('.tl-seat')
      const names = ['Jo Larch', 'Ali', 'Rosa', 'Oakes']
      for (const [i, title] of ['Children’s social care', 'Police', 'Health', 'School, nursery or college'].entries()) {
        const seat = seats.filter({ has: jo.locator('legend', { hasText: title }) }).first()
        const name = seat.locator('input[type="text"]').first()
        if (!(await name.inputValue())) await counter.type(name, names[i])
        if (title === 'Police') await counter.click(seat.locator('label', { hasText: 'Not there' }))
        else await counter.click(seat.locator('label', { hasText: 'Took part' }))
      }
      await jo.fill('#known', 'Maya told her teacher that she was hit.')
      await counter.click('label[for="safe_now"]')
      await counter.click('label[for="how"]')
      await counter.click('label[for="outcome"]')
      await counter.click('label[for="joint"]')
      await jo.fill('#rationale', 'A mark that fits what Maya says, seen by the nurse.')
      await counter.click('.tl-savebar button')
      assert.match(await explained(jo).then(() => jo.locator('.govuk-error-summary').innerText()), /why nobody took part for police/)
      await accessible(jo)
      const police = seats.filter({ has: jo.locator('legend', { hasText: 'Police' }) }).first()
      await police.locator('input[id$="absent_why"]').fill('No officer answered; told by secure mail')
      await counter.click('.tl-savebar button')
      await jo.waitForURL(/\/strategy\//)
      assert.ok(counter.clicks <= 12, `clicks ${counter.clicks}: ten, and one to be asked and one to send again`)
      assert.ok(counter.keys <= 40, `keys ${counter.keys}`)
      assert.match(await jo.locator('main').innerText(), /What began/)
      await accessible(jo)
      await shot(jo, `strategy-held-${script}`)
    })

    test('R003-22: the enquiries show their five parts, and which are missing', async () => {
      await jo.click('main a:has-text("Section 47 enquiries")')
      enquiries = path(jo)
      const main = await jo.locator('main').innerText()
      assert.match(main, /Five parts, and none may be missing/)
      assert.match(main, /The manager’s decision/)
      await accessible(jo)
      await shot(jo, `section47-${script}`)
      const save = async (section, fill) => {
        await jo.goto(`${enquiries}/${section}`)
        await fill()
        await jo.click('.tl-savebar button >> nth=0')
        await jo.waitForLoadState()
      }
      await save('enquiries', async () => {
        await jo.fill('[name="enquiries.0.who"]', 'Rosa Mbeki, health visitor')
        await jo.fill('[name="enquiries.0.said"]', 'A loop mark, about two days old.')
        await jo.check('[name="child_seen"][value="alone"]')
        await jo.fill('#childs_words', 'He did it because I was loud.')
      })
      await save('analysis', async () => {
        await jo.fill('#analysis', 'What Maya says fits the mark; it is likely to happen again.')
        await jo.fill('#not_known', 'If Idris was hit too.')
      })
      await save('recommendation', async () => {
        await jo.check('[name="outcome"][value="conference"]')
        await jo.fill('#why', 'The risk goes on while he is in the home.')
        await jo.fill('#interim_safety', 'Maya stays with her aunt.')
        await jo.fill('#tell_child', 'We talk with everyone who can keep you safe.')
      })
      await jo.goto(`${enquiries}/submit`)
      await jo.click('main form button')
      await jo.waitForURL((url) => url.pathname === enquiries)
    })

    test('UX10: a manager who did not write it reads all and authorises', async () => {
      const priya = await signIn(browser, server, 'priya.manager', { script })
      const counter = new Counter(priya)
      await priya.goto('/')
      counter.loads = 0
      await counter.click(priya.locator(`main a[href^="${enquiries}"]`).first())
      await accessible(priya)
      await shot(priya, `authorise-${script}`)
      await counter.click('label[for="decision"]')
      await priya.fill('#view', 'Clear, and Maya is heard. I agree.')
      await counter.click('label[for="outcome"]')
      await counter.click('#decide form button')
      await priya.waitForURL((url) => url.pathname === enquiries)
      counter.within('UX10')
      await priya.context().close()
    })

    test('R004-05: a child on another council’s plan moves in, and the conference is due in 15 working days', async () => {
      await jo.goto(`${child}/work`)
      await jo.click('text=On another council’s child protection plan')
      await jo.waitForURL(/\/moving-in$/)
      await accessible(jo)
      await shot(jo, `moving-in-${script}`)
      assert.equal(await jo.locator('[name="children"]:checked').count(), 1, 'the child, and nobody else')
      await jo.fill('[name="council"]', 'Northby')
      await jo.fill('[name="papers"]', 'Their plan, and the last conference’s minutes.')
      await jo.check('[name="outcome"][value="conference"]')
      await jo.click('.tl-savebar button')
      await explained(jo)
      assert.equal(await jo.inputValue('[name="council"]'), 'Northby')
      const now = new Date()
      for (const [part, value] of Object.entries({ day: now.getDate(), month: now.getMonth() + 1, year: now.getFullYear() })) {
        await jo.fill(`[name="told_on.${part}"]`, String(value))
      }
      await jo.click('.tl-savebar button')
      await jo.waitForURL(/\/conferences\//)
      assert.match(await jo.locator('main').innerText(), /Due by/)
      assert.match(await jo.locator('.govuk-notification-banner').innerText(), /it is due by/)
      await accessible(jo)
      await shot(jo, `transfer-conference-${script}`)
    })
  })
}

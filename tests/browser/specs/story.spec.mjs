// Notes, visits, the timeline and the chronology, with script and without:
// UX04, UX05, UX06 and UX26 counted, nothing typed lost, no violation of axe.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

const SHOTS = process.env.STORY_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

/** The page of a child, found as a worker finds them. */
async function childPage (page, name) {
  page.setDefaultTimeout(30000)
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
  return new URL(page.url()).pathname
}

for (const script of [true, false]) {
  describe(`the story, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, child, story
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'jo.socialworker', { script })
      child = await childPage(page, 'Maya Qandili')
      story = `${child}/story`
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      await browser?.close()
      await server?.stop()
    })
    const save = () => page.locator('.tl-savebar button').first()

    test('UX04: a note from the child’s page', async () => {
      await page.goto(child)
      const counter = new Counter(page)
      await counter.click('.tl-identity__actions >> text=Add note')
      await counter.type('#text', 'Tea at home. Maya laughed.')
      await counter.click(save())
      await page.waitForURL(/\/story$/)
      counter.within('UX04')
      assert.match(await page.locator('.govuk-notification-banner').innerText(), /Note saved for Maya\./)
      const entry = page.locator('.tl-timeline__item').first()
      assert.match(await entry.innerText(), /^Note/)
      assert.match(await entry.innerText(), /Jo Wrenfold/)
      await accessible(page)
      await shot(page, `timeline-${script}`)
    })

    test('UX05: the same for all brothers and sisters by one tick, each record alone', async () => {
      await page.goto(story)
      const counter = new Counter(page)
      await counter.click('.tl-identity__actions >> text=Add note')
      await counter.type('#text', 'All at breakfast together.')
      await counter.click('label[for="all"]')
      if (script) assert.match(await save().innerText(), /^Save note to Maya, \d+ and 3 others$/)
      else assert.match(await save().innerText(), /^Save note to Maya, \d+, and those ticked$/)
      await accessible(page)
      await shot(page, `quick-${script}`)
      await counter.click(save())
      await page.waitForURL(/\/story$/)
      counter.within('UX05')
      const said = await page.locator('.govuk-notification-banner').innerText()
      for (const name of ['Maya', 'Sami', 'Lina', 'Adel']) assert.ok(said.includes(name), said)
      await page.locator('.tl-timeline__title a').first().click()
      await page.locator('main a', { hasText: 'Sami' }).first().click()
      assert.match(await page.locator('.tl-identity__name').innerText(), /Sami/)
    })

    test('a part for one child stays there, and a named child is asked about', async () => {
      await page.goto(`${child}/notes/new`)
      await page.locator('#text').fill('Sami slept on the sofa.')
      await page.locator('main details.govuk-details > summary').last().click()
      await page.locator('#only_here').fill('Maya asked for a lock on her door.')
      await shot(page, `note-${script}`)
      await accessible(page)
      await save().click()
      assert.match(await page.locator('.tl-nudge').innerText(), /You wrote about Sami/)
      assert.equal(await page.locator('#only_here').inputValue(), 'Maya asked for a lock on her door.')
      await accessible(page)
      await page.locator('input[name="also"][data-name^="Sami"]').check()
      await save().click()
      await page.waitForURL(/\/story$/)
      assert.ok((await page.locator('main').innerText()).includes('lock on her door'))
      await page.locator('.tl-timeline__title a').first().click()
      await page.locator('main a', { hasText: 'Sami' }).first().click()
      const sami = await page.locator('main').innerText()
      assert.ok(sami.includes('Sami slept on the sofa.') && !sami.includes('lock on her door'), sami)
    })

    test('UX26: a correction keeps the original and asks why', async () => {
      await page.goto(story)
      await page.locator('.tl-timeline__title a').first().click()
      const counter = new Counter(page)
      await counter.click('#correct > summary')
      await counter.type('#reason', 'It was the armchair.')
      await page.locator('#text').fill('Sami slept in the armchair.')
      await accessible(page)
      await counter.click(page.locator('#correct .tl-savebar button').first())
      await page.waitForURL(/\/notes\/[0-9a-f-]+$/)
      await page.locator('.govuk-notification-banner').waitFor()
      counter.within('UX26')
      const text = await page.locator('main').innerText()
      assert.match(text, /armchair/)
      assert.match(text, /What it said before/)
      assert.match(text, /Sami slept on the sofa\./)
      assert.match(text, /It was the armchair\./)
      await accessible(page)
      await shot(page, `corrected-${script}`)
    })

    test('nothing, too much, other alphabets and script: plain words, nothing lost', async () => {
      await page.goto(`${child}/notes/new`)
      await save().click()
      await explained(page)
      for (const [kind, words] of Object.entries(AWKWARD)) {
        if (kind === 'nothing' || kind === 'blank' || kind === 'control') continue
        await page.goto(`${child}/notes/new`)
        await page.locator('#text').fill(words)
        await page.locator('main details.govuk-details').last().evaluate((d) => { d.open = true }).catch(() => {})
        if (script) {
          await page.locator('#happened_at').fill('31')
          await page.locator('[id="happened_at.month"]').fill('2')
          await save().click()
          await explained(page)
          assert.ok(await page.locator('#text').inputValue() === words.trim(), `${kind}: what was typed is gone`)
          await page.locator('#happened_at').fill('1')
        }
        await save().click()
        await page.waitForURL(/\/story$/)
        await plainlySaid(page)
      }
      await page.goto(`/people/${'0'.repeat(8)}-0000-7000-8000-000000000000/notes/new`)
      assert.match(await page.locator('h1').innerText(), /not here|cannot|not found/i)
    })

    test('the timeline is filtered without script, and paged', async () => {
      await page.goto(story)
      await page.locator('details.tl-quick > summary', { hasText: 'Filter' }).click()
      await page.locator('label[for="kind-notes"]').click()
      await page.locator('#whose').selectOption('family')
      await page.locator('button', { hasText: 'Show' }).click()
      await page.waitForURL(/kind=notes/)
      const titles = await page.locator('.tl-timeline__title').allInnerTexts()
      assert.ok(titles.length > 2 && titles.every((t) => t.startsWith('Note')), titles.join())
      assert.ok(titles.some((t) => /Maya.*Sami/s.test(t)), 'a copied note stands once, with its names')
      await accessible(page)
      await shot(page, `filtered-${script}`)
      await page.goto(`${story}?from=nonsense`)
      await explained(page)
    })

    test('an event is added to the chronology by hand, and says who told us', async () => {
      await page.goto(`${child}/chronology/new`)
      await page.locator('#happened_on').fill('1')
      await page.locator('[id="happened_on.month"]').fill('May')
      await page.locator('[id="happened_on.year"]').fill('2016')
      await page.locator('input[name="kind"][value="move"]').check()
      await page.locator('#wording').fill('The family moved to Larkmere.')
      await page.locator('input[name="significance"][value="medium"]').check()
      await page.locator('main form .tl-savebar button').first().click()
      await explained(page)
      assert.equal(await page.locator('#wording').inputValue(), 'The family moved to Larkmere.')
      await accessible(page)
      await page.locator('#reported_by').fill('her grandmother')
      await page.locator('main form .tl-savebar button').first().click()
      await page.waitForURL(/\/chronology$/)
      const row = await page.locator('.tl-chronology tbody tr', { hasText: 'moved to Larkmere' }).innerText()
      assert.match(row, /1 May 2016/)
      assert.match(row, /Medium/)
      assert.match(row, /Reported by her grandmother/)
      await accessible(page)
      await shot(page, `chronology-${script}`)
      await page.locator('.tl-chronology a').first().click()
      await accessible(page)
    })
  })
}

describe('a visit on a telephone', () => {
  let server, browser
  before(async () => { server = await Server.start(); browser = await openBrowser() })
  after(async () => { await browser?.close(); await server?.stop() })

  test('UX06: six taps, no keys beside the words, 320 pixels wide', async () => {
    const page = await signIn(browser, server, 'jo.socialworker', { phone: true })
    const child = await childPage(page, 'Maya Qandili')
    await page.goto(`${child}/visits/new`)
    let taps = 0
    const tap = async (target) => { taps++; await page.locator(target).click() }
    await tap('label[for="purpose"]')
    await tap('label[for="seen"]')
    await tap('label[for="alone"]')
    await tap('label[for="where"]')
    await page.locator('#childs_words').fill('“I like maths now.”')
    await page.locator('#text').fill('The bedroom was warm.')
    await page.locator('#next').fill('Ring the school.')
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'no sideways scrolling')
    await accessible(page)
    await shot(page, 'visit-phone')
    await tap('.tl-savebar button >> nth=0')
    await page.waitForURL(/\/story$/)
    console.log(`UX06 taps ${taps}/6`)
    assert.ok(taps <= 6)
    const text = await page.locator('main').innerText()
    assert.match(text, /Visit: seen, alone/)
    assert.match(await page.locator('.tl-identity__facts').innerText(), /Last seen .*, alone, by Jo Wrenfold/)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), 'no sideways scrolling')
    await accessible(page)
    await shot(page, 'timeline-phone')
    await page.locator('.tl-timeline__title a').first().click()
    assert.match(await page.locator('.tl-voice').innerText(), /“I like maths now\.”/)
    await shot(page, 'visit-shown-phone')
    await page.goto(`${child}/chronology`)
    await accessible(page)
    assert.deepEqual(page.faults, [])
    await page.context().close()
  })
})

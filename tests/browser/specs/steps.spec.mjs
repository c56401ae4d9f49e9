// An assessment in a real browser: written with and without script, saved by
// itself, taken up again, written by two, sent, refused to its author, and
// authorised by a manager.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { light } from '../lib/weight.mjs'

let browser, server
before(async () => {
  browser = await openBrowser()
  server = await Server.start()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const shot = (page, name) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })

/** A child of Jo's without an open assessment: found through a search. */
async function startAssessment (page, who) {
  await page.goto('/find')
  await page.locator('main input[name="q"], input[name="q"]').first().fill(who)
  await page.locator('button:has-text("Find")').first().click()
  const link = page.locator('main a[href^="/people/"]').first()
  const path = (await link.getAttribute('href')).match(/\/people\/[0-9a-f-]+/)[0]
  await page.goto(`${path}/work`)
  await accessible(page)
  await shot(page, 'work')
  const start = page.locator('summary:has-text("Start: child and family assessment")')
  if (await start.count() === 0) {
    // One is open already: go on with it.
    await page.locator('main table a:has-text("assessment")').first().click()
    return new URL(page.url()).pathname
  }
  await start.click()
  await page.click('button:has-text("Start: child and family assessment")')
  await explained(page)
  await page.locator('input[name="children"]').first().check()
  await page.click('button:has-text("Start: child and family assessment")')
  await page.waitForURL(/\/steps\/[0-9a-f-]+$/)
  return new URL(page.url()).pathname
}

const WORDS = {
  development: 'She does well at school and is tired on Mondays.',
  parenting: 'Her mother is warm, and afraid of the nights.',
  family: 'Nan lives near and is there every Friday.'
}

/** Writes every section as a person does, by its own button. */
async function writeAll (page, path) {
  const save = () => page.click('.tl-savebar button:has-text("carry on")')
  await page.goto(`${path}/summary`)
  await page.fill('#summary', 'Five lines about a tired child.')
  await save()
  await page.goto(`${path}/people`)
  await page.check('input[name="other_parent"][value="took_part"]')
  await save()
  for (const [section, words] of Object.entries(WORDS)) {
    await page.goto(`${path}/${section}`)
    await page.fill(`#${section}`, words)
    await page.check('#finished')
    await save()
  }
  await page.goto(`${path}/child`)
  await page.fill('#childs_words', '“It is loud at night.”')
  await save()
  await page.goto(`${path}/analysis`)
  await page.fill('#analysis', 'Quiet nights would change her days.')
  await page.check('input[name="outcome"][value="plan"]')
  await save()
  await page.goto(`${path}/factors`)
  await page.locator('input[name="factors"]').first().check()
  await page.locator('#primary_need').selectOption({ index: 1 })
  await save()
}

describe('an assessment', () => {
  for (const script of [true, false]) {
    test(`is written, sent, refused to its author and authorised, script ${script ? 'on' : 'off'}`, async () => {
      const jo = await signIn(browser, server, 'jo.socialworker', { script })
      const path = await startAssessment(jo, 'Maya')
      await accessible(jo)
      await shot(jo, 'overview')
      await writeAll(jo, path)
      await jo.goto(`${path}/balance`)
      await accessible(jo)
      await shot(jo, 'section')
      await jo.goto(path)
      await accessible(jo)
      await shot(jo, 'overview-written')
      await jo.goto(`${path}/submit`)
      await jo.click('main form button')
      // R003-17: empty grey areas ask "Is nothing uncertain?"
      await explained(jo)
      assert.match(await jo.locator('main').innerText(), /Is nothing uncertain/)
      await accessible(jo)
      await shot(jo, 'submit')
      await jo.fill('#grey_areas_reason', 'Everyone was asked twice.')
      await jo.fill('#tell_child_reason', 'She asked to hear it from Nan on Friday.')
      await jo.click('main form button')
      assert.match(await jo.locator('main').innerText(), /With a manager/)
      await jo.goto(`${path}/read`)
      await accessible(jo)
      await shot(jo, 'read')
      // R003-23: the author is told why not.
      await jo.goto(`${path}/authorise`)
      assert.match(await jo.locator('main').innerText(), /cannot be done/)

      const priya = await signIn(browser, server, 'priya.manager', { script })
      await priya.goto(`${path}/authorise`)
      assert.equal(await priya.locator('input[type=radio]:checked').count(), 0, 'nothing is chosen ahead')
      await accessible(priya)
      await shot(priya, 'authorise')
      await priya.check('input[name="decision"][value="authorise"]')
      await priya.click('button:has-text("Save my decision")')
      await explained(priya)
      await priya.fill('#view', 'Her voice is there, and the plan follows from it.')
      await priya.check('input[name="outcome"][value="plan"]')
      await priya.click('button:has-text("Save my decision")')
      assert.match(await priya.locator('main').innerText(), /Finished[\s\S]*A child in need plan/)
      await priya.locator('main a:has-text("Child in need plan")').waitFor()
      await accessible(priya)
      await light(server, path, { page: priya, most: 15 * 1024 })
      await light(server, `${path}/read`, { page: priya })
      assert.deepEqual([...jo.faults, ...priya.faults], [])
      await jo.context().close()
      await priya.context().close()
    })
  }

  test('UX28 saves by itself within 2 seconds and is taken up again with one click', async () => {
    const jo = await signIn(browser, server, 'jo.socialworker')
    const path = await startAssessment(jo, 'Maya')
    // Two seconds of the page's own clock: a busy machine does not lengthen them.
    await jo.clock.install()
    await jo.goto(`${path}/development`)
    await jo.clock.pauseAt(new Date(Date.now() + 60000))
    const saved = jo.waitForResponse((r) => r.url().includes('/drafts/step') && r.ok())
    // Over whatever stands there already.
    await jo.locator('#development').selectText()
    await jo.locator('#development').pressSequentially('Half a senten')
    await jo.clock.runFor(2000)
    await saved
    await jo.clock.resume()
    await server.restart()
    const plain = await signIn(browser, server, 'jo.socialworker', { script: false })
    for (const page of [jo, plain]) {
      await page.goto(path)
      const counter = new Counter(page)
      await counter.click('a:has-text("Carry on:")')
      await page.waitForURL(/development/)
      assert.equal(await page.inputValue('#development'), 'Half a senten')
      assert.match(await page.locator('main').innerText(), /These are your words from/)
      counter.within('UX28')
      await accessible(page)
    }
    assert.equal(await jo.evaluate(() => document.activeElement.id), 'development')
    await jo.context().close()
    await plain.context().close()
  })

  test('two editors see both texts side by side, and nothing is lost', async () => {
    const jo = await signIn(browser, server, 'jo.socialworker')
    const path = await startAssessment(jo, 'Maya')
    const two = await signIn(browser, server, 'jo.socialworker', { script: false })
    await jo.goto(`${path}/family`)
    await two.goto(`${path}/family`)
    await jo.fill('#family', 'Nan lives in the same street.')
    await jo.click('.tl-savebar button:has-text("carry on")')
    await jo.waitForURL((url) => !url.pathname.endsWith('/family'))
    await two.fill('#family', 'Nan lives two streets away.')
    await two.click('.tl-savebar button:has-text("carry on")')
    await two.waitForURL(/compare$/)
    const text = await two.locator('main').innerText()
    assert.ok(text.includes('same street') && text.includes('two streets away'))
    await accessible(two)
    await shot(two, 'compare')
    await two.fill('#family', 'Nan lives two streets away, Jo says the same street: check.')
    await two.click('button:has-text("Use this text")')
    await two.waitForURL(/family$/)
    assert.match(await two.inputValue('#family'), /check\.$/)
    await jo.context().close()
    await two.context().close()
  })

  test('bad input and a second press are answered in plain words', async () => {
    const jo = await signIn(browser, server, 'jo.socialworker', { script: false })
    const path = await startAssessment(jo, 'Maya')
    for (const [name, words] of Object.entries(AWKWARD)) {
      await jo.goto(`${path}/child`)
      await jo.fill('#childs_words', words)
      await jo.click('.tl-savebar button:has-text("carry on")')
      await plainlySaid(jo)
      await jo.goto(`${path}/read`)
      await plainlySaid(jo)
      if (!['control', 'nothing', 'blank', 'long'].includes(name)) {
        assert.ok((await jo.locator('main').innerText()).includes(words.trim()), `${name} came back otherwise`)
      }
    }
    await jo.goto(`${path}/skip`)
    await jo.click('main form button')
    await explained(jo)
    await accessible(jo)
    await jo.goto('/steps/00000000-0000-7000-8000-000000000000')
    assert.match(await jo.locator('h1').innerText(), /not found/i)
    await jo.context().close()
  })
})

// Early help in a browser, with script and without: a partner starts it within
// five minutes, a practitioner takes it up, agrees a lead, assesses with the
// family, plans, loses consent and gets it back, and asks social care.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'

const SHOTS = process.env.EARLY_HELP_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
const path = (page) => new URL(page.url()).pathname
const words = (page) => page.locator('main').innerText()
const MAIN = 'main form > button.govuk-button:not(.govuk-button--secondary)'
const HELP = /\/early-help\/[0-9a-f-]{36}$/

/** Seconds for a practised person: the keystroke-level estimate of ux.md section 5. */
const seconds = (counter, fields, narrative) =>
  0.28 * counter.keys + 1.3 * counter.clicks + 1.75 * fields + 0.3 * counter.loads + narrative

/** Nothing is wider than a narrow telephone. */
async function narrow (browser, server, page, address) {
  const phone = await browser.newContext({
    baseURL: server.url, viewport: { width: 320, height: 640 }, javaScriptEnabled: true, storageState: await page.context().storageState()
  })
  const small = await phone.newPage()
  await small.goto(address)
  const wide = await small.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 320, `${address} is ${wide} wide at 320`)
  await phone.close()
}

for (const script of [true, false]) {
  describe(`early help, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, dev, farah, reference, help
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      dev = await signIn(browser, server, 'dev.earlyhelp', { script })
      dev.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(dev?.faults, [])
      assert.deepEqual(dev?.outside, [])
      await browser?.close()
      await server?.stop()
    })

    test('R001-20: a partner without an account starts it within five minutes', async () => {
      const page = await visitor(browser, server, { script, phone: true })
      page.setDefaultTimeout(30000)
      await page.goto('/tell-us/early-help')
      const counter = new Counter(page)
      let fields = 0
      const type = async (name, text) => { fields++; await counter.type(`[name="${name}"]`, text) }
      await accessible(page)
      await shot(page, `partner-${script}`)
      await type('children.0.given', 'Tilly')
      await type('children.0.family', 'Quarrow')
      await type('children.0.born.day', '4')
      await type('children.0.born.month', '3')
      await type('children.0.born.year', '2018')
      await type('what', 'Late most days and tired. Her mother asked us for help with the nights.')
      await counter.click(MAIN)
      await accessible(page)
      await counter.click('label[for="consent"]')
      fields++
      await type('consent_by', 'Dana Quarrow, mother')
      await counter.click(MAIN)
      await type('caller_name', 'Ben Oakes')
      await type('caller_organisation', 'Heron Primary')
      await type('caller_phone', '020 7946 0222')
      await counter.click(MAIN)
      await accessible(page)
      await counter.click(MAIN)
      await page.waitForURL(/\/done$/)
      reference = await page.locator('.govuk-panel__body strong').innerText()
      const took = seconds(counter, fields, 90)
      console.log(`started: ${fields} fields, ${counter.clicks} clicks, ${counter.keys} keys, ${counter.loads} loads, about ${Math.round(took)} s`)
      assert.ok(fields <= 12, `${fields} fields`)
      assert.ok(counter.clicks <= 6, `${counter.clicks} clicks`)
      assert.ok(counter.loads <= 5, `${counter.loads} loads`)
      assert.ok(took <= 300, `${took} seconds`)
      await page.context().close()
    })

    test('it stands on the board, and is taken up once the child is found or created', async () => {
      await dev.goto('/early-help')
      assert.match(await words(dev), /Asked for, to take up/)
      await accessible(dev)
      await shot(dev, `board-${script}`)
      await dev.click('main a:has-text("Tilly Quarrow")')
      const contact = path(dev)
      assert.match(await words(dev), new RegExp(reference))
      await accessible(dev)
      await dev.click('main a:has-text("Find or create")')
      await dev.waitForURL(/\/match$/)
      if (await dev.locator('#none_of_these').count()) await dev.check('#none_of_these')
      await dev.click('main button[value="create"]')
      await dev.waitForURL((url) => url.pathname === contact)
      await dev.click('main a:has-text("Take up early help")')
      await accessible(dev)
      await dev.click('main form button')
      await explained(dev)
      await dev.fill('#rationale', 'School and mother agree on what would help.')
      await dev.click('main form button')
      await dev.waitForURL(HELP)
      help = path(dev)
      const text = await words(dev)
      assert.match(text, /Nobody leads yet/)
      assert.match(text, /The family agrees/)
      assert.match(text, /Dana Quarrow, mother/)
      await accessible(dev)
      await shot(dev, `help-${script}`)
      await narrow(browser, server, dev, help)
      await narrow(browser, server, dev, '/early-help')
    })

    test('one lead practitioner, who may be a partner', async () => {
      await dev.click('main a:has-text("Agree who leads")')
      await accessible(dev)
      await dev.fill('#name', 'Ben Oakes')
      await dev.fill('#post', 'Deputy head, Heron Primary')
      await dev.selectOption('#agency', 'school')
      await dev.click('main form button')
      await dev.waitForURL(HELP)
      const text = await words(dev)
      assert.match(text, /Ben Oakes, deputy head/)
      assert.match(text, /020 7946 0222/, 'the number was known from the request')
      await dev.click('main a:has-text("Add somebody")')
      await dev.fill('#name', 'Rosa Mbeki')
      await dev.fill('#post', 'School nurse')
      await dev.selectOption('#agency', 'health')
      await dev.click('main form button')
      await dev.waitForURL(HELP)
      assert.match(await words(dev), /Rosa Mbeki, school nurse/)
    })

    test('R001-23: strengths first, and the goals become the plan', async () => {
      await dev.click('main a:has-text("Carry on with the assessment")')
      const step = path(dev)
      await accessible(dev)
      await shot(dev, `assessment-${script}`)
      const titles = await dev.locator('.govuk-task-list__name-and-hint > a').allInnerTexts()
      assert.ok(titles.indexOf('What is going well') < titles.indexOf('Needs and worries'), titles.join())
      const save = async (section, fill) => {
        await dev.goto(`${step}/${section}`)
        await fill()
        await dev.click('.tl-savebar button >> nth=0')
        await dev.waitForURL((url) => url.pathname !== `${step}/${section}` || url.search !== '')
      }
      await dev.goto(`${step}/start`)
      assert.match(await dev.inputValue('#reason'), /Late most days and tired/, 'nothing is asked again')
      await save('strengths', () => dev.fill('#strengths', 'Dana sings with her at night.'))
      await save('needs', () => dev.fill('#worries', 'Nights are short.'))
      await save('people', () => dev.check('[name="other_parent"][value="took_part"]'))
      await save('child', () => dev.fill('#childs_words', 'I am sleepy.'))
      await save('goals', async () => {
        await dev.fill('#familys_words', 'We want one person to ring.')
        await dev.fill('[name="goals.0.goal"]', 'Tilly sleeps through the night')
        await dev.fill('[name="goals.0.childs_words"]', 'A lamp of my own')
      })
      await save('next', async () => {
        await dev.check('[name="outcome"][value="plan"]')
        await dev.fill('#tell_child', 'Ben and Dev help Mum with the nights.')
      })
      await dev.goto(`${step}/submit`)
      await dev.click('main form button')
      await dev.waitForURL((url) => url.pathname === step)
      await dev.goto(help)
      await dev.click('main a:has-text("Early help plan")')
      await dev.waitForURL(/\/plans\//)
      const text = await words(dev)
      assert.match(text, /Tilly sleeps through the night/)
      assert.match(text, /A lamp of my own/)
      await accessible(dev)
    })

    test('consent is taken back: it says so and asks what happens', async () => {
      await dev.goto(`${help}/consent`)
      await accessible(dev)
      await dev.check('[name="consent"][value="withdrawn"]')
      await dev.fill('#consent_by', 'Dana Quarrow')
      await dev.click('main form button')
      await dev.waitForURL(HELP)
      assert.match(await words(dev), /The family took its consent back/)
      await accessible(dev)
      await dev.goto('/early-help')
      assert.match(await words(dev), /Consent taken back or refused/)
      await dev.goto(`${help}/consent`)
      await dev.check('[name="consent"][value="given"]')
      await dev.fill('#consent_by', 'Dana Quarrow')
      await dev.click('main form button')
      await dev.waitForURL(HELP)
    })

    test('R001-23: social care is asked and gets everything with its source', async () => {
      await dev.click('main a:has-text("Ask social care")')
      await accessible(dev)
      await dev.click('main form button')
      await explained(dev)
      await dev.check('[name="danger"][value="no"]')
      await dev.check('[name="parents_told"][value="agree"]')
      await dev.fill('#what', 'She was alone at night twice this week.')
      await dev.click('.tl-savebar button')
      await dev.waitForURL(HELP)
      const asked = (await words(dev)).match(/reference ([A-Z0-9]{4}-[A-Z0-9]{4})/)[1]
      await shot(dev, `stepped-up-${script}`)
      farah = await signIn(browser, server, 'farah.screener', { script })
      farah.setDefaultTimeout(30000)
      await farah.goto('/front-door?route=step_up')
      await farah.click('main a:has-text("Tilly Quarrow")')
      const text = await words(farah)
      assert.match(text, new RegExp(asked))
      assert.match(text, /What early help has written/)
      assert.match(text, /Dana sings with her at night/)
      assert.match(text, /Early help assessment, Dev Phulpal/)
      await accessible(farah)
      await shot(farah, `carried-${script}`)
      await farah.context().close()
    })

    test('from a child’s page it asks for the reason and the consent only', async () => {
      await dev.goto(help)
      await dev.click('.tl-identity__name a')
      const child = path(dev)
      await dev.goto(`${child}/early-help/new`)
      await dev.waitForURL(HELP)
      assert.equal(path(dev), help, 'nobody is helped twice side by side')
      const jo = await signIn(browser, server, 'jo.socialworker', { script })
      jo.setDefaultTimeout(30000)
      await jo.goto('/find')
      await jo.locator('#search').fill('Maya Qandili')
      await jo.locator('#search').press('Enter')
      await jo.locator('main a[href^="/people/"]', { hasText: 'Maya' }).first().click()
      await jo.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      await jo.goto(`${path(jo)}/early-help/new`)
      const asked = await jo.locator('main [name]:not([type="hidden"])').evaluateAll((all) => [...new Set(all.map((f) => f.name))])
      assert.deepEqual(asked.filter((name) => name !== 'also' && !name.startsWith('consent')), ['reason'])
      assert.match(await words(jo), /Social care works with/)
      await accessible(jo)
      await shot(jo, `start-${script}`)
      await jo.context().close()
    })
  })
}

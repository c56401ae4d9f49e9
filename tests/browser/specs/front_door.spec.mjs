// The front door as people meet it: a parent on an old phone, a school, the
// police, and the screener who takes, matches, decides and tells. Counted
// against the budgets, with script and without, checked for accessibility.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, PASSWORD, signIn, visitor } from '../lib/session.mjs'
import { firstVisit, light, protectedPage } from '../lib/weight.mjs'

let server, browser
before(async () => {
  server = await Server.start()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const MAIN = 'main form > button.govuk-button:not(.govuk-button--secondary)'
const h1 = (page) => page.locator('h1').innerText()
const path = (page) => new URL(page.url()).pathname
const close = (page) => page.context().close()

/** Answers one page of a public form and goes on; `fields` by name. */
async function answer (page, fields, go = (target) => page.locator(target).last().click()) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`)
    const kind = await field.first().getAttribute('type')
    if (kind === 'radio' || kind === 'checkbox') await page.check(`[name="${name}"][value="${value}"]`)
    else await field.fill(value)
  }
  await go(MAIN)
}

const PARENT = [
  { danger: 'no' },
  { source: '1A', caller_name: 'Rhian Fenwick' },
  { 'children.0.given': 'Idris', 'children.0.family': 'Fenwick', 'children.0.born.day': '2', 'children.0.born.month': '5', 'children.0.born.year': '2017', postcode: 'LK1 4AB' },
  { what: 'He cannot sleep and neither can I.' },
  { hopes: 'Somebody to talk to.' },
  { safe_contact: 'phone', caller_phone: '020 7946 0123' },
  {},
  {}
]

/** A parent asks for help; gives the reference at the end. */
async function askForHelp (page, pages = PARENT, each = async () => {}) {
  await page.goto('/ask-for-help')
  for (const fields of pages) {
    await each()
    await answer(page, fields)
  }
  await each()
  await page.locator(MAIN).click()
  await each()
  return page.locator('.govuk-panel__body strong').innerText()
}

/** A call with these fields; leaves the screener on the contact's page. */
async function takeCall (page, more = {}) {
  await page.goto('/front-door/new')
  await page.selectOption('[name=source]', '1B')
  await page.check('[name=danger][value=no]')
  await page.fill('[name=caller_name]', 'Mrs Pell, neighbour')
  await page.fill('[name=what]', 'A small boy is often alone on the stairs.')
  const child = more['children.0.given'] !== undefined
  await page.check(`[name=child_known][value=${child ? 'yes' : 'not_yet'}]`)
  for (const [name, value] of Object.entries(more)) await page.fill(`[name="${name}"]`, value)
  await page.click('text=Save contact')
  return path(page)
}

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script'

  test(`UX18 a parent asks for help on an old phone, ${how}`, async () => {
    const page = await visitor(browser, server, { script, phone: true })
    const counter = new Counter(page)
    const pages = []
    const reference = await askForHelp(page, PARENT, async () => {
      pages.push(await h1(page))
      await accessible(page)
      const wide = await page.locator('html').evaluate((html) => html.scrollWidth)
      assert.ok(wide <= 320, `${path(page)} is ${wide} px wide`)
      if (path(page) !== '/ask-for-help/done') assert.equal(await page.locator('text=Exit this page').count(), 1)
    })
    const line = counter.within('UX18')
    assert.ok(pages.length <= 10, `${pages.length} pages: ${pages.join(', ')}`)
    console.log(`${line}; ${pages.length} pages, the check and the last one included`)
    assert.match(reference, /^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    assert.match(await page.locator('main').innerText(), /we will decide what to do by/)
    assert.ok(!page.url().includes(reference))
    assert.deepEqual(page.outside, [])
    assert.deepEqual(page.faults, [])
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length).catch(() => 0), 0)
    const farah = await signIn(browser, server, 'farah.screener', { script })
    await farah.goto('/front-door')
    // It stands there the first time that she looks.
    assert.ok(await farah.locator('.tl-board').getByText('Idris Fenwick, 9').count() > 0, 'not on the board at once')
    await close(farah)
    await close(page)
  })

  test(`back, change and leaving quickly lose and give away nothing, ${how}`, async () => {
    const page = await visitor(browser, server, { script, phone: true })
    await page.route('https://www.bbc.co.uk/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Weather</title><h1>Weather</h1>' }))
    await page.goto('/ask-for-help')
    for (const fields of PARENT) await answer(page, fields)
    assert.equal(path(page), '/ask-for-help/check')
    await page.click('text=Back')
    await page.click('text=Back')
    assert.equal(await h1(page), 'The other parent')
    await page.goto('/ask-for-help/check')
    await page.click('#what')
    assert.equal(await page.inputValue('[name=what]'), 'He cannot sleep and neither can I.')
    await answer(page, { what: 'He sleeps at last.' })
    assert.equal(path(page), '/ask-for-help/check')
    assert.match(await page.locator('main').innerText(), /He sleeps at last/)
    await page.click('text=Exit this page')
    await page.waitForURL(/bbc/)
    await page.goto('/ask-for-help/check')
    assert.equal(path(page), '/ask-for-help')
    assert.doesNotMatch(await page.content(), /Idris|Rhian|sleeps/)
    await close(page)
  })

  test(`the screener takes, finds, decides and tells, ${how}`, async () => {
    const page = await signIn(browser, server, 'farah.screener', { script })
    await accessible(await (async () => { await page.goto('/front-door/new'); return page })())
    const contact = await takeCall(page, { 'children.0.given': 'Bram', 'children.0.family': `Sorrel${script ? 'on' : 'off'}`, postcode: 'LK1 4AB' })
    assert.match(contact, /^\/contacts\/[0-9a-f-]{36}$/)
    await accessible(page)
    await page.click('text=Start screening')
    assert.match(await page.locator('main').innerText(), /In screening 0m/)
    await page.click('text=Find or create')
    await accessible(page)
    const none = page.locator('#none_of_these')
    if (await none.count()) await none.check()
    await page.fill('#parent', 'Wilf Sorrel')
    await page.click('text=Open a new record for this child')
    assert.equal(path(page), contact)
    await page.click('text=Make the threshold decision')
    await accessible(page)
    assert.equal(await page.locator('main input:checked').count(), 0, 'something is chosen beforehand')
    await page.click('main form[action$=decision] button.govuk-button >> nth=0')
    await explained(page)
    await accessible(page)
    await page.check('[name=level][value=early_help]')
    await page.fill('[name=rationale]', 'School, family and health visitor agree on what would help.')
    await page.check('[name=outcome][value=advice]')
    await page.click('main form[action$=decision] button.govuk-button >> nth=0')
    assert.equal(path(page), `${contact}/tell`)
    await accessible(page)
    assert.match(await page.inputValue('[name=said]'), /information and advice/)
    await page.check('[name=how][value=phone]')
    await page.click('text=Record that they were told')
    assert.equal(path(page), contact)
    await accessible(page)
    const words = await page.locator('main').innerText()
    assert.match(words, /Decided: information and advice/)
    assert.match(words, /Mrs Pell, neighbour was told/)
    await page.goto('/front-door')
    await accessible(page)
    assert.deepEqual(page.faults, [])
    await close(page)
  })
}

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script'

  test(`UX03 a call with the child not yet identified, ${how}`, async () => {
    const page = await signIn(browser, server, 'farah.screener', { script })
    await page.goto('/front-door')
    const counter = new Counter(page)
    await counter.click('text=Take a call')
    await counter.type('[name=source]', 'school')
    await counter.press('Tab')
    await counter.type('[name=caller_name]', 'Mr Ash, head')
    await counter.click('label[for="danger-2"]')
    await counter.type('[name=what]', 'She has come in hungry all week and cries at home time.')
    await counter.click('label[for="child_known-2"]')
    await counter.click('text=Save contact')
    await page.waitForURL(/\/contacts\//)
    counter.within('UX03')
    const words = await page.locator('main').innerText()
    assert.match(words, /The child is not yet identified/)
    assert.match(words, /Mr Ash, head, School/)
    await close(page)
  })

  test(`UX11 a threshold decision with its reasons, ${how}`, async () => {
    const page = await signIn(browser, server, 'farah.screener', { script })
    const contact = await takeCall(page, { 'children.0.given': 'Ottoline', 'children.0.family': 'Pike' })
    await page.goto(`${contact}/decision`)
    const counter = new Counter(page)
    await counter.click('label:has-text("Level 2: early help")')
    await counter.type('[name=rationale]', 'School and family agree on what would help and it is in place.')
    await counter.click('label:has-text("Information and advice")')
    await counter.click('text=Record this decision for Ottoline Pike')
    await page.waitForURL(/\/tell$/)
    counter.within('UX11')
    await close(page)
  })
}

test('immediate risk stands on top, and a referral needs a known child', async () => {
  const page = await signIn(browser, server, 'farah.screener', { script: false })
  const contact = await takeCall(page, { 'children.0.given': 'Casimir', 'children.0.family': 'Dunlin', postcode: 'LK2 1AA' })
  await page.click('text=Immediate risk: tell the manager')
  await explained(page)
  await page.fill('#danger', 'He is locked in.')
  await page.click('text=Immediate risk: tell the manager')
  assert.match(await page.locator('main').innerText(), /Someone may be at immediate risk/)
  await accessible(page)
  await page.goto('/front-door')
  assert.match(await page.locator('.tl-board tbody tr').first().innerText(), /Immediate risk/)
  await page.goto(`${contact}/decision`)
  await page.click('label:has-text("Level 4: social care")')
  await page.fill('[name=rationale]', 'He is not safe where he is today.')
  await page.check('[name=outcome][value=referral]')
  await page.click('main form[action$=decision] button.govuk-button >> nth=0')
  await explained(page)
  assert.match(await page.locator('.govuk-error-summary').innerText(), /Find or create the child before you refer/)
  assert.equal(await page.inputValue('[name=rationale]'), 'He is not safe where he is today.')
  await close(page)
})

describe('a school and the police tell us on pages of their own', () => {
  const schools = [
    { caller_name: 'Mr Ash', caller_organisation: 'Heron Primary', caller_phone: '020 7946 0999' },
    { 'children.0.given': 'Nell', 'children.0.family': 'Fenwick' },
    { danger: 'no', what: 'She falls asleep in class.' },
    { parents_told: 'agree' }
  ]
  const police = [
    { collar_number: '4411', incident_reference: 'LK/1/26' },
    { 'children.0.given': 'not known' },
    { danger: 'no', risk_grading: 'high', what: 'Shouting heard; door damaged.' }
  ]
  for (const [who, pages] of [['school', schools], ['police', police]]) {
    test(who, async () => {
      const page = await visitor(browser, server, { script: false, phone: true })
      await page.goto(`/tell-us/${who}`)
      for (const fields of pages) {
        await accessible(page)
        await answer(page, fields)
      }
      if (await page.locator('h1').innerText() !== 'Check your answers') await answer(page, {})
      await accessible(page)
      await page.locator(MAIN).click()
      assert.equal(path(page), `/tell-us/${who}/done`)
      await accessible(page)
      await close(page)
    })
  }
})

test('awkward words go in, come back as they were, and break nothing', async () => {
  const farah = await signIn(browser, server, 'farah.screener', { script: false })
  for (const [name, words] of Object.entries(AWKWARD)) {
    const page = await visitor(browser, server, { script: false })
    await page.goto('/ask-for-help/happening')
    assert.equal(path(page), '/ask-for-help', 'a page without answers starts again')
    await answer(page, { danger: 'no' })
    await page.goto('/ask-for-help/happening')
    await answer(page, { what: words })
    await plainlySaid(page)
    if (!words.trim()) await explained(page)
    else {
      assert.equal(await h1(page), 'What would help?', name)
      await page.goto('/ask-for-help/happening')
      const kept = (await page.inputValue('[name=what]')).replace(/\r\n/g, '\n')
      assert.equal(kept, words.replaceAll('\u0000', '').trim(), name)
    }
    await close(page)
    if (!words.trim()) continue
    await farah.goto('/front-door/new')
    await farah.fill('[name=caller_name]', words.slice(0, 150))
    await farah.fill('[name=what]', words)
    await farah.click('text=Save contact')
    await explained(farah)
    assert.equal((await farah.inputValue('[name=what]')).replaceAll('\u0000', '').trim(), words.replaceAll('\u0000', '').trim(), name)
  }
  await close(farah)
})

test('a million characters get a plain answer and stay on the page', async () => {
  const page = await visitor(browser, server, { script: false })
  await page.goto('/ask-for-help')
  await answer(page, { danger: 'no' })
  await page.goto('/ask-for-help/happening')
  await answer(page, { what: 'word '.repeat(200000) })
  await explained(page)
  assert.match(await page.locator('.govuk-error-summary').innerText(), /at most 100,000 can be sent/)
  assert.ok((await page.inputValue('[name=what]')).length > 999000)
  await close(page)
})

test('forged identifiers and a contact that is not there are one page', async () => {
  const page = await signIn(browser, server, 'farah.screener', { script: false })
  const contact = await takeCall(page, { 'children.0.given': 'Ferris', 'children.0.family': 'Oak' })
  const texts = new Set()
  for (const address of ['/contacts/1', '/contacts/00000000-0000-7000-8000-000000000000', `${contact}/children/1/match`,
    `${contact}/children/00000000-0000-7000-8000-000000000000/match`, '/contacts/%00/decision', '/ask-for-help/nowhere']) {
    const answer = await page.goto(address)
    assert.equal(answer.status(), 404, address)
    texts.add(await answer.text())
  }
  assert.equal(texts.size, 1)
  for (const persona of ['tia.analyst', 'nia.admin', 'cllr.davies', 'chen.police']) {
    const other = await signIn(browser, server, persona, { script: false })
    for (const address of ['/front-door', '/front-door/new', contact]) {
      assert.equal((await other.goto(address)).status(), 404, `${persona} ${address}`)
    }
    await close(other)
  }
  await close(page)
})

test('a session that ran out loses no decision, and sending twice is once', async () => {
  const page = await signIn(browser, server, 'farah.screener', { script: false })
  const contact = await takeCall(page, { 'children.0.given': 'Linus', 'children.0.family': 'Teal' })
  await page.goto(`${contact}/decision`)
  await page.check('[name=level][value=early_help]')
  await page.fill('[name=rationale]', 'What was offered already is enough for now.')
  await page.check('[name=outcome][value=advice]')
  await page.context().clearCookies({ name: 'tl-session' })
  await page.click('text=Record this decision for Linus Teal')
  await page.fill('[name=username]', 'farah.screener')
  await page.fill('[name=password]', PASSWORD)
  await page.click('main button')
  await page.click('main button')
  await page.waitForURL(/\/tell$/)
  assert.equal(path(page), `${contact}/tell`)
  await page.goto('/front-door/new')
  const once = await page.inputValue('form[action="/front-door/new"] [name=once]')
  const form = { once, source: '1B', caller_name: 'Twice', danger: 'no', what: 'Said once.', child_known: 'not_yet' }
  const first = await page.request.post('/front-door/new', { form, maxRedirects: 0, headers: { origin: server.url } })
  const again = await page.request.post('/front-door/new', { form, maxRedirects: 0, headers: { origin: server.url } })
  assert.equal(first.status(), 303)
  assert.equal(again.headers().location, first.headers().location)
  await close(page)
})

test('the pages are light, protected and ask nobody else', async () => {
  const page = await visitor(browser, server, { phone: true })
  await firstVisit(page, '/ask-for-help')
  await protectedPage(server, '/ask-for-help')
  await close(page)
  const farah = await signIn(browser, server, 'farah.screener', { script: false })
  for (let n = 0; n < 45; n++) {
    const form = { once: `weight-${n}`, source: '2A', caller_name: `Caller ${n}`, danger: 'no', what: 'Words.', child_known: 'not_yet' }
    await farah.request.post('/front-door/new', { form, maxRedirects: 0, headers: { origin: server.url } })
  }
  console.log(`board with more than 45 rows: ${await light(server, '/front-door', { page: farah })} bytes`)
  await close(farah)
})

// Checking a return, with script and without: the census, and the tables of
// children looked after with last year's; findings filtered and taken away, a
// file that is none explained, everything forgotten at the end.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { explained, plainlySaid } from '../lib/bad-input.mjs'
import { Server, program } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'
import { cookiesOf, fetchRaw } from '../lib/weight.mjs'

const SHOTS = process.env.RETURNS_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}
// Rules that find some of the planted faults too: see `throughline synth ssda903 --help`.
const ALSO_FIND = ['191', '204', '208', '435', '444', '504', '620', '621']
const words = (page) => page.locator('main').innerText()
const made = mkdtempSync(join(tmpdir(), 'throughline-returns-'))
const files = (folder) => readdirSync(folder).filter((name) => name.endsWith('.csv')).map((name) => join(folder, name))

/** How many faults were planted for each rule, from the list beside the files. */
const planted = (list) => Object.fromEntries(readFileSync(list, 'utf8').trim().split('\n').slice(1).map((line) => {
  const [rule, count] = line.split(',')
  return [rule, Number(count)]
}))

/** The rules with findings on the page, with their numbers. */
async function found (page) {
  const all = {}
  for (const heading of await page.locator('h3').allInnerTexts()) {
    const [, rule, count] = heading.match(/^(?:error|query|untyped) (\S+): .*\((\d+) findings?/s) || []
    if (rule) all[rule] = Number(count)
  }
  return all
}

before(() => {
  const synth = (...words) => execFileSync(program(), ['synth', ...words], { cwd: made })
  synth('cin', '--children', '300', '--faults', '0.2', '--out', 'census.xml')
  synth('ssda903', '--children', '300', '--faults', '0.2', '--out', 'looked-after')
  writeFileSync(join(made, 'holiday.xml'), '%PDF-1.7 not a census at all')
  writeFileSync(join(made, 'cut.xml'), readFileSync(join(made, 'census.xml'), 'utf8').slice(0, 40000))
  writeFileSync(join(made, 'holiday.csv'), '<html><body>a page</body></html>')
})
after(() => rmSync(made, { recursive: true, force: true }))

for (const script of [true, false]) {
  describe(`returns, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, page, address
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      page = await signIn(browser, server, 'tia.analyst', { script })
      page.setDefaultTimeout(30000)
    })
    after(async () => {
      assert.deepEqual(page?.faults, [])
      assert.deepEqual(page?.outside, [])
      await browser?.close()
      await server?.stop()
    })
    const send = async (button, answer) => {
      await page.click(`button:has-text("${button}")`)
      await answer
    }
    const toFindings = (button) => send(button, page.waitForURL(/\/returns\/[^/?]+$/))
    const toError = (button) => send(button, page.locator('.govuk-error-summary').waitFor())

    test('the page says what it takes and keeps nothing', async () => {
      await page.goto('/')
      await page.click('nav a:has-text("Returns")')
      await accessible(page)
      assert.match(await words(page), /are not kept/)
      await shot(page, `ask-${script}`)
      await page.setViewportSize({ width: 320, height: 800 })
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      assert.ok(wide <= 320, `the page is ${wide} pixels wide`)
      await accessible(page)
      await shot(page, `ask-320-${script}`)
      await page.setViewportSize({ width: 1366, height: 768 })
    })

    test('nothing chosen, and a file that is no return, are explained', async () => {
      await page.goto('/returns')
      await toError('Check the census')
      await explained(page)
      assert.match(await words(page), /Choose the census file/)
      await accessible(page)
      await page.setInputFiles('#file', join(made, 'holiday.xml'))
      await toError('Check the census')
      await page.locator('.govuk-error-summary', { hasText: 'holiday.xml' }).waitFor()
      await explained(page)
      assert.match(await words(page), /holiday\.xml, line 1.*no XML/s)
      await shot(page, `wrong-${script}`)
      await page.goto('/returns')
      await toError('Check the files')
      await explained(page)
      assert.match(await words(page), /Choose this year’s files/)
      await page.setInputFiles('#this', join(made, 'holiday.csv'))
      await toError('Check the files')
      await page.locator('.govuk-error-summary', { hasText: 'No child was found' }).waitFor()
      await explained(page)
      await accessible(page)
    })

    test('a census that was cut short is checked as far as it goes', async () => {
      await page.goto('/returns')
      await page.setInputFiles('#file', join(made, 'cut.xml'))
      await toFindings('Check the census')
      await plainlySaid(page)
      assert.match(await words(page), /Part of the file could not be read/)
      assert.match(await words(page), /cut\.xml, line \d+.*cut short/s)
      await accessible(page)
    })

    test('a census: every planted fault is on the page, filtered and taken away', async () => {
      await page.goto('/returns')
      await page.setInputFiles('#file', join(made, 'census.xml'))
      await toFindings('Check the census')
      await accessible(page)
      await shot(page, `findings-${script}`)
      assert.match(await words(page), /census\.xml: 300 children read/)
      const wanted = planted(join(made, 'census.xml.faults.csv'))
      assert.deepEqual(await found(page), wanted)
      address = new URL(page.url()).pathname

      const [rule] = Object.keys(wanted)
      await page.selectOption('#rule', rule)
      await page.click('button:has-text("Show")')
      assert.deepEqual(Object.keys(await found(page)), [rule])
      await accessible(page)
      await page.selectOption('#rule', '')
      await page.selectOption('#kind', 'query')
      await page.click('button:has-text("Show")')
      const queries = Object.keys(await found(page))
      assert.ok(queries.length < Object.keys(wanted).length && queries.every((code) => code.endsWith('Q')), queries.join())

      const cookie = await cookiesOf(page)
      for (const [form, begins] of [['xlsx', 'PK'], ['csv', ''], ['html', '<!DOCTYPE html>']]) {
        await page.locator(`a[href$="findings.${form}"]`).waitFor()
        const { status, headers, body } = await fetchRaw(server, `${address}/file/findings.${form}`, { cookie, headers: { 'accept-encoding': 'identity' } })
        assert.equal(status, 200)
        assert.match(headers['content-disposition'], new RegExp(`attachment; filename="findings.${form}"`))
        assert.equal(headers['cache-control'], 'no-store')
        assert.ok(body.length > 1000 && body.toString('latin1').toLowerCase().startsWith(begins.toLowerCase()), `findings.${form}`)
        if (form === 'csv') for (const code of Object.keys(wanted)) assert.ok(body.includes(code), code)
      }
    })

    test('nobody else sees the findings, and they are forgotten when asked', async () => {
      const jo = await signIn(browser, server, 'jo.socialworker', { script })
      const other = await jo.goto(address)
      assert.equal(other.status(), 404)
      assert.equal((await jo.goto('/returns')).status(), 404)
      await jo.context().close()
      await page.goto(address)
      await page.click('text=Forget these findings now')
      await page.locator('.govuk-notification-banner').waitFor()
      await accessible(page)
      assert.equal((await page.goto(address)).status(), 404)
    })

    test('children looked after, with last year’s: every planted fault is found', async () => {
      await page.goto('/returns')
      await page.setInputFiles('#this', files(join(made, 'looked-after')))
      await page.setInputFiles('#last', files(join(made, 'looked-after/prev')))
      await toFindings('Check the files')
      await accessible(page)
      await shot(page, `looked-after-${script}`)
      assert.match(await words(page), /300 children read/)
      const all = Object.entries(await found(page)).filter(([rule]) => !ALSO_FIND.includes(rule))
      assert.deepEqual(Object.fromEntries(all), planted(join(made, 'looked-after.faults.csv')))
      assert.match(await words(page), /Not checked is not the same as passed/)
    })

    test('what was checked goes when its owner signs out', async () => {
      const left = new URL(page.url()).pathname
      await page.click('text=Sign out')
      await page.waitForURL(/sign-in/)
      const again = await signIn(browser, server, 'tia.analyst', { script })
      assert.equal((await again.goto(left)).status(), 404)
      await again.context().close()
    })
  })
}

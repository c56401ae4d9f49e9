// Words and files that break careless programs. Each form gets them all, and
// must answer in plain words and keep what was typed.
import assert from 'node:assert/strict'

export const AWKWARD = {
  nothing: '',
  blank: '   \t ',
  long: 'It was a long day. '.repeat(4000),
  arabic: 'ليلى أحمد بن يوسف',
  chinese: '王小明',
  polish: 'Źdźbło Łukasiewicz',
  emoji: '👨‍👩‍👧‍👦 Family 🏳️‍🌈',
  quote: `O'Brien "Bob" <b>&amp;`,
  script: '<script>document.title="caught"</script>',
  sql: `Robert'); DROP TABLE person;--`,
  template: '{{ 7*7 }} ${7*7} {% raise %}',
  control: 'a\u0000b\u0007c\u202Ed',
  formula: '=HYPERLINK("http://example.invalid","x")'
}

/** Whether the page is one of ours for people: no stack trace, no bare error. */
export async function plainlySaid (page) {
  const text = await page.locator('body').innerText()
  assert.doesNotMatch(text, /panicked|thread '|sqlx|SQLSTATE|no such (table|column)|stack backtrace|Failed to deserialize/i)
  assert.notEqual(await page.title(), 'caught', 'typed script was run')
  assert.ok(await page.locator('h1').count() === 1, 'a page without one h1')
}

/** After a refused form: a summary whose links all lead to a field that is there. */
export async function explained (page) {
  await plainlySaid(page)
  const links = page.locator('.govuk-error-summary__list a')
  const count = await links.count()
  assert.ok(count > 0, 'no error summary')
  for (let i = 0; i < count; i++) {
    const id = (await links.nth(i).getAttribute('href')).slice(1)
    const there = await page.evaluate((id) => !!document.getElementById(id), id)
    assert.ok(there, `the summary links to #${id}, which is not there`)
  }
  assert.match(await page.title(), /^Error: /)
}

// My work, allocation, and who has looked: their budgets, with script on and off.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn, visitor } from '../lib/session.mjs'

const SHOTS = process.env.WORK_SHOTS
const shot = async (page, name) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

let server, browser
before(async () => {
  server = await Server.start()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const PERSONAS = [
  'farah.screener', 'jo.socialworker', 'amina.asye', 'priya.manager', 'tom.socialworker', 'sam.manager',
  'graham.iro', 'okafor.director', 'tia.analyst', 'nia.admin', 'leila.fostering', 'chen.police',
  'rosa.health', 'dev.earlyhelp', 'cllr.davies'
]

for (const persona of PERSONAS) {
  test(`R001-42 ${persona} has a home of at most seven blocks`, async () => {
    const page = await signIn(browser, server, persona)
    assert.equal(await page.locator('h1').innerText(), 'My work')
    const blocks = await page.locator('.tl-home > section').count()
    assert.ok(blocks >= 1 && blocks <= 7, `${persona} has ${blocks} blocks`)
    await accessible(page)
    await shot(page, persona)
    assert.deepEqual(page.faults, [])
    assert.deepEqual(page.outside, [])
    await page.context().close()
  })
}

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script'

  test(`UX01 what is late is seen at once, ${how}`, async () => {
    const page = await signIn(browser, server, 'jo.socialworker', { script })
    const count = new Counter(page)
    const heading = page.getByRole('heading', { name: /^Late and due today/ })
    const box = await heading.boundingBox()
    assert.ok(box && box.y + box.height < 768, 'the heading is on the first screen')
    const first = page.locator('section[aria-labelledby="block-due-today"]').locator('li, p').first()
    const line = await first.boundingBox()
    assert.ok(line && line.y + line.height < 768, 'the first line is on the first screen')
    count.within('UX01')
    await page.context().close()
  })

  test(`UX27 who has looked, from the child's page, ${how}`, async () => {
    const page = await signIn(browser, server, 'jo.socialworker', { script })
    await page.locator('section[aria-labelledby="block-my-children"] li a').first().click()
    const count = new Counter(page)
    await count.click(page.getByRole('link', { name: 'Who has looked' }))
    await page.getByRole('heading', { level: 1, name: /Who has looked/ }).waitFor()
    count.within('UX27')
    assert.match(await page.locator('tbody tr').first().innerText(), /Jo/)
    await accessible(page)
    await shot(page, 'looks')
    await page.getByRole('link', { name: /as it was known/ }).click()
    await page.getByText('This is not the record of today.').waitFor()
    await accessible(page)
    await shot(page, 'as-known')
    await page.context().close()
  })
}

/** A worker of North leaves; the children they hold wait for another. */
async function somebodyLeaves () {
  const manager = await signIn(browser, server, 'priya.manager')
  await manager.goto('/team')
  const rows = manager.locator('tbody > tr').filter({ has: manager.locator('details') })
  const names = await rows.locator('> th').evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent.trim()))
  const name = names.filter((name) => !/^(Jo|Amina) /.test(name)).at(-1)
  await manager.context().close()
  const admin = await signIn(browser, server, 'nia.admin')
  await admin.goto(`/access/workers?name=${encodeURIComponent(name)}`)
  await admin.getByRole('link', { name }).click()
  await admin.getByRole('button', { name: /^End / }).click()
  await admin.getByText('Their access has ended').waitFor()
  await accessible(admin)
  await shot(admin, 'worker')
  await admin.context().close()
  return name
}

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script'

  test(`UX12 a family is allocated with its load in sight, ${how}`, async () => {
    const left = await somebodyLeaves()
    const page = await signIn(browser, server, 'priya.manager', { script })
    await shot(page, `home-manager-${script}`)
    const line = page.locator('section[aria-labelledby="block-unallocated"] li').filter({ hasText: `${left} has left` }).first()
    const count = new Counter(page)
    await count.click(line.getByRole('link'))
    await page.locator('input[name="worker"]').first().waitFor()
    assert.match(await page.locator('.govuk-radios__hint').first().innerText(), /children?, .* points/)
    assert.equal(await page.locator('input:checked').count(), 0, 'nobody is chosen beforehand')
    await accessible(page)
    await shot(page, `allocate-${script}`)
    const roomy = page.locator('.govuk-radios__item').filter({ hasNot: page.locator('.govuk-tag') }).first()
    await count.click(roomy.locator('input'))
    const reason = page.locator('textarea[name="reason"]')
    await count.type(reason, `${left} has left the council`)
    await count.click(page.getByRole('button', { name: /^Allocate / }))
    await page.getByText(/^Allocated to /).waitFor()
    count.within('UX12')
    await page.context().close()
  })
}

test('the team, access and help pages are accessible', async () => {
  const visits = [
    ['priya.manager', ['/team']],
    ['okafor.director', ['/team', '/access', '/counts']],
    ['nia.admin', ['/access', '/access/workers', '/access/workers/new', '/access/password']]
  ]
  for (const [persona, paths] of visits) {
    const page = await signIn(browser, server, persona)
    for (const path of paths) {
      const answer = await page.goto(path)
      assert.equal(answer.status(), 200, `${persona} at ${path}`)
      await accessible(page)
      await shot(page, `${persona}${path.replaceAll('/', '-')}`)
    }
    await page.context().close()
  }
  const page = await visitor(browser, server)
  for (const path of ['', '/accessibility', '/privacy', '/glossary', '/learning', '/practice']) {
    const answer = await page.goto(`/help${path}`)
    assert.equal(answer.status(), 200)
    await accessible(page)
  }
  await page.context().close()
})

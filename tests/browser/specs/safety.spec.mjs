// What must hold when things go wrong: a session that runs out while somebody
// writes, emergency access that asks for the password again, proposals of the
// chronology, and a plan's end that a manager agrees. Script on and off.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { AWKWARD, explained, plainlySaid } from '../lib/bad-input.mjs'
import { Server } from '../lib/server.mjs'
import { PASSWORD, openBrowser, signIn } from '../lib/session.mjs'

const shot = async (page, name) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/safety-${name}.png`, fullPage: true })
}

/** The page of a person, found as a worker finds them. */
async function found (page, name) {
  await page.goto('/find')
  await page.locator('#search').fill(name)
  await page.locator('#search').press('Enter')
  await page.locator('main a[href^="/people/"]', { hasText: name.split(' ')[0] }).first().click()
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/)
  return new URL(page.url()).pathname.match(/^\/people\/[0-9a-f-]{36}/)[0]
}

/** Signs the worker out in another tab of the same browser. */
async function signOutElsewhere (page) {
  const tab = await page.context().newPage()
  await tab.goto('/')
  await tab.locator('form[action="/sign-out"] button').first().click()
  await tab.waitForURL(/\/sign-in/)
  await tab.close()
}

/** The child's assessment that is being written; one is started if none is. */
async function assessment (page, child) {
  await page.goto(`${child}/work`)
  const start = page.locator('summary:has-text("Start: child and family assessment")')
  if (await start.count() > 0) {
    await start.click()
    await page.locator('input[name="children"]').first().check()
    await page.click('button:has-text("Start: child and family assessment")')
  } else {
    await page.locator('main table a:has-text("assessment")').first().click()
  }
  await page.waitForURL(/\/steps\/[0-9a-f-]{36}$/)
  return new URL(page.url()).pathname
}

/** The child's plan; one is started if there is none. */
async function planOf (page, child) {
  await page.goto(`${child}/plan`)
  if (!new URL(page.url()).pathname.startsWith('/plans/')) {
    await page.click('text=Start a child in need plan')
    if (await page.locator('#reason').count()) await page.fill('#reason', 'The family asked for it now.')
    await page.fill('#aim', 'Maya sleeps at night.')
    await page.check('[name="agreed"][value="yes"]')
    await page.fill('#other_parent', 'He fetches her on Fridays.')
    await page.fill('#tell_child', 'Jo helps Mum find a quiet home.')
    await page.check('[name="outcome"][value="start"]')
    await page.click('.tl-savebar button')
    await page.waitForURL(/\/plans\/[0-9a-f-]{36}/)
    const plan = new URL(page.url()).pathname
    await page.goto(`${plan}/goals/new`)
    await page.fill('#goal', 'Maya sleeps at night')
    await page.click('.tl-savebar button')
    await page.waitForURL((url) => url.pathname === plan)
  }
  return new URL(page.url()).pathname
}

/** Signs in again on the page that asks for it, and sends what was kept. */
async function signInAgain (page, persona) {
  await page.waitForURL(/\/sign-in/)
  await plainlySaid(page)
  await page.fill('input[name="username"]', persona)
  await page.fill('input[name="password"]', PASSWORD)
  await page.press('input[name="password"]', 'Enter')
  await page.waitForURL(/\/resume/)
  await accessible(page)
  await page.click('button:has-text("Send it now")')
}

for (const script of [true, false]) {
  describe(`safety, script ${script ? 'on' : 'off'}`, () => {
    let server, browser, jo, child
    before(async () => {
      server = await Server.start()
      browser = await openBrowser()
      jo = await signIn(browser, server, 'jo.socialworker', { script })
      jo.setDefaultTimeout(30000)
      child = await found(jo, 'Maya Qandili')
    })
    after(async () => {
      assert.deepEqual(jo?.faults, [])
      await browser?.close()
      await server?.stop()
    })

    test('S3: a note that was being sent when the session ran out is saved after signing in', async () => {
      await jo.goto(`${child}/notes/new`)
      await jo.fill('#text', 'Tea at home while the session ran out.')
      await signOutElsewhere(jo)
      await jo.locator('.tl-savebar button').first().click()
      await shot(jo, `signed-out-${script}`)
      await signInAgain(jo, 'jo.socialworker')
      await jo.waitForURL(/\/story$/)
      assert.match(await jo.locator('main').innerText(), /Tea at home while the session ran out\./)
    })

    test('S3: a section of a step is kept in the same way', async () => {
      const step = await assessment(jo, child)
      await jo.goto(`${step}/development`)
      await jo.fill('#development', 'She hums on the way to school.')
      await signOutElsewhere(jo)
      await jo.locator('.tl-savebar button').first().click()
      await signInAgain(jo, 'jo.socialworker')
      await jo.goto(`${step}/development`)
      assert.match(await jo.inputValue('#development'), /hums on the way/)
    })

    test('S2: two tabs write one section, and both texts stand side by side', async () => {
      const step = await assessment(jo, child)
      const other = await jo.context().newPage()
      await jo.goto(`${step}/family`)
      await other.goto(`${step}/family`)
      await jo.fill('#family', 'Nan lives in the same street.')
      await jo.click('.tl-savebar button:has-text("carry on")')
      await jo.waitForURL((url) => !url.pathname.endsWith('/family'))
      await other.fill('#family', 'Nan lives two streets away.')
      await other.click('.tl-savebar button:has-text("carry on")')
      await other.waitForURL(/compare$/)
      const text = await other.locator('main').innerText()
      assert.ok(text.includes('same street') && text.includes('two streets away'))
      await accessible(other)
      await other.close()
    })

    test('a proposal of the chronology is taken in, in the worker’s own words', async () => {
      await jo.goto(`${child}/chronology`)
      await accessible(jo)
      const proposal = jo.locator('.tl-proposal').first()
      assert.ok(await proposal.count() > 0, 'the demonstration has a proposal for Maya')
      await proposal.locator('input[value="take"]').check()
      await proposal.locator('summary').click()
      await proposal.locator('textarea[name^="wording_"]').fill('The family asked for help, and got it.')
      await proposal.locator('textarea[name^="impact_"]').fill('She sleeps again.')
      await shot(jo, `proposals-${script}`)
      await jo.click('button:has-text("Save these choices")')
      await jo.waitForURL(/\/chronology/)
      const row = jo.locator('.tl-chronology tbody tr', { hasText: 'asked for help, and got it' })
      assert.match(await row.innerText(), /She sleeps again/)
      await accessible(jo)
    })

    test('R003-23: a manager agrees that a plan ends, and its author cannot', async () => {
      const plan = await planOf(jo, child)
      await jo.goto(`${plan}/close`)
      await jo.fill('#different', 'She sleeps.')
      const results = jo.locator('input[name^="goals."][name$=".result"][value="reached"]')
      for (let i = 0; i < await results.count(); i++) await results.nth(i).check()
      await jo.check('[name="outcome"][value="close"]')
      await jo.selectOption('#reason', 'RC7')
      await jo.fill('#tell_child', 'Jo says goodbye on Friday.')
      await jo.click('.tl-savebar button')
      await jo.waitForURL((url) => url.pathname === plan)
      assert.match(await jo.locator('main').innerText(), /waits for a manager/)
      const href = await jo.locator('main a[href^="/steps/"]').first().getAttribute('href')
      await jo.goto(`${href}/authorise`)
      assert.match(await jo.locator('main').innerText(), /cannot be done/)

      const priya = await signIn(browser, server, 'priya.manager', { script })
      await priya.goto(`${href}/authorise`)
      await accessible(priya)
      assert.equal(await priya.locator('input[type=radio]:checked').count(), 0, 'nothing is chosen ahead')
      await priya.click('button:has-text("Save my decision")')
      await explained(priya)
      await priya.check('input[name="decision"][value="authorise"]')
      await priya.fill('#view', 'The goals were reached, and Maya says so herself.')
      const outcome = priya.locator('input[name="outcome"]')
      if (await outcome.count() > 0) await outcome.first().check()
      await shot(priya, `closure-${script}`)
      await priya.click('button:has-text("Save my decision")')
      await priya.goto(plan)
      assert.match(await priya.locator('main').innerText(), /Ended/)
      await priya.context().close()
    })

    test('T11: emergency access asks for the password again, and somebody checks it', async () => {
      const tom = await signIn(browser, server, 'tom.socialworker', { script })
      tom.setDefaultTimeout(30000)
      await tom.goto(`${child}/open`)
      await accessible(tom)
      await tom.click('main form button')
      await explained(tom)
      await tom.fill('textarea[name="reason"]', 'Police are at the door: is there a baby in the home?')
      await tom.fill('#password', 'not-my-password')
      await tom.click('main form button')
      await explained(tom)
      await accessible(tom)
      await shot(tom, `open-${script}`)
      assert.match(await tom.inputValue('textarea[name="reason"]'), /Police are at the door/, 'the reason is kept')
      assert.equal(await tom.inputValue('#password'), '', 'the password is not')
      await tom.fill('#password', PASSWORD)
      await tom.click('main form button')
      await tom.waitForURL((url) => url.pathname === child)
      await tom.goto(`${child}/story`)
      assert.equal(await tom.locator('h1').count(), 1)
      await tom.context().close()

      const nia = await signIn(browser, server, 'nia.admin', { script })
      await nia.goto('/access')
      await accessible(nia)
      const text = await nia.locator('main').innerText()
      assert.match(text, /Police are at the door/)
      assert.doesNotMatch(text, /Qandili/)
      await nia.click('a:has-text("Unusual looks")')
      await nia.click('button:has-text("Look for new ones now")')
      await accessible(nia)
      await shot(nia, `unusual-${script}`)
      await nia.context().close()
    })

    test('bad input on every form about a child is answered in plain words and kept', async () => {
      const pages = ['notes/new', 'visits/new', 'chronology/new', 'edit', 'address', 'relationship']
      const awkward = ['nothing', 'long', 'arabic', 'script', 'control']
      for (const place of pages) {
        for (const name of awkward) {
          await jo.goto(`${child}/${place}`)
          const fields = jo.locator('main form[method="post"] textarea:visible, main form[method="post"] input[type="text"]:visible')
          const count = await fields.count()
          for (let i = 0; i < count; i++) await fields.nth(i).fill(AWKWARD[name])
          await jo.locator('main form[method="post"] button[type="submit"], main form[method="post"] button:not([type])').last().click()
          await plainlySaid(jo)
        }
      }
    })

    test('a forged identifier is an address that is not there', async () => {
      const forged = child.replace(/[0-9a-f]{12}$/, '0123456789ab')
      for (const path of ['', '/story', '/plan', '/notes/new', '/looks', '/open', '/work']) {
        const answer = await jo.goto(forged + path)
        assert.equal(answer.status(), 404, path)
        await plainlySaid(jo)
      }
      for (const odd of ['/people/1', "/people/' or 1=1", '/steps/%00', '/plans/../../etc/passwd', '/notes/x/correct']) {
        const answer = await jo.goto(odd)
        assert.ok([400, 404].includes(answer.status()), `${odd}: ${answer.status()}`)
        await plainlySaid(jo)
      }
    })
  })
}

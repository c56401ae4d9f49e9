// Finding people, the front page of a person and the family's page: UX02,
// UX14, UX16 and UX25 counted, axe on each page, with script on and off.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accessible } from '../lib/axe.mjs'
import { Counter } from '../lib/budget.mjs'
import { Server } from '../lib/server.mjs'
import { openBrowser, signIn } from '../lib/session.mjs'

let server, browser
before(async () => { [server, browser] = await Promise.all([Server.start(), openBrowser()]) })
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Someone signed in, on a page with the search field. */
async function arrive (browser, server, persona, options) {
  const page = await signIn(browser, server, persona, options)
  await page.goto('/find')
  return page
}

/** Finds by the field in the header and opens the first match. */
async function open (page, words) {
  await page.fill('#search', words)
  await page.press('#search', 'Enter')
  await page.locator('.tl-found__card h2 a').first().click()
}

for (const script of [true, false]) {
  describe(`people, script ${script ? 'on' : 'off'}`, () => {
    test('UX02, R001-24: a misspelt name finds the child, with the reason', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      const count = new Counter(page)
      await count.type('#search', 'mia 2013')
      await count.press('Enter')
      const cards = page.locator('.tl-found__card')
      await cards.first().waitFor()
      const names = (await cards.locator('h2').allInnerTexts()).slice(0, 3)
      assert.ok(names.some((name) => name.startsWith('Maya')), names.join(', '))
      assert.ok((await cards.first().locator('.tl-because').innerText()).length > 0)
      await accessible(page)
      await count.click(cards.first().locator('h2 a'))
      await page.waitForURL(/\/people\/[0-9a-f-]{36}$/)
      count.within('UX02')
      await page.context().close()
    })

    test('R001-25, UX16: from the search to a partner’s telephone', async () => {
      const page = await arrive(browser, server, 'farah.screener', { script })
      await page.fill('#search', 'maya')
      await page.press('#search', 'Enter')
      const call = page.locator('.tl-found__card a[href^="tel:"]').first()
      assert.match(await call.getAttribute('href'), /^tel:\+?\d{6,}$/)
      assert.ok(!page.url().includes('maya'), 'no name in the address')
      await page.context().close()
    })

    test('nobody found says what to try; an empty search says what to write', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      await page.fill('#search', 'zzyzx qqwkk')
      await page.press('#search', 'Enter')
      await page.waitForSelector('h1:has-text("Nobody found")')
      assert.match(await page.innerText('main'), /try less rather than more/)
      await accessible(page)
      await page.fill('#search', '')
      await page.press('#search', 'Enter')
      await page.waitForSelector('.govuk-error-summary')
      await page.goto('/find')
      await accessible(page)
      await page.context().close()
    })

    test('UX14, R000-12, R003-10: the family page with its genogram', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      await open(page, 'maya')
      await accessible(page)
      const well = await page.locator('#well').boundingBox()
      const worried = await page.locator('#worried').boundingBox()
      assert.ok(well.y < worried.y, 'what goes well stands above the worries')
      const count = new Counter(page)
      await count.click('.tl-subnav a:has-text("Family and network")')
      await page.waitForURL(/\/families\//)
      assert.ok(await page.locator('svg.tl-genogram').isVisible())
      assert.equal(await page.locator('.tl-genogram-scroll').getAttribute('tabindex'), '0')
      count.within('UX14')
      await accessible(page)
      await page.context().close()
    })

    test('UX25: add a person to the family', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      await open(page, 'maya')
      await page.click('.tl-subnav a:has-text("Family and network")')
      await page.waitForURL(/\/families\//)
      const family = page.url()
      const given = script ? 'Orla' : 'Tove'
      const count = new Counter(page)
      await count.click('summary:has-text("Add a person")')
      await count.click('label[for="kind-2"]')
      await count.type('#given', given)
      await count.type('#family', 'Vossberry')
      await count.click('button:has-text("Add to the family")')
      await page.waitForSelector(`.govuk-notification-banner:has-text("${given} was added")`)
      count.within('UX25')
      assert.equal(page.url(), family)
      assert.ok(await page.locator(`h3:has-text("${given} Vossberry")`).isVisible())
      await page.context().close()
    })

    test('someone who may be known already is shown before saving, and never in the way', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      await open(page, 'maya')
      const name = (await page.innerText('.tl-identity__name')).replace(/\(.*\)/, '').trim().split(' ')
      await page.click('.tl-subnav a:has-text("Family and network")')
      await page.goto(`${page.url()}/add`)
      await accessible(page)
      await page.click('label[for="kind"]')
      await page.fill('#given', name[0])
      if (script) {
        const hint = page.waitForResponse((answer) => answer.url().endsWith('/find/hints') && answer.status() === 200)
        await page.locator('#family').pressSequentially(name.at(-1))
        await hint
        await page.waitForSelector('#hints a')
        await page.fill('#given', '')
        await page.fill('#given', name[0])
      } else {
        await page.fill('#family', name.at(-1))
        await page.click('button:has-text("Add to the family")')
        await page.waitForSelector('h2:has-text("Is it one of these?")')
        assert.equal(await page.inputValue('#given'), name[0])
        await accessible(page)
        await page.click('button:has-text("This is someone new")')
        await page.waitForSelector('.govuk-notification-banner')
      }
      await page.context().close()
    })

    test('what is known of a person is changed on one page, with everything kept', async () => {
      const page = await arrive(browser, server, 'jo.socialworker', { script })
      await open(page, 'maya')
      const person = page.url()
      await page.goto(`${person}/edit`)
      await accessible(page)
      await page.fill('#going_well', 'She reads to her little brother every night.')
      await page.fill('#given', '')
      await page.click('button:has-text("Save what we know")')
      await page.waitForSelector('.govuk-error-summary')
      assert.match(await page.inputValue('#going_well'), /little brother/)
      await page.fill('#given', 'Maya')
      await page.click('button:has-text("Save what we know")')
      await page.waitForURL(person)
      assert.match(await page.innerText('section:has(#well)'), /little brother/)
      for (const part of ['address', 'relationship', 'duplicates']) {
        await page.goto(`${person}/${part}`)
        await accessible(page)
      }
      await page.goto(`${person}/address`)
      await page.click('label[for="kind"]')
      await page.fill('#line1', script ? '9 Heron Way' : '12 Heron Way')
      await page.fill('#postcode', 'LK1 2AB')
      await page.click('button:has-text("Save address")')
      await page.waitForURL(person)
      assert.match(await page.innerText('section:has(#homes)'), /Heron Way/)
      await page.context().close()
    })
  })
}

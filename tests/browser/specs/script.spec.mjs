// The built script by itself: drafts, dependent questions, repeating groups,
// hints, one submission. What it does with the real server is shown by the
// journeys.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openBrowser, visitor } from '../lib/session.mjs'
import { openStage } from '../lib/stage.mjs'

const FORM = `<form method="post" action="/submit" data-draft-url="/draft">
<label for="given">Name</label><input id="given" name="given" data-suggest-url="/hints" data-suggest-into="hints">
<div id="hints"></div>
<label for="words">Words</label><textarea id="words" name="words"></textarea>
<input type="radio" id="y" name="more" value="yes"><label for="y">Yes</label>
<input type="radio" id="n" name="more" value="no"><label for="n">No</label>
<div id="dependent" data-show-if="more" data-show-values="yes"><p data-when>Only if you answered yes.</p><label for="why">Why</label><input id="why" name="why"></div>
<div data-repeat="1" data-repeat-max="2"><fieldset data-repeat-item><legend>Child 1</legend><label for="c.0.given">First name</label><input id="c.0.given" name="c.0.given"></fieldset>
<button id="add" name="add" value="c" data-repeat-add>Add another child</button>
<template><fieldset data-repeat-item><legend>Another child</legend><label for="c.__N__.given">First name</label><input id="c.__N__.given" name="c.__N__.given"></fieldset></template></div>
<p data-draft-status></p><button id="send">Send</button></form>`

const until = async (ready, what, patience = 8000) => {
  const end = Date.now() + patience
  while (Date.now() < end) {
    if (await ready()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  assert.fail(`waited ${patience} ms in vain: ${what}`)
}

describe('the script', () => {
  let browser, stage, page
  before(async () => { browser = await openBrowser() })
  after(async () => { await browser.close() })
  beforeEach(async (t) => {
    stage = await openStage(FORM)
    page = await visitor(browser, stage)
    await page.goto('/')
  })
  const status = () => page.locator('[data-draft-status]').innerText()
  const finish = async () => {
    assert.deepEqual(page.faults, [])
    assert.deepEqual(page.outside, [])
    await page.context().close()
    await stage.stop()
  }

  test('S3: what is typed is on the server within 2 seconds, also while typing goes on', async () => {
    // By the page's own clock, so that a busy machine is not taken for a slow script.
    let asked = 0
    page.on('request', (request) => { if (request.url().endsWith('/draft')) asked++ })
    await page.clock.install()
    await page.goto('/')
    await page.clock.pauseAt(new Date(Date.now() + 60000))
    const STEP = 250
    const saved = [0]
    let typed = 0
    let now = 0
    const step = async () => {
      await page.clock.runFor(STEP)
      now += STEP
      const before = stage.saves.length
      await page.evaluate('0')
      await until(() => stage.saves.length >= asked, 'what was sent has come')
      await until(async () => !(await status()).startsWith('Saving'), 'it was answered')
      if (stage.saves.length > Math.max(before, saved.length - 1)) saved.push(now)
    }
    while (now < 5000) {
      await page.type('#words', 'abcde ')
      typed += 6
      await step()
    }
    const ended = now
    while (stage.saves.at(-1)?.fields.get('words').length !== typed) {
      assert.ok(now - ended <= 2000, 'the last words are not saved within 2 seconds')
      await step()
    }
    saved.slice(1).forEach((at, i) => assert.ok(at - saved[i] <= 2000 + STEP, `${at - saved[i]} ms between two saves`))
    assert.ok(stage.saves.length >= 2 && stage.saves.length < 10, `${stage.saves.length} saves`)
    const order = stage.saves.map((save) => Number(save.fields.get('draft_seq')))
    assert.deepEqual(order, order.map((_, i) => i + 1), 'numbered in order')
    await until(async () => await status() === 'Saved 14:02', 'the line says so')
    await finish()
  })

  test('signed out: the words stay, it says so, and it keeps trying', async () => {
    stage.reply = [401, {}]
    await page.type('#words', 'kept')
    await until(async () => (await status()).startsWith('You are signed out: your words are kept'), 'the line')
    assert.equal(await page.locator('[data-draft-status] a').getAttribute('href'), '/sign-in')
    stage.reply = [200, { saved_at: '15:30' }]
    await until(async () => await status() === 'Saved 15:30', 'saved after signing in again')
    assert.equal(stage.saves.at(-1).fields.get('words'), 'kept')
    await finish()
  })

  test('someone else changed it: a link to both texts, nothing lost', async () => {
    stage.reply = [409, { link: '/compare' }]
    await page.type('#words', 'mine')
    await until(async () => (await status()).includes('Someone else changed this'), 'the line')
    assert.equal(await page.locator('[data-draft-status] a').getAttribute('href'), '/compare')
    assert.equal(await page.inputValue('#words'), 'mine')
    stage.reply = [200, {}]
    await finish()
  })

  test('offline: it says so, and saves when the network is back', async () => {
    await page.context().setOffline(true)
    await page.type('#words', 'on the train')
    await until(async () => (await status()).includes('you are offline'), 'the line')
    assert.equal(stage.saves.length, 0)
    await page.context().setOffline(false)
    await until(() => stage.saves.length > 0, 'saved after the tunnel')
    assert.equal(stage.saves.at(-1).fields.get('words'), 'on the train')
    await finish()
  })

  test('leaving the page sends the last words at once', async () => {
    await page.type('#words', 'last words')
    await page.goto('about:blank')
    await until(() => stage.saves.some((save) => save.fields.get('words') === 'last words'), 'sent on leaving', 1500)
    await finish()
  })

  test('a dependent question appears with its answer and keeps what was typed', async () => {
    assert.equal(await page.isVisible('#dependent'), false)
    await page.check('#y')
    assert.equal(await page.isVisible('#dependent'), true)
    assert.equal(await page.locator('[data-when]').count(), 0)
    await page.fill('#why', 'reason')
    await page.check('#n')
    await page.check('#y')
    assert.equal(await page.inputValue('#why'), 'reason')
    await finish()
  })

  test('add another: a new set with its own number and the focus in it, up to the most', async () => {
    await page.click('#add')
    assert.equal(await page.evaluate(() => document.activeElement.name), 'c.1.given')
    assert.equal(await page.locator('[data-repeat-item]').count(), 2)
    assert.equal(await page.isVisible('#add'), false)
    assert.equal(stage.posts.length, 0)
    await finish()
  })

  test('hints while typing come by post, never in an address', async () => {
    await page.type('#given', 'Maya')
    await page.waitForSelector('#hinted')
    assert.equal(stage.asked.at(-1).get('given'), 'Maya')
    await page.fill('#given', '')
    await until(async () => await page.locator('#hinted').count() === 0, 'gone when empty')
    await finish()
  })

  test('two presses send a form once', async () => {
    await page.fill('#words', 'once')
    await page.evaluate(() => {
      document.getElementById('send').click()
      document.getElementById('send').click()
    })
    await page.waitForSelector('h1:has-text("Sent")')
    assert.equal(stage.posts.length, 1)
    assert.equal(stage.posts[0].get('words'), 'once')
    await finish()
  })

  test('without script nothing is hidden', async () => {
    const plain = await visitor(browser, stage, { script: false })
    await plain.goto('/')
    assert.equal(await plain.isVisible('#dependent'), true)
    assert.equal(await plain.isVisible('#add'), true)
    await plain.context().close()
    await finish()
  })
})

// Counts what a task costs a person, and holds it against its budget.
//
// A click is a press of the pointer, or Enter or Space on a control. Keys are
// those typed outside narrative (a textarea). A load is a full page fetched.
import assert from 'node:assert/strict'

/** Budgets of the tasks: clicks, keys, loads. */
export const BUDGETS = {
  UX01: [0, 0, 0],
  UX02: [2, 10, 2],
  UX03: [5, 60, 2],
  UX04: [2, 0, 1],
  UX05: [3, 0, 1],
  UX07: [3, 25, 1],
  UX08: [2, 0, 1],
  UX09: [10, 40, 1],
  UX10: [4, 0, 2],
  UX11: [4, 0, 1],
  UX12: [4, 6, 2],
  UX13: [3, 0, 2],
  UX14: [1, 0, 1],
  UX15: [3, 0, 1],
  UX16: [2, 0, 1],
  UX17: [3, 0, 1],
  UX18: [Infinity, Infinity, 10],
  UX21: [6, 0, 2],
  UX22: [4, 12, 1],
  UX25: [4, 20, 1],
  UX26: [3, 0, 1],
  UX27: [2, 0, 1],
  UX28: [1, 0, 1],
  'R001-25': [2, 0, 1]
}

/** Wraps a page; do the whole task through it, then call `within('UXnn')`. */
export class Counter {
  clicks = 0
  keys = 0
  loads = 0
  #stop

  constructor (page) {
    this.page = page
    const count = (request) => {
      // A redirect is part of the load it leads to.
      if (request.isNavigationRequest() && request.frame() === page.mainFrame() && !request.redirectedFrom()) this.loads++
    }
    page.on('request', count)
    this.#stop = () => page.off('request', count)
  }

  /** Presses the pointer on what `target` finds (a selector or a locator). */
  async click (target) {
    this.clicks++
    await this.#find(target).click()
  }

  /** Counts a press that leaves the browser, as a telephone number does: it must be there to press. */
  async call (target) {
    this.clicks++
    await this.#find(target).click({ trial: true })
  }

  /** Types into a field: counted as keys, unless it is narrative. */
  async type (target, text) {
    const field = this.#find(target)
    const narrative = await field.evaluate((element) => element.tagName === 'TEXTAREA')
    if (!narrative) this.keys += [...text].length
    await field.pressSequentially(text)
  }

  /** Presses one key where the focus is. */
  async press (key) {
    const onText = await this.page.evaluate(() => document.activeElement && /^(TEXTAREA)$/.test(document.activeElement.tagName))
    if ((key === 'Enter' || key === 'Space' || key === ' ') && !onText) this.clicks++
    else if (!onText) this.keys++
    await this.page.keyboard.press(key)
  }

  /** Chooses from a select: one press to open, one on the choice. */
  async choose (target, value) {
    this.clicks += 2
    await this.#find(target).selectOption(value)
  }

  /** Holds the counts against the budget, prints the line, and ends counting. */
  within (task) {
    this.#stop()
    const budget = BUDGETS[task]
    assert.ok(budget, `${task} has no budget in lib/budget.mjs`)
    const spent = [this.clicks, this.keys, this.loads]
    const part = (name, i) => `${name} ${spent[i]}/${budget[i] === Infinity ? '-' : budget[i]}`
    const line = `${task} ${part('clicks', 0)} ${part('keys', 1)} ${part('loads', 2)}`
    console.log(line)
    spent.forEach((count, i) => assert.ok(count <= budget[i], `over budget: ${line}`))
    return line
  }

  #find (target) {
    return typeof target === 'string' ? this.page.locator(target) : target
  }
}

// Hints while typing: possible duplicates, people in the network.
//
// <input data-suggest-url="/find/hints" data-suggest-with="given,family"
//        data-suggest-into="hints">  and  <div id="hints" class="tl-suggest">
//
// The named fields of the form are POSTed (names must not stand in addresses,
// which are logged); the answer is a piece of HTML, or 204 for nothing.

const QUIET = 300 // ms without typing

/** @param {HTMLInputElement} input */
export function suggest (input) {
  const place = document.getElementById(input.dataset.suggestInto)
  const form = input.form
  if (!place || !form) return
  place.setAttribute('aria-live', 'polite')
  const names = (input.dataset.suggestWith || input.name).split(',')
  let timer
  let turn = 0

  async function ask () {
    const mine = ++turn
    const all = new FormData(form)
    const asked = new URLSearchParams()
    for (const name of names) asked.set(name, String(all.get(name) || ''))
    if (![...asked.values()].some((value) => value.trim().length > 1)) {
      place.replaceChildren()
      return
    }
    try {
      const answer = await fetch(input.dataset.suggestUrl, { method: 'POST', body: asked, redirect: 'manual' })
      if (mine !== turn) return // a newer question is on its way
      if (answer.status === 200) place.innerHTML = await answer.text()
      else place.replaceChildren()
    } catch {
      place.replaceChildren() // hints are a help; the form works without
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, QUIET)
  })
}

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
  const names = (input.dataset.suggestWith || input.name).split(',')
  listen(input, place, input.dataset.suggestUrl, () => {
    const all = new FormData(form)
    return names.map((name) => [name, String(all.get(name) || '')])
  })
}

/**
 * The same for a form that the server writes whole:
 * <div data-suggest-form="/front-door/hints" data-suggest-fields="children.,postcode">
 * sends every field whose name is one of these or starts with one ending in a dot.
 */
export function suggestForm (place) {
  const form = place.closest('form')
  // Beside what is being typed, not at the end of a long page.
  form.querySelector('[data-repeat]')?.after(place)
  const wanted = place.dataset.suggestFields.split(',')
  const counts = (name) => wanted.some((w) => name === w || (w.endsWith('.') && name.startsWith(w)))
  listen(form, place, place.dataset.suggestForm, () => [...new FormData(form)].filter(([name]) => counts(name)), counts)
}

function listen (source, place, url, fields, counts = () => true) {
  place.setAttribute('aria-live', 'polite')
  let timer
  let turn = 0

  async function ask () {
    const mine = ++turn
    const asked = new URLSearchParams(fields())
    if (![...asked.values()].some((value) => value.trim().length > 1)) {
      place.replaceChildren()
      return
    }
    try {
      const answer = await fetch(url, { method: 'POST', body: asked, redirect: 'manual' })
      if (mine !== turn) return // a newer question is on its way
      if (answer.status === 200) place.innerHTML = await answer.text()
      else place.replaceChildren()
    } catch {
      place.replaceChildren() // hints are a help; the form works without
    }
  }

  source.addEventListener('input', (event) => {
    if (!counts(event.target.name || '')) return
    clearTimeout(timer)
    timer = setTimeout(ask, QUIET)
  })
}

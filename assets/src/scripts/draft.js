// Saves what is being typed as a draft on the server, unchecked, as it is.
//
// The page:   <form data-draft-url="/drafts/ID"> ... </form>, and if wished a
//             <p class="tl-status" data-draft-status> where the line is shown.
// We send:    the form's fields, urlencoded, with `draft_page` (one page view)
//             and `draft_seq` (1, 2, 3...), so that a late, older save is
//             never laid over a newer one.
// We expect:  200 {"saved_at": "14:02"}, or 409 {"link": "/..."} when someone
//             else changed the text meanwhile, or 401 when signed out. Any
//             other answer may carry {"message": "..."} in plain words.

const SAVE_AFTER = 1800 // ms after the first unsaved keystroke: under 2 s lost
const PATIENCE = 15000 // ms before a save without an answer counts as failed
const LONGEST_WAIT = 30000
const BEACON_LIMIT = 60000 // browsers refuse larger bodies while a page closes

const OFFLINE = 'Not saved: you are offline. Your words are kept on this page. Keep it open.'
const SIGNED_OUT = 'You are signed out: your words are kept on this page. '

/** @param {HTMLFormElement} form */
export function draft (form) {
  const url = form.dataset.draftUrl
  const page = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2)
  const line = statusLine(form)
  let seq = 0
  let changed = 0 // how many changes were made
  let saved = 0 // how many of them the server has
  let failures = 0
  let busy = false
  let leaving = false
  let last = '' // the field that was written in last, to go on there
  let timer

  const dirty = () => changed > saved

  // Whoever comes back to their draft goes on where they stopped: the address
  // names the field; the caret belongs behind its last word.
  const stopped = location.hash && document.getElementById(location.hash.slice(1))
  if (stopped && form.contains(stopped) && stopped.tagName === 'TEXTAREA') {
    stopped.focus()
    stopped.setSelectionRange(stopped.value.length, stopped.value.length)
  }

  function body () {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string') fields.append(name, value)
    }
    const path = fields.get('draft_path')
    if (path && last) fields.set('draft_path', `${path.split('#')[0]}#${last}`)
    fields.set('draft_page', page)
    fields.set('draft_seq', String(++seq))
    return fields
  }

  function later (wait) {
    clearTimeout(timer)
    timer = setTimeout(save, wait)
  }

  async function save () {
    if (busy || !dirty()) return
    busy = true
    clearTimeout(timer)
    const upTo = changed
    line.say('Saving')
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body: body(),
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined,
        redirect: 'manual'
      })
      await understand(answer, upTo)
    } catch {
      failed(navigator.onLine === false ? OFFLINE : 'Not saved: no answer from the server. We keep trying. Keep this page open.')
    }
    busy = false
    if (dirty()) later(failures ? Math.min(LONGEST_WAIT, 1000 * 2 ** failures) : SAVE_AFTER)
  }

  async function understand (answer, upTo) {
    const told = (answer.headers.get('content-type') || '').includes('json') ? await answer.json() : {}
    if (answer.ok) {
      saved = upTo
      failures = 0
      line.say(`Saved ${told.saved_at || clock()}`)
      form.dispatchEvent(new CustomEvent('tl:saved', { bubbles: true }))
    } else if (answer.status === 409) {
      failed('Someone else changed this while you were writing. Your words are kept. ', told.link || location.href, 'See both side by side')
    } else if (answer.status === 401 || answer.type === 'opaqueredirect') {
      failed(SIGNED_OUT, '/sign-in', 'Sign in again in a new tab')
    } else {
      failed(told.message || 'Not saved: something went wrong at our end. We keep trying. Keep this page open.')
    }
  }

  function failed (words, href, linkText) {
    failures++
    line.warn(words, href, linkText)
  }

  /** The last words, when the page is being left or put away. */
  function flush () {
    if (!dirty() || leaving) return
    const fields = body()
    const size = fields.toString().length
    if (size < BEACON_LIMIT && navigator.sendBeacon && navigator.sendBeacon(url, fields)) return
    fetch(url, { method: 'POST', body: fields, keepalive: size < BEACON_LIMIT }).catch((problem) => console.error(problem))
  }

  function typed (event) {
    last = event.target.id || last
    changed++
    if (!busy && changed === saved + 1) later(failures ? 1000 * 2 ** Math.min(failures, 5) : SAVE_AFTER)
  }

  form.addEventListener('input', typed)
  form.addEventListener('change', typed)
  form.addEventListener('submit', () => { leaving = true; clearTimeout(timer) })
  addEventListener('online', () => { failures = 0; save() })
  addEventListener('offline', () => { if (dirty()) failed(OFFLINE) })
  addEventListener('pagehide', flush)
  addEventListener('pageshow', () => { leaving = false })
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') flush() })
  addEventListener('beforeunload', (event) => {
    // Only asked when leaving would really lose words.
    if (dirty() && failures && !leaving) event.preventDefault()
  })
}

const clock = () => new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

/**
 * The line people see, and a separate one for screen readers that speaks only
 * when the state changes: a voice every two seconds would stop anyone writing.
 */
function statusLine (form) {
  let seen = form.querySelector('[data-draft-status]')
  if (!seen) {
    seen = document.createElement('p')
    seen.className = 'tl-status'
    form.append(seen)
  }
  const spoken = document.createElement('p')
  spoken.className = 'govuk-visually-hidden'
  spoken.setAttribute('role', 'status')
  seen.after(spoken)
  let last = ''
  const speak = (kind, words) => {
    if (kind !== last) spoken.textContent = words
    last = kind
  }
  return {
    say (words) {
      seen.className = 'tl-status'
      seen.textContent = words
      if (words !== 'Saving') speak('well', words)
    },
    warn (words, href, linkText) {
      seen.className = 'tl-status tl-status--wrong'
      seen.textContent = words
      if (href) {
        const link = document.createElement('a')
        link.href = href
        link.target = '_blank'
        link.rel = 'noopener'
        link.className = 'govuk-link'
        link.textContent = linkText
        seen.append(link)
      }
      speak(words, seen.textContent)
    }
  }
}

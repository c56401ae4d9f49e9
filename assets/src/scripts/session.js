// Says five minutes before the end that a sign-in is about to end, and lets
// people stay with one press. Drafts are safe either way.

const MINUTE = 60000
const WARN_BEFORE = 5 // minutes

/** @param {HTMLElement} body with data-session-minutes (idle minutes allowed) */
export function sessionWarning (body) {
  const minutes = Number(body.dataset.sessionMinutes)
  if (!(minutes > WARN_BEFORE)) return
  let timer
  let box

  function restart () {
    clearTimeout(timer)
    if (box) box.remove()
    box = undefined
    timer = setTimeout(warn, (minutes - WARN_BEFORE) * MINUTE)
  }

  function warn () {
    box = document.createElement('section')
    box.className = 'tl-timeout'
    box.setAttribute('role', 'alert')
    const words = document.createElement('p')
    words.textContent = `You will be signed out in ${WARN_BEFORE} minutes because nothing was sent for a while. What you have typed in a record is saved as a draft.`
    const stay = document.createElement('button')
    stay.type = 'button'
    stay.className = 'govuk-button govuk-!-margin-bottom-0'
    stay.textContent = 'Stay signed in'
    stay.addEventListener('click', async () => {
      try {
        const answer = await fetch('/session/keep', { method: 'POST', redirect: 'manual' })
        if (answer.ok) restart()
        else words.textContent = 'You are already signed out. Sign in again in another tab: this page stays as it is.'
      } catch {
        words.textContent = 'No answer from the server. Check the connection and press again.'
      }
    })
    box.append(words, stay)
    body.append(box)
  }

  document.addEventListener('tl:saved', restart)
  restart()
}

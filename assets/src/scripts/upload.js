// Says how much of a file was sent. The form goes as it would without script;
// only the waiting gets a bar and words.

/** A large file of a form: a bar while it is sent, then the page that comes of it. */
export function upload (form) {
  const bar = document.createElement('progress')
  const words = document.createElement('p')
  words.className = 'govuk-body'
  words.setAttribute('role', 'status')
  bar.max = 100
  bar.hidden = true
  bar.setAttribute('aria-label', 'How much of the file was sent')
  form.append(bar, words)
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return // a second press
    event.preventDefault()
    const sent = new XMLHttpRequest()
    let said = -1
    sent.upload.addEventListener('progress', ({ loaded, total }) => {
      const share = total ? Math.floor(loaded / total * 100) : 0
      bar.value = share
      // A screen reader hears each quarter and not each piece.
      if (Math.floor(share / 25) === said) return
      said = Math.floor(share / 25)
      words.textContent = share < 100 ? `${share}% sent and being checked` : 'Sent. The rules are being checked'
    })
    sent.addEventListener('load', () => arrived(sent))
    sent.addEventListener('error', () => {
      bar.hidden = true
      words.textContent = 'The file could not be sent: the connection was lost. Check that it is still there and try again'
    })
    bar.hidden = false
    words.textContent = 'Sending'
    sent.open('POST', form.action)
    sent.send(new FormData(form, event.submitter))
  })
}

/** Findings have an address of their own; what is wrong is shown in place. */
function arrived (sent) {
  if (sent.status === 200) return location.assign(sent.responseURL)
  const page = new DOMParser().parseFromString(sent.responseText, 'text/html')
  const main = page.querySelector('main')
  if (!main) return location.reload()
  document.title = page.title
  document.querySelector('main').replaceWith(main)
  main.querySelectorAll('form[data-upload]').forEach(upload)
  const summary = main.querySelector('.govuk-error-summary')
  if (summary) {
    summary.tabIndex = -1
    summary.focus()
  }
}

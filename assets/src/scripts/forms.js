// Small helps for forms: one submission, dependent questions, repeating groups.

/** A double click or an impatient second press sends the form once. */
export function submitOnce (form) {
  let sent = false
  form.addEventListener('submit', (event) => {
    if (event.submitter && event.submitter.formMethod === 'get') return
    if (sent) {
      event.preventDefault()
      return
    }
    sent = true
    // A server that never answers must not lock the form for ever.
    setTimeout(() => { sent = false }, 10000)
  })
  addEventListener('pageshow', () => { sent = false })
}

/**
 * Shows a question only when another has one of the given answers:
 * data-show-if="field" data-show-values="a|b". Hidden answers are kept.
 */
export function dependent (block) {
  const form = block.closest('form')
  const wanted = (block.dataset.showValues || '').split('|')
  const name = block.dataset.showIf
  const update = () => {
    const given = new FormData(form).getAll(name)
    block.hidden = !given.some((value) => wanted.includes(value))
  }
  // The words "only if you answered..." are for pages without script.
  block.querySelector(':scope > [data-when]')?.remove()
  form.addEventListener('change', update)
  update()
}

/**
 * "Add another": the server offers the same by a submit button. The template
 * carries __N__ where the number goes: data-repeat="3" says the next number,
 * data-repeat-max="8" the most there may be.
 */
export function repeating (list) {
  const template = list.querySelector('template')
  const button = list.querySelector('[data-repeat-add]')
  if (!template || !button) return
  let next = Number(list.dataset.repeat)
  const most = Number(list.dataset.repeatMax || 20)
  const count = () => list.querySelectorAll('[data-repeat-item]').length
  button.addEventListener('click', (event) => {
    if (count() >= most) return // the server says in words why not
    event.preventDefault()
    const holder = document.createElement('template')
    holder.innerHTML = template.innerHTML.replaceAll('__N__', String(next++))
    const item = holder.content.firstElementChild
    button.before(item)
    item.querySelectorAll('[data-show-if]').forEach(dependent)
    const first = item.querySelector('input:not([type=hidden]), select, textarea')
    if (first) first.focus()
    if (count() >= most) button.hidden = true
    list.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

/** A print button exists only where script can make it work. */
export function printButton (button) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// A save button that says in whose records it will save: "Save note to Maya,
// 13, and 2 others". Without script it says "and those ticked".
//
// <button data-save-to="also" data-save-words="Save note to Maya, 13">, with
// checkboxes named "also", and perhaps one that ticks them all:
// <input type="checkbox" data-ticks-all="also">.

/** @param {HTMLButtonElement} button */
export function saveTo (button) {
  const form = button.form
  const boxes = [...form.querySelectorAll(`input[type=checkbox][name="${button.dataset.saveTo}"]`)]
  const all = form.querySelector(`input[data-ticks-all="${button.dataset.saveTo}"]`)
  if (!boxes.length) return
  const say = () => {
    const names = boxes.filter((box) => box.checked).map((box) => box.dataset.name || box.labels[0].textContent.trim())
    const others = names.length === 1 ? ` and ${names[0]}` : names.length ? ` and ${names.length} others` : ''
    const words = button.dataset.saveWords + others
    // Replacing a text under a pressed pointer would swallow the click.
    if (button.textContent !== words) button.textContent = words
  }
  form.addEventListener('change', (event) => {
    if (event.target !== all && !boxes.includes(event.target)) return
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked })
    else if (all) all.checked = boxes.every((box) => box.checked)
    say()
  })
  if (all && all.checked) boxes.forEach((box) => { box.checked = true })
  say()
}

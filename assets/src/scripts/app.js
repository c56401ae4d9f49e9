// Everything here only makes pages quicker: each task works without it.
// No storage in the browser, no third parties, no inline script.
import { CharacterCount } from 'govuk-frontend/dist/govuk/components/character-count/character-count.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { ExitThisPage } from 'govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs'
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs'
import { ServiceNavigation } from 'govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs'
import { draft } from './draft.js'
import { dependent, repeating, submitOnce, printButton } from './forms.js'
import { saveTo } from './save-to.js'
import { sessionWarning } from './session.js'
import { suggest, suggestForm } from './suggest.js'
import { upload } from './upload.js'

// GOV.UK Frontend asks for this class before its components start. Its own
// template sets it by inline script, which our security policy refuses.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

const components = [
  [CharacterCount, 'govuk-character-count'],
  [ErrorSummary, 'govuk-error-summary'],
  [ExitThisPage, 'govuk-exit-this-page'],
  [NotificationBanner, 'govuk-notification-banner'],
  [ServiceNavigation, 'govuk-service-navigation']
]

/** Starts one enhancement on each match; one that fails leaves the page usable. */
function each (selector, start) {
  for (const element of document.querySelectorAll(selector)) {
    try {
      start(element)
    } catch (problem) {
      console.error(problem)
    }
  }
}

for (const [Component, name] of components) {
  each(`[data-module="${name}"]`, (element) => new Component(element))
}
each('form[data-draft-url]', draft)
each('form[method="post"]', submitOnce)
each('form[data-upload]', upload)
each('[data-show-if]', dependent)
each('[data-repeat]', repeating)
each('[data-suggest-url]', suggest)
each('[data-save-to]', saveTo)
each('[data-suggest-form]', suggestForm)
each('[data-print]', printButton)
each('body[data-session-minutes]', sessionWarning)

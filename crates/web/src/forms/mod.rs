//! Any form of a practice pack as an accessible page, and the posted page back
//! as answers. An area says which form, which section, what was answered and
//! what was found; nobody writes a form's HTML by hand.
//!
//! ```text
//! GET   forms::Fields::new(form, &answers, today).section("concerns").html()
//! POST  let posted = forms::Posted::read(form, &body);
//!       if let Some(asked) = posted.only_reshape() { show the page again with .adding(asked) }
//!       let findings = form.check(&posted.answers, Some("concerns"));
//!       forms::errors(form, &findings) fills Frame::with_errors
//! ```

mod fields;
mod posted;
#[cfg(test)]
mod tests;
mod view;

pub use fields::{Fields, Html, PersonChoice};
pub use posted::{Posted, Reshape};

use packs::{Finding, Form, Severity};

use crate::ui::FieldError;

/// The findings as the error summary shows them, each linked to its input. A
/// warning links to the box where the reason goes.
pub fn errors(findings: &[Finding]) -> Vec<FieldError> {
    findings
        .iter()
        .map(|finding| match finding.severity {
            Severity::Stop => FieldError::new(&finding.field, &finding.message),
            Severity::Warn => {
                FieldError::new(format!("{}_reason", finding.field), &finding.message)
            }
        })
        .collect()
}

/// Where to take up a half-finished form again: the first section that is
/// asked and has findings, or `None` when all is in order (UX28).
pub fn next_unfinished<'a>(form: &'a Form, answers: &packs::Answers) -> Option<&'a str> {
    form.sections
        .iter()
        .filter(|section| form.shows_section(section, answers))
        .find(|section| !form.check(answers, Some(&section.id)).is_empty())
        .map(|section| section.id.as_str())
}

//! "Suggest a service that is missing": anybody, without an account. It is a
//! report like that of a fault, with the same days, answer and forgetting; an
//! editor makes an entry of it, or says why not.

use directory::Directory;
use packs::Answers;
use record::model::DirectoryReport;

use super::add::{from_suggestion, new_version};
use super::decide::stops;
use super::reports::Came;
use crate::asking::said;
use crate::front_door::contact::answer_words;
use crate::{Casework, Result};

/// What the public fills in.
pub const MISSING: &str = "service-missing";
/// What the editor answers on.
pub(super) const ANSWER: &str = "service-missing-answer";
/// What such a report says is wrong.
pub(super) const WHAT: &str = "missing";

/// The answers of a suggestion; none for the report of a fault.
pub(super) fn suggested(row: &DirectoryReport) -> Option<Answers> {
    let told = row.suggested.as_ref()?.as_object()?;
    Some(Answers::from_map(told.clone()))
}

impl Casework {
    /// Takes a suggestion. Gives the token behind which its answer will stand.
    ///
    /// # Errors
    /// Findings.
    pub async fn suggest_service(&self, answers: &Answers) -> Result<String> {
        stops(self.form(MISSING)?.check(answers, None))?;
        // How to reach whoever suggests it stands in one place, to be forgotten.
        let mut told = answers.as_map().clone();
        told.remove("reply");
        self.keep_report(Came {
            service: None,
            name: answers.text("name").trim().to_owned(),
            what: WHAT.into(),
            words: None,
            suggested: Some(told.into()),
            reply: said(answers, "reply"),
        })
        .await
    }

    /// What was suggested, question and answer.
    pub(super) fn suggestion_lines(&self, told: &Answers) -> Result<Vec<(String, String)>> {
        let form = self.form(MISSING)?;
        let lines = form
            .fields()
            .map(|field| (field.label.clone(), answer_words(field, told)))
            .filter(|(_, words)| !words.is_empty());
        Ok(lines.collect())
    }

    /// Entries that may be what was suggested: id and words.
    pub(super) fn like_suggestion(
        &self,
        directory: &Directory,
        told: &Answers,
    ) -> Vec<(String, String)> {
        match new_version(directory, &from_suggestion(directory, told), "") {
            Ok(new) => self.like_it(directory, &new),
            // A telephone number as people write it may be none: the name stays.
            Err(_) => {
                let mut name = Answers::new();
                name.set("name", told.text("name"));
                name.set("status", "active");
                new_version(directory, &name, "")
                    .map(|new| self.like_it(directory, &new))
                    .unwrap_or_default()
            }
        }
    }
}

//! The public pages between the first question and the reference at the end:
//! answers are kept sealed on the server, under an opaque cookie, and checked
//! once more before they become a contact (R000-23).

use packs::Answers;
use record::Actor;
use serde_json::{Map, Value, json};
use vocabulary::{Id, plain};

use super::Route;
use super::incoming::{new_reference, too_long};
use crate::{Casework, Error, Result};

/// A form of the pack that people without an account fill in.
#[derive(Debug, Clone, Copy)]
pub struct PublicForm(&'static str);

impl From<Route> for PublicForm {
    fn from(route: Route) -> PublicForm {
        PublicForm(route.form())
    }
}

impl From<&'static str> for PublicForm {
    fn from(form: &'static str) -> PublicForm {
        PublicForm(form)
    }
}

/// What is kept under the cookie of a public page.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Answers that have not been sent.
    Answers(Answers),
    /// They have been sent: what the last page says.
    Sent(LastPage),
}

/// The last page of a public form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastPage {
    /// The reference to quote.
    pub reference: String,
    /// What happens next: the pack's letter.
    pub words: String,
    /// They said that somebody is in danger today.
    pub danger: bool,
    /// All that was kept for it.
    pub all: Map<String, Value>,
}

impl Casework {
    /// What is kept under a cookie for a route, or another public form; nothing
    /// once it has expired.
    pub async fn public_answers(
        &self,
        form: impl Into<PublicForm>,
        token: &str,
    ) -> Result<Option<Kept>> {
        let kept = self.store().public_answers(token, form.into().0).await?;
        Ok(kept.map(|kept| {
            let map = kept.body.as_object().cloned().unwrap_or_else(Map::new);
            if kept.sent {
                let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
                Kept::Sent(LastPage {
                    reference: text("reference").to_owned(),
                    words: text("words").to_owned(),
                    danger: map.get("danger").and_then(Value::as_bool).unwrap_or(false),
                    all: map.clone(),
                })
            } else {
                Kept::Answers(Answers::from_map(map))
            }
        }))
    }

    /// Keeps the answers to one page, unchecked, beside those to the others.
    /// Gives the cookie, which is a new one if there was none.
    pub async fn keep_public_page(
        &self,
        form: impl Into<PublicForm>,
        token: Option<&str>,
        section: &str,
        newer: &Answers,
    ) -> Result<String> {
        let PublicForm(id) = form.into();
        let form = self.form(id)?;
        let mut answers = match token {
            Some(token) => match self.public_answers(id, token).await? {
                Some(Kept::Answers(answers)) => answers,
                _ => Answers::new(),
            },
            None => Answers::new(),
        };
        answers.replace_section(form, section, newer);
        let body = answers.into_map().into();
        Ok(self.store().keep_public_answers(token, id, &body).await?)
    }

    /// Forgets what is kept: somebody left the page quickly.
    pub async fn forget_public_answers(&self, token: &str) -> Result<()> {
        Ok(self.store().forget_public_answers(token).await?)
    }

    /// Sends the answers: from here on they are a contact on the board. Sent
    /// twice they are one contact; `false` says that they had been sent before
    /// or are gone. What is missing comes back as findings.
    pub async fn send_public(&self, route: Route, token: &str) -> Result<bool> {
        let Some(Kept::Answers(answers)) = self.public_answers(route, token).await? else {
            return Ok(false);
        };
        let form = self.form(route.form())?;
        let mut findings = form.check(&answers, None);
        findings.extend(too_long(form, &answers));
        // Where the form asks for a reason it has asked; it does not stop.
        findings.retain(|finding| finding.severity == packs::Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let reference = new_reference();
        let mut tx = self.store().begin(&Actor::public(&reference)).await?;
        let received = self
            .receive(&mut tx, route, &answers, Id::new(), reference, None)
            .await?;
        let shown = json!({
            "reference": received.reference,
            "danger": answers.text("danger") == "yes",
            "words": self.received_letter(&answers, &received).await?,
        });
        // Another press of the button was faster: nothing of this one stays.
        if !tx.public_answers_sent(token, route.form(), &shown).await? {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn received_letter(
        &self,
        answers: &Answers,
        received: &super::incoming::Received,
    ) -> Result<String> {
        let letter = self
            .pack()
            .letter("ask-for-help-received", crate::time::today())
            .ok_or_else(|| missing_letter("ask-for-help-received"))?;
        let name = match answers.text("caller_name") {
            "" => "colleague",
            name => name,
        };
        let phone = self.front_door_phone().await?;
        let by = plain::date_with_day(received.decided_by);
        let words = [
            ("name", name),
            ("reference", &received.reference),
            ("by", &by),
            ("phone", &phone),
            ("council", self.name()),
        ];
        let (_, body) = letter.fill(&words).map_err(|e| broken_letter(&e))?;
        Ok(body.trim().to_owned())
    }

    /// The front door's telephone, for people who would rather talk.
    pub async fn front_door_phone(&self) -> Result<String> {
        let teams = self.teams().await?;
        Ok(super::incoming::duty_team(&teams)
            .and_then(|team| team.phone.clone())
            .unwrap_or_else(|| "the council’s main number".into()))
    }
}

pub(super) fn missing_letter(id: &str) -> Error {
    let message = format!("the practice pack has no letter “{id}” in force today");
    Error::Record(record::Error::Settings(message))
}

pub(super) fn broken_letter(problem: &packs::MissingWords) -> Error {
    Error::Record(record::Error::Settings(problem.to_string()))
}

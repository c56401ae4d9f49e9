//! The asker's own page: where it stands, what happens next and when, taking it
//! back, and saying whether help came. Reached by a link, or by the reference
//! and the word that they were given.
//!
//! How many wait before them is not said: the council sees only those who asked
//! here, and a number that is wrong is worse than none. What the service says
//! about the wait is.

use chrono::Duration;
use packs::Answers;
use record::journal::{Deed, Event};
use record::model::{Enquiry, ServiceLink};
use record::{Actor, Tx, args};
use vocabulary::plain;

use super::KIND;
use super::ask::word_hash;
use crate::asking::said;
use crate::referring::links::{self, NewLink, Whose};
use crate::referring::standing::{Said, Stands, Teller};
use crate::{Casework, Error, Result, time};

/// The form on which the asker says whether help came.
pub const RESULT_FORM: &str = "family-result";
/// How long a link opens that was reached by reference and word.
const HOURS: i64 = 2;

/// What the asker sees.
#[derive(Debug, Clone)]
pub struct MyRequest {
    /// To quote.
    pub reference: String,
    /// The service, and in the directory.
    pub service: String,
    /// In the directory.
    pub service_id: Option<String>,
    /// Who gives it.
    pub provider: String,
    /// The first day.
    pub asked: String,
    /// Where it stands, for the asker.
    pub stands: String,
    /// What happens next, and by when.
    pub next: Vec<String>,
    /// Why the service said no.
    pub why: Option<String>,
    /// About how long the wait is, as the service says.
    pub wait: Option<String>,
    /// A few words of the service.
    pub words: Option<String>,
    /// They said that somebody is hurt or in danger: the front door has it.
    pub danger: bool,
    /// It can be taken back.
    pub may_withdraw: bool,
    /// They may say whether help came.
    pub may_tell: bool,
    /// What they said already.
    pub told: Option<String>,
}

impl Casework {
    /// A link for two hours to the request with this reference and word.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what fits none, whatever is wrong with it.
    pub async fn find_request(&self, reference: &str, word: &str) -> Result<String> {
        let hash = word_hash(reference, word);
        let found: Vec<Enquiry> = self.rows_of("word_hash = $1", args![hash]).await?;
        let row = found.into_iter().next().ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&Actor::public(&row.reference)).await?;
        let (token, _) = links::make(
            self.store(),
            &mut tx,
            NewLink {
                whose: Whose::Asker,
                kind: KIND,
                about: row.id.to_string(),
                sent_to: None,
                made_by: None,
                opens_for: Duration::hours(HOURS),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    async fn own(&self, token: &str) -> Result<(Tx, Enquiry)> {
        let (mut tx, link): (Tx, ServiceLink) = self.open_service_link(token, Whose::Asker).await?;
        if link.about_kind != KIND {
            return Err(Error::NotFound);
        }
        let row: Enquiry = tx.get(&link.about_id).await?;
        Ok((tx, row))
    }

    /// What an asker sees. The look is on record before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that does not open.
    pub async fn my_request(&self, token: &str) -> Result<MyRequest> {
        let (mut tx, row) = self.own(token).await?;
        let mut look = Event::new(Deed::Looked, KIND, row.id);
        look.because = Some("They hold the link of the one who asked.".into());
        look.subjects = vec![format!("enquiry:{}", row.id)];
        tx.note(look).await?;
        tx.commit().await?;
        let place = row.standing();
        let since = plain::date(row.state_on);
        let stands = match row.state.as_str() {
            "asked" if row.held.is_some() => {
                "A worker at the council reads it first, and gets in touch with you.".into()
            }
            "asked" => "We have it, and the service has not answered yet.".to_owned(),
            "accepted" => format!("{} said yes on {since}.", row.service),
            "waiting" => format!("You have been on the waiting list since {since}."),
            "started" => format!("The help began on {since}."),
            "ended" => format!("The help ended on {since}."),
            "declined" => format!("{} said no on {since}.", row.service),
            _ => format!("It was taken back on {since}."),
        };
        Ok(MyRequest {
            next: self.comes_next(&row),
            stands,
            asked: plain::date(row.asked_on),
            may_withdraw: place.waits(),
            may_tell: self.may_tell(&row),
            told: row
                .result
                .as_deref()
                .filter(|_| row.result_by.as_deref() == Some("family"))
                .map(|result| self.label("service-result", result)),
            reference: row.reference,
            service: row.service,
            service_id: row.service_id,
            provider: row.provider,
            why: row.declined_why,
            wait: row.wait_words.filter(|_| row.state == "waiting"),
            words: row
                .words
                .filter(|_| row.result_by.as_deref() != Some("family")),
            danger: row.danger,
        })
    }

    /// Once there was an answer other than no, whether it helped is the asker's
    /// to say, also after the service said so.
    fn may_tell(&self, row: &Enquiry) -> bool {
        let answered = !matches!(row.state.as_str(), "asked" | "declined" | "withdrawn");
        (answered || self.result_is_late(row.asked_on))
            && !matches!(row.state.as_str(), "declined" | "withdrawn")
            && row.result_by.as_deref() != Some("family")
    }

    fn comes_next(&self, row: &Enquiry) -> Vec<String> {
        let mut next = Vec::new();
        match row.state.as_str() {
            "asked" => {
                if let Some(day) = self.answer_by(row.asked_on) {
                    let day = plain::date_with_day(day);
                    next.push(format!(
                        "{} should answer by {day}. If it does not, somebody at the council asks it.",
                        row.provider
                    ));
                }
            }
            "accepted" => next
                .push("The service gets in touch with you in a way that you said is safe.".into()),
            "waiting" => {
                let asked = plain::date(row.asked_on);
                next.push(format!("Your place in the list counts from {asked}, also if another service takes it over."));
                next.push(
                    "We do not say how many wait before you, because only the service knows."
                        .into(),
                );
            }
            "declined" => {
                next.push("You can look for another service, or ask the council for help.".into())
            }
            _ => {}
        }
        if let Some(day) = self.result_is_due(row.asked_on)
            && row.result.is_none()
            && !self.result_is_late(row.asked_on)
        {
            next.push(format!(
                "From {} we ask you if you got help.",
                plain::date_with_day(day)
            ));
        }
        next
    }

    /// Takes a request back.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::my_request`]; [`Error::Refused`] once
    /// the help has begun.
    pub async fn withdraw_request(&self, token: &str) -> Result<()> {
        let (mut tx, mut row) = self.own(token).await?;
        if !row.standing().waits() {
            let why = "This cannot be taken back here any more. Tell the service itself.";
            return Err(Error::Refused(why.into()));
        }
        let said = Said {
            state: "withdrawn".into(),
            on: time::local(tx.now()).date(),
            why: Some("Taken back by the one who asked.".into()),
            ..Said::default()
        };
        self.enquiry_says(&mut tx, &mut row, said, Teller::Family)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The asker says whether help came (R002-34).
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::my_request`]; [`Error::Findings`].
    pub async fn tell_if_it_helped(&self, token: &str, answers: &Answers) -> Result<()> {
        let (mut tx, mut row) = self.own(token).await?;
        let findings = self.form(RESULT_FORM)?.check(answers, None);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        if !self.may_tell(&row) {
            return Err(Error::Refused(
                "You have told us already. Thank you.".into(),
            ));
        }
        let (result, words) = (answers.text("result"), said(answers, "words"));
        self.enquiry_helped(&mut tx, &mut row, result, words, Teller::Family)
            .await?;
        Ok(tx.commit().await?)
    }
}

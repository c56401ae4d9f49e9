//! The mails of asking: to the service that is asked, and to whoever asks. Each
//! is a row in the transaction of what it tells of, with a link and neutral
//! words, and nothing about a child or a family.
//!
//! Whoever asks gets one only at an address that they said is safe.

use chrono::{Duration, NaiveDate};
use packs::Answers;
use record::Tx;
use record::model::{Enquiry, Mail, ServiceLink};
use vocabulary::{Id, ids, names::name_key, plain};

use super::links::{self, NewLink, SERVICE_DAYS, Whose};
use crate::enquiries::{self, answers_of};
use crate::post::{self, Mailed, NewMail};
use crate::{Casework, Result, time};

/// How long the asker's own link opens: longer than help usually takes.
pub(crate) const ASKER_DAYS: i64 = 400;
/// The letter to a service, and the kind of its mail.
pub(crate) const TO_SERVICE: &str = "service-request";

/// Why the asker gets a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// They asked just now.
    Received,
    /// Something happened.
    Moved,
}

impl News {
    fn letter(self) -> &'static str {
        match self {
            News::Received => "request-received",
            News::Moved => "request-news",
        }
    }
}

/// The address at which whoever asks may be written to: one that they said is
/// safe. A professional's is that of their work.
pub(crate) fn asker_email(answers: &Answers, asker: &str) -> Option<String> {
    let safe = asker == "professional"
        || (answers.has("safe_contact", "email") && !answers.has("safe_contact", "not_safe"));
    let email = answers.text("caller_email").trim();
    (safe && !email.is_empty()).then(|| email.to_owned())
}

impl Casework {
    /// The letter around a link of a service: its subject, and its text with
    /// `{link}` where the address goes.
    pub(crate) fn service_letter(
        &self,
        service: &str,
        reference: &str,
        asked_on: NaiveDate,
        link: &ServiceLink,
    ) -> Result<(String, String)> {
        let by = self.answer_by(asked_on).unwrap_or(asked_on);
        let by = plain::date_with_day(by.max(time::today()));
        self.directory_letter(
            TO_SERVICE,
            &[
                ("service", service),
                ("reference", reference),
                ("by", &by),
                ("link", "{link}"),
                ("link_until", &until(link)),
                ("council", self.name()),
            ],
        )
    }

    /// Writes the mail with a link, where an address is known and mails are
    /// sent.
    pub(crate) async fn mail_link(
        &self,
        tx: &mut Tx,
        link: &ServiceLink,
        kind: &'static str,
        to: Option<&str>,
        letter: &(String, String),
    ) -> Result<Mailed> {
        let Some(to) = to.map(str::trim).filter(|to| !to.is_empty()) else {
            return Ok(Mailed::Nowhere);
        };
        if !self.sends_mail() {
            return Ok(Mailed::Off(to.to_owned()));
        }
        let entry = format!("{}/{}", link.about_kind, link.about_id);
        let mail = NewMail {
            about: &link.about_id,
            kind,
            entry: &entry,
            to,
            subject: letter.0.clone(),
            body: letter.1.clone(),
            link: Some(link.id),
        };
        post::write(tx, mail).await?;
        Ok(Mailed::Waits(to.to_owned()))
    }

    /// Asks the service of a request by mail at once, where its address is
    /// known, mails are sent, and nobody here must read it first. Otherwise a
    /// worker makes the link.
    pub(crate) async fn mail_the_service(
        &self,
        tx: &mut Tx,
        row: &Enquiry,
        made_by: Option<Id<ids::Worker>>,
    ) -> Result<Mailed> {
        let Some(to) = row.provider_email.as_deref().filter(|_| row.held.is_none()) else {
            return Ok(Mailed::Nowhere);
        };
        if !self.sends_mail() {
            return Ok(Mailed::Off(to.to_owned()));
        }
        let new = NewLink {
            whose: Whose::Service,
            kind: enquiries::KIND,
            about: row.id.to_string(),
            sent_to: Some(to.to_owned()),
            made_by,
            opens_for: Duration::days(SERVICE_DAYS),
        };
        let (_, link) = links::make(self.store(), tx, new).await?;
        let letter = self.service_letter(&row.service, &row.reference, row.asked_on, &link)?;
        self.mail_link(tx, &link, TO_SERVICE, Some(to), &letter)
            .await
    }

    /// Writes to whoever asked, with a link to their own page, where they said
    /// that an email is safe.
    pub(crate) async fn mail_the_asker(
        &self,
        tx: &mut Tx,
        row: &Enquiry,
        news: News,
    ) -> Result<Mailed> {
        let erased = row.word_hash.is_empty();
        let to = asker_email(&answers_of(row), &row.asker).filter(|_| !erased);
        let Some(to) = to else {
            return Ok(Mailed::Nowhere);
        };
        if !self.sends_mail() {
            return Ok(Mailed::Off(to));
        }
        let new = NewLink {
            whose: Whose::Asker,
            kind: enquiries::KIND,
            about: row.id.to_string(),
            sent_to: None,
            made_by: None,
            opens_for: Duration::days(ASKER_DAYS),
        };
        let (_, link) = links::make(self.store(), tx, new).await?;
        let letter = self.directory_letter(
            news.letter(),
            &[
                ("reference", &row.reference),
                ("link", "{link}"),
                ("link_until", &until(&link)),
                ("council", self.name()),
            ],
        )?;
        self.mail_link(tx, &link, news.letter(), Some(&to), &letter)
            .await
    }

    /// The one published service with this name: its id, and where it is
    /// written to.
    pub(crate) async fn service_named(
        &self,
        name: &str,
    ) -> Result<Option<(String, Option<String>)>> {
        let catalogue = self.catalogue().await?;
        let wanted = name_key(name);
        let mut found = catalogue
            .directory
            .published(catalogue.today)
            .filter(|e| name_key(&e.service.name) == wanted);
        Ok(match (found.next(), found.next()) {
            (Some(one), None) => Some((one.service.id.clone(), one.service.email.clone())),
            _ => None,
        })
    }

    /// The mails about a request or a referral, the newest first.
    pub(crate) async fn mails_about(&self, id: &str) -> Result<Vec<Mail>> {
        self.rows_of(
            "about = $1 order by made_at desc, id desc limit 40",
            record::args![id],
        )
        .await
    }
}

fn until(link: &ServiceLink) -> String {
    plain::date(time::local(link.ends_at).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_written_to_where_they_did_not_say_that_it_is_safe() {
        let mut answers = Answers::new();
        answers.set("caller_email", "layla@post.example");
        assert_eq!(asker_email(&answers, "parent"), None);
        answers.set_list("safe_contact", ["phone"]);
        assert_eq!(asker_email(&answers, "parent"), None);
        answers.set_list("safe_contact", ["not_safe", "email"]);
        assert_eq!(asker_email(&answers, "self"), None);
        answers.set_list("safe_contact", ["phone", "email"]);
        let safe = Some("layla@post.example".to_owned());
        assert_eq!(asker_email(&answers, "parent"), safe);
        // What is safe for the family says nothing of the worker's own address.
        answers.set_list("safe_contact", ["phone"]);
        assert_eq!(asker_email(&answers, "professional"), safe);
    }
}

//! An enquiry comes in: from the answers on a public page to a row, its clocks,
//! the asker's reference and word, and, where somebody is said to be hurt or in
//! danger, a contact at the front door, all in one transaction.

use chrono::{Duration, NaiveDate, NaiveTime};
use directory::model::Status;
use packs::{Answers, Finding, Severity};
use rand::RngExt;
use record::model::Enquiry;
use record::sessions::token_hash;
use record::{Actor, Tx};
use serde_json::json;
use vocabulary::{Id, plain};

use super::{Asks, KIND, about};
use crate::front_door::Route;
use crate::front_door::incoming::{new_reference, too_long};
use crate::front_door::public::Kept;
use crate::post::Mailed;
use crate::referring::letters::{ASKER_DAYS, News};
use crate::referring::links::{self, NewLink, Whose};
use crate::{Casework, Error, Result, clocks, time};

/// A published service that can be asked.
#[derive(Debug, Clone)]
pub struct AskedService {
    /// In the directory.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who gives it; its own name where the directory does not say.
    pub provider: String,
    /// Where it is written to.
    pub email: Option<String>,
}

impl Casework {
    /// A service that anybody may ask for help.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not published; [`Error::Refused`]
    /// for one that is not offered at present.
    pub async fn asked_service(&self, id: &str) -> Result<AskedService> {
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.public(id, catalogue.today);
        let service = &entry.ok_or(Error::NotFound)?.service;
        if matches!(service.status, Status::Inactive | Status::Defunct) {
            let why = "This service is not offered at present. Go back and look for another one.";
            return Err(Error::Refused(why.into()));
        }
        let owner = service.organization_id.as_deref();
        let owner = owner.and_then(|id| catalogue.directory.organization(id));
        Ok(AskedService {
            id: service.id.clone(),
            name: service.name.clone(),
            provider: owner.map_or_else(|| service.name.clone(), |o| o.name.clone()),
            email: service.email.clone(),
        })
    }

    /// What the forms themselves cannot say: nobody is referred without
    /// somebody's agreement.
    pub fn check_asking(&self, answers: &Answers) -> Vec<Finding> {
        if answers.text("agreed") != "no" {
            return Vec::new();
        }
        vec![Finding {
            field: "agreed".into(),
            label: "Who has agreed?".into(),
            message: "Talk with the family first: a service is asked only with its agreement. What you wrote stays here for 2 hours. If a child may be harmed you need no agreement: tell the front door instead".into(),
            severity: Severity::Stop,
        }]
    }

    /// Sends what was answered under a cookie. Sent twice it is one enquiry;
    /// `false` says that it was sent before or is gone.
    ///
    /// # Errors
    /// As [`Casework::asked_service`]; [`Error::Findings`] for what is missing.
    pub async fn send_enquiry(&self, service: &str, asks: Asks, cookie: &str) -> Result<bool> {
        let service = self.asked_service(service).await?;
        let kept = self.public_answers(asks.form(), cookie).await?;
        let Some(Kept::Answers(answers)) = kept else {
            return Ok(false);
        };
        let form = self.form(asks.form())?;
        let mut findings = form.check(&answers, None);
        findings.extend(too_long(form, &answers));
        findings.extend(self.check_asking(&answers));
        findings.retain(|f| f.severity == Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let (reference, word) = (new_reference(), new_word());
        let mut tx = self.store().begin(&Actor::public(&reference)).await?;
        let contact = match answers.text("danger") == "yes" {
            true => Some(self.tell_front_door(&mut tx, &service, &answers).await?),
            false => None,
        };
        let today = time::local(tx.now()).date();
        let row = Enquiry {
            id: Id::new(),
            word_hash: word_hash(&reference, &word),
            reference,
            asker: match asks {
                Asks::Family => answers.text("asker").to_owned(),
                Asks::Professional => "professional".into(),
            },
            form: form.id.clone(),
            form_version: form.version.to_string(),
            answers: answers.as_map().clone().into(),
            shares: match answers.text("shares") {
                "less" => "less".into(),
                _ => "all".into(),
            },
            danger: contact.is_some(),
            contact_id: contact.as_ref().map(|c| c.contact),
            held: self.read_first(&answers, today),
            person_id: None,
            provider_email: service.email,
            service_id: Some(service.id),
            service: service.name,
            provider: service.provider,
            asked_on: today,
            state: "asked".into(),
            state_on: today,
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: None,
            keep_until: None,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        let at = tx.now();
        clocks::start(&mut tx, self.pack(), "service.asked", at, &about(&row)).await?;
        let (link, _) = links::make(
            self.store(),
            &mut tx,
            NewLink {
                whose: Whose::Asker,
                kind: KIND,
                about: row.id.to_string(),
                sent_to: None,
                made_by: None,
                opens_for: Duration::days(ASKER_DAYS),
            },
        )
        .await?;
        self.mail_the_service(&mut tx, &row, None).await?;
        let mailed = self.mail_the_asker(&mut tx, &row, News::Received).await?;
        let shown = json!({
            "reference": row.reference,
            "word": word,
            "link": link,
            "service": row.service,
            "danger": row.danger,
            "front_door": contact.map(|c| c.reference),
            "held": row.held.is_some(),
            "mail": match mailed {
                Mailed::Waits(_) => "waits",
                Mailed::Off(_) => "off",
                Mailed::Nowhere => "",
            },
            "by": self.answer_by(today).map(plain::date_with_day),
            "ask_on": (answers.text("ask_later") != "no")
                .then(|| self.result_is_due(today).map(plain::date_with_day))
                .flatten(),
        });
        // Another press of the button was faster: nothing of this one stays.
        if !tx.public_answers_sent(cookie, asks.form(), &shown).await? {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    /// By when a service that is asked on a day should have answered.
    pub(crate) fn answer_by(&self, asked: NaiveDate) -> Option<NaiveDate> {
        let due = self
            .pack()
            .due("service-answer", asked.and_time(NaiveTime::MIN))?;
        Some(due.at.date())
    }

    /// Why somebody here reads it first: a young child asks alone.
    fn read_first(&self, answers: &Answers, today: NaiveDate) -> Option<String> {
        let from = self.pack().standard("enquiry-alone", today)?.amount;
        let age: u32 = answers.text("own_age").parse().ok()?;
        (answers.text("asker") == "self" && age < from)
            .then(|| format!("A child of {age} asks alone. Get in touch before it goes on."))
    }

    /// What is said of harm is a contact at the front door, whatever becomes of
    /// the request itself.
    async fn tell_front_door(
        &self,
        tx: &mut Tx,
        service: &AskedService,
        answers: &Answers,
    ) -> Result<crate::front_door::incoming::Received> {
        let mut told = Answers::new();
        for name in [
            "danger",
            "danger_what",
            "caller_name",
            "caller_organisation",
            "safe_when",
        ] {
            told.set(name, answers.text(name));
        }
        told.set(
            "caller_phone",
            either(answers, "caller_phone", "family_phone"),
        );
        told.set(
            "caller_email",
            either(answers, "caller_email", "family_email"),
        );
        told.set_list("safe_contact", answers.list("safe_contact"));
        told.set_groups("children", answers.groups("children"));
        match answers.text("asker") {
            "self" => told.set("source", "1C"),
            "parent" | "carer" => told.set("source", "1A"),
            _ => {}
        }
        if answers.text("asker") == "self" {
            let mut own = Answers::new();
            own.set("given", answers.text("caller_name"));
            told.set_groups("children", vec![own]);
        }
        let what = format!(
            "Said on a request to {}, which the service does not see:\n{}\n\nWhat they ask the service for:\n{}",
            service.name,
            answers.text("danger_what"),
            answers.text("what")
        );
        told.set("what", what);
        self.receive(tx, Route::Public, &told, Id::new(), new_reference(), None)
            .await
    }
}

fn either<'a>(answers: &'a Answers, one: &str, other: &str) -> &'a str {
    match answers.text(one) {
        "" => answers.text(other),
        text => text,
    }
}

/// What is kept of the asker's word: of no use without the reference.
pub(super) fn word_hash(reference: &str, word: &str) -> String {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    token_hash(&format!("{} {}", plain(reference), plain(word)))
}

/// Two short words and two digits: easy to keep in mind, and to say aloud.
fn new_word() -> String {
    const WORDS: [&str; 40] = [
        "apple", "basket", "beacon", "berry", "bridge", "button", "candle", "castle", "cloud",
        "clover", "copper", "daisy", "ember", "feather", "fern", "fiddle", "garden", "hazel",
        "honey", "island", "jumper", "kettle", "ladder", "lantern", "lemon", "maple", "meadow",
        "mitten", "orange", "otter", "pebble", "pocket", "puddle", "ribbon", "robin", "saddle",
        "spoon", "thistle", "tulip", "walnut",
    ];
    let mut chance = rand::rng();
    let mut word = || WORDS[chance.random_range(0..WORDS.len())];
    let (one, two) = (word(), word());
    let digits = rand::rng().random_range(10..100);
    format!("{one}-{two}-{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_however_it_is_written() {
        let kept = word_hash("H7KQ-3MPT", "apple-otter-27");
        assert_eq!(kept, word_hash("h7kq 3mpt", "Apple otter 27"));
        assert_ne!(kept, word_hash("H7KQ-3MPT", "apple-otter-28"));
        assert_eq!(new_word().split('-').count(), 3);
    }
}

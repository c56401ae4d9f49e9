//! Families, young people and professionals ask a service of the directory for
//! help without an account; the service answers by a link, the asker sees where
//! it stands, and it is asked whether help came (R002-34).
//!
//! An enquiry opens no record of a child. It is sealed under a key of its own,
//! open to the posts that look after it, put to a known child only by a worker
//! who may see that child, and emptied after its time ([`keep`]). What it says
//! of harm goes to the front door as a contact as well ([`ask`]).

pub mod ask;
pub mod board;
pub mod desk;
pub mod keep;
pub mod mine;

use packs::{Answers, Form};
use record::Tx;
use record::model::Enquiry;
use vocabulary::{Id, ids};

use crate::clocks::About;
use crate::front_door::contact::answer_words;
use crate::referring::standing::{Said, Stands, Teller};
use crate::{Casework, Result, clocks, time};

/// What the clocks and links of an enquiry say that they are about.
pub const KIND: &str = "enquiry";

/// Who asks a service without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A parent, a carer, a young person.
    Family,
    /// A professional, with the family's agreement.
    Professional,
}

impl Asks {
    /// Both.
    pub const ALL: [Asks; 2] = [Asks::Family, Asks::Professional];

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            Asks::Family => "ask-service",
            Asks::Professional => "refer-to-service",
        }
    }

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            Asks::Family => "ask",
            Asks::Professional => "refer",
        }
    }
}

/// The page of an enquiry, for staff.
pub fn path(id: Id<ids::Enquiry>) -> String {
    format!("/requests/{id}")
}

/// Sections that a service never reads: what is said of harm goes to the front
/// door, and what was agreed is ours to keep.
const NEVER: [&str; 2] = ["danger", "consent"];
/// Sections that it reads when only a name and a way to be in touch are shared.
const LESS: [&str; 2] = ["you", "reach"];

/// How to be in touch safely, in short sentences.
pub(crate) fn safe_words(row: &Enquiry) -> Vec<String> {
    let answers = answers_of(row);
    let mut words = Vec::new();
    if answers.has("safe_contact", "not_safe") {
        words.push("No way is safe at the moment. Do not get in touch: ring the council.".into());
    }
    match answers.text("message") {
        "no" => words.push("Leave no message.".to_owned()),
        "plain" => words.push("In a message do not say who you are or what it is about.".into()),
        _ => {}
    }
    if !answers.text("safe_when").is_empty() {
        words.push(format!(
            "Only: {}.",
            answers.text("safe_when").trim_end_matches('.')
        ));
    }
    words
}

/// What was said, as it is kept.
pub(crate) fn answers_of(row: &Enquiry) -> Answers {
    Answers::from_map(row.answers.as_object().cloned().unwrap_or_default())
}

/// Who asks, in words.
pub(crate) fn asker_words(row: &Enquiry) -> &'static str {
    match row.asker.as_str() {
        "self" => "A child or young person",
        "parent" => "A parent",
        "carer" => "A carer or relative",
        _ => "A professional",
    }
}

fn about(row: &Enquiry) -> About {
    About {
        kind: KIND,
        id: row.id.to_string(),
        path: path(row.id),
        ..About::default()
    }
}

impl Casework {
    /// The form on which an enquiry was made, as it was then.
    pub(crate) fn enquiry_form(&self, row: &Enquiry) -> Option<&Form> {
        let version = row.form_version.parse().ok()?;
        self.pack().form_version(&row.form, version)
    }

    /// What a service may read of an enquiry: question and answer.
    pub(crate) fn may_be_read(&self, row: &Enquiry) -> Vec<(String, String)> {
        let open = |section: &str| {
            !NEVER.contains(&section) && (row.shares == "all" || LESS.contains(&section))
        };
        self.lines_of(row, open)
    }

    /// The answers of an enquiry in words, of the sections that `open` lets
    /// through.
    pub(crate) fn lines_of(
        &self,
        row: &Enquiry,
        open: impl Fn(&str) -> bool,
    ) -> Vec<(String, String)> {
        let answers = answers_of(row);
        let Some(form) = self.enquiry_form(row) else {
            return Vec::new();
        };
        let sections = form
            .sections
            .iter()
            .filter(|s| open(&s.id) && form.shows_section(s, &answers));
        sections
            .flat_map(|section| &section.fields)
            .filter(|field| form.shows_field(field, &answers))
            .map(|field| (field.label.clone(), answer_words(field, &answers)))
            .filter(|(_, words)| !words.is_empty())
            .collect()
    }

    /// Writes what was said of an enquiry's place with its service, and stops
    /// its clocks.
    pub(crate) async fn enquiry_says(
        &self,
        tx: &mut Tx,
        row: &mut Enquiry,
        said: Said,
        by: Teller,
    ) -> Result<()> {
        let mut place = row.standing();
        let at = time::start_of(said.on);
        place.say(said, by)?;
        row.stand(place);
        self.settle_enquiry(row);
        tx.update(row).await?;
        clocks::stop(
            tx,
            self.pack(),
            "service.answered",
            at,
            KIND,
            row.id.as_str(),
        )
        .await?;
        if row.result.is_some() {
            clocks::stop_all(tx, at, KIND, row.id.as_str()).await?;
        }
        Ok(())
    }

    /// Writes whether it helped.
    pub(crate) async fn enquiry_helped(
        &self,
        tx: &mut Tx,
        row: &mut Enquiry,
        result: &str,
        words: Option<String>,
        by: Teller,
    ) -> Result<()> {
        let today = time::local(tx.now()).date();
        let mut place = row.standing();
        place.helped(result, words, today, by)?;
        row.stand(place);
        self.settle_enquiry(row);
        tx.update(row).await?;
        clocks::stop_all(tx, tx.now(), KIND, row.id.as_str()).await
    }
}

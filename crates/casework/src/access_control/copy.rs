//! A copy of what is written about a person, for whoever asks for it (UK GDPR
//! article 15; R001-09): every row of the record that is about them, and the
//! papers of the whole family that concern them, from the journal, so that
//! nothing that a page does not show is forgotten. What is held
//! back is counted, with the reason, in the copy itself; what protects somebody
//! by not being known is left out without a word, and told to the maker alone.

use std::collections::{BTreeMap, BTreeSet};

use access::{Purpose, Section};
use chrono::{DateTime, Utc};
use packs::Answers;
use record::journal::history::Entry;
use record::model::{Person, SubjectCopy};
use record::{Asked, Guarded, Viewer, args};
use serde_json::{Map, Value as Json, json};
use vocabulary::{Id, ids, plain};

use super::looks::thing;
use super::papers::{Papers, row_of};
use crate::asking::{Asking, Done, claim, past_day};
use crate::{Casework, Error, Result, time};

/// The form.
pub const FORM: &str = "subject-copy";
const PAGE: &str = "subject-copy";

/// Tables that are not told of: that there is such a row is what must not be
/// known, or it is about who else may see the record.
const SILENT: [&str; 9] = [
    "restriction",
    "conflict",
    "access_grant",
    "unusual_look",
    "index_look",
    "adoption_seal",
    "looks_link",
    "looks_request",
    "subject_copy",
];
/// Tables whose rows are about somebody else as much as about the person.
const OTHERS: [&str; 6] = [
    "relationship",
    "possible_duplicate",
    "feed_row",
    "merged",
    "matching",
    "carer_concern",
];

/// Why a part is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// It is marked as sensitive.
    Sensitive,
    /// It is about somebody else too.
    Others,
    /// It was written to somebody else.
    Letter,
    /// An address that somebody must not learn.
    Address,
    /// A service that is not named.
    Service,
    /// A strategy discussion with the police.
    Enquiry,
    /// Advice on the law, and work before a court.
    Law,
}

impl Held {
    const ALL: [Held; 7] = [
        Held::Sensitive,
        Held::Others,
        Held::Letter,
        Held::Address,
        Held::Service,
        Held::Enquiry,
        Held::Law,
    ];

    fn word(self) -> &'static str {
        match self {
            Held::Sensitive => "sensitive",
            Held::Others => "others",
            Held::Letter => "letter",
            Held::Address => "address",
            Held::Service => "service",
            Held::Enquiry => "enquiry",
            Held::Law => "law",
        }
    }

    /// In a sentence, for the person.
    pub fn words(self) -> &'static str {
        match self {
            Held::Sensitive => {
                "could harm somebody’s health or safety if they were read without help"
            }
            Held::Others => "are about other people, who have not said that you may see them",
            Held::Letter => "were written to somebody else",
            Held::Address => "say where somebody lives who must be safe",
            Held::Service => "name a service that nobody is told of",
            Held::Enquiry => "were agreed with the police, whose enquiry they could harm",
            Held::Law => "were written for a court or for advice on the law",
        }
    }
}

/// One part of the copy.
#[derive(Debug, Clone)]
pub struct Part {
    /// "A note".
    pub what: String,
    /// When it was written last.
    pub when: String,
    /// What it says: a field's name and its words.
    pub fields: Vec<(String, String)>,
}

/// The copy.
#[derive(Debug)]
pub struct CopyGiven {
    /// Whose record.
    pub person: Guarded<Person>,
    /// Who asked, and how it was made sure.
    pub copy: SubjectCopy,
    /// The parts, the oldest first.
    pub parts: Vec<Part>,
    /// How many parts were held back, and why.
    pub held: Vec<(i64, &'static str)>,
    /// "3 March 2027".
    pub made: String,
}

impl Casework {
    /// The form of a copy, for a manager who works with the person.
    pub async fn ask_copy(&self, viewer: &Viewer, person: Id<ids::Person>) -> Result<Asking> {
        let person = self.person_to_copy(viewer, person).await?;
        let address = format!("/people/{}/copy", person.id);
        let back = format!("/people/{}/looks", person.id);
        let mut asking = Asking::new(self.form(FORM)?, person, address, back);
        asking.button = format!("Make the copy for {}", asking.child.first_name());
        asking.day("asked_on", viewer.today);
        Ok(asking)
    }

    /// Makes a copy: from now on it shows the record as it is at this moment.
    pub async fn make_copy(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_copy(viewer, person).await?;
        asking.check(answers)?;
        let asked_on = past_day(answers, "asked_on", viewer.today)?;
        let made_at = Utc::now();
        let (_, held) = self.parts_of(&asking.child, made_at).await?;
        let counted: Map<String, Json> = held
            .iter()
            .map(|(why, n)| (why.word().to_owned(), json!(n)))
            .collect();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let id: Id<ids::Part> = Id::new();
        let to = format!("/copies/{id}");
        claim(&mut tx, once, &to).await?;
        tx.insert(&SubjectCopy {
            id,
            person_id: asking.child.id,
            asker: answers.text("asker").trim().to_owned(),
            checked: answers.text("checked").trim().to_owned(),
            asked_on,
            held: Json::Object(counted),
            made_by: viewer.principal.worker,
            made_at,
            version: 1,
        })
        .await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(
            "The copy is made. Read it before you give it.",
            to,
        ))
    }

    /// A copy that was made.
    pub async fn copy_given(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<CopyGiven> {
        let rows: Vec<SubjectCopy> = self.rows_of("id = $1", args![id]).await?;
        let copy = rows.into_iter().next().ok_or(Error::NotFound)?;
        let person = self.person_to_copy(viewer, copy.person_id).await?;
        let (parts, held) = self.parts_of(&person, copy.made_at).await?;
        Ok(CopyGiven {
            made: plain::date(time::local(copy.made_at).date()),
            held: held.into_iter().map(|(why, n)| (n, why.words())).collect(),
            parts,
            person,
            copy,
        })
    }

    async fn person_to_copy(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
    ) -> Result<Guarded<Person>> {
        let asked = Asked {
            purpose: Purpose::Share,
            section: Section::Sensitive,
            page: PAGE,
        };
        let person = self.gate().person(viewer, id, asked).await?;
        let person = person.ok_or(Error::NotFound)?;
        if !viewer.can("case.authorise") {
            let why = "A manager makes this copy, after the worker has read the record. Ask your manager.";
            return Err(Error::Refused(why.into()));
        }
        Ok(person)
    }

    /// The parts of a record as it was at a moment, and how many are held back.
    async fn parts_of(
        &self,
        person: &Guarded<Person>,
        at: DateTime<Utc>,
    ) -> Result<(Vec<Part>, Vec<(Held, i64)>)> {
        let (entries, papers) = self.written_of(person).await?;
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut parts = Vec::new();
        let mut held: BTreeMap<Held, i64> = BTreeMap::new();
        // The newest first: the first of a row is as it is now.
        for entry in &entries {
            let Ok(when) = DateTime::parse_from_rfc3339(&entry.recorded_at) else {
                tracing::error!("an event has no readable time");
                continue;
            };
            let row = (entry.object_kind.clone(), entry.object_id.clone());
            if when > at || !seen.insert(row) || SILENT.contains(&entry.object_kind.as_str()) {
                continue;
            }
            let Some(after) = row_of(entry) else { continue };
            match self.held_back(entry, after, person, &papers) {
                Some(why) => *held.entry(why).or_default() += 1,
                None => parts.push(Part {
                    what: capital(thing(&entry.object_kind)),
                    when: plain::date_time(time::local(when.with_timezone(&Utc))),
                    fields: fields(after),
                }),
            }
        }
        parts.reverse();
        let held = Held::ALL
            .into_iter()
            .filter_map(|why| Some((why, *held.get(&why)?)));
        Ok((parts, held.collect()))
    }

    fn held_back(
        &self,
        entry: &Entry,
        row: &Map<String, Json>,
        of: &Person,
        papers: &Papers,
    ) -> Option<Held> {
        let yes = |name: &str| row.get(name).and_then(Json::as_bool) == Some(true);
        let text = |name: &str| row.get(name).and_then(Json::as_str).unwrap_or_default();
        let kind = entry.object_kind.as_str();
        let unnamed = || {
            let codes = self.pack().codes("index-unnamed", time::today());
            codes.is_some_and(|codes| codes.code(text("agency")).is_some())
        };
        match kind {
            _ if OTHERS.contains(&kind) => Some(Held::Others),
            "involvement" if yes("sensitive") || unnamed() => Some(Held::Service),
            "address" if yes("protected") => Some(Held::Address),
            "letter" if text("to_id") != of.id.as_str() => Some(Held::Letter),
            _ if yes("sensitive") || yes("restricted") => Some(Held::Sensitive),
            _ => papers.held_back(kind, row, of.id),
        }
    }
}

/// What a row says, without what only the program reads: ids and versions.
fn fields(row: &Map<String, Json>) -> Vec<(String, String)> {
    let says = |(name, value): (&String, &Json)| {
        let machine = name == "id" || name == "version" || name.ends_with("_id");
        let words = words(value);
        let hidden = machine || name.ends_with("_by") || words.is_empty();
        (!hidden).then(|| (capital(&name.replace('_', " ")), words))
    };
    row.iter().filter_map(says).collect()
}

fn words(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Number(n) => n.to_string(),
        Json::String(text) if text.parse::<Id<ids::Part>>().is_ok() => String::new(),
        Json::String(text) => day_in_words(text),
        Json::Array(list) => {
            let all: Vec<String> = list.iter().map(words).filter(|w| !w.is_empty()).collect();
            all.join(", ")
        }
        Json::Object(map) => {
            let all: Vec<String> = fields(map)
                .into_iter()
                .map(|(name, words)| format!("{name}: {words}"))
                .collect();
            all.join("; ")
        }
    }
}

fn day_in_words(text: &str) -> String {
    if let Ok(day) = text.parse::<chrono::NaiveDate>() {
        return plain::date(day);
    }
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => plain::date_time(time::local(at.with_timezone(&Utc))),
        Err(_) => text.trim().to_owned(),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

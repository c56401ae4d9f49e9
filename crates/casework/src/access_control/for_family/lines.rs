//! The lines of the list: one a day and a person, with why in plain words, and
//! what speaks against showing a line.

use std::collections::{BTreeMap, BTreeSet};

use access::TieKind;
use chrono::{DateTime, NaiveDate, Utc};
use record::journal::history::Entry;
use record::model::Person;
use record::{AssertSqlSafe, Guarded, Value, args};
use serde::{Deserialize, Serialize};
use vocabulary::plain;

use crate::{Casework, Error, Result, time};

/// The most looks that one list is made of.
const MOST: i64 = 6_000;

/// Why a line is not shown to the family unless a manager decides otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// A service that the child index does not name either.
    Sensitive,
    /// The police: who is looked into must not learn it from a list.
    Police,
    /// The looker works with somebody else of the household whose record is
    /// restricted.
    SomebodyElse,
}

impl Risk {
    /// In a sentence, for whoever prepares the list.
    pub fn words(self) -> &'static str {
        match self {
            Risk::Sensitive => {
                "This service is not named to anybody: what it is for would say too much."
            }
            Risk::Police => {
                "The police looked. Somebody could learn from it that they are being looked into."
            }
            Risk::SomebodyElse => {
                "They work with somebody in the household whose record is restricted. The line could give that person away."
            }
        }
    }
}

/// One person's looks on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyLine {
    /// The day.
    pub day: NaiveDate,
    /// "Jo Larch, social worker", or the post alone as the council chose.
    pub who: String,
    /// "Children’s social care".
    pub service: String,
    /// Why, in sentences.
    pub why: Vec<String>,
    /// What speaks against showing it.
    pub risk: Option<Risk>,
    /// It is not shown to the family.
    pub left_out: bool,
}

impl FamilyLine {
    /// "3 November 2026".
    pub fn day_words(&self) -> String {
        plain::date(self.day)
    }
}

#[derive(sqlx::FromRow)]
struct Looker {
    id: String,
    name: String,
    job_title: String,
    agency: String,
    sensitive: i64,
    through_hidden: i64,
}

impl Casework {
    /// The list of who has looked at a person from one day to another.
    pub(super) async fn family_lines(
        &self,
        person: &Guarded<Person>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<FamilyLine>> {
        let until = time::start_of(to + chrono::Days::new(1));
        let entries = self
            .gate()
            .looks_between(person, time::start_of(from), until, MOST)
            .await?;
        if i64::try_from(entries.len()).is_ok_and(|n| n >= MOST) {
            let message = "So many looks do not fit on one list. Choose fewer days, and make a second list for the rest";
            return Err(Error::finding("from_day", "Looks from", message));
        }
        let lookers = self.lookers(person, &entries).await?;
        let named = self.names_staff();
        let child = person.first_name();
        // By day and looker: which, in the order of the first look.
        let mut days: BTreeMap<(NaiveDate, String), BTreeSet<String>> = BTreeMap::new();
        for entry in &entries {
            let Some(day) = day_of(entry) else { continue };
            let why = self.why_for_family(entry, &child);
            days.entry((day, key(&entry.actor)))
                .or_default()
                .insert(why);
        }
        let lines = days.into_iter().rev().map(|((day, key), mut why)| {
            // A name in a list says less than why it was opened.
            if why.len() > 1 {
                why.remove(IN_A_LIST);
            }
            let looker = lookers.get(&key);
            let risk = looker.and_then(|l| self.risk_of(l));
            FamilyLine {
                day,
                who: match looker {
                    Some(l) if named => format!("{}, {}", l.name, l.job_title.to_lowercase()),
                    Some(l) => capital(&l.job_title),
                    None => nobody(&key).to_owned(),
                },
                service: looker.map_or_else(String::new, |l| self.service_of(&l.agency)),
                why: why.into_iter().collect(),
                risk,
                left_out: risk.is_some(),
            }
        });
        Ok(lines.collect())
    }

    /// Whether the council names its staff to families.
    fn names_staff(&self) -> bool {
        let today = time::today();
        self.pack()
            .codes("looks-shown-as", today)
            .is_some_and(|codes| codes.on(today).any(|code| code.code == "name"))
    }

    fn service_of(&self, agency: &str) -> String {
        match self.label("agencies", agency) {
            label if label == agency => "The council".to_owned(),
            label => label,
        }
    }

    fn risk_of(&self, looker: &Looker) -> Option<Risk> {
        let unnamed = self
            .pack()
            .codes("index-unnamed", time::today())
            .is_some_and(|codes| codes.code(&looker.agency).is_some());
        match looker.agency.as_str() {
            _ if looker.sensitive > 0 || unnamed => Some(Risk::Sensitive),
            "police" => Some(Risk::Police),
            _ if looker.through_hidden > 0 => Some(Risk::SomebodyElse),
            _ => None,
        }
    }

    /// Why a look was made, in words for the family. What the looker typed as
    /// their reason is not among them: it may speak of others.
    fn why_for_family(&self, entry: &Entry, child: &str) -> String {
        if entry.action == "refused" {
            return "Tried to open the record and was not let in".to_owned();
        }
        if entry.action == "listed" {
            return match entry.object_kind.as_str() {
                "return" => "Counted, without the name, in figures for the government".to_owned(),
                _ => IN_A_LIST.to_owned(),
            };
        }
        let because = entry.because.as_deref().unwrap_or_default();
        match self.gate().tie_of(because) {
            Some(TieKind::Allocated) => format!("Was the worker for {child}"),
            Some(TieKind::CoWorker) => format!("Worked with {child} together with a colleague"),
            Some(TieKind::Supervising) => format!("Managed the people who worked with {child}"),
            Some(TieKind::Involved) => format!("Had a part in the help for {child}"),
            Some(TieKind::TeamHolds) => format!("Was in the team that worked with {child}"),
            Some(TieKind::Family) => "Worked with the family".to_owned(),
            Some(TieKind::OpenContact) => {
                "Somebody had told the council something, and they dealt with it".to_owned()
            }
            Some(TieKind::Meeting) => format!("Was asked to a meeting about {child}"),
            Some(TieKind::Partner) => "Was asked to help".to_owned(),
            Some(TieKind::BreakGlass | TieKind::Override) => {
                "Opened it in an emergency. Somebody else checks each of these".to_owned()
            }
            Some(TieKind::Duty) => "Was on duty where questions come in".to_owned(),
            Some(TieKind::Oversight) => "Is in charge of the whole service".to_owned(),
            Some(TieKind::Finding) => format!("Wanted to know who works with {child}"),
            None => "Another part of the council’s work".to_owned(),
        }
    }

    /// The workers who looked, and what their looking could give away.
    async fn lookers(
        &self,
        person: &Guarded<Person>,
        entries: &[Entry],
    ) -> Result<BTreeMap<String, Looker>> {
        let ids: BTreeSet<&str> = entries
            .iter()
            .map(|e| e.actor.as_str())
            .filter(|actor| !actor.contains(':'))
            .collect();
        let mut found = BTreeMap::new();
        for some in ids.into_iter().collect::<Vec<_>>().chunks(400) {
            let places: Vec<String> = (2..=some.len() + 1).map(|n| format!("${n}")).collect();
            let sql = format!(
                "select w.id, w.name, w.job_title, w.agency, \
                 (select count(*) from involvement i where i.person_id = $1 \
                  and i.worker_id = w.id and i.sensitive) as sensitive, \
                 (select count(*) from involvement i join family_member kin \
                  on kin.person_id = i.person_id and kin.person_id <> $1 \
                  join family_member mine on mine.family_id = kin.family_id \
                  join restriction r on r.person_id = kin.person_id and r.ended_at is null \
                  where mine.person_id = $1 and i.worker_id = w.id \
                  and not exists (select 1 from involvement own where own.person_id = $1 \
                   and own.worker_id = w.id)) as through_hidden \
                 from worker w where w.id in ({})",
                places.join(", ")
            );
            let mut values = args![person.id];
            values.extend(some.iter().map(|id| Value::from(*id)));
            let db = self.store().read_db();
            let rows: Vec<Looker> = db.all(AssertSqlSafe(sql), values).await?;
            found.extend(rows.into_iter().map(|l| (l.id.clone(), l)));
        }
        Ok(found)
    }
}

const IN_A_LIST: &str = "Saw the name in a list";

fn day_of(entry: &Entry) -> Option<NaiveDate> {
    let at: DateTime<Utc> = DateTime::parse_from_rfc3339(&entry.recorded_at)
        .inspect_err(|problem| tracing::error!(%problem, "an event has no readable time"))
        .ok()?
        .with_timezone(&Utc);
    Some(time::local(at).date())
}

/// What a day's looks are put together by: a worker, or a kind of actor.
fn key(actor: &str) -> String {
    match actor.split_once(':') {
        Some((kind, _)) => format!("{kind}:"),
        None => actor.to_owned(),
    }
}

/// Who looked without an account.
fn nobody(key: &str) -> &'static str {
    match key {
        "public:" | "family:" => "You or somebody of the family, through a link",
        "partner:" => "Somebody who was asked to help, through a link",
        "system:" => "The computer system itself, without a person",
        _ => "Somebody who does not work here any more",
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

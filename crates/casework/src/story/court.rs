//! The chronology for court: numbered, each event with its source, frozen as it
//! stood on a day. Later edits of the chronology leave the copy as it is; its
//! check sum shows that nobody altered it (ux.md section 7, UX13).

use chrono::{Months, NaiveDate};
use packs::{Answers, Finding, Severity};
use record::model::{CourtCopy, Person};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vocabulary::{Id, ids, plain};

use super::chronology::{EntrySeen, may_write};
use super::significance_words;
use crate::{Casework, Error, Result, time};

/// The form of a copy.
pub const FORM: &str = "court-copy";
/// How far back a copy goes that does not hold everything.
const FOCUS: Months = Months::new(24);

/// One event as the copy prints it, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number: the same for ever, to be quoted in a statement.
    pub number: usize,
    /// "4 March 2026".
    pub day: String,
    /// What happened.
    pub happened: String,
    /// What was done; empty when nothing is written.
    pub response: String,
    /// What it meant; empty when nothing is written.
    pub impact: String,
    /// "High", "Medium", "Low", "Not said".
    pub significance: String,
    /// "Case note", "Reported by the grandmother".
    pub source: String,
}

/// A frozen copy as it is shown and printed.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// The child.
    pub person: Guarded<Person>,
    /// What it is for.
    pub purpose: String,
    /// "Events since 4 May 2024"; empty for all.
    pub reach: String,
    /// What came before.
    pub earlier: Option<String>,
    /// The events in order.
    pub lines: Vec<Line>,
    /// "4 May 2026 at 10:12am".
    pub at: String,
    /// Who froze it.
    pub by: String,
    /// The check sum, short.
    pub check: String,
    /// The events are still those that were frozen.
    pub whole: bool,
}

/// A copy in the list.
#[derive(Debug, Clone)]
pub struct CopyLine {
    /// The copy.
    pub id: Id<ids::Document>,
    /// What it is for.
    pub purpose: String,
    /// "4 May 2026, by Jo Larch".
    pub made: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    copy: CourtCopy,
    author: String,
}

impl Casework {
    /// The frozen copies of a child's chronology, the newest first.
    pub async fn court_copies(&self, person: &Guarded<Person>) -> Result<Vec<CopyLine>> {
        let found = self
            .court_rows("c.person_id = $1", person.id.as_str())
            .await?;
        Ok(found
            .into_iter()
            .map(|row| CopyLine {
                id: row.copy.id,
                purpose: row.copy.purpose,
                made: format!(
                    "{}, by {}",
                    plain::date(time::local(row.copy.frozen_at).date()),
                    row.author
                ),
            })
            .collect())
    }

    async fn court_rows(&self, condition: &'static str, id: &str) -> Result<Vec<Found>> {
        let columns: Vec<String> = CourtCopy::COLUMNS
            .iter()
            .map(|c| format!("c.{c}"))
            .collect();
        let sql = format!(
            "select {}, w.name as author from court_copy c join worker w on w.id = c.frozen_by \
             where {condition} order by c.frozen_at desc, c.id desc",
            columns.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), args![id]).await?)
    }

    /// Freezes the chronology as it stands.
    ///
    /// # Errors
    /// [`Error::Findings`] when an event says neither where it comes from nor
    /// who reported it: a court asks for the source of each.
    pub async fn freeze_chronology(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Document>> {
        let person = self
            .gate()
            .person(viewer, person, Asked::to_write("chronology"))
            .await?
            .ok_or(Error::NotFound)?;
        may_write(viewer)?;
        let mut findings = self.form(FORM)?.check(answers, None);
        let since = (answers.text("reach") == "two_years").then(|| viewer.today - FOCUS);
        let entries = self.chronology(&person).await?.entries;
        let wanted: Vec<&EntrySeen> = entries
            .iter()
            .filter(|e| since.is_none_or(|since| e.row.happened_on >= since))
            .collect();
        findings.extend(without_source(&wanted));
        if wanted.is_empty() {
            findings.push(finding("There is no event to freeze yet"));
        }
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let lines: Vec<Line> = wanted
            .iter()
            .enumerate()
            .map(|(i, entry)| line(i + 1, entry))
            .collect();
        let entries = serde_json::to_value(&lines).map_err(record::Error::from)?;
        let id: Id<ids::Document> = Id::new();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/court-copies/{id}")).await? {
            return Err(Error::Already(location));
        }
        tx.insert(&CourtCopy {
            id,
            person_id: person.id,
            purpose: answers.text("purpose").trim().to_owned(),
            since,
            earlier: Some(answers.text("earlier").trim().to_owned())
                .filter(|words| since.is_some() && !words.is_empty()),
            check_sum: digest(entries.to_string().as_bytes()),
            entries,
            frozen_by: viewer.principal.worker,
            frozen_at: tx.now(),
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A frozen copy, for someone who may see the child.
    pub async fn court_copy(&self, viewer: &Viewer, id: Id<ids::Document>) -> Result<Frozen> {
        let found = self.court_rows("c.id = $1", id.as_str()).await?.into_iter();
        let Found { copy, author } = found.last().ok_or(Error::NotFound)?;
        let person = self
            .gate()
            .person(viewer, copy.person_id, Asked::to_read("chronology"))
            .await?
            .ok_or(Error::NotFound)?;
        let lines: Vec<Line> =
            serde_json::from_value(copy.entries.clone()).map_err(record::Error::from)?;
        // The database may keep JSON in another order: what counts is the lines.
        let again = serde_json::to_value(&lines).map_err(record::Error::from)?;
        Ok(Frozen {
            whole: digest(again.to_string().as_bytes()) == copy.check_sum,
            person,
            purpose: copy.purpose,
            reach: copy.since.map_or_else(String::new, |since| {
                format!("Events since {}", plain::date(since))
            }),
            earlier: copy.earlier,
            lines,
            at: plain::date_time(time::local(copy.frozen_at)),
            by: author,
            check: copy.check_sum.chars().take(16).collect(),
        })
    }
}

/// The check sum of the events, in hexadecimal.
fn digest(bytes: &[u8]) -> String {
    let sum = Sha256::digest(bytes);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(number: usize, entry: &EntrySeen) -> Line {
    let row = &entry.row;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Line {
        number,
        day: day(row.happened_on),
        happened: row.wording.clone(),
        response: text(&row.response),
        impact: text(&row.impact),
        significance: significance_words(row.significance.as_deref()).to_owned(),
        source: match (&row.reported_by, row.source_kind.is_some()) {
            (Some(who), true) => format!("{}; reported by {who}", entry.source.words),
            _ => entry.source.words.clone(),
        },
    }
}

fn day(day: NaiveDate) -> String {
    plain::date(day)
}

/// Events that nobody could defend: neither a record nor a person stands
/// behind them.
fn without_source(entries: &[&EntrySeen]) -> Vec<Finding> {
    entries
        .iter()
        .filter(|e| e.row.source_kind.is_none() && e.row.reported_by.is_none())
        .map(|e| {
            finding(&format!(
                "Say who reported the event of {}: “{}”. A court asks for the source of each",
                plain::date(e.row.happened_on),
                e.row.wording.chars().take(60).collect::<String>()
            ))
        })
        .collect()
}

fn finding(message: &str) -> Finding {
    Finding {
        field: "purpose".into(),
        label: "The chronology".into(),
        message: message.to_owned(),
        severity: Severity::Stop,
    }
}

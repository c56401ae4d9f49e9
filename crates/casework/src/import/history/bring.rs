//! Writing one row of history once: known by its key it is the same for ever,
//! filled in when a later file knows more, and left alone when somebody
//! changed it here.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use packs::Form;
use record::model::{
    Chronology, ChronologyState, Step, StepSection, StepState, StepSubject, Worker,
};
use record::{Entity, Tx, args};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use vocabulary::{Id, ids};

use super::{History, Origin, Refused};
use crate::import::Error;
use crate::{Casework, time};

/// What a row was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Was {
    /// Not there: what belongs to it is to be written too.
    New,
    /// There, and filled in now.
    Changed,
    /// There, and nothing to do.
    Same,
}

#[derive(sqlx::FromRow)]
struct Kept {
    source_key: String,
    digest: String,
    row_id: String,
    row_version: i64,
}

/// One child's history on its way into the record.
pub(super) struct Bringing<'a> {
    pub casework: &'a Casework,
    pub tx: &'a mut Tx,
    pub origin: &'a Origin,
    pub report: &'a mut History,
    /// Whose name stands where a row must say who wrote it.
    pub clerk: Id<ids::Worker>,
    /// The child's number in the file.
    pub number: String,
    pub child: Id<ids::Person>,
    pub family: Id<ids::Family>,
    kept: HashMap<String, Kept>,
    used: HashMap<String, usize>,
}

/// What a row of the file is called, by what it is known, and what it says.
pub(super) struct Told<'a> {
    /// The kind in the report's words: "referrals".
    pub kind: &'static str,
    /// What tells it from every other row of this child.
    pub key: &'a str,
    /// Where it stands: "CINdetails 12".
    pub record: &'a str,
    /// Everything that the file says of it.
    pub says: String,
}

impl<'a> Bringing<'a> {
    /// Begins with a child.
    pub async fn begin(
        casework: &'a Casework,
        tx: &'a mut Tx,
        origin: &'a Origin,
        report: &'a mut History,
        clerk: Id<ids::Worker>,
        (number, child, family): (String, Id<ids::Person>, Id<ids::Family>),
    ) -> Result<Bringing<'a>, Error> {
        let kept: Vec<Kept> = tx
            .all(
                "select source_key, digest, row_id, row_version from imported_record \
                 where source = $1 and person_id = $2",
                args![origin.source(), child],
            )
            .await?;
        Ok(Bringing {
            casework,
            tx,
            origin,
            report,
            clerk,
            number,
            child,
            family,
            kept: kept
                .into_iter()
                .map(|one| (one.source_key.clone(), one))
                .collect(),
            used: HashMap::new(),
        })
    }

    /// A key of its own for each record of the file: the second with the same
    /// key gets a number.
    pub fn nth(&mut self, key: String) -> String {
        let times = self.used.entry(key.clone()).or_default();
        *times += 1;
        match *times {
            1 => key,
            n => format!("{key} {n}"),
        }
    }

    /// The row that an earlier record became, if it was taken.
    pub fn known(&self, key: &str) -> Option<&str> {
        let key = format!("{}/{key}", self.number);
        self.kept.get(&key).map(|kept| kept.row_id.as_str())
    }

    /// Writes a row, or fills in the one that is there: `renew` takes over
    /// from the new row what the old one lacks. Gives the row's id.
    pub async fn bring<E: Entity + PartialEq>(
        &mut self,
        told: Told<'_>,
        row: E,
        renew: impl FnOnce(&mut E, E),
    ) -> Result<(String, Was), Error> {
        let digest = hex::encode(Sha256::digest(told.says.as_bytes()));
        let key = format!("{}/{}", self.number, told.key);
        let reason = format!(
            "Import of {}: {}, {}",
            self.origin.file,
            told.record,
            self.origin.title()
        );
        self.tx.because_of(&reason);
        let tally = self.report.kinds.entry(told.kind).or_default();
        let Some(kept) = self.kept.get(&key) else {
            self.tx.insert(&row).await?;
            tally.added += 1;
            let id = row.key();
            self.keep::<E>(&key, &digest, told.record, &id, row.version())
                .await?;
            return Ok((id, Was::New));
        };
        let id = kept.row_id.clone();
        if kept.digest == digest {
            tally.same += 1;
            return Ok((id, Was::Same));
        }
        let before: E = self.tx.get(&id).await?;
        if before.version() != kept.row_version {
            tally.same += 1;
            self.refuse(told.record, "", "", "This was changed here since it was brought in, and is left as it is. Put the difference right by hand", true);
            return Ok((id, Was::Same));
        }
        let mut after = before.clone();
        renew(&mut after, row);
        let changed = after != before;
        if changed {
            self.tx.update(&mut after).await?;
            tally.changed += 1;
        } else {
            tally.same += 1;
        }
        self.keep::<E>(&key, &digest, told.record, &id, after.version())
            .await?;
        Ok((id, if changed { Was::Changed } else { Was::Same }))
    }

    async fn keep<E: Entity>(
        &mut self,
        key: &str,
        digest: &str,
        record: &str,
        row: &str,
        version: i64,
    ) -> Result<(), Error> {
        let now = self.tx.now();
        self.tx
            .run(
                "insert into imported_record (source, source_key, digest, kind, row_id, row_version, \
                 person_id, file, record, year, imported_at) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 on conflict (source, source_key) do update set digest = excluded.digest, \
                 row_version = excluded.row_version, file = excluded.file, \
                 record = excluded.record, year = excluded.year, imported_at = excluded.imported_at",
                args![
                    self.origin.source(),
                    key,
                    digest,
                    E::TABLE,
                    row,
                    version,
                    self.child,
                    &self.origin.file,
                    record,
                    i64::from(self.origin.year),
                    now
                ],
            )
            .await?;
        let kept = Kept {
            source_key: key.to_owned(),
            digest: digest.to_owned(),
            row_id: row.to_owned(),
            row_version: version,
        };
        self.kept.insert(key.to_owned(), kept);
        Ok(())
    }

    /// Notes what was not taken.
    pub fn refuse(&mut self, record: &str, field: &str, value: &str, why: &str, rest_taken: bool) {
        self.report.refused.push(Refused {
            record: record.to_owned(),
            child: self.number.clone(),
            field: field.to_owned(),
            value: value.to_owned(),
            why: why.to_owned(),
            rest_taken,
        });
    }

    /// A code, if the pack's list has it on any day; else nothing, and the
    /// reject file says so.
    pub fn code(
        &mut self,
        list: &str,
        value: Option<&str>,
        record: &str,
        field: &str,
    ) -> Option<String> {
        let value = value.filter(|value| !value.is_empty())?;
        let pack = self.casework.pack();
        if pack
            .codes(list, time::today())
            .is_some_and(|codes| codes.code(value).is_some())
        {
            return Some(value.to_owned());
        }
        let why = format!("This code is not in the list {list}: it was left out");
        self.refuse(record, field, value, &why, true);
        None
    }

    /// A step of the pack as it stands, without a worker, a team or a clock.
    pub fn step(
        &self,
        kind: &str,
        state: StepState,
        started_on: NaiveDate,
        settled_on: Option<NaiveDate>,
    ) -> Result<Step, Error> {
        let pack = self.casework.pack();
        let def = pack.step(kind, time::today()).ok_or_else(|| {
            Error::File(format!(
                "The practice pack has no step “{kind}”: history cannot be brought in without it."
            ))
        })?;
        let form = pack.form(&def.form, time::today());
        Ok(Step {
            id: Id::new(),
            kind: def.id.clone(),
            form: form.map(|form| form.id.clone()),
            form_version: form.map(|form| form.version.to_string()),
            pack_version: def.version.to_string(),
            family_id: self.family,
            contact_id: None,
            team_id: None,
            worker_id: None,
            state,
            started_on,
            submitted_by: None,
            submitted_at: None,
            settled_by: None,
            settled_at: settled_on.map(noon),
            settled_words: None,
            outcome: None,
            version: 1,
        })
    }

    /// Names the child of a step.
    pub async fn subject(&mut self, step_id: Id<ids::Step>) -> Result<(), Error> {
        self.tx
            .insert(&StepSubject {
                id: Id::new(),
                step_id,
                person_id: self.child,
                version: 1,
            })
            .await?;
        Ok(())
    }

    /// Writes the answers to the questions that declare these facts.
    pub async fn answers(
        &mut self,
        step: &Step,
        facts: &[(&str, Json)],
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let form = step.form.as_deref().unwrap_or_default();
        let Some(form) = self.casework.pack().form(form, time::today()) else {
            return Ok(());
        };
        for (section, answers) in by_section(form, facts) {
            self.tx
                .insert(&StepSection {
                    id: Id::new(),
                    step_id: step.id,
                    subject_id: self.child,
                    section,
                    answers: Json::Object(answers),
                    finished: true,
                    saved_by: self.clerk,
                    saved_at: at,
                    version: 1,
                })
                .await?;
        }
        Ok(())
    }

    /// An entry of the chronology that says where it comes from.
    pub async fn chronicle(
        &mut self,
        on: NaiveDate,
        kind: &str,
        wording: &str,
        source: (&str, &str),
        record: &str,
    ) -> Result<(), Error> {
        let made_at = self.tx.now();
        self.tx
            .insert(&Chronology {
                id: Id::new(),
                person_id: self.child,
                happened_on: on,
                kind: kind.to_owned(),
                wording: wording.to_owned(),
                response: None,
                impact: None,
                significance: None,
                state: ChronologyState::Accepted,
                source_kind: Some(source.0.to_owned()),
                source_id: Some(source.1.to_owned()),
                reported_by: Some(format!(
                    "{} ({}, {record})",
                    capital(&self.origin.title()),
                    self.origin.file
                )),
                made_at,
                settled_by: None,
                settled_at: None,
                version: 1,
            })
            .await?;
        Ok(())
    }
}

/// The sections of a form that hold these facts, with the answers.
fn by_section(form: &Form, facts: &[(&str, Json)]) -> Vec<(String, Map<String, Json>)> {
    let mut all: Vec<(String, Map<String, Json>)> = Vec::new();
    for section in &form.sections {
        let mut answers = Map::new();
        for field in &section.fields {
            let said = facts
                .iter()
                .find(|(fact, _)| field.fact.as_deref() == Some(*fact));
            if let Some((_, said)) = said {
                answers.insert(field.name.clone(), said.clone());
            }
        }
        if !answers.is_empty() {
            all.push((section.id.clone(), answers));
        }
    }
    all
}

/// A day as a moment, where the file knows no time.
pub(super) fn noon(day: NaiveDate) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    time::from_local(day.and_time(noon))
}

/// "The census".
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The worker whose name stands where a row must say who wrote it. Nobody can
/// sign in as this one.
pub(super) fn clerk(today: NaiveDate) -> Worker {
    Worker {
        id: Id::new(),
        username: CLERK.to_owned(),
        name: "Brought in from earlier returns".to_owned(),
        job_title: "Not a person".to_owned(),
        role: "analyst".to_owned(),
        team_id: None,
        agency: "social_care".to_owned(),
        phone: None,
        email: None,
        fte_hundredths: 0,
        newly_qualified: false,
        supervisor_id: None,
        starts_on: today,
        ends_on: Some(today),
        active: false,
        password_hash: String::new(),
        social_work_number: None,
        version: 1,
    }
}

/// The username of that worker.
pub(super) const CLERK: &str = "import-history";

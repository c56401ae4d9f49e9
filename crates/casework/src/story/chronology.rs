//! The chronology: significant events, oldest first, each with what was done,
//! what it meant, how much it mattered, and where it comes from.

use chrono::NaiveDate;
use packs::{Answers, Form};
use record::model::{Chronology, ChronologyState, Person};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result};

/// Everything on the chronology's page.
#[derive(Debug, Clone)]
pub struct ChronologyPage {
    /// What was taken in, oldest first.
    pub entries: Vec<EntrySeen>,
    /// What proposes itself and waits for a choice, oldest first.
    pub proposed: Vec<EntrySeen>,
    /// How many were left out.
    pub left_out: usize,
}

/// An entry as a page shows it.
#[derive(Debug, Clone)]
pub struct EntrySeen {
    /// The row.
    pub row: Chronology,
    /// Where it comes from.
    pub source: SourceLink,
}

/// Where an entry comes from: a record of ours, or who told us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLink {
    /// "Case note", "Contact", "Reported by the grandmother".
    pub words: String,
    /// The record, if there is a page for it.
    pub path: Option<String>,
}

/// An entry written by hand: from a note, or about life before us.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Whose chronology.
    pub person: Id<ids::Person>,
    /// The answers to [`Casework::entry_form`].
    pub answers: Answers,
    /// The note it comes from.
    pub note: Option<Id<ids::Note>>,
    /// The form's token.
    pub once: String,
}

/// What to do with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Take it in.
    Take,
    /// Leave it out.
    Leave,
}

/// A choice about one proposal, with its wording as it is to stand.
#[derive(Debug, Clone)]
pub struct Settling {
    /// The proposal.
    pub id: Id<ids::Chronology>,
    /// The version that was read.
    pub version: i64,
    /// What to do with it.
    pub choice: Choice,
    /// What happened.
    pub wording: String,
    /// What was done.
    pub response: String,
    /// What it meant for the child.
    pub impact: String,
    /// high, medium or low; empty if not said.
    pub significance: String,
}

/// "High", "Medium", "Low".
pub fn significance_words(code: Option<&str>) -> &'static str {
    match code {
        Some("high") => "High",
        Some("medium") => "Medium",
        Some("low") => "Low",
        _ => "Not said",
    }
}

/// Where an entry's draft is kept while it is being written.
pub fn draft_of(person: Id<ids::Person>) -> String {
    format!("chronology:{person}")
}

impl Casework {
    /// A person's chronology. One statement.
    pub async fn chronology(&self, person: &Guarded<Person>) -> Result<ChronologyPage> {
        let sql = format!(
            "select {} from chronology where person_id = $1 order by happened_on, made_at, id",
            Chronology::COLUMNS.join(", ")
        );
        let rows: Vec<Chronology> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![person.id])
            .await?;
        let mut page = ChronologyPage {
            entries: Vec::new(),
            proposed: Vec::new(),
            left_out: 0,
        };
        for row in rows {
            match row.state {
                ChronologyState::Accepted => page.entries.push(EntrySeen::of(row)),
                ChronologyState::Proposed => page.proposed.push(EntrySeen::of(row)),
                ChronologyState::Rejected => page.left_out += 1,
            }
        }
        Ok(page)
    }

    /// The form for an entry; one with a source of ours is not asked who told
    /// us.
    pub fn entry_form(&self, has_source: bool) -> Result<Form> {
        let mut form = self.form("chronology-entry")?.clone();
        if has_source {
            for section in &mut form.sections {
                section.fields.retain(|f| f.name != "reported_by");
            }
        }
        Ok(form)
    }

    /// One entry with its person, for someone who may see it.
    pub async fn chronology_entry(
        &self,
        viewer: &Viewer,
        id: Id<ids::Chronology>,
        asked: Asked<'_>,
    ) -> Result<(Guarded<Person>, EntrySeen)> {
        let sql = format!(
            "select {} from chronology where id = $1",
            Chronology::COLUMNS.join(", ")
        );
        let row: Chronology = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?
            .ok_or(Error::NotFound)?;
        let person = self
            .gate()
            .person(viewer, row.person_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        Ok((person, EntrySeen::of(row)))
    }

    /// Adds an entry by hand. It stands at once: its author chose it.
    pub async fn add_to_chronology(
        &self,
        viewer: &Viewer,
        new: &NewEntry,
    ) -> Result<Id<ids::Chronology>> {
        let person = self.chronology_writer(viewer, new.person).await?;
        if let Some(note) = new.note {
            let note = self.note(viewer, note).await?;
            if note.person.id != person.id || note.note.sensitive {
                return Err(Error::NotFound);
            }
        }
        let findings = self
            .entry_form(new.note.is_some())?
            .check(&new.answers, None);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{}/chronology", person.id);
        if let Once::Again { location } = tx.once(&new.once, &location).await? {
            return Err(Error::Already(location));
        }
        let mut row = Chronology {
            id: Id::new(),
            person_id: person.id,
            happened_on: viewer.today,
            kind: String::new(),
            wording: String::new(),
            response: None,
            impact: None,
            significance: None,
            state: ChronologyState::Accepted,
            source_kind: new.note.map(|_| "note".to_owned()),
            source_id: new.note.map(|id| id.to_string()),
            reported_by: None,
            made_at: tx.now(),
            settled_by: Some(viewer.principal.worker),
            settled_at: Some(tx.now()),
            version: 1,
        };
        fill(&mut row, &new.answers, viewer.today)?;
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &draft_of(person.id))
            .await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Changes an entry that was taken in. Its source stays.
    pub async fn change_entry(
        &self,
        viewer: &Viewer,
        id: Id<ids::Chronology>,
        version: i64,
        answers: &Answers,
    ) -> Result<()> {
        let (_, seen) = self
            .chronology_entry(viewer, id, Asked::to_write("chronology"))
            .await?;
        may_write(viewer)?;
        let findings = self
            .entry_form(seen.row.source_id.is_some())?
            .check(answers, None);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: Chronology = tx.get(id).await?;
        row.version = version;
        fill(&mut row, answers, viewer.today)?;
        row.state = ChronologyState::Accepted;
        row.settled_by = Some(viewer.principal.worker);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Settles proposals: each is taken in with its wording, or left out. One
    /// that somebody settled meanwhile stays as they settled it. Gives back
    /// how many were taken in and how many left out.
    pub async fn settle_chronology(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        choices: &[Settling],
    ) -> Result<(usize, usize)> {
        let person = self.chronology_writer(viewer, person).await?;
        let (mut taken, mut left) = (0, 0);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        for choice in choices {
            let Some(mut row) = tx.find::<Chronology>(choice.id.as_str()).await? else {
                continue;
            };
            let waits = row.state == ChronologyState::Proposed && row.version == choice.version;
            if row.person_id != person.id || !waits {
                continue;
            }
            row.settled_by = Some(viewer.principal.worker);
            row.settled_at = Some(tx.now());
            match choice.choice {
                Choice::Take => {
                    if !choice.wording.trim().is_empty() {
                        row.wording = choice.wording.trim().to_owned();
                    }
                    row.response = filled(&choice.response);
                    row.impact = filled(&choice.impact);
                    row.significance = level(&choice.significance);
                    row.state = ChronologyState::Accepted;
                    taken += 1;
                }
                Choice::Leave => {
                    row.state = ChronologyState::Rejected;
                    left += 1;
                }
            }
            tx.update(&mut row).await?;
        }
        tx.commit().await?;
        Ok((taken, left))
    }

    async fn chronology_writer(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<Guarded<Person>> {
        let person = self
            .gate()
            .person(viewer, person, Asked::to_write("chronology"))
            .await?
            .ok_or(Error::NotFound)?;
        may_write(viewer)?;
        Ok(person)
    }
}

pub(super) fn may_write(viewer: &Viewer) -> Result<()> {
    if viewer.can("case.record") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your post reads the chronology but does not write it. Ask the child’s worker.".into(),
    ))
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

fn level(code: &str) -> Option<String> {
    ["high", "medium", "low"]
        .contains(&code)
        .then(|| code.to_owned())
}

fn fill(row: &mut Chronology, answers: &Answers, today: NaiveDate) -> Result<()> {
    let happened_on = answers.date("happened_on").ok_or(Error::NotFound)?;
    if happened_on > today {
        return Err(Error::finding(
            "happened_on",
            "When did it happen?",
            "This date is in the future. A chronology holds what has happened.",
        ));
    }
    row.happened_on = happened_on;
    row.kind = answers.text("kind").to_owned();
    row.wording = answers.text("wording").trim().to_owned();
    row.response = filled(answers.text("response"));
    row.impact = filled(answers.text("impact"));
    row.significance = level(answers.text("significance"));
    if row.source_id.is_none() {
        row.reported_by = filled(answers.text("reported_by"));
    }
    Ok(())
}

impl EntrySeen {
    fn of(row: Chronology) -> EntrySeen {
        EntrySeen {
            source: SourceLink::of(&row),
            row,
        }
    }

    /// The entry's answers, to be shown in the form again.
    pub fn answers(&self) -> Answers {
        let mut answers = Answers::new();
        let row = &self.row;
        answers.set("happened_on", row.happened_on.to_string());
        let kind = match row.kind.as_str() {
            "change_of_worker" => "worker",
            kind => kind,
        };
        answers.set("kind", kind);
        answers.set("wording", row.wording.as_str());
        let more = [
            ("response", &row.response),
            ("impact", &row.impact),
            ("significance", &row.significance),
            ("reported_by", &row.reported_by),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                answers.set(name, value.as_str());
            }
        }
        answers
    }
}

impl SourceLink {
    fn of(row: &Chronology) -> SourceLink {
        let known = |words: &str, folder: &str| SourceLink {
            words: words.to_owned(),
            path: row
                .source_id
                .as_ref()
                .filter(|_| !folder.is_empty())
                .map(|id| format!("/{folder}/{id}")),
        };
        match (row.source_kind.as_deref(), &row.reported_by) {
            (Some("note"), _) => known("Case note", "notes"),
            (Some("visit"), _) => known("Visit", "notes"),
            (Some("contact"), _) => known("Contact", "contacts"),
            (Some("step"), _) => known("Assessment", "steps"),
            (Some("early_help"), _) => known("Early help", "early-help"),
            (Some("plan"), _) => known("Plan", "plans"),
            (Some("meeting"), _) => known("Meeting", "meetings"),
            (Some("involvement"), _) => known("Allocation", ""),
            (Some("person"), _) => known("Personal details", "people"),
            (Some("address"), _) => known("Address", ""),
            (Some("decision"), _) => known("Decision", ""),
            (Some(other), _) => known(&other.replace('_', " "), ""),
            (None, Some(who)) => known(&format!("Reported by {who}"), ""),
            (None, None) => known("Source not recorded", ""),
        }
    }
}

//! Writing one section. A save that someone else was quicker than is refused
//! and kept as its author's draft, so that it is never lost and never wins
//! silently (the recording contract, ux.md section 6; security S2).

use packs::{Answers, Finding, Section};
use record::model::{Person, StepSection};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::overview::when;
use super::seen::{LEFT_OUT, SectionSeen, StepSeen, all_answers, find, may_leave_out};
use crate::drafts::{Draft, NewDraft};
use crate::{Casework, Error, Result, time};

/// One section about to be saved.
#[derive(Debug, Clone)]
pub struct SaveSection {
    /// The step.
    pub step: Id<ids::Step>,
    /// The section of its form.
    pub section: String,
    /// What was answered in it.
    pub answers: Answers,
    /// "I have finished this section."
    pub finished: bool,
    /// The version that was read; 0 when nothing had been saved.
    pub base: i64,
    /// The page's token.
    pub once: String,
    /// The same words as a draft, kept when they cannot be saved.
    pub words: NewDraft,
    /// The author saw both versions and chose: the words of theirs that lost
    /// are settled with this save.
    pub settles: bool,
}

/// One section's page.
#[derive(Debug, Clone)]
pub struct SectionPage {
    /// The step.
    pub seen: StepSeen,
    /// The section.
    pub section: Section,
    /// All sections as saved.
    pub sections: Vec<SectionSeen>,
    /// The answers of the whole step: questions may hang on other sections.
    pub answers: Answers,
    /// The version of this section; 0 when nothing is saved.
    pub version: i64,
    /// The viewer's unsaved words here.
    pub draft: Option<Draft>,
    /// The viewer's words that lost against another save.
    pub refused: Option<Draft>,
    /// Words of the viewer that lost before those.
    pub earlier: Vec<Draft>,
    /// "Amina Fenn saved this section 3 minutes ago", when it was not the
    /// viewer and was today.
    pub presence: Option<String>,
    /// What the record knows already, with its source (R001-21).
    pub known: Vec<(String, String)>,
    /// The people of the family, for questions about people.
    pub people: Vec<Person>,
    /// The section after this one.
    pub next: Option<String>,
    /// The viewer may write here.
    pub writes: bool,
}

impl SectionPage {
    /// The section as saved.
    pub fn saved(&self) -> Option<&SectionSeen> {
        find(&self.sections, &self.section.id)
    }

    /// The draft began on an older version than the one saved now.
    pub fn draft_is_behind(&self) -> bool {
        self.draft
            .as_ref()
            .is_some_and(|d| d.base_version.unwrap_or(0) != self.version)
    }

    /// Whether this section may be left out for these children.
    pub fn may_leave_out(&self) -> bool {
        may_leave_out(&self.section)
    }
}

impl Casework {
    /// One section's page.
    pub async fn section_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        section: &str,
    ) -> Result<SectionPage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/section"))
            .await?;
        let section = seen.section(section)?.clone();
        let sections = self.sections_of(&seen).await?;
        let drafts = self.drafts_in(viewer, &seen).await?;
        let target = seen.target(&section.id);
        let pick = |refused: bool| {
            drafts
                .iter()
                .find(|d| d.target == target && d.refused == refused)
                .cloned()
        };
        let (draft, refused) = (pick(false), pick(true));
        let before = format!("{target}:");
        let earlier = drafts
            .iter()
            .filter(|d| d.target.starts_with(&before))
            .cloned()
            .collect();
        let asks_people = section
            .fields
            .iter()
            .any(|field| matches!(field.kind, packs::Kind::People { .. }));
        let people = if asks_people {
            self.family_people(viewer, &seen).await?
        } else {
            Vec::new()
        };
        let mut answers = all_answers(&sections);
        let saved = find(&sections, &section.id);
        if saved.is_none() && draft.is_none() {
            // Record once (R001-21): the children are known from the step.
            for field in &section.fields {
                if let packs::Kind::People {
                    who: packs::Who::Children,
                    many: true,
                } = field.kind
                {
                    let ids = seen.children.iter().map(|child| child.id.to_string());
                    answers.set_list(&field.name, ids);
                }
            }
        }
        Ok(SectionPage {
            version: saved.map_or(0, |s| s.version),
            presence: saved.and_then(|s| presence(viewer, s)),
            known: self.known(&seen, &section).await?,
            next: next(&seen, &section.id, &answers),
            writes: seen.is_open() && viewer.can("case.record"),
            people,
            draft,
            refused,
            earlier,
            answers,
            sections,
            section,
            seen,
        })
    }

    /// The visible people of the step's family, children first.
    pub(crate) async fn family_people(
        &self,
        viewer: &Viewer,
        seen: &StepSeen,
    ) -> Result<Vec<Person>> {
        let asked = Asked::to_read("/steps/section");
        let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 2);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let sql = format!(
            "select {} from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and {condition} \
             order by m.household desc, p.born_on desc",
            columns.join(", ")
        );
        values.insert(0, seen.step.family_id.into());
        let rows: Vec<Person> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, asked.page, rows, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let mut people: Vec<Person> = Vec::new();
        for person in listed {
            if !people.iter().any(|p| p.id == person.id) {
                people.push(person);
            }
        }
        Ok(people)
    }

    /// What other work with the family already recorded for the same facts.
    async fn known(&self, seen: &StepSeen, section: &Section) -> Result<Vec<(String, String)>> {
        #[derive(sqlx::FromRow)]
        struct Earlier {
            kind: String,
            form: Option<String>,
            form_version: Option<String>,
            started_on: chrono::NaiveDate,
            answers: serde_json::Value,
        }
        if section.fields.iter().all(|field| field.fact.is_none()) {
            return Ok(Vec::new());
        }
        let rows: Vec<Earlier> = self
            .store()
            .read_db()
            .all(
                "select t.kind, t.form, t.form_version, t.started_on, s.answers \
                 from step_section s join step t on t.id = s.step_id \
                 where t.family_id = $1 and t.id <> $2 and exists (select 1 from step_subject x \
                 where x.step_id = t.id and x.person_id = $3) \
                 order by t.started_on desc limit 20",
                args![seen.step.family_id, seen.step.id, seen.first.id],
            )
            .await?;
        let mut known: Vec<(String, String)> = Vec::new();
        for field in section.fields.iter().filter(|f| f.fact.is_some()) {
            let found = rows.iter().find_map(|row| {
                let version = row.form_version.as_deref()?.parse().ok()?;
                let form = self.pack().form_version(row.form.as_deref()?, version)?;
                let same = form.fields().find(|other| other.fact == field.fact)?;
                let answers = Answers::from_map(row.answers.as_object().cloned()?);
                let labels: Vec<String> = answers
                    .list(&same.name)
                    .iter()
                    .map(|value| {
                        same.kind
                            .options()
                            .map_or(*value, |options| options.label(value))
                            .to_owned()
                    })
                    .collect();
                let source = self
                    .pack()
                    .step(&row.kind, row.started_on)
                    .map_or_else(|| row.kind.clone(), |def| def.title.clone());
                (!labels.is_empty()).then(|| {
                    (
                        field.label.clone(),
                        format!(
                            "{} ({}, {})",
                            plain::list(&labels),
                            source.to_lowercase(),
                            plain::date(row.started_on)
                        ),
                    )
                })
            });
            known.extend(found);
        }
        Ok(known)
    }

    /// Saves a section. Unfinished sections are taken as they are; one that is
    /// called finished is checked.
    ///
    /// # Errors
    /// [`Error::Stale`] when someone saved the section since it was read: the
    /// words are then kept as the author's draft, to be shown beside the other.
    /// [`Error::Findings`] when it is called finished and is not: also kept.
    pub async fn save_section(&self, viewer: &Viewer, save: SaveSection) -> Result<()> {
        let seen = self
            .step_to_write(viewer, save.step, "save a section")
            .await?;
        let section = seen.section(&save.section)?.clone();
        if !seen.is_open() {
            self.keep_draft(viewer, &save.words).await?;
            return Err(Error::Refused(
                "This was sent to a manager meanwhile, so it cannot be changed now. Your words are kept as a draft. Ask the manager to send it back."
                    .into(),
            ));
        }
        if save.finished {
            let findings = self.check_section(&seen, &section, &save.answers).await?;
            if !findings.is_empty() {
                self.keep_draft(viewer, &save.words).await?;
                return Err(Error::Findings(findings));
            }
        }
        match self.try_save(viewer, &seen, &save).await {
            Err(Error::Stale) => {
                self.keep_refused(viewer, &save.words).await?;
                Err(Error::Stale)
            }
            other => other,
        }
    }

    /// Keeps words that lost against another save. Words of the same author
    /// that lost before are kept beside them, never replaced (S2).
    async fn keep_refused(&self, viewer: &Viewer, words: &NewDraft) -> Result<()> {
        let worker = viewer.principal.worker;
        let earlier = self.my_refused(viewer, &words.target).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        drop_kept(&mut tx, viewer, &words.target, false).await?;
        if let Some(earlier) = earlier.filter(|earlier| earlier.body != words.body) {
            let beside = NewDraft {
                target: format!("{}:{}", words.target, Id::<ids::Draft>::new()),
                title: earlier.title,
                path: earlier.path,
                body: earlier.body,
                page: "refused".into(),
                seq: earlier.seq,
                base_version: earlier.base_version,
            };
            tx.keep_draft(worker, &beside, true).await?;
        }
        tx.keep_draft(worker, words, true).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn check_section(
        &self,
        seen: &StepSeen,
        section: &Section,
        answers: &Answers,
    ) -> Result<Vec<Finding>> {
        let mut all = all_answers(&self.sections_of(seen).await?);
        all.replace_section(&seen.form, &section.id, answers);
        Ok(seen.form.check(&all, Some(&section.id)))
    }

    async fn try_save(&self, viewer: &Viewer, seen: &StepSeen, save: &SaveSection) -> Result<()> {
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if !save.once.is_empty() {
            let place = format!("{}/{}", seen.path(), save.section);
            if let Once::Again { location } = tx.once(&save.once, &place).await? {
                return Err(Error::Already(location));
            }
        }
        let only = own_answers(seen, &save.section, &save.answers);
        put_section(&mut tx, viewer, seen, &save.section, save.base, |row| {
            row.answers = serde_json::Value::Object(only.clone().into_map());
            row.finished = save.finished;
        })
        .await?;
        if save.settles {
            settle_kept(&mut tx, viewer, &save.words.target).await?;
        } else {
            drop_kept(&mut tx, viewer, &save.words.target, false).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Leaves an optional section out for these children, or takes it back in
    /// when there is no reason given. What was written in it stays.
    ///
    /// # Errors
    /// [`Error::Refused`] for a section that holds a statutory item (R001-03).
    pub async fn leave_out(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        section: &str,
        reason: Option<&str>,
    ) -> Result<()> {
        let seen = self
            .step_to_write(viewer, id, "leave a section out")
            .await?;
        let def = seen.section(section)?.clone();
        if !may_leave_out(&def) {
            return Err(Error::Refused(format!(
                "“{}” belongs to every assessment: a law or a return needs what is in it. It cannot be left out, but you can say there why something is not known.",
                def.title
            )));
        }
        if reason.is_some_and(|words| words.trim().is_empty()) {
            return Err(Error::finding(
                "reason",
                "Reason",
                "Write why this section is left out",
            ));
        }
        let base = find(&self.sections_of(&seen).await?, section).map_or(0, |s| s.version);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        put_section(&mut tx, viewer, &seen, section, base, |row| {
            let mut answers = row.answers.as_object().cloned().unwrap_or_default();
            answers.shift_remove(LEFT_OUT);
            if let Some(reason) = reason {
                answers.insert(LEFT_OUT.to_owned(), reason.trim().into());
            }
            row.answers = answers.into();
            row.finished = false;
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Only the answers of one section.
fn own_answers(seen: &StepSeen, section: &str, answers: &Answers) -> Answers {
    let mut only = Answers::new();
    only.replace_section(&seen.form, section, answers);
    only
}

/// Writes a section over the version that was read, or as the first.
pub(crate) async fn put_section(
    tx: &mut Tx,
    viewer: &Viewer,
    seen: &StepSeen,
    section: &str,
    base: i64,
    change: impl FnOnce(&mut StepSection),
) -> Result<()> {
    let sql = format!(
        "select {} from step_section where step_id = $1 and section = $2",
        StepSection::COLUMNS.join(", ")
    );
    let now = tx.now();
    let found: Option<StepSection> = tx
        .maybe(AssertSqlSafe(sql), args![seen.step.id, section])
        .await?;
    match found {
        Some(row) if row.version != base => Err(Error::Stale),
        Some(mut row) => {
            change(&mut row);
            row.saved_by = viewer.principal.worker;
            row.saved_at = now;
            tx.update(&mut row).await?;
            Ok(())
        }
        None if base != 0 => Err(Error::Stale),
        None => {
            let mut row = StepSection {
                id: Id::new(),
                step_id: seen.step.id,
                subject_id: seen.first.id,
                section: section.to_owned(),
                answers: serde_json::json!({}),
                finished: false,
                saved_by: viewer.principal.worker,
                saved_at: now,
                version: 1,
            };
            change(&mut row);
            match tx.insert(&row).await {
                Err(record::Error::Database(error)) if is_taken(&error) => Err(Error::Stale),
                other => Ok(other?),
            }
        }
    }
}

/// Drops the author's draft of a target, or their words of it that lost.
async fn drop_kept(tx: &mut Tx, viewer: &Viewer, target: &str, refused: bool) -> Result<u64> {
    let worker = viewer.principal.worker;
    Ok(tx
        .run(
            "delete from draft where worker_id = $1 and target = $2 and refused = $3",
            args![worker, target, refused],
        )
        .await?)
}

/// Drops what the author chose between: their words that lost, or, when none
/// did, the draft that was behind.
pub(crate) async fn settle_kept(tx: &mut Tx, viewer: &Viewer, target: &str) -> Result<()> {
    let lost = drop_kept(tx, viewer, target, true).await?;
    if lost == 0 {
        drop_kept(tx, viewer, target, false).await?;
    }
    let (from, to) = (format!("{target}:"), format!("{target}:\u{10FFFF}"));
    tx.run(
        "delete from draft where worker_id = $1 and target > $2 and target < $3",
        args![viewer.principal.worker, from, to],
    )
    .await?;
    Ok(())
}

/// Another server of the same council wrote the first version meanwhile.
fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether somebody else wrote here today, and when.
fn presence(viewer: &Viewer, saved: &SectionSeen) -> Option<String> {
    let today = time::local(saved.saved_at).date() == time::today();
    let other = saved.saved_by != viewer.principal.worker;
    (today && other).then(|| {
        format!(
            "{} saved this section {}.",
            saved.saver,
            when(saved.saved_at)
        )
    })
}

fn next(seen: &StepSeen, section: &str, answers: &Answers) -> Option<String> {
    seen.form
        .sections
        .iter()
        .skip_while(|s| s.id != section)
        .skip(1)
        .find(|s| seen.form.shows_section(s, answers))
        .map(|s| s.id.clone())
}

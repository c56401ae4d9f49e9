//! Writing one section. A save that someone else was quicker than is refused
//! and kept as its author's draft, so that it is never lost and never wins
//! silently (the recording contract, ux.md section 6; security S2).

use packs::{Answers, Finding, Section};
use record::model::StepSection;
use record::submissions::Once;
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::seen::{LEFT_OUT, StepSeen, all_answers, find, may_leave_out};
use crate::drafts::NewDraft;
use crate::{Casework, Error, Result};

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

impl Casework {
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
                self.keep_beside(viewer, &save.words).await?;
                Err(Error::Stale)
            }
            other => other,
        }
    }

    /// Keeps words that lost against another save. Words of the same author
    /// that lost before are kept beside them, never replaced (S2).
    async fn keep_beside(&self, viewer: &Viewer, words: &NewDraft) -> Result<()> {
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
        let mut all = all_answers(&self.step_sections(seen).await?);
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
        let base = find(&self.step_sections(&seen).await?, section).map_or(0, |s| s.version);
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

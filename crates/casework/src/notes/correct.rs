//! Correcting a note: the original stays in the journal for ever, and the
//! reason stands beside the correction (UX26; UK GDPR article 16; security T9).

use chrono::NaiveDateTime;
use record::model::Note;
use record::{Asked, Tx, Viewer};
use vocabulary::{Id, ids};

use super::write::claim;
use super::{filled, happened};
use crate::{Casework, Error, Result};

/// A correction as it was written.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Which note.
    pub note: Id<ids::Note>,
    /// The version that was read.
    pub version: i64,
    /// The shared words, put right.
    pub words: String,
    /// The words for this child alone, put right.
    pub only_here: String,
    /// When it happened, put right; unchanged if left out.
    pub happened_at: Option<NaiveDateTime>,
    /// What was wrong.
    pub reason: String,
    /// Correct the shared words in the brothers' and sisters' records too.
    pub copies_too: bool,
    /// The form's token.
    pub once: String,
}

/// Where a correction's draft is kept while it is being written.
pub fn draft_of(note: Id<ids::Note>) -> String {
    format!("correction:{note}")
}

impl Casework {
    /// Corrects a note, and its copies if the writer ticked so. Of the copies
    /// only those change that the writer may write and that still say the
    /// same; the words for one child alone never leave that child's record.
    pub async fn correct_note(&self, viewer: &Viewer, new: &Correction) -> Result<()> {
        let note = self.note_row(new.note).await?;
        self.person_of(viewer, &note, Asked::to_write("notes/correct"))
            .await?;
        if !viewer.can("case.record") {
            return Err(Error::NotFound);
        }
        let mut findings = Vec::new();
        let mut missing = |field, label, message| {
            if let Error::Findings(found) = Error::finding(field, label, message) {
                findings.extend(found);
            }
        };
        if filled(&new.words).is_none() && note.kind != "visit" {
            missing("text", "The words", "Write the note as it should be");
        }
        if filled(&new.reason).is_none() {
            missing("reason", "What was wrong?", "Write what was wrong");
        }
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let copies = match new.copies_too {
            true => self.note(viewer, new.note).await?.copies,
            false => Vec::new(),
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &new.once, &format!("/notes/{}", note.id)).await?;
        tx.because_of(new.reason.trim());
        let mut row: Note = tx.get(note.id).await?;
        row.version = new.version;
        put_right(&mut tx, &mut row, new)?;
        row.only_here = filled(&new.only_here);
        tx.update(&mut row).await?;
        for copy in copies.iter().filter(|c| c.corrects) {
            let mut row: Note = tx.get(copy.note).await?;
            put_right(&mut tx, &mut row, new)?;
            tx.update(&mut row).await?;
        }
        tx.drop_draft(viewer.principal.worker, &draft_of(note.id))
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn put_right(tx: &mut Tx, row: &mut Note, new: &Correction) -> Result<()> {
    row.words = new.words.trim().to_owned();
    if new.happened_at.is_some() {
        row.happened_at = happened(new.happened_at, tx.now())?;
    }
    row.corrected_at = Some(tx.now());
    row.correction_reason = Some(new.reason.trim().to_owned());
    Ok(())
}

//! Messages between practitioners about a child (R001-09): asked, answered,
//! kept in the child's record. Both ends have them in their work list. A
//! practitioner of another agency asks and answers about children whom they
//! work with or have just confirmed at the index; nothing else of the record
//! opens to them by it.
//!
//! Being on one side of a question is a reason to read it for as long as the
//! work lasts, and no longer: what the other side writes is about the child and
//! goes on being written. So the gate is asked at the time of reading. Whose
//! work with the child has ended, and who reads the record for no other reason,
//! sees what they wrote themselves (they knew it, and must be able to show what
//! they asked), and none of the other side's words. Who never worked with the
//! child and asked, such as an officer on duty, reads the answer for thirty days
//! after the last message.

mod ask;
mod list;
mod one;

pub use ask::{Asker, asks_about};
pub use list::QuestionLine;
pub use one::{MessageView, QuestionView};

use access::TieKind;
use chrono::Duration;
use record::model::{AccessGrant, Involvement, Person, Question};
use record::{Asked, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use crate::{Casework, Result};

/// The form of a question.
pub const FORM: &str = "question";
/// The form of an answer.
pub const ANSWER: &str = "question-answer";
/// The page, for the journal.
const PAGE: &str = "questions";
/// How long somebody without another tie may come back to a question.
const LASTS: Duration = Duration::days(30);

/// On which side of a question somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// They asked.
    Asker,
    /// They, or the team where they are on duty, were asked.
    Asked,
}

/// The side on which the viewer stands, if on any.
fn end_of(viewer: &Viewer, question: &Question) -> Option<End> {
    let me = viewer.principal.worker;
    let on_duty = viewer.can("contact.screen")
        && question.to_team.is_some()
        && question.to_team == viewer.principal.team;
    if question.asked_by == me {
        return Some(End::Asker);
    }
    (question.to_worker == Some(me) || on_duty).then_some(End::Asked)
}

impl Casework {
    /// Whether one side of a question may read all of it now. `seen` is the
    /// child as the gate has just shown it.
    async fn reads_all(
        &self,
        viewer: &Viewer,
        question: &Question,
        seen: &Guarded<Person>,
    ) -> Result<bool> {
        let tie = self.gate().tie_of(&seen.because);
        let works = tie.is_some_and(|tie| !TieKind::STANDING.contains(&tie));
        if works || self.gate().allows(viewer, seen, Asked::to_read(PAGE)) {
            return Ok(true);
        }
        let recent = question.moved_at + LASTS > chrono::Utc::now();
        Ok(recent && !self.has_worked_with(viewer, question.person_id).await?)
    }

    /// Whether the viewer worked with a child and does not any more.
    async fn has_worked_with(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<bool> {
        let ended: Vec<Involvement> = self
            .rows_of(
                "worker_id = $1 and person_id = $2 and ended_on is not null and ended_on <= $3",
                args![viewer.principal.worker, child, viewer.today],
            )
            .await?;
        Ok(!ended.is_empty())
    }

    /// "Jo Larch, social worker": how the other side sees somebody.
    async fn signature(&self, worker: Id<ids::Worker>) -> Result<String> {
        let row = self.worker(worker).await?;
        Ok(row.map_or_else(String::new, |w| {
            let post = crate::people::network::lower_first(&w.job_title);
            format!("{}, {post}", w.name)
        }))
    }

    /// Lets somebody come back to a question about a child to whom nothing else
    /// ties them: the index, for thirty days, by name. Bars still hold.
    async fn let_in(
        &self,
        tx: &mut Tx,
        worker: Id<ids::Worker>,
        child: Id<ids::Person>,
        because: &str,
    ) -> Result<()> {
        let Some(viewer) = self.viewer(worker, None).await? else {
            return Ok(());
        };
        let open = self
            .gate()
            .would_allow(&viewer, child, Asked::index(PAGE))
            .await?;
        if open {
            return Ok(());
        }
        let now = tx.now();
        tx.insert(&AccessGrant {
            id: Id::new(),
            kind: "partner".into(),
            worker_id: worker,
            person_id: child,
            section: "index".into(),
            reason: because.to_owned(),
            starts_at: now,
            ends_at: now + LASTS,
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
        })
        .await?;
        Ok(())
    }
}

//! Messages between practitioners about a child (R001-09): asked, answered,
//! kept in the child's record. Both ends have them in their work list. A
//! practitioner of another agency asks and answers about children whom they
//! work with or have just confirmed at the index; nothing else of the record
//! opens to them by it.

mod ask;
mod list;
mod one;

pub use ask::{Asker, asks_about};
pub use list::QuestionLine;
pub use one::{MessageView, QuestionView};

use chrono::Duration;
use record::model::{AccessGrant, Question};
use record::{Asked, Tx, Viewer};
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

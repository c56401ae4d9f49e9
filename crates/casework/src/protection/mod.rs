//! Child protection: strategy discussions, section 47 enquiries, conferences,
//! protection plans, stepping down and watching afterwards.
//!
//! Steps, forms, clocks, partners and standards stand in the pack. Here is what
//! no file can say: what a missing partner asks, when a conference can decide,
//! how a decision becomes a plan on the same day, and that a plan ends only at
//! a review conference that has read the evidence.

mod arrange;
mod begin;
mod conference;
mod evidence;
mod holding;
mod plan;
mod section47;
mod step_down;
mod strategy;
mod table;
mod watch;

pub use arrange::Arrange;
pub use conference::{ConferencePage, Guest};
pub use evidence::{Earlier, span_of};
pub use holding::{Hold, form_for};
pub use section47::Part;
pub use step_down::StepDownPage;
pub use strategy::{From, StrategyPage};
pub use table::{Seat, Seated};
pub use watch::{LookLine, WatchPage, WatchRow};

use record::model::{Chronology, ChronologyState, Meeting, StepMeeting};
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids};

use crate::{Casework, Result, time};

impl Casework {
    /// The meeting at which a step is done, if it has one yet.
    pub(crate) async fn meeting_of_step(
        &self,
        step: Id<ids::Step>,
    ) -> Result<Option<(StepMeeting, Meeting)>> {
        let db = self.store().read_db();
        let sql = format!(
            "select {} from step_meeting where step_id = $1 order by id desc limit 1",
            StepMeeting::COLUMNS.join(", ")
        );
        let row: Option<StepMeeting> = db.maybe(AssertSqlSafe(sql), args![step]).await?;
        let Some(row) = row else { return Ok(None) };
        let sql = format!(
            "select {} from meeting where id = $1",
            Meeting::COLUMNS.join(", ")
        );
        let meeting: Option<Meeting> = db.maybe(AssertSqlSafe(sql), args![row.meeting_id]).await?;
        Ok(meeting.map(|meeting| (row, meeting)))
    }

    /// Where a meeting is read that a step is done at; nothing for the others.
    pub async fn page_of_meeting(&self, meeting: Id<ids::Meeting>) -> Result<Option<String>> {
        #[derive(sqlx::FromRow)]
        struct Found {
            step_id: Id<ids::Step>,
            kind: String,
        }
        let found: Option<Found> = self
            .store()
            .read_db()
            .maybe(
                "select m.step_id, s.kind from step_meeting m join step s on s.id = m.step_id \
                 where m.meeting_id = $1",
                args![meeting],
            )
            .await?;
        Ok(found.map(|f| crate::steps::path_of_kind(&f.kind, f.step_id)))
    }
}

/// An entry that a worker may take into a child's chronology.
pub(crate) fn entry(
    tx: &Tx,
    child: Id<ids::Person>,
    at: chrono::DateTime<chrono::Utc>,
    wording: &str,
    response: Option<String>,
    step: Id<ids::Step>,
) -> Chronology {
    Chronology {
        id: Id::new(),
        person_id: child,
        happened_on: time::local(at).date(),
        kind: "harm".into(),
        wording: wording.to_owned(),
        response,
        impact: None,
        significance: Some("high".into()),
        state: ChronologyState::Proposed,
        source_kind: Some("step".into()),
        source_id: Some(step.to_string()),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    }
}

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
mod moving;
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
pub(crate) use step_down::KIND as STEP_DOWN;
pub use step_down::StepDownPage;
pub use strategy::{From, StrategyPage};
pub use table::{Seat, Seated};
pub use watch::{LookLine, WatchPage, WatchRow};

use chrono::{DateTime, Utc};
use record::model::{Chronology, ChronologyState, Meeting, StepMeeting};
use record::{AssertSqlSafe, Tx, args};
use vocabulary::{Id, ids};

use crate::{Casework, Result, time};

/// A meeting with its step, as one row of the database.
#[derive(sqlx::FromRow)]
struct Joined {
    #[sqlx(flatten)]
    meeting: Meeting,
    j_id: Id<ids::Part>,
    j_step: Id<ids::Step>,
    j_chair: Option<Id<ids::Worker>>,
    j_quorate: Option<bool>,
    j_why: Option<String>,
    j_plan: Option<Id<ids::Plan>>,
    j_given: Option<DateTime<Utc>>,
    j_version: i64,
}

impl Joined {
    fn apart(self) -> (StepMeeting, Meeting) {
        let row = StepMeeting {
            id: self.j_id,
            step_id: self.j_step,
            meeting_id: self.meeting.id,
            family_id: self.meeting.family_id,
            chair_id: self.j_chair,
            quorate: self.j_quorate,
            not_quorate_why: self.j_why,
            plan_id: self.j_plan,
            given_at: self.j_given,
            version: self.j_version,
        };
        (row, self.meeting)
    }
}

impl Casework {
    /// The meeting at which a step is done, if it has one yet.
    pub(crate) async fn meeting_of_step(
        &self,
        step: Id<ids::Step>,
    ) -> Result<Option<(StepMeeting, Meeting)>> {
        let sql = format!(
            "select {}, j.id as j_id, j.step_id as j_step, j.chair_id as j_chair, \
             j.quorate as j_quorate, j.not_quorate_why as j_why, j.plan_id as j_plan, \
             j.given_at as j_given, j.version as j_version from step_meeting j \
             join meeting m on m.id = j.meeting_id where j.step_id = $1 \
             order by j.id desc limit 1",
            crate::plans::columns::<Meeting>("m")
        );
        let found: Option<Joined> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![step])
            .await?;
        Ok(found.map(Joined::apart))
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

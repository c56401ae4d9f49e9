//! Child protection: steps that are done at a meeting, a child's time on a
//! plan, and the watch after a step-down.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::{code_enum, entity};

entity! {
    /// A step that is done at a meeting: a strategy discussion, a conference.
    pub struct StepMeeting in "step_meeting", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The step.
        pub step_id: Id<ids::Step>,
        /// The meeting.
        pub meeting_id: Id<ids::Meeting>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// Who chairs it, if they sign in here.
        pub chair_id: Option<Id<ids::Worker>>,
        /// Whether enough agencies were there to decide.
        pub quorate: Option<bool>,
        /// Why it decided all the same.
        pub not_quorate_why: Option<String>,
        /// The plan that was made there.
        pub plan_id: Option<Id<ids::Plan>>,
        /// When the family and the core group had the outline plan.
        pub given_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One child's time on a child protection plan, as the children in need
    /// census counts it.
    pub struct Protection in "protection", about Person(person_id) {
        /// This time.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The plan.
        pub plan_id: Id<ids::Plan>,
        /// From.
        pub started_on: NaiveDate,
        /// The category at the start: NEG, PHY, SAB, EMO, MUL.
        pub first_category: String,
        /// The category now.
        pub category: String,
        /// How many child protection plans there were before.
        pub earlier: i64,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// Why it ended.
        pub end_reason: Option<String>,
        /// The council whose plan it was before.
        pub came_from: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

code_enum! {
    /// Where a watch stands.
    pub enum WatchState {
        /// Somebody looks again when it is due.
        Watching = "watching",
        /// Nobody needs to look any more.
        Ended = "ended",
        /// The child needed more help again (R004-23).
        Back = "back",
    }
}

entity! {
    /// The watch after a step-down.
    pub struct Watch in "watch", about Person(person_id) {
        /// The watch.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The step in which the evidence stands.
        pub step_id: Option<Id<ids::Step>>,
        /// The kind of plan that ended.
        pub from_kind: String,
        /// What came after: child_in_need, early_help, closed.
        pub to_kind: String,
        /// Since when.
        pub began_on: NaiveDate,
        /// What would bring the plan back.
        pub bring_back: String,
        /// Where it stands.
        pub state: WatchState,
        /// When more help was needed again.
        pub back_on: Option<NaiveDate>,
        /// What showed it.
        pub back_by: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One look during a watch.
    pub struct WatchLook in "watch_look", about Person(person_id), at looked_at {
        /// The look.
        pub id: Id<ids::Part>,
        /// The watch.
        pub watch_id: Id<ids::Part>,
        /// The child, whose key seals the words.
        pub person_id: Id<ids::Person>,
        /// After how many months it was due: 3, 6 or 12.
        pub months: i64,
        /// Whether the change has lasted: yes, partly, no, not_known.
        pub holding: String,
        /// What was seen, and who told us.
        pub words: String,
        /// Who looked.
        pub looked_by: Id<ids::Worker>,
        /// When.
        pub looked_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

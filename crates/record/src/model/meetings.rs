//! Meetings: one component for every kind of meeting.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::{code_enum, entity};

code_enum! {
    /// Where a meeting stands.
    pub enum MeetingState {
        /// It will be held.
        Planned = "planned",
        /// It was held.
        Held = "held",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

entity! {
    /// A meeting about a family.
    pub struct Meeting in "meeting", about Family(family_id), at held_at {
        /// The meeting.
        pub id: Id<ids::Meeting>,
        /// A code of codes/meetings.
        pub kind: String,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The plan it reviews.
        pub plan_id: Option<Id<ids::Plan>>,
        /// When it is or was held.
        pub held_at: DateTime<Utc>,
        /// Where.
        pub place: Option<String>,
        /// Planned, held or cancelled.
        pub state: MeetingState,
        /// What it is for.
        pub purpose: Option<String>,
        /// What was said.
        pub discussion: Option<String>,
        /// What was decided.
        pub decision: Option<String>,
        /// Interpreter: needed, booked, or declined with a reason.
        pub interpreter: Option<String>,
        /// Who chaired it.
        pub chaired_by: Option<String>,
        /// Who called it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Someone who was invited, came, sent views, or was absent.
    pub struct MeetingPerson in "meeting_person", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Attendance>,
        /// The meeting.
        pub meeting_id: Id<ids::Meeting>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The person, if one of the family.
        pub person_id: Option<Id<ids::Person>>,
        /// The worker, if they sign in here.
        pub worker_id: Option<Id<ids::Worker>>,
        /// Name.
        pub name: String,
        /// Who they are to the child.
        pub role: String,
        /// Agency.
        pub agency: String,
        /// Was invited.
        pub invited: bool,
        /// came, sent_views, absent.
        pub came: Option<String>,
        /// Why they were absent.
        pub absent_why: Option<String>,
        /// What they thought.
        pub views: Option<String>,
        /// The place at the table that they fill, of the pack's meeting.
        pub place: Option<String>,
        /// When their report is due.
        pub report_due: Option<NaiveDate>,
        /// When it came.
        pub report_received: Option<NaiveDate>,
        /// Where they disagree, in their own words.
        pub dissent: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

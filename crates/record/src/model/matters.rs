//! What only those who deal with it may see: allegations against people who
//! work with children, complaints, serious incidents.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// An allegation, a complaint or a serious incident. It is sealed under a
    /// key of its own, so that it appears in no child’s history.
    pub struct Matter in "matter", about Matter(id), at told_at {
        /// This row.
        pub id: Id<ids::Matter>,
        /// allegation, complaint or incident.
        pub kind: String,
        /// Where it stands: a word of its kind.
        pub state: String,
        /// When the council, or whoever tells it, came to know.
        pub known_on: NaiveDate,
        /// Whom or what it is about, for the board.
        pub title: String,
        /// The worker whom it is about, who never sees it.
        pub about_worker_id: Option<Id<ids::Worker>>,
        /// The child, where the record knows them.
        pub person_id: Option<Id<ids::Person>>,
        /// The child as whoever told it named them.
        pub child_name: Option<String>,
        /// What was said.
        pub words: String,
        /// The form on which it was told.
        pub form: String,
        /// That form’s version.
        pub form_version: String,
        /// Everything that was answered on it.
        pub answers: Json,
        /// Who deals with it.
        pub officer_id: Option<Id<ids::Worker>>,
        /// What came of it.
        pub outcome: Option<String>,
        /// When it ended.
        pub closed_on: Option<NaiveDate>,
        /// Who told it.
        pub told_by: Id<ids::Worker>,
        /// When.
        pub told_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Something that was done about a matter.
    pub struct MatterEntry in "matter_entry", about Matter(matter_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The matter.
        pub matter_id: Id<ids::Matter>,
        /// The word of its form.
        pub kind: String,
        /// When it happened.
        pub happened_on: NaiveDate,
        /// The form.
        pub form: String,
        /// That form’s version.
        pub form_version: String,
        /// Everything that was answered on it.
        pub answers: Json,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

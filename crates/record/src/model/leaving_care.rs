//! Young people on the way out of care, and out of it.
//!
//! Codes are those of the SSDA903 return where their names stand in capitals.

use chrono::NaiveDate;
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A young person on the way out of care, or out of it.
    pub struct Leaver in "leaver", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Leaver>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The standing: codes/leaver-status.
        pub status: String,
        /// Since when.
        pub since: NaiveDate,
        /// The personal adviser.
        pub adviser_id: Option<Id<ids::Worker>>,
        /// In words.
        pub words: Option<String>,
        /// When the needs were assessed.
        pub assessed_on: Option<NaiveDate>,
        /// Needs, by part of life.
        pub assessment: Option<Json>,
        /// The day on which the plan was made.
        pub planned_on: Option<NaiveDate>,
        /// The plan.
        pub plan_id: Option<Id<ids::Plan>>,
        /// The plan, by part of life.
        pub pathway: Option<Json>,
        /// Moved into a home that we provide.
        pub housed_on: Option<NaiveDate>,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One time that we were in touch, or tried to be.
    pub struct LeaverContact in "leaver_contact", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The young person’s row.
        pub leaver_id: Id<ids::Leaver>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// When.
        pub happened_on: NaiveDate,
        /// How.
        pub how: String,
        /// How they stay in touch; for a care leaver IN_TOUCH.
        pub in_touch: String,
        /// Kind of home: PLACE, or ACCOM for a care leaver.
        pub home: Option<String>,
        /// What makes the home suitable, or not.
        pub suitable: Option<String>,
        /// ACTIV.
        pub activity: Option<String>,
        /// In words.
        pub words: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One part of the council’s offer, and where it stands.
    pub struct LeaverOffer in "leaver_offer", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The young person’s row.
        pub leaver_id: Id<ids::Leaver>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// What.
        pub what: String,
        /// Which department.
        pub department: String,
        /// Where it stands.
        pub state: String,
        /// When.
        pub happened_on: NaiveDate,
        /// In words.
        pub words: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

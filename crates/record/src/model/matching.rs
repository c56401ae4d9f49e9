//! A home for a child: the search, and what was chosen.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A search for a home for a child.
    pub struct HomeSearch in "home_search", about Person(person_id), at made_at {
        /// The search.
        pub id: Id<ids::HomeSearch>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// From which day.
        pub since: NaiveDate,
        /// Which kind of care: codes/carer-kinds.
        pub kind: String,
        /// What a home must offer: codes/home-needs.
        pub needs: Json,
        /// Brothers and sisters who come too.
        pub siblings: Json,
        /// Near which postcode.
        pub near: Option<String>,
        /// What matters to the child, in the child’s words.
        pub words: Option<String>,
        /// open, chosen, done or dropped.
        pub state: String,
        /// The household that was chosen.
        pub carer_id: Option<Id<ids::Carer>>,
        /// Its name then.
        pub carer_name: Option<String>,
        /// Why.
        pub why: Option<String>,
        /// Outside the terms or over the limit: who agreed, and why.
        pub exemption: Option<String>,
        /// What the child said.
        pub child_said: Option<String>,
        /// Who chose.
        pub chosen_by: Option<Id<ids::Worker>>,
        /// When.
        pub chosen_at: Option<DateTime<Utc>>,
        /// Who searches.
        pub made_by: Id<ids::Worker>,
        /// When it began.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

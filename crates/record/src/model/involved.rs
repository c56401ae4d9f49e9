//! Where an involvement comes from, and rows of partners' lists that wait.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// Where an involvement comes from, when it is a partner's list.
    pub struct InvolvementSource in "involvement_source", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// Which involvement.
        pub involvement_id: Id<ids::Involvement>,
        /// With whom.
        pub person_id: Id<ids::Person>,
        /// The name of the list.
        pub source: String,
        /// What tells the row from others of the list.
        pub source_key: String,
        /// Of the row as it was taken last.
        pub digest: String,
        /// When it was taken last.
        pub told_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A row of a partner's list that may be about a child.
    pub struct FeedRow in "feed_row", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// Who may be meant.
        pub person_id: Id<ids::Person>,
        /// The name of the list.
        pub source: String,
        /// What tells the row from others of the list.
        pub source_key: String,
        /// Of the row as it was told last.
        pub digest: String,
        /// The child and the professional, as the list has them.
        pub content: Json,
        /// Why it may be this child, in sentences.
        pub because: Json,
        /// How likely, in per cent.
        pub score: i64,
        /// The child is restricted: only the shield team may know.
        pub for_shield_team: bool,
        /// When it was told last.
        pub told_at: DateTime<Utc>,
        /// same or not_the_same, once somebody has said.
        pub settled_as: Option<String>,
        /// Who said.
        pub settled_by: Option<Id<ids::Worker>>,
        /// When.
        pub settled_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

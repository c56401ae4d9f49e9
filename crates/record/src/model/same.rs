//! Two records that are one person.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// Two records that are one person, joined; taken apart again by
    /// `parted_at`. Neither loses a row.
    pub struct Merged in "merged", about Person(kept_id), at merged_at {
        /// This join.
        pub id: Id<ids::Part>,
        /// The record that is written on.
        pub kept_id: Id<ids::Person>,
        /// The one that is kept whole beside it.
        pub other_id: Id<ids::Person>,
        /// How somebody knows.
        pub reason: String,
        /// The names that the kept record took over: a list of their ids.
        pub names: Json,
        /// Who joined them.
        pub merged_by: Id<ids::Worker>,
        /// When.
        pub merged_at: DateTime<Utc>,
        /// Who took them apart.
        pub parted_by: Option<Id<ids::Worker>>,
        /// When.
        pub parted_at: Option<DateTime<Utc>>,
        /// Why.
        pub part_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

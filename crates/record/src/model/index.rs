//! Who asked who a child is, and why.

use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// One search of the child index. What was typed is not kept: it may name a
    /// child whom nobody found.
    pub struct IndexSearch in "index_search", about Nobody {
        /// This search.
        pub id: Id<ids::Part>,
        /// Who searched.
        pub worker_id: Id<ids::Worker>,
        /// Why, a code of codes/index-reasons.
        pub reason: String,
        /// How many children were shown.
        pub shown: i64,
        /// When.
        pub searched_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One child whom a search of the index showed, with the reason that was
    /// given before.
    pub struct IndexLook in "index_look", about Person(person_id), at looked_at {
        /// This look.
        pub id: Id<ids::Part>,
        /// Of which search.
        pub search_id: Id<ids::Part>,
        /// The child who was shown.
        pub person_id: Id<ids::Person>,
        /// To whom.
        pub worker_id: Id<ids::Worker>,
        /// Why, a code of codes/index-reasons.
        pub reason: String,
        /// The reason in words, where one was asked for.
        pub words: Option<String>,
        /// When.
        pub looked_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! What is given to the family: who has looked at a record, and a copy of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A question of the family, who has looked, and its answer.
    pub struct LooksRequest in "looks_request", about Person(person_id), at made_at {
        /// This question.
        pub id: Id<ids::Part>,
        /// Whose record.
        pub person_id: Id<ids::Person>,
        /// child, parent, other.
        pub asked_by: String,
        /// Who asked, by name.
        pub asker: String,
        /// When.
        pub asked_on: NaiveDate,
        /// The first day of the list.
        pub from_day: NaiveDate,
        /// Its last day.
        pub to_day: NaiveDate,
        /// The list as it was made, with what is left out of it.
        pub lines: Json,
        /// open, given, held_back.
        pub state: String,
        /// What spoke against giving it when it was decided: a list of words.
        pub dangers: Json,
        /// Why it was decided so.
        pub reason: Option<String>,
        /// Who decided.
        pub decided_by: Option<Id<ids::Worker>>,
        /// When.
        pub decided_at: Option<DateTime<Utc>>,
        /// Who made the list.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A one-time link to a list that was given. Only its hash is kept.
    pub struct LooksLink in "looks_link", about Person(person_id), at made_at {
        /// This link.
        pub id: Id<ids::Link>,
        /// To which list.
        pub request_id: Id<ids::Part>,
        /// Whose record.
        pub person_id: Id<ids::Person>,
        /// The hash of its token.
        pub token_hash: String,
        /// Who made it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Until when it opens: sooner once it was opened.
        pub ends_at: DateTime<Utc>,
        /// When it was first opened.
        pub opened_at: Option<DateTime<Utc>>,
        /// When it was withdrawn.
        pub withdrawn_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A copy of what is written about a person, made because they asked.
    pub struct SubjectCopy in "subject_copy", about Person(person_id), at made_at {
        /// This copy.
        pub id: Id<ids::Part>,
        /// Whose record.
        pub person_id: Id<ids::Person>,
        /// Who asked, by name.
        pub asker: String,
        /// How it was made sure that it is they.
        pub checked: String,
        /// When they asked.
        pub asked_on: NaiveDate,
        /// How many parts were held back, by reason: an object.
        pub held: Json,
        /// Who made it.
        pub made_by: Id<ids::Worker>,
        /// When; the copy shows the record as it was then.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

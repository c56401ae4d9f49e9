//! Restrictions, conflicts of interest, and access that is given for a time.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A record that only the named may see.
    pub struct Restriction in "restriction", about Person(person_id) {
        /// This restriction.
        pub id: Id<ids::Restriction>,
        /// Whose record.
        pub person_id: Id<ids::Person>,
        /// staff_relative, adoption, high_risk, practice_review, high_profile ...
        pub reason: String,
        /// Who set it: a worker's id or `system:NAME`.
        pub set_by: String,
        /// When.
        pub set_at: DateTime<Utc>,
        /// Review due: 90 days unless someone said otherwise.
        pub review_on: NaiveDate,
        /// When it was lifted.
        pub ended_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Someone who may see a restricted record.
    pub struct RestrictionAllow in "restriction_allow", about Nobody {
        /// This permission.
        pub id: Id<ids::Part>,
        /// Of which restriction.
        pub restriction_id: Id<ids::Restriction>,
        /// For whom.
        pub worker_id: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A worker who knows this person privately.
    pub struct Conflict in "conflict", about Person(person_id) {
        /// This conflict.
        pub id: Id<ids::Restriction>,
        /// The worker.
        pub worker_id: Id<ids::Worker>,
        /// The person.
        pub person_id: Id<ids::Person>,
        /// When it was declared.
        pub declared_at: DateTime<Utc>,
        /// When it ended.
        pub ended_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Access given by name for a time: emergency access, a partner's, a meeting's.
    pub struct AccessGrant in "access_grant", about Person(person_id), at starts_at {
        /// This grant.
        pub id: Id<ids::Grant>,
        /// break_glass, partner, meeting.
        pub kind: String,
        /// To whom.
        pub worker_id: Id<ids::Worker>,
        /// About whom.
        pub person_id: Id<ids::Person>,
        /// How far it reaches: a section of the access policy.
        pub section: String,
        /// The reason given.
        pub reason: String,
        /// From.
        pub starts_at: DateTime<Utc>,
        /// To.
        pub ends_at: DateTime<Utc>,
        /// Ended early.
        pub ended_at: Option<DateTime<Utc>>,
        /// Who reviewed it.
        pub reviewed_by: Option<Id<ids::Worker>>,
        /// When.
        pub reviewed_at: Option<DateTime<Utc>>,
        /// What the review said.
        pub review_note: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A day's looks of one worker at one person that nothing in the work
    /// explains (security: T1).
    pub struct UnusualLook in "unusual_look", about Person(person_id), at first_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// Who looked.
        pub worker_id: Id<ids::Worker>,
        /// At whom.
        pub person_id: Id<ids::Person>,
        /// The day in England.
        pub day: NaiveDate,
        /// What is unusual: a list of words.
        pub signs: Json,
        /// How many looks.
        pub looks: i64,
        /// The first of them.
        pub first_at: DateTime<Utc>,
        /// The last of them.
        pub last_at: DateTime<Utc>,
        /// Who checked it.
        pub reviewed_by: Option<Id<ids::Worker>>,
        /// When.
        pub reviewed_at: Option<DateTime<Utc>>,
        /// What they found.
        pub review_note: Option<String>,
        /// work, mistake, concern.
        pub outcome: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Where a worker lives or lived, as marks: the address itself is not kept
    /// ([`crate::Gate::home_mark`]).
    pub struct WorkerHome in "worker_home", about Nobody {
        /// This row.
        pub id: Id<ids::Part>,
        /// Who lives there.
        pub worker_id: Id<ids::Worker>,
        /// Of the house and its postcode.
        pub address_mark: String,
        /// Of the postcode alone.
        pub postcode_mark: String,
        /// Who told it.
        pub told_by: Id<ids::Worker>,
        /// When.
        pub told_at: DateTime<Utc>,
        /// When it stopped to count.
        pub ended_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! What was shared about a child, what was not, and a number that is withheld.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// One decision to share, or not to.
    pub struct Sharing in "sharing", about Person(person_id) {
        /// This decision.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Shared; else it was decided not to.
        pub shared: bool,
        /// What.
        pub what: String,
        /// With whom: a name and a post.
        pub with_whom: String,
        /// Their agency, a code.
        pub agency: String,
        /// Why.
        pub why: String,
        /// The legal gateway, a code of codes/sharing-gateway.
        pub gateway: Option<String>,
        /// Not shared: how sharing would harm the child more.
        pub harm: Option<String>,
        /// Whether the family agreed: yes, no, not_asked.
        pub consent: Option<String>,
        /// Why they were not asked, or why it was shared all the same.
        pub consent_why: Option<String>,
        /// How it went, a code of codes/sharing-channel.
        pub channel: Option<String>,
        /// The day.
        pub on_day: NaiveDate,
        /// Who decided.
        pub decided_by: Id<ids::Worker>,
        /// When it was written down.
        pub decided_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child's NHS number, taken out of the record with a reason (Children Act
    /// 2004 s.16LC: the number may be left out where it would harm the child).
    pub struct NumberWithheld in "number_withheld", about Person(person_id), at set_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// The number, for the day on which it comes back.
        pub number: String,
        /// Why it is withheld.
        pub reason: String,
        /// Who decided.
        pub set_by: Id<ids::Worker>,
        /// When.
        pub set_at: DateTime<Utc>,
        /// When it is looked at again.
        pub review_on: NaiveDate,
        /// Who gave it back.
        pub ended_by: Option<Id<ids::Worker>>,
        /// When.
        pub ended_at: Option<DateTime<Utc>>,
        /// Why.
        pub end_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! Partners at the front door: questions, answers, the analysis, and decisions
//! that were rated again.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A contact that partners look at together.
    pub struct Mash in "mash", about Contact(contact_id), at opened_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The contact.
        pub contact_id: Id<ids::Contact>,
        /// How urgent it is: red, amber, green.
        pub rag: String,
        /// Who asked the partners.
        pub opened_by: Id<ids::Worker>,
        /// When.
        pub opened_at: DateTime<Utc>,
        /// The analysis, as answered.
        pub answers: Json,
        /// The version of its form.
        pub form_version: Option<String>,
        /// What is recommended.
        pub recommendation: Option<String>,
        /// Who wrote the analysis.
        pub written_by: Option<Id<ids::Worker>>,
        /// When.
        pub written_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One partner's check: the question, and what it holds.
    pub struct MashCheck in "mash_check", about Contact(contact_id), at asked_at {
        /// The check.
        pub id: Id<ids::Part>,
        /// The contact.
        pub contact_id: Id<ids::Contact>,
        /// Which agency is asked.
        pub agency: String,
        /// How urgent it is: red, amber, green.
        pub rag: String,
        /// What the partner is told: names and birth dates.
        pub about: String,
        /// What we want to know.
        pub question: String,
        /// Who asked.
        pub asked_by: Id<ids::Worker>,
        /// When.
        pub asked_at: DateTime<Utc>,
        /// information or no_trace, once answered.
        pub found: Option<String>,
        /// What the partner knows.
        pub words: Option<String>,
        /// Whether it worries the partner: yes, no, not_sure.
        pub worry: Option<String>,
        /// Who answered.
        pub answered_by: Option<String>,
        /// When.
        pub answered_at: Option<DateTime<Utc>>,
        /// When the question was taken back.
        pub withdrawn_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A threshold decision, rated again without seeing the first rating.
    pub struct BlindRating in "blind_rating", about Contact(contact_id), at rated_at {
        /// The rating.
        pub id: Id<ids::Part>,
        /// The decision.
        pub decision_id: Id<ids::Decision>,
        /// The contact, whose key seals the words.
        pub contact_id: Id<ids::Contact>,
        /// The level that this person would choose.
        pub level: String,
        /// Why.
        pub rationale: String,
        /// Who rated.
        pub rated_by: Id<ids::Worker>,
        /// When.
        pub rated_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! Referrals from a plan to services of the directory, and needs for which
//! there is none.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A child is referred to a service (R001-28, R002-26, R002-34).
    pub struct ServiceReferral in "service_referral", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::ServiceReferral>,
        /// The plan that it belongs to.
        pub plan_id: Id<ids::Plan>,
        /// The action of that plan, whose owner is the service.
        pub action_id: Id<ids::Action>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// The service in the directory; nothing for one that is not in it.
        pub service_id: Option<String>,
        /// Its name, as it was.
        pub service: String,
        /// Who gives it.
        pub provider: String,
        /// The first day on which anybody was asked; it never changes.
        pub asked_on: NaiveDate,
        /// codes/service-state.
        pub state: String,
        /// In this state since.
        pub state_on: NaiveDate,
        /// Why the service said no.
        pub declined_why: Option<String>,
        /// About how long the wait is, as the service says.
        pub wait_words: Option<String>,
        /// When the help began.
        pub started_on: Option<NaiveDate>,
        /// When it ended.
        pub ended_on: Option<NaiveDate>,
        /// codes/service-result: did the family get help?
        pub result: Option<String>,
        /// When that was known.
        pub result_on: Option<NaiveDate>,
        /// Who said so: family, service, worker.
        pub result_by: Option<String>,
        /// What was said last.
        pub words: Option<String>,
        /// Who asked.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Somebody whom a referral is for.
    pub struct ReferralSubject in "service_referral_subject", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The referral.
        pub referral_id: Id<ids::ServiceReferral>,
        /// A child or an adult of the family.
        pub person_id: Id<ids::Person>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Another provider takes a referral over.
    pub struct ServiceMove in "service_move", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The referral.
        pub referral_id: Id<ids::ServiceReferral>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// When.
        pub moved_on: NaiveDate,
        /// From which service.
        pub from_service: String,
        /// To which.
        pub to_service: String,
        /// Who gives that one.
        pub to_provider: String,
        /// Why.
        pub why: String,
        /// Who wrote it down.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A need for which there is no service (R002-16).
    pub struct UnmetNeed in "unmet_need", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The plan on which it came up.
        pub plan_id: Id<ids::Plan>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// codes/unmet-need.
        pub need: String,
        /// codes/unmet-why.
        pub why: String,
        /// More about it.
        pub words: Option<String>,
        /// When.
        pub noted_on: NaiveDate,
        /// Who noted it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! Packages of support: several services for one family with one set of goals
//! (R000-17).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A package of support on a plan.
    pub struct SupportPackage in "support_package", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::Package>,
        /// The plan that it belongs to.
        pub plan_id: Id<ids::Plan>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// What the family and the services call it.
        pub name: String,
        /// What it should change for the family.
        pub aim: String,
        /// The goals of the plan that it serves, a list of ids.
        pub goals: Json,
        /// From.
        pub starts_on: NaiveDate,
        /// open or ended.
        pub state: String,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// codes/package-outcome.
        pub outcome: Option<String>,
        /// What came of it, in words.
        pub end_words: Option<String>,
        /// Who put it together.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One service of a package.
    pub struct SupportPart in "support_part", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The package.
        pub package_id: Id<ids::Package>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// What is given: "Homework club".
        pub service: String,
        /// Who gives it.
        pub provider: String,
        /// How often, how long.
        pub how_much: Option<String>,
        /// Where it stands: codes/package-part-state.
        pub state: String,
        /// In this state since.
        pub since: NaiveDate,
        /// Whether it helped, said when it ends: yes, some or no.
        pub helped: Option<String>,
        /// How it goes, or how it went.
        pub words: Option<String>,
        /// Who added it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A look at a whole package with the family.
    pub struct SupportReview in "support_review", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The package.
        pub package_id: Id<ids::Package>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// When.
        pub reviewed_on: NaiveDate,
        /// What the child and the family say.
        pub family_words: Option<String>,
        /// What is found, and what changes.
        pub words: String,
        /// Who wrote it down.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

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

entity! {
    /// A child and adopters who may belong together.
    pub struct AdoptionMatch in "adoption_match", about Family(family_id) {
        /// The match.
        pub id: Id<ids::Match>,
        /// The adopters.
        pub carer_id: Id<ids::Carer>,
        /// Their family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The child; nobody once the order is made.
        pub person_id: Option<Id<ids::Person>>,
        /// proposed, agreed, introductions, placed, ordered or ended.
        pub state: String,
        /// Why they fit.
        pub why: String,
        /// What the child said.
        pub childs_words: Option<String>,
        /// When it was proposed.
        pub proposed_on: NaiveDate,
        /// When it was agreed.
        pub agreed_on: Option<NaiveDate>,
        /// When introductions began.
        pub introductions_on: Option<NaiveDate>,
        /// When the child moved in.
        pub placed_on: Option<NaiveDate>,
        /// How many adoption reviews there were.
        pub reviews: i64,
        /// When it ended, with the order or without.
        pub ended_on: Option<NaiveDate>,
        /// Why it ended.
        pub end_words: Option<String>,
        /// Who proposed it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Who a child was and who they are, sealed. It names nobody.
    pub struct AdoptionSeal in "adoption_seal", about Nobody {
        /// The seal.
        pub id: Id<ids::Part>,
        /// By which the record before the order is found.
        pub before_mark: String,
        /// By which the record after it is found.
        pub after_mark: String,
        /// Both, sealed under the council’s key.
        pub sealed: String,
        /// When.
        pub sealed_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

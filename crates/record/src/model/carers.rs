//! Foster carers and adopters: the household, its people, terms, checks, what
//! happened with them, and concerns about them.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A household that fosters or adopts, or wants to.
    pub struct Carer in "carer", about Family(family_id) {
        /// The household.
        pub id: Id<ids::Carer>,
        /// foster or adopt.
        pub kind: String,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// What it is called in lists.
        pub name: String,
        /// Where it stands: codes/carer-stage.
        pub stage: String,
        /// Since when.
        pub stage_on: NaiveDate,
        /// When they first asked.
        pub enquired_on: NaiveDate,
        /// When they were approved.
        pub approved_on: Option<NaiveDate>,
        /// When it ended.
        pub ended_on: Option<NaiveDate>,
        /// Why: codes/carer-end.
        pub end_reason: Option<String>,
        /// Until when they cannot take a child.
        pub away_until: Option<NaiveDate>,
        /// Why not.
        pub away_why: Option<String>,
        /// Their supervising social worker.
        pub worker_id: Option<Id<ids::Worker>>,
        /// The team.
        pub team_id: Option<Id<ids::Team>>,
        /// Where they live.
        pub postcode: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Somebody in the household.
    pub struct CarerPerson in "carer_person", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// Who.
        pub person_id: Id<ids::Person>,
        /// carer, adult or child.
        pub role: String,
        /// From.
        pub since: NaiveDate,
        /// To.
        pub until: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Terms of an approval.
    pub struct CarerTerms in "carer_terms", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// From.
        pub since: NaiveDate,
        /// To, when others took their place.
        pub until: Option<NaiveDate>,
        /// How many children at a time.
        pub places: i64,
        /// From this age, in years.
        pub age_from: i64,
        /// Up to this age, in years.
        pub age_to: i64,
        /// Kinds of care: codes/carer-kinds.
        pub kinds: Json,
        /// Needs they can meet: codes/carer-offers.
        pub offers: Json,
        /// Brothers and sisters together.
        pub siblings: bool,
        /// In words.
        pub words: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// More children than the usual limit, or a child outside the terms.
    pub struct CarerExemption in "carer_exemption", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// usual_limit or terms.
        pub kind: String,
        /// Which children, by name.
        pub about: String,
        /// Why.
        pub why: String,
        /// Who agreed.
        pub agreed_by: String,
        /// From.
        pub since: NaiveDate,
        /// To.
        pub until: Option<NaiveDate>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A check of the household or of one of its people.
    pub struct CarerCheck in "carer_check", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// Whom it is about; nobody for the home.
        pub person_id: Option<Id<ids::Person>>,
        /// codes/carer-checks.
        pub kind: String,
        /// When it was done.
        pub done_on: NaiveDate,
        /// clear or matter.
        pub result: String,
        /// What was found.
        pub words: Option<String>,
        /// When it must be done again.
        pub expires_on: Option<NaiveDate>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Something that happened with the household.
    pub struct CarerEvent in "carer_event", about Family(family_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The page it was written on.
        pub kind: String,
        /// What kind of it: announced, a course, an outcome.
        pub detail: Option<String>,
        /// When.
        pub happened_on: NaiveDate,
        /// In words.
        pub words: String,
        /// The form.
        pub form: String,
        /// Its version.
        pub form_version: String,
        /// What was answered.
        pub answers: Json,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// When it was written.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An allegation or a concern about the household.
    pub struct CarerConcern in "carer_concern", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// allegation, concern or complaint.
        pub kind: String,
        /// When it was told.
        pub reported_on: NaiveDate,
        /// What was said.
        pub words: String,
        /// What was done for the children who live there.
        pub children: Option<String>,
        /// When the designated officer was told.
        pub officer_on: Option<NaiveDate>,
        /// When it ended.
        pub closed_on: Option<NaiveDate>,
        /// codes/carer-concern-outcome.
        pub outcome: Option<String>,
        /// Why.
        pub outcome_words: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! Work before and in the family court, and orders that deprive of liberty.
//!
//! Codes are those of the SSDA903 return where their names stand in capitals.

use chrono::NaiveDate;
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// Work before and in the family court, for some children of a family.
    pub struct CourtCase in "court_case", about Family(family_id) {
        /// This row.
        pub id: Id<ids::CourtCase>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Id<ids::Family>,
        /// Where it stands.
        pub state: String,
        /// The legal gateway.
        pub gateway_on: Option<NaiveDate>,
        /// Why.
        pub gateway_words: Option<String>,
        /// The letter before proceedings.
        pub letter_on: Option<NaiveDate>,
        /// To whom it went.
        pub letter_to: Option<String>,
        /// What it asks for.
        pub letter_words: Option<String>,
        /// The meeting before proceedings.
        pub met_on: Option<NaiveDate>,
        /// What was agreed there.
        pub met_words: Option<String>,
        /// When proceedings were issued.
        pub issued_on: Option<NaiveDate>,
        /// 1 for the first, or the number of the case in court.
        pub number: Option<String>,
        /// Which court.
        pub court: Option<String>,
        /// Which order we ask for.
        pub seeks: Option<String>,
        /// Which papers went with it.
        pub papers: Json,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// How it ended.
        pub outcome: Option<String>,
        /// In words.
        pub outcome_words: Option<String>,
        /// Our lawyer.
        pub lawyer: Option<String>,
        /// Whose work it is.
        pub worker_id: Option<Id<ids::Worker>>,
        /// The team.
        pub team_id: Option<Id<ids::Team>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child whom proceedings are about.
    pub struct CourtChild in "court_child", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The case.
        pub case_id: Id<ids::CourtCase>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A hearing, to come or held.
    pub struct Hearing in "hearing", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The case.
        pub case_id: Id<ids::CourtCase>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Id<ids::Family>,
        /// Which kind.
        pub kind: String,
        /// When it is or was listed.
        pub listed_on: NaiveDate,
        /// Where it stands.
        pub state: String,
        /// In words.
        pub words: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A delay of proceedings, with its owner and its reason.
    pub struct CourtDelay in "court_delay", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The case.
        pub case_id: Id<ids::CourtCase>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Id<ids::Family>,
        /// Why.
        pub reason: String,
        /// Who can put it right.
        pub owner: String,
        /// Since when.
        pub since: NaiveDate,
        /// How many weeks it costs.
        pub weeks: i64,
        /// In words.
        pub words: String,
        /// Who agreed it.
        pub agreed_by: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An assessment or paper that the court waits for.
    pub struct CourtTask in "court_task", about Family(family_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The case.
        pub case_id: Id<ids::CourtCase>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Id<ids::Family>,
        /// What.
        pub what: String,
        /// Who can put it right.
        pub owner: String,
        /// By when.
        pub due_on: NaiveDate,
        /// When it was done.
        pub done_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An order that deprives a child of liberty.
    pub struct Deprivation in "deprivation", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Deprivation>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// First day.
        pub started_on: NaiveDate,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// When it is reviewed.
        pub review_on: NaiveDate,
        /// Where.
        pub place: String,
        /// The home is registered, or need not be.
        pub registered: bool,
        /// Ofsted’s number.
        pub urn: Option<String>,
        /// In words.
        pub words: String,
        /// The child’s own words, never edited.
        pub childs_words: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

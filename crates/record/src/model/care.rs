//! Children in care: times in care, homes, episodes, reviews, health and school.
//!
//! Codes are those of the SSDA903 return where their names stand in capitals.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// One time in care, from its first to its last day.
    pub struct Care in "care", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Care>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Option<Id<ids::Family>>,
        /// First day.
        pub started_on: NaiveDate,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// The reviewing officer.
        pub iro_id: Option<Id<ids::Worker>>,
        /// The plan for a permanent home: codes/care-permanence.
        pub permanence: String,
        /// The day on which it was settled.
        pub permanence_on: Option<NaiveDate>,
        /// An earlier permanent home: PREV_PERM.
        pub previous: Option<String>,
        /// Which council arranged it: LA_PERM.
        pub previous_council: Option<String>,
        /// When: DATE_PERM, of which parts may be unknown.
        pub previous_on: Option<String>,
        /// Why there is no pupil number: UN1 to UN5.
        pub no_upn: Option<String>,
        /// She is a mother: MOTHER.
        pub mother: Option<bool>,
        /// Her child’s birth: MC_DOB.
        pub mother_on: Option<NaiveDate>,
        /// Why, in words.
        pub why: String,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A home that a child in care lives in, from when to when.
    pub struct Placement in "placement", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Placement>,
        /// The time in care.
        pub care_id: Id<ids::Care>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// First day.
        pub started_on: NaiveDate,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// Kind of home: PLACE, or ACCOM for a care leaver.
        pub home: String,
        /// PLACE_PROVIDER.
        pub provider: String,
        /// The carers or the home, by name.
        pub carer: String,
        /// The address row, with its own protection.
        pub address_id: Option<Id<ids::Address>>,
        /// PL_POST.
        pub postcode: Option<String>,
        /// The address is kept from somebody.
        pub hidden: bool,
        /// Outside our area; nothing while that is not known.
        pub outside: Option<bool>,
        /// The council of the area.
        pub area: Option<String>,
        /// Miles from the home the child came from.
        pub miles: Option<i64>,
        /// Ofsted’s number.
        pub urn: Option<String>,
        /// The home is registered, or need not be.
        pub registered: bool,
        /// What kind of stay it is: codes/care-rule.
        pub rule: String,
        /// Who agreed it.
        pub agreed_by: Option<String>,
        /// Why the child left: REASON_PLACE_CHANGE.
        pub move_reason: Option<String>,
        /// The day on which the plan was made.
        pub planned_on: Option<NaiveDate>,
        /// The household, when it is one of ours.
        pub carer_id: Option<Id<ids::Carer>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An episode as the SSDA903 return counts them: one legal status in one home.
    pub struct CareEpisode in "care_episode", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Episode>,
        /// The time in care.
        pub care_id: Id<ids::Care>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The home.
        pub placement_id: Id<ids::Placement>,
        /// First day.
        pub started_on: NaiveDate,
        /// RNE: S, L, P, T, B or U.
        pub began: String,
        /// LS.
        pub legal_status: String,
        /// CIN.
        pub need: String,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// REC or the like: why it ended.
        pub ended_why: Option<String>,
        /// HOME_POST.
        pub home_postcode: Option<String>,
        /// When it was last put right; what was there before is in the journal.
        pub corrected_at: Option<DateTime<Utc>>,
        /// Why.
        pub correction_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Somebody was told of a new home (SI 2010/959 regulation 13).
    pub struct PlacementTold in "placement_told", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The home.
        pub placement_id: Id<ids::Placement>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Who: codes/care-told.
        pub whom: String,
        /// When.
        pub told_on: NaiveDate,
        /// How.
        pub how: String,
        /// In words.
        pub words: Option<String>,
        /// By whom.
        pub told_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A review in care.
    pub struct CareReview in "care_review", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The time in care.
        pub care_id: Id<ids::Care>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The meeting.
        pub meeting_id: Option<Id<ids::Meeting>>,
        /// 1 for the first, or the number of the case in court.
        pub number: i64,
        /// When it was held.
        pub held_on: NaiveDate,
        /// The child’s part: REVIEW_CODE.
        pub part: String,
        /// The plan for a permanent home: codes/care-permanence.
        pub permanence: String,
        /// What was said and decided.
        pub decided: String,
        /// What was not done since the last one.
        pub not_done: Option<String>,
        /// Why it was early: iro, ending, detained.
        pub early: Option<String>,
        /// Who chaired.
        pub chaired_by: Option<Id<ids::Worker>>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One thing done for the health or the school of a child in care.
    pub struct CareCheck in "care_check", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Which kind.
        pub kind: String,
        /// When.
        pub happened_on: NaiveDate,
        /// yes, no or refused.
        pub done: String,
        /// Score of the questionnaire, 0 to 40.
        pub score: Option<i64>,
        /// SDQ_REASON.
        pub no_score: Option<String>,
        /// received, offered or none.
        pub help: Option<String>,
        /// Where.
        pub place: Option<String>,
        /// Who they are, or who did it.
        pub who: Option<String>,
        /// In words.
        pub words: Option<String>,
        /// The child’s own words, never edited.
        pub childs_words: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child who seeks asylum without parents (R000-41).
    pub struct Unaccompanied in "unaccompanied", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Since when.
        pub since: NaiveDate,
        /// DUC: until when.
        pub ceased_on: Option<NaiveDate>,
        /// When the child reached this country.
        pub arrived_on: Option<NaiveDate>,
        /// not_needed, under_way, agreed or different.
        pub age: Option<String>,
        /// When the age was assessed.
        pub age_on: Option<NaiveDate>,
        /// Leave to remain.
        pub leave_kind: Option<String>,
        /// Until when the leave lasts.
        pub leave_ends: Option<NaiveDate>,
        /// Came by the national transfer scheme.
        pub transferred: bool,
        /// From which council.
        pub transfer_from: Option<String>,
        /// In words.
        pub words: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Somebody who matters to a child, kept after a move (R004-10).
    pub struct ImportantPerson in "important_person", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The name.
        pub name: String,
        /// Who they are, or who did it.
        pub who: String,
        /// How they stay in touch; for a care leaver IN_TOUCH.
        pub in_touch: Option<String>,
        /// Why there is no plan for staying in touch.
        pub no_plan_why: Option<String>,
        /// The child’s own words, never edited.
        pub childs_words: Option<String>,
        /// The home.
        pub placement_id: Option<Id<ids::Placement>>,
        /// Since when.
        pub since: NaiveDate,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A plan for adoption, as the return asks for it.
    pub struct AdoptionPlan in "adoption_plan", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// When it was decided.
        pub decided_on: NaiveDate,
        /// Last day, if it has ended.
        pub ended_on: Option<NaiveDate>,
        /// REC or the like: why it ended.
        pub ended_why: Option<String>,
        /// DATE_MATCH.
        pub matched_on: Option<NaiveDate>,
        /// DATE_INT.
        pub intended_on: Option<NaiveDate>,
        /// FOSTER_CARE.
        pub foster: Option<String>,
        /// NB_ADOPTR.
        pub adopters: Option<i64>,
        /// SEX_ADOPTR.
        pub adopters_sex: Option<String>,
        /// LS_ADOPTR.
        pub adopters_status: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

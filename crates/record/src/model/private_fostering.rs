//! Children who live with somebody who is no close relative, by an arrangement
//! of the family and not of the council.

use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A private fostering arrangement (Children Act 1989, section 66).
    pub struct PrivateFostering in "private_fostering", about Person(person_id), at made_at {
        /// This row.
        pub id: Id<ids::Arrangement>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// The family.
        pub family_id: Option<Id<ids::Family>>,
        /// When the council was told, or found out.
        pub told_on: NaiveDate,
        /// By whom: codes/private-fostering-told-by.
        pub told_by: String,
        /// When the child moves in, or moved in.
        pub starts_on: NaiveDate,
        /// How long it is meant to last.
        pub until: Option<NaiveDate>,
        /// Who looks after the child.
        pub carer: String,
        /// Who that is to the child.
        pub relation: Option<String>,
        /// Where, as far as it may be shown to whoever reads the record.
        pub place: Option<String>,
        /// Why the child lives there.
        pub why: String,
        /// What the child says.
        pub childs_words: Option<String>,
        /// The child is disabled: it lasts to 18 and not to 16.
        pub disabled: bool,
        /// open or ended.
        pub state: String,
        /// codes/private-fostering-decision.
        pub decision: Option<String>,
        /// When that was decided.
        pub decided_on: Option<NaiveDate>,
        /// Why, and on which requirements.
        pub decision_words: Option<String>,
        /// When it ended.
        pub ended_on: Option<NaiveDate>,
        /// codes/private-fostering-end.
        pub end_why: Option<String>,
        /// Where the child lives now.
        pub end_words: Option<String>,
        /// The team of whoever wrote it.
        pub team_id: Option<Id<ids::Team>>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A visit to a privately fostered child (SI 2005/1533, regulation 8).
    pub struct PrivateFosteringVisit in "private_fostering_visit", about Person(person_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The arrangement.
        pub arrangement_id: Id<ids::Arrangement>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// When.
        pub visited_on: NaiveDate,
        /// The child was seen.
        pub seen: bool,
        /// yes, chose_not, too_young or no.
        pub alone: Option<String>,
        /// Why the child was not seen.
        pub why_not: Option<String>,
        /// The child’s own words, never edited.
        pub childs_words: Option<String>,
        /// The arrangement is satisfactory.
        pub satisfactory: Option<bool>,
        /// The written report.
        pub words: String,
        /// What is agreed.
        pub next: Option<String>,
        /// Who visited.
        pub made_by: Id<ids::Worker>,
        /// When it was written.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

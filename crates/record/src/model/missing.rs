//! Children who are missing or away, and the exploitation panel.
//!
//! Codes are those of the SSDA903 return where their names stand in capitals.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A time when a child was missing or away, and the interview after it.
    pub struct Missing in "missing", about Person(person_id), at started_at {
        /// This row.
        pub id: Id<ids::Missing>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// The family, whose key seals the words where the row is the family’s.
        pub family_id: Option<Id<ids::Family>>,
        /// The time in care.
        pub care_id: Option<Id<ids::Care>>,
        /// Which kind.
        pub kind: String,
        /// Since when: MIS_START.
        pub started_at: DateTime<Utc>,
        /// Until when: MIS_END.
        pub ended_at: Option<DateTime<Utc>>,
        /// Where and with whom last seen.
        pub last_seen: Option<String>,
        /// The police’s reference.
        pub police: Option<String>,
        /// What worries us.
        pub worry: Option<String>,
        /// alone, police, carers or located.
        pub back_how: Option<String>,
        /// Where they were.
        pub back_place: Option<String>,
        /// Whether safe and well.
        pub back_words: Option<String>,
        /// none, due, held, refused or decided_not.
        pub interview: String,
        /// When it was settled.
        pub interview_at: Option<DateTime<Utc>>,
        /// Who talked to the child.
        pub interview_by: Option<String>,
        /// That person works apart from the home and from us.
        pub independent: Option<bool>,
        /// The child’s own words, never edited.
        pub childs_words: Option<String>,
        /// What pushed: codes/missing-push.
        pub pushes: Json,
        /// What pulled: codes/missing-pull.
        pub pulls: Json,
        /// none, some or strong.
        pub exploitation: Option<String>,
        /// Why none was held.
        pub no_interview_why: Option<String>,
        /// What comes next.
        pub next: Option<String>,
        /// The team.
        pub team_id: Option<Id<ids::Team>>,
        /// Who logged it.
        pub logged_by: Id<ids::Worker>,
        /// When it was logged.
        pub logged_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A place or a person that came up in a return interview.
    pub struct MissingLink in "missing_link", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The time missing.
        pub missing_id: Id<ids::Missing>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Which kind.
        pub kind: String,
        /// The name.
        pub name: String,
        /// Small letters, single spaces.
        pub plain_name: String,
        /// Who they are, or who did it.
        pub who: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child on the list of the exploitation panel (R002-11).
    pub struct PanelReferral in "panel_referral", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The child or young person.
        pub person_id: Id<ids::Person>,
        /// Which kinds: codes/exploitation-kind.
        pub kinds: Json,
        /// In words.
        pub words: String,
        /// When.
        pub referred_on: NaiveDate,
        /// By whom.
        pub referred_by: Id<ids::Worker>,
        /// When it was decided.
        pub decided_on: Option<NaiveDate>,
        /// What was decided.
        pub decision: Option<String>,
        /// Who does what, by when.
        pub decision_words: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

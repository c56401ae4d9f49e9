//! Notes, visits, the chronology and complexity.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::{code_enum, entity};

entity! {
    /// A note or a visit, in one child's record. Copies for brothers and
    /// sisters are rows of their own with the same group.
    pub struct Note in "note", about Person(person_id), at happened_at {
        /// The note.
        pub id: Id<ids::Note>,
        /// Whose record.
        pub person_id: Id<ids::Person>,
        /// The family.
        pub family_id: Option<Id<ids::Family>>,
        /// The same for all copies of one note.
        pub group_id: Id<ids::Note>,
        /// note, visit, supervision, message.
        pub kind: String,
        /// When it happened.
        pub happened_at: DateTime<Utc>,
        /// When it was written down.
        pub recorded_at: DateTime<Utc>,
        /// Who wrote it.
        pub author_id: Id<ids::Worker>,
        /// The words that all copies share.
        pub words: String,
        /// The words that belong to this child alone.
        pub only_here: Option<String>,
        /// A visit's purpose, place, child's words and next step.
        pub visit: Option<Json>,
        /// The goal of the plan that it served.
        pub goal_id: Option<Id<ids::Goal>>,
        /// The child was seen.
        pub seen: Option<bool>,
        /// The child was seen alone.
        pub seen_alone: Option<bool>,
        /// Only those who may see sensitive matters.
        pub sensitive: bool,
        /// Kept on top.
        pub pinned: bool,
        /// When it was last corrected; the original stays in the journal.
        pub corrected_at: Option<DateTime<Utc>>,
        /// Why.
        pub correction_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A letter to a child or somebody of the family.
    pub struct Letter in "letter", about Person(person_id), at made_at {
        /// The letter.
        pub id: Id<ids::Message>,
        /// In whose record it stands.
        pub person_id: Id<ids::Person>,
        /// To whom.
        pub to_id: Id<ids::Person>,
        /// The decision it is about.
        pub decision_id: Option<Id<ids::Decision>>,
        /// A letter of the pack.
        pub kind: String,
        /// The subject.
        pub subject: String,
        /// The text as it was kept.
        pub body: String,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// How it reached them: post, hand, read_aloud.
        pub given: Option<String>,
        /// Who gave it.
        pub given_by: Option<Id<ids::Worker>>,
        /// When.
        pub given_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A chronology as it was handed to a court. It is never changed.
    pub struct CourtCopy in "court_copy", about Person(person_id), at frozen_at {
        /// The copy.
        pub id: Id<ids::Document>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// For which hearing or meeting.
        pub purpose: String,
        /// Entries from this day on; all of them, if none.
        pub since: Option<NaiveDate>,
        /// What came before, in the worker's summary.
        pub earlier: Option<String>,
        /// The entries as printed, in order.
        pub entries: Json,
        /// SHA-256 of the entries as JSON, in hexadecimal.
        pub check_sum: String,
        /// Who froze it.
        pub frozen_by: Id<ids::Worker>,
        /// When.
        pub frozen_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

code_enum! {
    /// Where a chronology entry stands.
    pub enum ChronologyState {
        /// An event proposed itself.
        Proposed = "proposed",
        /// A worker took it in.
        Accepted = "accepted",
        /// A worker left it out.
        Rejected = "rejected",
    }
}

entity! {
    /// A significant event in a child's life.
    pub struct Chronology in "chronology", about Person(person_id) {
        /// The entry.
        pub id: Id<ids::Chronology>,
        /// Whose.
        pub person_id: Id<ids::Person>,
        /// When it happened.
        pub happened_on: NaiveDate,
        /// contact, assessment, plan, move, worker, school, health, birth, harm, other.
        pub kind: String,
        /// What happened, in one or two lines.
        pub wording: String,
        /// What was done.
        pub response: Option<String>,
        /// What it meant for the child.
        pub impact: Option<String>,
        /// Why it matters: high, medium, low.
        pub significance: Option<String>,
        /// Proposed, accepted or rejected.
        pub state: ChronologyState,
        /// The kind of record it came from.
        pub source_kind: Option<String>,
        /// Which one.
        pub source_id: Option<String>,
        /// Who reported it, for life before us.
        pub reported_by: Option<String>,
        /// When the entry was made.
        pub made_at: DateTime<Utc>,
        /// Who took it in or left it out.
        pub settled_by: Option<Id<ids::Worker>>,
        /// When.
        pub settled_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Points that a manager adds for complexity, with a reason (R004-45).
    pub struct Complexity in "complexity", about Person(person_id), at set_at {
        /// This setting.
        pub id: Id<ids::Part>,
        /// Whose work.
        pub person_id: Id<ids::Person>,
        /// Points.
        pub points: i64,
        /// Why.
        pub reason: String,
        /// Who set it.
        pub set_by: Id<ids::Worker>,
        /// When.
        pub set_at: DateTime<Utc>,
        /// Until.
        pub ended_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

//! Steps of the practice pack, their sections, and running clocks.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity::Subject;
use crate::{code_enum, entity};

code_enum! {
    /// Where a step stands.
    pub enum StepState {
        /// Someone is working on it.
        Open = "open",
        /// It waits for a manager.
        Submitted = "submitted",
        /// A manager sent it back with a reason.
        SentBack = "sent_back",
        /// It is authorised, or needed no authorisation.
        Done = "done",
        /// It was left out, with a reason.
        Skipped = "skipped",
    }
}

entity! {
    /// A step of the pack, under way for a family: a referral, an assessment.
    pub struct Step in "step", about Family(family_id) {
        /// The step.
        pub id: Id<ids::Step>,
        /// Which step of the pack.
        pub kind: String,
        /// Its form.
        pub form: Option<String>,
        /// The form's version when it began: it is finished on the same form.
        pub form_version: Option<String>,
        /// The pack's version when it began.
        pub pack_version: String,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The contact that led to it.
        pub contact_id: Option<Id<ids::Contact>>,
        /// The team.
        pub team_id: Option<Id<ids::Team>>,
        /// The worker.
        pub worker_id: Option<Id<ids::Worker>>,
        /// Where it stands.
        pub state: StepState,
        /// The day it began, from which its clocks run.
        pub started_on: NaiveDate,
        /// Who submitted it.
        pub submitted_by: Option<Id<ids::Worker>>,
        /// When.
        pub submitted_at: Option<DateTime<Utc>>,
        /// Who authorised it, sent it back or skipped it.
        pub settled_by: Option<Id<ids::Worker>>,
        /// When.
        pub settled_at: Option<DateTime<Utc>>,
        /// The manager's own view, or the reason.
        pub settled_words: Option<String>,
        /// Its outcome, one of the pack's.
        pub outcome: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child whom a step is about.
    pub struct StepSubject in "step_subject", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The step.
        pub step_id: Id<ids::Step>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One section of a step's form. It has its own version, so that two people
    /// can write two sections at once.
    pub struct StepSection in "step_section", about Person(subject_id) {
        /// This section.
        pub id: Id<ids::Part>,
        /// The step.
        pub step_id: Id<ids::Step>,
        /// The child, or the first of them, whose key seals the words.
        pub subject_id: Id<ids::Person>,
        /// Which section of the form.
        pub section: String,
        /// What was answered.
        pub answers: Json,
        /// Its author says it is finished.
        pub finished: bool,
        /// Who saved it last.
        pub saved_by: Id<ids::Worker>,
        /// When.
        pub saved_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A running clock: what is due, by which rule, and why it is late.
    pub struct Clock in "clock", about Decided(id), at started_at {
        /// The clock.
        pub id: Id<ids::Clock>,
        /// A clock of the pack.
        pub rule: String,
        /// That rule's version.
        pub rule_version: String,
        /// What is due, in words that name nobody.
        pub title: String,
        /// contact, step, plan, action, meeting, told, access_grant.
        pub about_kind: String,
        /// Which one.
        pub about_id: String,
        /// The child.
        pub person_id: Option<Id<ids::Person>>,
        /// The family.
        pub family_id: Option<Id<ids::Family>>,
        /// The contact.
        pub contact_id: Option<Id<ids::Contact>>,
        /// Whose team's.
        pub team_id: Option<Id<ids::Team>>,
        /// Whose.
        pub worker_id: Option<Id<ids::Worker>>,
        /// Where the work is done.
        pub path: String,
        /// When the clock started.
        pub started_at: DateTime<Utc>,
        /// The last moment that is in time.
        pub due_at: DateTime<Utc>,
        /// When it was done.
        pub done_at: Option<DateTime<Utc>>,
        /// Why it is late.
        pub late_reason: Option<String>,
        /// Who agreed.
        pub late_agreed_by: Option<Id<ids::Worker>>,
        /// When the reason was recorded.
        pub late_recorded_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

impl Clock {
    fn whose(&self) -> Subject {
        match (self.person_id, self.family_id, self.contact_id) {
            (Some(id), _, _) => Subject::Person(id.to_string()),
            (_, Some(id), _) => Subject::Family(id.to_string()),
            (_, _, Some(id)) => Subject::Contact(id.to_string()),
            _ if self.about_kind == "matter" => Subject::Matter(self.about_id.clone()),
            _ if self.about_kind == "enquiry" => Subject::Enquiry(self.about_id.clone()),
            _ => Subject::Nobody,
        }
    }
}

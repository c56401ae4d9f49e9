//! Plans, goals and actions: one component for every kind of plan.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::{code_enum, entity};

code_enum! {
    /// Where a plan stands.
    pub enum PlanState {
        /// It is being worked on.
        Open = "open",
        /// It has ended, with an outcome.
        Closed = "closed",
    }
}

code_enum! {
    /// Where a goal stands.
    pub enum GoalState {
        /// Being worked on.
        Working = "working",
        /// Achieved.
        Achieved = "achieved",
        /// Partly achieved.
        Partly = "partly",
        /// Not achieved.
        NotAchieved = "not_achieved",
    }
}

code_enum! {
    /// Where an action stands.
    pub enum ActionState {
        /// Not begun.
        ToDo = "to_do",
        /// Begun.
        UnderWay = "under_way",
        /// Done.
        Done = "done",
        /// Its owner says that it cannot be done.
        Cannot = "cannot",
    }
}

entity! {
    /// A plan for one or more children of a family.
    pub struct Plan in "plan", about Family(family_id) {
        /// The plan.
        pub id: Id<ids::Plan>,
        /// child_in_need, early_help ...
        pub kind: String,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The assessment it came from.
        pub step_id: Option<Id<ids::Step>>,
        /// The lead worker.
        pub worker_id: Option<Id<ids::Worker>>,
        /// The team.
        pub team_id: Option<Id<ids::Team>>,
        /// Open or closed.
        pub state: PlanState,
        /// From.
        pub started_on: NaiveDate,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// Why it ended, a code.
        pub end_reason: Option<String>,
        /// What is different for the child? (R001-13)
        pub different: Option<String>,
        /// The plan in a few lines.
        pub summary: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child whom a plan is for.
    pub struct PlanSubject in "plan_subject", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The plan.
        pub plan_id: Id<ids::Plan>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What a plan wants to be different.
    pub struct Goal in "goal", about Family(family_id) {
        /// The goal.
        pub id: Id<ids::Goal>,
        /// The plan.
        pub plan_id: Id<ids::Plan>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The child, if it is one child's.
        pub person_id: Option<Id<ids::Person>>,
        /// The goal in plain words.
        pub wording: String,
        /// The child's own words, never edited (R000-31).
        pub child_words: Option<String>,
        /// Outcome tags, a list of codes.
        pub outcomes: Json,
        /// Where it stands.
        pub state: GoalState,
        /// What came of it.
        pub result: Option<String>,
        /// Since.
        pub set_on: NaiveDate,
        /// Settled on.
        pub settled_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An action: what, which agency, who, by when, how we will know (R003-25).
    pub struct Action in "action", about Family(family_id) {
        /// The action.
        pub id: Id<ids::Action>,
        /// The plan.
        pub plan_id: Id<ids::Plan>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The goal it serves.
        pub goal_id: Option<Id<ids::Goal>>,
        /// What will be done.
        pub what: String,
        /// The agency.
        pub agency: String,
        /// A person or a post.
        pub owner: String,
        /// The owner, if they sign in here.
        pub owner_worker_id: Option<Id<ids::Worker>>,
        /// Where a one-time link is sent.
        pub owner_email: Option<String>,
        /// By when.
        pub due_on: NaiveDate,
        /// How we will know.
        pub measure: String,
        /// Where it stands.
        pub state: ActionState,
        /// Who made it.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Settled on.
        pub settled_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What someone said about an action.
    pub struct ActionUpdate in "action_update", about Family(family_id), at said_at {
        /// This answer.
        pub id: Id<ids::Part>,
        /// The action.
        pub action_id: Id<ids::Action>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// Where the action stands now.
        pub state: ActionState,
        /// In words.
        pub words: String,
        /// Who said it.
        pub said_by: String,
        /// The worker, if one of ours.
        pub worker_id: Option<Id<ids::Worker>>,
        /// The one-time link, if a partner.
        pub link_id: Option<Id<ids::Link>>,
        /// When.
        pub said_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What somebody of the family asked of a plan, and what was agreed.
    pub struct FamilyAsk in "family_ask", about Family(family_id) {
        /// This ask.
        pub id: Id<ids::Part>,
        /// Of which plan.
        pub plan_id: Id<ids::Plan>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// Who asked.
        pub person_id: Option<Id<ids::Person>>,
        /// Their first name, as it was.
        pub asked_by: String,
        /// In their own words, never edited.
        pub words: String,
        /// When.
        pub asked_on: NaiveDate,
        /// yes, partly, no; nothing while nobody has answered.
        pub agreed: Option<String>,
        /// What was agreed.
        pub what: Option<String>,
        /// Why, where it is not quite what they asked.
        pub why: Option<String>,
        /// Who answered.
        pub answered_by: Option<Id<ids::Worker>>,
        /// When.
        pub answered_at: Option<DateTime<Utc>>,
        /// Who wrote the ask down.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// That somebody was reminded of an action, or need not be.
    pub struct Reminder in "reminder", about Family(family_id), at done_at {
        /// This reminder.
        pub id: Id<ids::Part>,
        /// Of which action.
        pub action_id: Id<ids::Action>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The day it reminded of: an action that moved asks again.
        pub due_on: NaiveDate,
        /// Who was reminded.
        pub sent_to: String,
        /// email, phone, in_person, not_needed.
        pub how: String,
        /// Why none was needed.
        pub why: Option<String>,
        /// Who did it.
        pub done_by: Id<ids::Worker>,
        /// When.
        pub done_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A one-time link by which a partner answers for its action.
    pub struct ActionLink in "action_link", about Nobody {
        /// The link.
        pub id: Id<ids::Link>,
        /// SHA-256 of the token; the token itself is not kept.
        pub token_hash: String,
        /// The action.
        pub action_id: Id<ids::Action>,
        /// To whom it was given.
        pub sent_to: String,
        /// By whom.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Until when it opens.
        pub ends_at: DateTime<Utc>,
        /// When it was used.
        pub used_at: Option<DateTime<Utc>>,
        /// When it was withdrawn.
        pub withdrawn_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

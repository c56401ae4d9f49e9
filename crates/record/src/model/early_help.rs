//! Early help: one period of it for a family, its children, and what the
//! family said about consent.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::{code_enum, entity};

code_enum! {
    /// Where early help for a family stands.
    pub enum EarlyHelpState {
        /// It goes on.
        Open = "open",
        /// It has ended, with an outcome.
        Closed = "closed",
    }
}

entity! {
    /// One period of early help for a family: what holds its consent,
    /// assessment, plan and a step up together.
    pub struct EarlyHelp in "early_help", about Family(family_id) {
        /// This period.
        pub id: Id<ids::Part>,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// From.
        pub began_on: NaiveDate,
        /// child_page, partner, front_door, step_down.
        pub source: String,
        /// Why early help, in the words of whoever started it.
        pub reason: String,
        /// The contact that led to it.
        pub contact_id: Option<Id<ids::Contact>>,
        /// The assessment; none after a step down.
        pub step_id: Option<Id<ids::Step>>,
        /// The plan, once there is one.
        pub plan_id: Option<Id<ids::Plan>>,
        /// The early help team.
        pub team_id: Option<Id<ids::Team>>,
        /// Who started it, if they sign in here.
        pub started_by: Option<Id<ids::Worker>>,
        /// The latest contact by which social care was asked.
        pub step_up_id: Option<Id<ids::Contact>>,
        /// What would bring social care back, after a step down.
        pub bring_back: Option<String>,
        /// Open or closed.
        pub state: EarlyHelpState,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// How it ended: plan outcomes of the pack, or stepped_up.
        pub outcome: Option<String>,
        /// What is different for the child.
        pub different: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child whom early help is for.
    pub struct EarlyHelpChild in "early_help_child", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// The period of early help.
        pub early_help_id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What a family said about consent on one day. Never changed: a later
    /// answer stands beside it.
    pub struct Consent in "consent", about Family(family_id), at recorded_at {
        /// This answer.
        pub id: Id<ids::Part>,
        /// The period of early help.
        pub early_help_id: Id<ids::Part>,
        /// The family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// given, asked, refused, withdrawn.
        pub said: String,
        /// Who said so.
        pub said_by: Option<String>,
        /// When.
        pub said_on: NaiveDate,
        /// in_person, phone, writing.
        pub how: Option<String>,
        /// With whom may be shared, a list of agencies.
        pub shares: Json,
        /// In their own words.
        pub words: Option<String>,
        /// Who wrote it down; nobody of ours if it came from a partner's page.
        pub recorded_by: Option<Id<ids::Worker>>,
        /// When.
        pub recorded_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

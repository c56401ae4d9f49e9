//! The rows of the dataset, as the statements give them.

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{PersonKind, StepState};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

/// ssd_person: who a child is. No name: no return asks for it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Child {
    /// The child.
    pub id: Id<ids::Person>,
    /// Child, adult or expected.
    pub kind: PersonKind,
    /// F, M or U.
    pub sex: Option<String>,
    /// Date of birth, or the date a baby is expected.
    pub born_on: Option<NaiveDate>,
    /// exact, estimated, assessed or expected.
    pub born_kind: Option<String>,
    /// Date of death.
    pub died_on: Option<NaiveDate>,
    /// A code of codes/ethnicity.
    pub ethnicity: Option<String>,
    /// Unique pupil number.
    pub upn: Option<String>,
    /// Why there is none.
    pub no_upn: Option<String>,
    /// Disabilities, a list of codes.
    pub disabilities: Option<Json>,
    /// Where the work with the child stands today.
    pub status: Option<String>,
    /// A restriction is on the record.
    pub restricted: bool,
}

impl Child {
    /// Whether the child is not born yet.
    pub fn is_expected(&self) -> bool {
        self.kind == PersonKind::Expected || self.born_kind.as_deref() == Some("expected")
    }

    /// The codes of the child's disabilities.
    pub fn disability_codes(&self) -> Vec<&str> {
        let listed = self.disabilities.as_ref().and_then(Json::as_array);
        listed
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect()
    }
}

/// A step about a child, with what is around it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct StepRow {
    /// The step.
    pub id: Id<ids::Step>,
    /// Which step of the pack.
    pub kind: String,
    /// The child.
    pub person_id: Id<ids::Person>,
    /// The family.
    pub family_id: Id<ids::Family>,
    /// Where it stands.
    pub state: StepState,
    /// The day it began.
    pub started_on: NaiveDate,
    /// When it was settled.
    pub settled_at: Option<DateTime<Utc>>,
    /// Its outcome, one of the pack's.
    pub outcome: Option<String>,
    /// Who wrote it.
    pub worker_id: Option<Id<ids::Worker>>,
    /// Whose team.
    pub team_id: Option<Id<ids::Team>>,
    /// The census's code of who told us, of the contact that led to it.
    pub source: Option<String>,
    /// When its conference was held, if it is done at one.
    pub held_at: Option<DateTime<Utc>>,
}

/// A child in need plan of a child.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Planned {
    /// The plan.
    pub id: Id<ids::Plan>,
    /// The child.
    pub person_id: Id<ids::Person>,
    /// From.
    pub started_on: NaiveDate,
    /// To.
    pub ended_on: Option<NaiveDate>,
}

/// A child's time on a child protection plan.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct OnProtection {
    /// The plan.
    pub plan_id: Id<ids::Plan>,
    /// The child.
    pub person_id: Id<ids::Person>,
    /// From.
    pub started_on: NaiveDate,
    /// To.
    pub ended_on: Option<NaiveDate>,
    /// The category at the start.
    pub first_category: String,
    /// The category now.
    pub category: String,
    /// Plans before this one.
    pub earlier: i64,
}

/// An end of the work with a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The day.
    pub on: NaiveDate,
    /// Why: a code of codes/closure-reason.
    pub reason: Option<String>,
    /// The step that ended it, where there was one.
    pub step: Option<Id<ids::Step>>,
}

/// A manager's look at an assessment on its way.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Looked {
    /// The assessment.
    pub step_id: Id<ids::Step>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// A number or a code that belongs to a child.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// The child.
    pub person_id: Id<ids::Person>,
    /// The number or code.
    pub value: String,
}

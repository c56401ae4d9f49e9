//! What is written about a whole family together, as far as it concerns one of
//! them: which plans, meetings and other papers are theirs, and which rows of
//! these speak of somebody else. For the copy of a record (R001-09).

use std::collections::BTreeSet;

use record::Guarded;
use record::args;
use record::journal::history::Entry;
use record::model::Person;
use serde_json::{Map, Value as Json};
use vocabulary::{Id, ids};

use super::copy::Held;
use crate::{Casework, Result};

/// More changes than any record has.
const ALL: i64 = 200_000;
/// Papers of a family that a copy may hold. What is not here is about carers, or
/// only the program reads it.
const KINDS: [&str; 18] = [
    "step",
    "plan",
    "goal",
    "action",
    "action_update",
    "family_ask",
    "meeting",
    "meeting_person",
    "support_package",
    "support_part",
    "support_review",
    "service_referral",
    "service_move",
    "unmet_need",
    "early_help",
    "consent",
    "court_case",
    "hearing",
];
/// The field of a row that says to which paper it belongs.
const BELONGS: [&str; 9] = [
    "id",
    "plan_id",
    "meeting_id",
    "step_id",
    "action_id",
    "package_id",
    "referral_id",
    "early_help_id",
    "case_id",
];
/// Every paper that names the person, and the families they are in, by id.
const THEIRS: &str = "\
    select plan_id as id, cast(null as text) as family from plan_subject where person_id = $1 \
    union select step_id, null from step_subject where person_id = $1 \
    union select case_id, null from court_child where person_id = $1 \
    union select early_help_id, null from early_help_child where person_id = $1 \
    union select meeting_id, null from meeting_person where person_id = $1 \
    union select m.id, null from meeting m join plan_subject s on s.plan_id = m.plan_id \
     where s.person_id = $1 \
    union select x.meeting_id, null from step_meeting x \
     join step_subject s on s.step_id = x.step_id where s.person_id = $1 \
    union select a.id, null from action a join plan_subject s on s.plan_id = a.plan_id \
     where s.person_id = $1 \
    union select k.id, null from support_package k join plan_subject s on s.plan_id = k.plan_id \
     where s.person_id = $1 \
    union select r.id, null from service_referral r where r.person_id = $1 \
    union select null, family_id from family_member where person_id = $1 and left_on is null";

/// The papers of a person's family.
#[derive(Default)]
pub(super) struct Papers {
    theirs: BTreeSet<String>,
    /// Strategy discussions: what the police plan stands there.
    enquiries: BTreeSet<String>,
    /// Goals that are set for somebody else.
    goals_of_others: BTreeSet<String>,
}

#[derive(sqlx::FromRow)]
struct Paper {
    id: Option<String>,
    family: Option<Id<ids::Family>>,
}

impl Casework {
    /// What was written about a person whose record the viewer may hand over, and
    /// in the papers of their family as far as these concern them: the newest
    /// first.
    pub(super) async fn written_of(
        &self,
        person: &Guarded<Person>,
    ) -> Result<(Vec<Entry>, Papers)> {
        let db = self.store().read_db();
        let found: Vec<Paper> = db.all(THEIRS, args![person.id]).await?;
        let families: Vec<Id<ids::Family>> = found.iter().filter_map(|p| p.family).collect();
        let mut papers = Papers {
            theirs: found.into_iter().filter_map(|paper| paper.id).collect(),
            ..Papers::default()
        };
        let gate = self.gate();
        let mut changes = gate.changes_of(person, ALL).await?;
        let of_family = gate.changes_of_families(person, &families, ALL).await?;
        for change in &of_family {
            let Some(row) = row_of(change) else { continue };
            match change.object_kind.as_str() {
                "meeting" if text(row, "kind") == "strategy_discussion" => {
                    papers.enquiries.insert(change.object_id.clone());
                }
                "goal" if another(row, person.id) => {
                    papers.goals_of_others.insert(change.object_id.clone());
                }
                _ => {}
            }
        }
        changes.extend(of_family.into_iter().filter(|c| papers.concern(c)));
        changes.sort_by(|a, b| b.recorded_at.cmp(&a.recorded_at));
        Ok((changes, papers))
    }
}

impl Papers {
    /// Whether a change is of a paper that concerns the person.
    fn concern(&self, change: &Entry) -> bool {
        let kind = change.object_kind.as_str();
        let theirs =
            |row: &Map<String, Json>| BELONGS.iter().any(|f| self.theirs.contains(text(row, f)));
        KINDS.contains(&kind) && row_of(change).is_some_and(theirs)
    }

    /// Why a row of these papers is held back, if it is.
    pub(super) fn held_back(
        &self,
        kind: &str,
        row: &Map<String, Json>,
        of: Id<ids::Person>,
    ) -> Option<Held> {
        let enquiry = |name: &str| self.enquiries.contains(text(row, name));
        let of_the_family = || text(row, "agency") == "family" && text(row, "person_id").is_empty();
        match kind {
            "court_case" | "hearing" => Some(Held::Law),
            "meeting" if enquiry("id") => Some(Held::Enquiry),
            "meeting_person" if enquiry("meeting_id") => Some(Held::Enquiry),
            "meeting_person" if of_the_family() => Some(Held::Others),
            "family_ask" | "consent" if text(row, "person_id") != of.as_str() => Some(Held::Others),
            "action" if self.goals_of_others.contains(text(row, "goal_id")) => Some(Held::Others),
            _ if KINDS.contains(&kind) && another(row, of) => Some(Held::Others),
            _ => None,
        }
    }
}

/// The row after a change.
pub(super) fn row_of(change: &Entry) -> Option<&Map<String, Json>> {
    change.content.as_ref()?.get("after")?.as_object()
}

fn text<'a>(row: &'a Map<String, Json>, name: &str) -> &'a str {
    row.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Whether a row names somebody, and it is not this person.
fn another(row: &Map<String, Json>, person: Id<ids::Person>) -> bool {
    let named = text(row, "person_id");
    !named.is_empty() && named != person.as_str()
}

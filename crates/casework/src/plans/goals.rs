//! Goals: what will be different for the child, in words the family would
//! use, with the child's own words beside ours and never edited (R000-31).

use packs::Answers;
use record::Viewer;
use record::model::{Goal, GoalState};
use serde_json::json;
use vocabulary::{Id, ids};

use super::{claim, some, stops};
use crate::{Casework, Error, Result, time};

/// The form of a goal.
pub const FORM: &str = "plan-goal";

impl Casework {
    /// Adds a goal. Chosen for some of several children it becomes one goal
    /// each, because each child goes their own way to it.
    pub async fn add_goal(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let seen = self.plan_to_change(viewer, plan, "add a goal").await?;
        stops(self.form(FORM)?.check(answers, None))?;
        let mut chosen = Vec::new();
        for id in answers.list("children") {
            chosen.push(seen.child_with(id).ok_or(Error::NotFound)?.id);
        }
        let whose: Vec<Option<Id<ids::Person>>> = match chosen.len() {
            0 => vec![None],
            n if n == seen.children.len() && n > 1 => vec![None],
            _ => chosen.into_iter().map(Some).collect(),
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/plans/{plan}")).await?;
        for person_id in whose {
            let goal = Goal {
                id: Id::new(),
                plan_id: plan,
                family_id: seen.plan.family_id,
                person_id,
                wording: wording(answers),
                child_words: some(answers.text("childs_words")),
                outcomes: json!([]),
                state: GoalState::Working,
                result: None,
                set_on: time::local(tx.now()).date(),
                settled_on: None,
                version: 1,
            };
            tx.insert(&goal).await?;
        }
        tx.drop_draft(viewer.principal.worker, &format!("goal:{plan}"))
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Goal and starting point as one text, so that no reader sees one without
/// the other.
fn wording(answers: &Answers) -> String {
    let goal = answers.text("goal");
    match some(answers.text("now")) {
        Some(now) => format!("{goal}\n\nHow it is now: {now}"),
        None => goal.to_owned(),
    }
}

/// The first line of a goal: its name in lists and at the plan's end.
pub fn short(wording: &str) -> String {
    let line = wording.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= 160 {
        return line.to_owned();
    }
    let cut: String = line.chars().take(159).collect();
    format!("{}…", cut.trim_end())
}

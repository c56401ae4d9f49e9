//! A child protection plan made at a conference: on the same day, through the
//! one plan component, with the goals of the plan before (R001-30). It ends
//! only at a review conference.

use chrono::{DateTime, NaiveDate, Utc};
use packs::Answers;
use record::model::{
    Action, ActionState, Goal, GoalState, Meeting, MeetingState, Person, Plan, PlanState,
    PlanSubject, Protection, Step,
};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::clocks::About;
use crate::plans::passing::{IN_NEED, move_goals};
use crate::plans::start::set_status;
use crate::plans::{PlanSeen, about, case, columns, some};
use crate::{Casework, Result, clocks, time};

/// The kind of plan, which is also the child's status.
pub(crate) const KIND: &str = "protection_plan";

/// A child with the category of the plan.
pub(crate) struct Placed<'a> {
    pub child: &'a Person,
    pub category: String,
}

impl Casework {
    /// Makes the plan: children, category, goals, actions, clocks, the first
    /// core group. `came_from` is another council, at a transfer.
    #[allow(clippy::too_many_arguments)] // The parts of one decision, each named once.
    pub(crate) async fn begin_protection(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        step: &Step,
        placed: &[Placed<'_>],
        answers: &Answers,
        held_at: DateTime<Utc>,
        event: &str,
        came_from: Option<String>,
    ) -> Result<Plan> {
        let day = time::local(held_at).date();
        let plan = Plan {
            id: Id::new(),
            kind: KIND.into(),
            family_id: step.family_id,
            step_id: Some(step.id),
            worker_id: step.worker_id,
            team_id: step.team_id,
            state: PlanState::Open,
            started_on: day,
            ended_on: None,
            end_reason: None,
            different: None,
            summary: some(answers.text("aim")),
            version: 1,
        };
        tx.insert(&plan).await?;
        let children: Vec<Id<ids::Person>> = placed.iter().map(|p| p.child.id).collect();
        self.plans_give_way(tx, &plan, &children, &IN_NEED, held_at)
            .await?;
        for one in placed {
            tx.insert(&PlanSubject {
                id: Id::new(),
                plan_id: plan.id,
                person_id: one.child.id,
                version: 1,
            })
            .await?;
            let earlier = earlier_plans(tx, one.child.id).await?;
            tx.insert(&Protection {
                id: Id::new(),
                person_id: one.child.id,
                family_id: step.family_id,
                plan_id: plan.id,
                started_on: day,
                first_category: one.category.clone(),
                category: one.category.clone(),
                earlier,
                ended_on: None,
                end_reason: None,
                came_from: came_from.clone(),
                version: 1,
            })
            .await?;
            if one.child.status.as_deref() != Some("in_care") {
                set_status(tx, one.child.id, KIND).await?;
            }
            let category = self.label("protection-category", &one.category);
            let words = format!("Child protection plan began: {}", category.to_lowercase());
            let entry = super::entry(
                tx,
                one.child.id,
                held_at,
                &words,
                plan.summary.clone(),
                step.id,
            );
            tx.insert(&entry).await?;
        }
        outline(tx, viewer, &plan, answers, day).await?;
        self.start_protection_clocks(tx, &plan, &children, held_at, event)
            .await?;
        if let Some(on) = answers.date("core_group_on") {
            tx.insert(&core_group(viewer, &plan, on)).await?;
        }
        self.back_again(tx, &children, KIND, held_at).await?;
        Ok(plan)
    }

    /// Visits run for each child, meetings for the plan.
    async fn start_protection_clocks(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        children: &[Id<ids::Person>],
        at: DateTime<Utc>,
        event: &str,
    ) -> Result<()> {
        let pack = self.pack();
        let case = case(plan);
        for child in children {
            let about = About {
                kind: "person",
                id: child.to_string(),
                path: format!("/people/{child}/visits/new"),
                ..about(plan, *child)
            };
            clocks::start_where(tx, pack, "plan.started", at, &about, &case).await?;
        }
        let about = about(plan, children[0]);
        clocks::start_where(tx, pack, event, at, &about, &case).await
    }

    /// Ends the plan for some children at a review conference, and begins what
    /// comes after: a child in need plan goes on with the same goals.
    #[allow(clippy::too_many_arguments)] // The parts of one decision, each named once.
    pub(crate) async fn end_protection(
        &self,
        tx: &mut Tx,
        plan: &mut Plan,
        children: &[Id<ids::Person>],
        after: &str,
        changed: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let day = time::local(at).date();
        let running: Vec<Protection> = tx
            .all(
                AssertSqlSafe(format!(
                    "select {} from protection where plan_id = $1 and ended_on is null",
                    Protection::COLUMNS.join(", ")
                )),
                args![plan.id],
            )
            .await?;
        let left = running
            .iter()
            .filter(|p| !children.contains(&p.person_id))
            .count();
        for mut time_on in running
            .into_iter()
            .filter(|p| children.contains(&p.person_id))
        {
            time_on.ended_on = Some(day);
            time_on.end_reason = Some(after.to_owned());
            tx.update(&mut time_on).await?;
            let status = if after == "early_help" {
                "early_help"
            } else {
                "child_in_need"
            };
            // A child in care stays in care: the care plan goes on.
            if care_plan_of(tx, &[time_on.person_id]).await?.is_none() {
                set_status(tx, time_on.person_id, status).await?;
            }
        }
        // The clocks of the plan stay for those who are still on it.
        for child in children {
            clocks::stop_all(tx, at, "person", child.as_str()).await?;
        }
        if left == 0 {
            clocks::stop_all(tx, at, "plan", plan.id.as_str()).await?;
            clocks::stop_of(tx, self.pack(), "plan.closed", at, children).await?;
            plan.state = PlanState::Closed;
            plan.ended_on = Some(day);
            plan.end_reason = Some(after.to_owned());
            plan.different = some(changed);
            tx.update(plan).await?;
        }
        match care_plan_of(tx, children).await? {
            Some(care) if plan.state == PlanState::Closed => move_goals(tx, plan, &care, at).await,
            Some(_) => Ok(()),
            None if after == "child_in_need" => self.go_on_in_need(tx, plan, children, at).await,
            None => Ok(()),
        }
    }

    /// The children of a plan who are on protection now.
    pub(crate) async fn on_protection(&self, seen: &PlanSeen) -> Result<Vec<Id<ids::Person>>> {
        #[derive(sqlx::FromRow)]
        struct On {
            person_id: Id<ids::Person>,
        }
        let rows: Vec<On> = self
            .store()
            .read_db()
            .all(
                "select person_id from protection where plan_id = $1 and ended_on is null order by id",
                args![seen.plan.id],
            )
            .await?;
        match rows.is_empty() {
            true => Ok(seen.children.iter().map(|c| c.id).collect()),
            false => Ok(rows.into_iter().map(|r| r.person_id).collect()),
        }
    }
}

/// The open care plan of one of these children: what they work for goes on
/// there when protection ends.
async fn care_plan_of(tx: &mut Tx, children: &[Id<ids::Person>]) -> Result<Option<Plan>> {
    let sql = format!(
        "select {} from plan p join plan_subject s on s.plan_id = p.id where s.person_id = $1 \
         and p.state = 'open' and p.kind in ('in_care', 'care_leaver') order by p.id desc limit 1",
        columns::<Plan>("p")
    );
    for child in children {
        let found: Option<Plan> = tx.maybe(AssertSqlSafe(sql.clone()), args![*child]).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The outline plan: one goal for what must be different, and who does what.
async fn outline(
    tx: &mut Tx,
    viewer: &Viewer,
    plan: &Plan,
    answers: &Answers,
    day: NaiveDate,
) -> Result<()> {
    let goal = Goal {
        id: Id::new(),
        plan_id: plan.id,
        family_id: plan.family_id,
        person_id: None,
        wording: answers.text("aim").to_owned(),
        child_words: some(answers.text("childs_views")),
        outcomes: json!([]),
        state: GoalState::Working,
        result: None,
        set_on: day,
        settled_on: None,
        version: 1,
    };
    tx.insert(&goal).await?;
    for item in answers.groups("actions") {
        tx.insert(&Action {
            id: Id::new(),
            plan_id: plan.id,
            family_id: plan.family_id,
            goal_id: Some(goal.id),
            what: item.text("what").to_owned(),
            agency: item.text("agency").to_owned(),
            owner: item.text("owner").to_owned(),
            owner_worker_id: None,
            owner_email: None,
            due_on: item.date("due").unwrap_or(day),
            measure: item.text("measure").to_owned(),
            state: ActionState::ToDo,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            settled_on: None,
            version: 1,
        })
        .await?;
    }
    Ok(())
}

fn core_group(viewer: &Viewer, plan: &Plan, on: NaiveDate) -> Meeting {
    Meeting {
        id: Id::new(),
        kind: "core_group".into(),
        family_id: plan.family_id,
        plan_id: Some(plan.id),
        held_at: time::start_of(on),
        place: None,
        state: MeetingState::Planned,
        purpose: None,
        discussion: None,
        decision: None,
        interpreter: None,
        chaired_by: None,
        made_by: viewer.principal.worker,
        version: 1,
    }
}

async fn earlier_plans(tx: &mut Tx, child: Id<ids::Person>) -> Result<i64> {
    #[derive(sqlx::FromRow)]
    struct Before {
        n: i64,
    }
    let before: Option<Before> = tx
        .maybe(
            "select count(*) as n from protection where person_id = $1",
            args![child],
        )
        .await?;
    Ok(before.map_or(0, |b| b.n))
}

//! What follows when a manager has agreed that the work ends, with a plan or
//! without one: everything that runs for it ends in the same transaction, and nothing is left open
//! that nobody looks at any more.

use packs::Answers;
use record::model::{
    Action, ActionState, ActionUpdate, Decision, Goal, GoalState, Involvement, Meeting,
    MeetingState, Plan, PlanState, Step, StepSection,
};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::close::{answered, is_working, result_of, sections_sql};
use super::start::{proposal, set_status};
use super::{columns, links, some, subjects};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// Ends the work of a closure that was just authorised, inside the same
    /// transaction. Its plans end by their own rules: goals get their results,
    /// open actions end, links and clocks stop, planned meetings are called
    /// off. Then, for each child for whom nothing else is open, the status says
    /// that the work ended, and allocation and visits end. The outcome is the
    /// one that the manager agreed to.
    ///
    /// # Errors
    /// [`Error::Refused`] when a goal has no result: one of the few hard gates.
    pub async fn end_work(&self, tx: &mut Tx, viewer: &Viewer, step: &Step) -> Result<()> {
        let sections: Vec<StepSection> = tx
            .all(AssertSqlSafe(sections_sql()), args![step.id])
            .await?;
        let answers = answered(&sections);
        let mut children = crate::steps::subjects(tx, step.id).await?;
        let mut ended = Vec::new();
        for plan in self.plans_of_closure(tx, step).await? {
            let (plan, more) = self.close_plan(tx, viewer, plan, &answers, step).await?;
            children.extend(more);
            ended.push(plan);
        }
        children.sort();
        children.dedup();
        let outcome = step.outcome.as_deref().unwrap_or_default();
        let why = match answers.text("reason") {
            "" => self.outcome_title(step, outcome)?,
            reason => self.label("closure-reason", reason),
        };
        let status = match outcome {
            "early_help" => "early_help",
            _ => "closed",
        };
        let mut let_go = Vec::new();
        for child in &children {
            if !more_is_open(tx, *child, step.id).await? {
                set_status(tx, *child, status).await?;
                end_allocation(tx, *child, &why).await?;
                end_visit_clocks(tx, *child).await?;
                let_go.push(*child);
            }
        }
        if step.kind == "closure" && outcome == "early_help" && !let_go.is_empty() {
            self.early_help_after(tx, viewer, step, &let_go, &ended, &answers)
                .await?;
        }
        Ok(())
    }

    fn outcome_title(&self, step: &Step, outcome: &str) -> Result<String> {
        let found = self.step_def(step)?.outcome(outcome);
        Ok(found.map_or_else(|| outcome.to_owned(), |o| o.title.clone()))
    }

    async fn plans_of_closure(&self, tx: &mut Tx, step: &Step) -> Result<Vec<Plan>> {
        let sql = format!(
            "select distinct {} from plan p join plan_subject s on s.plan_id = p.id \
             join step_subject x on x.person_id = s.person_id \
             where x.step_id = $1 and p.family_id = $2 and p.state = 'open' \
             and (p.kind = 'early_help') = {}",
            columns::<Plan>("p"),
            step.kind == crate::early_help::end::CLOSURE
        );
        Ok(tx
            .all(AssertSqlSafe(sql), args![step.id, step.family_id])
            .await?)
    }

    /// Ends one plan and gives back its children. `answers` are those of the
    /// closure that was authorised.
    async fn close_plan(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        mut plan: Plan,
        answers: &Answers,
        step: &Step,
    ) -> Result<(Plan, Vec<Id<ids::Person>>)> {
        settle_goals(tx, &plan, answers).await?;
        end_actions(tx, viewer, &plan).await?;
        super::packages::end_with_plan(tx, plan.id).await?;
        call_off_meetings(tx, plan.id, "Called off: the plan ended").await?;
        let (at, id) = (tx.now(), plan.id.to_string());
        clocks::stop_all(tx, at, "plan", &id).await?;
        plan.state = PlanState::Closed;
        plan.ended_on = Some(time::local(at).date());
        plan.end_reason = some(answers.text("reason"));
        plan.different = some(answers.text("different"));
        tx.update(&mut plan).await?;
        let children = subjects(tx, plan.id).await?;
        tx.insert(&closure(viewer, &plan, children[0], answers, step, at))
            .await?;
        for child in &children {
            let words = format!("The {} ended", super::kind_words(&plan.kind).to_lowercase());
            let entry = proposal(tx, *child, &plan, &words);
            tx.insert(&record::model::Chronology {
                response: plan.different.clone(),
                ..entry
            })
            .await?;
        }
        let outcome = step.outcome.as_deref().unwrap_or_default();
        let different = answers.text("different");
        self.early_help_closed(tx, plan.id, outcome, different, at)
            .await?;
        Ok((plan, children))
    }
}

async fn settle_goals(tx: &mut Tx, plan: &Plan, answers: &Answers) -> Result<()> {
    let sql = format!(
        "select {} from goal where plan_id = $1",
        Goal::COLUMNS.join(", ")
    );
    let goals: Vec<Goal> = tx.all(AssertSqlSafe(sql), args![plan.id]).await?;
    for mut goal in goals.into_iter().filter(is_working) {
        let Some(result) = result_of(&goal, answers) else {
            return Err(Error::Refused(
                "A plan cannot end without the result of every goal: without it nobody learns what helped the child. Send it back, so that the worker can add it.".into(),
            ));
        };
        let (state, words) = match result.text("result") {
            "reached" => (GoalState::Achieved, None),
            "partly" => (GoalState::Partly, None),
            "no_longer" => (GoalState::NotAchieved, Some("No longer needed.")),
            _ => (GoalState::NotAchieved, None),
        };
        let parts: Vec<String> = [
            goal.result.take(),
            words.map(str::to_owned),
            some(result.text("words")),
        ]
        .into_iter()
        .flatten()
        .collect();
        goal.state = state;
        goal.result = some(&parts.join(" "));
        goal.settled_on = Some(time::local(tx.now()).date());
        tx.update(&mut goal).await?;
    }
    Ok(())
}

/// Open actions end with the plan, and say so; their links stop.
async fn end_actions(tx: &mut Tx, viewer: &Viewer, plan: &Plan) -> Result<()> {
    let sql = format!(
        "select {} from action where plan_id = $1 and state in ('to_do', 'under_way')",
        Action::COLUMNS.join(", ")
    );
    let open: Vec<Action> = tx.all(AssertSqlSafe(sql), args![plan.id]).await?;
    for mut action in open {
        super::actions::settle(tx, &mut action, ActionState::Cannot).await?;
        links::withdraw(tx, action.id).await?;
        tx.insert(&ActionUpdate {
            id: Id::new(),
            action_id: action.id,
            family_id: plan.family_id,
            state: ActionState::Cannot,
            words: "The plan ended before this was done.".into(),
            said_by: viewer.name.clone(),
            worker_id: Some(viewer.principal.worker),
            link_id: None,
            said_at: tx.now(),
            version: 1,
        })
        .await?;
    }
    Ok(())
}

/// Calls off the meetings of a plan that are still to come, and says why.
pub(crate) async fn call_off_meetings(tx: &mut Tx, plan: Id<ids::Plan>, why: &str) -> Result<()> {
    let sql = format!(
        "select {} from meeting where plan_id = $1 and state = 'planned' and held_at > $2",
        Meeting::COLUMNS.join(", ")
    );
    let now = tx.now();
    let planned: Vec<Meeting> = tx.all(AssertSqlSafe(sql), args![plan, now]).await?;
    for mut meeting in planned {
        meeting.state = MeetingState::Cancelled;
        meeting.decision = Some(why.to_owned());
        tx.update(&mut meeting).await?;
    }
    Ok(())
}

/// Whether anything else is open for a child: another plan, another step.
pub(crate) async fn more_is_open(
    tx: &mut Tx,
    child: Id<ids::Person>,
    closure: Id<ids::Step>,
) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Open {
        n: i64,
    }
    let open: Option<Open> = tx
        .maybe(
            "select (select count(*) from plan p join plan_subject s on s.plan_id = p.id \
             where s.person_id = $1 and p.state = 'open') \
             + (select count(*) from step t join step_subject x on x.step_id = t.id \
             where x.person_id = $1 and t.id <> $2 and t.state in ('open', 'submitted', 'sent_back')) as n",
            args![child, closure],
        )
        .await?;
    Ok(open.is_some_and(|o| o.n > 0))
}

/// Workers, and a team that held the child without one, leave the work.
pub(crate) async fn end_allocation(tx: &mut Tx, child: Id<ids::Person>, why: &str) -> Result<()> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and ended_on is null \
         and (role in ('allocated', 'co_worker', 'lead_practitioner') or (worker_id is null and team_id is not null))",
        Involvement::COLUMNS.join(", ")
    );
    let open: Vec<Involvement> = tx.all(AssertSqlSafe(sql), args![child]).await?;
    for mut involvement in open {
        involvement.ended_on = Some(time::local(tx.now()).date());
        involvement.change_reason = Some(format!("Our work ended: {why}"));
        tx.update(&mut involvement).await?;
    }
    Ok(())
}

/// Nobody visits a child whose work has ended: the clock that asks for the
/// next visit ends too.
async fn end_visit_clocks(tx: &mut Tx, child: Id<ids::Person>) -> Result<()> {
    let sql = format!(
        "select {} from clock where person_id = $1 and rule = 'child-in-need-visit' and done_at is null",
        record::model::Clock::COLUMNS.join(", ")
    );
    let running: Vec<record::model::Clock> = tx.all(AssertSqlSafe(sql), args![child]).await?;
    for mut clock in running {
        clock.done_at = Some(tx.now());
        tx.update(&mut clock).await?;
    }
    Ok(())
}

fn closure(
    viewer: &Viewer,
    plan: &Plan,
    child: Id<ids::Person>,
    answers: &Answers,
    step: &Step,
    at: chrono::DateTime<chrono::Utc>,
) -> Decision {
    let mut kept = answers.clone().into_map();
    kept.insert("plan".into(), plan.id.to_string().into());
    Decision {
        id: Id::new(),
        kind: "closure".into(),
        contact_id: None,
        family_id: Some(plan.family_id),
        person_id: Some(child),
        step_id: Some(step.id),
        level: None,
        indicators: json!([]),
        outcome: step.outcome.clone().unwrap_or_default(),
        rationale: answers.text("different").to_owned(),
        considered: some(answers.text("childs_words")),
        alternatives: some(answers.text("if_worse")),
        child_words: some(answers.text("tell_child")),
        guide_version: None,
        form: step.form.clone(),
        form_version: step.form_version.clone(),
        answers: kept.into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}

//! Ending a plan: only with what is different for the child and with the
//! result of every goal (R001-13), and agreed by a manager who is not the
//! author (R003-23). The agreement is the pack's step "closure", authorised
//! like any other; [`Casework::end_work`] does what follows from it.

use packs::{Answers, Finding, Form, Severity};
use record::model::{Goal, GoalState, Step, StepSection, StepState};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::goals::short;
use super::packages::view::PackageLine;
use super::view::{ActionView, is_open};
use super::{PlanSeen, claim, columns, stops};
use crate::clocks::About;
use crate::steps::OpenStep;
use crate::{Casework, Error, Result, clocks, time};

/// The form of a plan's end.
pub const FORM: &str = "plan-closure";

/// The pack's step that ends a kind of plan, with its form.
pub fn closure_of(plan: &str) -> (&'static str, &'static str) {
    match plan {
        "early_help" => (crate::early_help::end::CLOSURE, "early-help-closure"),
        _ => ("closure", FORM),
    }
}

/// Whether a step ends the work of a plan.
pub(crate) fn is_closure(step: &str) -> bool {
    ["closure", crate::early_help::end::CLOSURE].contains(&step)
}

/// The end of a plan, before it is sent to a manager.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// What was written so far; at first the goals, without a result.
    pub answers: Answers,
    /// Actions that are not settled: they end with the plan.
    pub open_actions: Vec<ActionView>,
    /// Packages of support that still go on: they end with the plan.
    pub open_packages: Vec<PackageLine>,
    /// The step that waits for a manager or was sent back, if any.
    pub step: Option<Step>,
}

impl Casework {
    /// What the page for ending a plan starts from.
    pub async fn plan_to_close(&self, viewer: &Viewer, id: Id<ids::Plan>) -> Result<Closing> {
        let seen = self.plan_to_change(viewer, id, "end a plan").await?;
        not_at_a_conference(&seen)?;
        let step = self.closing_step(&seen).await?;
        let mut answers = match &step {
            Some(step) => answered(&self.sections_of(step.id).await?),
            None => Answers::new(),
        };
        if step.is_none() && seen.plan.kind != "early_help" {
            // What was written at the step-down is not asked again (R001-21).
            if let Some(before) = self.stepped_down(seen.child.id).await? {
                for name in ["bring_back", "tell_child"] {
                    answers.set(name, before.text(name).to_owned());
                }
            }
        }
        if answers.groups("goals").is_empty() {
            let goals = self.goals_of(&seen.plan).await?;
            let items = goals.iter().filter(|g| is_working(g)).map(|g| {
                let mut item = Answers::new();
                item.set("goal", short(&g.wording));
                item
            });
            answers.set_groups("goals", items.collect());
        }
        let actions = self.actions_of(id).await?;
        Ok(Closing {
            open_actions: actions
                .into_iter()
                .filter(|a| is_open(a.action.state))
                .collect(),
            open_packages: self
                .packages_of(id)
                .await?
                .into_iter()
                .filter(|p| p.open)
                .collect(),
            seen,
            answers,
            step,
        })
    }

    /// Sends the end of a plan to a manager. Nothing ends before they agree.
    ///
    /// # Errors
    /// [`Error::Findings`] when it is not said what is different for the
    /// child, or a goal has no result.
    pub async fn ask_to_close(
        &self,
        viewer: &Viewer,
        id: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Step>> {
        let seen = self.plan_to_change(viewer, id, "end a plan").await?;
        not_at_a_conference(&seen)?;
        let form = self.form(closure_of(&seen.plan.kind).1)?;
        let mut findings = form.check(answers, None);
        let goals = self.goals_of(&seen.plan).await?;
        findings.extend(without_result(&goals, answers));
        findings.extend(self.unanswered(id).await?);
        stops(findings)?;
        let waiting = self.closing_step(&seen).await?;
        if waiting
            .as_ref()
            .is_some_and(|s| s.state == StepState::Submitted)
        {
            return Err(Error::Refused(
                "The end of this plan waits for a manager already. They agree or send it back."
                    .into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/plans/{id}")).await?;
        let mut step = match waiting {
            Some(step) => step,
            None => self.open_closure(&mut tx, viewer, &seen).await?,
        };
        save_sections(&mut tx, viewer, form, &step, seen.child.id, answers).await?;
        step.state = StepState::Submitted;
        step.outcome = Some(answers.text("outcome").to_owned());
        step.submitted_by = Some(viewer.principal.worker);
        step.submitted_at = Some(tx.now());
        tx.update(&mut step).await?;
        let about = About {
            kind: "step",
            id: step.id.to_string(),
            team: step.team_id,
            worker: step.worker_id,
            path: format!("/steps/{}", step.id),
            ..super::about(&seen.plan, seen.child.id)
        };
        let at = tx.now();
        clocks::start(&mut tx, self.pack(), "step.submitted", at, &about).await?;
        tx.drop_draft(viewer.principal.worker, &format!("close:{id}"))
            .await?;
        tx.commit().await?;
        Ok(step.id)
    }

    /// What was written at the latest agreed step-down of a child.
    async fn stepped_down(&self, child: Id<ids::Person>) -> Result<Option<Answers>> {
        let sql = format!(
            "select {} from step s join step_subject x on x.step_id = s.id \
             where x.person_id = $1 and s.kind = 'step-down' and s.outcome = 'step_down' \
             order by s.settled_at desc limit 1",
            columns::<Step>("s")
        );
        let db = self.store().read_db();
        let step: Option<Step> = db.maybe(AssertSqlSafe(sql), args![child]).await?;
        Ok(match step {
            Some(step) => Some(answered(&self.sections_of(step.id).await?)),
            None => None,
        })
    }

    async fn open_closure(&self, tx: &mut Tx, viewer: &Viewer, seen: &PlanSeen) -> Result<Step> {
        let open = OpenStep {
            kind: closure_of(&seen.plan.kind).0,
            family: seen.plan.family_id,
            children: seen.children.iter().map(|c| c.id).collect(),
            contact: None,
            team: seen.plan.team_id,
            worker: Some(viewer.principal.worker),
            started_on: time::local(tx.now()).date(),
        };
        self.open_step(tx, open).await
    }

    /// The step by which the end of a plan waits for a manager, if it does.
    pub(crate) async fn closing_step(&self, seen: &PlanSeen) -> Result<Option<Step>> {
        let sql = format!(
            "select {} from step s join step_subject x on x.step_id = s.id \
             where x.person_id = $1 and s.family_id = $2 and s.kind = $3 \
             and s.state in ('open', 'submitted', 'sent_back') order by s.id desc limit 1",
            columns::<Step>("s")
        );
        let kind = closure_of(&seen.plan.kind).0;
        let values = args![seen.child.id, seen.plan.family_id, kind];
        Ok(self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), values)
            .await?)
    }

    pub(crate) async fn sections_of(&self, step: Id<ids::Step>) -> Result<Vec<StepSection>> {
        let values = args![step];
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sections_sql()), values)
            .await?)
    }
}

/// Only a review conference ends a child protection plan (norfolklscb.org,
/// 3.10).
fn not_at_a_conference(seen: &PlanSeen) -> Result<()> {
    if seen.plan.kind != "protection_plan" {
        return Ok(());
    }
    Err(Error::Refused(
        "Only a review conference can end a child protection plan. Write the step-down, and arrange the review conference.".into(),
    ))
}

/// The answers of a closure's sections, as one form.
pub(crate) fn answered(sections: &[StepSection]) -> Answers {
    let mut all = serde_json::Map::new();
    for section in sections {
        if let Some(map) = section.answers.as_object() {
            all.extend(map.clone());
        }
    }
    Answers::from_map(all)
}

/// The result of a goal, found by its short name as the form carries it.
pub(super) fn result_of(goal: &Goal, answers: &Answers) -> Option<Answers> {
    let name = short(&goal.wording);
    answers
        .groups("goals")
        .into_iter()
        .find(|item| item.text("goal") == name && !item.text("result").is_empty())
}

pub(crate) fn is_working(goal: &Goal) -> bool {
    goal.state == GoalState::Working
}

fn without_result(goals: &[Goal], answers: &Answers) -> Vec<Finding> {
    goals
        .iter()
        .filter(|g| is_working(g) && result_of(g, answers).is_none())
        .map(|g| Finding {
            field: "goals".into(),
            label: "How did each goal turn out?".into(),
            message: format!(
                "Say how this goal turned out: “{}”. A plan cannot end without the result of every goal, so that the next worker knows what helped",
                short(&g.wording)
            ),
            severity: Severity::Stop,
        })
        .collect()
}

pub(crate) fn sections_sql() -> String {
    format!(
        "select {} from step_section where step_id = $1 order by id",
        StepSection::COLUMNS.join(", ")
    )
}

/// Saves what was written, section by section, as any step is.
pub(crate) async fn save_sections(
    tx: &mut Tx,
    viewer: &Viewer,
    form: &Form,
    step: &Step,
    child: Id<ids::Person>,
    answers: &Answers,
) -> Result<()> {
    let before: Vec<StepSection> = tx
        .all(AssertSqlSafe(sections_sql()), args![step.id])
        .await?;
    for section in &form.sections {
        let mut part = Answers::new();
        part.replace_section(form, &section.id, answers);
        let answers = serde_json::Value::Object(part.into_map());
        match before.iter().find(|s| s.section == section.id) {
            Some(row) => {
                let mut row = row.clone();
                row.answers = answers;
                row.finished = true;
                row.saved_by = viewer.principal.worker;
                row.saved_at = tx.now();
                tx.update(&mut row).await?;
            }
            None => {
                let row = StepSection {
                    id: Id::new(),
                    step_id: step.id,
                    subject_id: child,
                    section: section.id.clone(),
                    answers,
                    finished: true,
                    saved_by: viewer.principal.worker,
                    saved_at: tx.now(),
                    version: 1,
                };
                tx.insert(&row).await?;
            }
        }
    }
    Ok(())
}

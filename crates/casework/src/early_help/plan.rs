//! The family's plan, on the one plan component (R001-30): the goals that were
//! written with the family in the assessment become its goals, with the child's
//! own words, and go on with their history when social care takes over.

use chrono::{DateTime, Utc};
use packs::Answers;
use record::model::{
    EarlyHelp, EarlyHelpState, Goal, GoalState, Plan, PlanState, PlanSubject, Step, StepSection,
    StepState,
};
use record::{AssertSqlSafe, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::begin::{Begins, Said, entry};
use super::end::close;
use super::{ASSESSMENT, KIND, children_in, path};
use crate::plans::close::{answered, sections_sql};
use crate::plans::start::{lead_of, proposal};
use crate::plans::{about, case, claim, columns, some, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The form of a plan that starts before the assessment is finished.
pub const FORM: &str = "early-help-plan";

/// A goal as it was written with the family.
pub(crate) struct Wanted {
    pub wording: String,
    pub child_words: Option<String>,
}

impl Casework {
    /// What follows for early help when a step ends: an assessment becomes a
    /// plan or an end, a referral becomes early help.
    pub(crate) async fn early_help_follows(
        &self,
        tx: &mut Tx,
        step: &Step,
        children: &[Id<ids::Person>],
        at: DateTime<Utc>,
    ) -> Result<()> {
        let outcome = step.outcome.as_deref().unwrap_or_default();
        let by = step.submitted_by.or(step.settled_by).or(step.worker_id);
        match (step.kind.as_str(), outcome) {
            ("referral", "early_help") => {
                let answers = written(tx, step.id).await?;
                let reason = some(answers.text("why"))
                    .or_else(|| step.settled_words.clone())
                    .unwrap_or_else(|| "A referral that early help can meet.".into());
                let Some(by) = by else { return Ok(()) };
                let begins = Begins {
                    family: step.family_id,
                    children: children.to_vec(),
                    source: "referral",
                    reason: &reason,
                    contact: step.contact_id,
                    team: self.early_help_team(None, None).await?,
                    by,
                    theirs: false,
                    said: Said::not_yet(),
                };
                self.begin_early_help(tx, begins).await?;
            }
            (ASSESSMENT, "plan" | "advice" | "declined") => {
                let Some(mut help) = of_step(tx, step.id).await? else {
                    return Ok(());
                };
                let answers = written(tx, step.id).await?;
                if outcome == "plan" && help.plan_id.is_none() {
                    let aim =
                        some(answers.text("familys_words")).unwrap_or_else(|| help.reason.clone());
                    self.begin_help_plan(tx, &mut help, &aim, goals(&answers), by)
                        .await?;
                } else if outcome != "plan" {
                    let why = answers.text("why").to_owned();
                    close(self, tx, help, outcome, &why, at).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Starts the plan before the assessment is finished, with the reason
    /// (R001-32). Goals written so far go with it.
    pub async fn start_help_plan(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Plan>> {
        let seen = self
            .early_help_to_change(viewer, id, "start a plan")
            .await?;
        stops(self.form(FORM)?.check(answers, None))?;
        if let Some(plan) = seen.help.plan_id {
            return Err(Error::Already(format!("/plans/{plan}")));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        tx.because_of(answers.text("reason"));
        let mut help: EarlyHelp = tx.get(id).await?;
        let so_far = match help.step_id {
            Some(step) => goals(&written(&mut tx, step).await?),
            None => Vec::new(),
        };
        let by = Some(viewer.principal.worker);
        let plan = self
            .begin_help_plan(&mut tx, &mut help, answers.text("aim"), so_far, by)
            .await?;
        tx.commit().await?;
        Ok(plan.id)
    }

    /// Begins the plan with these goals, for all children of the period.
    pub(crate) async fn begin_help_plan(
        &self,
        tx: &mut Tx,
        help: &mut EarlyHelp,
        aim: &str,
        goals: Vec<Wanted>,
        by: Option<Id<ids::Worker>>,
    ) -> Result<Plan> {
        let children = children_in(tx, help.id).await?;
        let first = children.first().copied().ok_or(Error::NotFound)?;
        let today = time::local(tx.now()).date();
        let plan = Plan {
            id: Id::new(),
            kind: KIND.into(),
            family_id: help.family_id,
            step_id: help.step_id,
            worker_id: lead_of(tx, first).await?.or(by),
            team_id: help.team_id,
            state: PlanState::Open,
            started_on: today,
            ended_on: None,
            end_reason: None,
            different: None,
            summary: some(aim),
            version: 1,
        };
        tx.insert(&plan).await?;
        for child in &children {
            tx.insert(&PlanSubject {
                id: Id::new(),
                plan_id: plan.id,
                person_id: *child,
                version: 1,
            })
            .await?;
            tx.insert(&proposal(tx, *child, &plan, "An early help plan started"))
                .await?;
        }
        for goal in goals {
            tx.insert(&Goal {
                id: Id::new(),
                plan_id: plan.id,
                family_id: plan.family_id,
                person_id: None,
                wording: goal.wording,
                child_words: goal.child_words,
                outcomes: json!([]),
                state: GoalState::Working,
                result: None,
                set_on: today,
                settled_on: None,
                version: 1,
            })
            .await?;
        }
        help.plan_id = Some(plan.id);
        tx.update(help).await?;
        let (at, about) = (tx.now(), about(&plan, first));
        clocks::start_where(tx, self.pack(), "plan.started", at, &about, &case(&plan)).await?;
        Ok(plan)
    }

    /// Another plan took the place of an early help plan: the period ends with
    /// it, and its assessment if it was still being written.
    pub(crate) async fn early_help_overtaken(
        &self,
        tx: &mut Tx,
        plan: Id<ids::Plan>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = format!(
            "select {} from early_help h where h.plan_id = $1 and h.state = 'open'",
            columns::<EarlyHelp>("h")
        );
        let rows: Vec<EarlyHelp> = tx.all(AssertSqlSafe(sql), args![plan]).await?;
        for help in rows {
            for child in children_in(tx, help.id).await? {
                let row = entry(tx, child, &help, "Social care took over from early help.");
                tx.insert(&row).await?;
            }
            close(self, tx, help, "stepped_up", "", at).await?;
        }
        Ok(())
    }
}

/// The period of early help that an assessment belongs to, while it goes on.
async fn of_step(tx: &mut Tx, step: Id<ids::Step>) -> Result<Option<EarlyHelp>> {
    let sql = format!(
        "select {} from early_help h where h.step_id = $1 and h.state = '{}'",
        columns::<EarlyHelp>("h"),
        EarlyHelpState::Open.as_str()
    );
    Ok(tx.maybe(AssertSqlSafe(sql), args![step]).await?)
}

/// Everything written in a step.
pub(crate) async fn written(tx: &mut Tx, step: Id<ids::Step>) -> Result<Answers> {
    let sections: Vec<StepSection> = tx.all(AssertSqlSafe(sections_sql()), args![step]).await?;
    Ok(answered(&sections))
}

/// The goals of an assessment.
fn goals(answers: &Answers) -> Vec<Wanted> {
    answers
        .groups("goals")
        .into_iter()
        .filter_map(|item| {
            Some(Wanted {
                wording: some(item.text("goal"))?,
                child_words: some(item.text("childs_words")),
            })
        })
        .collect()
}

/// Whether a step can still be written.
pub(crate) fn is_being_written(step: &Step) -> bool {
    matches!(step.state, StepState::Open | StepState::SentBack)
}

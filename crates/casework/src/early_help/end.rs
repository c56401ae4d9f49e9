//! How early help ends: with its plan, by a manager's agreement; before
//! anything had begun, with a reason; when social care takes over. And how it
//! goes on when social care steps down (R004-23).

use chrono::{DateTime, Utc};
use packs::Answers;
use record::model::{Decision, EarlyHelp, EarlyHelpState, Goal, GoalState, Plan, Step, StepState};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::begin::{Begins, Said, entry};
use super::plan::{Wanted, is_being_written};
use super::team::Somebody;
use super::{children_in, given, path};
use crate::plans::closed::{end_allocation, more_is_open};
use crate::plans::start::{carry_on, set_status};
use crate::plans::{claim, columns, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The form of an end before there was a plan.
pub const FORM: &str = "early-help-end";
/// The step that ends an early help plan.
pub(crate) const CLOSURE: &str = "early-help-closure";

impl Casework {
    /// Ends early help that has no plan, with the reason.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is a plan: it ends with what is different.
    pub async fn end_early_help(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        let seen = self
            .early_help_to_change(viewer, id, "end early help")
            .await?;
        stops(self.form(FORM)?.check(answers, None))?;
        if seen.help.plan_id.is_some() {
            return Err(Error::Refused(
                "There is a plan already. End the plan: it asks what is different for the child, and a manager agrees.".into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        let why = answers.text("different").to_owned();
        tx.because_of(&why);
        let help: EarlyHelp = tx.get(id).await?;
        tx.insert(&decision(
            viewer,
            self,
            &help,
            seen.child.id,
            answers,
            tx.now(),
        )?)
        .await?;
        let at = tx.now();
        close(self, &mut tx, help, answers.text("outcome"), &why, at).await?;
        tx.commit().await?;
        Ok(seen.child.id)
    }

    /// The manager agreed that a closure ends early help: the period ends with
    /// its plan.
    pub(crate) async fn early_help_closed(
        &self,
        tx: &mut Tx,
        plan: Id<ids::Plan>,
        outcome: &str,
        different: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = format!(
            "select {} from early_help h where h.plan_id = $1 and h.state = 'open'",
            columns::<EarlyHelp>("h")
        );
        let rows: Vec<EarlyHelp> = tx.all(AssertSqlSafe(sql), args![plan]).await?;
        for help in rows {
            end_row(self, tx, help, outcome, different, at).await?;
        }
        Ok(())
    }

    /// Social care's work ended and early help goes on (step down as one
    /// journey): its plan starts with the goals that were not reached, with who
    /// leads next and what would bring social care back. Nothing is retyped.
    pub(crate) async fn early_help_after(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        step: &Step,
        children: &[Id<ids::Person>],
        ended: &[Plan],
        answers: &Answers,
    ) -> Result<()> {
        let said = Said {
            said: given(answers, "family_agrees").unwrap_or_else(|| "asked".into()),
            ..Said::default()
        };
        let different = answers.text("different");
        let begins = Begins {
            family: step.family_id,
            children: children.to_vec(),
            source: "step_down",
            reason: different,
            contact: None,
            team: self.early_help_team(None, None).await?,
            by: viewer.principal.worker,
            theirs: false,
            said,
        };
        let mut help = self.begin_early_help(tx, begins).await?;
        help.bring_back = given(answers, "bring_back");
        if help.plan_id.is_none() {
            let none: Vec<Wanted> = Vec::new();
            let plan = self
                .begin_help_plan(tx, &mut help, different, none, None)
                .await?;
            for before in ended {
                for goal in not_reached(tx, before, children).await? {
                    carry_on(tx, goal, &plan, children).await?;
                }
            }
        } else {
            tx.update(&mut help).await?;
        }
        let lead = Somebody {
            name: answers.text("next_lead").to_owned(),
            post: answers.text("next_lead_post").to_owned(),
            agency: answers.text("next_lead_agency").to_owned(),
            phone: given(answers, "next_lead_phone"),
            ..Somebody::default()
        };
        // A sentence why nobody is found yet is no name: a post makes it one.
        if !lead.name.is_empty() && !lead.post.is_empty() {
            let why = Some("Leads after social care");
            self.lead_from_now(tx, &help, children, &lead, why).await?;
        }
        Ok(())
    }
}

/// Ends a period that has no plan of its own left: its assessment is left out,
/// the children's status says so, the team lets go.
pub(crate) async fn close(
    casework: &Casework,
    tx: &mut Tx,
    help: EarlyHelp,
    outcome: &str,
    different: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let children = children_in(tx, help.id).await?;
    if let Some(step) = help.step_id {
        let mut step: Step = tx.get(step).await?;
        if is_being_written(&step) {
            step.state = StepState::Skipped;
            step.settled_at = Some(at);
            step.settled_words = Some("Early help ended.".into());
            tx.update(&mut step).await?;
            clocks::stop_all(tx, at, "step", step.id.as_str()).await?;
        }
    }
    let taken_over = outcome == "stepped_up";
    let last = help.step_id.unwrap_or_else(Id::new);
    let help = end_row(casework, tx, help, outcome, different, at).await?;
    if taken_over {
        return Ok(());
    }
    for child in children {
        let row = entry(tx, child, &help, "Early help ended.");
        tx.insert(&record::model::Chronology {
            response: help.different.clone(),
            ..row
        })
        .await?;
        if !more_is_open(tx, child, last).await? {
            set_status(tx, child, "closed").await?;
            end_allocation(tx, child, "Early help ended").await?;
        }
    }
    Ok(())
}

async fn end_row(
    casework: &Casework,
    tx: &mut Tx,
    mut help: EarlyHelp,
    outcome: &str,
    different: &str,
    at: DateTime<Utc>,
) -> Result<EarlyHelp> {
    help.state = EarlyHelpState::Closed;
    help.ended_on = Some(time::local(at).date());
    help.outcome = Some(outcome.to_owned());
    help.different = crate::plans::some(different);
    tx.update(&mut help).await?;
    let id = help.id.to_string();
    clocks::stop(
        tx,
        casework.pack(),
        "early_help.ended",
        at,
        "early_help",
        &id,
    )
    .await?;
    clocks::stop_all(tx, at, "early_help", &id).await?;
    Ok(help)
}

/// Goals of an ended plan that somebody may still work on.
async fn not_reached(
    tx: &mut Tx,
    plan: &Plan,
    children: &[Id<ids::Person>],
) -> Result<Vec<Id<ids::Goal>>> {
    let sql = format!(
        "select {} from goal where plan_id = $1 order by id",
        Goal::COLUMNS.join(", ")
    );
    let goals: Vec<Goal> = tx.all(AssertSqlSafe(sql), args![plan.id]).await?;
    let over = |goal: &Goal| {
        goal.result
            .as_deref()
            .is_some_and(|words| words.contains("No longer needed."))
    };
    let theirs = |goal: &Goal| goal.person_id.is_none_or(|id| children.contains(&id));
    Ok(goals
        .iter()
        .filter(|g| theirs(g))
        .filter(|g| matches!(g.state, GoalState::Partly | GoalState::NotAchieved) && !over(g))
        .map(|g| g.id)
        .collect())
}

fn decision(
    viewer: &Viewer,
    casework: &Casework,
    help: &EarlyHelp,
    child: Id<ids::Person>,
    answers: &Answers,
    at: DateTime<Utc>,
) -> Result<Decision> {
    let form = casework.form(FORM)?;
    Ok(Decision {
        id: Id::new(),
        kind: "closure".into(),
        contact_id: None,
        family_id: Some(help.family_id),
        person_id: Some(child),
        step_id: help.step_id,
        level: None,
        indicators: json!([]),
        outcome: answers.text("outcome").to_owned(),
        rationale: answers.text("different").to_owned(),
        considered: None,
        alternatives: None,
        child_words: None,
        guide_version: None,
        form: Some(form.id.clone()),
        form_version: Some(form.version.to_string()),
        answers: answers.as_map().clone().into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    })
}

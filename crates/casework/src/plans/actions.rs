//! Actions: what, which agency, who, by when, how we will know. With one of
//! the five missing it is no action and cannot be saved (R003-25, R001-06).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Action, ActionState, ActionUpdate, Goal};
use record::{Asked, AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::network::{self, Known};
use super::view::{ActionView, Said, is_open, said};
use super::{PlanSeen, claim, links, some, stops};
use crate::{Casework, Error, Result, time};

/// The form of an action.
pub const FORM: &str = "plan-action";

/// An action with all that was ever said about it.
#[derive(Debug, Clone)]
pub struct ActionHistory {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// The action.
    pub view: ActionView,
    /// The goal it serves.
    pub goal: Option<String>,
    /// What was said, newest first, with the state it left the action in.
    pub said: Vec<(&'static str, Said)>,
    /// Links that were given, newest first: to whom, and what came of it.
    pub links: Vec<links::LinkLine>,
    /// Reminders, newest first, in words.
    pub reminders: Vec<String>,
}

impl Casework {
    /// Adds an action. If the owner is one of the network and no agency was
    /// chosen, it is theirs.
    ///
    /// # Errors
    /// [`Error::Findings`] naming each of the five that is missing.
    pub async fn add_action(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        goal: Option<Id<ids::Goal>>,
        once: &str,
    ) -> Result<Id<ids::Action>> {
        let seen = self.plan_to_change(viewer, plan, "add an action").await?;
        let network = self.network(viewer, &seen).await?;
        let mut answers = answers.clone();
        let owner = network::find(&network, answers.text("owner")).cloned();
        if let (Some(owner), true) = (&owner, answers.text("agency").is_empty()) {
            answers.set("agency", owner.agency.clone());
        }
        // All five or nothing: the one hard gate of a plan's actions.
        stops(self.form(FORM)?.check(&answers, None))?;
        let due_on = answers.date("due").ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/plans/{plan}")).await?;
        if let Some(goal) = goal {
            of_this_plan(&mut tx, goal, plan).await?;
        }
        let action = Action {
            id: Id::new(),
            plan_id: plan,
            family_id: seen.plan.family_id,
            goal_id: goal,
            what: answers.text("what").to_owned(),
            agency: answers.text("agency").to_owned(),
            owner: owner_words(owner.as_ref(), answers.text("owner")),
            owner_worker_id: owner.as_ref().and_then(|k| k.worker),
            owner_email: some(answers.text("owner_email")).or_else(|| owner.and_then(|k| k.email)),
            due_on,
            measure: answers.text("measure").to_owned(),
            state: ActionState::ToDo,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            settled_on: None,
            version: 1,
        };
        tx.insert(&action).await?;
        tx.drop_draft(viewer.principal.worker, &format!("action:{plan}"))
            .await?;
        tx.commit().await?;
        Ok(action.id)
    }

    /// One action with its history.
    pub async fn action(&self, viewer: &Viewer, id: Id<ids::Action>) -> Result<ActionHistory> {
        let action = self.action_row(id).await?;
        let seen = self
            .plan_seen(viewer, action.plan_id, Asked::to_read("action"), None)
            .await?;
        self.history_of(seen, action).await
    }

    /// What was said about an action of a plan that was shown.
    pub(crate) async fn history_of(&self, seen: PlanSeen, action: Action) -> Result<ActionHistory> {
        let id = action.id;
        let sql = format!(
            "select {} from action_update where action_id = $1 order by said_at desc, id desc",
            ActionUpdate::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let updates: Vec<ActionUpdate> = db.all(AssertSqlSafe(sql), args![id]).await?;
        let goals = self.goals_of(&seen.plan).await?;
        let goal = goals.into_iter().find(|g| Some(g.id) == action.goal_id);
        let told: Vec<(&'static str, Said)> = updates
            .into_iter()
            .map(|u| {
                let partner = u.link_id.is_some();
                let said = said(Some(u.words), u.said_by, u.said_at, partner);
                (super::view::state_words(u.state), said)
            })
            .collect();
        let latest = told.first().map(|(_, said)| said.clone());
        Ok(ActionHistory {
            goal: goal.map(|g| super::goals::short(&g.wording)),
            links: self.links_of(id).await?,
            reminders: self.reminders_of(id).await?,
            view: self.view_of(action, latest, None),
            said: told,
            seen,
        })
    }

    /// Says where an action stands. "Cannot" needs words, so that someone else
    /// can be found. When it is settled its links stop working.
    pub async fn update_action(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        state: &str,
        words: &str,
        once: &str,
    ) -> Result<Id<ids::Plan>> {
        let (seen, mut action) = self.action_to_change(viewer, id).await?;
        let Ok(state) = state.parse::<ActionState>() else {
            return Err(Error::finding(
                "state",
                "Where does it stand?",
                "Choose where the action stands",
            ));
        };
        if state == ActionState::Cannot && words.trim().is_empty() {
            return Err(Error::finding(
                "words",
                "What happened?",
                "Write why it cannot be done, so that someone else can be found",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/actions/{id}")).await?;
        settle(&mut tx, &mut action, state).await?;
        let update = update_by(viewer, &action, words.trim(), &tx);
        tx.insert(&update).await?;
        if !is_open(state) {
            links::withdraw(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(seen.plan.id)
    }

    /// Moves the date of an action, with a reason; the old date stays in its
    /// history.
    pub async fn move_action(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        to: Option<NaiveDate>,
        reason: &str,
        once: &str,
    ) -> Result<Id<ids::Plan>> {
        let (seen, mut action) = self.action_to_change(viewer, id).await?;
        let to = to.ok_or_else(|| {
            Error::finding("due", "New date", "Write the new date, like 27 3 2027")
        })?;
        if reason.trim().is_empty() {
            return Err(Error::finding(
                "reason",
                "Why does the date change?",
                "Write why the date changes: the others who wait for this need to know",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/actions/{id}")).await?;
        tx.because_of(reason.trim());
        let words = format!(
            "The date changed from {} to {}. {}",
            plain::date(action.due_on),
            plain::date(to),
            reason.trim()
        );
        action.due_on = to;
        tx.update(&mut action).await?;
        let update = update_by(viewer, &action, &words, &tx);
        tx.insert(&update).await?;
        tx.commit().await?;
        Ok(seen.plan.id)
    }

    pub(crate) async fn action_row(&self, id: Id<ids::Action>) -> Result<Action> {
        let sql = format!(
            "select {} from action where id = $1",
            Action::COLUMNS.join(", ")
        );
        self.store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?
            .ok_or(Error::NotFound)
    }

    /// An action that this viewer is about to change, with its plan.
    pub(crate) async fn action_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
    ) -> Result<(PlanSeen, Action)> {
        let action = self.action_row(id).await?;
        let seen = self
            .plan_to_change(viewer, action.plan_id, "change an action")
            .await?;
        Ok((seen, action))
    }
}

async fn of_this_plan(tx: &mut Tx, goal: Id<ids::Goal>, plan: Id<ids::Plan>) -> Result<()> {
    let goal: Goal = tx.get(goal).await?;
    if goal.plan_id == plan {
        return Ok(());
    }
    Err(Error::NotFound)
}

/// "Rosa Mbeki, health visitor" for someone we know; what was typed otherwise.
fn owner_words(known: Option<&Known>, typed: &str) -> String {
    match known {
        Some(k) if k.person.is_none() && !k.role.is_empty() => format!("{}, {}", k.name, k.role),
        Some(k) => k.name.clone(),
        None => typed.trim().to_owned(),
    }
}

/// Leaves an action in this state.
pub(crate) async fn settle(tx: &mut Tx, action: &mut Action, state: ActionState) -> Result<()> {
    action.state = state;
    action.settled_on = (!is_open(state)).then(|| time::local(tx.now()).date());
    Ok(tx.update(action).await?)
}

fn update_by(viewer: &Viewer, action: &Action, words: &str, tx: &Tx) -> ActionUpdate {
    ActionUpdate {
        id: Id::new(),
        action_id: action.id,
        family_id: action.family_id,
        state: action.state,
        words: words.to_owned(),
        said_by: viewer.name.clone(),
        worker_id: Some(viewer.principal.worker),
        link_id: None,
        said_at: tx.now(),
        version: 1,
    }
}

//! Plans: what should be different for the child, who does what by when, and
//! how we will know. One component for every kind of plan (R001-30).
//!
//! A plan belongs to a family and is for one or more of its children. Whoever
//! may see all of them may see it: its words speak of every one of them.

pub mod actions;
pub mod asks;
pub mod close;
pub(crate) mod closed;
pub mod goals;
pub mod links;
pub mod network;
pub mod packages;
pub(crate) mod passing;
pub mod reminders;
pub mod start;
pub mod view;
mod words;

use packs::Circumstances;
use record::model::{Person, Plan, PlanState, StepState};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::clocks::About;
use crate::{Casework, Error, Result};

/// A plan whose children the viewer may all see.
#[derive(Debug, Clone)]
pub struct PlanSeen {
    /// The plan.
    pub plan: Plan,
    /// The child whose page it is shown on: one of those it is for.
    pub child: Guarded<Person>,
    /// All whom it is for, the oldest first.
    pub children: Vec<Person>,
    /// The step by which its end is being authorised, if that was asked, and
    /// where it stands.
    pub closing: Option<(Id<ids::Step>, StepState)>,
    /// How many packages of support go on (R000-17); nothing where the plan
    /// was reached by one of its meetings, which does not ask.
    pub packages: Option<i64>,
}

impl PlanSeen {
    /// "Maya, Idris and Sami".
    pub fn names(&self) -> String {
        let names: Vec<String> = self.children.iter().map(Person::first_name).collect();
        plain::list(&names)
    }

    /// The child with this id, if the plan is for them.
    pub fn child_with(&self, id: &str) -> Option<&Person> {
        self.children.iter().find(|c| c.id.as_str() == id)
    }

    /// Whether it is still worked on.
    pub fn is_open(&self) -> bool {
        self.plan.state == PlanState::Open
    }
}

#[derive(sqlx::FromRow)]
struct PlanFor {
    #[sqlx(flatten)]
    plan: Plan,
    subject: Id<ids::Person>,
    closing_id: Option<Id<ids::Step>>,
    closing_state: Option<StepState>,
    packages: i64,
}

impl Casework {
    /// A plan behind the gate. `child` says on whose page it is shown; without
    /// it, or if the plan is not for them, it is the first of its children.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such plan, or one of its children is
    /// not for this viewer.
    pub async fn plan_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Plan>,
        asked: Asked<'_>,
        child: Option<Id<ids::Person>>,
    ) -> Result<PlanSeen> {
        let sql = format!(
            "select {}, s.person_id as subject, c.id as closing_id, c.state as closing_state, \
             (select count(*) from support_package k \
              where k.plan_id = p.id and k.state = 'open') as packages from plan p join plan_subject s on s.plan_id = p.id \
             left join step c on c.id = (select z.id from step z \
               join step_subject x on x.step_id = z.id where x.person_id = s.person_id \
               and z.family_id = p.family_id and z.kind = 'closure' \
               and z.state in ('open', 'submitted', 'sent_back') order by z.id desc limit 1) \
             where p.id = $1 order by s.id",
            columns::<Plan>("p")
        );
        let rows: Vec<PlanFor> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?;
        let subjects: Vec<Id<ids::Person>> = rows.iter().map(|r| r.subject).collect();
        let wanted = child.filter(|c| subjects.contains(c));
        let at = |row: &PlanFor| wanted.is_none_or(|child| row.subject == child);
        let row = rows.into_iter().find(at).ok_or(Error::NotFound)?;
        let (plan, first, packages) = (row.plan, row.subject, row.packages);
        let closing = row.closing_id.zip(row.closing_state);
        let child = self
            .gate()
            .person(viewer, first, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let mut children = vec![(*child).clone()];
        if subjects.len() > 1 {
            children.extend(self.other_children(viewer, &plan, first, asked).await?);
        }
        if children.len() != subjects.len() {
            return Err(Error::NotFound);
        }
        children.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        Ok(PlanSeen {
            plan,
            child,
            children,
            closing,
            packages: Some(packages),
        })
    }

    async fn other_children(
        &self,
        viewer: &Viewer,
        plan: &Plan,
        first: Id<ids::Person>,
        asked: Asked<'_>,
    ) -> Result<Vec<Person>> {
        let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 3);
        let sql = format!(
            "select {} from person p join plan_subject s on s.person_id = p.id \
             where s.plan_id = $1 and p.id <> $2 and {condition}",
            columns::<Person>("p")
        );
        let mut all = args![plan.id, first];
        all.append(&mut values);
        let rows: Vec<Person> = self.store().read_db().all(AssertSqlSafe(sql), all).await?;
        let listed = self
            .gate()
            .listed(viewer, asked.page, rows, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        Ok(listed.into_iter().collect())
    }

    /// A plan that this viewer is about to change.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::plan_seen`]; [`Error::Refused`] if
    /// their post does not change plans, or the plan has ended.
    pub async fn plan_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Plan>,
        page: &str,
    ) -> Result<PlanSeen> {
        let seen = self
            .plan_seen(viewer, id, Asked::to_write(page), None)
            .await?;
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Only those who work with the child write in the plan. Ask the child’s worker to add it.".into(),
            ));
        }
        if !seen.is_open() {
            return Err(Error::Refused(
                "This plan has ended, and what it says stays as it was. Start a new plan to go on: its goals can be carried on.".into(),
            ));
        }
        Ok(seen)
    }
}

/// The columns of an entity under a table's alias.
pub(crate) fn columns<E: Entity>(alias: &str) -> String {
    let columns: Vec<String> = E::COLUMNS.iter().map(|c| format!("{alias}.{c}")).collect();
    columns.join(", ")
}

/// What a plan's clocks are about.
pub(crate) fn about(plan: &Plan, child: Id<ids::Person>) -> About {
    About {
        kind: "plan",
        id: plan.id.to_string(),
        person: Some(child),
        family: Some(plan.family_id),
        contact: None,
        team: plan.team_id,
        worker: plan.worker_id,
        path: format!("/plans/{}", plan.id),
    }
}

/// What is the case for the clocks of a plan.
pub(crate) fn case(plan: &Plan) -> Circumstances {
    Circumstances::default().with("plan", &plan.kind)
}

/// Those whom a plan is for, inside a transaction.
pub(crate) async fn subjects(tx: &mut Tx, plan: Id<ids::Plan>) -> Result<Vec<Id<ids::Person>>> {
    #[derive(sqlx::FromRow)]
    struct Subject {
        person_id: Id<ids::Person>,
    }
    let rows: Vec<Subject> = tx
        .all(
            "select person_id from plan_subject where plan_id = $1 order by id",
            args![plan],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.person_id).collect())
}

/// The words for a kind of plan.
pub fn kind_words(kind: &str) -> String {
    match kind {
        "child_in_need" => "Child in need plan".into(),
        "early_help" => "Early help plan".into(),
        "protection_plan" | "child_protection" => "Child protection plan".into(),
        "in_care" => "Care plan".into(),
        "care_leaver" => "Pathway plan".into(),
        other => format!("{} plan", crate::header::status_words(other)),
    }
}

/// Only what stops: a warning asks for a reason and lets the work go on.
pub(crate) fn stops(findings: Vec<packs::Finding>) -> Result<()> {
    let stops: Vec<packs::Finding> = findings
        .into_iter()
        .filter(|f| f.severity == packs::Severity::Stop)
        .collect();
    if stops.is_empty() {
        return Ok(());
    }
    Err(Error::Findings(stops))
}

/// Claims a form's once-token, or says where its first submission went.
pub(crate) async fn claim(tx: &mut Tx, once: &str, location: &str) -> Result<()> {
    match tx.once(once, location).await? {
        record::submissions::Once::First => Ok(()),
        record::submissions::Once::Again { location } => Err(Error::Already(location)),
    }
}

/// A text, if there is any.
pub(crate) fn some(text: &str) -> Option<String> {
    Some(text.trim())
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
}

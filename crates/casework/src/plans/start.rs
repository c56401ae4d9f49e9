//! Starting a plan: from an authorised assessment that asks for one, or
//! directly with a reason. Goals of an earlier plan can be carried on, with
//! their history (R001-30).

use chrono::NaiveDate;
use packs::{Answers, Form};
use record::model::{
    Chronology, ChronologyState, Decision, Family, FamilyMember, Goal, GoalState, Person,
    PersonKind, Plan, PlanState, PlanSubject, Step, StepState,
};
use record::{Asked, AssertSqlSafe, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::passing::IN_NEED;
use super::{about, case, claim, columns, some, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The form of a new plan.
pub const FORM: &str = "child-in-need-plan";
const KIND: &str = "child_in_need";
const PAGE: &str = "start a plan";

/// What a new plan can be made from.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// The child on whose page it begins.
    pub child: Guarded<Person>,
    /// Brothers and sisters whom it can be for as well.
    pub others: Vec<Person>,
    /// The authorised assessment that asks for a plan, and its day.
    pub assessment: Option<(Id<ids::Step>, NaiveDate)>,
    /// Goals of earlier plans that can be carried on.
    pub goals: Vec<Goal>,
    /// A plan of the child that is open already.
    pub open: Option<Id<ids::Plan>>,
}

/// A plan about to start.
#[derive(Debug, Clone, Default)]
pub struct StartPlan {
    /// Brothers and sisters whom it is for as well.
    pub also: Vec<Id<ids::Person>>,
    /// The pack's form.
    pub answers: Answers,
    /// Why it starts without an authorised assessment.
    pub reason: String,
    /// Goals of earlier plans that go on in this one.
    pub carry: Vec<Id<ids::Goal>>,
    /// The form's once-token.
    pub once: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// The plan that began.
    Plan(Id<ids::Plan>),
    /// No plan: the family declines, or a strategy discussion is needed. The
    /// decision is on record.
    Decided,
}

impl Casework {
    /// What a plan for this child can be made from.
    pub async fn new_plan(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<NewPlan> {
        let child = self.writes_for(viewer, child).await?;
        let others = match self.family_of(child.id).await? {
            Some(family) => self.brothers_and_sisters(viewer, family, child.id).await?,
            None => Vec::new(),
        };
        Ok(NewPlan {
            assessment: self.plan_assessment(child.id).await?,
            goals: self.goals_to_carry(child.id).await?,
            open: self.open_plan_of(child.id).await?,
            others,
            child,
        })
    }

    /// Starts the plan, or records why there is none.
    ///
    /// # Errors
    /// [`Error::Findings`] when the form is not complete, a child already has
    /// an open plan, or there is neither an assessment nor a reason.
    pub async fn start_plan(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        start: &StartPlan,
    ) -> Result<Started> {
        let child = self.writes_for(viewer, child).await?;
        let form = self.form(FORM)?;
        stops(form.check(&start.answers, None))?;
        let assessment = self.plan_assessment(child.id).await?.map(|(step, _)| step);
        if assessment.is_none() && start.reason.trim().is_empty() {
            return Err(Error::finding(
                "reason",
                "Why a plan now?",
                "Write why the plan starts without an authorised assessment: there is none for this child yet",
            ));
        }
        let family = self.family_of(child.id).await?;
        let children = self.chosen_children(viewer, &child, family, start).await?;
        for one in &children {
            if self.open_plan_of(one.id).await?.is_some() {
                return Err(Error::finding(
                    "also",
                    "Who is the plan for?",
                    &format!(
                        "{} already has an open plan. Add to that plan, or end it first",
                        one.first_name()
                    ),
                ));
            }
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &start.once, &format!("/people/{}/plan", child.id)).await?;
        if !start.reason.trim().is_empty() {
            tx.because_of(start.reason.trim());
        }
        let family = match family {
            Some(family) => family,
            None => make_family(&mut tx, &child).await?,
        };
        let begins = start.answers.text("outcome") == "start";
        let plan = Plan {
            id: Id::new(),
            kind: KIND.into(),
            family_id: family,
            step_id: assessment,
            worker_id: Some(
                lead_of(&mut tx, child.id)
                    .await?
                    .unwrap_or(viewer.principal.worker),
            ),
            team_id: viewer.principal.team,
            state: PlanState::Open,
            started_on: time::local(tx.now()).date(),
            ended_on: None,
            end_reason: None,
            different: None,
            summary: some(start.answers.text("aim")),
            version: 1,
        };
        let decision = decision(viewer, form, &plan, &child, start, begins, tx.now());
        tx.insert(&decision).await?;
        if begins {
            self.begin_plan(&mut tx, &plan, &children, start).await?;
        }
        settle_plan_step(&mut tx, viewer, &children, start.answers.text("outcome")).await?;
        tx.drop_draft(viewer.principal.worker, &draft_target(child.id))
            .await?;
        tx.commit().await?;
        Ok(if begins {
            Started::Plan(plan.id)
        } else {
            Started::Decided
        })
    }

    async fn begin_plan(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        children: &[Person],
        start: &StartPlan,
    ) -> Result<()> {
        tx.insert(plan).await?;
        for child in children {
            tx.insert(&PlanSubject {
                id: Id::new(),
                plan_id: plan.id,
                person_id: child.id,
                version: 1,
            })
            .await?;
            set_status(tx, child.id, KIND).await?;
            tx.insert(&proposal(
                tx,
                child.id,
                plan,
                "A child in need plan started",
            ))
            .await?;
        }
        let ids: Vec<Id<ids::Person>> = children.iter().map(|c| c.id).collect();
        for goal in &start.carry {
            carry_on(tx, *goal, plan, &ids).await?;
        }
        let (at, first) = (tx.now(), ids[0]);
        // An early help plan gives way: its goals and open actions go on here.
        self.plans_give_way(tx, plan, &ids, &IN_NEED, at).await?;
        let about = about(plan, first);
        clocks::start_where(tx, self.pack(), "plan.started", at, &about, &case(plan)).await
    }

    /// A child for whom the viewer may start a plan.
    async fn writes_for(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Guarded<Person>> {
        let child = self
            .gate()
            .person(viewer, id, Asked::to_write(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        if child.kind == PersonKind::Adult {
            return Err(Error::Refused(
                "A plan is for a child. Open the page of the child to start one.".into(),
            ));
        }
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Only those who work with the child start a plan. Ask the child’s worker.".into(),
            ));
        }
        Ok(child)
    }

    pub(crate) async fn family_of(
        &self,
        person: Id<ids::Person>,
    ) -> Result<Option<Id<ids::Family>>> {
        #[derive(sqlx::FromRow)]
        struct In {
            family_id: Id<ids::Family>,
        }
        let found: Option<In> = self
            .store()
            .read_db()
            .maybe(
                "select family_id from family_member where person_id = $1 and left_on is null \
                 order by household desc, joined_on desc limit 1",
                args![person],
            )
            .await?;
        Ok(found.map(|f| f.family_id))
    }

    pub(crate) async fn brothers_and_sisters(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        child: Id<ids::Person>,
    ) -> Result<Vec<Person>> {
        let seen = self
            .gate()
            .family(viewer, family, Asked::to_write(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let mut others: Vec<Person> = seen
            .members
            .iter()
            .map(|(_, p)| p)
            .filter(|p| p.kind != PersonKind::Adult && p.id != child && p.died_on.is_none())
            .cloned()
            .collect();
        others.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        Ok(others)
    }

    /// The child and the chosen brothers and sisters. A child of another
    /// family is as absent as one who does not exist.
    async fn chosen_children(
        &self,
        viewer: &Viewer,
        child: &Guarded<Person>,
        family: Option<Id<ids::Family>>,
        start: &StartPlan,
    ) -> Result<Vec<Person>> {
        let mut chosen = vec![(**child).clone()];
        if start.also.is_empty() {
            return Ok(chosen);
        }
        let family = family.ok_or(Error::NotFound)?;
        let others = self.brothers_and_sisters(viewer, family, child.id).await?;
        for id in &start.also {
            let other = others.iter().find(|p| p.id == *id).ok_or(Error::NotFound)?;
            if !chosen.iter().any(|p| p.id == *id) {
                chosen.push(other.clone());
            }
        }
        Ok(chosen)
    }

    /// Goals of the child's plans that have ended and of no plan since.
    async fn goals_to_carry(&self, child: Id<ids::Person>) -> Result<Vec<Goal>> {
        let sql = format!(
            "select {} from goal g join plan p on p.id = g.plan_id \
             join plan_subject s on s.plan_id = p.id where s.person_id = $1 \
             and p.state = 'closed' and (g.person_id is null or g.person_id = $1) \
             order by p.ended_on desc, g.id",
            columns::<Goal>("g")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![child])
            .await?)
    }

    async fn open_plan_of(&self, child: Id<ids::Person>) -> Result<Option<Id<ids::Plan>>> {
        #[derive(sqlx::FromRow)]
        struct Open {
            id: Id<ids::Plan>,
        }
        let open: Option<Open> = self
            .store()
            .read_db()
            .maybe(
                "select p.id from plan p join plan_subject s on s.plan_id = p.id \
                 where s.person_id = $1 and p.state = 'open' and p.kind = $2 limit 1",
                args![child, KIND],
            )
            .await?;
        Ok(open.map(|o| o.id))
    }

    /// Whether the viewer may start or change a plan for a child: for choosing
    /// what a page offers.
    pub fn may_plan(&self, viewer: &Viewer, child: &Guarded<Person>) -> bool {
        viewer.can("case.record") && self.gate().allows(viewer, child, Asked::to_write(PAGE))
    }
}

/// Where the draft of a new plan is kept.
pub fn draft_target(child: Id<ids::Person>) -> String {
    format!("plan:{child}")
}

fn decision(
    viewer: &Viewer,
    form: &Form,
    plan: &Plan,
    child: &Person,
    start: &StartPlan,
    begins: bool,
    at: chrono::DateTime<chrono::Utc>,
) -> Decision {
    let mut answers = start.answers.clone().into_map();
    if begins {
        answers.insert("plan".into(), plan.id.to_string().into());
    }
    if !start.reason.trim().is_empty() {
        answers.insert("without_assessment".into(), start.reason.trim().into());
    }
    Decision {
        id: Id::new(),
        kind: "plan".into(),
        contact_id: None,
        family_id: Some(plan.family_id),
        person_id: Some(child.id),
        step_id: plan.step_id,
        level: None,
        indicators: json!([]),
        outcome: start.answers.text("outcome").to_owned(),
        rationale: start.answers.text("aim").to_owned(),
        considered: some(start.answers.text("other_parent")),
        alternatives: some(start.answers.text("if_not")),
        child_words: some(start.answers.text("tell_child")),
        guide_version: None,
        form: Some(form.id.clone()),
        form_version: Some(form.version.to_string()),
        answers: answers.into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}

/// A family for a child who is in none: a plan needs one, and a missing family
/// page must not stop it.
pub(crate) async fn make_family(tx: &mut Tx, child: &Person) -> Result<Id<ids::Family>> {
    let family = Family {
        id: Id::new(),
        name: child.name(),
        created_at: tx.now(),
        version: 1,
    };
    tx.insert(&family).await?;
    tx.insert(&FamilyMember {
        id: Id::new(),
        family_id: family.id,
        person_id: child.id,
        household: true,
        joined_on: None,
        left_on: None,
        version: 1,
    })
    .await?;
    Ok(family.id)
}

/// The allocated worker, who leads the plan.
pub(crate) async fn lead_of(
    tx: &mut Tx,
    child: Id<ids::Person>,
) -> Result<Option<Id<ids::Worker>>> {
    #[derive(sqlx::FromRow)]
    struct Lead {
        worker_id: Id<ids::Worker>,
    }
    let lead: Option<Lead> = tx
        .maybe(
            "select worker_id from involvement where person_id = $1 and role = 'allocated' \
             and worker_id is not null and ended_on is null order by started_on desc limit 1",
            args![child],
        )
        .await?;
    Ok(lead.map(|l| l.worker_id))
}

/// Takes a goal of an ended plan over into this one. It stays the same goal:
/// what came of it before stays with it, and the child's words untouched.
pub(crate) async fn carry_on(
    tx: &mut Tx,
    id: Id<ids::Goal>,
    plan: &Plan,
    children: &[Id<ids::Person>],
) -> Result<()> {
    let mut goal: Goal = tx.get(id).await?;
    let earlier: Plan = tx.get(goal.plan_id).await?;
    let theirs = super::subjects(tx, earlier.id).await?;
    let fits = goal.family_id == plan.family_id
        && earlier.state == PlanState::Closed
        && theirs.iter().any(|id| children.contains(id))
        && goal.person_id.is_none_or(|id| children.contains(&id));
    if !fits {
        return Err(Error::NotFound);
    }
    let day = earlier.ended_on.unwrap_or(earlier.started_on);
    let before = format!(
        "In the plan that ended on {}: {}",
        plain::date(day),
        super::view::goal_words(goal.state).to_lowercase()
    );
    goal.result = Some(match goal.result.take() {
        Some(words) => format!("{before}. {words}"),
        None => before,
    });
    goal.plan_id = plan.id;
    goal.state = GoalState::Working;
    goal.settled_on = None;
    Ok(tx.update(&mut goal).await?)
}

/// The pack's step "child in need plan" is done by this, if it was opened.
async fn settle_plan_step(
    tx: &mut Tx,
    viewer: &Viewer,
    children: &[Person],
    outcome: &str,
) -> Result<()> {
    let sql = format!(
        "select {} from step s join step_subject x on x.step_id = s.id \
         where x.person_id = $1 and s.kind = 'child-in-need-plan' and s.state in ('open', 'sent_back')",
        columns::<Step>("s")
    );
    for child in children {
        let steps: Vec<Step> = tx.all(AssertSqlSafe(sql.clone()), args![child.id]).await?;
        for mut step in steps {
            step.state = StepState::Done;
            step.outcome = Some(outcome.to_owned());
            step.submitted_by = Some(viewer.principal.worker);
            step.submitted_at = Some(tx.now());
            step.settled_at = Some(tx.now());
            tx.update(&mut step).await?;
        }
    }
    Ok(())
}

/// Sets a child's status, which lists and headers read.
pub(crate) async fn set_status(tx: &mut Tx, child: Id<ids::Person>, status: &str) -> Result<()> {
    let mut person: Person = tx.get(child).await?;
    if person.status.as_deref() == Some(status) {
        return Ok(());
    }
    person.status = Some(status.to_owned());
    Ok(tx.update(&mut person).await?)
}

/// An entry that the story may take into the chronology.
pub(crate) fn proposal(tx: &Tx, child: Id<ids::Person>, plan: &Plan, wording: &str) -> Chronology {
    Chronology {
        id: Id::new(),
        person_id: child,
        happened_on: time::local(tx.now()).date(),
        kind: "plan".into(),
        wording: wording.to_owned(),
        response: plan.summary.clone(),
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("plan".into()),
        source_id: Some(plan.id.to_string()),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    }
}

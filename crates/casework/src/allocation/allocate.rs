//! Allocating a family's children to a worker: the involvement, the reason, the
//! steps, clocks, plans and actions that go with it, in one transaction.
//!
//! Allocating a referral finishes it and opens the assessment, whose 45 working
//! days run from the day of the referral.

use chrono::NaiveDate;
use packs::{Finding, Severity};
use record::model::{Action, Clock, Decision, Involvement, Person, Plan, Step, Worker};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, FamilySeen, Tx, Value, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::picker::{Choice, Picker, status_when_allocated};
use super::rows::{allocated, change_of_worker, handover_note};
use crate::clocks::About;
use crate::involved::others_step_back;
use crate::steps::{OpenStep, about_step};
use crate::{Casework, Error, Result, clocks};

/// Who gets whom, and why.
#[derive(Debug, Clone)]
pub struct Allocate {
    /// The family.
    pub family: Id<ids::Family>,
    /// The children; empty means all whom the work is about.
    pub children: Vec<Id<ids::Person>>,
    /// The worker.
    pub worker: Id<ids::Worker>,
    /// Why. Asked for when another worker has them now (R000-22).
    pub reason: String,
    /// What the next worker must know.
    pub handover: String,
    /// Why it is right although a limit is passed.
    pub limit_reason: String,
    /// The form's token.
    pub once: String,
}

/// A child with whoever has them until now.
pub(super) struct Going {
    pub(super) child: Person,
    pub(super) before: Option<Involvement>,
}

impl Casework {
    /// Allocates. The worker must be of a team that the viewer manages.
    pub async fn allocate(&self, viewer: &Viewer, wanted: &Allocate) -> Result<()> {
        let picker = self.picker(viewer, wanted.family).await?;
        let seen = self
            .gate()
            .family(viewer, wanted.family, Asked::to_write("allocate"))
            .await?
            .ok_or(Error::NotFound)?;
        let children = chosen(&picker, &seen, &wanted.children)?;
        let choice = picker
            .choices
            .iter()
            .find(|c| c.load.worker.id == wanted.worker);
        let Some(choice) = choice else {
            return Err(Error::finding(
                "worker",
                "Worker",
                "Choose a worker of a team that you manage",
            ));
        };
        let worker = choice.load.worker.clone();
        self.may_work_with(&worker, &children).await?;

        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/families/{}", wanted.family);
        if let Once::Again { location } = tx.once(&wanted.once, &location).await? {
            return Err(Error::Already(location));
        }
        let mut going = Vec::new();
        for child in children {
            let before = allocated_now(&mut tx, child.id, viewer.today).await?;
            if before.as_ref().and_then(|b| b.worker_id) != Some(worker.id) {
                going.push(Going { child, before });
            }
        }
        if going.is_empty() {
            return Err(Error::finding(
                "worker",
                "Worker",
                &format!("{} already works with them", worker.name),
            ));
        }
        missing_words(wanted, choice, &going)?;
        if !wanted.reason.trim().is_empty() {
            tx.because_of(wanted.reason.trim());
        }
        self.change_worker(&mut tx, viewer, wanted, &picker, &worker, &going)
            .await?;
        self.record_decision(&mut tx, viewer, wanted, choice, &going)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// A bar between the worker and a child stands before any allocation.
    async fn may_work_with(&self, worker: &Worker, children: &[Person]) -> Result<()> {
        let as_worker = self.viewer(worker.id, None).await?;
        for child in children {
            let barred = match &as_worker {
                Some(viewer) => self.gate().is_barred(viewer, child.id).await?,
                None => true,
            };
            if barred {
                return Err(Error::finding(
                    "worker",
                    "Worker",
                    &format!(
                        "{} cannot open this record, so they cannot have it. Choose someone else, or change who may open it first.",
                        worker.name
                    ),
                ));
            }
        }
        Ok(())
    }

    async fn change_worker(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        wanted: &Allocate,
        picker: &Picker,
        worker: &Worker,
        going: &[Going],
    ) -> Result<()> {
        let today = viewer.today;
        let team = worker.team_id.or(picker.team_id);
        let group = Id::new();
        let mut befores: Vec<Id<ids::Worker>> = Vec::new();
        for one in going {
            end_waiting(tx, one.child.id, today).await?;
            if let Some(before) = &one.before {
                let mut before = before.clone();
                before.ended_on = Some(today);
                before.change_reason = Some(wanted.reason.trim().to_owned());
                befores.extend(before.worker_id);
                tx.update(&mut before).await?;
            }
            // Whoever led without holding the work goes on without leading.
            let leads = format!("{} leads from now on", worker.name);
            others_step_back(tx, one.child.id, today, &leads).await?;
            tx.insert(&allocated(one.child.id, worker, team, today))
                .await?;
            tx.insert(&change_of_worker(one, worker, tx.now(), today))
                .await?;
            if !wanted.handover.trim().is_empty() {
                tx.insert(&handover_note(one, viewer, wanted, worker, group, tx.now()))
                    .await?;
            }
            let mut child: Person = tx.get(one.child.id).await?;
            let status = status_when_allocated(child.status.as_deref()).to_owned();
            if child.status.as_deref() != Some(&status) {
                child.status = Some(status);
                tx.update(&mut child).await?;
            }
        }
        befores.sort();
        befores.dedup();
        self.hand_over_work(tx, wanted, worker, team, &befores, going)
            .await?;
        self.referral_to_assessment(tx, viewer, wanted, worker, team, going)
            .await?;
        if !befores.is_empty() {
            let about = About {
                kind: "handover",
                id: Id::<ids::Involvement>::new().to_string(),
                family: Some(wanted.family),
                team,
                worker: Some(worker.id),
                path: format!("/allocate/{}/handover", wanted.family),
                ..About::default()
            };
            let now = tx.now();
            clocks::start(tx, self.pack(), "worker.changed", now, &about).await?;
        }
        Ok(())
    }

    /// Open steps, running clocks, plans and actions of the last worker.
    async fn hand_over_work(
        &self,
        tx: &mut Tx,
        wanted: &Allocate,
        worker: &Worker,
        team: Option<Id<ids::Team>>,
        befores: &[Id<ids::Worker>],
        going: &[Going],
    ) -> Result<()> {
        for before in befores {
            let steps: Vec<Step> = of_family::<Step>(
                tx,
                "worker_id = $2 and state in ('open', 'sent_back', 'submitted')",
                wanted.family,
                *before,
            )
            .await?;
            for step in steps {
                self.assign_step(tx, step.id, team, Some(worker.id)).await?;
            }
            let plans: Vec<Plan> = of_family(
                tx,
                "worker_id = $2 and state = 'open'",
                wanted.family,
                *before,
            )
            .await?;
            for mut plan in plans {
                plan.worker_id = Some(worker.id);
                plan.team_id = team;
                tx.update(&mut plan).await?;
            }
            let actions: Vec<Action> = of_family(
                tx,
                "owner_worker_id = $2 and state in ('to_do', 'under_way')",
                wanted.family,
                *before,
            )
            .await?;
            for mut action in actions {
                action.owner_worker_id = Some(worker.id);
                action.owner = worker.name.clone();
                tx.update(&mut action).await?;
            }
            let clocks: Vec<Clock> = of_family(
                tx,
                "worker_id = $2 and done_at is null",
                wanted.family,
                *before,
            )
            .await?;
            let mut all = clocks;
            for one in going {
                all.extend(of_child(tx, one.child.id, *before).await?);
            }
            for mut clock in all {
                clock.worker_id = Some(worker.id);
                clock.team_id = team;
                tx.update(&mut clock).await?;
            }
        }
        Ok(())
    }

    async fn referral_to_assessment(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        wanted: &Allocate,
        worker: &Worker,
        team: Option<Id<ids::Team>>,
        going: &[Going],
    ) -> Result<()> {
        let Some((referral, of_referral)) = self.open_referral(wanted.family).await? else {
            return Ok(());
        };
        let children: Vec<Id<ids::Person>> = going
            .iter()
            .map(|one| one.child.id)
            .filter(|id| of_referral.contains(id))
            .collect();
        if children.is_empty() {
            return Ok(());
        }
        self.assign_step(tx, referral.id, team, Some(worker.id))
            .await?;
        let words = match wanted.reason.trim() {
            "" => format!("Allocated to {}", worker.name),
            reason => format!("Allocated to {}: {reason}", worker.name),
        };
        let assessment = self
            .open_step(
                tx,
                OpenStep {
                    kind: "child-and-family-assessment",
                    family: wanted.family,
                    children,
                    contact: referral.contact_id,
                    team,
                    worker: Some(worker.id),
                    started_on: referral.started_on,
                },
            )
            .await?;
        let about = about_step(&assessment, None);
        clocks::carry_risk(tx, self.pack(), referral.id, &about).await?;
        self.finish_step(tx, referral.id, "assess", &words, viewer.principal.worker)
            .await?;
        Ok(())
    }

    async fn record_decision(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        wanted: &Allocate,
        choice: &Choice,
        going: &[Going],
    ) -> Result<()> {
        let children: Vec<String> = going.iter().map(|one| one.child.id.to_string()).collect();
        let reason = wanted.reason.trim();
        let rationale = match (reason, wanted.limit_reason.trim()) {
            ("", "") => format!("Allocated to {}", choice.load.worker.name),
            (reason, "") => reason.to_owned(),
            ("", limit) => format!("Although {}: {limit}", over(choice)),
            (reason, limit) => format!("{reason}. Although {}: {limit}", over(choice)),
        };
        tx.insert(&Decision {
            id: Id::new(),
            kind: "allocation".into(),
            contact_id: None,
            family_id: Some(wanted.family),
            person_id: None,
            step_id: None,
            level: None,
            indicators: json!([]),
            outcome: "allocated".into(),
            rationale,
            considered: Some(choice.words()),
            alternatives: None,
            child_words: None,
            guide_version: None,
            form: None,
            form_version: None,
            answers: json!({ "worker": choice.load.worker.id, "children": children }),
            decided_by: viewer.principal.worker,
            decided_at: tx.now(),
            version: 1,
        })
        .await?;
        Ok(())
    }
}

fn over(choice: &Choice) -> &str {
    choice.over_then.as_deref().unwrap_or("within the limit")
}

/// The chosen children, all of them members whom the viewer sees.
fn chosen(picker: &Picker, seen: &FamilySeen, wanted: &[Id<ids::Person>]) -> Result<Vec<Person>> {
    if wanted.iter().any(|id| !seen.has(*id)) {
        return Err(Error::NotFound);
    }
    let children: Vec<Person> = picker
        .children
        .iter()
        .filter(|child| wanted.is_empty() || wanted.contains(&child.id))
        .cloned()
        .collect();
    if children.is_empty() {
        return Err(Error::finding(
            "children",
            "Children",
            "There is no child in this family to allocate",
        ));
    }
    Ok(children)
}

/// A change of worker needs its reason; a passed limit asks for one.
fn missing_words(wanted: &Allocate, choice: &Choice, going: &[Going]) -> Result<()> {
    let mut findings = Vec::new();
    if going.iter().any(|one| one.before.is_some()) && wanted.reason.trim().is_empty() {
        findings.push(Finding {
            field: "reason".into(),
            label: "Why does the worker change?".into(),
            message: "Write why the worker changes. The family will want to know".into(),
            severity: Severity::Stop,
        });
    }
    if let Some(over) = &choice.over_then
        && wanted.limit_reason.trim().is_empty()
    {
        findings.push(Finding {
            field: "limit".into(),
            label: "Why is this right?".into(),
            message: format!(
                "{} would be {over}. Choose someone else, or write why this is right",
                choice.load.worker.name
            ),
            severity: Severity::Warn,
        });
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

async fn allocated_now(
    tx: &mut Tx,
    child: Id<ids::Person>,
    today: NaiveDate,
) -> Result<Option<Involvement>> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and role = 'allocated' \
         and (ended_on is null or ended_on > $2) order by started_on desc limit 1",
        Involvement::COLUMNS.join(", ")
    );
    Ok(tx.maybe(AssertSqlSafe(sql), args![child, today]).await?)
}

/// Ends the place-holder of a team that had the child without a worker: the
/// worker's own involvement carries the team from now on.
async fn end_waiting(tx: &mut Tx, child: Id<ids::Person>, today: NaiveDate) -> Result<()> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and worker_id is null \
         and team_id is not null and (ended_on is null or ended_on > $2)",
        Involvement::COLUMNS.join(", ")
    );
    let waiting: Vec<Involvement> = tx.all(AssertSqlSafe(sql), args![child, today]).await?;
    for mut row in waiting {
        row.ended_on = Some(today);
        tx.update(&mut row).await?;
    }
    Ok(())
}

pub(super) async fn of_family<E: Entity>(
    tx: &mut Tx,
    condition: &'static str,
    family: Id<ids::Family>,
    value: impl Into<Value>,
) -> Result<Vec<E>> {
    let sql = format!(
        "select {} from {} where family_id = $1 and {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    Ok(tx
        .all(AssertSqlSafe(sql), vec![family.into(), value.into()])
        .await?)
}

/// Running clocks of a child that name no family.
async fn of_child(
    tx: &mut Tx,
    child: Id<ids::Person>,
    worker: Id<ids::Worker>,
) -> Result<Vec<Clock>> {
    let sql = format!(
        "select {} from clock where person_id = $1 and family_id is null and worker_id = $2 \
         and done_at is null",
        Clock::COLUMNS.join(", ")
    );
    Ok(tx.all(AssertSqlSafe(sql), args![child, worker]).await?)
}

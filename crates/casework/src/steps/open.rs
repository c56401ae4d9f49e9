//! Opening, assigning and finishing a step, inside the caller's transaction:
//! the front door opens a referral, allocation assigns it and opens the
//! assessment.

use chrono::{DateTime, NaiveDate, Utc};
use packs::StepDef;
use record::model::{Clock, Step, StepState, StepSubject};
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids};

use crate::clocks::{self, About};
use crate::{Casework, Error, Result, time};

/// A step about to be opened.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// Which step of the pack, such as `referral`.
    pub kind: &'static str,
    /// The family.
    pub family: Id<ids::Family>,
    /// The children it is about; at least one, the first named first.
    pub children: Vec<Id<ids::Person>>,
    /// The contact that led to it.
    pub contact: Option<Id<ids::Contact>>,
    /// The team that has it.
    pub team: Option<Id<ids::Team>>,
    /// The worker who writes it, once there is one.
    pub worker: Option<Id<ids::Worker>>,
    /// The day its clocks run from: for an assessment the day of the referral.
    pub started_on: NaiveDate,
}

/// The events that make a step begin. The clocks that they start are those of
/// the step that is opened.
const BEGINNINGS: [&str; 2] = ["referral.made", "assessment.started"];

impl Casework {
    /// Opens a step: pins the form in force today (R001-39), names the
    /// children, and starts the clocks that the pack gives to this step, by the
    /// rules in force on the day they run from (R001-02).
    ///
    /// # Errors
    /// [`Error::Refused`] when the step or its form is retired; a finding when
    /// no child is named.
    pub async fn open_step(&self, tx: &mut Tx, open: OpenStep) -> Result<Step> {
        self.open_kind(tx, open.kind, open).await
    }

    /// The same for a kind that the pack names.
    async fn open_kind(&self, tx: &mut Tx, kind: &str, open: OpenStep) -> Result<Step> {
        let today = time::local(tx.now()).date();
        let def = self.pack().step(kind, today);
        let form = def.and_then(|def| self.pack().form(&def.form, today));
        let (Some(def), Some(form)) = (def, form) else {
            return Err(Error::Refused(format!(
                "“{}” is not in use today, so nothing new can be started with it. What was written before can still be read.",
                kind.replace('-', " ")
            )));
        };
        let Some(first) = open.children.first().copied() else {
            return Err(Error::finding(
                "children",
                "Children",
                "Choose the children whom this is about",
            ));
        };
        let step = Step {
            id: Id::new(),
            kind: def.id.clone(),
            form: Some(form.id.clone()),
            form_version: Some(form.version.to_string()),
            pack_version: def.version.to_string(),
            family_id: open.family,
            contact_id: open.contact,
            team_id: open.team,
            worker_id: open.worker,
            state: StepState::Open,
            started_on: open.started_on,
            submitted_by: None,
            submitted_at: None,
            settled_by: None,
            settled_at: None,
            settled_words: None,
            outcome: None,
            version: 1,
        };
        tx.insert(&step).await?;
        let mut named: Vec<Id<ids::Person>> = Vec::new();
        for person_id in open.children {
            if named.contains(&person_id) {
                continue;
            }
            named.push(person_id);
            tx.insert(&StepSubject {
                id: Id::new(),
                step_id: step.id,
                person_id,
                version: 1,
            })
            .await?;
        }
        self.start_clocks(tx, def, &step, first).await?;
        Ok(step)
    }

    async fn start_clocks(
        &self,
        tx: &mut Tx,
        def: &StepDef,
        step: &Step,
        child: Id<ids::Person>,
    ) -> Result<()> {
        let about = about_step(step, Some(child));
        let at = began_at(step.started_on, tx.now());
        let own = format!("{}.started", def.id);
        for rule in self.pack().clocks(step.started_on) {
            let of_this_step = rule.step.as_deref() == Some(def.id.as_str());
            let begins = BEGINNINGS.iter().any(|event| rule.is_started_by(event));
            if (of_this_step && begins) || rule.is_started_by(&own) {
                clocks::start_rule(tx, self.pack(), rule, at, &about).await?;
            }
        }
        Ok(())
    }

    /// What the pack says follows from the end of a step: clocks of its
    /// children stop and start, and the steps that its outcome begins at once
    /// are opened, for the same children and the same worker.
    ///
    /// `happened_at` is when it was decided, which may be before it was written
    /// down. Call it after the step's own clocks were stopped.
    pub(crate) async fn follow_on(
        &self,
        tx: &mut Tx,
        step: &Step,
        deeds: &[&str],
        children: &[Id<ids::Person>],
        happened_at: DateTime<Utc>,
    ) -> Result<Vec<Step>> {
        let def = self.step_def(step)?.clone();
        let outcome = step.outcome.as_deref().and_then(|id| def.outcome(id));
        let mut events: Vec<String> = deeds.iter().map(|d| format!("{}.{d}", def.id)).collect();
        events.extend(outcome.map(|o| format!("{}.{}", def.id, o.id)));
        for event in &events {
            clocks::stop_of(tx, self.pack(), event, happened_at, children).await?;
            let family = step.family_id;
            clocks::stop_of_family(tx, self.pack(), event, happened_at, family).await?;
        }
        self.early_help_follows(tx, step, children, happened_at)
            .await?;
        let mut begun = Vec::new();
        for kind in outcome.map_or(&[][..], |o| &o.start) {
            let open = OpenStep {
                kind: "",
                family: step.family_id,
                children: children.to_vec(),
                contact: step.contact_id,
                team: step.team_id,
                worker: step.worker_id,
                started_on: time::local(happened_at).date(),
            };
            begun.push(self.open_kind(tx, kind, open).await?);
        }
        let Some(first) = children.first().copied() else {
            return Ok(begun);
        };
        if let Some(next) = begun.first() {
            lead_to(tx, children, &path_of(step), &path_of(next)).await?;
        }
        // A clock that outlives its step belongs to the child.
        let about = About {
            kind: "person",
            id: first.to_string(),
            path: begun.first().map_or_else(|| path_of(step), path_of),
            ..about_step(step, Some(first))
        };
        for event in &events {
            clocks::start(tx, self.pack(), event, happened_at, &about).await?;
        }
        Ok(begun)
    }

    /// Gives a step, with its running clocks, to a worker and a team.
    pub async fn assign_step(
        &self,
        tx: &mut Tx,
        step: Id<ids::Step>,
        team: Option<Id<ids::Team>>,
        worker: Option<Id<ids::Worker>>,
    ) -> Result<Step> {
        let mut row: Step = tx.get(step).await?;
        row.team_id = team;
        row.worker_id = worker;
        tx.update(&mut row).await?;
        clocks::hand_over(tx, "step", row.id.as_str(), team, worker).await?;
        Ok(row)
    }

    /// Ends a step that needs no authorisation, such as a referral that is
    /// allocated, and stops its clocks. `words` say why.
    ///
    /// # Errors
    /// A finding when the pack's step has no such outcome;
    /// [`Error::Refused`] when the step needs a manager.
    pub async fn finish_step(
        &self,
        tx: &mut Tx,
        step: Id<ids::Step>,
        outcome: &str,
        words: &str,
        by: Id<ids::Worker>,
    ) -> Result<Step> {
        let mut row: Step = tx.get(step).await?;
        let def = self.step_def(&row)?;
        if def.outcome(outcome).is_none() {
            return Err(Error::finding(
                "outcome",
                "Outcome",
                &format!("{}: choose an outcome from the list", def.title),
            ));
        }
        if def.authorise.is_some() {
            return Err(Error::Refused(format!(
                "{}: a manager who did not write it must authorise it. So two people have looked before something changes for a child.",
                def.title
            )));
        }
        row.state = StepState::Done;
        row.outcome = Some(outcome.to_owned());
        row.settled_by = Some(by);
        row.settled_at = Some(tx.now());
        row.settled_words = Some(words.to_owned());
        tx.update(&mut row).await?;
        clocks::stop_all(tx, tx.now(), "step", row.id.as_str()).await?;
        let children = subjects(tx, row.id).await?;
        self.follow_on(tx, &row, &["finished"], &children, tx.now())
            .await?;
        Ok(row)
    }

    /// The pack's definition that a step began under.
    pub fn step_def(&self, step: &Step) -> Result<&StepDef> {
        let pinned = step.pack_version.parse::<NaiveDate>().ok();
        pinned
            .and_then(|version| self.pack().step(&step.kind, version))
            .or_else(|| self.pack().step(&step.kind, step.started_on))
            .ok_or_else(|| {
                Error::Record(record::Error::Settings(format!(
                    "the practice pack has no step \"{}\" of {}",
                    step.kind, step.pack_version
                )))
            })
    }
}

/// What a clock of a step is about. The first child stands for all of them.
pub(crate) fn about_step(step: &Step, child: Option<Id<ids::Person>>) -> About {
    About {
        kind: "step",
        id: step.id.to_string(),
        person: child,
        family: Some(step.family_id),
        contact: step.contact_id,
        team: step.team_id,
        worker: step.worker_id,
        path: path_of(step),
    }
}

/// The steps that have a page of their own.
const PAGES: [(&str, &str); 5] = [
    ("step-down", "step-downs"),
    ("strategy-discussion", "strategy"),
    ("initial-conference", "conferences"),
    ("review-conference", "conferences"),
    ("transfer-conference", "conferences"),
];

/// A clock that outlives its step leads to the next one from here on.
async fn lead_to(tx: &mut Tx, children: &[Id<ids::Person>], from: &str, to: &str) -> Result<()> {
    let sql = format!(
        "select {} from clock where person_id = $1 and done_at is null and path = $2",
        Clock::COLUMNS.join(", ")
    );
    for child in children {
        let rows: Vec<Clock> = tx
            .all(AssertSqlSafe(sql.clone()), args![*child, from])
            .await?;
        for mut clock in rows {
            clock.path = to.to_owned();
            tx.update(&mut clock).await?;
        }
    }
    Ok(())
}

/// Where a step is written and read.
pub(crate) fn path_of(step: &Step) -> String {
    path_of_kind(&step.kind, step.id)
}

/// The same for a kind of step.
pub fn path_of_kind(kind: &str, step: Id<ids::Step>) -> String {
    let own = PAGES.iter().find(|(known, _)| *known == kind);
    format!("/{}/{step}", own.map_or("steps", |(_, page)| page))
}

/// The children of a step, inside a transaction, the first named first.
pub(crate) async fn subjects(tx: &mut Tx, step: Id<ids::Step>) -> Result<Vec<Id<ids::Person>>> {
    #[derive(sqlx::FromRow)]
    struct Subject {
        person_id: Id<ids::Person>,
    }
    let rows: Vec<Subject> = tx
        .all(
            "select person_id from step_subject where step_id = $1 order by id",
            args![step],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}

/// The moment a clock runs from: now, or the morning of an earlier day.
fn began_at(day: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    if time::local(now).date() == day {
        now
    } else {
        time::start_of(day)
    }
}

//! Opening, assigning and finishing a step, inside the caller's transaction:
//! the front door opens a referral, allocation assigns it and opens the
//! assessment.

use chrono::{DateTime, NaiveDate, Utc};
use packs::StepDef;
use record::Tx;
use record::model::{Step, StepState, StepSubject};
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
        let today = time::local(tx.now()).date();
        let def = self.pack().step(open.kind, today);
        let form = def.and_then(|def| self.pack().form(&def.form, today));
        let (Some(def), Some(form)) = (def, form) else {
            return Err(Error::Refused(format!(
                "“{}” is not in use today, so nothing new can be started with it. What was written before can still be read.",
                open.kind.replace('-', " ")
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
        for rule in self.pack().clocks(step.started_on) {
            let of_this_step = rule.step.as_deref() == Some(def.id.as_str());
            if of_this_step && BEGINNINGS.contains(&rule.trigger.as_str()) {
                clocks::start_rule(tx, self.pack(), rule, at, &about).await?;
            }
        }
        Ok(())
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
        path: format!("/steps/{}", step.id),
    }
}

/// The moment a clock runs from: now, or the morning of an earlier day.
fn began_at(day: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    if time::local(now).date() == day {
        now
    } else {
        time::start_of(day)
    }
}

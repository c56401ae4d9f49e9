//! A child on a child protection plan who moves between councils, in or out.
//! There is no day without somebody who protects: a plan that comes in asks for
//! a transfer conference, and ours stays ours until theirs was held.

use chrono::{DateTime, NaiveDate, Utc};
use packs::Answers;
use record::model::{Person, Plan, Step, StepState};
use record::{Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::plan::KIND;
use crate::asking::{self, Asking, Decided, Done};
use crate::care::named;
use crate::plans::PlanSeen;
use crate::plans::close::save_sections;
use crate::plans::start::set_status;
use crate::steps::{OpenStep, path_of};
use crate::{Casework, Error, Result, clocks, time};

const IN: &str = "transfer-in";
const OUT: &str = "transfer-out";
/// Why a time on a plan ended: another council has it now.
const TRANSFERRED: &str = "transferred";

impl Casework {
    /// The page on which a child on another council's plan moves in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not; [`Error::Refused`] when
    /// the child is in no family, has a plan here, or has a conference coming.
    pub async fn ask_moving_in(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let child = self
            .child_to_write(viewer, child, IN, &["case.record"])
            .await?;
        let (id, first) = (child.id, child.first_name());
        let family = self.family_of(id).await?.ok_or_else(no_family)?;
        if let Some(why) = self.here_already(id, &first).await? {
            return Err(Error::Refused(why));
        }
        let mut all = vec![(id, child.name())];
        let others = self.brothers_and_sisters(viewer, family, id).await?;
        all.extend(others.iter().map(|other| (other.id, other.name())));
        let (address, back) = (
            format!("/people/{id}/moving-in"),
            format!("/people/{id}/work"),
        );
        let mut asking = Asking::new(self.form(IN)?, child, address, back);
        asking.title = format!("{first} is on another council’s plan and moves here");
        asking.button = format!("Save for {}", named(&asking.child));
        offer(&mut asking, &all, &[id]);
        Ok(asking)
    }

    /// Saves what the other council told us. A transfer conference is asked for
    /// from the day we were told.
    ///
    /// # Errors
    /// As [`Casework::ask_moving_in`]; [`Error::Findings`] when something must
    /// be put right, [`Error::Already`] when it was sent before.
    pub async fn save_moving_in(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_moving_in(viewer, child).await?;
        asking.check(answers)?;
        let told = asking::past_day(answers, "told_on", time::today())?;
        let children = chosen(answers)?;
        let about = self
            .about_child(child, "person", child.as_str(), asking.back.clone())
            .await?;
        let family = about.family.ok_or_else(no_family)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        for id in &children {
            let one: Person = tx.get(*id).await?;
            if matches!(one.status.as_deref(), None | Some("contact" | "closed")) {
                set_status(&mut tx, *id, "child_in_need").await?;
            }
        }
        let open = OpenStep {
            kind: IN,
            family,
            children: children.clone(),
            contact: None,
            team: about.team.or(viewer.principal.team),
            worker: about.worker.or(Some(viewer.principal.worker)),
            started_on: told,
        };
        let words = format!("Moved here with a plan of {}", answers.text("council"));
        let at = time::start_of(told);
        let step = self
            .moved(&mut tx, viewer, (&asking, answers), open, &words, told)
            .await?;
        let begun = self
            .follow_on(&mut tx, &step, &["finished"], &children, at)
            .await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let Some(conference) = begun.first() else {
            let words = "Saved. They keep the plan. If the child stays, start here again.";
            return Ok(Done::new(words, asking.sheet.back));
        };
        let due = self
            .pack()
            .due("transfer-conference", time::local(at))
            .map(|due| format!(": it is due by {}", plain::date(due.at.date())))
            .unwrap_or_default();
        let words = format!("Saved. Arrange the transfer conference{due}.");
        Ok(Done::new(words, path_of(conference)))
    }

    /// The page on which children on our plan move to another council. What was
    /// saved while their conference was awaited is filled in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not; [`Error::Refused`] when
    /// the plan has ended or is no child protection plan.
    pub async fn ask_moving_out(&self, viewer: &Viewer, plan: Id<ids::Plan>) -> Result<Asking> {
        let seen = self.plan_to_change(viewer, plan, OUT).await?;
        self.moving_out(seen).await
    }

    async fn moving_out(&self, seen: PlanSeen) -> Result<Asking> {
        if seen.plan.kind != KIND {
            return Err(Error::Refused(
                "Only a child protection plan passes from council to council by a conference. To end this plan because the family moves, choose “End this plan”.".into(),
            ));
        }
        let on = self.on_protection(&seen).await?;
        let all: Vec<(Id<ids::Person>, String)> = seen
            .children
            .iter()
            .filter(|child| on.contains(&child.id))
            .map(|child| (child.id, child.name()))
            .collect();
        let (id, names) = (seen.plan.id, seen.names());
        let (address, back) = (format!("/plans/{id}/moving-out"), format!("/plans/{id}"));
        let mut asking = Asking::new(self.form(OUT)?, seen.child, address, back);
        asking.title = format!("{names} and our plan: moving to another council");
        asking.button = format!("Save for {}", named(&asking.child));
        if let Some(step) = self.waiting(seen.plan.started_on, asking.child.id).await? {
            asking.answers = self.answers_of(step).await?;
            asking.answers.set("outcome", "");
        }
        let before: Vec<Id<ids::Person>> = ids_in(&asking.answers);
        let ticked: Vec<Id<ids::Person>> = all
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| before.is_empty() || before.contains(id))
            .collect();
        offer(&mut asking, &all, &ticked);
        Ok(asking)
    }

    /// Saves a move away. The plan stays ours, with its visits and its clocks,
    /// until the day the other council held its conference.
    ///
    /// # Errors
    /// As [`Casework::ask_moving_out`]; [`Error::Findings`] when something must
    /// be put right, [`Error::Already`] when it was sent before.
    pub async fn save_moving_out(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let seen = self.plan_to_change(viewer, plan, OUT).await?;
        let row = seen.plan.clone();
        let asking = self.moving_out(seen).await?;
        asking.check(answers)?;
        let told = asking::past_day(answers, "told_on", time::today())?;
        let children = chosen(answers)?;
        let over = match answers.text("outcome") {
            "handed_over" => Some(self.handed_over_on(answers, &row)?),
            _ => None,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let open = OpenStep {
            kind: OUT,
            family: row.family_id,
            children: children.clone(),
            contact: None,
            team: row.team_id.or(viewer.principal.team),
            worker: Some(row.worker_id.unwrap_or(viewer.principal.worker)),
            started_on: told,
        };
        let council = answers.text("council");
        let words = match over {
            Some(_) => format!("Child protection plan passed to {council}"),
            None => format!("Moved to {council}; the plan stays ours until their conference"),
        };
        let on = over.unwrap_or(told);
        let step = self
            .moved(&mut tx, viewer, (&asking, answers), open, &words, on)
            .await?;
        let at = time::start_of(on);
        let done = match over {
            Some(_) => {
                clocks::stop_of(
                    &mut tx,
                    self.pack(),
                    "transfer-out.handed_over",
                    at,
                    &children,
                )
                .await?;
                let mut plan: Plan = tx.get(plan).await?;
                self.end_protection(&mut tx, &mut plan, &children, TRANSFERRED, "", at)
                    .await?;
                Done::new(
                    format!(
                        "Saved. {council} has the plan now. When nothing is left to do, end the work here."
                    ),
                    format!("/people/{}/work", asking.child.id),
                )
            }
            None => {
                self.await_their_conference(&mut tx, &step, &row, &children, at)
                    .await?;
                Done::new(
                    "Saved. The plan and its visits stay ours until their conference.",
                    asking.back.clone(),
                )
            }
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(done)
    }

    /// The council whose plan these children were on before they moved here.
    pub(super) async fn came_from(&self, children: &[Id<ids::Person>]) -> Result<Option<String>> {
        let Some(first) = children.first() else {
            return Ok(None);
        };
        let sql = "select s.id from step s join step_subject x on x.step_id = s.id \
                   where x.person_id = $1 and s.kind = 'transfer-in' and s.state = 'done' \
                   order by s.id desc limit 1";
        let found: Option<Found> = self.store().read_db().maybe(sql, args![*first]).await?;
        match found {
            Some(step) => Ok(asking::said(&self.answers_of(step.id).await?, "council")),
            None => Ok(None),
        }
    }

    /// The step of a move, written and finished in one go, with its decision
    /// and an entry for each child's chronology.
    async fn moved(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        (asking, answers): (&Asking, &Answers),
        open: OpenStep,
        words: &str,
        on: NaiveDate,
    ) -> Result<Step> {
        let (children, family) = (open.children.clone(), open.family);
        let step = self.open_step(tx, open).await?;
        save_sections(tx, viewer, &asking.form, &step, children[0], answers).await?;
        let mut step: Step = tx.get(step.id).await?;
        step.state = StepState::Done;
        step.outcome = Some(answers.text("outcome").to_owned());
        step.submitted_by = Some(viewer.principal.worker);
        step.submitted_at = Some(tx.now());
        step.settled_at = Some(tx.now());
        tx.update(&mut step).await?;
        for child in &children {
            let source = ("step", step.id.to_string());
            asking::propose(tx, *child, on, "move", words, source).await?;
        }
        let why = ["visits", "papers", "sent"]
            .iter()
            .find_map(|field| asking::said(answers, field))
            .unwrap_or_else(|| words.to_owned());
        let decided = Decided {
            kind: "conference",
            outcome: words,
            why: &why,
            asking,
            answers,
            family: Some(family),
        };
        asking::decide(tx, viewer, decided).await?;
        Ok(step)
    }

    /// Somebody asks the other council, until its conference was held.
    async fn await_their_conference(
        &self,
        tx: &mut Tx,
        step: &Step,
        plan: &Plan,
        children: &[Id<ids::Person>],
        at: DateTime<Utc>,
    ) -> Result<()> {
        let event = "transfer-out.waiting";
        let now = tx.now();
        clocks::stop_of(tx, self.pack(), event, now, children).await?;
        let about = clocks::About {
            kind: "plan",
            id: plan.id.to_string(),
            person: children.first().copied(),
            family: Some(plan.family_id),
            contact: None,
            team: step.team_id,
            worker: step.worker_id,
            path: format!("/plans/{}/moving-out", plan.id),
        };
        clocks::start(tx, self.pack(), event, at, &about).await
    }

    fn handed_over_on(&self, answers: &Answers, plan: &Plan) -> Result<NaiveDate> {
        let day = asking::past_day(answers, "held_on", time::today())?;
        if day < plan.started_on {
            return Err(Error::finding(
                "held_on",
                "When was their conference held?",
                "Our plan had not begun on that day",
            ));
        }
        Ok(day)
    }

    /// Why a child cannot move in: there is a plan here, or a conference comes.
    async fn here_already(&self, child: Id<ids::Person>, first: &str) -> Result<Option<String>> {
        if self.protection_plan_of(&[child]).await?.is_some() {
            return Ok(Some(format!(
                "{first} is on a child protection plan here already."
            )));
        }
        let sql = "select s.id from step s join step_subject x on x.step_id = s.id \
                   where x.person_id = $1 and s.kind = 'transfer-conference' \
                   and s.state = 'open' limit 1";
        let open: Option<Found> = self.store().read_db().maybe(sql, args![child]).await?;
        Ok(open.map(|_| {
            format!("A transfer conference for {first} is coming already: it is under “Assessments and decisions”.")
        }))
    }

    /// The last move away from this plan that waits for the other council.
    async fn waiting(
        &self,
        since: NaiveDate,
        child: Id<ids::Person>,
    ) -> Result<Option<Id<ids::Step>>> {
        let sql = "select s.id from step s join step_subject x on x.step_id = s.id \
                   where x.person_id = $1 and s.kind = 'transfer-out' and s.state = 'done' \
                   and s.outcome = 'waiting' and s.submitted_at >= $2 order by s.id desc limit 1";
        let db = self.store().read_db();
        let found: Option<Found> = db.maybe(sql, args![child, time::start_of(since)]).await?;
        Ok(found.map(|step| step.id))
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Step>,
}

/// Offers the children, with some of them ticked.
fn offer(asking: &mut Asking, all: &[(Id<ids::Person>, String)], ticked: &[Id<ids::Person>]) {
    let choices = all.iter().map(|(id, name)| (id.to_string(), name.clone()));
    asking.offer("children", choices.collect());
    let ticked = ticked.iter().map(Id::to_string);
    asking.answers.set_list("children", ticked);
}

fn ids_in(answers: &Answers) -> Vec<Id<ids::Person>> {
    let list = answers.list("children").into_iter();
    list.filter_map(|id| id.parse().ok()).collect()
}

/// The children who were ticked: the form's check has held them to the offer.
fn chosen(answers: &Answers) -> Result<Vec<Id<ids::Person>>> {
    let children = ids_in(answers);
    match children.is_empty() {
        false => Ok(children),
        true => Err(Error::finding(
            "children",
            "Which children move?",
            "Choose the children who move",
        )),
    }
}

fn no_family() -> Error {
    Error::Refused(
        "This child is in no family yet. Add the family first, then start here again.".into(),
    )
}

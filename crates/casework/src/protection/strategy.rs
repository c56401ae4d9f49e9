//! A strategy discussion: police, health and social care decide together
//! whether to make enquiries under section 47. It starts from a contact, a
//! child, an assessment or a plan, at once (R003-07, UX08).

use chrono::{DateTime, Utc};
use packs::{Answers, Form, MeetingDef};
use record::model::{Decision, Meeting, MeetingState, Step, StepMeeting, StepSection, StepState};
use record::{Asked, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::table::{Seat, Seated, missing, seat};
use crate::clocks::ClockView;
use crate::plans::close::save_sections;
use crate::plans::{claim, some, stops};
use crate::steps::{OpenStep, StepSeen, path_of};
use crate::{Casework, Error, Result, clocks, time};

/// The step, its form and its meeting in the pack.
const KIND: &str = "strategy-discussion";
const MEETING: &str = "strategy_discussion";

/// Where a strategy discussion starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// A contact at the front door, for all its identified children.
    Contact(Id<ids::Contact>),
    /// A child, also while a plan or anything else is open.
    Child(Id<ids::Person>),
    /// An assessment or other work, for all its children.
    Step(Id<ids::Step>),
    /// A plan, for all its children.
    Plan(Id<ids::Plan>),
}

/// The one page of a strategy discussion.
#[derive(Debug, Clone)]
pub struct StrategyPage {
    /// The step and its children.
    pub seen: StepSeen,
    /// The meeting.
    pub meeting: Meeting,
    /// Who belongs at the table.
    pub seats: Vec<Seat>,
    /// The form of the discussion.
    pub form: Form,
    /// What was answered.
    pub answers: Answers,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// From the contact to the discussion, in minutes (R003-07).
    pub minutes: Option<i64>,
    /// The viewer may write here.
    pub writes: bool,
    /// What began because of it: title and address.
    pub follows: Vec<(String, String)>,
}

impl StrategyPage {
    /// Whether it is still to be held or written down.
    pub fn is_open(&self) -> bool {
        self.seen.is_open()
    }
}

impl Casework {
    /// Starts a strategy discussion with its table laid. One that is open for
    /// the same children already is gone to instead: there is one at a time.
    pub async fn start_strategy(
        &self,
        viewer: &Viewer,
        from: From,
        once: &str,
    ) -> Result<Id<ids::Step>> {
        may_hold(viewer)?;
        let begin = self.begins(viewer, from).await?;
        if let Some(open) = self.open_strategy(begin.children[0]).await? {
            return Ok(open);
        }
        let known = self
            .network_of(viewer, begin.family, &begin.children)
            .await?;
        let def = self.meeting_def(MEETING)?.clone();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let now = tx.now();
        let step = self
            .open_step(
                &mut tx,
                OpenStep {
                    kind: KIND,
                    family: begin.family,
                    children: begin.children,
                    contact: begin.contact,
                    team: begin.team.or(viewer.principal.team),
                    worker: begin.worker.or(Some(viewer.principal.worker)),
                    started_on: time::local(now).date(),
                },
            )
            .await?;
        claim(&mut tx, once, &path_of(&step)).await?;
        let meeting = Meeting {
            id: Id::new(),
            kind: MEETING.into(),
            family_id: begin.family,
            plan_id: None,
            held_at: now,
            place: None,
            state: MeetingState::Planned,
            purpose: None,
            discussion: None,
            decision: None,
            interpreter: None,
            chaired_by: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        tx.insert(&meeting).await?;
        tx.insert(&StepMeeting {
            id: Id::new(),
            step_id: step.id,
            meeting_id: meeting.id,
            family_id: begin.family,
            chair_id: None,
            quorate: None,
            not_quorate_why: None,
            plan_id: None,
            given_at: None,
            version: 1,
        })
        .await?;
        self.lay_table(&mut tx, &meeting, &def, &known).await?;
        tx.commit().await?;
        Ok(step.id)
    }

    /// The page of a strategy discussion.
    pub async fn strategy(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<StrategyPage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("strategy discussion"))
            .await?;
        let (_, meeting) = self.meeting_of_step(id).await?.ok_or(Error::NotFound)?;
        let def = self.meeting_def(MEETING)?;
        let answers = crate::steps::all_answers(&self.step_sections(&seen).await?);
        // Of a contact that is open the front door holds the discussion.
        let asked = match seen.step.contact_id {
            Some(_) => Asked::to_correct("strategy discussion"),
            None => Asked::to_write("strategy discussion"),
        };
        let writes = seen.is_open()
            && may_hold(viewer).is_ok()
            && self.gate().allows(viewer, &seen.first, asked);
        Ok(StrategyPage {
            seats: self.seats(&meeting, def).await?,
            form: seen.form.clone(),
            answers,
            clocks: self.step_clocks(&seen).await?,
            minutes: self.minutes_to(&seen, &meeting).await?,
            follows: self.begun_by(&seen).await?,
            writes,
            meeting,
            seen,
        })
    }

    /// Writes the discussion down and decides. What the outcome begins, begins
    /// in the same transaction.
    ///
    /// # Errors
    /// [`Error::Findings`] when the form is not complete, or a partner is
    /// missing without a reason (R003-24).
    pub async fn record_strategy(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        answers: &Answers,
        seats: &[Seated],
        once: &str,
    ) -> Result<Vec<Step>> {
        let page = self.strategy(viewer, id).await?;
        if !page.writes {
            return Err(Error::Refused(match page.is_open() {
                true => "You can read this, but not change it: a worker of these children or their manager writes here.".into(),
                false => "This discussion is written down already. If something has changed, start another one.".to_owned(),
            }));
        }
        let def = self.meeting_def(MEETING)?.clone();
        let mut findings = page.form.check(answers, None);
        findings.extend(missing(&def, &page.seats, seats));
        stops(findings)?;
        let held_at = moment(answers, "held_at")?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path_of(&page.seen.step)).await?;
        let rationale = answers.text("rationale");
        tx.because_of(rationale);
        let mut meeting: Meeting = tx.get(page.meeting.id).await?;
        meeting.held_at = held_at;
        meeting.state = MeetingState::Held;
        meeting.discussion = some(answers.text("known"));
        meeting.decision = Some(self.outcome_label(&page.seen, answers.text("outcome")));
        tx.update(&mut meeting).await?;
        seat(&mut tx, &meeting, &def, seats).await?;
        let first = page.seen.first.id;
        save_sections(&mut tx, viewer, &page.form, &page.seen.step, first, answers).await?;
        let mut step: Step = tx.get(id).await?;
        step.state = StepState::Done;
        step.outcome = Some(answers.text("outcome").to_owned());
        step.submitted_by = Some(viewer.principal.worker);
        step.submitted_at = Some(tx.now());
        step.settled_at = Some(tx.now());
        tx.update(&mut step).await?;
        let now = tx.now();
        clocks::stop_all(&mut tx, now, "step", id.as_str()).await?;
        let decision = decided(viewer, &page, answers, held_at);
        tx.insert(&decision).await?;
        let children: Vec<Id<ids::Person>> = page.seen.children.iter().map(|c| c.id).collect();
        let begun = self
            .follow_on(&mut tx, &step, &["finished"], &children, held_at)
            .await?;
        for child in &children {
            let wording = format!(
                "Strategy discussion: {}",
                meeting.decision.as_deref().unwrap_or_default()
            );
            let entry = super::entry(&tx, *child, held_at, &wording, some(rationale), id);
            tx.insert(&entry).await?;
        }
        if answers.text("outcome") == "section47" {
            self.back_again(&mut tx, &children, "section-47", held_at)
                .await?;
        }
        for next in begun.iter().filter(|s| s.kind == "section-47") {
            // What the discussion said is not asked again (R001-21).
            tx.insert(&StepSection {
                id: Id::new(),
                step_id: next.id,
                subject_id: first,
                section: "led".into(),
                answers: json!({ "concern": answers.text("known") }),
                finished: false,
                saved_by: viewer.principal.worker,
                saved_at: now,
                version: 1,
            })
            .await?;
        }
        tx.drop_draft(viewer.principal.worker, &format!("strategy:{id}"))
            .await?;
        tx.commit().await?;
        Ok(begun)
    }

    /// A kind of meeting of the pack in force today.
    pub(crate) fn meeting_def(&self, id: &str) -> Result<&MeetingDef> {
        self.pack().meeting(id, time::today()).ok_or_else(|| {
            Error::Record(record::Error::Settings(format!(
                "the practice pack has no meeting \"{id}\" in force today"
            )))
        })
    }

    pub(crate) fn outcome_label(&self, seen: &StepSeen, outcome: &str) -> String {
        seen.def
            .outcome(outcome)
            .map_or_else(|| outcome.replace('_', " "), |o| o.title.clone())
    }

    async fn open_strategy(&self, child: Id<ids::Person>) -> Result<Option<Id<ids::Step>>> {
        #[derive(sqlx::FromRow)]
        struct Open {
            id: Id<ids::Step>,
        }
        let open: Option<Open> = self
            .store()
            .read_db()
            .maybe(
                "select s.id from step s join step_subject x on x.step_id = s.id \
                 where x.person_id = $1 and s.kind = $2 and s.state = 'open' limit 1",
                args![child, KIND],
            )
            .await?;
        Ok(open.map(|o| o.id))
    }

    async fn minutes_to(&self, seen: &StepSeen, meeting: &Meeting) -> Result<Option<i64>> {
        #[derive(sqlx::FromRow)]
        struct Received {
            received_at: DateTime<Utc>,
        }
        let Some(contact) = seen.step.contact_id else {
            return Ok(None);
        };
        let received: Option<Received> = self
            .store()
            .read_db()
            .maybe(
                "select received_at from contact where id = $1",
                args![contact],
            )
            .await?;
        let held = meeting.state == MeetingState::Held;
        Ok(received
            .filter(|_| held)
            .map(|r| (meeting.held_at - r.received_at).num_minutes()))
    }

    /// The steps that this one began: title and address.
    pub(crate) async fn begun_by(&self, seen: &StepSeen) -> Result<Vec<(String, String)>> {
        #[derive(sqlx::FromRow)]
        struct Next {
            id: Id<ids::Step>,
            kind: String,
        }
        let starts: Vec<String> = seen
            .step
            .outcome
            .as_deref()
            .and_then(|id| seen.def.outcome(id))
            .map(|o| o.start.clone())
            .unwrap_or_default();
        let mut all = Vec::new();
        for kind in starts {
            let next: Option<Next> = self
                .store()
                .read_db()
                .maybe(
                    "select s.id, s.kind from step s join step_subject x on x.step_id = s.id \
                     where x.person_id = $1 and s.kind = $2 and s.id > $3 order by s.id limit 1",
                    args![seen.first.id, kind, seen.step.id],
                )
                .await?;
            all.extend(next.map(|n| {
                let title = self
                    .pack()
                    .step(&n.kind, time::today())
                    .map_or_else(|| n.kind.clone(), |def| def.title.clone());
                (title, crate::steps::path_of_kind(&n.kind, n.id))
            }));
        }
        Ok(all)
    }
}

/// Who may hold a strategy discussion: those who work with children, and those
/// who decide at the front door.
fn may_hold(viewer: &Viewer) -> Result<()> {
    if viewer.can("case.record") || viewer.can("contact.decide") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your post does not hold strategy discussions. Ask the child’s worker, or call the front door.".into(),
    ))
}

/// A moment that was typed, not later than now: a day that is to come is a
/// slip of the finger.
pub(crate) fn moment(answers: &Answers, field: &str) -> Result<DateTime<Utc>> {
    let at = answers.date_time(field).ok_or_else(|| {
        Error::finding(
            field,
            "When?",
            "Write the day and the time, like 27 3 2027 and 2pm",
        )
    })?;
    let at = time::from_local(at);
    if at > Utc::now() + chrono::Duration::minutes(15) {
        return Err(Error::finding(
            field,
            "When?",
            "This is still to come. Write it down when it has been held, or put the time right",
        ));
    }
    Ok(at)
}

fn decided(viewer: &Viewer, page: &StrategyPage, answers: &Answers, at: DateTime<Utc>) -> Decision {
    Decision {
        id: Id::new(),
        kind: "strategy".into(),
        contact_id: page.seen.step.contact_id,
        family_id: Some(page.seen.step.family_id),
        person_id: match page.seen.children.as_slice() {
            [only] => Some(only.id),
            _ => None,
        },
        step_id: Some(page.seen.step.id),
        level: None,
        indicators: json!([]),
        outcome: answers.text("outcome").to_owned(),
        rationale: answers.text("rationale").to_owned(),
        considered: some(answers.text("known")),
        alternatives: None,
        child_words: None,
        guide_version: None,
        form: Some(page.form.id.clone()),
        form_version: Some(page.form.version.to_string()),
        answers: answers.as_map().clone().into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}

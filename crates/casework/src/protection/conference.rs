//! The page of a conference: its day, its chair, who is invited, which reports
//! are due, the clocks that ask for it, and the step-downs before.

use chrono::NaiveDate;
use packs::{Answers, Form, MeetingDef};
use record::model::{Clock, Meeting, Plan, StepMeeting};
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use super::evidence::Earlier;
use super::table::Seat;
use crate::clocks::ClockView;
use crate::plans::network::Known;
use crate::steps::StepSeen;
use crate::{Casework, Error, Result, time};

/// The page of a conference.
#[derive(Debug, Clone)]
pub struct ConferencePage {
    /// The step and its children.
    pub seen: StepSeen,
    /// The kind of meeting in the pack.
    pub def: MeetingDef,
    /// The meeting, once it has a day.
    pub meeting: Option<Meeting>,
    /// What belongs to the meeting as a conference.
    pub row: Option<StepMeeting>,
    /// Who belongs at the table.
    pub seats: Vec<Seat>,
    /// Whom one can invite.
    pub network: Vec<Known>,
    /// Who can chair it.
    pub chairs: Vec<Guest>,
    /// The clocks of these children that ask for a conference or a plan.
    pub clocks: Vec<ClockView>,
    /// The last day that is in time, by the conference's own clock.
    pub due_on: Option<NaiveDate>,
    /// Why it is late, if that was agreed.
    pub late_reason: Option<String>,
    /// What was answered when it was held.
    pub answers: Answers,
    /// The form.
    pub form: Form,
    /// Step-downs before, which a conference reads first.
    pub earlier: Vec<Earlier>,
    /// The plan that it made or reviews.
    pub plan: Option<Id<ids::Plan>>,
    /// The viewer may write here.
    pub writes: bool,
}

impl ConferencePage {
    /// Whether it is still to be held.
    pub fn is_open(&self) -> bool {
        self.seen.is_open()
    }

    /// The agencies of those who came, for the quorum.
    pub fn came(&self) -> Vec<&str> {
        let came = |seat: &&Seat| seat.row.came.as_deref() == Some("came");
        let seats = self.seats.iter().filter(came);
        seats.map(|seat| seat.row.agency.as_str()).collect()
    }
}

/// Someone who can chair a conference.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Guest {
    /// The worker.
    pub id: Id<ids::Worker>,
    /// Their name.
    pub name: String,
    /// Their post.
    pub job_title: String,
}

/// The meeting of the pack at which a step is done, and the clock that asks
/// for it.
pub(crate) fn meeting_kind(step: &str) -> Option<(&'static str, &'static [&'static str])> {
    match step {
        "initial-conference" => Some(("initial_conference", &["initial-conference"])),
        "review-conference" => Some((
            "review_conference",
            &[
                "first-review-conference",
                "review-conference",
                "after-birth-review",
            ],
        )),
        "transfer-conference" => Some(("transfer_conference", &["transfer-conference"])),
        _ => None,
    }
}

impl Casework {
    /// The page of a conference.
    pub async fn conference(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<ConferencePage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("conference"))
            .await?;
        let (kind, rules) = meeting_kind(&seen.step.kind).ok_or(Error::NotFound)?;
        let def = self.meeting_def(kind)?.clone();
        let found = self.meeting_of_step(id).await?;
        let seats = match &found {
            Some((_, meeting)) => self.seats(meeting, &def).await?,
            None => Vec::new(),
        };
        let children: Vec<Id<ids::Person>> = seen.children.iter().map(|c| c.id).collect();
        let network = self
            .network_of(viewer, seen.step.family_id, &children)
            .await?;
        let running = self.clocks_of_children(&children).await?;
        let asks = running
            .iter()
            .filter(|c| rules.contains(&c.rule.as_str()))
            .min_by_key(|c| c.due_at);
        let form = super::form_for(&seen.form, &seen.children);
        let asked = Asked::to_write("conference");
        let writes = may_arrange(viewer) && self.gate().allows(viewer, &seen.first, asked);
        let plan = match found.as_ref().and_then(|(row, _)| row.plan_id) {
            Some(plan) => Some(plan),
            None => self.protection_plan_of(&children).await?.map(|p| p.id),
        };
        Ok(ConferencePage {
            answers: crate::steps::all_answers(&self.step_sections(&seen).await?),
            earlier: self.earlier_step_downs(&seen.children).await?,
            chairs: self.chairs().await?,
            due_on: asks.map(|c| time::local(c.due_at).date()),
            late_reason: asks.and_then(|c| c.late_reason.clone()),
            clocks: running
                .iter()
                .map(|c| ClockView::of(c, self.pack()))
                .collect(),
            meeting: found.as_ref().map(|(_, m)| m.clone()),
            row: found.map(|(row, _)| row),
            def,
            seats,
            network,
            form,
            plan,
            writes,
            seen,
        })
    }

    /// The running clocks of some children, the first due first.
    pub(crate) async fn clocks_of_children(
        &self,
        children: &[Id<ids::Person>],
    ) -> Result<Vec<Clock>> {
        let places: Vec<String> = (1..=children.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from clock where person_id in ({}) and done_at is null order by due_at",
            Clock::COLUMNS.join(", "),
            places.join(", ")
        );
        let values = children.iter().map(|child| (*child).into()).collect();
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    /// Those who chair: their posts review plans.
    async fn chairs(&self) -> Result<Vec<Guest>> {
        let roles: Vec<String> = self
            .pack()
            .roles(time::today())
            .map(|roles| {
                let chairs = roles.roles.iter().filter(|r| r.can("case.review"));
                chairs.map(|r| r.id.clone()).collect()
            })
            .unwrap_or_default();
        let places: Vec<String> = (1..=roles.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, name, job_title from worker where active and role in ({}) order by name",
            places.join(", ")
        );
        let values = roles.into_iter().map(Into::into).collect();
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    /// The open child protection plan of any of these children.
    pub(crate) async fn protection_plan_of(
        &self,
        children: &[Id<ids::Person>],
    ) -> Result<Option<Plan>> {
        let Some(first) = children.first() else {
            return Ok(None);
        };
        let sql = format!(
            "select {} from plan p join plan_subject s on s.plan_id = p.id \
             where s.person_id = $1 and p.state = 'open' and p.kind = 'protection_plan' limit 1",
            crate::plans::columns::<Plan>("p")
        );
        Ok(self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![*first])
            .await?)
    }
}

/// Who may arrange and write a conference.
pub(crate) fn may_arrange(viewer: &Viewer) -> bool {
    viewer.can("meeting.record")
}

pub(crate) fn may_change(page: &ConferencePage) -> Result<()> {
    match (page.writes, page.is_open()) {
        (true, true) => Ok(()),
        (_, false) => Err(Error::Refused(
            "This conference has been held, and what it decided stays as it was.".into(),
        )),
        _ => Err(Error::Refused(
            "You can read this, but not change it: the children’s worker, their manager or the chair writes here.".into(),
        )),
    }
}

//! Protection as the record keeps it: the strategy discussion, the section 47
//! enquiries that it began, the conferences as steps of their meetings, and
//! each child's time on a plan.

use chrono::NaiveDate;
use record::model::*;
use serde_json::{Value as Json, json};
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{MeetingKind, PersonNo};

/// Where the telling of a family's protection has come to.
#[derive(Default)]
pub(crate) struct Protecting {
    /// The section 47 enquiries that go on: where the step waits.
    enquiries: Option<usize>,
    /// The conference that made the plan: its row, its day, the children.
    conference: Option<(usize, NaiveDate, Vec<PersonNo>)>,
    /// The category that it chose.
    category: Option<&'static str>,
    /// The plan.
    plan: Option<Id<id::Plan>>,
}

impl Entry<'_> {
    /// What a held meeting is besides a meeting, when it protects.
    pub(crate) fn protects(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) {
        if m.at > self.land.now || meeting.children.is_empty() {
            return;
        }
        match meeting.kind {
            MeetingKind::Strategy => self.enquire(batch, far, m, meeting),
            MeetingKind::InitialConference => self.initial(batch, far, m, meeting),
            MeetingKind::ReviewConference if far.protecting.plan.is_some() => {
                let step = self.at_meeting(batch, "review-conference", "continue", m, meeting);
                if let Some(row) = batch.step_meetings.get_mut(step) {
                    row.row.plan_id = far.protecting.plan;
                }
            }
            _ => {}
        }
    }

    /// The category of the plan that the conference has just made.
    pub(crate) fn category(&self, far: &mut SoFar, plan: &crate::ProtectionPlan) {
        far.protecting.category = Some(plan.category);
    }

    /// The plan of the conference: it stands from the day of the conference,
    /// for each of its children.
    pub(crate) fn protected(&mut self, batch: &mut Batch, far: &mut SoFar, m: &Moment<'_>) {
        let Some((row, day, children)) = far.protecting.conference.take() else {
            return;
        };
        let (Some(at), Some(category)) = (far.plan, far.protecting.category) else {
            return;
        };
        batch.plans[at].row.started_on = day;
        let plan = batch.plans[at].row.id;
        far.protecting.plan = Some(plan);
        batch.step_meetings[row].row.plan_id = Some(plan);
        for person_id in Self::persons(&children) {
            let time = Protection {
                id: self.ids.next(),
                person_id,
                family_id: self.id,
                plan_id: plan,
                started_on: day,
                first_category: category.to_owned(),
                category: category.to_owned(),
                earlier: 0,
                ended_on: None,
                end_reason: None,
                came_from: None,
                version: 1,
            };
            batch.protections.push(told(&m.by, m.at, time));
        }
    }

    fn enquire(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) {
        let said = words(&meeting.summary, "What is known was put together.");
        self.at_meeting(batch, "strategy-discussion", "section47", m, meeting);
        let step = self.step(batch, "section-47", m.day, m, &meeting.children);
        batch.steps[step].row.worker_id = Some(self.worker_or(m.who));
        far.protecting.enquiries = Some(step);
        let writer = Moment {
            who: self.family.worker.as_deref().unwrap_or(m.who),
            ..m.clone()
        };
        let enquiry = json!({ "who": "School", "agency": "school", "said": said });
        for (section, answers) in [
            ("led", json!({ "concern": said })),
            (
                "enquiries",
                json!({
                    "enquiries": [enquiry],
                    "child_seen": "alone",
                    "childs_words": "“I want it to stop, and I want to stay at my school.”",
                }),
            ),
        ] {
            self.section(batch, &writer, step, &meeting.children, section, answers);
        }
    }

    fn initial(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) {
        if let Some(step) = far.protecting.enquiries.take() {
            self.recommended(batch, m, step, meeting);
        }
        let row = self.at_meeting(batch, "initial-conference", "plan", m, meeting);
        far.protecting.conference = Some((row, m.day, meeting.children.clone()));
    }

    /// The enquiries end: a conference was recommended, and a manager agreed.
    fn recommended(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        step: usize,
        meeting: &crate::Meeting,
    ) {
        let began = batch.steps[step].row.started_on;
        let day = (began + chrono::Duration::days(6)).min(m.day);
        let at = self.land.morning(day).min(m.at);
        let who = self.family.worker.as_deref().unwrap_or(m.who);
        let author = Moment {
            by: self.land.actor(who),
            who,
            at,
            day,
        };
        let why = words(
            &meeting.decisions,
            "The concern was right, and it may go on.",
        );
        let analysis = "What was seen and said fits together, and nothing that we found speaks against it. Without a plan it is likely to happen again.";
        for (section, answers) in [
            (
                "analysis",
                json!({ "analysis": analysis, "not_known": "What the nights are like when nobody visits." }),
            ),
            (
                "recommendation",
                json!({
                    "outcome": "conference",
                    "why": format!("{why} The concern was right, and it may go on."),
                    "interim_safety": "The family stays with relatives at night, and the worker visits twice a week.",
                    "tell_child": "We will sit together with the people who help you and make a plan.",
                }),
            ),
        ] {
            self.section(batch, &author, step, &meeting.children, section, answers);
        }
        let (worker, manager) = (ids::worker(who), self.manager());
        let agreed = self.land.actor(manager);
        batch.steps[step].change(&agreed, at, |step| {
            step.state = StepState::Done;
            step.outcome = Some("conference".to_owned());
            step.submitted_by = Some(worker);
            step.submitted_at = Some(at);
            step.settled_by = Some(ids::worker(manager));
            step.settled_at = Some(at);
            step.settled_words = Some("I agree: a conference is needed.".to_owned());
        });
    }

    /// A step that was done at a meeting; gives where the row that ties the
    /// two waits.
    fn at_meeting(
        &mut self,
        batch: &mut Batch,
        kind: &str,
        outcome: &str,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) -> usize {
        let step = self.step(batch, kind, m.day, m, &meeting.children);
        let by = ids::worker(m.who);
        let row = &mut batch.steps[step].row;
        row.worker_id = Some(by);
        row.state = StepState::Done;
        row.outcome = Some(outcome.to_owned());
        row.submitted_by = Some(by);
        row.submitted_at = Some(m.at);
        row.settled_at = Some(m.at);
        let step_id = row.id;
        for (section, answers) in self.said_at(kind, m, meeting) {
            self.section(batch, m, step, &meeting.children, section, answers);
        }
        let tie = StepMeeting {
            id: self.ids.next(),
            step_id,
            meeting_id: ids::named("meeting", &meeting.key.0.to_string()),
            family_id: self.id,
            chair_id: Some(by),
            quorate: Some(true),
            not_quorate_why: None,
            plan_id: None,
            given_at: (kind == "initial-conference").then_some(m.at),
            version: 1,
        };
        batch.step_meetings.push(told(&m.by, m.at, tie));
        batch.step_meetings.len() - 1
    }

    /// The answers of the form, in the meeting's own words.
    fn said_at(
        &self,
        kind: &str,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) -> Vec<(&'static str, Json)> {
        let said = words(&meeting.summary, "Everybody said what they know.");
        let why = words(&meeting.decisions, "The children need this to be safe.");
        let when = casework::time::local(m.at)
            .format("%Y-%m-%dT%H:%M")
            .to_string();
        if kind == "strategy-discussion" {
            return vec![
                (
                    "why",
                    json!({ "known": said, "safe_now": "with_steps", "safe_how": "They stay with relatives until the visit." }),
                ),
                (
                    "decision",
                    json!({
                        "held_at": when,
                        "how": "online",
                        "outcome": "section47",
                        "joint": "joint",
                        "rationale": format!("{why} There is reason to suspect harm."),
                    }),
                ),
            ];
        }
        let chair = self.land.workers.get(m.who);
        let chair = chair.map_or_else(|| m.who.to_owned(), |w| format!("{} {}", w.given, w.family));
        vec![("held", json!({ "when": when, "chair": chair }))]
    }
}

/// The words, or others where there are none.
fn words(text: &str, otherwise: &str) -> String {
    match text.trim() {
        "" => otherwise.to_owned(),
        text => text.to_owned(),
    }
}

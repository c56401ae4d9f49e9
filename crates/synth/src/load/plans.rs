//! Plans with goals and actions, meetings with who came, and the end of work.

use casework::clocks::About;
use chrono::Duration;
use record::model::*;
use serde_json::json;

use super::batch::{Batch, told};
use super::clock::of_child_in_need;
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{MeetingKind, PlanKind, Took};

/// The word of a kind of plan, which is also where the work stands.
pub(crate) fn kind_of(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::EarlyHelp => "early_help",
        PlanKind::ChildInNeed => "child_in_need",
        PlanKind::Protection => "protection_plan",
        PlanKind::Care => "in_care",
        PlanKind::Pathway => "care_leaver",
    }
}

fn words_of(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::EarlyHelp => "An early help plan started.",
        PlanKind::ChildInNeed => "A child in need plan started.",
        PlanKind::Protection => "A protection plan was written.",
        PlanKind::Care => "A care plan was written.",
        PlanKind::Pathway => "A pathway plan was written.",
    }
}

impl Entry<'_> {
    pub(crate) fn plan(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        plan: &crate::Plan,
    ) {
        let id = ids::named("plan", &plan.key.0.to_string());
        let worker = self.worker_or(m.who);
        batch.plans.push(told(
            &m.by,
            m.at,
            Plan {
                id,
                kind: kind_of(plan.kind).to_owned(),
                family_id: self.id,
                step_id: far.assessed,
                worker_id: Some(worker),
                team_id: self.team(),
                state: PlanState::Open,
                started_on: m.day,
                ended_on: None,
                end_reason: None,
                different: None,
                summary: plan.goals.first().map(|g| g.text.clone()),
                version: 1,
            },
        ));
        far.plan = Some(batch.plans.len() - 1);
        self.voices(batch, m, plan);
        for person_id in Self::persons(&plan.children) {
            let row = PlanSubject {
                id: self.ids.next(),
                plan_id: id,
                person_id,
                version: 1,
            };
            batch.plan_subjects.push(told(&m.by, m.at, row));
        }
        for goal in &plan.goals {
            self.goal(batch, m, id, goal);
        }
        if plan.kind == PlanKind::EarlyHelp {
            self.early_help_plan(batch, far, m, plan, id);
        }
        let about = About {
            kind: "plan",
            id: id.to_string(),
            person: plan.children.first().copied().map(ids::person),
            family: Some(self.id),
            contact: None,
            team: self.team(),
            worker: Some(worker),
            path: format!("/plans/{id}"),
        };
        if plan.kind == PlanKind::ChildInNeed {
            self.start(batch, "plan.started", m.at, &about, of_child_in_need);
            if self.land.now - m.at > Duration::weeks(12) {
                let reason = "The family and we agreed to go on: some goals need longer.";
                self.late(
                    batch,
                    "child-in-need-aim",
                    &about.id,
                    reason,
                    self.manager(),
                );
            }
        }
        let source = Some(("plan", id.to_string()));
        self.chronicle(
            batch,
            m,
            &plan.children,
            "plan",
            words_of(plan.kind),
            "medium",
            source,
        );
    }

    fn goal(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        plan: vocabulary::Id<vocabulary::ids::Plan>,
        goal: &crate::Goal,
    ) {
        let id = self.ids.next();
        let achieved = goal.actions.iter().all(|a| a.done.is_some());
        let settled = goal.actions.iter().filter_map(|a| a.done).max();
        let mut row = told(
            &m.by,
            m.at,
            Goal {
                id,
                plan_id: plan,
                family_id: self.id,
                person_id: None,
                wording: goal.text.clone(),
                child_words: None,
                outcomes: json!([]),
                state: GoalState::Working,
                result: None,
                set_on: m.day,
                settled_on: None,
                version: 1,
            },
        );
        if let Some(day) = settled.filter(|_| achieved) {
            row.change(&m.by, self.land.morning(day), |goal| {
                goal.state = GoalState::Achieved;
                goal.settled_on = Some(day);
            });
        }
        batch.goals.push(row);
        for action in &goal.actions {
            let key: vocabulary::Id<vocabulary::ids::Action> =
                ids::named("action", &action.key.0.to_string());
            let ours = action.agency == crate::Agency::SocialCare;
            let state = match (action.done, &action.progress) {
                (Some(_), _) => ActionState::Done,
                (None, Some(_)) => ActionState::UnderWay,
                (None, None) => ActionState::ToDo,
            };
            let row = Action {
                id: key,
                plan_id: plan,
                family_id: self.id,
                goal_id: Some(id),
                what: action.what.clone(),
                agency: super::agency(action.agency).to_owned(),
                owner: action.owner.clone(),
                owner_worker_id: ours.then(|| self.worker_or(m.who)),
                owner_email: None,
                due_on: action.due,
                measure: action.measure.clone(),
                state: ActionState::ToDo,
                made_by: ids::worker(m.who),
                made_at: m.at,
                settled_on: None,
                version: 1,
            };
            let mut row = told(&m.by, m.at, row);
            let said = match (action.done, &action.progress) {
                (_, Some(progress)) => Some((self.land.now - Duration::days(2), progress.clone())),
                (Some(done), None) => Some((self.land.morning(done), "Done.".to_owned())),
                (None, None) => None,
            };
            if let Some((at, words)) = said {
                let at = at.max(m.at);
                row.change(&m.by, at, |row| {
                    row.state = state;
                    row.settled_on = action.done;
                });
                batch.updates.push(told(
                    &m.by,
                    at,
                    ActionUpdate {
                        id: self.ids.next(),
                        action_id: key,
                        family_id: self.id,
                        state,
                        words,
                        said_by: action.owner.clone(),
                        worker_id: ours.then(|| self.worker_or(m.who)),
                        link_id: None,
                        said_at: at,
                        version: 1,
                    },
                ));
            }
            batch.actions.push(row);
        }
    }

    pub(crate) fn meeting(
        &mut self,
        batch: &mut Batch,
        far: &SoFar,
        m: &Moment<'_>,
        meeting: &crate::Meeting,
    ) {
        let planned = m.at > self.land.now;
        let plan = far
            .plan
            .map(|p| batch.plans[p].row.clone())
            .filter(|p| p.state == PlanState::Open);
        let earlier = |batch: &Batch| {
            batch.meetings.iter().any(|x| {
                plan.as_ref().is_some_and(|p| x.row.plan_id == Some(p.id))
                    && x.row.state == MeetingState::Held
            })
        };
        let (kind, purpose) = match meeting.kind {
            MeetingKind::ChildInNeedReview if earlier(batch) => ("child_in_need_review", None),
            MeetingKind::ChildInNeedReview => ("child_in_need_first", None),
            MeetingKind::TeamAroundTheFamily => ("team_around_family", None),
            MeetingKind::Strategy => ("professionals", Some("Strategy discussion")),
            MeetingKind::CoreGroup => ("professionals", Some("Core group")),
            MeetingKind::InitialConference => {
                ("other", Some("Initial child protection conference"))
            }
            MeetingKind::ReviewConference => ("other", Some("Review child protection conference")),
            MeetingKind::ReviewInCare => ("other", Some("Review of a child in care")),
            MeetingKind::PathwayReview => ("other", Some("Review of a pathway plan")),
        };
        let id = ids::named("meeting", &meeting.key.0.to_string());
        let made_at = if planned {
            self.land.now - Duration::days(3)
        } else {
            m.at
        };
        let words = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let needs_interpreter = self.family.people.iter().any(|p| !p.child && p.interpreter);
        batch.meetings.push(told(
            &m.by,
            made_at,
            Meeting {
                id,
                kind: kind.to_owned(),
                family_id: self.id,
                plan_id: plan.as_ref().map(|p| p.id),
                held_at: m.at,
                place: Some("Larkmere civic centre, room 4".to_owned()),
                state: if planned {
                    MeetingState::Planned
                } else {
                    MeetingState::Held
                },
                purpose: purpose.map(str::to_owned),
                discussion: words(&meeting.summary),
                decision: words(&meeting.decisions),
                interpreter: needs_interpreter.then(|| "booked".to_owned()),
                chaired_by: self
                    .land
                    .workers
                    .get(m.who)
                    .map(|w| format!("{} {}", w.given, w.family)),
                made_by: ids::worker(m.who),
                version: 1,
            },
        ));
        for person in &meeting.people {
            self.attendance(batch, m, made_at, id, person);
        }
        if let (Some(plan), "child_in_need_first" | "child_in_need_review", false) =
            (&plan, kind, planned)
        {
            let about = About {
                kind: "plan",
                id: plan.id.to_string(),
                person: meeting.children.first().copied().map(ids::person),
                family: Some(self.id),
                contact: None,
                team: plan.team_id,
                worker: plan.worker_id,
                path: format!("/plans/{}", plan.id),
            };
            for event in ["meeting.first_held", "meeting.review_held"] {
                self.stop(batch, event, m.at, &about.id);
                if let Some(step) = plan.step_id {
                    self.stop(batch, event, m.at, step.as_str());
                }
            }
            self.start(batch, "meeting.held", m.at, &about, of_child_in_need);
        }
    }

    pub(super) fn attendance(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        at: chrono::DateTime<chrono::Utc>,
        meeting: vocabulary::Id<vocabulary::ids::Meeting>,
        person: &crate::Attendee,
    ) {
        let (came, absent_why, views) = match person.took {
            Took::Invited => (None, None, None),
            Took::Came => (Some("came"), None, None),
            Took::SentViews => (
                Some("sent_views"),
                None,
                Some("Sent a written report, which was read out."),
            ),
            Took::Apologies => (Some("absent"), Some("Sent apologies"), None),
            Took::Absent => (Some("absent"), Some("Gave no reason"), None),
        };
        let (name, role) = match person.name.split_once(", ") {
            Some((name, role)) => (name.to_owned(), role.to_owned()),
            None => (person.name.clone(), String::new()),
        };
        let of_family = self.family.people.iter().find(|p| {
            person.agency == crate::Agency::Family
                && format!("{} {}", p.given, p.family) == person.name
        });
        let ours = person.name == "Allocated worker";
        let worker = self.family.worker.as_deref().unwrap_or(m.who);
        let named = self
            .land
            .workers
            .get(worker)
            .map(|w| format!("{} {}", w.given, w.family));
        let row = MeetingPerson {
            id: self.ids.next(),
            meeting_id: meeting,
            family_id: self.id,
            person_id: of_family.map(|p| ids::person(p.no)),
            worker_id: ours.then(|| ids::worker(worker)),
            name: if ours { named.unwrap_or(name) } else { name },
            role: match (ours, of_family) {
                (true, _) => "Social worker".to_owned(),
                (_, Some(p)) if p.sex == 'F' => "Mother".to_owned(),
                (_, Some(_)) => "Father".to_owned(),
                _ => role,
            },
            agency: super::agency(person.agency).to_owned(),
            invited: true,
            came: came.map(str::to_owned),
            absent_why: absent_why.map(str::to_owned),
            views: views.map(str::to_owned),
            place: None,
            report_due: None,
            report_received: None,
            dissent: None,
            version: 1,
        };
        batch.attendances.push(told(&m.by, at, row));
    }

    pub(crate) fn closed(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        closed: &crate::Closed,
    ) {
        if let Some(plan) = far.plan.take() {
            batch.plans[plan].change(&m.by, m.at, |plan| {
                plan.state = PlanState::Closed;
                plan.ended_on = Some(m.day);
                plan.end_reason = closed.reason.map(str::to_owned);
                plan.different = Some(closed.different.clone());
            });
            let about = batch.plans[plan].row.id.to_string();
            self.stop(batch, "plan.closed", m.at, &about);
        }
        self.early_help_ended(batch, far, m, &closed.different);
        self.stop_family(batch, m.at);
        if let Some((worker, from, children)) = far.given.take() {
            for child in children {
                self.past_involvement(batch, m, &worker, from, child);
            }
        }
        let reason = closed.reason.unwrap_or_default();
        let form = self.land.casework.pack().form("plan-closure", m.day);
        let form = form.filter(|_| closed.reason.is_some());
        batch.decisions.push(told(&m.by, m.at, Decision {
            id: self.ids.next(),
            kind: "closure".to_owned(),
            contact_id: None,
            family_id: Some(self.id),
            person_id: None,
            step_id: None,
            level: None,
            indicators: json!([]),
            outcome: "close".to_owned(),
            rationale: closed.different.clone(),
            considered: None,
            alternatives: None,
            child_words: None,
            guide_version: None,
            form: form.map(|f| f.id.clone()),
            form_version: form.map(|f| f.version.to_string()),
            answers: json!({ "different": closed.different, "outcome": "close", "reason": reason }),
            decided_by: ids::worker(m.who),
            decided_at: m.at,
            version: 1,
        }));
        let wording = format!("The work ended. {}", closed.different);
        self.chronicle(batch, m, &closed.children, "plan", &wording, "medium", None);
    }

    /// The worker of work that has ended.
    fn past_involvement(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        worker: &str,
        from: chrono::NaiveDate,
        child: crate::PersonNo,
    ) {
        let Some(who) = self.land.workers.get(worker).copied() else {
            return;
        };
        let row = Involvement {
            id: self.ids.next(),
            person_id: ids::person(child),
            worker_id: Some(ids::worker(worker)),
            team_id: who.team.map(ids::team),
            role: "allocated".to_owned(),
            name: format!("{} {}", who.given, who.family),
            job_title: who.post.to_owned(),
            agency: "social_care".to_owned(),
            phone: Some(super::council::phone(worker)),
            email: Some(format!("{worker}@larkmere.example")),
            lead: true,
            sensitive: false,
            started_on: from,
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        let given = self.land.actor(self.manager());
        let mut row = told(&given, self.land.morning(from).min(m.at), row);
        row.change(&m.by, m.at, |with| {
            with.ended_on = Some(m.day.max(from));
            with.change_reason = Some("The work ended.".to_owned());
        });
        batch.involvements.push(row);
    }
}

//! The child and family assessment on the pack's form, and the manager's answer.

use casework::clocks::About;
use chrono::Duration;
use record::model::*;
use serde_json::json;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{PersonNo, WorkState};

/// The sections of the assessment's form, in its order.
const SECTIONS: [&str; 10] = [
    "summary",
    "people",
    "development",
    "parenting",
    "family",
    "balance",
    "child",
    "analysis",
    "factors",
    "telling",
];

impl Entry<'_> {
    pub(crate) fn assessment(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        work: &crate::Assessment,
    ) {
        let (referred, need) = far.referral.map_or((m.at, "N1"), |r| (r.1, r.3));
        let started_on = casework::time::local(referred).date();
        let at = self.step(
            batch,
            "child-and-family-assessment",
            started_on,
            m,
            &work.children,
        );
        let step = batch.steps[at].row.id;
        let worker = ids::worker(m.who);
        let done = work.state != WorkState::Draft;
        batch.steps[at].row.worker_id = Some(worker);
        if let Some(sent) = work.sent {
            let sent = casework::time::from_local(sent);
            let outcome = self.after(m.day);
            batch.steps[at].change(&m.by, sent, |step| {
                step.state = StepState::Submitted;
                step.submitted_by = Some(worker);
                step.submitted_at = Some(sent);
                step.outcome = Some(outcome.to_owned());
            });
        }
        far.assessments.insert(work.key, at);
        let sections = self.written(work, need, m.day, done);
        for (n, section) in SECTIONS.into_iter().enumerate() {
            let Some(answers) = sections.get(section) else {
                continue;
            };
            // Written over the first weeks, a section every third day.
            let later =
                (m.at + Duration::days(3 * n as i64)).min(self.land.now - Duration::hours(20));
            let written = Moment {
                at: later.max(m.at),
                ..m.clone()
            };
            self.section(
                batch,
                &written,
                at,
                &work.children,
                section,
                answers.clone(),
            );
        }
        if let (false, Some(last)) = (done, batch.sections.last_mut()) {
            last.row.finished = last.row.step_id != step;
        }
        let about = About {
            kind: "step",
            id: step.to_string(),
            person: work.children.first().copied().map(ids::person),
            family: Some(self.id),
            contact: None,
            team: self.team(),
            worker: Some(worker),
            path: format!("/steps/{step}"),
        };
        let kind = "child-and-family-assessment";
        self.start(batch, "referral.made", referred, &about, |r| {
            r.step.as_deref() == Some(kind)
        });
        let looked = referred + Duration::days(11);
        let young = (self.land.now - referred).num_days() < 20;
        if done || !young {
            self.stop(
                batch,
                "assessment.checkpoint",
                looked.min(self.land.now),
                &about.id,
            );
        }
        if let Some(reason) = work.late_reason {
            self.late(
                batch,
                "assessment",
                &about.id,
                &format!("{reason}."),
                self.manager(),
            );
        }
        if let (WorkState::WaitingForManager, Some(sent)) = (work.state, work.sent) {
            let about = About {
                worker: Some(ids::worker(self.manager())),
                ..about
            };
            let sent = casework::time::from_local(sent);
            self.start(batch, "step.submitted", sent, &about, |_| true);
        }
    }

    pub(crate) fn authorisation(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        answer: &crate::Authorisation,
    ) {
        let Some(&at) = far.assessments.get(&answer.of) else {
            return;
        };
        let step = batch.steps[at].row.id;
        batch.steps[at].change(&m.by, m.at, |step| {
            step.state = if answer.given {
                StepState::Done
            } else {
                StepState::SentBack
            };
            step.settled_by = Some(ids::worker(m.who));
            step.settled_at = Some(m.at);
            step.settled_words = Some(answer.comment.clone());
        });
        let form = self.land.casework.pack().form("authorisation", m.day);
        let decision = if answer.given {
            "authorise"
        } else {
            "send_back"
        };
        let field = if answer.given { "comment" } else { "reason" };
        batch.decisions.push(told(
            &m.by,
            m.at,
            Decision {
                id: self.ids.next(),
                kind: "authorisation".to_owned(),
                contact_id: None,
                family_id: Some(self.id),
                person_id: None,
                step_id: Some(step),
                level: None,
                indicators: json!([]),
                outcome: decision.to_owned(),
                rationale: answer.comment.clone(),
                considered: None,
                alternatives: None,
                child_words: None,
                guide_version: None,
                form: form.map(|f| f.id.clone()),
                form_version: form.map(|f| f.version.to_string()),
                answers: json!({ "decision": decision, field: answer.comment }),
                decided_by: ids::worker(m.who),
                decided_at: m.at,
                version: 1,
            },
        ));
        if !answer.given {
            return;
        }
        let about = step.to_string();
        self.stop(batch, "assessment.authorised", m.at, &about);
        self.stop(batch, "assessment.checkpoint", m.at, &about);
        self.stop(batch, "step.authorised", m.at, &about);
        far.assessed = Some(step);
        let children = self.subjects_of(batch, step);
        let outcome = batch.steps[at].row.outcome.clone();
        if outcome.as_deref() == Some("plan") {
            let about = About {
                kind: "step",
                id: about,
                person: children.first().copied().map(ids::person),
                family: Some(self.id),
                contact: None,
                team: self.team(),
                worker: batch.steps[at].row.worker_id,
                path: format!("/steps/{step}"),
            };
            self.start(batch, "assessment.authorised", m.at, &about, |_| true);
        }
        let source = Some(("step", step.to_string()));
        let words = "Child and family assessment finished and authorised.";
        self.chronicle(batch, m, &children, "assessment", words, "medium", source);
    }

    fn subjects_of(&self, batch: &Batch, step: Id<id::Step>) -> Vec<PersonNo> {
        let named: Vec<Id<id::Person>> = batch
            .step_subjects
            .iter()
            .filter(|s| s.row.step_id == step)
            .map(|s| s.row.person_id)
            .collect();
        let of_step = |p: &&crate::Person| named.contains(&ids::person(p.no));
        self.family
            .children()
            .filter(of_step)
            .map(|p| p.no)
            .collect()
    }
}

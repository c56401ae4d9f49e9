//! Referral, allocation, the assessment on the pack's form, and the manager's
//! answer.

use casework::clocks::About;
use chrono::{Duration, NaiveDate};
use record::model::*;
use serde_json::{Map, Value as Json, json};
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{Part, PersonNo, PlanKind, What, WorkState};

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
    pub(crate) fn referral(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        referral: &crate::Referral,
    ) {
        let contact = far.contacts.get(&referral.contact).map(|c| c.0);
        let reason = self.family.timeline.iter().find_map(|h| match &h.what {
            What::Decision(d) if d.contact == referral.contact => Some(d.rationale.clone()),
            _ => None,
        });
        far.referral = Some((batch.steps.len(), m.at, referral.contact, referral.need));
        let step = self.step(batch, "referral", m.day, m, &referral.children);
        batch.steps[step].row.contact_id = contact;
        let answers = json!({
            "reason": reason.unwrap_or_default(),
            "primary_need": referral.need,
            "outcome": "assess",
        });
        self.section(batch, m, step, &referral.children, "referral", answers);
        let words = if referral.again_within_year {
            "Referral to social care, the second within twelve months."
        } else {
            "Referral to social care."
        };
        let source = Some(("step", batch.steps[step].row.id.to_string()));
        self.chronicle(
            batch,
            m,
            &referral.children,
            "contact",
            words,
            "medium",
            source,
        );
    }

    /// A step with the children it is about; gives where its row waits.
    fn step(
        &mut self,
        batch: &mut Batch,
        kind: &str,
        started_on: NaiveDate,
        m: &Moment<'_>,
        children: &[PersonNo],
    ) -> usize {
        let pack = self.land.casework.pack();
        let def = pack.step(kind, m.day);
        let form = def.and_then(|d| pack.form(&d.form, m.day));
        let row = Step {
            id: self.ids.next(),
            kind: kind.to_owned(),
            form: form.map(|f| f.id.clone()),
            form_version: form.map(|f| f.version.to_string()),
            pack_version: def.map(|d| d.version.to_string()).unwrap_or_default(),
            family_id: self.id,
            contact_id: None,
            team_id: self.team().or_else(|| Some(ids::team("south"))),
            worker_id: None,
            state: StepState::Open,
            started_on,
            submitted_by: None,
            submitted_at: None,
            settled_by: None,
            settled_at: None,
            settled_words: None,
            outcome: None,
            version: 1,
        };
        for person_id in Self::persons(children) {
            let subject = StepSubject {
                id: self.ids.next(),
                step_id: row.id,
                person_id,
                version: 1,
            };
            batch.step_subjects.push(told(&m.by, m.at, subject));
        }
        batch.steps.push(told(&m.by, m.at, row));
        batch.steps.len() - 1
    }

    fn section(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        step: usize,
        children: &[PersonNo],
        section: &str,
        answers: Json,
    ) {
        let Some(first) = children.first() else {
            return;
        };
        let row = StepSection {
            id: self.ids.next(),
            step_id: batch.steps[step].row.id,
            subject_id: ids::person(*first),
            section: section.to_owned(),
            answers,
            finished: true,
            saved_by: ids::worker(m.who),
            saved_at: m.at,
            version: 1,
        };
        batch.sections.push(told(&m.by, m.at, row));
    }

    pub(crate) fn allocated(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        given: &crate::Allocated,
    ) {
        let worker = ids::worker(&given.worker);
        if let Some((step, ..)) = far.referral {
            batch.steps[step].change(&m.by, m.at, |step| {
                step.worker_id = Some(worker);
                step.team_id = Some(ids::team(given.team));
                step.state = StepState::Done;
                step.outcome = Some("assess".to_owned());
                step.settled_by = Some(ids::worker(m.who));
                step.settled_at = Some(m.at);
                step.settled_words = Some(given.reason.to_owned());
            });
        }
        batch.decisions.push(told(
            &m.by,
            m.at,
            Decision {
                id: self.ids.next(),
                kind: "allocation".to_owned(),
                contact_id: None,
                family_id: Some(self.id),
                person_id: None,
                step_id: None,
                level: None,
                indicators: json!([]),
                outcome: "allocated".to_owned(),
                rationale: format!("{}.", given.reason),
                considered: None,
                alternatives: None,
                child_words: None,
                guide_version: None,
                form: None,
                form_version: None,
                answers: json!({}),
                decided_by: ids::worker(m.who),
                decided_at: m.at,
                version: 1,
            },
        ));
        far.given = Some((given.worker.clone(), m.day, given.children.clone()));
    }

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

    /// What followed an assessment that began on a day.
    fn after(&self, day: NaiveDate) -> &'static str {
        let later = self.family.timeline.iter().filter(|h| h.at.date() >= day);
        for happening in later {
            match &happening.what {
                What::Plan(plan) if plan.kind == PlanKind::ChildInNeed => return "plan",
                What::Plan(plan) if plan.kind == PlanKind::EarlyHelp => return "early_help",
                What::Plan(_) | What::StrategyDiscussion(_) | What::ProtectionPlan(_) => {
                    return "strategy";
                }
                What::Closed(_) => return "close",
                _ => {}
            }
        }
        "close"
    }

    /// The answers by section, in the words of the form.
    fn written(
        &self,
        work: &crate::Assessment,
        need: &str,
        began: NaiveDate,
        done: bool,
    ) -> Map<String, Json> {
        let text = |part: Part| {
            let found = work.parts.iter().find(|p| p.0 == part);
            found.map(|p| p.1.clone())
        };
        let join = |a: Option<String>, b: Option<String>| match (a, b) {
            (Some(a), Some(b)) => Some(format!("{a}\n\n{b}")),
            (a, b) => a.or(b),
        };
        let mut all = Map::new();
        let mut put = |section: &str, answers: Option<Json>| {
            if let Some(answers) = answers {
                all.insert(section.to_owned(), answers);
            }
        };
        let summary = join(text(Part::WhyNow), text(Part::Summary));
        put("summary", summary.map(|t| json!({ "summary": t })));
        let children: Vec<String> = work
            .children
            .iter()
            .map(|c| ids::person(*c).to_string())
            .collect();
        let other = text(Part::OtherParent);
        put(
            "people",
            other.is_some().then(|| {
                let adults: Vec<String> = self
                    .family
                    .people
                    .iter()
                    .filter(|p| !p.child)
                    .map(|p| ids::person(p.no).to_string())
                    .collect();
                let apart = self.family.people.iter().any(|p| p.address_protected);
                let one = adults.len() < 2;
                let answer = match (apart, one) {
                    (true, _) => "not_safe",
                    (_, true) => "no_other_parent",
                    _ => "took_part",
                };
                let mut said = json!({
                    "children": children,
                    "took_part": adults,
                    "agencies": ["school", "health"],
                    "other_parent": answer,
                });
                if apart {
                    said["other_parent_why"] =
                        "To ask him now could tell him where the family lives.".into();
                }
                said
            }),
        );
        put(
            "development",
            text(Part::ChildsNeeds).map(|t| json!({ "development": t })),
        );
        put(
            "parenting",
            text(Part::Parenting).map(|t| json!({ "parenting": t })),
        );
        put(
            "family",
            text(Part::FamilyAndEnvironment).map(|t| json!({ "family": t })),
        );
        put(
            "balance",
            text(Part::Strengths).map(|strengths| {
                let grey = text(Part::GreyAreas).unwrap_or_default();
                let unknown: Vec<Json> = grey
                    .split_inclusive(". ")
                    .filter(|t| !t.trim().is_empty())
                    .map(|t| json!({ "unknown": t.trim(), "find_out": "Ask at the next visit" }))
                    .collect();
                json!({
                    "strengths": strengths,
                    "worries": text(Part::Worries).unwrap_or_default(),
                    "grey_areas": unknown,
                })
            }),
        );
        let voice = text(Part::ChildsVoice);
        put(
            "child",
            voice.map(|t| json!({ "childs_words": t, "parents_view": other.unwrap_or_default() })),
        );
        let next = text(Part::NextSteps);
        put(
            "analysis",
            text(Part::Analysis).map(|t| {
                let mut said = json!({ "analysis": t });
                if done {
                    said["outcome"] = self.after(began).into();
                }
                said
            }),
        );
        if done {
            put(
                "factors",
                Some(json!({ "factors": work.factors, "primary_need": need })),
            );
            let names = self.names(&work.children);
            let next = next.unwrap_or_else(|| "We will come and see you again.".to_owned());
            let letter = format!(
                "Dear {names}. Thank you for talking with us. We have written down what you said. {next}"
            );
            put("telling", Some(json!({ "tell_child": letter })));
        }
        all
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

//! Referral and allocation, and the step that a piece of work is.

use chrono::NaiveDate;
use record::model::*;
use serde_json::{Value as Json, json};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{PersonNo, What};

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
    pub(super) fn step(
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

    pub(super) fn section(
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
}

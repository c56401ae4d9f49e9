//! Sending a step to a manager: what stops, what asks for a reason, and what is
//! still unsaved.

use packs::{Answers, Finding, Severity};
use record::model::{Step, StepState};
use record::submissions::Once;
use record::{Asked, Viewer};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use super::open::about_step;
use super::overview::{Missing, missing};
use super::save::put_section;
use super::seen::{SectionSeen, StepSeen, find};
use crate::{Casework, Error, Result, clocks};

/// The page on which a step is sent.
#[derive(Debug, Clone)]
pub struct SubmitPage {
    /// The step.
    pub seen: StepSeen,
    /// What must be put right first.
    pub stops: Vec<Missing>,
    /// What a reason is enough for.
    pub warns: Vec<Missing>,
    /// Sections with words of the viewer that are not saved: id and title.
    pub unsaved: Vec<(String, String)>,
    /// Who will be asked, if the team has a manager.
    pub to: Option<String>,
}

/// A step that was sent.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The page it was sent from, to show again with its findings.
    pub page: SubmitPage,
    /// The findings that are left; none when it was sent.
    pub findings: Vec<Finding>,
}

impl Casework {
    /// What is missing before a step can be sent.
    pub async fn submit_page(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<SubmitPage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/submit"))
            .await?;
        let sections = self.step_sections(&seen).await?;
        self.page_to_submit(viewer, seen, &sections).await
    }

    async fn page_to_submit(
        &self,
        viewer: &Viewer,
        seen: StepSeen,
        sections: &[SectionSeen],
    ) -> Result<SubmitPage> {
        let drafts = self.drafts_in(viewer, &seen).await?;
        let mut unsaved = Vec::new();
        for section in &seen.form.sections {
            let target = seen.target(&section.id);
            if drafts.iter().any(|draft| draft.target == target) {
                unsaved.push((section.id.clone(), section.title.clone()));
            }
        }
        let (stops, warns) = missing(&seen.form, sections)
            .into_iter()
            .partition(Missing::stops);
        let to = match seen.manager.or(seen.supervisor) {
            Some(manager) => Some(self.worker_name(manager).await?),
            None => None,
        };
        Ok(SubmitPage {
            seen,
            stops,
            warns,
            unsaved,
            to,
        })
    }

    /// Sends a step to a manager, with the reasons for what is left out. A step
    /// that needs no manager is finished with the outcome that its form says.
    ///
    /// The findings that come back are what is still missing; then nothing was
    /// changed.
    pub async fn submit_step(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        reasons: &[(String, String)],
        once: &str,
    ) -> Result<Submitted> {
        let seen = self.step_to_write(viewer, id, "send a step").await?;
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Only those who write assessments can send one.".into(),
            ));
        }
        let sections = self.step_sections(&seen).await?;
        let page = self.page_to_submit(viewer, seen.clone(), &sections).await?;
        if !seen.is_open() {
            // The second press of the button finds its work done.
            return Ok(Submitted {
                page,
                findings: Vec::new(),
            });
        }
        let reason = |missing: &Missing| {
            let name = format!("{}_reason", missing.finding.field);
            let given = reasons.iter().find(|(field, _)| *field == name);
            given
                .map(|(_, words)| words.trim())
                .filter(|words| !words.is_empty())
                .map(|words| (name.clone(), words.to_owned()))
        };
        let mut findings: Vec<Finding> = page.stops.iter().map(|m| m.finding.clone()).collect();
        findings.extend(
            page.unsaved
                .iter()
                .map(|(id, title)| unsaved_finding(id, title)),
        );
        let mut given: Vec<(String, (String, String))> = Vec::new();
        for missing in &page.warns {
            match reason(missing) {
                Some(words) => given.push((missing.section.clone(), words)),
                None => findings.push(missing.finding.clone()),
            }
        }
        if !findings.is_empty() {
            return Ok(Submitted { page, findings });
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &seen.path()).await? {
            return Err(Error::Already(location));
        }
        for section in &seen.form.sections {
            let here: Vec<&(String, String)> = given
                .iter()
                .filter(|(id, _)| *id == section.id)
                .map(|(_, words)| words)
                .collect();
            if here.is_empty() {
                continue;
            }
            let base = find(&sections, &section.id).map_or(0, |s| s.version);
            put_section(&mut tx, viewer, &seen, &section.id, base, |row| {
                let mut answers = row.answers.as_object().cloned().unwrap_or_default();
                for (name, words) in here {
                    answers.insert(name.clone(), Json::String(words.clone()));
                }
                row.answers = answers.into();
            })
            .await?;
        }
        let mut step: Step = tx.get(id).await?;
        if step.version != seen.step.version {
            return Err(Error::Stale);
        }
        let now = tx.now();
        step.submitted_by = Some(viewer.principal.worker);
        step.submitted_at = Some(now);
        step.settled_by = None;
        step.settled_at = None;
        step.settled_words = None;
        if seen.def.authorise.is_none() {
            let outcome = super::seen::all_answers(&sections)
                .text("outcome")
                .to_owned();
            step.state = StepState::Done;
            step.outcome = seen.def.outcome(&outcome).map(|o| o.id.clone());
            tx.update(&mut step).await?;
            clocks::stop_all(&mut tx, now, "step", step.id.as_str()).await?;
            let children: Vec<_> = seen.children.iter().map(|child| child.id).collect();
            self.follow_on(&mut tx, &step, &["submitted", "finished"], &children, now)
                .await?;
        } else {
            step.state = StepState::Submitted;
            tx.update(&mut step).await?;
            for event in events(&step.kind, "submitted") {
                clocks::stop(&mut tx, self.pack(), &event, now, "step", step.id.as_str()).await?;
                let mut about = about_step(&step, Some(seen.first.id));
                about.worker = seen.manager.or(seen.supervisor);
                about.path = format!("{}/authorise", seen.path());
                clocks::start(&mut tx, self.pack(), &event, now, &about).await?;
            }
        }
        tx.commit().await?;
        Ok(Submitted {
            page,
            findings: Vec::new(),
        })
    }
}

/// The events of the pack that belong to a deed on a step.
pub(crate) fn events(kind: &str, deed: &str) -> Vec<String> {
    let mut events = vec![format!("step.{deed}")];
    if kind.ends_with("assessment") {
        events.push(format!("assessment.{deed}"));
    }
    events
}

fn unsaved_finding(section: &str, title: &str) -> Finding {
    Finding {
        field: format!("unsaved-{section}"),
        label: title.to_owned(),
        message: format!("Save or throw away your draft of “{title}”: it would not be sent"),
        severity: Severity::Stop,
    }
}

/// The recommendation of whoever wrote it, for the manager.
pub(crate) fn recommended(seen: &StepSeen, answers: &Answers) -> Option<String> {
    let value = answers.text("outcome");
    let field = seen.form.field("outcome")?;
    let label = field.kind.options()?.label(value);
    (!value.is_empty()).then(|| label.to_owned())
}

//! A manager who did not write it authorises a step or sends it back, with
//! their own view. Nobody authorises their own work (R003-23).

use packs::{Answers, Finding, Form, Severity};
use record::model::{Chronology, ChronologyState, Decision, Step, StepState};
use record::submissions::Once;
use record::{Asked, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::document::Document;
use super::open::about_step;
use super::overview::outcome_words;
use super::seen::{SectionSeen, StepSeen, all_answers};
use super::submit::{events, recommended};
use crate::clocks::ClockView;
use crate::plans::close::is_closure;
use crate::protection::{self, Earlier};
use crate::{Casework, Error, Result, clocks, time};

/// What a manager decides.
#[derive(Debug, Clone)]
pub struct Authorisation {
    /// The step.
    pub step: Id<ids::Step>,
    /// The answers to the form `authorisation`.
    pub answers: Answers,
    /// One of the step's outcomes.
    pub outcome: String,
    /// The page's token.
    pub once: String,
}

/// The page on which a manager decides.
#[derive(Debug, Clone)]
pub struct AuthorisePage {
    /// The whole work as one document.
    pub document: Document,
    /// The form of the decision.
    pub form: Form,
    /// What the writer thinks should happen.
    pub recommended: Option<String>,
    /// The clocks of the step.
    pub clocks: Vec<ClockView>,
    /// Before a step-down is decided: what became of the earlier ones
    /// (R004-25). Nothing for other work.
    pub earlier: Option<Vec<Earlier>>,
}

/// Whether a viewer may decide on a step: `Ok(false)` for those who never
/// authorise, the reason for a manager who may not authorise this one.
pub(crate) fn may_decide(viewer: &Viewer, seen: &StepSeen) -> std::result::Result<bool, String> {
    let Some(rule) = &seen.def.authorise else {
        return Ok(false);
    };
    if !viewer.can(&rule.capability) {
        return Ok(false);
    }
    let me = viewer.principal.worker;
    let mine = [seen.step.submitted_by, seen.step.worker_id].contains(&Some(me));
    if rule.not_author && mine {
        return Err(own_work());
    }
    let team = seen
        .step
        .team_id
        .is_some_and(|team| viewer.principal.teams_supervised.contains(&team));
    if team || seen.supervisor == Some(me) || viewer.can("case.oversee") {
        return Ok(true);
    }
    Err(format!(
        "This is the work of {}. Its own manager authorises it, or a head of service.",
        seen.team.as_deref().unwrap_or("another team")
    ))
}

fn own_work() -> String {
    "You wrote in this, so you cannot authorise it. Two people must have looked before something changes for a child. Ask another manager.".into()
}

impl Casework {
    /// The page on which a manager decides, with the whole work on it.
    ///
    /// # Errors
    /// [`Error::Refused`] for one's own work, and for the work of another team.
    pub async fn authorise_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
    ) -> Result<AuthorisePage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/authorise"))
            .await?;
        self.gate_of_two(viewer, &seen).await?;
        let sections = self.step_sections(&seen).await?;
        let clocks = self.step_clocks(&seen).await?;
        let recommended = recommended(&seen, &all_answers(&sections));
        let earlier = match seen.step.kind.as_str() {
            protection::STEP_DOWN => Some(self.earlier_step_downs(&seen.children).await?),
            _ => None,
        };
        let document = self.document_of(viewer, seen, &sections).await?;
        Ok(AuthorisePage {
            document,
            form: self.form("authorisation")?.clone(),
            recommended,
            clocks,
            earlier,
        })
    }

    /// The hard gate: a manager of this work, who wrote none of it.
    async fn gate_of_two(&self, viewer: &Viewer, seen: &StepSeen) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Wrote {
            actor: String,
        }
        if !may_decide(viewer, seen).map_err(Error::Refused)? {
            return Err(Error::Refused(
                "Only a manager can authorise this work. You can read it, and you can ask the manager.".into(),
            ));
        }
        let wrote: Option<Wrote> = self
            .store()
            .read_db()
            .maybe(
                "select j.actor from journal j join step_section s on s.id = j.object_id \
                 where j.object_kind = 'step_section' and s.step_id = $1 and j.actor = $2 limit 1",
                args![seen.step.id, viewer.principal.worker],
            )
            .await?;
        let not_author = seen
            .def
            .authorise
            .as_ref()
            .is_some_and(|rule| rule.not_author);
        match wrote {
            Some(wrote) if not_author => {
                tracing::info!(actor = wrote.actor, "own work was not authorised");
                Err(Error::Refused(own_work()))
            }
            _ => Ok(()),
        }
    }

    /// Authorises a step or sends it back, with the manager's own view, which
    /// is kept as a decision for ever (R003-06).
    pub async fn authorise(&self, viewer: &Viewer, given: Authorisation) -> Result<StepSeen> {
        let seen = self.step_to_write(viewer, given.step, "authorise").await?;
        self.gate_of_two(viewer, &seen).await?;
        let form = self.form("authorisation")?.clone();
        let mut findings = form.check(&given.answers, None);
        let authorised = given.answers.text("decision") == "authorise";
        if authorised && seen.def.outcome(&given.outcome).is_none() {
            findings.push(Finding {
                field: "outcome".into(),
                label: "What happens next?".into(),
                message: "Choose what happens next".into(),
                severity: Severity::Stop,
            });
        }
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        if seen.step.state != StepState::Submitted {
            return Err(Error::Refused(
                "This is not waiting for a manager now: it was decided already, or not sent yet."
                    .into(),
            ));
        }
        let sections = self.step_sections(&seen).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(&given.once, &seen.path()).await? {
            return Err(Error::Already(location));
        }
        let view = given
            .answers
            .text(if authorised { "view" } else { "reason" });
        tx.because_of(view);
        let mut step: Step = tx.get(given.step).await?;
        if step.version != seen.step.version {
            return Err(Error::Stale);
        }
        let now = tx.now();
        step.settled_by = Some(viewer.principal.worker);
        step.settled_at = Some(now);
        step.settled_words = Some(view.to_owned());
        step.state = if authorised {
            StepState::Done
        } else {
            StepState::SentBack
        };
        step.outcome = authorised.then(|| given.outcome.clone());
        tx.update(&mut step).await?;
        let decision = decision(viewer, &seen, &sections, &given, &form, now);
        tx.insert(&decision).await?;
        if authorised {
            self.settled(&mut tx, viewer, &seen, &step, &given.outcome)
                .await?;
        } else {
            clocks::stop(
                &mut tx,
                self.pack(),
                "step.authorised",
                now,
                "step",
                step.id.as_str(),
            )
            .await?;
        }
        tx.commit().await?;
        Ok(seen)
    }

    /// What follows from an authorisation: clocks stop and start, the
    /// chronology gets a proposal, and when the work ends, so do the workers'
    /// involvements.
    async fn settled(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &StepSeen,
        step: &Step,
        outcome: &str,
    ) -> Result<()> {
        let now = tx.now();
        clocks::stop_all(tx, now, "step", step.id.as_str()).await?;
        let next = seen.def.outcome(outcome).map_or(&[][..], |o| &o.next);
        let mut about = about_step(step, Some(seen.first.id));
        about.path = format!("/people/{}/plan", seen.first.id);
        for event in events(&step.kind, "authorised") {
            for rule in self
                .pack()
                .clocks_started_by(&event, time::local(now).date())
            {
                // A clock of a step that this outcome does not lead to stays still.
                if rule.step.as_ref().is_none_or(|of| next.contains(of)) {
                    clocks::start_rule(tx, self.pack(), rule, now, &about).await?;
                }
            }
        }
        let children: Vec<_> = seen.children.iter().map(|child| child.id).collect();
        self.follow_on(tx, step, &["authorised", "finished"], &children, now)
            .await?;
        if step.kind == "step-down" && outcome == "step_down" {
            let answers = self.answers_of(step.id).await?;
            self.step_down_agreed(tx, step, &children, &answers).await?;
        }
        let words = format!(
            "{} finished: {}",
            seen.def.title,
            outcome_words(seen, outcome)
        );
        let mine = seen.children.iter().map(|child| child.id);
        for person_id in mine {
            tx.insert(&Chronology {
                id: Id::new(),
                person_id,
                happened_on: time::local(now).date(),
                kind: if is_closure(&step.kind) {
                    "other"
                } else {
                    "assessment"
                }
                .into(),
                wording: words.clone(),
                response: None,
                impact: None,
                significance: None,
                state: ChronologyState::Proposed,
                source_kind: Some("step".into()),
                source_id: Some(step.id.to_string()),
                reported_by: None,
                made_at: now,
                settled_by: None,
                settled_at: None,
                version: 1,
            })
            .await?;
        }
        if is_closure(&step.kind) {
            self.end_work(tx, viewer, step).await?;
        }
        Ok(())
    }
}

fn decision(
    viewer: &Viewer,
    seen: &StepSeen,
    sections: &[SectionSeen],
    given: &Authorisation,
    form: &Form,
    now: chrono::DateTime<chrono::Utc>,
) -> Decision {
    let authorised = given.answers.text("decision") == "authorise";
    let words = all_answers(sections);
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let versions: serde_json::Map<String, serde_json::Value> = sections
        .iter()
        .map(|s| {
            (
                s.section.clone(),
                json!({ "row": s.id, "version": s.version }),
            )
        })
        .collect();
    let mut answers = given.answers.as_map().clone();
    answers.insert("sections".into(), versions.into());
    let sent = seen.step.submitted_at.map_or_else(String::new, |at| {
        format!(" on {}", vocabulary::plain::date_time(time::local(at)))
    });
    Decision {
        id: Id::new(),
        kind: "authorisation".into(),
        contact_id: None,
        family_id: Some(seen.step.family_id),
        person_id: None,
        step_id: Some(seen.step.id),
        level: None,
        indicators: json!([]),
        outcome: if authorised {
            given.outcome.clone()
        } else {
            "sent_back".into()
        },
        rationale: given
            .answers
            .text(if authorised { "view" } else { "reason" })
            .to_owned(),
        considered: Some(format!(
            "{} as sent by {}{sent}",
            seen.def.title,
            seen.submitter.as_deref().unwrap_or("its author")
        )),
        alternatives: some(given.answers.text("alternatives")),
        child_words: some(words.text("tell_child"))
            .or_else(|| some(words.text("tell_child_reason")).map(|r| format!("Not told yet: {r}")))
            .filter(|_| authorised),
        guide_version: None,
        form: Some(form.id.clone()),
        form_version: Some(form.version.to_string()),
        answers: answers.into(),
        decided_by: viewer.principal.worker,
        decided_at: now,
        version: 1,
    }
}

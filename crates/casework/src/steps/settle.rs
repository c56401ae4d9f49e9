//! Passing a step over with a reason, looking at it on its way, and what a
//! step's state is called.

use record::Viewer;
use record::model::{Decision, Step, StepState};
use record::submissions::Once;
use vocabulary::{Id, ids};

use super::seen::StepSeen;
use crate::{Casework, Error, Result, clocks};

/// A state in people's words.
pub fn state_words(state: StepState) -> &'static str {
    match state {
        StepState::Open => "Being written",
        StepState::Submitted => "With a manager",
        StepState::SentBack => "Sent back",
        StepState::Done => "Finished",
        StepState::Skipped => "Left out",
    }
}

impl Casework {
    /// Passes a step over, with a reason (R001-32): no step is a dead end.
    ///
    /// # Errors
    /// [`Error::Refused`] for the few steps that the pack does not let go.
    pub async fn skip_step(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        reason: &str,
        once: &str,
    ) -> Result<StepSeen> {
        let seen = self.step_to_write(viewer, id, "pass a step over").await?;
        if !seen.def.skip_with_reason {
            return Err(Error::Refused(format!(
                "“{}” cannot be left out: a child’s work with us does not end or begin without it. You can save what there is, or send it with a reason for what is missing.",
                seen.def.title
            )));
        }
        if !seen.is_open() {
            return Err(Error::Refused(
                "This is no longer being written, so it cannot be left out.".into(),
            ));
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::finding(
                "reason",
                "Reason",
                "Write why this step is left out and what happens instead",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &seen.path()).await? {
            return Err(Error::Already(location));
        }
        tx.because_of(reason);
        let mut step: Step = tx.get(id).await?;
        let now = tx.now();
        step.state = StepState::Skipped;
        step.settled_by = Some(viewer.principal.worker);
        step.settled_at = Some(now);
        step.settled_words = Some(reason.to_owned());
        tx.update(&mut step).await?;
        clocks::stop_all(&mut tx, now, "step", step.id.as_str()).await?;
        let event = format!("{}.skipped", step.kind);
        let children: Vec<_> = seen.children.iter().map(|child| child.id).collect();
        clocks::stop_of(&mut tx, self.pack(), &event, now, &children).await?;
        tx.commit().await?;
        Ok(seen)
    }

    /// Records that a manager looked at an assessment on its way, with what
    /// they saw, and stops the clock of that look.
    pub async fn checkpoint(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        words: &str,
        once: &str,
    ) -> Result<()> {
        let seen = self.step_to_write(viewer, id, "look on the way").await?;
        super::authorise::may_decide(viewer, &seen).map_err(Error::Refused)?;
        let words = words.trim();
        if words.is_empty() {
            return Err(Error::finding(
                "words",
                "What you saw",
                "Write what you saw and what you agreed",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &seen.path()).await? {
            return Err(Error::Already(location));
        }
        let now = tx.now();
        tx.insert(&Decision {
            id: Id::new(),
            kind: "checkpoint".into(),
            contact_id: None,
            family_id: Some(seen.step.family_id),
            person_id: None,
            step_id: Some(seen.step.id),
            level: None,
            indicators: serde_json::json!([]),
            outcome: "looked".into(),
            rationale: words.to_owned(),
            considered: None,
            alternatives: None,
            child_words: None,
            guide_version: None,
            form: None,
            form_version: None,
            answers: serde_json::json!({}),
            decided_by: viewer.principal.worker,
            decided_at: now,
            version: 1,
        })
        .await?;
        let event = "assessment.checkpoint";
        clocks::stop(
            &mut tx,
            self.pack(),
            event,
            now,
            "step",
            seen.step.id.as_str(),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

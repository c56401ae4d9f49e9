//! After the panel: the agency decision-maker decides with reasons, they are
//! told in person and in writing, and a decision against them is a
//! determination: 28 days to answer, then the final one. Nothing changes for
//! the household before that.

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Carer, Decision, PanelItem};
use record::{Tx, Viewer};
use vocabulary::{Id, plain};

use super::items::terms_given;
use super::{ItemSeen, is_determination};
use crate::asking::said;
use crate::carers::is_foster;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// Nobody who sat on the panel decides (SI 2011/581, regulation 27).
    pub(super) fn may_decide(&self, viewer: &Viewer, seen: &ItemSeen) -> Result<()> {
        let sat = |name: &str| name.trim().eq_ignore_ascii_case(viewer.name.trim());
        if seen
            .members
            .iter()
            .any(|m| m.came == Some(true) && sat(&m.name))
        {
            let why = "You sat on this panel. The law does not let a member of the panel decide (SI 2011/581, regulation 27). Ask another decision-maker.";
            return Err(Error::Refused(why.into()));
        }
        Ok(())
    }

    pub(super) async fn save_decision(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ItemSeen,
        answers: &Answers,
    ) -> Result<String> {
        let decision = answers.text("decision").to_owned();
        let mut item: PanelItem = tx.get(seen.item.id).await?;
        if decision == "other" && terms_given(&item, "other").is_none() {
            let message =
                "The panel proposed no other terms. Decide yes or no, or ask the panel again";
            return Err(Error::finding("decision", "Decision", message));
        }
        let differs = item.recommendation.as_deref() != Some(decision.as_str());
        let why = said(answers, "differs_why");
        if differs && why.is_none() {
            let message = "Write why you decide otherwise than the panel recommends";
            return Err(Error::finding("differs_why", "Why it differs", message));
        }
        let day = viewer.today;
        item.decision = Some(decision.clone());
        item.decision_reasons = said(answers, "reasons");
        item.differs_why = why;
        item.decided_by = Some(viewer.principal.worker);
        item.decided_on = Some(day);
        let against = is_determination(&item);
        let at = time::start_of(day);
        clocks::stop_all(tx, at, "panel_item", item.id.as_str()).await?;
        let about = self.about_item(seen, "told");
        clocks::start(tx, self.pack(), "sitting.decided", at, &about).await?;
        if !against {
            self.put_into_force(tx, seen, &item, &decision, day).await?;
        }
        if !against || item.match_id.is_some() {
            item.final_on = Some(day);
        }
        if let Some(matched) = item.match_id {
            let carer = &seen.seen.carer;
            self.match_decided(tx, matched, carer, &decision, day)
                .await?;
        }
        self.keep_decision(tx, viewer, seen, &item, answers).await?;
        tx.update(&mut item).await?;
        Ok(match against {
            true => "Saved. This is a determination: they have 28 days from the letter, and nothing changes before that.".into(),
            false => "The decision is saved. Tell them in person within 2 working days, and in writing within 5.".into(),
        })
    }

    /// The decision with its reasons, for good (R004-11).
    async fn keep_decision(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ItemSeen,
        item: &PanelItem,
        answers: &Answers,
    ) -> Result<()> {
        let row = Decision {
            id: Id::new(),
            kind: "panel".into(),
            contact_id: None,
            family_id: Some(seen.seen.carer.family_id),
            person_id: None,
            step_id: None,
            level: None,
            indicators: serde_json::json!([]),
            outcome: format!(
                "{}: {}",
                self.label("panel-item", &item.kind),
                decision_words(item.decision.as_deref().unwrap_or_default())
            ),
            rationale: item.decision_reasons.clone().unwrap_or_default(),
            considered: Some(self.recommended_words(item)),
            alternatives: item.differs_why.clone(),
            child_words: None,
            guide_version: None,
            form: Some("panel-decision".into()),
            form_version: Some(self.form("panel-decision")?.version.to_string()),
            answers: answers.clone().into_map().into(),
            decided_by: viewer.principal.worker,
            decided_at: tx.now(),
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }

    /// What a decision changes for the household.
    async fn put_into_force(
        &self,
        tx: &mut Tx,
        seen: &ItemSeen,
        item: &PanelItem,
        decision: &str,
        day: NaiveDate,
    ) -> Result<()> {
        let mut carer: Carer = tx.get(seen.seen.carer.id).await?;
        match (item.kind.as_str(), decision) {
            ("approval" | "adopt_approval", "yes" | "other") => {
                if let Some(terms) = terms_given(item, decision) {
                    self.set_terms(tx, &carer, &terms, day).await?;
                }
                carer.approved_on = Some(day);
                self.to_stage(tx, &mut carer, "approved", day).await?;
                let event = match is_foster(&carer) {
                    true => "carer.approved",
                    false => "adopter.approved",
                };
                if !is_foster(&carer) {
                    self.carer_event(tx, &carer, "sitting.decided_adopters", day, "")
                        .await?;
                }
                self.start_after_approval(tx, &carer, event, day).await?;
            }
            ("approval" | "adopt_approval", _) => {
                self.close(tx, &mut carer, "not_going_on", day).await?;
            }
            ("terms" | "review" | "first_review" | "adopt_review", "yes" | "other") => {
                if let Some(terms) = terms_given(item, decision) {
                    self.set_terms(tx, &carer, &terms, day).await?;
                }
            }
            ("end", "yes") | ("review" | "first_review" | "adopt_review", "no") => {
                self.close(tx, &mut carer, "terminated", day).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The clocks of an approval, each with the page where its work is done.
    async fn start_after_approval(
        &self,
        tx: &mut Tx,
        carer: &Carer,
        event: &str,
        day: NaiveDate,
    ) -> Result<()> {
        for rule in self.pack().clocks_started_by(event, day) {
            let word = match rule.id.as_str() {
                "carer-review" | "adopter-review" => "review",
                "carer-visit" | "carer-unannounced" => "visit",
                "carer-standards" => "training",
                _ => "",
            };
            let about = self.about_carer(carer, word);
            clocks::start_rule(tx, self.pack(), rule, time::start_of(day), &about).await?;
        }
        Ok(())
    }

    pub(super) async fn save_told_item(
        &self,
        tx: &mut Tx,
        seen: &ItemSeen,
        answers: &Answers,
    ) -> Result<String> {
        let mut item: PanelItem = tx.get(seen.item.id).await?;
        let (person, letter) = (answers.date("told_words_on"), answers.date("told_on"));
        if person.is_none() && letter.is_none() {
            let message = "Write when they were told in person, or when the letter went";
            return Err(Error::finding("told_words_on", "When?", message));
        }
        let id = item.id.to_string();
        if let Some(day) = person {
            item.told_words_on = Some(day);
            let at = time::start_of(day);
            clocks::stop(
                tx,
                self.pack(),
                "sitting.told_in_person",
                at,
                "panel_item",
                &id,
            )
            .await?;
        }
        if let Some(day) = letter {
            item.told_on = Some(day);
            let at = time::start_of(day);
            clocks::stop(tx, self.pack(), "sitting.told", at, "panel_item", &id).await?;
            if is_determination(&item) {
                let about = self.about_item(seen, "answer");
                clocks::start(tx, self.pack(), "sitting.determination_sent", at, &about).await?;
            }
        }
        tx.update(&mut item).await?;
        Ok(match (letter, is_determination(&item)) {
            (Some(day), true) => format!(
                "Saved. They may answer until {}.",
                plain::date(day + chrono::Days::new(28))
            ),
            _ => "Saved.".into(),
        })
    }

    pub(super) async fn save_answer(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ItemSeen,
        answers: &Answers,
    ) -> Result<String> {
        let day = crate::asking::past_day(answers, "on", viewer.today)?;
        let mut item: PanelItem = tx.get(seen.item.id).await?;
        let answer = answers.text("answer").to_owned();
        let told = item.told_on.unwrap_or(day);
        if answer == "none" && day < told + chrono::Days::new(28) {
            let message = format!(
                "They have until {}. If they agreed before, write that they agreed in “In words”",
                plain::date(told + chrono::Days::new(28))
            );
            if said(answers, "words").is_none() {
                return Err(Error::finding("words", "In words", &message));
            }
        }
        item.answer = Some(answer.clone());
        item.answer_on = Some(day);
        let at = time::start_of(day);
        let id = item.id.to_string();
        clocks::stop(tx, self.pack(), "sitting.answered", at, "panel_item", &id).await?;
        if answer == "none" {
            let decision = item.decision.clone().unwrap_or_default();
            self.put_into_force(tx, seen, &item, &decision, day).await?;
            item.final_on = Some(day);
        }
        if answer == "independent" {
            let about = self.about_item(seen, "final");
            clocks::start(tx, self.pack(), "sitting.independent_review", at, &about).await?;
        }
        tx.update(&mut item).await?;
        Ok(match answer.as_str() {
            "none" => "Saved. The decision stands.",
            "independent" => "Saved. The papers are due within 10 working days.",
            _ => "Saved. Put it before a panel again, then decide for good.",
        }
        .into())
    }

    pub(super) async fn save_final(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ItemSeen,
        answers: &Answers,
    ) -> Result<String> {
        let day = crate::asking::past_day(answers, "on", viewer.today)?;
        self.may_decide(viewer, seen)?;
        let decision = answers.text("decision").to_owned();
        let mut item: PanelItem = tx.get(seen.item.id).await?;
        item.decision = Some(decision.clone());
        item.decision_reasons = said(answers, "reasons");
        item.decided_by = Some(viewer.principal.worker);
        item.decided_on = Some(day);
        item.final_on = Some(day);
        clocks::stop_all(tx, time::start_of(day), "panel_item", item.id.as_str()).await?;
        self.put_into_force(tx, seen, &item, &decision, day).await?;
        self.keep_decision(tx, viewer, seen, &item, answers).await?;
        tx.update(&mut item).await?;
        Ok("The final decision is saved.".into())
    }
}

/// A decision in words.
pub(crate) fn decision_words(decision: &str) -> &'static str {
    match decision {
        "yes" => "yes, as asked",
        "other" => "yes, on other terms",
        "no" => "no",
        _ => "not decided yet",
    }
}

//! From the first visit to the report for the panel, and the end.

use chrono::NaiveDate;
use record::model::{Carer, CarerCheck, Clock};
use record::{Tx, args};
use vocabulary::plain;

use super::{CarerSeen, Filled, is_foster};
use crate::people::network::lower_first;
use crate::{Casework, Result, asking, time};

/// Checks without which stage 1 is not complete (SI 2011/581, schedule 3).
const NEEDED: [&str; 5] = [
    "dbs",
    "medical",
    "local_authority",
    "references",
    "home_safety",
];

impl Casework {
    /// Moves a household to a stage.
    pub(crate) async fn to_stage(
        &self,
        tx: &mut Tx,
        carer: &mut Carer,
        stage: &str,
        day: NaiveDate,
    ) -> Result<()> {
        carer.stage = stage.to_owned();
        carer.stage_on = day;
        Ok(tx.update(carer).await?)
    }

    pub(super) async fn save_first_visit(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let outcome = form.text("outcome").to_owned();
        let words = form.text("words").to_owned();
        self.keep_event(tx, form, "first-visit", (Some(outcome.clone()), words), day)
            .await?;
        match outcome.as_str() {
            "no" => {
                self.close(tx, &mut carer, "not_going_on", day).await?;
                return Ok(format!("Saved. {} do not go on.", carer.name));
            }
            "go_on" => self.to_stage(tx, &mut carer, "visited", day).await?,
            _ => {}
        }
        self.carer_event(tx, &carer, "carer.visited", day, "")
            .await?;
        Ok("The first visit is saved.".into())
    }

    pub(super) async fn start_stage_1(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let words = form.said("words").unwrap_or_default();
        self.keep_event(tx, form, "stage-1", (None, words), day)
            .await?;
        self.to_stage(tx, &mut carer, "stage_1", day).await?;
        let trigger = match is_foster(&carer) {
            true => "carer.applied",
            false => "adopter.registered",
        };
        self.carer_event(tx, &carer, trigger, day, "").await?;
        Ok("Stage 1 has begun.".into())
    }

    /// Which checks of stage 1 are not on record, in words.
    pub(super) async fn missing_checks(&self, seen: &CarerSeen) -> Result<String> {
        let done: Vec<CarerCheck> = self.rows_of("carer_id = $1", args![seen.carer.id]).await?;
        let adults = || {
            seen.people
                .iter()
                .filter(|(place, _)| place.role != "child")
        };
        let mut missing = Vec::new();
        for kind in NEEDED {
            let label = lower_first(&self.label("carer-checks", kind));
            if matches!(kind, "dbs" | "medical") {
                for (place, person) in adults() {
                    let carer_only = kind == "medical" && place.role != "carer";
                    let there = done
                        .iter()
                        .any(|c| c.kind == kind && c.person_id == Some(person.id));
                    if !there && !carer_only {
                        missing.push(format!("{label} of {}", person.name()));
                    }
                }
            } else if !done.iter().any(|c| c.kind == kind) {
                missing.push(label);
            }
        }
        Ok(match missing.is_empty() {
            true => "Every check of stage 1 is on record.".into(),
            false => format!("Not on record yet: {}.", plain::list(&missing)),
        })
    }

    pub(super) async fn end_stage_1(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let goes_on = form.text("outcome") == "go_on";
        let detail = Some(form.text("outcome").to_owned());
        let words = format!("{} {}", form.text("why"), form.sheet.words);
        self.keep_event(tx, form, "stage-1-done", (detail, words), day)
            .await?;
        if !is_foster(&carer) {
            self.carer_event(tx, &carer, "adopter.stage_1_decided", day, "")
                .await?;
        }
        if !goes_on {
            self.close(tx, &mut carer, "not_going_on", day).await?;
            return Ok(format!(
                "Saved. {} do not go on: write to them with the reasons.",
                carer.name
            ));
        }
        self.to_stage(tx, &mut carer, "stage_1_done", day).await?;
        if !is_foster(&carer) {
            self.carer_event(tx, &carer, "adopter.stage_1_passed", day, "stage-2")
                .await?;
        }
        Ok(format!("{} may go on to stage 2.", carer.name))
    }

    pub(super) async fn start_stage_2(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let words = form.said("words").unwrap_or_default();
        self.keep_event(tx, form, "stage-2", (None, words), day)
            .await?;
        self.to_stage(tx, &mut carer, "stage_2", day).await?;
        if !is_foster(&carer) {
            self.carer_event(tx, &carer, "adopter.stage_2_began", day, "assessment")
                .await?;
        }
        Ok("Stage 2 has begun.".into())
    }

    pub(super) async fn save_report(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let words = form.text("proposal").to_owned();
        self.keep_event(tx, form, "assessment", (None, words), day)
            .await?;
        self.to_stage(tx, &mut carer, "ready", day).await?;
        Ok("The report is finished. Put it before a panel.".into())
    }

    pub(super) async fn end_carer(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let mut carer = form.seen.carer.clone();
        let reason = form.text("reason").to_owned();
        self.keep_event(
            tx,
            form,
            "end",
            (Some(reason.clone()), form.text("words").to_owned()),
            day,
        )
        .await?;
        self.close(tx, &mut carer, &reason, day).await?;
        Ok(format!("{} have ended. The record stays.", carer.name))
    }

    /// Ends a household: its terms, its clocks, its place in lists.
    pub(crate) async fn close(
        &self,
        tx: &mut Tx,
        carer: &mut Carer,
        reason: &str,
        day: NaiveDate,
    ) -> Result<()> {
        self.end_terms(tx, carer, day).await?;
        carer.ended_on = Some(day);
        carer.end_reason = Some(reason.to_owned());
        let stage = match carer.approved_on {
            Some(_) => "ended",
            None => "declined",
        };
        self.to_stage(tx, carer, stage, day).await?;
        let running: Vec<Clock> = asking::rows(
            tx,
            "family_id = $1 and about_kind in ('carer', 'carer_check') and done_at is null",
            args![carer.family_id],
        )
        .await?;
        for mut clock in running {
            clock.done_at = Some(time::start_of(day));
            tx.update(&mut clock).await?;
        }
        Ok(())
    }
}

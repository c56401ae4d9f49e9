//! Children who seek asylum alone, people who matter, and the plan for adoption.

use chrono::Days;
use record::model::{AdoptionPlan, ImportantPerson, Unaccompanied};
use record::{Tx, args};
use vocabulary::{Id, plain};

use super::{Filled, Now};
use crate::asking::{self, Asking};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    pub(super) async fn fill_alone(&self, asking: &mut Asking) -> Result<()> {
        let known: Vec<Unaccompanied> = self
            .rows_of(
                "person_id = $1 order by since desc, id desc",
                args![asking.child.id],
            )
            .await?;
        let Some(known) = known.into_iter().next() else {
            return Ok(());
        };
        asking.day("since", known.since);
        for (field, day) in [
            ("ceased", known.ceased_on),
            ("arrived", known.arrived_on),
            ("age_on", known.age_on),
            ("leave_ends", known.leave_ends),
        ] {
            if let Some(day) = day {
                asking.day(field, day);
            }
        }
        asking.known("age", &known.age);
        asking.known("leave", &known.leave_kind);
        asking
            .answers
            .set("transfer", if known.transferred { "yes" } else { "no" });
        asking.known("transfer_from", &known.transfer_from);
        asking.known("words", &known.words);
        Ok(())
    }

    pub(super) async fn save_alone(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let child = form.child().id;
        let since = form.day("since")?;
        let ceased_on = form.answers.date("ceased");
        if ceased_on.is_some_and(|end| end < since) {
            return Err(Error::finding(
                "ceased",
                "Until when?",
                "Write a day after the day it began",
            ));
        }
        let known: Vec<Unaccompanied> = asking::rows(
            tx,
            "person_id = $1 order by since desc, id desc",
            args![child],
        )
        .await?;
        let earlier = known.into_iter().next();
        let mut row = Unaccompanied {
            id: earlier.as_ref().map_or_else(Id::new, |e| e.id),
            person_id: child,
            since,
            ceased_on,
            arrived_on: form.answers.date("arrived"),
            age: form.said("age"),
            age_on: form.answers.date("age_on"),
            leave_kind: form.said("leave"),
            leave_ends: form.answers.date("leave_ends"),
            transferred: form.text("transfer") == "yes",
            transfer_from: form.said("transfer_from"),
            words: form.said("words"),
            version: earlier.as_ref().map_or(1, |e| e.version),
        };
        let ends_before = earlier.as_ref().and_then(|e| e.leave_ends);
        match earlier {
            Some(_) => tx.update(&mut row).await?,
            None => tx.insert(&row).await?,
        }
        if ends_before != row.leave_ends {
            let now = tx.now();
            clocks::stop(
                tx,
                self.pack(),
                "leave.renewed",
                now,
                "leave",
                child.as_str(),
            )
            .await?;
            if let Some(ends) = row.leave_ends {
                // The clock stands still until 180 days before the last day.
                let path = format!("/people/{child}/care/alone");
                let about = self
                    .about_child(child, "leave", child.as_str(), path)
                    .await?;
                let at = time::start_of(ends - Days::new(180));
                clocks::start(tx, self.pack(), "leave.expires_in_180_days", at, &about).await?;
            }
        }
        Ok(match row.leave_ends {
            Some(ends) => format!("Saved. Leave to remain ends on {}.", plain::date(ends)),
            None => "Saved.".into(),
        })
    }

    pub(super) async fn save_important(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Option<Now>,
    ) -> Result<String> {
        let name = form.text("name").to_owned();
        tx.insert(&ImportantPerson {
            id: Id::new(),
            person_id: form.child().id,
            name: name.clone(),
            who: form.text("who").to_owned(),
            in_touch: form.said("in_touch"),
            no_plan_why: form.said("in_touch_reason"),
            childs_words: form.said("childs_words"),
            placement_id: now.map(|n| n.placement.id),
            since: form.viewer.today,
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        Ok(format!(
            "{name} is among the people who matter to {}.",
            form.child().first_name()
        ))
    }

    pub(super) async fn fill_adoption(&self, asking: &mut Asking) -> Result<()> {
        let known: Vec<AdoptionPlan> = self
            .rows_of(
                "person_id = $1 and ended_on is null order by decided_on desc",
                args![asking.child.id],
            )
            .await?;
        let Some(known) = known.into_iter().next() else {
            return Ok(());
        };
        asking.day("decided_on", known.decided_on);
        if let Some(day) = known.matched_on {
            asking.day("matched_on", day);
        }
        if let Some(day) = known.intended_on {
            asking.day("intended_on", day);
        }
        asking.known("foster", &known.foster);
        asking.known("adopters", &known.adopters.map(|n| n.to_string()));
        asking.known("sex", &known.adopters_sex);
        asking.known("status", &known.adopters_status);
        Ok(())
    }

    pub(super) async fn save_adoption(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let child = form.child().id;
        let known: Vec<AdoptionPlan> = asking::rows(
            tx,
            "person_id = $1 and ended_on is null order by decided_on desc",
            args![child],
        )
        .await?;
        let earlier = known.into_iter().next();
        let mut row = AdoptionPlan {
            id: earlier.as_ref().map_or_else(Id::new, |e| e.id),
            person_id: child,
            decided_on: form.day("decided_on")?,
            ended_on: form.answers.date("ended_on"),
            ended_why: form.said("ended_why"),
            matched_on: form.answers.date("matched_on"),
            intended_on: form.answers.date("intended_on"),
            foster: form.said("foster"),
            adopters: form.text("adopters").parse().ok(),
            adopters_sex: form.said("sex"),
            adopters_status: form.said("status"),
            version: earlier.as_ref().map_or(1, |e| e.version),
        };
        match earlier {
            Some(_) => tx.update(&mut row).await?,
            None => {
                tx.insert(&row).await?;
                let source = ("adoption_plan", row.id.to_string());
                let wording = "It was decided that the plan is adoption";
                asking::propose(tx, child, row.decided_on, "plan", wording, source).await?;
            }
        }
        Ok("The plan for adoption is saved.".into())
    }
}

//! What is done for a child in care: who was told of a home, the plans, health
//! and school.

use std::collections::BTreeSet;

use record::model::{CareCheck, PlacementTold, Plan, PlanState, PlanSubject};
use record::{Tx, args};
use vocabulary::{Id, plain};

use super::start::at_page;
use super::{Filled, Now, rules};
use crate::asking;
use crate::plans::passing::IN_NEED;
use crate::{Casework, Error, Result, clocks, time};

/// Who must know of every new home (SI 2010/959, regulation 13), besides the
/// school of a child who goes to one and the council of another area.
const MUST_KNOW: [&str; 5] = ["child", "parents", "health", "gp", "iro"];

impl Casework {
    pub(super) async fn save_told(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        for whom in form.answers.list("whom") {
            tx.insert(&PlacementTold {
                id: Id::new(),
                placement_id: now.placement.id,
                person_id: now.care.person_id,
                whom: whom.to_owned(),
                told_on: day,
                how: form.text("how").to_owned(),
                words: form.said("words"),
                told_by: form.viewer.principal.worker,
                version: 1,
            })
            .await?;
        }
        let told: Vec<PlacementTold> =
            asking::rows(tx, "placement_id = $1", args![now.placement.id]).await?;
        let told: BTreeSet<&str> = told.iter().map(|t| t.whom.as_str()).collect();
        let at = time::start_of(day);
        let id = now.placement.id.to_string();
        if told.contains("area") {
            clocks::stop(tx, self.pack(), "placement.area_told", at, "placement", &id).await?;
        }
        let missing: Vec<String> = self
            .must_know(&now, form)
            .filter(|whom| !told.contains(whom))
            .map(|whom| self.label("care-told", whom).to_lowercase())
            .collect();
        if missing.is_empty() {
            clocks::stop(tx, self.pack(), "placement.all_told", at, "placement", &id).await?;
            return Ok("Saved. Everybody who must know has been told.".into());
        }
        Ok(format!(
            "Saved. Still to be told: {}.",
            plain::list(&missing)
        ))
    }

    fn must_know(&self, now: &Now, form: &Filled<'_>) -> impl Iterator<Item = &'static str> {
        let school = rules::of_school_age(form.child().born_on, form.viewer.today);
        let area = now.placement.outside == Some(true);
        MUST_KNOW
            .into_iter()
            .chain(school.then_some("school"))
            .chain(area.then_some("area"))
    }

    pub(super) async fn save_health(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        let kind = form.text("kind").to_owned();
        let done = form.text("done").to_owned();
        let check = CareCheck {
            score: form.text("score").parse().ok(),
            no_score: form.said("no_score"),
            help: form.said("help"),
            ..check(form, &kind, day, &done)
        };
        if kind == "questionnaire" && check.score.is_none() && check.no_score.is_none() {
            return Err(Error::finding(
                "score",
                "Score",
                "Write the score, or choose why there is none",
            ));
        }
        tx.insert(&check).await?;
        let settled = done != "no";
        let (stops, starts) = match kind.as_str() {
            "assessment" => (
                "health.assessed",
                rules::after_health(form.child().born_on, day),
            ),
            "dentist" => ("health.dentist", "health.dentist_wanted"),
            "questionnaire" => ("health.questionnaire", "health.questionnaire_wanted"),
            _ => return Ok("Saved.".into()),
        };
        if settled {
            let at = time::start_of(day);
            let id = now.care.id.to_string();
            clocks::stop(tx, self.pack(), stops, at, "care", &id).await?;
            let about = at_page(&self.about_care(&now.care).await?, &now.care, "health");
            clocks::start(tx, self.pack(), starts, at, &about).await?;
        }
        Ok("Saved. The next date is on the page.".into())
    }

    pub(super) async fn save_education(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        let row = CareCheck {
            place: form.said("school"),
            ..check(form, form.text("kind"), day, "yes")
        };
        tx.insert(&row).await?;
        let (at, id) = (time::start_of(day), now.care.id.to_string());
        clocks::stop(tx, self.pack(), "education.planned", at, "care", &id).await?;
        let about = at_page(&self.about_care(&now.care).await?, &now.care, "education");
        clocks::start(tx, self.pack(), "education.planned", at, &about).await?;
        Ok("The education plan is saved. The next review is on the page.".into())
    }

    /// The panel of a locked stay met: the clock of its next review runs. A
    /// panel that was not complete has not reviewed anything.
    pub(super) async fn save_locked(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        let complete = form.text("panel") == "yes";
        let done = if complete { form.text("met") } else { "panel" };
        tx.insert(&check(form, "locked", day, done)).await?;
        if !complete {
            return Ok("Saved. The panel was not complete, so the review is still due.".into());
        }
        let (at, id) = (time::start_of(day), now.placement.id.to_string());
        clocks::stop(tx, self.pack(), "secure_review.held", at, "placement", &id).await?;
        let about = at_page(
            &self.about_placement(&now.placement).await?,
            &now.care,
            "locked",
        );
        clocks::start(tx, self.pack(), "secure_review.held", at, &about).await?;
        Ok(match form.text("met") {
            "no" => "Saved. The law no longer allows a locked home: plan another home now.".into(),
            _ => "Saved. The next review is on the page.".into(),
        })
    }

    /// The care plan is a plan as any other: its goals and actions are on the
    /// plan's own page, and go on from the plans before it (R001-30).
    pub(super) async fn save_care_plan(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        let family = self.family_of(now.care.person_id).await?;
        let open: Vec<Plan> = asking::rows(
            tx,
            "state = 'open' and kind = 'in_care' and exists (select 1 from plan_subject s \
             where s.plan_id = plan.id and s.person_id = $1)",
            args![now.care.person_id],
        )
        .await?;
        let about = self.about_care(&now.care).await?;
        match (open.into_iter().next(), family) {
            (Some(mut plan), _) => {
                plan.summary = form.said("aim");
                tx.update(&mut plan).await?;
            }
            (None, Some(family)) => {
                let plan = Plan {
                    id: Id::new(),
                    kind: "in_care".into(),
                    family_id: family,
                    step_id: None,
                    worker_id: about.worker.or(Some(form.viewer.principal.worker)),
                    team_id: about.team,
                    state: PlanState::Open,
                    started_on: day,
                    ended_on: None,
                    end_reason: None,
                    different: None,
                    summary: form.said("aim"),
                    version: 1,
                };
                tx.insert(&plan).await?;
                tx.insert(&PlanSubject {
                    id: Id::new(),
                    plan_id: plan.id,
                    person_id: now.care.person_id,
                    version: 1,
                })
                .await?;
                let children = [now.care.person_id];
                self.plans_give_way(tx, &plan, &children, &IN_NEED, time::start_of(day))
                    .await?;
            }
            (None, None) => {
                return Err(Error::Refused(
                    "This child is on no family page yet, and a plan belongs to one. Add the child to a family first.".into(),
                ));
            }
        }
        let decided = asking::Decided {
            kind: "care",
            outcome: "Care plan made",
            why: form.text("aim"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await?;
        let (at, id) = (time::start_of(day), now.care.id.to_string());
        clocks::stop(tx, self.pack(), "care_plan.made", at, "care", &id).await?;
        Ok(
            "The care plan is saved. The goals of the plan before go on in it, on the page “Plan”."
                .into(),
        )
    }

    pub(super) async fn save_placement_plan(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        now.placement.planned_on = Some(day);
        tx.update(&mut now.placement).await?;
        let family = self.family_of(now.care.person_id).await?;
        let decided = asking::Decided {
            kind: "care",
            outcome: "Plan for the home made",
            why: form.text("day"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await?;
        let (at, id) = (time::start_of(day), now.placement.id.to_string());
        clocks::stop(tx, self.pack(), "placement_plan.made", at, "placement", &id).await?;
        Ok("The plan for this home is saved.".into())
    }
}

fn check(form: &Filled<'_>, kind: &str, day: chrono::NaiveDate, done: &str) -> CareCheck {
    CareCheck {
        id: Id::new(),
        person_id: form.child().id,
        kind: kind.to_owned(),
        happened_on: day,
        done: done.to_owned(),
        score: None,
        no_score: None,
        help: None,
        place: None,
        who: form.said("who"),
        words: form.said("words"),
        childs_words: form.said("childs_words"),
        made_by: form.viewer.principal.worker,
        version: 1,
    }
}

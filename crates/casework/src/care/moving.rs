//! Moves, changes of legal status, and the end of a time in care. Each closes
//! the episode that lasts; the first two open the next one on the same day.

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{Care, CareEpisode, Clock, ImportantPerson, Placement, Plan, PlanState};
use record::{Tx, args};
use vocabulary::{Id, ids, plain};

use super::{Filled, Now, next_episode, rules};
use crate::asking::{self, Decided};
use crate::plans::start::set_status;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    pub(super) async fn move_home(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = change_day(form, &now)?;
        let Now {
            care,
            mut placement,
            mut episode,
        } = now;
        let same_carers = form.text("same_carers") == "yes";
        let status = match form.text("new_status") {
            "" => episode.legal_status.clone(),
            new => new.to_owned(),
        };
        let began = rules::began(status != episode.legal_status, true, same_carers)
            .ok_or(Error::NotFound)?;
        tx.because_of(form.text("why"));
        placement.ended_on = Some(day);
        placement.move_reason = form.said("reason");
        tx.update(&mut placement).await?;
        clocks::stop_all(tx, time::start_of(day), "placement", placement.id.as_str()).await?;
        super::visits::stop(tx, care.person_id, time::start_of(day)).await?;
        let new = self.new_placement(tx, form, &care, day).await?;
        let next = CareEpisode {
            id: Id::new(),
            placement_id: new.id,
            started_on: day,
            began: began.into(),
            legal_status: status,
            ended_on: None,
            ended_why: None,
            corrected_at: None,
            correction_reason: None,
            version: 1,
            ..episode.clone()
        };
        next_episode(tx, &mut episode, next).await?;
        self.keep_touch(tx, form, &placement, day).await?;
        self.decided(tx, form, "Moved to another home").await?;
        let source = ("placement", new.id.to_string());
        let wording = match new.outside {
            Some(true) => "Moved to another home in care, outside our area",
            _ => "Moved to another home in care",
        };
        asking::propose(tx, care.person_id, day, "move", wording, source).await?;
        let name = form.child().first_name();
        Ok(match new.outside {
            Some(true) => format!(
                "The move is saved. {name} lives outside our area: tell the council of that area."
            ),
            _ => format!("The move is saved. Say who was told, and visit {name} within a week."),
        })
    }

    pub(super) async fn change_status(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = change_day(form, &now)?;
        let Now {
            care,
            placement,
            mut episode,
        } = now;
        let status = form.text("legal_status").to_owned();
        if status == "L2" && episode.legal_status == "L2" {
            return self.extend_order(tx, form, &care, day).await;
        }
        let began = rules::began(status != episode.legal_status, false, true).ok_or_else(|| {
            Error::finding(
                "legal_status",
                "What is the legal status now?",
                "This is the legal status already: choose the new one",
            )
        })?;
        tx.because_of(form.text("why"));
        let next = CareEpisode {
            id: Id::new(),
            started_on: day,
            began: began.into(),
            legal_status: status.clone(),
            ended_on: None,
            ended_why: None,
            corrected_at: None,
            correction_reason: None,
            version: 1,
            ..episode.clone()
        };
        next_episode(tx, &mut episode, next).await?;
        self.turn_legal_clocks(tx, &care, &status, day).await?;
        if status == "C2" && placement.home == "P1" {
            // A care order for a child at home begins a regime of its own.
            let at = time::start_of(day);
            super::visits::stop(tx, care.person_id, at).await?;
            let about = self.about_placement(&placement).await?;
            let about = super::visits::about(&about, care.person_id);
            clocks::start(tx, self.pack(), "care_visit.order_made", at, &about).await?;
        }
        let label = self.label("care-legal-status", &status);
        self.decided(tx, form, &format!("Legal status: {label}"))
            .await?;
        let source = ("care", care.id.to_string());
        let wording = format!("Legal status in care: {label}");
        asking::propose(tx, care.person_id, day, "plan", &wording, source).await?;
        Ok(format!("The legal status is saved: {label}."))
    }

    /// Police protection, an emergency order and an assessment order end by
    /// law after so many hours or days: their clocks follow the legal status.
    pub(super) async fn turn_legal_clocks(
        &self,
        tx: &mut Tx,
        care: &Care,
        status: &str,
        day: NaiveDate,
    ) -> Result<()> {
        let (pack, at, id) = (self.pack(), time::start_of(day), care.id.as_str());
        clocks::stop(tx, pack, "legal_status.changed", at, "care", id).await?;
        let Some(trigger) = rules::legal_clock(status) else {
            return Ok(());
        };
        let about = self.about_care(care).await?;
        let about = super::start::at_page(&about, care, "legal");
        clocks::start(tx, pack, trigger, at, &about).await
    }

    /// The court extends an emergency protection order, once, by seven days:
    /// the status stays, and so does the episode.
    async fn extend_order(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        care: &Care,
        day: NaiveDate,
    ) -> Result<String> {
        let running: Vec<Clock> = asking::rows(
            tx,
            "person_id = $1 and rule = 'emergency-order-extended'",
            args![care.person_id],
        )
        .await?;
        if running.iter().any(|c| c.about_id == care.id.as_str()) {
            return Err(Error::finding(
                "legal_status",
                "What is the legal status now?",
                "The emergency protection order was extended already, and the law allows it once: choose what comes after it",
            ));
        }
        let (pack, at, id) = (self.pack(), time::start_of(day), care.id.as_str());
        tx.because_of(form.text("why"));
        clocks::stop(tx, pack, "legal_status.changed", at, "care", id).await?;
        let about = self.about_care(care).await?;
        let about = super::start::at_page(&about, care, "legal");
        clocks::start(tx, pack, "legal_status.emergency_extended", at, &about).await?;
        self.decided(tx, form, "Emergency protection order extended")
            .await?;
        Ok("The extension is saved. The order ends within 7 days of that day.".into())
    }

    pub(super) async fn end_care(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        now: Now,
    ) -> Result<String> {
        let day = change_day(form, &now)?;
        let Now {
            mut care,
            mut placement,
            mut episode,
        } = now;
        let code = form.text("why_code").to_owned();
        tx.because_of(form.text("why"));
        episode.ended_on = Some(day);
        episode.ended_why = Some(code.clone());
        tx.update(&mut episode).await?;
        placement.ended_on = Some(day);
        tx.update(&mut placement).await?;
        care.ended_on = Some(day);
        tx.update(&mut care).await?;
        let at = time::start_of(day);
        clocks::stop_all(tx, at, "placement", placement.id.as_str()).await?;
        clocks::stop_all(tx, at, "care", care.id.as_str()).await?;
        super::visits::stop(tx, care.person_id, at).await?;
        self.end_addresses(tx, care.person_id, day).await?;
        self.keep_touch(tx, form, &placement, day).await?;
        let status = self.status_after_care(tx, &code, form).await?;
        set_status(tx, care.person_id, status).await?;
        self.end_care_plan(tx, form.child().id, status, &code, at)
            .await?;
        let label = self.label("care-end", &code);
        self.decided(tx, form, &format!("Care ended: {label}"))
            .await?;
        let source = ("care", care.id.to_string());
        let wording = format!("Care ended: {label}");
        asking::propose(tx, care.person_id, day, "move", &wording, source).await?;
        Ok(format!(
            "The time in care ended on {}. Plan the help that goes on.",
            plain::date(day)
        ))
    }

    /// The care plan ends with the time in care. A child who goes on as a child
    /// in need takes its goals along (R001-30). A care leaver's stays open until
    /// the pathway plan takes it over, which may be later.
    async fn end_care_plan(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        status: &str,
        code: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        if status == "care_leaver" {
            return Ok(());
        }
        let open: Vec<Plan> = asking::rows(
            tx,
            "state = 'open' and kind = 'in_care' and exists (select 1 from plan_subject s \
             where s.plan_id = plan.id and s.person_id = $1)",
            args![child],
        )
        .await?;
        for mut plan in open {
            clocks::stop_all(tx, at, "plan", plan.id.as_str()).await?;
            plan.state = PlanState::Closed;
            plan.ended_on = Some(time::local(at).date());
            plan.end_reason = Some(code.to_owned());
            tx.update(&mut plan).await?;
            if status == "child_in_need" {
                self.go_on_in_need(tx, &plan, &[child], at).await?;
            }
        }
        Ok(())
    }

    /// A young person with a personal adviser is a care leaver; whoever died,
    /// was adopted or taken over is closed; anybody else goes on as a child in
    /// need until somebody decides otherwise.
    async fn status_after_care(
        &self,
        tx: &mut Tx,
        code: &str,
        form: &Filled<'_>,
    ) -> Result<&'static str> {
        let leavers: Vec<record::model::Leaver> = asking::rows(
            tx,
            "person_id = $1 and ended_on is null",
            args![form.child().id],
        )
        .await?;
        Ok(match code {
            "E2" | "E11" | "E12" | "E3" => "closed",
            _ if !leavers.is_empty() => "care_leaver",
            _ => "child_in_need",
        })
    }

    /// Somebody from the home that the child leaves, and how they stay in
    /// touch (R004-10). A reason why there is no plan is kept as well.
    async fn keep_touch(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        left: &Placement,
        day: NaiveDate,
    ) -> Result<()> {
        let name = form.said("who_matters");
        let why = form
            .said("in_touch_reason")
            .or_else(|| form.said("who_matters_reason"));
        let Some(name) = name.or_else(|| why.as_ref().map(|_| left.carer.clone())) else {
            return Ok(());
        };
        Ok(tx
            .insert(&ImportantPerson {
                id: Id::new(),
                person_id: left.person_id,
                name,
                who: "From an earlier home in care".into(),
                in_touch: form.said("in_touch"),
                no_plan_why: why,
                childs_words: None,
                placement_id: Some(left.id),
                since: day,
                made_by: form.viewer.principal.worker,
                version: 1,
            })
            .await?)
    }

    pub(super) async fn decided(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        outcome: &str,
    ) -> Result<()> {
        let family = self.family_of(form.child().id).await?;
        let decided = Decided {
            kind: "care",
            outcome,
            why: form.text("why"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await
    }
}

/// The day of a change: after the episode that lasts began, so that episodes
/// never overlap.
fn change_day(form: &Filled<'_>, now: &Now) -> Result<NaiveDate> {
    let day = form.day("on")?;
    if day <= now.episode.started_on {
        return Err(Error::finding(
            "on",
            "On which day?",
            &format!(
                "The episode that lasts began on {}: write a later day, or put that episode right first",
                plain::date(now.episode.started_on)
            ),
        ));
    }
    Ok(day)
}

//! What became of a referral: the service's answer, another service in its
//! place, and whether the family got help.

use chrono::NaiveDate;
use packs::Answers;
use record::model::{ActionState, ServiceMove, ServiceReferral};
use record::{Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::standing::{Said, Stands, Teller};
use super::{KIND, ReferralForm, ReferralSeen, Speaker, links, path, tell_plan};
use crate::asking::{self, Asking, Done, past_day, said};
use crate::{Casework, Error, Result, clocks, time};

/// To which service, and why.
pub(crate) struct Onward {
    pub day: NaiveDate,
    pub service: String,
    pub provider: String,
    pub why: String,
}

impl Onward {
    pub fn read(answers: &Answers, today: NaiveDate) -> Result<Onward> {
        Ok(Onward {
            day: past_day(answers, "on", today)?,
            service: answers.text("service").trim().to_owned(),
            provider: answers.text("provider").trim().to_owned(),
            why: answers.text("why").trim().to_owned(),
        })
    }
}

impl Casework {
    /// One of the pages about a referral.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] for who only
    /// reads, and once it is known what came of it.
    pub async fn ask_of_referral(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
        what: ReferralForm,
    ) -> Result<Asking> {
        let seen = self.referral_to_change(viewer, id, what.form()).await?;
        if super::is_settled(&seen.row) {
            let why = "It is known already what came of this referral. Choose the service again on the plan to ask once more.";
            return Err(Error::Refused(why.into()));
        }
        let name = seen.child();
        let address = format!("{}/{}", path(id), what.word());
        let form = self.form(what.form())?;
        let mut asking = Asking::new(form, seen.plan.child, address, path(id));
        asking.title = format!("{}: {}", seen.row.service, what.link().to_lowercase());
        asking.button = format!("Save for {name}");
        if what == ReferralForm::Answer {
            asking.keep_only("state", seen.row.standing().may_follow());
        }
        asking.day("on", viewer.today);
        Ok(asking)
    }

    /// Saves one of the pages about a referral.
    ///
    /// # Errors
    /// As [`Casework::ask_of_referral`]; [`Error::Findings`] when something
    /// must be put right.
    pub async fn save_of_referral(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
        what: ReferralForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_of_referral(viewer, id, what).await?;
        asking.check(answers)?;
        let seen = self.referral_to_change(viewer, id, what.form()).await?;
        let day = past_day(answers, "on", viewer.today)?;
        if day < seen.row.asked_on {
            let from = plain::date(seen.row.asked_on);
            let message = format!("Write a day from {from} on, when the service was asked");
            return Err(Error::finding("on", "When?", &message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &path(id)).await?;
        let words = match what {
            ReferralForm::Answer => {
                self.service_answered(&mut tx, viewer, &seen, answers, day)
                    .await?
            }
            ReferralForm::Move => {
                let onward = Onward::read(answers, viewer.today)?;
                let mut row: ServiceReferral = tx.get(id).await?;
                moved(&mut tx, viewer, &mut row, &onward).await?;
                format!(
                    "It moved. The first day, {}, stays.",
                    plain::date(row.asked_on)
                )
            }
            ReferralForm::Result => {
                self.result_known(&mut tx, viewer, &seen, answers, day)
                    .await?
            }
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, path(id)))
    }

    async fn service_answered(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ReferralSeen,
        answers: &Answers,
        day: NaiveDate,
    ) -> Result<String> {
        let said = Said::read(answers, viewer.today)?;
        let row = said_of(tx, seen.row.id, said, Teller::Worker).await?;
        self.tell_answer(tx, &row, day, &Speaker::of(viewer))
            .await?;
        Ok(match row.standing().is_over() {
            true => "Saved. Look for another service, or note that nothing fits.".into(),
            false => "Saved.".into(),
        })
    }

    /// Says on the plan what the service said, and stops its clocks.
    pub(super) async fn tell_answer(
        &self,
        tx: &mut Tx,
        row: &ServiceReferral,
        day: NaiveDate,
        by: &Speaker,
    ) -> Result<()> {
        let label = self.label("service-state", &row.state);
        let words = match &row.declined_why {
            Some(why) => format!("{label}. {why}"),
            None => format!("{label}."),
        };
        let state = match (row.state.as_str(), row.result.as_deref()) {
            ("declined" | "withdrawn", _) => ActionState::Cannot,
            (_, Some("yes" | "partly")) => ActionState::Done,
            _ => ActionState::UnderWay,
        };
        tell_plan(tx, by, row, state, &words).await?;
        let (at, id) = (time::start_of(day), row.id.to_string());
        clocks::stop(tx, self.pack(), "service.answered", at, KIND, &id).await?;
        if row.result.is_some() {
            clocks::stop_all(tx, at, KIND, &id).await?;
        }
        Ok(())
    }

    async fn result_known(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &ReferralSeen,
        answers: &Answers,
        day: NaiveDate,
    ) -> Result<String> {
        let mut row: ServiceReferral = tx.get(seen.row.id).await?;
        let mut place = row.standing();
        place.words = None;
        place.helped(
            answers.text("result"),
            said(answers, "words"),
            day,
            Teller::Worker,
        )?;
        row.stand(place);
        tx.update(&mut row).await?;
        let result = row.result.as_deref().unwrap_or_default();
        let label = self.label("service-result", result);
        let mut words = format!("Did the family get help? {label}.");
        if let Some(said) = &row.words {
            words = format!("{words} {said}");
        }
        let state = match result {
            "yes" | "partly" => ActionState::Done,
            _ => ActionState::Cannot,
        };
        tell_plan(tx, &Speaker::of(viewer), &row, state, &words).await?;
        clocks::stop_all(tx, time::start_of(day), KIND, row.id.as_str()).await?;
        Ok("Saved. It counts for the service and for what we learn.".into())
    }
}

/// Puts another service in the place of the one before. The first day, and
/// with it the place in the queue, stays (R002-26).
pub(super) async fn moved(
    tx: &mut Tx,
    viewer: &Viewer,
    row: &mut ServiceReferral,
    onward: &Onward,
) -> Result<()> {
    let step = ServiceMove {
        id: Id::new(),
        referral_id: row.id,
        family_id: row.family_id,
        moved_on: onward.day,
        from_service: row.service.clone(),
        to_service: onward.service.clone(),
        to_provider: onward.provider.clone(),
        why: onward.why.clone(),
        made_by: viewer.principal.worker,
        made_at: tx.now(),
        version: 1,
    };
    tx.insert(&step).await?;
    let mut place = row.standing();
    place.goes_to(onward);
    row.stand(place);
    tx.update(row).await?;
    // Whoever had it before has no more to say about it.
    links::withdraw(tx, KIND, row.id.as_str()).await?;
    let state = match row.state.as_str() {
        "asked" => ActionState::ToDo,
        _ => ActionState::UnderWay,
    };
    let words = format!(
        "{} takes it over. {} The place in the queue stays.",
        onward.service, onward.why
    );
    tell_plan(tx, &Speaker::of(viewer), row, state, &words).await
}

/// Writes what was said of a referral.
pub(super) async fn said_of(
    tx: &mut Tx,
    id: Id<ids::ServiceReferral>,
    said: Said,
    by: Teller,
) -> Result<ServiceReferral> {
    let mut row: ServiceReferral = tx.get(id).await?;
    let mut place = row.standing();
    place.say(said, by)?;
    row.stand(place);
    tx.update(&mut row).await?;
    Ok(row)
}

/// Referrals of a service that wait for it, inside a transaction.
pub(super) async fn waiting_for(tx: &mut Tx, service: &str) -> Result<Vec<ServiceReferral>> {
    asking::rows(
        tx,
        "service = $1 and result is null and state in ('asked', 'accepted', 'waiting')",
        args![service],
    )
    .await
}

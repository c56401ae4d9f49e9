//! A child comes into care: the time in care, its first home and episode, and
//! every clock that runs from that day.

use chrono::NaiveDate;
use record::model::{Address, Care, CareEpisode};
use record::{Tx, args};
use vocabulary::{Id, Postcode, ids, plain};

use super::{Filled, rules};
use crate::asking::{self, Asking, Decided};
use crate::clocks::About;
use crate::plans::start::set_status;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// What is known already: the postcode of the home that the child leaves.
    pub(super) async fn fill_start(&self, asking: &mut Asking) -> Result<()> {
        let homes: Vec<Address> = self
            .rows_of(
                "person_id = $1 and kind = 'home' and ended_on is null and not protected \
                 order by started_on desc",
                args![asking.child.id],
            )
            .await?;
        let postcode = homes.into_iter().find_map(|home| home.postcode);
        asking.known("home_postcode", &postcode);
        asking.words = "From this page the clocks of the care plan, the first review, visits, \
                        health and school run."
            .into();
        Ok(())
    }

    pub(super) async fn start_care(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let child = form.child();
        let day = form.day("on")?;
        self.may_start_on(tx, child.id, day).await?;
        let family = self.family_of(child.id).await?;
        let care = Care {
            id: Id::new(),
            person_id: child.id,
            family_id: family,
            started_on: day,
            ended_on: None,
            iro_id: None,
            permanence: "none".into(),
            permanence_on: None,
            previous: form.said("previous"),
            previous_council: form.said("previous_council").map(|c| c.to_uppercase()),
            previous_on: form.said("previous_on"),
            no_upn: form.said("no_upn"),
            mother: match form.text("mother") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            mother_on: form.answers.date("mother_on"),
            why: form.text("why").to_owned(),
            version: 1,
        };
        tx.insert(&care).await?;
        let placement = self.new_placement(tx, form, &care, day).await?;
        tx.insert(&CareEpisode {
            id: Id::new(),
            care_id: care.id,
            person_id: child.id,
            placement_id: placement.id,
            started_on: day,
            began: "S".into(),
            legal_status: form.text("legal_status").to_owned(),
            need: form.text("need").to_owned(),
            ended_on: None,
            ended_why: None,
            home_postcode: home_postcode(form)?,
            corrected_at: None,
            correction_reason: None,
            version: 1,
        })
        .await?;
        self.start_care_clocks(tx, &care, child.born_on).await?;
        self.turn_legal_clocks(tx, &care, form.text("legal_status"), day)
            .await?;
        set_status(tx, child.id, "in_care").await?;
        let decided = Decided {
            kind: "care",
            outcome: "Came into care",
            why: form.text("why"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await?;
        let source = ("care", care.id.to_string());
        asking::propose(tx, child.id, day, "move", "Came into care", source).await?;
        Ok(format!(
            "{} is in care since {}. The clocks are running.",
            child.first_name(),
            plain::date(day)
        ))
    }

    /// Times in care never overlap.
    async fn may_start_on(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        day: NaiveDate,
    ) -> Result<()> {
        let before: Vec<Care> =
            asking::rows(tx, "person_id = $1 order by started_on desc", args![child]).await?;
        let clash = before
            .iter()
            .find(|c| c.ended_on.is_none_or(|ended| day < ended));
        match clash.and_then(|c| c.ended_on) {
            Some(ended) => Err(Error::finding(
                "on",
                "On which day did it begin?",
                &format!(
                    "An earlier time in care lasted until {}: write that day or a later one",
                    plain::date(ended)
                ),
            )),
            None if clash.is_some() => Err(Error::Refused(
                "This child is in care already. Record a move or a change of legal status instead."
                    .into(),
            )),
            None => Ok(()),
        }
    }

    /// The clocks that run from the first day in care.
    pub(super) async fn start_care_clocks(
        &self,
        tx: &mut Tx,
        care: &Care,
        born: Option<NaiveDate>,
    ) -> Result<()> {
        let (pack, day) = (self.pack(), care.started_on);
        let at = time::start_of(day);
        let about = self.about_care(care).await?;
        for rule in pack.clocks_started_by("care.started", day) {
            let to = match rule.id.as_str() {
                "care-plan" => "plan",
                "health-first" => "health",
                _ => "review",
            };
            let about = at_page(&about, care, to);
            clocks::start_rule(tx, pack, rule, at, &about).await?;
        }
        if rules::of_school_age(born, day) {
            let about = at_page(&about, care, "education");
            clocks::start(tx, pack, "care.schooled", at, &about).await?;
        }
        let about = at_page(&about, care, "health");
        clocks::start(tx, pack, "health.dentist_wanted", at, &about).await?;
        if rules::of_questionnaire_age(born, day) {
            clocks::start(tx, pack, "health.questionnaire_wanted", at, &about).await?;
        }
        self.start_leaving_clock(tx, care, born).await
    }

    /// From 14 on, the clock of the assessment for leaving care waits for the
    /// day on which the young person becomes eligible (R001-41).
    pub(super) async fn start_leaving_clock(
        &self,
        tx: &mut Tx,
        care: &Care,
        born: Option<NaiveDate>,
    ) -> Result<()> {
        let Some(born) = born else { return Ok(()) };
        let today = time::local(tx.now()).date();
        if today.years_since(born).is_none_or(|age| age < 14) {
            return Ok(());
        }
        #[derive(sqlx::FromRow)]
        struct Known {
            known: bool,
        }
        let known: Option<Known> = tx
            .maybe(
                "select exists (select 1 from clock where person_id = $1 \
                 and rule = 'leaver-assessment') \
                 or exists (select 1 from leaver where person_id = $1) as known",
                args![care.person_id],
            )
            .await?;
        if known.is_some_and(|k| k.known) {
            return Ok(());
        }
        let before: Vec<Care> = asking::rows(
            tx,
            "person_id = $1 and ended_on is not null",
            args![care.person_id],
        )
        .await?;
        let fourteen = born + chrono::Months::new(14 * 12);
        let days: i64 = before
            .iter()
            .filter_map(|c| Some((c.started_on.max(fourteen), c.ended_on?)))
            .map(|(from, to)| (to - from).num_days().max(0))
            .sum();
        let on = rules::eligible_on(born, care.started_on, days);
        let path = format!("/people/{}/leaving-care", care.person_id);
        let about = self
            .about_child(care.person_id, "leaver", care.person_id.as_str(), path)
            .await?;
        clocks::start(
            tx,
            self.pack(),
            "leaver.eligible",
            time::start_of(on),
            &about,
        )
        .await
    }

    /// What the clocks of a time in care are about.
    pub(super) async fn about_care(&self, care: &Care) -> Result<About> {
        let path = format!("/people/{}/care", care.person_id);
        self.about_child(care.person_id, "care", care.id.as_str(), path)
            .await
    }
}

/// The same clock, leading to the page where the work is done.
pub(super) fn at_page(about: &About, care: &Care, page: &str) -> About {
    About {
        path: format!("/people/{}/care/{page}", care.person_id),
        ..about.clone()
    }
}

/// The postcode of the home that the child came from, in its usual form.
pub(super) fn home_postcode(form: &Filled<'_>) -> Result<Option<String>> {
    match form.text("home_postcode") {
        "" => Ok(None),
        typed => {
            let postcode: Postcode = typed.parse().map_err(|_| {
                Error::finding(
                    "home_postcode",
                    "Postcode of the home the child came from",
                    "Write the whole postcode, such as LK1 4AB",
                )
            })?;
            Ok(Some(postcode.to_string()))
        }
    }
}

//! Children in care: times in care, homes and episodes in the terms of the
//! SSDA903 return, reviews, visits, health and school.
//!
//! A time in care holds homes and episodes. A move or a change of legal status
//! closes one episode and opens the next on the same day ([`rules::began`]);
//! what was wrong is put right with a reason, and stays in the journal.

pub mod board;
mod correct;
mod home;
mod moving;
mod people;
mod recording;
mod review;
pub mod rules;
mod start;
pub mod view;
pub(crate) mod visits;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Care, CareEpisode, Person, Placement};
use record::{Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use crate::asking::{self, Asking, Done};
use crate::{Casework, Error, Result};

/// The pages of one form each about a child in care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CareForm {
    /// The time in care begins.
    Start,
    /// A move to another home.
    Move,
    /// A change of legal status.
    Legal,
    /// The time in care ends.
    End,
    /// Who was told of the new home.
    Told,
    /// Something for health.
    Health,
    /// The personal education plan.
    Education,
    /// A review.
    Review,
    /// The reviewing officer.
    Officer,
    /// Seeking asylum alone.
    Alone,
    /// Somebody who matters.
    Important,
    /// A plan for adoption.
    Adoption,
    /// The care plan.
    Plan,
    /// The plan for this home.
    PlacementPlan,
    /// The panel's review of a locked stay.
    Secure,
}

impl CareForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [CareForm; 15] = [
        CareForm::Start,
        CareForm::Move,
        CareForm::Legal,
        CareForm::Plan,
        CareForm::PlacementPlan,
        CareForm::Told,
        CareForm::Review,
        CareForm::Health,
        CareForm::Education,
        CareForm::Important,
        CareForm::Alone,
        CareForm::Officer,
        CareForm::Secure,
        CareForm::Adoption,
        CareForm::End,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            CareForm::Start => "start",
            CareForm::Move => "move",
            CareForm::Legal => "legal",
            CareForm::End => "end",
            CareForm::Told => "told",
            CareForm::Health => "health",
            CareForm::Education => "education",
            CareForm::Review => "review",
            CareForm::Officer => "officer",
            CareForm::Alone => "alone",
            CareForm::Important => "important",
            CareForm::Adoption => "adoption",
            CareForm::Plan => "plan",
            CareForm::PlacementPlan => "living-here",
            CareForm::Secure => "locked",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            CareForm::Start => "care-start",
            CareForm::Move => "care-move",
            CareForm::Legal => "care-legal",
            CareForm::End => "care-end",
            CareForm::Told => "care-told",
            CareForm::Health => "care-health",
            CareForm::Education => "care-education",
            CareForm::Review => "care-review",
            CareForm::Officer => "care-iro",
            CareForm::Alone => "care-alone",
            CareForm::Important => "care-person",
            CareForm::Adoption => "care-adoption",
            CareForm::Plan => "care-plan",
            CareForm::PlacementPlan => "care-placement-plan",
            CareForm::Secure => "care-secure",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            CareForm::Start => "Start a time in care",
            CareForm::Move => "Record a move",
            CareForm::Legal => "Change the legal status",
            CareForm::End => "End the time in care",
            CareForm::Told => "Say who was told",
            CareForm::Health => "Add to health",
            CareForm::Education => "Add to the education plan",
            CareForm::Review => "Record a review",
            CareForm::Officer => "Name the reviewing officer",
            CareForm::Alone => "Seeking asylum alone",
            CareForm::Important => "Add somebody who matters",
            CareForm::Adoption => "Plan for adoption",
            CareForm::Plan => "Write the care plan",
            CareForm::PlacementPlan => "Write the plan for this home",
            CareForm::Secure => "Record the review of the locked stay",
        }
    }

    /// Whether it can be written by a reviewing officer as well.
    fn needs(self) -> &'static [&'static str] {
        match self {
            CareForm::Review => &["case.record", "case.review"],
            CareForm::Officer => &["case.record", "case.allocate", "case.oversee"],
            _ => &["case.record"],
        }
    }
}

/// The time in care that lasts, with its home and its episode.
#[derive(Debug, Clone)]
pub(crate) struct Now {
    pub care: Care,
    pub placement: Placement,
    pub episode: CareEpisode,
}

impl Casework {
    /// One of the pages about a child in care.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not; [`Error::Refused`] when
    /// it is not the moment for this page, with what to do instead.
    pub async fn ask_care(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        what: CareForm,
    ) -> Result<Asking> {
        let page = what.form();
        let child = self
            .child_to_write(viewer, child, page, what.needs())
            .await?;
        let now = self.care_now(child.id).await?;
        let (address, back) = (
            format!("/people/{}/care/{}", child.id, what.word()),
            format!("/people/{}/care", child.id),
        );
        let mut asking = Asking::new(self.form(page)?, child, address, back);
        asking.button = format!("Save for {}", named(&asking.child));
        match (what, &now) {
            (CareForm::Start, Some(_)) => {
                return Err(Error::Refused(format!(
                    "{} is in care already. Record a move or a change of legal status instead.",
                    asking.child.first_name()
                )));
            }
            (CareForm::Start, None) => self.fill_start(&mut asking).await?,
            (CareForm::Alone | CareForm::Important | CareForm::Adoption, _) => {}
            (_, None) => {
                return Err(Error::Refused(format!(
                    "{} is not in care. Start a time in care first.",
                    asking.child.first_name()
                )));
            }
            (CareForm::Secure, Some(now)) if now.placement.rule != "secure" => {
                return Err(Error::Refused(format!(
                    "{} does not live in a locked home: there is nothing for this panel to review.",
                    asking.child.first_name()
                )));
            }
            (CareForm::Officer, _) => self.offer_officers(&mut asking).await?,
            (CareForm::Move, Some(now)) => {
                asking.words = format!("{} lives {}.", asking.child.first_name(), at_home(now));
            }
            (_, Some(_)) => {}
        }
        if matches!(what, CareForm::Start | CareForm::Move)
            && let Some((chosen, postcode)) = self.chosen_home(asking.child.id).await?
        {
            asking.known("carer", &chosen.carer_name);
            asking.known("postcode", &postcode);
        }
        if what == CareForm::Alone {
            self.fill_alone(&mut asking).await?;
        }
        if what == CareForm::Adoption {
            self.fill_adoption(&mut asking).await?;
        }
        Ok(asking)
    }

    /// Saves one of the pages about a child in care.
    ///
    /// # Errors
    /// As [`Casework::ask_care`]; [`Error::Findings`] when something must be
    /// put right, [`Error::Already`] when it was sent before.
    pub async fn save_care(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        what: CareForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_care(viewer, child, what).await?;
        asking.check(answers)?;
        let now = self.care_now(child).await?;
        // Whom the meeting may name is a look of its own, which the journal keeps
        // before the change begins: within it, each would wait for the other.
        let mut known = Vec::new();
        if what == CareForm::Review
            && let Some(family) = self.family_of(child).await?
        {
            known = self.family_known(viewer, family).await?;
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let form = Filled {
            viewer,
            asking: &asking,
            answers,
        };
        let words = match (what, now) {
            (CareForm::Start, _) => self.start_care(&mut tx, &form).await?,
            (CareForm::Alone, _) => self.save_alone(&mut tx, &form).await?,
            (CareForm::Important, now) => self.save_important(&mut tx, &form, now).await?,
            (CareForm::Adoption, _) => self.save_adoption(&mut tx, &form).await?,
            (_, None) => return Err(Error::NotFound),
            (CareForm::Move, Some(now)) => self.move_home(&mut tx, &form, now).await?,
            (CareForm::Legal, Some(now)) => self.change_status(&mut tx, &form, now).await?,
            (CareForm::End, Some(now)) => self.end_care(&mut tx, &form, now).await?,
            (CareForm::Told, Some(now)) => self.save_told(&mut tx, &form, now).await?,
            (CareForm::Health, Some(now)) => self.save_health(&mut tx, &form, now).await?,
            (CareForm::Education, Some(now)) => self.save_education(&mut tx, &form, now).await?,
            (CareForm::Review, Some(now)) => self.save_review(&mut tx, &form, now, &known).await?,
            (CareForm::Officer, Some(now)) => self.name_officer(&mut tx, &form, now).await?,
            (CareForm::Plan, Some(now)) => self.save_care_plan(&mut tx, &form, now).await?,
            (CareForm::Secure, Some(now)) => self.save_locked(&mut tx, &form, now).await?,
            (CareForm::PlacementPlan, Some(now)) => {
                self.save_placement_plan(&mut tx, &form, now).await?
            }
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, asking.sheet.back))
    }

    /// The time in care that lasts. Only for those who passed the gate.
    pub(crate) async fn care_now(&self, child: Id<ids::Person>) -> Result<Option<Now>> {
        let cares: Vec<Care> = self
            .rows_of(
                "person_id = $1 and ended_on is null order by started_on desc",
                args![child],
            )
            .await?;
        let Some(care) = cares.into_iter().next() else {
            return Ok(None);
        };
        let placements: Vec<Placement> = self
            .rows_of(
                "care_id = $1 order by started_on desc, id desc",
                args![care.id],
            )
            .await?;
        let episodes: Vec<CareEpisode> = self
            .rows_of(
                "care_id = $1 order by started_on desc, id desc",
                args![care.id],
            )
            .await?;
        let last = placements
            .into_iter()
            .next()
            .zip(episodes.into_iter().next());
        Ok(last.map(|(placement, episode)| Now {
            care,
            placement,
            episode,
        }))
    }
}

/// A form that was filled in by somebody.
pub(crate) struct Filled<'a> {
    pub viewer: &'a Viewer,
    pub asking: &'a Asking,
    pub answers: &'a Answers,
}

impl Filled<'_> {
    pub fn child(&self) -> &Guarded<Person> {
        &self.asking.child
    }

    pub fn text(&self, name: &str) -> &str {
        self.answers.text(name).trim()
    }

    pub fn said(&self, name: &str) -> Option<String> {
        asking::said(self.answers, name)
    }

    /// The day of this form, which must not lie ahead.
    pub fn day(&self, name: &str) -> Result<NaiveDate> {
        asking::past_day(self.answers, name, self.viewer.today)
    }
}

/// "Maya, 13": so that nobody writes about the wrong child.
pub(crate) fn named(child: &Person) -> String {
    match child.birth_date() {
        Some(born) => format!(
            "{}, {}",
            child.first_name(),
            born.words_on(crate::time::today())
        ),
        None => child.first_name(),
    }
}

/// Where the child lives, without the address.
fn at_home(now: &Now) -> String {
    format!(
        "with {} since {}",
        now.placement.carer,
        vocabulary::plain::date(now.placement.started_on)
    )
}

/// Runs the rest of a change inside a transaction of its own kind: the episode
/// that lasts is closed and the next one opened on the same day.
pub(crate) async fn next_episode(
    tx: &mut Tx,
    last: &mut CareEpisode,
    next: CareEpisode,
) -> Result<()> {
    last.ended_on = Some(next.started_on);
    last.ended_why = Some("X1".into());
    tx.update(last).await?;
    Ok(tx.insert(&next).await?)
}

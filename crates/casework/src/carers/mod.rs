//! Foster carers and adopters: one record for a household, from the first
//! question to the last day. Enquiry, first visit, stage 1 with its checks,
//! stage 2 with its report; then the panel ([`crate::panels`]) and its
//! decision-maker; then terms, visits, training, reviews, concerns.
//!
//! A household has a family of its own, so that who may see it is decided by
//! the gate as for everybody else.

pub mod begin;
pub mod board;
mod recording;
mod stages;
pub mod terms;
pub mod view;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Carer, CarerEvent, CarerPerson, Person};
use record::{Asked, FamilySeen, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use crate::asking::{self, Done, Sheet};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// A page about a household with one form on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarerForm {
    /// Somebody more in the household.
    Person,
    /// The first visit.
    FirstVisit,
    /// The application: stage 1 begins.
    Stage1,
    /// One check.
    Check,
    /// Stage 1 is decided.
    Stage1Done,
    /// Stage 2 begins.
    Stage2,
    /// The report for the panel.
    Assessment,
    /// A visit.
    Visit,
    /// A course.
    Training,
    /// A review.
    Review,
    /// More than the limit, or outside the terms.
    Exemption,
    /// Not free to take a child.
    Away,
    /// An allegation or a concern.
    Concern,
    /// The end.
    End,
}

impl CarerForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [CarerForm; 14] = [
        CarerForm::FirstVisit,
        CarerForm::Stage1,
        CarerForm::Check,
        CarerForm::Stage1Done,
        CarerForm::Stage2,
        CarerForm::Assessment,
        CarerForm::Visit,
        CarerForm::Training,
        CarerForm::Review,
        CarerForm::Exemption,
        CarerForm::Away,
        CarerForm::Concern,
        CarerForm::Person,
        CarerForm::End,
    ];

    /// Its word in the address, its form in the pack, and the words of the
    /// link that leads there.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            CarerForm::Person => ("person", "carer-person", "Add somebody in the household"),
            CarerForm::FirstVisit => ("first-visit", "carer-visit-first", "Record the first visit"),
            CarerForm::Stage1 => ("stage-1", "carer-stage-1", "Start stage 1"),
            CarerForm::Check => ("check", "carer-check", "Record a check"),
            CarerForm::Stage1Done => ("stage-1-done", "carer-stage-1-done", "Decide on stage 1"),
            CarerForm::Stage2 => ("stage-2", "carer-stage-2", "Start stage 2"),
            CarerForm::Assessment => (
                "assessment",
                "carer-assessment",
                "Write the assessment report",
            ),
            CarerForm::Visit => ("visit", "carer-visit", "Record a visit"),
            CarerForm::Training => ("training", "carer-training", "Record training"),
            CarerForm::Review => ("review", "carer-review", "Record a review"),
            CarerForm::Exemption => (
                "exemption",
                "carer-exemption",
                "More children, or outside the terms",
            ),
            CarerForm::Away => ("away", "carer-away", "Not free to take a child"),
            CarerForm::Concern => ("concern", "carer-concern", "Allegation or concern"),
            CarerForm::End => ("end", "carer-end", "End"),
        }
    }

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        self.names().0
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        self.names().1
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        self.names().2
    }

    /// The page with this word.
    pub fn of(word: &str) -> Option<CarerForm> {
        CarerForm::ALL.into_iter().find(|form| form.word() == word)
    }

    /// Whether it is the moment for this page.
    pub fn fits(self, carer: &Carer) -> bool {
        let stage = carer.stage.as_str();
        match self {
            CarerForm::FirstVisit => stage == "enquiry",
            CarerForm::Stage1 => matches!(stage, "enquiry" | "visited"),
            CarerForm::Stage1Done => stage == "stage_1",
            CarerForm::Stage2 => stage == "stage_1_done",
            CarerForm::Assessment => matches!(stage, "stage_2" | "ready"),
            CarerForm::Check => !matches!(stage, "enquiry" | "declined" | "ended"),
            CarerForm::Review | CarerForm::Away => stage == "approved",
            CarerForm::Visit | CarerForm::Exemption => stage == "approved" && is_foster(carer),
            CarerForm::Training | CarerForm::Concern | CarerForm::Person | CarerForm::End => {
                !matches!(stage, "declined" | "ended")
            }
        }
    }
}

/// A household that someone may see, with its people.
#[derive(Debug, Clone)]
pub struct CarerSeen {
    /// The household.
    pub carer: Carer,
    /// Its family, whose look is on record.
    pub family: Guarded<FamilySeen>,
    /// Its people, carers first.
    pub people: Vec<(CarerPerson, Person)>,
}

/// A form about a household that was filled in by somebody.
pub(crate) struct Filled<'a> {
    pub viewer: &'a Viewer,
    pub seen: &'a CarerSeen,
    pub sheet: &'a Sheet,
    pub answers: &'a Answers,
}

impl Filled<'_> {
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

/// Whether a post works with households, or decides about them.
pub fn works_with_carers(viewer: &Viewer) -> bool {
    ["carers.record", "case.oversee", "case.allocate"]
        .iter()
        .any(|capability| viewer.can(capability))
        || sits_with_panels(viewer)
}

/// Whether a post prepares panels or decides after them.
pub fn sits_with_panels(viewer: &Viewer) -> bool {
    [
        "panel.advise",
        "panel.decide_fostering",
        "panel.decide_adoption",
    ]
    .iter()
    .any(|capability| viewer.can(capability))
}

/// Whether a household fosters, or wants to.
pub(crate) fn is_foster(carer: &Carer) -> bool {
    carer.kind == "foster"
}

impl Casework {
    /// A household, for whom its carers are open.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn carer(
        &self,
        viewer: &Viewer,
        id: Id<ids::Carer>,
        asked: Asked<'_>,
    ) -> Result<CarerSeen> {
        if !works_with_carers(viewer) {
            return Err(Error::NotFound);
        }
        let rows: Vec<Carer> = self.rows_of("id = $1", args![id]).await?;
        let carer = rows.into_iter().next().ok_or(Error::NotFound)?;
        let family = self
            .gate()
            .family(viewer, carer.family_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let places: Vec<CarerPerson> = self
            .rows_of(
                "carer_id = $1 and until is null order by case role when 'carer' then 0 \
                 when 'adult' then 1 else 2 end, since, id",
                args![id],
            )
            .await?;
        if places
            .iter()
            .any(|p| p.role == "carer" && !family.has(p.person_id))
        {
            return Err(Error::NotFound);
        }
        let people = places
            .into_iter()
            .filter_map(|place| {
                let person = family.member(place.person_id)?.clone();
                Some((place, person))
            })
            .collect();
        Ok(CarerSeen {
            carer,
            family,
            people,
        })
    }

    /// One of the pages about a household.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the household is not; [`Error::Refused`]
    /// when it is not the moment for this page, with where it stands.
    pub async fn ask_carer(
        &self,
        viewer: &Viewer,
        id: Id<ids::Carer>,
        what: CarerForm,
    ) -> Result<(CarerSeen, Sheet)> {
        let seen = self.carer(viewer, id, Asked::to_write(what.form())).await?;
        if !viewer.can("carers.record") && !viewer.can("case.oversee") {
            let why = "Only those who support the household write here. Ask its supervising social worker.";
            return Err(Error::Refused(why.into()));
        }
        if !what.fits(&seen.carer) {
            return Err(Error::Refused(format!(
                "This is not the moment for this page: {} are at “{}”.",
                seen.carer.name,
                self.label("carer-stage", &seen.carer.stage)
            )));
        }
        let address = format!("/carers/{id}/{}", what.word());
        let mut sheet = Sheet::new(self.form(what.form())?, address, format!("/carers/{id}"));
        sheet.button = format!("Save for {}", seen.carer.name);
        sheet.day("on", viewer.today);
        match what {
            CarerForm::Check => {
                let mut who = vec![("home".to_owned(), "The home".to_owned())];
                who.extend(
                    seen.people
                        .iter()
                        .map(|(_, person)| (person.id.to_string(), person.name())),
                );
                sheet.offer("who", who);
            }
            CarerForm::Stage1Done => sheet.words = self.missing_checks(&seen).await?,
            CarerForm::Exemption => sheet.day("since", viewer.today),
            _ => {}
        }
        Ok((seen, sheet))
    }

    /// Saves one of the pages about a household.
    ///
    /// # Errors
    /// As [`Casework::ask_carer`]; [`Error::Findings`] when something must be
    /// put right, [`Error::Already`] when it was sent before.
    pub async fn save_carer(
        &self,
        viewer: &Viewer,
        id: Id<ids::Carer>,
        what: CarerForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (seen, sheet) = self.ask_carer(viewer, id, what).await?;
        sheet.check(answers)?;
        let form = Filled {
            viewer,
            seen: &seen,
            sheet: &sheet,
            answers,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let words = match what {
            CarerForm::Person => self.add_to_household(&mut tx, &form).await?,
            CarerForm::FirstVisit => self.save_first_visit(&mut tx, &form).await?,
            CarerForm::Stage1 => self.start_stage_1(&mut tx, &form).await?,
            CarerForm::Check => self.save_check(&mut tx, &form).await?,
            CarerForm::Stage1Done => self.end_stage_1(&mut tx, &form).await?,
            CarerForm::Stage2 => self.start_stage_2(&mut tx, &form).await?,
            CarerForm::Assessment => self.save_report(&mut tx, &form).await?,
            CarerForm::Visit => self.save_carer_visit(&mut tx, &form).await?,
            CarerForm::Training => self.save_training(&mut tx, &form).await?,
            CarerForm::Review => self.save_carer_review(&mut tx, &form).await?,
            CarerForm::Exemption => self.save_exemption(&mut tx, &form).await?,
            CarerForm::Away => self.save_away(&mut tx, &form).await?,
            CarerForm::Concern => self.save_concern(&mut tx, &form).await?,
            CarerForm::End => self.end_carer(&mut tx, &form).await?,
        };
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, sheet.back.clone()))
    }

    /// Whose the clocks of a household are.
    pub(crate) fn about_carer(&self, carer: &Carer, word: &str) -> About {
        let path = match word {
            "" => format!("/carers/{}", carer.id),
            word => format!("/carers/{}/{word}", carer.id),
        };
        About {
            kind: "carer",
            id: carer.id.to_string(),
            family: Some(carer.family_id),
            team: carer.team_id,
            worker: carer.worker_id,
            path,
            ..About::default()
        }
    }

    /// Starts and stops the clocks of a household by one event of a day.
    pub(crate) async fn carer_event(
        &self,
        tx: &mut Tx,
        carer: &Carer,
        trigger: &str,
        day: NaiveDate,
        word: &str,
    ) -> Result<()> {
        let at = time::start_of(day);
        let id = carer.id.to_string();
        clocks::stop(tx, self.pack(), trigger, at, "carer", &id).await?;
        let about = self.about_carer(carer, word);
        clocks::start(tx, self.pack(), trigger, at, &about).await
    }

    /// Keeps what happened, with everything that was answered.
    pub(crate) async fn keep_event(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        kind: &str,
        (detail, words): (Option<String>, String),
        day: NaiveDate,
    ) -> Result<()> {
        let carer = &form.seen.carer;
        let row = CarerEvent {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            kind: kind.to_owned(),
            detail,
            happened_on: day,
            words,
            form: form.sheet.form.id.clone(),
            form_version: form.sheet.form.version.to_string(),
            answers: form.answers.clone().into_map().into(),
            made_by: form.viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }
}

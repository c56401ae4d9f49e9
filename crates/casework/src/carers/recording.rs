//! What happens with a household: checks, visits, training, reviews, times
//! when it is not free, and what is said against it.

use record::model::{Carer, CarerCheck, CarerConcern, CarerEvent};
use record::{Asked, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::{CarerSeen, Filled, is_foster};
use crate::asking::{self, Done, Sheet, past_day, said};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// A check, and the clock of the next one where the pack has it made again.
    pub(super) async fn save_check(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let carer = &form.seen.carer;
        let kind = form.text("kind").to_owned();
        let person = match form.text("who") {
            "home" | "" => None,
            id => {
                let id: Id<ids::Person> = id.parse().map_err(|_| Error::NotFound)?;
                let there = form.seen.people.iter().any(|(_, p)| p.id == id);
                Some(id)
                    .filter(|_| there)
                    .ok_or(Error::NotFound)
                    .map(Some)?
            }
        };
        if person.is_none() && matches!(kind.as_str(), "dbs" | "medical") {
            let message = "Choose the person: this check is about one person";
            return Err(Error::finding("who", "Whom is it about?", message));
        }
        let at = time::start_of(day);
        let trigger = format!("carer_check.{kind}");
        let whose = person.map_or_else(|| "home".to_owned(), |p| p.to_string());
        let about = About {
            kind: "carer_check",
            id: format!("{}/{whose}", carer.id),
            person,
            ..self.about_carer(carer, "check")
        };
        let pack = self.pack();
        let rule = pack.clocks_started_by(&trigger, day).next();
        let expires_on = rule.map(|rule| rule.due(time::local(at), pack.working_days()).at.date());
        clocks::stop(tx, pack, &trigger, at, "carer_check", &about.id).await?;
        clocks::start(tx, pack, &trigger, at, &about).await?;
        tx.insert(&CarerCheck {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            person_id: person,
            kind,
            done_on: day,
            result: form.text("result").to_owned(),
            words: form.said("words"),
            expires_on,
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        Ok(match expires_on {
            Some(day) => format!(
                "The check is saved. It runs out on {}.",
                vocabulary::plain::date(day)
            ),
            None => "The check is saved.".into(),
        })
    }

    /// A supervision visit; an unannounced one is a supervision visit as well.
    pub(super) async fn save_carer_visit(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let carer = &form.seen.carer;
        let kind = form.text("kind").to_owned();
        let words = form.text("words").to_owned();
        self.carer_event(tx, carer, "carer.supervised", day, "visit")
            .await?;
        if kind == "unannounced" {
            self.carer_event(tx, carer, "carer.unannounced", day, "visit")
                .await?;
        }
        self.keep_event(tx, form, "visit", (Some(kind), words), day)
            .await?;
        Ok("The visit is saved.".into())
    }

    pub(super) async fn save_training(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let kind = form.text("kind").to_owned();
        if kind == "standards" {
            self.carer_event(tx, &form.seen.carer, "carer.standards_met", day, "")
                .await?;
        }
        let words = [form.said("who"), form.said("words")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(". ");
        self.keep_event(tx, form, "training", (Some(kind), words), day)
            .await?;
        Ok("The training is saved.".into())
    }

    /// A review starts the next year. The first one of foster carers goes to
    /// the panel (SI 2011/581, regulation 28(5)).
    pub(super) async fn save_carer_review(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let carer = &form.seen.carer;
        let outcome = form.text("outcome").to_owned();
        let foster = is_foster(carer);
        let first = foster && self.reviews_before(tx, carer).await? == 0;
        let trigger = match foster {
            true => "carer.reviewed",
            false => "adopter.reviewed",
        };
        self.carer_event(tx, carer, trigger, day, "review").await?;
        if first {
            self.carer_event(tx, carer, "carer.first_reviewed", day, "panel")
                .await?;
        }
        let words = form.text("words").to_owned();
        self.keep_event(tx, form, "review", (Some(outcome.clone()), words), day)
            .await?;
        Ok(match (first, outcome.as_str()) {
            (true, _) => "The review is saved. It is the first: put it before the panel.",
            (_, "same") => "The review is saved.",
            _ => "The review is saved. Put what you propose before the panel.",
        }
        .into())
    }

    async fn reviews_before(&self, tx: &mut Tx, carer: &Carer) -> Result<usize> {
        let reviews: Vec<CarerEvent> =
            asking::rows(tx, "carer_id = $1 and kind = 'review'", args![carer.id]).await?;
        Ok(reviews.len())
    }

    pub(super) async fn save_away(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let until = form.answers.date("until");
        let mut carer = form.seen.carer.clone();
        let why = form.text("why").to_owned();
        let free = until.is_none_or(|day| day <= form.viewer.today);
        carer.away_until = until.filter(|_| !free);
        carer.away_why = (!free).then(|| why.clone());
        tx.update(&mut carer).await?;
        self.keep_event(tx, form, "away", (None, why), form.viewer.today)
            .await?;
        Ok(match free {
            true => format!("{} are free to take a child again.", carer.name),
            false => format!("{} are not offered for a child until then.", carer.name),
        })
    }

    /// What was said against carers. The designated officer must know of an
    /// allegation within a working day.
    pub(super) async fn save_concern(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let day = form.day("on")?;
        let carer = &form.seen.carer;
        let told = form.answers.date("officer_on");
        let row = CarerConcern {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            kind: form.text("kind").to_owned(),
            reported_on: day,
            words: form.text("words").to_owned(),
            children: form.said("children"),
            officer_on: told,
            closed_on: None,
            outcome: None,
            outcome_words: None,
            made_by: form.viewer.principal.worker,
            version: 1,
        };
        tx.insert(&row).await?;
        if row.kind == "allegation" && told.is_none() {
            let about = about_concern(self, carer, &row);
            clocks::start(
                tx,
                self.pack(),
                "carer.allegation",
                time::start_of(day),
                &about,
            )
            .await?;
        }
        Ok(match (row.kind.as_str(), told) {
            ("allegation", None) => {
                "Saved. Tell the designated officer within one working day.".into()
            }
            _ => "Saved.".into(),
        })
    }

    /// The page on which a concern ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such concern for this viewer.
    pub async fn ask_concern_end(
        &self,
        viewer: &Viewer,
        carer: Id<ids::Carer>,
        concern: Id<ids::Part>,
    ) -> Result<(CarerSeen, CarerConcern, Sheet)> {
        let form = "carer-concern-end";
        let seen = self.carer(viewer, carer, Asked::to_write(form)).await?;
        let rows: Vec<CarerConcern> = self
            .rows_of("id = $1 and carer_id = $2", args![concern, carer])
            .await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        if !viewer.can("carers.record") && !viewer.can("case.oversee") {
            return Err(Error::NotFound);
        }
        let back = format!("/carers/{carer}");
        let mut sheet = Sheet::new(
            self.form(form)?,
            format!("/carers/{carer}/concerns/{concern}"),
            back,
        );
        sheet.words = row.words.clone();
        sheet.button = format!("Save for {}", seen.carer.name);
        sheet.day("on", viewer.today);
        if let Some(day) = row.officer_on {
            sheet.day("officer_on", day);
        }
        Ok((seen, row, sheet))
    }

    /// Ends a concern. An allegation cannot end before the designated officer
    /// was told: they decide with us what came of it.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_concern_end(
        &self,
        viewer: &Viewer,
        carer: Id<ids::Carer>,
        concern: Id<ids::Part>,
        answers: &packs::Answers,
        once: &str,
    ) -> Result<Done> {
        let (_, row, sheet) = self.ask_concern_end(viewer, carer, concern).await?;
        sheet.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let told = answers.date("officer_on").or(row.officer_on);
        if row.kind == "allegation" && told.is_none() {
            let message = "Write when the designated officer was told: an allegation ends only with them (Working Together 2023)";
            return Err(Error::finding("officer_on", "Designated officer", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let mut row: CarerConcern = tx.get(concern).await?;
        if row.closed_on.is_some() {
            return Err(Error::Already(sheet.back));
        }
        row.closed_on = Some(day);
        row.officer_on = told;
        row.outcome = Some(answers.text("outcome").to_owned());
        row.outcome_words = said(answers, "words");
        tx.update(&mut row).await?;
        let at = time::start_of(told.unwrap_or(day));
        clocks::stop_all(&mut tx, at, "carer_concern", concern.as_str()).await?;
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("It has ended. The record stays.", sheet.back))
    }
}

fn about_concern(casework: &Casework, carer: &Carer, row: &CarerConcern) -> About {
    About {
        kind: "carer_concern",
        id: row.id.to_string(),
        ..casework.about_carer(carer, &format!("concerns/{}", row.id))
    }
}

//! Private fostering: a child lives with somebody who is no close relative,
//! because the family arranged it. The council is told, visits within seven
//! working days, decides whether it is suitable, and goes on visiting
//! (Children Act 1989, part IX; SI 2005/1533).

pub mod board;
pub mod view;

use chrono::{Months, NaiveDate};
use packs::Answers;
use record::model::{Person, PrivateFostering, PrivateFosteringVisit};
use record::{Asked, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Decided, Done, past_day, said};
use crate::care::Filled;
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// What the clocks of an arrangement say that they are about.
pub(crate) const KIND: &str = "private_fostering";

/// Whose post writes about an arrangement.
const WRITES: [&str; 2] = ["case.record", "case.oversee"];

/// The pages of one form each about an arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrangementForm {
    /// A visit.
    Visit,
    /// Whether it is suitable.
    Decision,
    /// It ended.
    End,
}

impl ArrangementForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [ArrangementForm; 3] = [
        ArrangementForm::Visit,
        ArrangementForm::Decision,
        ArrangementForm::End,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            ArrangementForm::Visit => "visit",
            ArrangementForm::Decision => "decision",
            ArrangementForm::End => "end",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            ArrangementForm::Visit => "private-fostering-visit",
            ArrangementForm::Decision => "private-fostering-decision",
            ArrangementForm::End => "private-fostering-end",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            ArrangementForm::Visit => "Record a visit",
            ArrangementForm::Decision => "Decide whether it is suitable",
            ArrangementForm::End => "It ended",
        }
    }
}

/// An arrangement whose child the viewer may see.
#[derive(Debug, Clone)]
pub struct ArrangementSeen {
    /// The child.
    pub child: Guarded<Person>,
    /// The row.
    pub row: PrivateFostering,
}

impl Casework {
    /// The page on which an arrangement is written down.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not; [`Error::Already`] with
    /// its page when the child has an open one.
    pub async fn ask_private_fostering(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
    ) -> Result<Asking> {
        let child = self
            .child_to_write(viewer, child, "private-fostering-notice", &WRITES)
            .await?;
        let open: Vec<PrivateFostering> = self
            .rows_of("person_id = $1 and state = 'open'", args![child.id])
            .await?;
        if let Some(open) = open.first() {
            return Err(Error::Already(format!("/private-fostering/{}", open.id)));
        }
        let address = format!("/people/{}/private-fostering", child.id);
        let back = format!("/people/{}/care", child.id);
        let mut asking = Asking::new(self.form("private-fostering-notice")?, child, address, back);
        asking.button = format!("Save for {}", crate::care::named(&asking.child));
        asking.day("on", viewer.today);
        Ok(asking)
    }

    /// Writes down an arrangement: the clocks of the first visit and of the
    /// decision run from the day on which we were told.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_private_fostering(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_private_fostering(viewer, child).await?;
        asking.check(answers)?;
        let told_on = past_day(answers, "on", viewer.today)?;
        let starts_on = answers.date("starts").ok_or_else(|| {
            Error::finding(
                "starts",
                "When does the child move in?",
                "Write the day, such as 27 3 2026",
            )
        })?;
        let until = answers.date("until");
        if until.is_some_and(|day| day <= starts_on) {
            let message = "Write a day after the child moves in, or leave it empty";
            return Err(Error::finding("until", "Until when?", message));
        }
        let disabled = answers.text("disabled") == "yes";
        if let Some(born) = asking.child.born_on
            && ends_by_age(born, disabled) <= starts_on
        {
            let message = match disabled {
                true => {
                    "The child is 18 by then: this is no private fostering. Check the day and the child’s date of birth"
                }
                false => {
                    "The child is 16 by then: it is private fostering only for a disabled child. Check the day, or say that the child is disabled"
                }
            };
            return Err(Error::finding("starts", "When do they move in?", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let row = PrivateFostering {
            id: Id::new(),
            person_id: child,
            family_id: self.family_of(child).await?,
            told_on,
            told_by: answers.text("by").to_owned(),
            starts_on,
            until,
            carer: answers.text("carer").trim().to_owned(),
            relation: said(answers, "relation"),
            place: said(answers, "place"),
            why: answers.text("why").trim().to_owned(),
            childs_words: said(answers, "childs_words"),
            disabled,
            state: "open".into(),
            decision: None,
            decided_on: None,
            decision_words: None,
            ended_on: None,
            end_why: None,
            end_words: None,
            team_id: viewer.principal.team,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        let page = format!("/private-fostering/{}", row.id);
        asking::claim(&mut tx, once, &page).await?;
        tx.insert(&row).await?;
        let about = self.about_arrangement(&row).await?;
        let at = time::start_of(told_on);
        clocks::start(&mut tx, self.pack(), "private_fostering.told", at, &about).await?;
        let source = ("private_fostering", row.id.to_string());
        let wording = "We were told of private fostering: the child lives, or is to live, with somebody who is no close relative";
        asking::propose(&mut tx, child, told_on, "move", wording, source).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(
            format!(
                "Saved. {} Visit {} within 7 working days.",
                notice_words(&row),
                asking.child.first_name()
            ),
            page,
        ))
    }

    /// An arrangement behind the gate.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn arrangement(
        &self,
        viewer: &Viewer,
        id: Id<ids::Arrangement>,
        asked: Asked<'_>,
    ) -> Result<ArrangementSeen> {
        let rows: Vec<PrivateFostering> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = self
            .gate()
            .person(viewer, row.person_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(ArrangementSeen { child, row })
    }

    /// One of the pages about an arrangement.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] once it ended.
    pub async fn ask_arrangement(
        &self,
        viewer: &Viewer,
        id: Id<ids::Arrangement>,
        what: ArrangementForm,
    ) -> Result<(Asking, PrivateFostering)> {
        let seen = self
            .arrangement(viewer, id, Asked::to_write(what.form()))
            .await?;
        if !WRITES.iter().any(|capability| viewer.can(capability)) {
            let why =
                "Only those who work with the child write here. Ask the child’s worker to add it.";
            return Err(Error::Refused(why.into()));
        }
        if seen.row.state != "open" {
            let why = "This arrangement has ended. If the child is privately fostered again, write down a new one.";
            return Err(Error::Refused(why.into()));
        }
        let address = format!("/private-fostering/{id}/{}", what.word());
        let back = format!("/private-fostering/{id}");
        let mut asking = Asking::new(self.form(what.form())?, seen.child, address, back);
        asking.button = format!("Save for {}", crate::care::named(&asking.child));
        asking.day("on", viewer.today);
        if what == ArrangementForm::Visit {
            asking.words = format!(
                "Lives with {}. Only a visit on which you see the child stops the clock.",
                seen.row.carer
            );
        }
        Ok((asking, seen.row))
    }

    /// Saves one of the pages about an arrangement.
    ///
    /// # Errors
    /// As [`Casework::ask_arrangement`]; [`Error::Findings`] when something
    /// must be put right.
    pub async fn save_arrangement(
        &self,
        viewer: &Viewer,
        id: Id<ids::Arrangement>,
        what: ArrangementForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (asking, _) = self.ask_arrangement(viewer, id, what).await?;
        asking.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let row: PrivateFostering = tx.get(id).await?;
        if day < row.told_on && what != ArrangementForm::End {
            let message = format!(
                "Write a day from {} on, when we were told",
                plain::date(row.told_on)
            );
            return Err(Error::finding("on", "When?", &message));
        }
        let form = Filled {
            viewer,
            asking: &asking,
            answers,
        };
        let words = match what {
            ArrangementForm::Visit => self.arrangement_visited(&mut tx, &form, &row, day).await?,
            ArrangementForm::Decision => self.arrangement_decided(&mut tx, &form, row, day).await?,
            ArrangementForm::End => self.arrangement_ended(&mut tx, &form, row, day).await?,
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, asking.sheet.back))
    }

    /// A visit that saw the child starts the clock of the next one, unless a
    /// later one is written down already.
    async fn arrangement_visited(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        row: &PrivateFostering,
        day: NaiveDate,
    ) -> Result<String> {
        let answers = form.answers;
        let seen = answers.text("seen") == "yes";
        let later: Vec<PrivateFosteringVisit> = asking::rows(
            tx,
            "arrangement_id = $1 and seen = $2 and visited_on > $3",
            args![row.id, true, day],
        )
        .await?;
        let visit = PrivateFosteringVisit {
            id: Id::new(),
            arrangement_id: row.id,
            person_id: row.person_id,
            visited_on: day,
            seen,
            alone: said(answers, "alone").filter(|_| seen),
            why_not: said(answers, "why_not").filter(|_| !seen),
            childs_words: said(answers, "childs_words").filter(|_| seen),
            satisfactory: seen.then(|| answers.text("satisfactory") == "yes"),
            words: answers.text("words").trim().to_owned(),
            next: said(answers, "next"),
            made_by: form.viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&visit).await?;
        let name = form.child().first_name();
        if visit.satisfactory == Some(false) {
            let source = ("private_fostering", row.id.to_string());
            let wording =
                "A visit found that the child is not well looked after in private fostering";
            asking::propose(tx, row.person_id, day, "harm", wording, source).await?;
        }
        if !seen {
            return Ok(format!(
                "The visit is saved. {name} was not seen: the clock goes on."
            ));
        }
        if later.is_empty() {
            let at = time::start_of(day);
            let pack = self.pack();
            let id = row.id.to_string();
            clocks::stop(tx, pack, "private_fostering.visited", at, KIND, &id).await?;
            let about = self.about_arrangement(row).await?;
            clocks::start(tx, pack, next_visit(row, day), at, &about).await?;
        }
        Ok(match visit.satisfactory {
            Some(false) => format!(
                "The visit is saved. {name} is not well looked after there: decide today with your manager what happens."
            ),
            _ => "The visit is saved.".into(),
        })
    }

    async fn arrangement_decided(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut row: PrivateFostering,
        day: NaiveDate,
    ) -> Result<String> {
        let answers = form.answers;
        let outcome = answers.text("outcome").to_owned();
        row.decision = Some(outcome.clone());
        row.decided_on = Some(day);
        row.decision_words = said(answers, "words");
        tx.update(&mut row).await?;
        let label = self.label("private-fostering-decision", &outcome);
        let decided = Decided {
            kind: "care",
            outcome: &format!("Private fostering: {label}"),
            why: answers.text("words"),
            asking: form.asking,
            answers,
            family: row.family_id,
        };
        asking::decide(tx, form.viewer, decided).await?;
        let source = ("private_fostering", row.id.to_string());
        let wording = format!("Private fostering was decided on: {label}");
        asking::propose(tx, row.person_id, day, "plan", &wording, source).await?;
        let (at, id) = (time::start_of(day), row.id.to_string());
        clocks::stop(tx, self.pack(), "private_fostering.decided", at, KIND, &id).await?;
        Ok(match outcome.as_str() {
            "prohibited" => {
                "The decision is saved. Tell the carer in writing why, and that they may appeal; find a safe home for the child today."
            }
            "requirements" => "The decision is saved. Give the carer the requirements in writing.",
            _ => "The decision is saved. The visits go on.",
        }
        .into())
    }

    async fn arrangement_ended(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut row: PrivateFostering,
        day: NaiveDate,
    ) -> Result<String> {
        let answers = form.answers;
        let why = answers.text("why").to_owned();
        row.state = "ended".into();
        row.ended_on = Some(day);
        row.end_words = said(answers, "words");
        let label = self.label("private-fostering-end", &why);
        row.end_why = Some(why);
        tx.update(&mut row).await?;
        clocks::stop_all(tx, time::start_of(day), KIND, row.id.as_str()).await?;
        let source = ("private_fostering", row.id.to_string());
        let wording = format!("Private fostering ended: {label}");
        asking::propose(tx, row.person_id, day, "move", &wording, source).await?;
        Ok("The end is saved. No more visits are due.".into())
    }

    async fn about_arrangement(&self, row: &PrivateFostering) -> Result<About> {
        let path = format!("/private-fostering/{}", row.id);
        self.about_child(row.person_id, KIND, row.id.as_str(), path)
            .await
    }
}

/// What starts the clock of the next visit: the first year is counted from the
/// day on which the council came to know (SI 2005/1533, regulation 8(1)).
pub fn next_visit(row: &PrivateFostering, seen_on: NaiveDate) -> &'static str {
    match seen_on < row.told_on + Months::new(12) {
        true => "private_fostering.visited_first_year",
        false => "private_fostering.visited_later",
    }
}

/// The birthday on which private fostering is over: the 16th, or the 18th of a
/// disabled child (Children Act 1989, section 66).
pub fn ends_by_age(born: NaiveDate, disabled: bool) -> NaiveDate {
    let years = if disabled { 18 } else { 16 };
    born + Months::new(12 * years)
}

/// Whether we were told in time: six weeks before, or at once when it begins
/// sooner (SI 2005/1533, regulation 3).
pub fn notice_words(row: &PrivateFostering) -> String {
    match (row.starts_on - row.told_on).num_days() {
        42.. => "We were told at least 6 weeks before, as the law asks.".into(),
        0 => "We were told on the day on which it began.".into(),
        days @ 1.. => format!(
            "We were told {} before; within 6 weeks the law asks to tell at once.",
            plain::count(days, "day", "days")
        ),
        days => format!(
            "We were told {} after it began.",
            plain::count(-days, "day", "days")
        ),
    }
}

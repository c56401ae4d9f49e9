//! Work before and in the family court: the legal gateway, the letter before
//! proceedings, the meeting, issue, hearings, twenty-six weeks, and each delay
//! with its owner and reason (R004-13, R004-22). And the register of orders
//! that deprive a child of liberty (R003-34).

pub mod board;
pub mod deprivation;
mod gateway;
mod recording;
pub mod view;

use packs::Answers;
use record::model::{CourtCase, CourtChild, Person};
use record::{Asked, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Done};
use crate::care::Filled;
use crate::{Casework, Error, Result};

/// The pages of one form each about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CourtForm {
    /// The letter before proceedings.
    Letter,
    /// The meeting before proceedings.
    Meeting,
    /// Proceedings are issued.
    Issue,
    /// A hearing.
    Hearing,
    /// An assessment or paper for the court.
    Task,
    /// A delay.
    Delay,
    /// Pre-proceedings end without court.
    Stop,
    /// Proceedings end.
    End,
}

impl CourtForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [CourtForm; 8] = [
        CourtForm::Letter,
        CourtForm::Meeting,
        CourtForm::Issue,
        CourtForm::Hearing,
        CourtForm::Task,
        CourtForm::Delay,
        CourtForm::Stop,
        CourtForm::End,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            CourtForm::Letter => "letter",
            CourtForm::Meeting => "meeting",
            CourtForm::Issue => "issue",
            CourtForm::Hearing => "hearing",
            CourtForm::Task => "task",
            CourtForm::Delay => "delay",
            CourtForm::Stop => "stop",
            CourtForm::End => "end",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            CourtForm::Letter => "court-letter",
            CourtForm::Meeting => "court-meeting",
            CourtForm::Issue => "court-issue",
            CourtForm::Hearing => "court-hearing",
            CourtForm::Task => "court-task",
            CourtForm::Delay => "court-delay",
            CourtForm::Stop => "court-stop",
            CourtForm::End => "court-end",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            CourtForm::Letter => "Letter before proceedings",
            CourtForm::Meeting => "Meeting before proceedings",
            CourtForm::Issue => "Proceedings were issued",
            CourtForm::Hearing => "Add a hearing",
            CourtForm::Task => "Add an assessment or paper",
            CourtForm::Delay => "Add a delay",
            CourtForm::Stop => "End pre-proceedings without court",
            CourtForm::End => "Proceedings ended",
        }
    }

    /// Whether the page fits where the case stands.
    pub fn fits(self, state: &str) -> bool {
        match self {
            CourtForm::Letter | CourtForm::Meeting | CourtForm::Issue | CourtForm::Stop => {
                matches!(state, "gateway" | "pre_proceedings")
            }
            CourtForm::Hearing | CourtForm::End => state == "issued",
            CourtForm::Task | CourtForm::Delay => state != "ended",
        }
    }
}

/// A case whose children the viewer may all see.
#[derive(Debug, Clone)]
pub struct CaseSeen {
    /// The case.
    pub case: CourtCase,
    /// The eldest of its children, on whose page it is shown.
    pub child: Guarded<Person>,
    /// All its children, the eldest first.
    pub children: Vec<Person>,
}

impl CaseSeen {
    /// "Maya and Idris".
    pub fn names(&self) -> String {
        let names: Vec<String> = self.children.iter().map(Person::first_name).collect();
        plain::list(&names)
    }
}

impl Casework {
    /// A case behind the gate. Its words speak of every child, so that only
    /// those who may see all of them see it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn case_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::CourtCase>,
        asked: Asked<'_>,
    ) -> Result<CaseSeen> {
        let cases: Vec<CourtCase> = self.rows_of("id = $1", args![id]).await?;
        let case = cases.into_iter().next().ok_or(Error::NotFound)?;
        let theirs: Vec<CourtChild> = self.rows_of("case_id = $1", args![id]).await?;
        let seen = self
            .gate()
            .family(viewer, case.family_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let mut children: Vec<Person> = theirs
            .iter()
            .map(|c| seen.member(c.person_id).cloned().ok_or(Error::NotFound))
            .collect::<Result<_>>()?;
        children.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        let first = children.first().ok_or(Error::NotFound)?.id;
        let child = self
            .gate()
            .person(viewer, first, asked)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(CaseSeen {
            case,
            child,
            children,
        })
    }

    /// One of the pages about a case.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the case is not; [`Error::Refused`] when it
    /// is not the moment for this page.
    pub async fn ask_court(
        &self,
        viewer: &Viewer,
        id: Id<ids::CourtCase>,
        what: CourtForm,
    ) -> Result<Asking> {
        let seen = self
            .case_seen(viewer, id, Asked::to_write(what.form()))
            .await?;
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Only those who work with the children write here. Ask their worker to add it."
                    .into(),
            ));
        }
        if !what.fits(&seen.case.state) {
            return Err(Error::Refused(format!(
                "“{}” does not fit where this case stands now. Open the case to see what comes next.",
                what.link()
            )));
        }
        let names = seen.names();
        let (address, back) = (
            format!("/court/{id}/{}", what.word()),
            format!("/court/{id}"),
        );
        let mut asking = Asking::new(self.form(what.form())?, seen.child, address, back);
        asking.title = format!("{}: {names}", asking.form.title);
        asking.button = format!("Save for {names}");
        if what == CourtForm::Letter {
            asking.words = "The clock of pre-proceedings runs from the day of the letter.".into();
        }
        if what == CourtForm::Issue {
            asking.words = "Twenty-six weeks run from the day of issue.".into();
        }
        Ok(asking)
    }

    /// Saves one of the pages about a case.
    ///
    /// # Errors
    /// As [`Casework::ask_court`]; [`Error::Findings`] when something must be
    /// put right.
    pub async fn save_court(
        &self,
        viewer: &Viewer,
        id: Id<ids::CourtCase>,
        what: CourtForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_court(viewer, id, what).await?;
        asking.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let case: CourtCase = tx.get(id).await?;
        let form = Filled {
            viewer,
            asking: &asking,
            answers,
        };
        let words = match what {
            CourtForm::Letter => self.send_letter(&mut tx, &form, case).await?,
            CourtForm::Meeting => self.hold_meeting(&mut tx, &form, case).await?,
            CourtForm::Issue => self.issue(&mut tx, &form, case).await?,
            CourtForm::Hearing => self.add_hearing(&mut tx, &form, &case).await?,
            CourtForm::Task => self.add_court_task(&mut tx, &form, &case).await?,
            CourtForm::Delay => self.add_delay(&mut tx, &form, &case).await?,
            CourtForm::Stop => self.stop_case(&mut tx, &form, case).await?,
            CourtForm::End => self.end_case(&mut tx, &form, case).await?,
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, asking.sheet.back))
    }
}

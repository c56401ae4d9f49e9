//! Young people on the way out of care, and out of it: what they need, the
//! pathway plan, the personal adviser, being in touch, a suitable home,
//! education or work, and what each department offers (R002-06, R004-12).

pub mod board;
mod recording;
pub mod view;

use packs::Answers;
use record::model::{Leaver, Worker};
use record::{AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use crate::asking::{self, Asking, Done};
use crate::care::Filled;
use crate::{Casework, Error, Result, time};

/// The pages of one form each about leaving care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeaverForm {
    /// The young person will leave care; who is the adviser.
    Start,
    /// What they need.
    Assessment,
    /// The pathway plan, or a review of it.
    Plan,
    /// In touch.
    Contact,
    /// A home that we provide.
    Home,
    /// A part of the offer.
    Offer,
}

impl LeaverForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [LeaverForm; 6] = [
        LeaverForm::Start,
        LeaverForm::Assessment,
        LeaverForm::Plan,
        LeaverForm::Contact,
        LeaverForm::Home,
        LeaverForm::Offer,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            LeaverForm::Start => "start",
            LeaverForm::Assessment => "needs",
            LeaverForm::Plan => "plan",
            LeaverForm::Contact => "in-touch",
            LeaverForm::Home => "home",
            LeaverForm::Offer => "offer",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            LeaverForm::Start => "leaver-start",
            LeaverForm::Assessment => "leaver-assessment",
            LeaverForm::Plan => "leaver-plan",
            LeaverForm::Contact => "leaver-contact",
            LeaverForm::Home => "leaver-home",
            LeaverForm::Offer => "leaver-offer",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            LeaverForm::Start => "Name the personal adviser",
            LeaverForm::Assessment => "Write what the young person needs",
            LeaverForm::Plan => "Write or review the pathway plan",
            LeaverForm::Contact => "Say that we were in touch",
            LeaverForm::Home => "A home that we provide",
            LeaverForm::Offer => "Add to the offer",
        }
    }
}

impl Casework {
    /// One of the pages about leaving care.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not; [`Error::Refused`] when
    /// there is no adviser yet, with what to do first.
    pub async fn ask_leaving(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        what: LeaverForm,
    ) -> Result<Asking> {
        let needs: &[&str] = match what {
            LeaverForm::Start => &["case.record", "case.allocate"],
            _ => &["case.record"],
        };
        let child = self
            .child_to_write(viewer, child, what.form(), needs)
            .await?;
        let leaver = self.leaver_now(child.id).await?;
        let (address, back) = (
            format!("/people/{}/leaving-care/{}", child.id, what.word()),
            format!("/people/{}/leaving-care", child.id),
        );
        let mut asking = Asking::new(self.form(what.form())?, child, address, back);
        asking.button = format!("Save for {}", crate::care::named(&asking.child));
        match (what, &leaver) {
            (LeaverForm::Start, leaver) => {
                self.offer_advisers(&mut asking).await?;
                if let Some(leaver) = leaver {
                    asking.answers.set("status", leaver.status.clone());
                    asking.day("on", leaver.since);
                    asking.known("adviser", &leaver.adviser_id.map(|id| id.to_string()));
                    asking.known("words", &leaver.words);
                }
            }
            (_, None) => {
                return Err(Error::Refused(format!(
                    "{} has no personal adviser here yet. Name one first.",
                    asking.child.first_name()
                )));
            }
            (LeaverForm::Plan, Some(leaver)) => {
                if let Some(parts) = leaver.pathway.as_ref().and_then(|p| p.as_object()) {
                    for (part, words) in parts {
                        asking.known(part, &words.as_str().map(str::to_owned));
                    }
                }
                asking.answers.set("kind", "");
            }
            (LeaverForm::Contact, Some(leaver)) => {
                // Known already: home and work stay as they are until changed.
                let last = self.last_contact(leaver.id).await?;
                asking.known("home", &last.as_ref().and_then(|c| c.home.clone()));
                asking.known("activity", &last.as_ref().and_then(|c| c.activity.clone()));
                asking.known("suitable", &last.and_then(|c| c.suitable));
            }
            _ => {}
        }
        Ok(asking)
    }

    /// Saves one of the pages about leaving care.
    ///
    /// # Errors
    /// As [`Casework::ask_leaving`]; [`Error::Findings`] when something must be
    /// put right.
    pub async fn save_leaving(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        what: LeaverForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_leaving(viewer, child, what).await?;
        asking.check(answers)?;
        let leaver = self.leaver_now(child).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let form = Filled {
            viewer,
            asking: &asking,
            answers,
        };
        let words = match (what, leaver) {
            (LeaverForm::Start, leaver) => self.start_leaving(&mut tx, &form, leaver).await?,
            (_, None) => return Err(Error::NotFound),
            (LeaverForm::Assessment, Some(l)) => self.save_needs(&mut tx, &form, l).await?,
            (LeaverForm::Plan, Some(l)) => self.save_pathway(&mut tx, &form, l).await?,
            (LeaverForm::Contact, Some(l)) => self.save_in_touch(&mut tx, &form, l).await?,
            (LeaverForm::Home, Some(l)) => self.save_leaver_home(&mut tx, &form, l).await?,
            (LeaverForm::Offer, Some(l)) => self.save_offer(&mut tx, &form, &l).await?,
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, asking.sheet.back))
    }

    /// The row of a young person who leaves or has left care.
    pub(crate) async fn leaver_now(&self, child: Id<ids::Person>) -> Result<Option<Leaver>> {
        let rows: Vec<Leaver> = self
            .rows_of(
                "person_id = $1 and ended_on is null order by since desc, id desc",
                args![child],
            )
            .await?;
        Ok(rows.into_iter().next())
    }

    async fn last_contact(
        &self,
        leaver: Id<ids::Leaver>,
    ) -> Result<Option<record::model::LeaverContact>> {
        let rows: Vec<record::model::LeaverContact> = self
            .rows_of(
                "leaver_id = $1 order by happened_on desc, id desc limit 1",
                args![leaver],
            )
            .await?;
        Ok(rows.into_iter().next())
    }

    /// Advisers are workers of social care who record.
    async fn offer_advisers(&self, asking: &mut Asking) -> Result<()> {
        let sql = format!(
            "select {} from worker where role in ('social_worker', 'early_help', 'team_manager') \
             and active = $1 order by name",
            Worker::COLUMNS.join(", ")
        );
        let workers: Vec<Worker> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![true])
            .await?;
        let choices = workers
            .into_iter()
            .map(|w| (w.id.to_string(), format!("{}, {}", w.name, w.job_title)));
        asking.offer("adviser", choices.collect());
        asking.day("on", time::today());
        Ok(())
    }
}

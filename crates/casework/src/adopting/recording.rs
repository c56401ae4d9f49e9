//! What happens between the decision and the order: introductions, the move,
//! visits, reviews, or the end.

use packs::Answers;
use record::Viewer;
use record::model::{AdoptionMatch, CarerEvent, Involvement};
use record::{Tx, args};
use vocabulary::{Id, ids};

use super::MatchForm;
use crate::asking::{self, Done, past_day, said};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// Saves one of the pages about a match.
    ///
    /// # Errors
    /// As [`Casework::ask_match_form`]; [`Error::Findings`] when something must
    /// be put right, [`Error::Already`] when it was sent before.
    pub async fn save_match_form(
        &self,
        viewer: &Viewer,
        id: Id<ids::Match>,
        what: MatchForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (_, carer, sheet) = self.ask_match_form(viewer, id, what).await?;
        sheet.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        if what == MatchForm::Order {
            return self.save_order(viewer, id, answers, once, &sheet).await;
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let mut row: AdoptionMatch = tx.get(id).await?;
        let words = match what {
            MatchForm::Introductions => {
                row.state = "introductions".into();
                row.introductions_on = Some(day);
                "Introductions have begun."
            }
            MatchForm::Placed => {
                row.state = "placed".into();
                row.placed_on = Some(day);
                self.match_event(&mut tx, id, &carer, "match.placed", day)
                    .await?;
                "Saved. The first visit is due within a week, the first review within 4 weeks."
            }
            MatchForm::Visit => {
                self.match_event(&mut tx, id, &carer, "match.visited", day)
                    .await?;
                if row.reviews == 0 {
                    self.match_event(&mut tx, id, &carer, "match.visited_before_review", day)
                        .await?;
                }
                "The visit is saved."
            }
            MatchForm::Review => {
                row.reviews += 1;
                self.match_event(&mut tx, id, &carer, "match.reviewed", day)
                    .await?;
                let next = match row.reviews {
                    1 => "match.first_reviewed",
                    _ => "match.later_reviewed",
                };
                self.match_event(&mut tx, id, &carer, next, day).await?;
                "The review is saved."
            }
            MatchForm::End => {
                row.state = "ended".into();
                row.ended_on = Some(day);
                row.end_words = said(answers, "words");
                clocks::stop_all(&mut tx, time::start_of(day), "match", id.as_str()).await?;
                if let (Some(child), Some(worker)) = (row.person_id, carer.worker_id) {
                    self.end_involvement(&mut tx, child, worker, day, "The match ended")
                        .await?;
                }
                "Saved. It has ended."
            }
            MatchForm::Order => return Err(Error::NotFound),
        };
        tx.insert(&CarerEvent {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            kind: format!("match-{}", what.word()),
            detail: None,
            happened_on: day,
            words: said(answers, "words").unwrap_or_default(),
            form: sheet.form.id.clone(),
            form_version: sheet.form.version.to_string(),
            answers: answers.clone().into_map().into(),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        })
        .await?;
        tx.update(&mut row).await?;
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, sheet.back))
    }

    /// Ends what a worker is to a child.
    pub(super) async fn end_involvement(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        worker: Id<ids::Worker>,
        day: chrono::NaiveDate,
        why: &str,
    ) -> Result<()> {
        let rows: Vec<Involvement> = asking::rows(
            tx,
            "person_id = $1 and worker_id = $2 and ended_on is null and role = 'other'",
            args![child, worker],
        )
        .await?;
        for mut row in rows {
            row.ended_on = Some(day);
            row.change_reason = Some(why.to_owned());
            tx.update(&mut row).await?;
        }
        Ok(())
    }
}

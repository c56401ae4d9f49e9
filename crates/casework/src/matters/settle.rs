//! The end of a matter, and the few words of it that may reach a child's
//! chronology.

use chrono::NaiveDate;
use packs::Answers;
use record::model::Matter;
use record::{Tx, args};

use super::kinds::MatterKind;
use crate::asking::{self, said};
use crate::{Casework, Error, Result};

#[derive(sqlx::FromRow)]
struct Many {
    n: i64,
}

impl Casework {
    /// Words for the chronology need a child whom the record knows, and reach
    /// everybody who works with that child: never while the worker whom the
    /// matter is about is one of them.
    pub(super) async fn may_stand_in_chronology(
        &self,
        row: &Matter,
        answers: &Answers,
    ) -> Result<()> {
        let label = "May something stand in the child’s chronology?";
        let stop = |message: &str| Err(Error::finding("chronology", label, message));
        if said(answers, "chronology").is_none() {
            return Ok(());
        }
        let Some(child) = row.person_id else {
            return stop(
                "This was not told from a child’s page, so that there is no chronology to write in: leave it empty",
            );
        };
        let Some(worker) = row.about_worker_id else {
            return Ok(());
        };
        let works: Many = self
            .store()
            .read_db()
            .one(
                "select count(*) as n from involvement i where i.worker_id = $1 \
                 and i.ended_on is null and (i.person_id = $2 or i.person_id in \
                 (select kin.person_id from family_member mine join family_member kin \
                 on kin.family_id = mine.family_id where mine.person_id = $2))",
                args![worker, child],
            )
            .await?;
        match works.n {
            0 => Ok(()),
            _ => stop(
                "The worker whom it is about works with this child’s family and would read it: leave it empty until somebody else does",
            ),
        }
    }

    /// Proposes those words to the chronology.
    pub(super) async fn settle_matter(
        &self,
        tx: &mut Tx,
        kind: MatterKind,
        row: &Matter,
        answers: &Answers,
        day: NaiveDate,
    ) -> Result<String> {
        let outcome = self.label(kind.outcomes(), answers.text("outcome"));
        let outcome = outcome.split(':').next().unwrap_or_default().to_owned();
        match (row.person_id, said(answers, "chronology")) {
            (Some(child), Some(words)) => {
                let source = ("those_who_dealt_with_it", row.id.to_string());
                asking::propose(tx, child, day, "other", &words, source).await?;
                Ok(format!(
                    "Settled: {outcome}. Your words wait in the child’s chronology."
                ))
            }
            _ => Ok(format!("Settled: {outcome}.")),
        }
    }
}

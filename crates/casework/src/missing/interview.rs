//! The return interview: what pushed and what pulled, which places and which
//! people, in the child's words; or the reason why there was none.

use packs::Answers;
use record::model::{Missing, MissingLink};
use record::{Asked, Tx, Viewer};
use serde_json::json;
use vocabulary::{Id, ids};

use super::LOGS;
use super::patterns::plain_name;
use crate::asking::{self, Asking, Done, past_moment, said};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// The page of the interview.
    ///
    /// # Errors
    /// [`Error::Refused`] while the child is still away.
    pub async fn ask_interview(&self, viewer: &Viewer, id: Id<ids::Missing>) -> Result<Asking> {
        let seen = self
            .missing_seen(viewer, id, Asked::to_write("missing-interview"))
            .await?;
        if !LOGS.iter().any(|capability| viewer.can(capability)) {
            return Err(Error::NotFound);
        }
        if seen.missing.ended_at.is_none() {
            return Err(Error::Refused(
                "The child is still away. Say first that the child is back: the 72 hours run from then.".into(),
            ));
        }
        let (address, back) = (format!("/missing/{id}/interview"), format!("/missing/{id}"));
        let mut asking = Asking::new(self.form("missing-interview")?, seen.child, address, back);
        asking.title = format!("Return interview: {}", asking.child.first_name());
        asking.button = format!("Save the interview of {}", asking.child.first_name());
        let now = time::now_local().format("%Y-%m-%dT%H:%M").to_string();
        asking.answers.set("at", now);
        Ok(asking)
    }

    /// Saves the interview, or why there was none; the 72 hours stop.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_interview(
        &self,
        viewer: &Viewer,
        id: Id<ids::Missing>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_interview(viewer, id).await?;
        asking.check(answers)?;
        let at = past_moment(answers, "at")?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut row: Missing = tx.get(id).await?;
        if row.ended_at.is_some_and(|end| at < end) {
            return Err(Error::finding(
                "at",
                "When?",
                "Write a time after the child came back",
            ));
        }
        row.interview = answers.text("result").to_owned();
        row.interview_at = Some(at);
        row.interview_by = said(answers, "by");
        row.independent = match answers.text("independent") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        row.childs_words = said(answers, "childs_words");
        row.pushes = json!(answers.list("push"));
        row.pulls = json!(answers.list("pull"));
        row.exploitation = said(answers, "exploitation");
        row.no_interview_why = said(answers, "why_not");
        row.next = said(answers, "next");
        if let Some(why) = &row.no_interview_why {
            tx.because_of(why);
        }
        tx.update(&mut row).await?;
        keep_links(&mut tx, &row, answers).await?;
        let pack = self.pack();
        clocks::stop(
            &mut tx,
            pack,
            "missing.interviewed",
            at,
            "missing",
            id.as_str(),
        )
        .await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let name = asking.child.first_name();
        Ok(match row.exploitation.as_deref() {
            Some("strong") => Done::new(
                format!(
                    "Saved. There are strong signs of exploitation: a strategy discussion is needed for {name}, without delay."
                ),
                asking.sheet.back,
            ),
            Some("some") => Done::new(
                format!(
                    "Saved. There are signs of exploitation: put {name} on the list of the panel."
                ),
                asking.sheet.back,
            ),
            _ => Done::new("The interview is saved.", asking.sheet.back),
        })
    }
}

/// The places and people that came up, so that the same ones are found again.
async fn keep_links(tx: &mut Tx, row: &Missing, answers: &Answers) -> Result<()> {
    for (kind, field) in [("place", "places"), ("person", "people")] {
        for said in answers.groups(field) {
            let name = said.text("name").trim().to_owned();
            if name.is_empty() {
                continue;
            }
            tx.insert(&MissingLink {
                id: Id::new(),
                missing_id: row.id,
                person_id: row.person_id,
                kind: kind.to_owned(),
                plain_name: plain_name(&name),
                name,
                who: asking::said(&said, "who"),
                version: 1,
            })
            .await?;
        }
    }
    Ok(())
}

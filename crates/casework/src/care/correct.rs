//! An episode put right. The row changes; what it said before, who changed it
//! and why stay in the journal. Episodes go on following one another without
//! a gap: a corrected first day moves the last day of the one before.

use packs::Answers;
use record::model::{Care, CareEpisode, Placement};
use record::{Viewer, args};
use vocabulary::{Id, Postcode, ids, plain};

use crate::asking::{self, Asking, Done};
use crate::{Casework, Error, Result};

const PAGE: &str = "care-correct";

impl Casework {
    /// The page on which an episode is put right, with what it says now.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such episode for this viewer.
    pub async fn ask_correct(&self, viewer: &Viewer, episode: Id<ids::Episode>) -> Result<Asking> {
        let (episode, placement) = self.episode_and_home(episode).await?;
        let child = self
            .child_to_write(viewer, episode.person_id, PAGE, &["case.record"])
            .await?;
        let (address, back) = (
            format!("/episodes/{}/correct", episode.id),
            format!("/people/{}/care", child.id),
        );
        let mut asking = Asking::new(self.form(PAGE)?, child, address, back);
        asking.button = format!("Put it right for {}", super::named(&asking.child));
        asking.words =
            "What it says now stays in the journal, with your name and the reason.".into();
        asking.day("started_on", episode.started_on);
        asking.answers.set("legal_status", episode.legal_status);
        asking.answers.set("need", episode.need);
        asking.answers.set("home", placement.home);
        asking.answers.set("provider", placement.provider);
        asking.known("home_postcode", &episode.home_postcode);
        if !placement.hidden {
            asking.known("postcode", &placement.postcode);
        }
        asking.known("urn", &placement.urn);
        asking.known("reason", &placement.move_reason);
        Ok(asking)
    }

    /// Puts an episode right.
    ///
    /// # Errors
    /// [`Error::Findings`] when the first day would make episodes overlap.
    pub async fn save_correct(
        &self,
        viewer: &Viewer,
        id: Id<ids::Episode>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_correct(viewer, id).await?;
        asking.check(answers)?;
        let day = asking::past_day(answers, "started_on", viewer.today)?;
        let because = asking::said(answers, "because").unwrap_or_default();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        tx.because_of(&because);
        let mut episode: CareEpisode = tx.get(id).await?;
        let mut placement: Placement = tx.get(episode.placement_id).await?;
        let mut care: Care = tx.get(episode.care_id).await?;
        let all: Vec<CareEpisode> = asking::rows(
            &mut tx,
            "care_id = $1 order by started_on, id",
            args![care.id],
        )
        .await?;
        let place = all.iter().position(|e| e.id == id).ok_or(Error::NotFound)?;
        let before = place.checked_sub(1).and_then(|i| all.get(i)).cloned();
        if day != episode.started_on {
            fits(day, before.as_ref(), &episode)?;
            if let Some(mut before) = before {
                before.ended_on = Some(day);
                tx.update(&mut before).await?;
                if before.placement_id != episode.placement_id {
                    let mut left: Placement = tx.get(before.placement_id).await?;
                    left.ended_on = Some(day);
                    tx.update(&mut left).await?;
                }
            } else {
                self.fits_care(&mut tx, &care, day).await?;
                care.started_on = day;
                tx.update(&mut care).await?;
            }
            if placement.started_on == episode.started_on {
                placement.started_on = day;
            }
        }
        episode.started_on = day;
        episode.legal_status = answers.text("legal_status").to_owned();
        episode.need = answers.text("need").to_owned();
        episode.home_postcode = postcode(answers, "home_postcode")?;
        episode.corrected_at = Some(tx.now());
        episode.correction_reason = Some(because);
        tx.update(&mut episode).await?;
        placement.home = answers.text("home").to_owned();
        placement.provider = answers.text("provider").to_owned();
        // A hidden postcode is not on the page, so that an empty box keeps it.
        let typed = postcode(answers, "postcode")?;
        if typed.is_some() || !placement.hidden {
            placement.postcode = typed;
        }
        placement.urn = asking::said(answers, "urn");
        if placement.ended_on.is_some() {
            placement.move_reason = asking::said(answers, "reason");
        }
        tx.update(&mut placement).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "The episode is put right. It begins on {}.",
            plain::date(day)
        );
        Ok(Done::new(words, asking.sheet.back))
    }

    async fn episode_and_home(&self, id: Id<ids::Episode>) -> Result<(CareEpisode, Placement)> {
        let episodes: Vec<CareEpisode> = self.rows_of("id = $1", args![id]).await?;
        let episode = episodes.into_iter().next().ok_or(Error::NotFound)?;
        let homes: Vec<Placement> = self.rows_of("id = $1", args![episode.placement_id]).await?;
        let placement = homes.into_iter().next().ok_or(Error::NotFound)?;
        Ok((episode, placement))
    }

    /// The first day of a time in care may not reach into the one before.
    async fn fits_care(
        &self,
        tx: &mut record::Tx,
        care: &Care,
        day: chrono::NaiveDate,
    ) -> Result<()> {
        let others: Vec<Care> = asking::rows(
            tx,
            "person_id = $1 and id <> $2",
            args![care.person_id, care.id],
        )
        .await?;
        let clash = others
            .iter()
            .find(|o| o.started_on < care.started_on && o.ended_on.is_none_or(|end| day < end));
        match clash {
            None => Ok(()),
            Some(_) => Err(Error::finding(
                "started_on",
                "First day",
                "An earlier time in care still lasted then: write a later day",
            )),
        }
    }
}

/// Whether an episode may begin on this day, between the one before and its
/// own end.
fn fits(day: chrono::NaiveDate, before: Option<&CareEpisode>, episode: &CareEpisode) -> Result<()> {
    let early = before.is_some_and(|b| day <= b.started_on);
    let late = episode.ended_on.is_some_and(|end| day >= end);
    if !early && !late {
        return Ok(());
    }
    let message = match (before, episode.ended_on) {
        (Some(b), _) if early => format!(
            "The episode before begins on {}: write a later day",
            plain::date(b.started_on)
        ),
        (_, Some(end)) => format!(
            "This episode ends on {}: write an earlier day",
            plain::date(end)
        ),
        _ => "Write a day between the episode before and the one after".to_owned(),
    };
    Err(Error::finding("started_on", "First day", &message))
}

fn postcode(answers: &Answers, field: &str) -> Result<Option<String>> {
    let typed = answers.text(field).trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let postcode: Postcode = typed.parse().map_err(|_| {
        Error::finding(
            field,
            "Postcode",
            "Write the whole postcode, such as LK1 4AB",
        )
    })?;
    Ok(Some(postcode.to_string()))
}

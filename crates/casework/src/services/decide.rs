//! What an editor does: change an entry, approve or decline what others
//! propose, put an earlier version back, say when it is shown, confirm it.

use chrono::NaiveDate;
use directory::fields::{Snapshot, apply, differences};
use packs::Answers;
use record::Viewer;
use record::model::{DirectoryChange, DirectoryItem};
use serde_json::json;
use vocabulary::{Id, ids};

use super::add::NEW;
use super::changes::keeper;
use super::entry::path_of;
use super::publish::{self, By, Checked, read};
use crate::asking::{Done, claim};
use crate::{Casework, Error, Result, time};

impl Casework {
    /// Changes an entry. It is published at once, or waits for a colleague when
    /// the council wants two people.
    ///
    /// # Errors
    /// Findings at the fields that cannot be taken.
    pub async fn change_service(
        &self,
        viewer: &Viewer,
        id: &str,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.entry(id).ok_or(Error::NotFound)?;
        let shown = Snapshot::of(&catalogue.directory, entry);
        let form = self.form_of(&catalogue.directory, &shown, false)?;
        stops(form.form.check(answers, None))?;
        let item = format!("service/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let to = path_of(id);
        claim(&mut tx, once, &to).await?;
        let now = publish::now(&mut tx, &item).await?;
        let after = apply(&now, &form.texts(&now, answers))
            .map_err(|faults| Error::Findings(form.findings(faults)))?;
        if differences(&now, &after).is_empty() {
            return Err(Error::finding(
                "name",
                "Change this service",
                "Nothing is different from what the page says now",
            ));
        }
        let mut row = publish::proposal(&tx, &item, &now, &after, &By::editor(viewer, None));
        let waits = self.upkeep()?.second_person;
        if !waits {
            row.state = "published".into();
            publish::publish(&mut tx, &item, &after, Checked::No).await?;
        }
        tx.insert(&row).await?;
        let draft = format!("{}:edit", to.trim_start_matches('/').replace('/', ":"));
        tx.drop_draft(viewer.principal.worker, &draft).await?;
        tx.commit().await?;
        Ok(match waits {
            true => Done::new("Kept. A colleague approves it before it is shown.", to),
            false => Done::new("Published.", to),
        })
    }

    /// Approves or declines what was proposed.
    ///
    /// # Errors
    /// `Refused` when it is decided already or is not this viewer's to decide;
    /// a finding when it is declined without a word.
    pub async fn decide_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Change>,
        approve: bool,
        words: &str,
    ) -> Result<Done> {
        keeper(viewer)?;
        let words = words.trim();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: DirectoryChange = tx.get(id).await?;
        if row.state != "waiting" {
            return Err(Error::Refused("This change is decided already.".into()));
        }
        let not_you = self.why_not(viewer, &row).await?;
        if !not_you.is_empty() {
            return Err(Error::Refused(not_you));
        }
        if !approve && words.is_empty() {
            return Err(Error::finding(
                "words",
                "In your words",
                "Write why not, so that whoever proposed it learns it",
            ));
        }
        row.state = if approve { "published" } else { "declined" }.into();
        row.decided_by = Some(viewer.principal.worker);
        row.decided_at = Some(tx.now());
        row.decided_why = Some(words.to_owned()).filter(|w| !w.is_empty());
        if approve {
            let now = match row.kind.as_str() {
                NEW => Snapshot::default(),
                _ => publish::now(&mut tx, &row.entry).await?,
            };
            let after = match row.kind.as_str() {
                "import" => whole(&now, &read(&row.after)?),
                _ => publish::onto(&now, &row)?,
            };
            let owner = self.owner_name(&after).await?;
            let checked = match row.kind.as_str() {
                // Whoever changes what is wrong says that the rest is right.
                "owner" => Checked::By(&owner),
                // The service itself said so, wrote whoever added it.
                NEW if after.service.assured_date.is_some() => Checked::By(&owner),
                _ => Checked::No,
            };
            publish::publish(&mut tx, &row.entry, &after, checked).await?;
        }
        tx.update(&mut row).await?;
        tx.commit().await?;
        let words = match approve {
            true => "Approved: it is published.",
            false => "Declined: nothing was changed.",
        };
        Ok(Done::new(words, "/directory"))
    }

    /// Puts an entry back as it was before a change. What is secret stays so.
    ///
    /// # Errors
    /// `Refused` when it would change nothing.
    pub async fn restore_version(
        &self,
        viewer: &Viewer,
        id: Id<ids::Change>,
        once: &str,
    ) -> Result<Done> {
        keeper(viewer)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let row: DirectoryChange = tx.get(id).await?;
        let to = row
            .entry
            .strip_prefix("service/")
            .map_or_else(|| "/directory".to_owned(), path_of);
        claim(&mut tx, once, &to).await?;
        let now = publish::now(&mut tx, &row.entry).await?;
        let after = whole(&now, &read(&row.before)?);
        if differences(&now, &after).is_empty() {
            return Err(Error::Refused(
                "It is like this already: nothing would change.".into(),
            ));
        }
        let by = By {
            kind: "restore",
            ..By::editor(viewer, None)
        };
        let mut restored = publish::proposal(&tx, &row.entry, &now, &after, &by);
        let waits = self.upkeep()?.second_person;
        if !waits {
            restored.state = "published".into();
            publish::publish(&mut tx, &row.entry, &after, Checked::No).await?;
        }
        tx.insert(&restored).await?;
        tx.commit().await?;
        Ok(match waits {
            true => Done::new("Kept. A colleague approves it before it is shown.", to),
            false => Done::new("Put back as it was.", to),
        })
    }

    /// Says when an entry is shown, how often its owner is asked, and where.
    pub async fn time_entry(&self, viewer: &Viewer, id: &str, answers: &Answers) -> Result<Done> {
        keeper(viewer)?;
        let sheet = self.times_form(viewer, id).await?;
        stops(sheet.form.check(answers, None))?;
        let (from, to) = shown_days(answers)?;
        let item = format!("service/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let now = publish::now(&mut tx, &item).await?;
        let after = Snapshot {
            show_from: from,
            take_down: to,
            ..now.clone()
        };
        if now != after {
            let mut row = publish::proposal(&tx, &item, &now, &after, &By::editor(viewer, None));
            row.state = "published".into();
            tx.insert(&row).await?;
        }
        let mut row: DirectoryItem = tx.get(&item).await?;
        row.upkeep["visible_from"] = json!(from);
        row.upkeep["visible_to"] = json!(to);
        row.upkeep["cycle"] = json!(answers.text("cycle"));
        row.upkeep["owner_email"] = match answers.text("owner_email") {
            "" => json!(null),
            email => json!(email),
        };
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(Done::new("Saved.", path_of(id)))
    }

    /// An editor asked the owner, who says that all is still right.
    pub async fn confirm_entry(&self, viewer: &Viewer, id: &str) -> Result<Done> {
        keeper(viewer)?;
        let item = format!("service/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: DirectoryItem = tx.get(&item).await?;
        row.upkeep["checked_on"] = json!(time::today());
        row.upkeep["checked_by"] = json!(self.directory_settings().1.name);
        tx.update(&mut row).await?;
        super::owner::withdraw(&mut tx, &item).await?;
        tx.commit().await?;
        Ok(Done::new("Noted: checked today.", path_of(id)))
    }
}

/// The first and the last day on which an entry is shown.
pub(super) fn shown_days(answers: &Answers) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    let (from, to) = (answers.date("show_from"), answers.date("take_down"));
    match (from, to) {
        (Some(first), Some(last)) if last < first => Err(Error::finding(
            "take_down",
            "The last day on which it is shown",
            "It must not come before the first day",
        )),
        _ => Ok((from, to)),
    }
}

/// A version put in whole: its service if it has one, and its places as they
/// were; a place that is secret now stays secret.
fn whole(now: &Snapshot, version: &Snapshot) -> Snapshot {
    let mut after = version.clone();
    if after.service.id.is_empty() {
        after.service = now.service.clone();
    }
    for (id, place) in &now.places {
        match after.places.get_mut(id) {
            Some(old) => old.hidden |= place.hidden,
            None => {
                after.places.insert(id.clone(), place.clone());
            }
        }
    }
    // A version that a feed wrote says nothing of when it is shown.
    if version.places.is_empty() && version.show_from.is_none() && version.take_down.is_none() {
        after.show_from = now.show_from;
        after.take_down = now.take_down;
    }
    after
}

/// Warnings ask for a reason on the page; only what stops, stops.
pub(super) fn stops(mut findings: Vec<packs::Finding>) -> Result<()> {
    findings.retain(|f| f.severity == packs::Severity::Stop);
    match findings.is_empty() {
        true => Ok(()),
        false => Err(Error::Findings(findings)),
    }
}

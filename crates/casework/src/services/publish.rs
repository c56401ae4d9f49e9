//! A version becomes what is published: the row of the service, the rows of its
//! places, and the version itself, in one transaction.

use directory::assurance::Upkeep;
use directory::fields::{PlaceKept, Snapshot, apply, differences};
use directory::model::{Location, Service};
use record::model::{DirectoryChange, DirectoryItem};
use record::{Tx, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use vocabulary::{Id, ids};

use crate::{Error, Result, time};

/// Who proposes a change, and how.
pub(super) struct By<'a> {
    /// new, editor, owner, import or restore.
    pub kind: &'static str,
    /// In words.
    pub said_by: String,
    /// One of us.
    pub worker: Option<Id<ids::Worker>>,
    /// The link of an owner.
    pub link: Option<Id<ids::Link>>,
    /// What they said.
    pub words: Option<&'a str>,
}

impl<'a> By<'a> {
    /// An editor.
    pub fn editor(viewer: &Viewer, words: Option<&'a str>) -> By<'a> {
        By {
            kind: "editor",
            said_by: viewer.name.clone(),
            worker: Some(viewer.principal.worker),
            link: None,
            words,
        }
    }
}

/// Reads a stored JSON; what cannot be read is a fault of the record.
pub(super) fn read<T: for<'de> Deserialize<'de>>(json: &Json) -> Result<T> {
    T::deserialize(json).map_err(|problem| {
        Error::Record(record::Error::Settings(format!(
            "a row of the directory cannot be read: {problem}"
        )))
    })
}

pub(super) fn to_json<T: Serialize>(thing: &T) -> Json {
    // The model holds nothing that JSON cannot.
    serde_json::to_value(thing).unwrap_or(json!({}))
}

/// A version: what it was, what it is after, not decided yet.
pub(super) fn proposal(
    tx: &Tx,
    entry: &str,
    before: &Snapshot,
    after: &Snapshot,
    by: &By<'_>,
) -> DirectoryChange {
    let name = match after.service.name.is_empty() {
        false => after.service.name.clone(),
        true => after
            .places
            .values()
            .find_map(|p| p.location.name.clone().filter(|_| !p.hidden))
            .unwrap_or_else(|| "A place".into()),
    };
    DirectoryChange {
        id: Id::new(),
        entry: entry.to_owned(),
        name,
        state: "waiting".into(),
        kind: by.kind.into(),
        said_by: by.said_by.clone(),
        worker_id: by.worker,
        link_id: by.link,
        before: to_json(before),
        after: to_json(after),
        words: by.words.map(str::to_owned).filter(|w| !w.is_empty()),
        made_at: tx.now(),
        decided_by: None,
        decided_at: None,
        decided_why: None,
        version: 1,
    }
}

/// An entry as its rows hold it now, inside a transaction that changes it.
pub(super) async fn now(tx: &mut Tx, entry: &str) -> Result<Snapshot> {
    let row: DirectoryItem = tx.get(entry).await?;
    if row.kind == "location" {
        let location: Location = read(&row.body)?;
        let kept = PlaceKept {
            location,
            hidden: row.hidden,
        };
        return Ok(Snapshot {
            places: [(kept.location.id.clone(), kept)].into(),
            ..Snapshot::default()
        });
    }
    let service: Service = read(&row.body)?;
    let mut now = Snapshot {
        show_from: day(&row.upkeep, "visible_from"),
        take_down: day(&row.upkeep, "visible_to"),
        ..Snapshot::default()
    };
    for at in &service.service_at_locations {
        let Some(id) = &at.location_id else { continue };
        if let Some(place) = tx.find::<DirectoryItem>(&format!("location/{id}")).await? {
            let kept = PlaceKept {
                location: read(&place.body)?,
                hidden: place.hidden,
            };
            now.places.insert(id.clone(), kept);
        }
    }
    now.service = service;
    Ok(now)
}

fn day(upkeep: &Json, name: &str) -> Option<chrono::NaiveDate> {
    upkeep[name].as_str().and_then(|d| d.parse().ok())
}

/// What a change makes of an entry that may have changed since it was proposed:
/// only the fields that it touches.
pub(super) fn onto(now: &Snapshot, change: &DirectoryChange) -> Result<Snapshot> {
    let (before, after): (Snapshot, Snapshot) = (read(&change.before)?, read(&change.after)?);
    if now == &before {
        return Ok(after);
    }
    let texts: Vec<_> = differences(&before, &after)
        .into_iter()
        .map(|d| {
            let text = after.text(&d.key);
            (d.key, text)
        })
        .collect();
    apply(now, &texts).map_err(|faults| {
        let lines: Vec<String> = faults.into_iter().map(|f| f.message).collect();
        Error::Refused(format!(
            "The entry was changed meanwhile and this does not fit any more: {}. Edit the entry itself.",
            lines.join("; ")
        ))
    })
}

/// What is vouched for with a version.
pub(super) enum Checked<'a> {
    /// Nothing: it is only changed.
    No,
    /// All of it is right, says somebody.
    By(&'a str),
}

/// A row for what the directory does not hold yet.
fn fresh(id: String, name: &str, body: Json, hidden: bool) -> DirectoryItem {
    let upkeep = Upkeep {
        source: Some("council".into()),
        changed_here: true,
        ..Upkeep::default()
    };
    let kind = id.split('/').next().unwrap_or_default();
    DirectoryItem {
        kind: kind.to_owned(),
        name: name.to_owned(),
        body,
        hidden,
        upkeep: to_json(&upkeep),
        version: 1,
        id,
    }
}

/// Writes a version into the rows that are published, and makes those that are
/// not there yet.
pub(super) async fn publish(
    tx: &mut Tx,
    entry: &str,
    after: &Snapshot,
    checked: Checked<'_>,
) -> Result<()> {
    let today = time::today();
    if let Some(owner) = &after.owner {
        let id = format!("organization/{}", owner.id);
        if tx.find::<DirectoryItem>(&id).await?.is_none() {
            let row = fresh(id, &owner.name, to_json(owner), false);
            tx.insert(&row).await?;
        }
    }
    if entry.starts_with("service/") {
        let found: Option<DirectoryItem> = tx.find(entry).await?;
        let is_new = found.is_none();
        let mut row = found.unwrap_or_else(|| fresh(entry.to_owned(), "", json!({}), false));
        let mut service = after.service.clone();
        service.last_modified = Some(tx.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        row.upkeep["edited_on"] = json!(today);
        row.upkeep["changed_here"] = json!(true);
        row.upkeep["visible_from"] = json!(after.show_from);
        row.upkeep["visible_to"] = json!(after.take_down);
        if let Checked::By(who) = checked {
            row.upkeep["checked_on"] = json!(today);
            row.upkeep["checked_by"] = json!(who);
            service.assured_date = Some(today.to_string());
        }
        row.name = service.name.clone();
        row.body = to_json(&service);
        match is_new {
            true => tx.insert(&row).await?,
            false => tx.update(&mut row).await?,
        }
    }
    for (id, kept) in &after.places {
        let body = to_json(&kept.location);
        let item = format!("location/{id}");
        let Some(mut place) = tx.find::<DirectoryItem>(&item).await? else {
            let name = kept.location.name.as_deref().unwrap_or_default();
            tx.insert(&fresh(item, name, body, kept.hidden)).await?;
            continue;
        };
        if place.body == body && place.hidden == kept.hidden {
            continue;
        }
        place.name = kept.location.name.clone().unwrap_or_default();
        place.body = body;
        place.hidden = kept.hidden;
        place.upkeep["changed_here"] = json!(true);
        tx.update(&mut place).await?;
    }
    Ok(())
}

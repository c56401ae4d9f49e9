//! Writing the directory: what an import brought, or the invented one of the
//! demonstration. Safe to run twice: a record that did not change is not
//! touched, and what staff decided (hidden, checked) is never undone by a feed.

use std::collections::HashMap;

use directory::Directory;
use directory::assurance::Upkeep;
use directory::fields::{PlaceKept, Snapshot, differences};
use directory::model::{Location, Service, Taxonomy, TaxonomyTerm};
use record::model::{DirectoryChange, DirectoryItem};
use record::{Actor, AssertSqlSafe, Entity, Tx, args};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use vocabulary::Id;

use crate::{Casework, Result};

/// How many rows one transaction writes.
const AT_ONCE: usize = 500;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// New records.
    pub added: usize,
    /// Records that changed.
    pub changed: usize,
    /// Records that did not.
    pub same: usize,
    /// Changes of records that were changed here since: they wait for an editor.
    pub waiting: usize,
}

impl Casework {
    /// The last change of each record that an import proposed and that waits or
    /// was declined: the same is not asked twice.
    async fn import_changes(&self) -> Result<HashMap<String, DirectoryChange>> {
        let sql = format!(
            "select {} from directory_change where kind = 'import' and state <> 'published' \
             order by made_at",
            DirectoryChange::COLUMNS.join(", ")
        );
        let rows: Vec<DirectoryChange> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![])
            .await?;
        Ok(rows.into_iter().map(|r| (r.entry.clone(), r)).collect())
    }

    /// Writes all of a directory into the record. `each` is told how many are
    /// done.
    pub async fn keep_directory(
        &self,
        actor: &Actor,
        directory: &Directory,
        mut each: impl FnMut(usize, usize),
    ) -> Result<Kept> {
        let wanted = rows(directory);
        let there: HashMap<String, DirectoryItem> = self
            .directory_rows()
            .await?
            .into_iter()
            .map(|row| (row.id.clone(), row))
            .collect();
        let told_before = self.import_changes().await?;
        let of = wanted.len();
        let mut kept = Kept::default();
        let mut done = 0;
        for chunk in wanted.chunks(AT_ONCE) {
            let mut tx = self.store().begin(actor).await?;
            for row in chunk {
                match there.get(&row.id) {
                    None => {
                        tx.insert(row).await?;
                        kept.added += 1;
                    }
                    Some(old) if old.body == row.body => kept.same += 1,
                    Some(old) if old.upkeep["changed_here"] == json!(true) => {
                        match propose(&mut tx, old, row, told_before.get(&row.id)).await? {
                            true => kept.waiting += 1,
                            false => kept.same += 1,
                        }
                    }
                    Some(old) => {
                        version(&mut tx, old, row).await?;
                        let mut next = DirectoryItem {
                            body: row.body.clone(),
                            name: row.name.clone(),
                            upkeep: edited(&old.upkeep, &row.upkeep),
                            ..old.clone()
                        };
                        tx.update(&mut next).await?;
                        kept.changed += 1;
                    }
                }
            }
            tx.commit().await?;
            done += chunk.len();
            each(done, of);
        }
        Ok(kept)
    }
}

/// A record alone as a version: a service without its places, or a place.
/// Nothing for what has no versions, such as a taxonomy.
fn snapshot(row: &DirectoryItem) -> Option<Snapshot> {
    let read = match row.kind.as_str() {
        "service" => Service::deserialize(&row.body).map(|service| Snapshot {
            service,
            ..Snapshot::default()
        }),
        "location" => Location::deserialize(&row.body).map(|location| Snapshot {
            places: [(
                location.id.clone(),
                PlaceKept {
                    location,
                    hidden: row.hidden,
                },
            )]
            .into(),
            ..Snapshot::default()
        }),
        _ => return None,
    };
    read.inspect_err(
        |problem| tracing::error!(id = row.id, %problem, "a row of the directory cannot be read"),
    )
    .ok()
}

/// What the change of a feed makes of a record, if anybody would see it.
fn change(
    tx: &Tx,
    old: &DirectoryItem,
    new: &DirectoryItem,
    state: &str,
) -> Option<DirectoryChange> {
    let before = snapshot(old)?;
    // Whether a place is secret is decided here, never by a feed.
    let after = snapshot(&DirectoryItem {
        hidden: old.hidden,
        ..new.clone()
    })?;
    if differences(&before, &after).is_empty() {
        return None;
    }
    let source = new.upkeep["source"]
        .as_str()
        .or(old.upkeep["source"].as_str());
    Some(DirectoryChange {
        id: Id::new(),
        entry: old.id.clone(),
        name: new.name.clone(),
        state: state.to_owned(),
        kind: "import".into(),
        said_by: match source {
            Some(source) => format!("The import from {source}"),
            None => "An import".into(),
        },
        worker_id: None,
        link_id: None,
        before: to_json(&before),
        after: to_json(&after),
        words: None,
        made_at: tx.now(),
        decided_by: None,
        decided_at: None,
        decided_why: None,
        version: 1,
    })
}

/// A version for the history of a record that the feed changes.
async fn version(tx: &mut Tx, old: &DirectoryItem, new: &DirectoryItem) -> Result<()> {
    if let Some(row) = change(tx, old, new, "published") {
        tx.insert(&row).await?;
    }
    Ok(())
}

/// The feed says otherwise than what was changed here: an editor decides, once.
async fn propose(
    tx: &mut Tx,
    old: &DirectoryItem,
    new: &DirectoryItem,
    told: Option<&DirectoryChange>,
) -> Result<bool> {
    let Some(row) = change(tx, old, new, "waiting") else {
        return Ok(false);
    };
    match told {
        Some(told) if told.after == row.after => Ok(false),
        Some(told) if told.state == "waiting" => {
            let mut newer = DirectoryChange {
                before: row.before,
                after: row.after,
                ..told.clone()
            };
            tx.update(&mut newer).await?;
            Ok(true)
        }
        _ => {
            tx.insert(&row).await?;
            Ok(true)
        }
    }
}

/// A feed's edit is no check: only the day of the edit moves, unless the feed
/// itself was checked later.
fn edited(old: &Json, new: &Json) -> Json {
    let mut next = old.clone();
    for field in ["edited_on", "source"] {
        if !new[field].is_null() {
            next[field] = new[field].clone();
        }
    }
    let later = new["checked_on"].as_str() > old["checked_on"].as_str();
    if later {
        next["checked_on"] = new["checked_on"].clone();
        next["checked_by"] = new["checked_by"].clone();
    }
    next
}

fn rows(directory: &Directory) -> Vec<DirectoryItem> {
    let mut rows = Vec::new();
    let nothing = || to_json(&Upkeep::default());
    let mut add = |kind: &str, id: &str, name: &str, body: Json, hidden: bool, upkeep: Json| {
        rows.push(DirectoryItem {
            id: format!("{kind}/{id}"),
            kind: kind.to_owned(),
            name: name.to_owned(),
            body,
            hidden,
            upkeep,
            version: 1,
        });
    };
    for taxonomy in with_strays(directory) {
        add(
            "taxonomy",
            &taxonomy.id,
            &taxonomy.name,
            to_json(&taxonomy),
            false,
            nothing(),
        );
    }
    for owner in directory.organizations() {
        add(
            "organization",
            &owner.id,
            &owner.name,
            to_json(owner),
            false,
            nothing(),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    for entry in directory.entries() {
        for at in &entry.service.service_at_locations {
            let Some(id) = at.location_id.as_deref() else {
                continue;
            };
            if !seen.insert(id) {
                continue;
            }
            if let Some(place) = directory.exact_location(id) {
                let name = place.name.as_deref().unwrap_or_default();
                add(
                    "location",
                    id,
                    name,
                    to_json(place),
                    directory.is_hidden(id),
                    nothing(),
                );
            }
        }
        let s = &entry.service;
        add(
            "service",
            &s.id,
            &s.name,
            to_json(s),
            false,
            to_json(&entry.upkeep),
        );
    }
    rows
}

/// Every taxonomy with its terms; terms without one stand together.
fn with_strays(directory: &Directory) -> Vec<Taxonomy> {
    let of = |id: Option<&str>| -> Vec<TaxonomyTerm> {
        let terms = directory.terms();
        terms
            .filter(|t| match id {
                Some(id) => t.taxonomy_id.as_deref() == Some(id),
                None => t
                    .taxonomy_id
                    .as_deref()
                    .is_none_or(|t| directory.taxonomy(t).is_none()),
            })
            .cloned()
            .collect()
    };
    let mut all: Vec<Taxonomy> = directory
        .taxonomies()
        .map(|t| Taxonomy {
            taxonomy_terms: of(Some(&t.id)),
            ..t.clone()
        })
        .collect();
    let mut strays = of(None);
    if !strays.is_empty() {
        let name = "Categories of other directories";
        let id = directory::clean::id("throughline", "taxonomy", name);
        for term in &mut strays {
            term.taxonomy_id = Some(id.clone());
        }
        all.push(Taxonomy {
            id,
            name: name.into(),
            description: "Terms that came with feeds and name no taxonomy that we hold.".into(),
            taxonomy_terms: strays,
            ..Taxonomy::default()
        });
    }
    all
}

fn to_json<T: Serialize>(thing: &T) -> Json {
    // The model holds nothing that JSON cannot.
    serde_json::to_value(thing).unwrap_or(json!({}))
}

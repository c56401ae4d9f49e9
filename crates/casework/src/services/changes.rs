//! Versions of an entry as people read them: what changed, field by field, who
//! said so, what an editor decided.

use directory::Directory;
use directory::fields::{Difference, FIELDS, Key, Snapshot, differences};
use record::model::DirectoryChange;
use record::{AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::CAPABILITY;
use super::add::NEW;
use super::publish::read;
use crate::{Casework, Error, Result, time};

/// One field of a change, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The question of the form.
    pub label: String,
    /// As it was.
    pub old: String,
    /// As it is after.
    pub new: String,
    /// It differs, and where a secret place is, is not shown.
    pub secret: bool,
}

/// A change in a list.
#[derive(Debug, Clone)]
pub struct ChangeLine {
    /// The change.
    pub id: Id<ids::Change>,
    /// The name of the entry.
    pub name: String,
    /// Who proposed it.
    pub who: String,
    /// When: "21 November 2026 at 2:05pm".
    pub when: String,
    /// "Waiting", "Published", "Declined".
    pub state: String,
    /// It waits for an editor.
    pub waiting: bool,
}

/// A change on its page.
#[derive(Debug, Clone)]
pub struct ChangeSeen {
    /// What the list says of it.
    pub line: ChangeLine,
    /// The service that it is about, if there is one: the id of its page.
    pub service: Option<String>,
    /// It is the first version of an entry: there is none before it.
    pub is_new: bool,
    /// Field by field.
    pub lines: Vec<Line>,
    /// What the proposer said.
    pub words: String,
    /// What was decided, by whom, when, in their words.
    pub decided: String,
    /// Why this viewer may not decide; empty if they may.
    pub not_you: String,
}

pub(super) fn keeper(viewer: &Viewer) -> Result<()> {
    match viewer.can(CAPABILITY) {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

pub(super) fn change_line(row: &DirectoryChange) -> ChangeLine {
    ChangeLine {
        id: row.id,
        name: row.name.clone(),
        who: row.said_by.clone(),
        when: plain::date_time(time::local(row.made_at)),
        state: match row.state.as_str() {
            "waiting" => "Waiting",
            "declined" => "Declined",
            _ => "Published",
        }
        .into(),
        waiting: row.state == "waiting",
    }
}

impl Casework {
    /// A change with its differences. What tells where a secret place is, is
    /// shown to nobody here.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn directory_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Change>,
    ) -> Result<ChangeSeen> {
        keeper(viewer)?;
        let row: DirectoryChange = self
            .rows_of("id = $1", args![id])
            .await?
            .pop()
            .ok_or(Error::NotFound)?;
        let catalogue = self.catalogue().await?;
        let (mut before, mut after): (Snapshot, Snapshot) = (read(&row.before)?, read(&row.after)?);
        // Secret today: then an older version does not show it either.
        for version in [&mut before, &mut after] {
            for (id, place) in &mut version.places {
                place.hidden |= catalogue.directory.is_hidden(id);
            }
        }
        let is_new = row.kind == NEW;
        let mut found = differences(&before, &after);
        // That a new place is not secret goes without saying.
        found.retain(|d| !(is_new && d.key.name == "secret" && d.new == "no"));
        let mut lines = self.lines(&catalogue.directory, &after, &found)?;
        if is_new {
            let owner = Line {
                label: "Who gives it".into(),
                old: String::new(),
                new: self.owner_name(&after).await?,
                secret: false,
            };
            lines.insert(0, owner);
        }
        let entry = row.entry.strip_prefix("service/");
        let there = entry.filter(|id| catalogue.directory.entry(id).is_some());
        let decided = self.decided_words(&row).await?;
        let not_you = match row.state.as_str() {
            "waiting" => self.why_not(viewer, &row).await?,
            _ => String::new(),
        };
        Ok(ChangeSeen {
            line: change_line(&row),
            service: there.map(str::to_owned),
            is_new,
            lines,
            words: row.words.unwrap_or_default(),
            decided,
            not_you,
        })
    }

    async fn decided_words(&self, row: &DirectoryChange) -> Result<String> {
        let (Some(by), Some(at)) = (row.decided_by, row.decided_at) else {
            return Ok(String::new());
        };
        #[derive(sqlx::FromRow)]
        struct Name {
            name: String,
        }
        let name: Option<Name> = self
            .store()
            .read_db()
            .maybe("select name from worker where id = $1", args![by])
            .await?;
        let name = name.map(|n| n.name).unwrap_or_default();
        let deed = match row.state.as_str() {
            "declined" => "Declined",
            _ => "Approved",
        };
        let when = plain::date_time(time::local(at));
        let why = row.decided_why.as_deref().unwrap_or_default();
        Ok(match why.is_empty() {
            true => format!("{deed} by {name} on {when}."),
            false => format!("{deed} by {name} on {when}: {why}"),
        })
    }

    /// Why a viewer may not decide on a change: they proposed it, or the owner's
    /// link went to their own address, and the council wants two people.
    pub(super) async fn why_not(&self, viewer: &Viewer, row: &DirectoryChange) -> Result<String> {
        if !self.upkeep()?.second_person {
            return Ok(String::new());
        }
        let me = viewer.principal.worker;
        if row.worker_id == Some(me) {
            return Ok("You proposed this yourself: a colleague approves it.".into());
        }
        let Some(link) = row.link_id else {
            return Ok(String::new());
        };
        #[derive(sqlx::FromRow)]
        struct Same {
            n: i64,
        }
        let same: Option<Same> = self
            .store()
            .read_db()
            .maybe(
                "select count(*) as n from directory_link l, worker w \
                 where l.id = $2 and w.id = $1 and lower(l.sent_to) = lower(w.email)",
                args![me, link],
            )
            .await?;
        Ok(match same.is_some_and(|s| s.n > 0) {
            true => "The owner’s link went to your own address: a colleague approves it.".into(),
            false => String::new(),
        })
    }

    /// The versions of an entry and of its places, the newest first.
    pub(super) async fn history(&self, now: &Snapshot) -> Result<Vec<ChangeLine>> {
        let mut entries = vec![format!("service/{}", now.service.id)];
        entries.extend(now.places.keys().map(|id| format!("location/{id}")));
        let marks: Vec<String> = (1..=entries.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from directory_change where entry in ({}) order by made_at desc, id desc limit 50",
            DirectoryChange::COLUMNS.join(", "),
            marks.join(", ")
        );
        let values = entries.into_iter().map(record::Value::from).collect();
        let rows: Vec<DirectoryChange> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(rows.iter().map(change_line).collect())
    }

    /// Differences in the words of the form.
    pub(super) fn lines(
        &self,
        directory: &Directory,
        after: &Snapshot,
        found: &[Difference],
    ) -> Result<Vec<Line>> {
        let several = found.iter().filter_map(|d| d.key.place.as_ref());
        let mut places: Vec<&String> = several.collect();
        places.dedup();
        let several = places.len() > 1;
        let mut lines = Vec::new();
        for difference in found {
            let label = self.label_of(&difference.key)?;
            let place = difference.key.place.as_deref();
            let open = |id: &str| after.places.get(id).filter(|p| !p.hidden);
            let place = place.and_then(|id| {
                let kept = directory.location(id);
                kept.or_else(|| open(id).map(|p| &p.location))
            });
            let label = match place {
                Some(place) if several => {
                    let town = place.addresses.first().map(|a| a.city.clone());
                    let name = place.name.clone().or(town).unwrap_or_default();
                    format!("{label} ({name})")
                }
                _ => label,
            };
            lines.push(Line {
                label,
                old: self.field_words(directory, &difference.key, &difference.old)?,
                new: self.field_words(directory, &difference.key, &difference.new)?,
                secret: difference.secret,
            });
        }
        Ok(lines)
    }

    /// The question of a field.
    pub(super) fn label_of(&self, key: &Key) -> Result<String> {
        let form = match FIELDS.contains(&key.name) {
            true => self.form("service-entry")?,
            false => self.form("service-place")?,
        };
        let found = form.field(key.name);
        let found = match found {
            Some(field) => Some(field),
            None => self.form("service-times")?.field(key.name),
        };
        Ok(found.map_or_else(|| key.name.to_owned(), |f| f.label.clone()))
    }

    /// A text as people read it: a term by its name, a choice by its words.
    pub(super) fn field_words(
        &self,
        directory: &Directory,
        key: &Key,
        text: &str,
    ) -> Result<String> {
        Ok(match key.name {
            "categories" => {
                let names = text.lines().filter_map(|id| directory.term(id));
                names.map(|t| t.name.clone()).collect::<Vec<_>>().join("\n")
            }
            "how" => {
                let field = self.form("service-entry")?.field("how");
                let options = field.and_then(|f| f.kind.options());
                let words = |code| options.map_or(code, |o| o.label(code));
                text.lines().map(words).collect::<Vec<_>>().join("\n")
            }
            "secret" => match text {
                "yes" => "Yes".into(),
                "no" => "No".into(),
                _ => String::new(),
            },
            "status" => {
                let field = self.form("service-entry")?.field("status");
                let options = field.and_then(|f| f.kind.options());
                options.map_or_else(|| text.to_owned(), |o| o.label(text).to_owned())
            }
            "show_from" | "take_down" => match text.parse() {
                Ok(day) => plain::date(day),
                Err(_) => text.to_owned(),
            },
            _ => text.to_owned(),
        })
    }
}

/// Waiting changes, the oldest first.
pub(super) async fn waiting(casework: &Casework, most: i64) -> Result<Vec<ChangeLine>> {
    let rows: Vec<DirectoryChange> = casework
        .rows_of("state = 'waiting' order by made_at limit $1", args![most])
        .await?;
    Ok(rows.iter().map(change_line).collect())
}

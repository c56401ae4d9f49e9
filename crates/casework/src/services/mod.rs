//! The services directory in the product: its rows, kept at hand as a whole
//! that the engine (crate `directory`) can search and publish.
//!
//! Nothing here is about a child. What is public needs no gate; who changed
//! what, and when, is in the journal.

mod add;
mod addresses;
mod board;
mod changes;
pub mod comments;
mod decide;
mod entry;
mod form;
mod keep;
pub mod learning;
mod owner;
mod publish;
mod remind;
mod reports;
pub mod searches;
mod suggest;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::NaiveDate;
use directory::assurance::{Cycle, Rules, Upkeep};
use directory::model::{Location, Organization, Service, Taxonomy};
use directory::postcodes::Postcodes;
use directory::search::{Catalogue, Council, Synonyms};
use directory::{Directory, quality};
use record::model::DirectoryItem;
use record::{AssertSqlSafe, Entity, args};
use serde_json::Value as Json;

pub use addresses::{Asked as LinkAsked, DeadLink, ToAsk};
pub use board::Board;
pub use changes::{ChangeLine, ChangeSeen, Line};
pub use entry::{EntrySeen, Found, LinkLine};
pub use form::EntryForm;
pub use keep::Kept;
pub(crate) use owner::opens as link_opens;
pub use owner::{Asked, MadeLink, Sent};
pub use remind::{MailLine, Reminded};
pub use reports::{ReportLine, ReportSeen, Told, WRONG};
pub use suggest::MISSING;

use crate::{Casework, Error, Result, time};

/// What opens the editor's pages.
pub const CAPABILITY: &str = "directory.keep";

/// England's postcodes, about: read once, when first asked for.
static ENGLAND: LazyLock<Arc<Postcodes>> = LazyLock::new(|| Arc::new(Postcodes::england()));

/// The directory as it was last read.
#[derive(Debug, Default)]
pub struct Shelf {
    settings: RwLock<Option<(Arc<Postcodes>, Council)>>,
    last: RwLock<Option<Last>>,
    /// Whether this program sends mails.
    pub(crate) sends_mail: AtomicBool,
    pub(crate) searches: searches::Searches,
}

#[derive(Debug, Clone)]
struct Last {
    stamp: Stamp,
    day: NaiveDate,
    catalogue: Arc<Catalogue>,
}

/// What changes when any row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
struct Stamp {
    rows: i64,
    changes: i64,
}

impl Casework {
    /// Tells the directory which council it is of and where postcodes are.
    pub fn set_directory(&self, postcodes: Postcodes, council: Council) {
        let told = Some((Arc::new(postcodes), council));
        let settings = self.shelf().settings.write();
        *settings.unwrap_or_else(PoisonError::into_inner) = told;
    }

    /// Where postcodes are.
    pub fn postcodes(&self) -> Arc<Postcodes> {
        self.directory_settings().0
    }

    fn directory_settings(&self) -> (Arc<Postcodes>, Council) {
        let settings = self.shelf().settings.read();
        let settings = settings.unwrap_or_else(PoisonError::into_inner);
        settings.clone().unwrap_or_else(|| {
            let council = Council {
                name: self.place_name().to_owned(),
                codes: Vec::new(),
            };
            (ENGLAND.clone(), council)
        })
    }

    /// The name of the place, without what it does: "Larkmere".
    pub fn place_name(&self) -> &str {
        self.name().trim_end_matches(" children's services")
    }

    /// The directory of today, read again when a row or the day has changed.
    /// One short statement when nothing has.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>> {
        let today = time::today();
        let stamp = self.directory_stamp().await?;
        let last = self.shelf().last.read();
        let last = last.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(last) = last
            && last.stamp == stamp
            && last.day == today
        {
            return Ok(last.catalogue);
        }
        let directory = self.whole_directory().await?;
        let (postcodes, council) = self.directory_settings();
        let words = self.pack().synonyms(today);
        let groups = words.map(|s| s.groups.clone()).unwrap_or_default();
        let made = tokio::task::spawn_blocking(move || {
            Catalogue::new(directory, &postcodes, Synonyms::of(&groups), council, today)
        });
        let broken = |message: String| Error::Record(record::Error::Settings(message));
        let catalogue = made
            .await
            .map_err(|p| broken(format!("the directory could not be indexed: {p}")))?;
        let catalogue = Arc::new(catalogue);
        let fresh = Last {
            stamp,
            day: today,
            catalogue: catalogue.clone(),
        };
        let shelf = self.shelf().last.write();
        *shelf.unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(catalogue)
    }

    async fn directory_stamp(&self) -> Result<Stamp> {
        let db = self.store().read_db();
        Ok(db
            .one(
                "select count(*) as rows, cast(coalesce(sum(version), 0) as bigint) as changes \
                 from directory_item",
                args![],
            )
            .await?)
    }

    /// Whether there is nothing in the directory yet.
    pub async fn directory_is_empty(&self) -> Result<bool> {
        Ok(self.directory_stamp().await?.rows == 0)
    }

    async fn whole_directory(&self) -> Result<Directory> {
        let rows = self.directory_rows().await?;
        let mut directory = Directory::new();
        directory.set_rules(self.upkeep_rules());
        // What others name comes first.
        for kind in ["taxonomy", "organization", "location", "service"] {
            for row in rows.iter().filter(|r| r.kind == kind) {
                put(&mut directory, row);
            }
        }
        Ok(directory)
    }

    /// How the directory is kept true: the pack's file in force today.
    pub(crate) fn upkeep(&self) -> Result<&packs::Upkeep> {
        self.pack().upkeep(time::today()).ok_or_else(|| {
            Error::Record(record::Error::Settings(
                "the practice pack has no directory/upkeep.toml in force today".into(),
            ))
        })
    }

    /// The same for the engine. Without a file nothing is ever due.
    fn upkeep_rules(&self) -> Rules {
        let Some(told) = self.pack().upkeep(time::today()) else {
            return Rules::default();
        };
        let cycles = told.cycles.iter().map(|c| Cycle {
            id: c.id.clone(),
            months: c.months,
            categories: c.categories.clone(),
        });
        Rules {
            cycles: cycles.collect(),
            ask_after: told.ask_after.clone(),
            say_so_after: told.say_so_after,
            lower_after: told.lower_after,
            unpublish_after: told.unpublish_after,
        }
    }

    async fn directory_rows(&self) -> Result<Vec<DirectoryItem>> {
        let sql = format!(
            "select {} from directory_item order by id",
            DirectoryItem::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![])
            .await?)
    }

    /// The records that most need their owner, the worst first: id, name and
    /// what to mend.
    pub async fn fix_list(&self, most: usize) -> Result<Vec<(String, String, quality::Quality)>> {
        let catalogue = self.catalogue().await?;
        let entries = catalogue.directory.entries();
        let dead = self.dead_ends().await?;
        let dead: std::collections::HashSet<String> = dead.into_iter().map(|d| d.service).collect();
        let mut list: Vec<_> = entries
            .map(|e| {
                let mut found = quality::of(&catalogue.directory, e, catalogue.today);
                if dead.contains(&e.service.id) {
                    found.add_dead_link();
                }
                (e.service.id.clone(), e.service.name.clone(), found)
            })
            .collect();
        list.sort_by_key(|(_, name, q)| (q.score, name.clone()));
        list.truncate(most);
        Ok(list)
    }
}

/// Puts one row into the whole. A row that cannot be read is left out and
/// told, because one bad row must not take the directory from everybody.
fn put(directory: &mut Directory, row: &DirectoryItem) {
    let upkeep: Upkeep = read(row, &row.upkeep).unwrap_or_default();
    match row.kind.as_str() {
        "taxonomy" => {
            if let Some(taxonomy) = read::<Taxonomy>(row, &row.body) {
                directory.put_taxonomy(taxonomy);
            }
        }
        "organization" => {
            if let Some(organization) = read::<Organization>(row, &row.body) {
                directory.put_organization(organization);
            }
        }
        "location" => {
            if let Some(location) = read::<Location>(row, &row.body) {
                directory.put_location(location, row.hidden);
            }
        }
        _ => {
            if let Some(service) = read::<Service>(row, &row.body) {
                directory.put_service(service, upkeep);
            }
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(row: &DirectoryItem, json: &Json) -> Option<T> {
    T::deserialize(json)
        .inspect_err(|problem| tracing::error!(id = row.id, %problem, "a row of the directory cannot be read"))
        .ok()
}

//! What families look for, as counts. A search leaves no words: only which
//! needs of the pack's list it names, how it was narrowed, through which door,
//! from which postcode district, and whether anything was found. Counts are
//! gathered in memory and written now and then, so that a search waits for no
//! disk; what is lost when the program dies is a few counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate};
use directory::search::{Catalogue, Found, NeedWords, Wanted};
use record::model::DirectorySearch;
use record::{Actor, args};

use crate::{Casework, Result, time};

/// So long counts may wait in memory.
const WRITE_AFTER: Duration = Duration::from_secs(600);
/// The code of words that name no need of the list.
pub const UNKNOWN: &str = "unknown";

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    month: NaiveDate,
    door: String,
    kind: &'static str,
    what: String,
    area: String,
}

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub struct Searches {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    counts: HashMap<Key, (i64, i64)>,
    since: Option<Instant>,
}

/// Counts of one kind of searches, from one area.
#[derive(sqlx::FromRow)]
pub(super) struct Searched {
    pub kind: String,
    pub what: String,
    pub area: String,
    pub searches: i64,
    pub in_vain: i64,
}

impl Casework {
    /// Counts one search. `near` is the sector or outward code that it was
    /// asked from; only the outward code is counted.
    pub fn note_search(
        &self,
        door: &str,
        catalogue: &Catalogue,
        wanted: &Wanted,
        found: &Found,
        near: &str,
    ) {
        let today = time::today();
        let month = today.with_day(1).unwrap_or(today);
        let nothing = i64::from(found.hits.is_empty());
        // A place that the table of postcodes knows, or none: never what was typed.
        let area = match &wanted.near {
            Some(_) => near.split_whitespace().next().unwrap_or_default(),
            None => "",
        };
        let area = area.to_uppercase();
        let mut keys = vec![("all", String::new())];
        keys.extend(
            self.needs_of(catalogue, wanted, found)
                .into_iter()
                .map(|n| ("need", n)),
        );
        keys.extend(
            narrowed(catalogue, wanted)
                .into_iter()
                .map(|n| ("narrowed", n)),
        );
        let mut waiting = self.searches().lock();
        for (kind, what) in keys {
            let key = Key {
                month,
                door: door.to_owned(),
                kind,
                what,
                area: area.clone(),
            };
            let count = waiting.counts.entry(key).or_default();
            count.0 += 1;
            count.1 += nothing;
        }
        let since = *waiting.since.get_or_insert_with(Instant::now);
        drop(waiting);
        if since.elapsed() > WRITE_AFTER {
            let casework = self.clone();
            tokio::spawn(async move {
                if let Err(problem) = casework.write_searches().await {
                    tracing::error!(%problem, "counts of searches could not be written");
                }
            });
        }
    }

    /// The needs that a search names: by its words, else by its categories.
    fn needs_of(&self, catalogue: &Catalogue, wanted: &Wanted, found: &Found) -> Vec<String> {
        let Some(needs) = self.pack().needs(time::today()) else {
            return Vec::new();
        };
        let mut named = Vec::new();
        if !wanted.text.trim().is_empty() {
            let book = NeedWords::of(needs.needs.iter().map(|n| n.words.as_slice()));
            let places = book.named(&wanted.text, found);
            named.extend(places.into_iter().map(|at| needs.needs[at].code.clone()));
            if named.is_empty() {
                named.push(UNKNOWN.to_owned());
            }
        }
        let chosen = wanted.terms.iter().flatten();
        for term in chosen.filter_map(|id| catalogue.directory.term(id)) {
            let name = term.name.to_lowercase();
            let holds = |n: &&packs::NeedWords| n.categories.iter().any(|c| name.contains(c));
            for need in needs.needs.iter().filter(holds) {
                if !named.contains(&need.code) {
                    named.push(need.code.clone());
                }
            }
        }
        named
    }

    fn searches(&self) -> &Searches {
        &self.shelf().searches
    }

    /// The counts since a day, with those that wait in memory: whoever looks at
    /// them need not write them first.
    pub(super) async fn searched_since(&self, from: NaiveDate) -> Result<Vec<Searched>> {
        let mut all: Vec<Searched> = {
            let waiting = self.searches().lock();
            let rows = waiting.counts.iter().filter(|(key, _)| key.month >= from);
            let row = |(key, (searches, in_vain)): (&Key, &(i64, i64))| Searched {
                kind: key.kind.to_owned(),
                what: key.what.clone(),
                area: key.area.clone(),
                searches: *searches,
                in_vain: *in_vain,
            };
            rows.map(row).collect()
        };
        let written: Vec<Searched> = self
            .store()
            .read_db()
            .all(
                "select kind, what, area, cast(sum(searches) as bigint) as searches, \
                 cast(sum(in_vain) as bigint) as in_vain from directory_search \
                 where month >= $1 group by kind, what, area",
                args![from],
            )
            .await?;
        all.extend(written);
        Ok(all)
    }

    /// Writes the counts that wait. They go on waiting when they cannot be
    /// written.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn write_searches(&self) -> Result<()> {
        let counts = {
            let mut waiting = self.searches().lock();
            waiting.since = None;
            std::mem::take(&mut waiting.counts)
        };
        if counts.is_empty() {
            return Ok(());
        }
        let written = self.write_counts(&counts).await;
        if written.is_err() {
            let mut waiting = self.searches().lock();
            for (key, (searches, nothing)) in counts {
                let count = waiting.counts.entry(key).or_default();
                count.0 += searches;
                count.1 += nothing;
            }
        }
        written
    }

    async fn write_counts(&self, counts: &HashMap<Key, (i64, i64)>) -> Result<()> {
        let mut tx = self.store().begin(&Actor::system("directory")).await?;
        for (key, (searches, nothing)) in counts {
            let id = format!(
                "{}/{}/{}/{}/{}",
                key.month, key.door, key.kind, key.what, key.area
            );
            match tx.find::<DirectorySearch>(&id).await? {
                Some(mut row) => {
                    row.searches += searches;
                    row.in_vain += nothing;
                    tx.update(&mut row).await?;
                }
                None => {
                    tx.insert(&DirectorySearch {
                        id,
                        month: key.month,
                        door: key.door.clone(),
                        kind: key.kind.to_owned(),
                        what: key.what.clone(),
                        area: key.area.clone(),
                        searches: *searches,
                        in_vain: *nothing,
                        version: 1,
                    })
                    .await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }
}

impl Searches {
    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a search was narrowed, in words of ours: a language only when a service
/// of the directory speaks it.
fn narrowed(catalogue: &Catalogue, wanted: &Wanted) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(language) = &wanted.language {
        let known = catalogue.languages();
        let known = known.iter().find(|l| l.eq_ignore_ascii_case(language));
        all.push(known.map_or("language".to_owned(), |l| format!("language {l}")));
    }
    all.extend(wanted.access.iter().map(|need| format!("access {need}")));
    if wanted.free {
        all.push("free".to_owned());
    }
    if wanted.days & 0b110_0000 != 0 && wanted.days & 0b1_1111 == 0 {
        all.push("weekend".to_owned());
    }
    if wanted.from.is_some_and(|from| from >= 17 * 60) {
        all.push("evening".to_owned());
    }
    if let Some((from, _)) = wanted.ages {
        all.push(format!("age {}", age_band(from)));
    }
    all
}

/// Bands, so that no single child's age stands in a count.
fn age_band(years: f64) -> &'static str {
    match years {
        y if y < 2.0 => "0 to 1",
        y if y < 5.0 => "2 to 4",
        y if y < 11.0 => "5 to 10",
        y if y < 16.0 => "11 to 15",
        y if y < 18.0 => "16 to 17",
        _ => "18 to 25",
    }
}

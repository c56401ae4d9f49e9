//! Patterns: the places and the people that come up again, across children.
//! Only children whom the viewer may see count, so that nobody learns of a
//! closed record from a number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use record::{Asked, AssertSqlSafe, Listed, Viewer};
use vocabulary::{Id, ids, plain};

use crate::care::board::{name_and_age, sees_boards};
use crate::{Casework, Error, Result, time};

/// A place or a person that came up.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As it was first written.
    pub name: String,
    /// What was said of a person.
    pub who: Option<String>,
    /// How many times.
    pub times: usize,
    /// The children: id and name with age.
    pub children: Vec<(Id<ids::Person>, String)>,
    /// The last time.
    pub last: String,
}

/// Places and people, the most frequent first.
#[derive(Debug, Clone)]
pub struct Patterns {
    /// Places.
    pub places: Listed<Pattern>,
    /// People.
    pub people: Listed<Pattern>,
}

#[derive(sqlx::FromRow)]
struct Found {
    kind: String,
    name: String,
    plain_name: String,
    who: Option<String>,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    started_at: DateTime<Utc>,
}

/// Small letters, letters and digits only, single spaces: so that "Kings Park "
/// and "king's park" are one place.
pub fn plain_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Casework {
    /// What came up in the interviews of the last year.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn missing_patterns(&self, viewer: &Viewer) -> Result<Patterns> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let since = Utc::now() - chrono::Duration::days(365);
        let mut values = record::args![since];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("patterns"), "p.id", 2);
        values.extend(more);
        let sql = format!(
            "select l.kind, l.name, l.plain_name, l.who, l.person_id, p.given, p.known_as, \
             p.family_name, p.born_on, m.started_at from missing_link l \
             join missing m on m.id = l.missing_id join person p on p.id = l.person_id \
             where m.started_at >= $1 and {open} order by m.started_at desc, l.id limit 2000"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let (places, people): (Vec<Found>, Vec<Found>) =
            found.into_iter().partition(|f| f.kind == "place");
        Ok(Patterns {
            places: self.listed_patterns(viewer, places).await?,
            people: self.listed_patterns(viewer, people).await?,
        })
    }

    async fn listed_patterns(&self, viewer: &Viewer, found: Vec<Found>) -> Result<Listed<Pattern>> {
        Ok(self
            .gate()
            .listed(viewer, "patterns", group(found), |row| {
                let about = row.children.iter();
                about.map(|(id, _)| format!("person:{id}")).collect()
            })
            .await?)
    }
}

fn group(found: Vec<Found>) -> Vec<Pattern> {
    let mut groups: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for one in found {
        groups.entry(one.plain_name.clone()).or_default().push(one);
    }
    let mut patterns: Vec<Pattern> = groups.into_values().map(pattern).collect();
    patterns.sort_by(|a, b| {
        (b.children.len(), b.times, &a.name).cmp(&(a.children.len(), a.times, &b.name))
    });
    patterns.truncate(100);
    patterns
}

fn pattern(found: Vec<Found>) -> Pattern {
    let mut seen = BTreeSet::new();
    let mut children = Vec::new();
    for one in &found {
        if seen.insert(one.person_id) {
            let known = one.known_as.as_deref();
            let name = name_and_age(&one.given, known, &one.family_name, one.born_on);
            children.push((one.person_id, name));
        }
    }
    Pattern {
        times: found.len(),
        who: found.iter().find_map(|f| f.who.clone()),
        last: found.first().map_or_else(String::new, |f| {
            plain::date(time::local(f.started_at).date())
        }),
        name: found
            .into_iter()
            .next()
            .map_or_else(String::new, |f| f.name),
        children,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_is_found_however_it_is_written() {
        for written in ["King’s Park", "kings  park", "KING'S PARK "] {
            assert_eq!(plain_name(written), "kings park");
        }
    }
}

//! Finding a person by what little is known (R001-24): a misspelt name, a
//! swapped date, a postcode, a number, with the reasons and with who already
//! works with them (R001-25).
//!
//! The seam: everything outside calls [`Casework::find`], [`index_person`] and
//! [`duplicates`]. Behind it stands the identity engine: `everybody` keeps all
//! people in memory and up to the journal, the engine says who fits, and the
//! gate says who of them may be seen before anybody is counted or left out.
//! Only `duplicates` still draws its candidates from keys in the database,
//! because it must see what its own transaction has not committed yet; the
//! engine judges them all the same.

mod asked;
mod candidates;
mod duplicates;
mod everybody;
mod fit;
mod keys;
mod why;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use identity::level::Levels;
use identity::roll::Hit;
use record::model::{Person, PersonKind, PersonName};
use record::{Asked as Look, Tx, Value, Viewer, args};
use vocabulary::{Id, ids};

use crate::people::network::{self, Works};
use crate::{Casework, Listed, Result, time};
use asked::Asked;
use candidates::{by_person, safe};
pub use duplicates::{Duplicate, duplicates};
pub(crate) use everybody::Finder;
use fit::{Fit, NOTHING_KNOWN, fit_of, question};

/// What someone knows about the person they look for. Every part may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Postcode.
    pub postcode: String,
    /// Free text: "maya quil 2013", a date, a postcode, a reference.
    pub text: String,
}

impl Wanted {
    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        Asked::from(self).is_empty()
    }
}

/// Someone who may be meant.
#[derive(Debug, Clone)]
pub struct Match {
    /// The person.
    pub person: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// "7", "4 months", "adult, age not known".
    pub age: String,
    /// The date of birth in words.
    pub born: String,
    /// Why they may be meant, in sentences.
    pub because: Vec<String>,
    /// How likely, in per cent.
    pub likely: u8,
    /// The bits that it was made from: how far one is ahead of another.
    pub bits: f32,
    /// Who works with them: "Jo Larch, social worker, 020 7946 0001".
    pub working: Vec<String>,
    /// The same in parts, for links that dial.
    pub network: Vec<Works>,
    /// A child, or one who is expected.
    pub child: bool,
    /// Born on the same day as the first, with the same family name: whoever is
    /// asked for one may mean the other.
    pub twin: bool,
    /// Their family.
    pub family: Option<Id<ids::Family>>,
    /// What the family is called.
    pub family_name: Option<String>,
}

/// The fewest per cent that are shown: below, a screen fills with strangers.
const SHOWN: u8 = 20;
/// From how many per cent someone fits well.
const SURE: u8 = 88;
/// How many bits less is much worse.
const FAR: f32 = 8.0;
/// The most matches that are shown.
const MOST: usize = 20;
/// How many are shown at most when nobody fits well enough.
const DOUBTFUL: usize = 3;
/// How many are asked about at the gate first; the others follow only if too
/// few of these may be seen.
const AT_ONCE: usize = 200;

impl Casework {
    /// Finds people, best first, at most 20. Only whom the viewer may see at
    /// the index: a restricted record is as absent as one that does not exist.
    /// The look is recorded under `page` before the answer.
    pub async fn find(
        &self,
        viewer: &Viewer,
        wanted: &Wanted,
        page: &str,
    ) -> Result<Listed<Match>> {
        let matches = self.who_fits(viewer, wanted, page).await?;
        Ok(self
            .gate()
            .listed(viewer, page, matches, |m| {
                vec![format!("person:{}", m.person)]
            })
            .await?)
    }

    /// Who fits, best first, before anybody is shown: the caller records the
    /// look at those whom it shows.
    pub(crate) async fn who_fits(
        &self,
        viewer: &Viewer,
        wanted: &Wanted,
        page: &str,
    ) -> Result<Vec<Match>> {
        let asked = Asked::from(wanted);
        match asked.is_empty() {
            true => Ok(Vec::new()),
            false => self.matches(viewer, &asked, page).await,
        }
    }

    async fn matches(&self, viewer: &Viewer, asked: &Asked, page: &str) -> Result<Vec<Match>> {
        let best = self.who_is_seen(viewer, asked, page).await?;
        let people: Vec<Id<ids::Person>> = best.iter().map(|fit| fit.person.id).collect();
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let mut working = self.working_with(&people).await?;
        let families = self.families_of(&people).await?;
        let today = time::today();
        let first = best.first().map(|fit| fit.person.clone());
        Ok(best
            .into_iter()
            .map(|fit| {
                let person = fit.person;
                let network = working.remove(&person.id).unwrap_or_default();
                let family = families.get(&person.id).cloned();
                let born = person.birth_date();
                let twin = first
                    .as_ref()
                    .is_some_and(|first| first.id != person.id && like_twins(first, &person));
                Match {
                    person: person.id,
                    name: person.name(),
                    age: born.map_or_else(|| "age not known".into(), |b| b.words_on(today)),
                    born: born.map_or_else(|| "not known".into(), |b| b.date_words()),
                    because: fit.because,
                    likely: fit.likely,
                    bits: fit.bits,
                    working: network.iter().map(Works::to_string).collect(),
                    network,
                    child: person.kind != PersonKind::Adult,
                    twin,
                    family: family.as_ref().map(|f| f.0),
                    family_name: family.map(|f| f.1),
                }
            })
            .collect())
    }

    /// Who fits and may be seen, best first. The gate is asked before anybody
    /// is counted, compared with the best, or left out for being too many: what
    /// the viewer may not see changes nothing for them.
    async fn who_is_seen(&self, viewer: &Viewer, asked: &Asked, page: &str) -> Result<Vec<Fit>> {
        let hits = self.hits(asked).await?;
        let mut best: Vec<Fit> = Vec::new();
        let mut doubtful: Vec<Fit> = Vec::new();
        let (first, rest) = hits.split_at(hits.len().min(AT_ONCE));
        for some in [first, rest].into_iter().filter(|some| !some.is_empty()) {
            let seen = self.seen_of(viewer, some, page).await?;
            let others = self.names_that_fit(some, &seen).await?;
            for hit in some {
                if let Some(person) = seen.get(&*hit.id) {
                    let fit = fit_of(asked, hit, person, &others);
                    let twin = best
                        .first()
                        .is_some_and(|first| like_twins(&first.person, person));
                    match fit.likely >= SHOWN || twin {
                        true if best.len() < MOST => best.push(fit),
                        false if doubtful.len() < DOUBTFUL => doubtful.push(fit),
                        _ => break,
                    }
                }
            }
            if best.len() >= MOST || doubtful.len() >= DOUBTFUL {
                break;
            }
        }
        if best.is_empty() {
            best = doubtful;
        }
        // Beside someone who fits well, those who fit much worse are strangers;
        // a twin never is.
        if let Some(top) = best.first().filter(|fit| fit.likely >= SURE) {
            let (bits, first) = (top.bits, top.person.clone());
            best.retain(|fit| bits - fit.bits <= FAR || like_twins(&first, &fit.person));
        }
        Ok(best)
    }

    /// Whom the question may mean, whoever may see them, best first.
    async fn hits(&self, asked: &Asked) -> Result<Vec<Hit>> {
        #[derive(sqlx::FromRow)]
        struct About {
            person_id: String,
        }
        let db = self.store().read_db();
        let mut here = self.finder().here(db).await?;
        let Some(everybody) = here.everybody() else {
            return Ok(Vec::new());
        };
        let mut hits = everybody.roll.search(&question(asked));
        let mut told: Vec<String> = Vec::new();
        if !asked.references.is_empty() {
            told = everybody.with_reference(&asked.references);
            drop(here);
            let (sql, values) = candidates::contacts_statement(&asked.references);
            let about: Vec<About> = db.all(safe(sql), values).await?;
            told.extend(about.into_iter().map(|a| a.person_id));
        }
        if !told.is_empty() {
            hits.retain(|hit| !told.iter().any(|id| **id == *hit.id));
            let by_reference = told.into_iter().map(|id| Hit {
                id: id.into(),
                bits: f32::MAX,
                likely: 1.0,
                levels: Levels::unpack(NOTHING_KNOWN),
                fits: 0,
                shielded: false,
            });
            hits = by_reference.chain(hits).collect();
        }
        Ok(hits)
    }

    /// Those of the hits whom the viewer may see at the index.
    async fn seen_of(
        &self,
        viewer: &Viewer,
        hits: &[Hit],
        page: &str,
    ) -> Result<HashMap<String, Person>> {
        let db = self.store().read_db();
        let list: Vec<&str> = hits.iter().map(|hit| &*hit.id).collect();
        let mut values = args![serde_json::Value::from(list)];
        let (may_see, more) =
            self.gate()
                .may_see(viewer, Look::index(page), "p.id", values.len() + 1);
        values.extend(more);
        let list = db.dialect().pick(
            "select value from json_each($1)",
            "select jsonb_array_elements_text($1)",
        );
        let sql = format!(
            "select {} from person p where p.id in ({list}) and {may_see} and {}",
            candidates::columns("p"),
            candidates::ALONE
        );
        let people: Vec<Person> = db.all(safe(sql), values).await?;
        Ok(people.into_iter().map(|p| (p.id.to_string(), p)).collect())
    }

    /// The other names of those who fit by one of them.
    async fn names_that_fit(
        &self,
        hits: &[Hit],
        seen: &HashMap<String, Person>,
    ) -> Result<BTreeMap<Id<ids::Person>, Vec<PersonName>>> {
        let people: Vec<Id<ids::Person>> = hits
            .iter()
            .filter(|hit| hit.fits > 0)
            .filter_map(|hit| seen.get(&*hit.id).map(|p| p.id))
            .collect();
        if people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (sql, values) = candidates::names_statement(&people);
        let mut names: Vec<PersonName> = self.store().read_db().all(safe(sql), values).await?;
        names.sort_by_key(|name| name.id);
        Ok(by_person(names, |n| n.person_id))
    }

    /// Builds what searching needs, so that the first search need not wait.
    ///
    /// # Errors
    /// When the record cannot be read; the next search tries again.
    pub async fn prepare_finding(&self) -> Result<()> {
        self.finder().here(self.store().read_db()).await.map(drop)
    }

    async fn working_with(
        &self,
        people: &[Id<ids::Person>],
    ) -> Result<BTreeMap<Id<ids::Person>, Vec<Works>>> {
        network::of_people(self.store().read_db(), people).await
    }

    async fn families_of(
        &self,
        people: &[Id<ids::Person>],
    ) -> Result<BTreeMap<Id<ids::Person>, (Id<ids::Family>, String)>> {
        #[derive(sqlx::FromRow)]
        struct In {
            person_id: Id<ids::Person>,
            family_id: Id<ids::Family>,
            name: String,
        }
        if people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let sql = format!(
            "select m.person_id, m.family_id, f.name from family_member m \
             join family f on f.id = m.family_id \
             where m.left_on is null and m.person_id in ({}) \
             order by m.household, m.joined_on",
            candidates::places(1, people.len())
        );
        let values = people.iter().map(Value::from).collect();
        let rows: Vec<In> = self.store().read_db().all(safe(sql), values).await?;
        Ok(rows
            .into_iter()
            .map(|r| (r.person_id, (r.family_id, r.name)))
            .collect())
    }
}

/// Whether two people share the day of their birth and their family name, as
/// twins do: whoever is asked for one may mean the other.
fn like_twins(a: &Person, b: &Person) -> bool {
    let same = a.family_name.to_lowercase() == b.family_name.to_lowercase();
    a.born_on.is_some() && a.born_on == b.born_on && same
}

/// Writes the search keys of a person. Call it after a person, a name or a
/// number was added or changed; the keys before are forgotten.
pub async fn index_person(tx: &mut Tx, person: &Person, also: &[PersonName]) -> Result<()> {
    let (sql, values) = candidates::forget(person.id);
    tx.run(sql, values).await?;
    index_new(tx, &[(person, also)]).await
}

/// Writes the search keys of people who have none yet, in one statement for
/// any number of them: for loading many at once.
pub async fn index_new(tx: &mut Tx, people: &[(&Person, &[PersonName])]) -> Result<()> {
    let mut rows = Vec::new();
    for (person, also) in people {
        for key in keys::of_person(person, also) {
            rows.push(serde_json::json!([person.id, key]));
        }
    }
    let sql = tx.dialect().pick(
        "insert into person_key (person_id, key) \
         select e.value->>0, e.value->>1 from json_each($1) e",
        "insert into person_key (person_id, key) \
         select e->>0, e->>1 from jsonb_array_elements($1) e",
    );
    tx.run(sql, args![serde_json::Value::from(rows)]).await?;
    Ok(())
}

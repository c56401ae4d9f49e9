//! Finding a person by what little is known (R001-24): a misspelt name, a
//! swapped date, a postcode, a number, with the reasons and with who already
//! works with them (R001-25).
//!
//! The seam: everything outside calls [`Casework::find`], [`index_person`] and
//! [`duplicates`]. What stands in `asked`, `keys`, `candidates` and `score` is
//! the simple engine, to be replaced by the identity index behind the same
//! three functions.

mod asked;
mod candidates;
mod keys;
mod score;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use record::model::{Person, PersonKind, PersonName};
use record::{Asked as Look, Tx, Value, Viewer, args};
use vocabulary::{Id, ids};

use crate::people::network::{self, Works};
use crate::{Casework, Listed, Result, time};
use asked::Asked;
use candidates::{Candidate, Lived, by_person, safe};
use score::{Fit, Known};

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
    /// Who works with them: "Jo Larch, social worker, 020 7946 0001".
    pub working: Vec<String>,
    /// The same in parts, for links that dial.
    pub network: Vec<Works>,
    /// A child, or one who is expected.
    pub child: bool,
    /// Their family.
    pub family: Option<Id<ids::Family>>,
    /// What the family is called.
    pub family_name: Option<String>,
}

/// The fewest per cent that are shown: below, a screen fills with strangers.
const SHOWN: u8 = 58;
/// From how many per cent someone fits well.
const SURE: u8 = 88;
/// How many per cent less is much worse.
const FAR: u8 = 28;
/// The most matches that are shown.
const MOST: usize = 20;

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
        let db = self.store().read_db();
        let (sql, mut values) = candidates::statement(asked);
        let (may_see, more) =
            self.gate()
                .may_see(viewer, Look::index(page), "p.id", values.len() + 1);
        values.extend(more);
        let found: Vec<Candidate> = db
            .all(
                safe(format!("{sql} where {may_see} and {}", candidates::ALONE)),
                values,
            )
            .await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<Id<ids::Person>> = found.iter().map(|c| c.person.id).collect();
        let (sql, values) = candidates::names_statement(&people);
        let names: Vec<PersonName> = db.all(safe(sql), values).await?;
        let mut lived: Vec<Lived> = Vec::new();
        if asked.postcode.is_some() {
            let (sql, values) = candidates::postcodes_statement(&people);
            lived = db.all(safe(sql), values).await?;
        }
        let best = rank(asked, found, names, lived, SHOWN);
        let people: Vec<Id<ids::Person>> = best.iter().map(|(p, _)| p.id).collect();
        let mut working = self.working_with(&people).await?;
        let families = self.families_of(&people).await?;
        let today = time::today();
        Ok(best
            .into_iter()
            .map(|(person, fit)| {
                let network = working.remove(&person.id).unwrap_or_default();
                let family = families.get(&person.id).cloned();
                let born = person.birth_date();
                Match {
                    person: person.id,
                    name: person.name(),
                    age: born.map_or_else(|| "age not known".into(), |b| b.words_on(today)),
                    born: born.map_or_else(|| "not known".into(), |b| b.date_words()),
                    because: fit.because,
                    likely: fit.likely,
                    working: network.iter().map(Works::to_string).collect(),
                    network,
                    child: person.kind != PersonKind::Adult,
                    family: family.as_ref().map(|f| f.0),
                    family_name: family.map(|f| f.1),
                }
            })
            .collect())
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

/// Compares the candidates and keeps the best.
fn rank(
    asked: &Asked,
    found: Vec<Candidate>,
    names: Vec<PersonName>,
    lived: Vec<Lived>,
    least: u8,
) -> Vec<(Person, Fit)> {
    let names = by_person(names, |n| n.person_id);
    let lived: BTreeMap<_, Vec<String>> = by_person(lived, |l| l.person_id)
        .into_iter()
        .map(|(id, rows)| (id, rows.into_iter().map(|l| l.postcode).collect()))
        .collect();
    let mut best: Vec<(Person, Fit)> = found
        .into_iter()
        .map(|candidate| {
            let id = candidate.person.id;
            let fit = score::fit(
                asked,
                &Known {
                    person: &candidate.person,
                    also: names.get(&id).map_or(&[], Vec::as_slice),
                    postcodes: lived.get(&id).map_or(&[], Vec::as_slice),
                    by_contact: candidate.told > 0,
                },
            );
            (candidate.person, fit)
        })
        .filter(|(_, fit)| fit.likely >= least && !fit.because.is_empty())
        .collect();
    best.sort_by(|(a, one), (b, other)| {
        (other.likely, &a.family_name, &a.given, a.id).cmp(&(
            one.likely,
            &b.family_name,
            &b.given,
            b.id,
        ))
    });
    // Beside someone who fits well, those who fit much worse are strangers.
    let top = best.first().map_or(0, |(_, fit)| fit.likely);
    if top >= SURE {
        best.retain(|(_, fit)| top - fit.likely <= FAR);
    }
    best.truncate(MOST);
    best
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

/// A record that may be about the same person.
#[derive(Debug, Clone)]
pub struct Duplicate {
    /// The other record.
    pub other: Id<ids::Person>,
    /// How likely, in per cent.
    pub likely: u8,
    /// Why, in sentences.
    pub because: Vec<String>,
    /// The other record is restricted: only the shield team may learn of it.
    pub restricted: bool,
    /// It is a child's, or of one who is expected.
    pub child: bool,
}

/// From how many per cent two records are asked about.
const DUPLICATE: u8 = 84;

/// Records that may be about the same person as `wanted`, whoever may see
/// them: for raising, never for showing.
pub async fn duplicates(
    tx: &mut Tx,
    wanted: &Wanted,
    besides: Id<ids::Person>,
) -> Result<Vec<Duplicate>> {
    #[derive(sqlx::FromRow)]
    struct Restricted {
        person_id: Id<ids::Person>,
    }
    let asked = Asked::from(wanted);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, values) = candidates::duplicates_statement(&asked);
    let mut found: Vec<Candidate> = tx.all(safe(sql), values).await?;
    found.retain(|c| c.person.id != besides);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Id<ids::Person>> = found.iter().map(|c| c.person.id).collect();
    let (sql, values) = candidates::names_statement(&people);
    let names: Vec<PersonName> = tx.all(safe(sql), values).await?;
    let (sql, values) = candidates::postcodes_statement(&people);
    let lived: Vec<Lived> = tx.all(safe(sql), values).await?;
    let mut best = rank(&asked, found, names, lived, DUPLICATE);
    best.retain(|(_, fit)| fit.more_than_a_name);
    if best.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select person_id from restriction where ended_at is null and person_id in ({})",
        candidates::places(1, best.len())
    );
    let values = best.iter().map(|(p, _)| Value::from(p.id)).collect();
    let restricted: Vec<Restricted> = tx.all(safe(sql), values).await?;
    Ok(best
        .into_iter()
        .map(|(person, fit)| Duplicate {
            other: person.id,
            likely: fit.likely,
            because: fit.because,
            restricted: restricted.iter().any(|r| r.person_id == person.id),
            child: person.kind != PersonKind::Adult,
        })
        .collect())
}

//! Records that may be about one person, asked when somebody is added: the
//! candidates from keys in the database, which see what the transaction has
//! written itself; the judgement from the identity engine.

use std::collections::HashMap;

use identity::dob::DobLevel;
use identity::level::{FamilyLevel, GivenLevel, Levels, NhsLevel, Plain};
use identity::model::Model;
use identity::roll::Roll;
use record::model::{Person, PersonKind, PersonName};
use record::{Tx, Value};
use vocabulary::{Id, ids};

use super::asked::Asked;
use super::candidates::{self, Candidate, Lived, by_person, safe};
use super::fit::{Fit, fit_of, percent, question};
use super::{MOST, Wanted, everybody};
use crate::Result;

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
    let best = judged(&asked, found, names, lived);
    if best.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select person_id from restriction where ended_at is null and person_id in ({})",
        candidates::places(1, best.len())
    );
    let values = best.iter().map(|fit| Value::from(fit.person.id)).collect();
    let restricted: Vec<Restricted> = tx.all(safe(sql), values).await?;
    Ok(best
        .into_iter()
        .map(|fit| Duplicate {
            other: fit.person.id,
            likely: fit.likely,
            because: fit.because,
            restricted: restricted.iter().any(|r| r.person_id == fit.person.id),
            child: fit.person.kind != PersonKind::Adult,
        })
        .collect())
}

/// Those of the candidates whom the engine takes for the same person, best
/// first.
fn judged(
    asked: &Asked,
    found: Vec<Candidate>,
    names: Vec<PersonName>,
    lived: Vec<Lived>,
) -> Vec<Fit> {
    let mut names = by_person(names, |n| n.person_id);
    names
        .values_mut()
        .for_each(|n| n.sort_by_key(|name| name.id));
    let mut lived = by_person(lived, |l| l.person_id);
    let mut roll = Roll::new(Model::shipped(), everybody::AMONG);
    let mut people: HashMap<String, Person> = HashMap::new();
    for Candidate { person, .. } in found {
        let homes = lived.remove(&person.id).unwrap_or_default();
        let homes: Vec<String> = homes.into_iter().map(|l| l.postcode).collect();
        let also = names.get(&person.id).map_or(&[][..], Vec::as_slice);
        everybody::put(
            &mut roll,
            &everybody::Known::from(&person),
            also,
            &homes,
            &[],
        );
        people.insert(person.id.to_string(), person);
    }
    let mut best: Vec<Fit> = roll
        .search(&question(asked))
        .iter()
        .filter(|hit| percent(hit) >= DUPLICATE && more_than_a_name(&hit.levels))
        .filter_map(|hit| {
            let person = people.get(&*hit.id)?;
            Some(fit_of(asked, hit, person, &names))
        })
        .collect();
    best.truncate(MOST);
    best
}

/// A number is the same, or a name and something beside it: enough to ask
/// whether two records are one person.
fn more_than_a_name(levels: &Levels) -> bool {
    let number = levels.nhs == NhsLevel::Same || levels.upn == Plain::Same;
    let named = levels.given <= GivenLevel::Initial || levels.family <= FamilyLevel::Part;
    let beside = levels.home.is_shared()
        || matches!(
            levels.dob,
            DobLevel::Same
                | DobLevel::SameDefault
                | DobLevel::Swapped
                | DobLevel::OneDigit
                | DobLevel::YearApart
        );
    number || (named && beside)
}

//! Between the engine and the screen: the question as the engine takes it, and
//! what its answer means for a person, in per cent and in sentences.

use std::collections::BTreeMap;

use chrono::Datelike;
use identity::dob::Dob;
use identity::level::{FamilyLevel, GivenLevel, NhsLevel, Plain};
use identity::roll::{self, Hit};
use record::model::{Person, PersonName};
use vocabulary::{Id, ids};

use super::asked::Asked;
use super::{keys, why};

/// A person who fits, how likely, and why.
pub(super) struct Fit {
    pub(super) person: Person,
    pub(super) likely: u8,
    pub(super) bits: f32,
    pub(super) because: Vec<String>,
}

/// Levels of a comparison in which nothing was known on one side.
pub(super) const NOTHING_KNOWN: u32 =
    GivenLevel::Missing as u32 | (FamilyLevel::Missing as u32) << 4;

/// The question as the engine takes it.
pub(super) fn question(asked: &Asked) -> roll::Asked<'_> {
    let part = |year: u32, month: u32, day: u32| {
        Dob::new(year, month, day, vocabulary::BirthDateKind::Exact)
    };
    let born = match (asked.born, asked.year) {
        (Some(day), _) => u32::try_from(day.year()).map(|y| part(y, day.month(), day.day())),
        (None, Some(year)) => u32::try_from(year).map(|y| part(y, 0, 0)),
        (None, None) => Ok(Dob::default()),
    };
    roll::Asked {
        words: &asked.words,
        given: asked.given,
        born: born.unwrap_or_default(),
        postcode: asked.postcode.as_ref().map_or("", |p| p.as_str()),
        nhs: asked.nhs.as_deref().unwrap_or_default(),
        upn: asked.upn.as_deref().unwrap_or_default(),
    }
}

/// What a hit means for a person: per cent and reasons.
pub(super) fn fit_of(
    asked: &Asked,
    hit: &Hit,
    person: &Person,
    others: &BTreeMap<Id<ids::Person>, Vec<PersonName>>,
) -> Fit {
    if hit.bits == f32::MAX {
        let own = asked.references.contains(&keys::reference(person));
        let because = match own {
            true => "Same reference",
            false => "A contact with this reference is about them",
        };
        return Fit {
            person: person.clone(),
            likely: 99,
            bits: hit.bits,
            because: vec![because.into()],
        };
    }
    // The order in which `everybody` puts the names.
    let called = person.known_as.as_deref();
    let other = |n: usize| others.get(&person.id).and_then(|names| names.get(n));
    let own = why::Named {
        given: &person.given,
        family: &person.family_name,
        instead: None,
    };
    let named = match (hit.fits, called) {
        (0, _) => own,
        (1, Some(called)) => why::Named {
            given: called,
            family: &person.family_name,
            instead: Some(format!("Known as {called}")),
        },
        (n, called) => match other(n - 1 - usize::from(called.is_some())) {
            Some(name) => why::Named {
                given: &name.given,
                family: &name.family_name,
                instead: Some(format!(
                    "Another name of theirs fits: {}",
                    format!("{} {}", name.given, name.family_name).trim()
                )),
            },
            None => own,
        },
    };
    Fit {
        person: person.clone(),
        likely: percent(hit),
        bits: hit.bits,
        because: why::why(asked, &hit.levels, named, person.born_on),
    }
}

/// How likely, in per cent: never certain but by a number.
pub(super) fn percent(hit: &Hit) -> u8 {
    let number = hit.levels.nhs == NhsLevel::Same || hit.levels.upn == Plain::Same;
    match number {
        true => 99,
        // In 0..=98 by construction.
        false => (hit.likely * 100.0).clamp(0.0, 98.0) as u8,
    }
}

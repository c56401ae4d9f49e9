//! From the record's relationships to a genogram (R003-10): nothing is drawn
//! by hand or entered twice.

use genogram::{Bond, BondKind, Family, Partnership, Picture, Shape};
use record::FamilySeen;
use record::model::{Person, PersonKind, Relationship};
use vocabulary::{Id, ids};

use crate::people::couple;
use crate::people::related::PARENTS;
use crate::time;

/// Draws the visible members of a family.
pub(super) fn draw(seen: &FamilySeen, relationships: &[Relationship]) -> Picture {
    let people: Vec<&Person> = seen.members.iter().map(|(_, p)| p).collect();
    let household: Vec<Id<ids::Person>> = seen
        .members
        .iter()
        .filter(|(place, _)| place.household)
        .map(|(_, p)| p.id)
        .collect();
    drawing(&people, &household, relationships)
}

/// Draws people and how they are related, about the youngest child of the
/// household.
pub fn drawing(
    people: &[&Person],
    household: &[Id<ids::Person>],
    relationships: &[Relationship],
) -> Picture {
    let index = people
        .iter()
        .filter(|p| p.kind == PersonKind::Child)
        .max_by_key(|p| (household.contains(&p.id), p.born_on))
        .or_else(|| people.first());
    let mut family = Family {
        people: people.iter().map(|p| symbol(p)).collect(),
        index: index.map(|p| p.id.to_string()).unwrap_or_default(),
        household: household.iter().map(ToString::to_string).collect(),
        ..Family::default()
    };
    for row in relationships.iter().filter(|row| row.ended_on.is_none()) {
        relate(&mut family, row);
    }
    for row in couple::today(relationships) {
        if let Some(kind) = couple::standing(row) {
            family.partnerships.push(Partnership {
                a: row.from_id.to_string(),
                b: row.to_id.to_string(),
                kind,
            });
        }
    }
    genogram::draw(&family)
}

fn relate(family: &mut Family, row: &Relationship) {
    let (from, to) = (row.from_id.to_string(), row.to_id.to_string());
    match row.kind.as_str() {
        kind if PARENTS.contains(&kind) => family.parents.push((from.clone(), to.clone())),
        "child" | "adopted_child" => family.parents.push((to.clone(), from.clone())),
        _ => {}
    }
    let bond = match row.closeness.as_deref() {
        Some("close") => Some(BondKind::Close),
        Some("conflict") => Some(BondKind::Conflict),
        Some("distant" | "broken") => Some(BondKind::Distant),
        _ => None,
    };
    if let Some(kind) = bond {
        family.bonds.push(Bond {
            a: from,
            b: to,
            kind,
        });
    }
}

fn symbol(person: &Person) -> genogram::Person {
    let words = person
        .birth_date()
        .map_or_else(String::new, |b| b.words_on(time::today()));
    genogram::Person {
        id: person.id.to_string(),
        name: person.name(),
        shape: match person.sex.as_deref() {
            Some("M") => Shape::Square,
            Some("F") => Shape::Circle,
            _ => Shape::Diamond,
        },
        words,
        born: person
            .born_on
            .map(|day| i64::from(chrono::Datelike::num_days_from_ce(&day))),
        died: person.died_on.is_some(),
        unborn: person.kind == PersonKind::Expected,
    }
}

//! An invented directory of any size, the same for the same seed: services
//! that look like those of an English borough, in the invented borough of
//! Larkmere, some without a place, some over the border, some untagged, some
//! past their check date, some hidden. For the demonstration, the tests and
//! the benchmark.

mod dice;
mod kinds;
mod service;

use chrono::{Days, NaiveDate};

use self::dice::Dice;
use self::kinds::{KINDS, OWNERS};
use crate::Directory;
use crate::assurance::Upkeep;
use crate::model::{Organization, Taxonomy, TaxonomyTerm};
use crate::postcodes::{Point, Postcodes};

/// The middle of Larkmere: on no map, in the sea off Suffolk.
pub const MIDDLE: Point = Point {
    latitude: 52.30,
    longitude: 1.90,
};

/// The borough's code, shaped like the ONS's and used by nobody.
pub const COUNCIL: &str = "E99000001";
/// Its neighbour's.
pub const NEIGHBOUR: &str = "E99000002";

/// The postcodes of Larkmere (LK1 to LK9) and of its neighbour (LX1 to LX3).
pub fn postcodes() -> Postcodes {
    let mut table = Postcodes::england();
    for (area, count, council, east) in [("LK", 9, COUNCIL, 0.0), ("LX", 3, NEIGHBOUR, 0.16)] {
        for district in 1..=count {
            for sector in 1..=9 {
                let point = spot(district, sector, east);
                table.put_sector(&format!("{area}{district} {sector}"), point);
                table.put_council(&format!("{area}{district} {sector}"), council);
            }
        }
    }
    table
}

fn spot(district: usize, sector: usize, east: f64) -> Point {
    let across = ((district - 1) % 3) as f64 - 1.0;
    let up = ((district - 1) / 3) as f64 - 1.0;
    let (a, b) = (
        ((sector - 1) % 3) as f64 - 1.0,
        ((sector - 1) / 3) as f64 - 1.0,
    );
    Point {
        latitude: MIDDLE.latitude + up * 0.045 + b * 0.014,
        longitude: MIDDLE.longitude + east + across * 0.07 + a * 0.022,
    }
}

/// The categories: a taxonomy of the department's headings.
fn taxonomy(dice: &mut Dice) -> Taxonomy {
    let id = dice.id();
    let mut terms: Vec<TaxonomyTerm> = Vec::new();
    for (_, category, group, ..) in KINDS {
        for (name, above) in [(group, None), (category, Some(group))] {
            if terms.iter().any(|t| t.name == **name) {
                continue;
            }
            let parent = above.and_then(|g| terms.iter().find(|t| t.name == **g));
            terms.push(TaxonomyTerm {
                id: dice.id(),
                name: (*name).to_string(),
                description: (*name).to_string(),
                parent_id: parent.map(|t| t.id.clone()),
                taxonomy: Some("Family hub categories".into()),
                taxonomy_id: Some(id.clone()),
                ..TaxonomyTerm::default()
            });
        }
    }
    Taxonomy {
        id,
        name: "Family hub categories".into(),
        description: "What families look for, after the department's headings for family hubs."
            .into(),
        taxonomy_terms: terms,
        ..Taxonomy::default()
    }
}

/// A directory of `count` services as it stands on a day.
pub fn directory(count: usize, seed: u64, today: NaiveDate) -> Directory {
    let mut dice = Dice(seed);
    let mut directory = Directory::new();
    let categories = taxonomy(&mut dice);
    let terms = categories.taxonomy_terms.clone();
    directory.put_taxonomy(categories);
    let owners: Vec<Organization> = OWNERS
        .iter()
        .map(|name| Organization {
            id: dice.id(),
            name: (*name).into(),
            description: format!("{name} works with children and families in Larkmere."),
            website: Some(format!(
                "https://{}.example.org",
                name.to_lowercase().replace([' ', '\''], "-")
            )),
            ..Organization::default()
        })
        .collect();
    for owner in &owners {
        directory.put_organization(owner.clone());
    }
    for number in 0..count {
        let kind = &KINDS[dice.below(KINDS.len())];
        let owner = &owners[dice.below(owners.len())];
        let (service, hidden) = service::invent(&mut dice, number, kind, owner, &terms, today);
        for at in &service.service_at_locations {
            if let Some(location) = &at.location {
                directory.put_location(location.clone(), hidden);
            }
        }
        let checked = today - Days::new(dice.below(300) as u64);
        let upkeep = Upkeep {
            checked_on: (!dice.one_in(20)).then_some(checked),
            checked_by: Some(owner.name.clone()),
            edited_on: Some(checked),
            cycle: if dice.one_in(3) {
                "quarter".into()
            } else {
                "half_year".into()
            },
            source: Some("larkmere".into()),
            ..Upkeep::default()
        };
        directory.put_service(service, upkeep);
    }
    directory
}

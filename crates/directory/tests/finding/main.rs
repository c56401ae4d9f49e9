//! Search as families need it: each way in which other directories fail has a
//! test of its own.

mod filters;
mod order;
mod places;
#[path = "../shared/mod.rs"]
mod shared;
mod words;

use chrono::{Days, NaiveDate};
use directory::assurance::Upkeep;
use directory::model::{
    Address, Attribute, Location, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use directory::postcodes::MILE;
use directory::search::{Catalogue, Council, Found, Near, Wanted};
use directory::{Directory, invented};

const CATEGORY: &str = "0a000000-0000-4000-8000-00000000000c";

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn checked(days_ago: u64) -> Upkeep {
    Upkeep {
        checked_on: Some(today() - Days::new(days_ago)),
        ..Upkeep::default()
    }
}

fn id(number: u8) -> String {
    format!("0b000000-0000-4000-8000-0000000000{number:02x}")
}

fn at(number: u8, postcode: &str, point: (f64, f64)) -> ServiceAtLocation {
    ServiceAtLocation {
        id: format!("0c000000-0000-4000-8000-0000000000{number:02x}"),
        location: Some(Location {
            id: format!("0d000000-0000-4000-8000-0000000000{number:02x}"),
            name: Some("Quiet House".into()),
            latitude: Some(point.0),
            longitude: Some(point.1),
            addresses: vec![Address {
                id: format!("0e000000-0000-4000-8000-0000000000{number:02x}"),
                address_1: "14 Hidden Street".into(),
                city: "Larkmere".into(),
                state_province: "Larkshire".into(),
                postal_code: postcode.into(),
                country: "GB".into(),
                ..Address::default()
            }],
            ..Location::default()
        }),
        ..ServiceAtLocation::default()
    }
}

fn tag() -> Attribute {
    Attribute {
        id: "0f000000-0000-4000-8000-000000000001".into(),
        taxonomy_term_id: Some(CATEGORY.into()),
        ..Attribute::default()
    }
}

fn named(number: u8, name: &str, about: &str) -> Service {
    Service {
        id: id(number),
        name: name.into(),
        description: Some(about.into()),
        ..Service::default()
    }
}

fn ready(services: Vec<(Service, Upkeep)>) -> Catalogue {
    let mut directory = Directory::new();
    directory.put_taxonomy(Taxonomy {
        id: "0a000000-0000-4000-8000-00000000000a".into(),
        name: "Categories".into(),
        description: "Categories".into(),
        taxonomy_terms: vec![TaxonomyTerm {
            id: CATEGORY.into(),
            name: "Sports".into(),
            description: "Sports".into(),
            ..TaxonomyTerm::default()
        }],
        ..Taxonomy::default()
    });
    for (service, upkeep) in services {
        directory.put_service(service, upkeep);
    }
    settled(directory)
}

fn settled(mut directory: Directory) -> Catalogue {
    directory.set_rules(shared::rules());
    let council = Council {
        name: "Larkmere".into(),
        codes: vec![invented::COUNCIL.into()],
    };
    Catalogue::new(
        directory,
        &invented::postcodes(),
        shared::synonyms(),
        council,
        today(),
    )
}

fn near(postcode: &str, miles: f64) -> Option<Near> {
    let found = invented::postcodes()
        .find(&postcode.parse().unwrap())
        .unwrap();
    Some(Near {
        point: found.point,
        about: found.about,
        council: found.council,
        within: Some(miles * MILE),
        called: postcode.split(' ').next().unwrap().into(),
    })
}

fn ids<'a>(store: &'a Catalogue, found: &Found) -> Vec<&'a str> {
    found.hits.iter().map(|h| store.id(h)).collect()
}

fn words(text: &str) -> Wanted {
    Wanted {
        text: text.into(),
        ..Wanted::default()
    }
}

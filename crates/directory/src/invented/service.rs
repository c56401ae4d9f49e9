//! One invented service with all that a record can say.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::kinds::{Kind, LANGUAGES, PLACES};
use super::spot;
use crate::model::{
    Accessibility, Address, Attribute, Contact, CostOption, Language, Location, LocationType,
    Organization, Phone, Schedule, Service, ServiceArea, ServiceAtLocation, Status, TaxonomyTerm,
};

/// A service of a kind, and whether its address is hidden.
pub(super) fn invent(
    dice: &mut Dice,
    number: usize,
    kind: &Kind,
    owner: &Organization,
    terms: &[TaxonomyTerm],
    today: NaiveDate,
) -> (Service, bool) {
    let (what, category, _, ages, about) = kind;
    let place = PLACES[dice.below(PLACES.len())];
    let id = dice.id();
    // Every ninth has no place; a tenth of the rest lies over the border.
    let online = dice.one_in(9);
    let over = !online && dice.one_in(10);
    let hidden = *what == "Safe at home";
    let tagged = !dice.one_in(25);
    let day = dice.below(6);
    let opens = 9 + dice.below(9);
    let free = dice.one_in(2);
    let name = if number.is_multiple_of(3) {
        format!("{place} {}", what.to_lowercase())
    } else {
        format!("{what} at {place}")
    };
    let schedule = Schedule {
        id: dice.id(),
        freq: Some("WEEKLY".into()),
        byday: Some(["MO", "TU", "WE", "TH", "FR", "SA"][day].into()),
        opens_at: Some(format!("{opens:02}:00")),
        closes_at: Some(format!("{:02}:30", opens + 1)),
        attending_type: Some(if online { "online" } else { "in person" }.into()),
        service_id: Some(id.clone()),
        ..Schedule::default()
    };
    let modified = today - Days::new(dice.below(400) as u64);
    let service = Service {
        organization_id: Some(owner.id.clone()),
        description: Some(format!("{about} Run by {} in {place}.", owner.name)),
        url: Some(format!("https://larkmere.example.org/services/{number}")),
        email: Some(format!("service{number}@larkmere.example.org")),
        status: if dice.one_in(60) {
            Status::TemporarilyClosed
        } else {
            Status::Active
        },
        fees: Some(if free {
            "Free".into()
        } else {
            format!("£{} a session", 1 + dice.below(8))
        }),
        cost_options: if free {
            Vec::new()
        } else {
            vec![CostOption {
                id: dice.id(),
                service_id: Some(id.clone()),
                option: Some("A session".into()),
                amount: Some(1.0 + dice.below(8) as f64),
                currency: Some("GBP".into()),
                ..CostOption::default()
            }]
        },
        minimum_age: ages.map(|(from, _)| from.into()),
        maximum_age: ages.map(|(_, to)| to.into()),
        last_modified: Some(format!("{modified}T09:00:00Z")),
        eligibility_description: Some("Families who live in or near Larkmere.".into()),
        application_process: Some(
            [
                "Come without asking first.",
                "Ring or write first.",
                "Somebody who works with you asks for it.",
            ][dice.below(3)]
            .into(),
        ),
        wait_time: dice
            .one_in(4)
            .then(|| format!("About {} weeks", 1 + dice.below(12))),
        schedules: vec![schedule],
        service_areas: if online || dice.one_in(3) {
            vec![ServiceArea {
                id: dice.id(),
                service_id: Some(id.clone()),
                name: Some(
                    if dice.one_in(5) {
                        "England"
                    } else {
                        "Larkmere"
                    }
                    .into(),
                ),
                ..ServiceArea::default()
            }]
        } else {
            Vec::new()
        },
        languages: if dice.one_in(5) {
            let (name, code) = LANGUAGES[dice.below(LANGUAGES.len())];
            vec![Language {
                id: dice.id(),
                service_id: Some(id.clone()),
                name: Some(name.into()),
                code: Some(code.into()),
                ..Language::default()
            }]
        } else {
            Vec::new()
        },
        contacts: vec![Contact {
            id: dice.id(),
            service_id: Some(id.clone()),
            title: Some("Front desk".into()),
            phones: vec![Phone {
                id: dice.id(),
                number: format!("01632 960{:03}", number % 1000),
                ..Phone::default()
            }],
            ..Contact::default()
        }],
        attributes: terms
            .iter()
            .filter(|t| tagged && t.name == *category)
            .map(|t| Attribute {
                id: dice.id(),
                link_id: Some(id.clone()),
                link_type: Some("category".into()),
                taxonomy_term_id: Some(t.id.clone()),
                ..Attribute::default()
            })
            .collect(),
        service_at_locations: if online {
            Vec::new()
        } else {
            vec![at(dice, &id, place, over)]
        },
        name,
        id,
        ..Service::default()
    };
    (service, hidden)
}

fn at(dice: &mut Dice, service: &str, place: &str, over: bool) -> ServiceAtLocation {
    let (area, count, east) = if over {
        ("LX", 3, 0.16)
    } else {
        ("LK", 9, 0.0)
    };
    let (district, sector) = (1 + dice.below(count), 1 + dice.below(9));
    let middle = spot(district, sector, east);
    let id = dice.id();
    let letters = |n: usize| char::from(b"ABDEFGHJLNPQRSTUWXYZ"[n]);
    let postcode = format!(
        "{area}{district} {sector}{}{}",
        letters(dice.below(20)),
        letters(dice.below(20))
    );
    ServiceAtLocation {
        id: dice.id(),
        service_id: Some(service.to_owned()),
        location_id: Some(id.clone()),
        location: Some(Location {
            location_type: LocationType::Physical,
            name: Some(format!("{place} hall")),
            latitude: Some(rounded(middle.latitude + (dice.part() - 0.5) * 0.012)),
            longitude: Some(rounded(middle.longitude + (dice.part() - 0.5) * 0.02)),
            addresses: vec![Address {
                id: dice.id(),
                location_id: Some(id.clone()),
                address_1: format!("{} {place} Road", 1 + dice.below(180)),
                city: if over { "Linmouth" } else { "Larkmere" }.into(),
                state_province: "Larkshire".into(),
                postal_code: postcode,
                country: "GB".into(),
                address_type: LocationType::Physical,
                ..Address::default()
            }],
            accessibility: if dice.one_in(3) {
                Vec::new()
            } else {
                vec![Accessibility {
                    id: dice.id(),
                    location_id: Some(id.clone()),
                    description: Some(
                        ["Step-free way in", "Accessible toilet", "Hearing loop"][dice.below(3)]
                            .into(),
                    ),
                    ..Accessibility::default()
                }]
            },
            id,
            ..Location::default()
        }),
        ..ServiceAtLocation::default()
    }
}

/// To a metre: what a map needs and what a text keeps exactly.
fn rounded(degrees: f64) -> f64 {
    (degrees * 100_000.0).round() / 100_000.0
}

//! An invented directory of any size, the same for the same seed: services
//! that look like those of an English borough, in the invented borough of
//! Larkmere, some without a place, some over the border, some untagged, some
//! past their check date, some hidden. For the demonstration, the tests and
//! the benchmark.

use chrono::{Days, NaiveDate};

use crate::Directory;
use crate::assurance::Upkeep;
use crate::model::{
    Accessibility, Address, Attribute, Contact, CostOption, Language, Location, LocationType,
    Organization, Phone, Schedule, Service, ServiceArea, ServiceAtLocation, Status, Taxonomy,
    TaxonomyTerm,
};
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

/// One kind of service: name, category, group, ages, what happens there.
type Kind = (
    &'static str,
    &'static str,
    &'static str,
    Option<(u8, u8)>,
    &'static str,
);

const KINDS: &[Kind] = &[
    (
        "Stay and play",
        "Parent, baby and toddler groups",
        "Activities, clubs and groups",
        Some((0, 4)),
        "Toys, songs and a snack for babies and toddlers, and a warm room for whoever brings them.",
    ),
    (
        "Swimming for beginners",
        "Sports and recreation",
        "Activities, clubs and groups",
        Some((5, 11)),
        "Small lessons in the shallow pool with a teacher in the water.",
    ),
    (
        "Football after school",
        "Before and after school clubs",
        "Activities, clubs and groups",
        Some((7, 13)),
        "Games and training on the school field until parents finish work.",
    ),
    (
        "Holiday club",
        "Holiday clubs and schemes",
        "Activities, clubs and groups",
        Some((5, 14)),
        "Days out, crafts and a cooked lunch in every school holiday.",
    ),
    (
        "Community pantry",
        "Money, benefits and housing",
        "Family support",
        None,
        "A weekly shop of fresh groceries for a small sum, and a cup of tea.",
    ),
    (
        "Debt advice",
        "Debt and welfare advice",
        "Family support",
        Some((16, 120)),
        "A trained adviser goes through bills and benefits and writes to whoever is owed.",
    ),
    (
        "Parenting course",
        "Parenting support",
        "Family support",
        Some((18, 120)),
        "Ten evenings with other parents about bedtimes, tempers and talking.",
    ),
    (
        "Safe at home",
        "Domestic abuse",
        "Family support",
        Some((16, 120)),
        "Someone to talk to about a partner who frightens you, and a plan to be safe.",
    ),
    (
        "Talking therapy for young people",
        "Mental health, social and emotional support",
        "Health",
        Some((11, 19)),
        "Six to ten meetings with a counsellor about worry, low mood or anger.",
    ),
    (
        "Infant feeding drop-in",
        "Infant feeding support (including breastfeeding)",
        "Pregnancy, birth and early years",
        Some((0, 2)),
        "Help with breastfeeding and bottles from someone who has done it.",
    ),
    (
        "Speech and language play",
        "Early years language and learning",
        "Pregnancy, birth and early years",
        Some((1, 4)),
        "Games that help small children to talk, led by a therapist.",
    ),
    (
        "Short breaks",
        "Breaks and respite",
        "Special educational needs and disabilities (SEND)",
        Some((5, 18)),
        "Evenings and weekends for disabled children, and a rest for those who care for them.",
    ),
    (
        "Autism parents' circle",
        "Autistic Spectrum Disorder (ASD)",
        "Special educational needs and disabilities (SEND)",
        None,
        "Parents of autistic children meet, with a speaker every other month.",
    ),
    (
        "Signing for families",
        "Hearing impairment",
        "Special educational needs and disabilities (SEND)",
        None,
        "British Sign Language for the whole family of a deaf child.",
    ),
    (
        "Youth club",
        "Activities",
        "Activities, clubs and groups",
        Some((11, 18)),
        "Pool, music, cooking and workers who listen.",
    ),
    (
        "Young carers' evenings",
        "Targeted youth support",
        "Family support",
        Some((8, 17)),
        "Time out for children who look after somebody at home.",
    ),
    (
        "Stop smoking and vaping",
        "Stopping smoking",
        "Family support",
        Some((12, 120)),
        "Weekly help to stop, with patches when they are needed.",
    ),
    (
        "English for parents",
        "Activities",
        "Activities, clubs and groups",
        Some((18, 120)),
        "Learn English together while the children play next door.",
    ),
];

const PLACES: &[&str] = &[
    "Otterbrook",
    "Millrace",
    "Kiln Heath",
    "Saltgate",
    "Fenwick Row",
    "Tanners Reach",
    "Lark Hill",
    "Eastmere",
    "Quay Side",
    "Northfold",
];
const OWNERS: &[&str] = &[
    "Larkmere council",
    "Otterbrook Family Trust",
    "Stepping Stones",
    "The Millrace Project",
    "Saltgate Community Centre",
    "Kiln Heath Church Hall",
    "Lark Hill Sports",
    "Clearwater Young People",
];
const LANGUAGES: &[(&str, &str)] = &[
    ("Urdu", "ur"),
    ("Polish", "pl"),
    ("Arabic", "ar"),
    ("Somali", "so"),
];

/// A small steady source of numbers: the same everywhere for the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn id(&mut self) -> String {
        let number = u128::from(self.next()) << 64 | u128::from(self.next());
        uuid::Builder::from_random_bytes(number.to_be_bytes())
            .into_uuid()
            .to_string()
    }
}

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
        let (service, hidden) = service(&mut dice, number, kind, owner, &terms, today);
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

fn service(
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

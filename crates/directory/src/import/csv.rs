//! Spreadsheets, saved as CSV: one service a row, columns by name.

use std::collections::HashMap;
use std::io::Read;

use super::{Imported, Problem, Reject, take};
use crate::model::{
    Address, Attribute, CostOption, Language, Location, LocationType, Organization, Phone,
    Schedule, Service, ServiceArea, ServiceAtLocation, TaxonomyTerm,
};

/// Our columns, with the other names that people give them.
const COLUMNS: &[(&str, &[&str])] = &[
    ("id", &["service id", "reference", "ref"]),
    ("name", &["service", "service name", "title"]),
    (
        "organisation",
        &[
            "organization",
            "provider",
            "organisation name",
            "provider name",
        ],
    ),
    ("description", &["summary", "about", "details"]),
    ("url", &["website", "web", "link", "web address"]),
    ("email", &["e-mail", "email address"]),
    ("phone", &["telephone", "tel", "phone number"]),
    ("address", &["address 1", "address line 1", "street"]),
    ("town", &["city"]),
    ("county", &[]),
    ("postcode", &["post code", "postal code", "postal_code"]),
    (
        "minimum age",
        &["min age", "age from", "minimum_age", "from age"],
    ),
    (
        "maximum age",
        &["max age", "age to", "maximum_age", "to age"],
    ),
    ("cost", &["fees", "price", "charge"]),
    ("days", &["day", "open on", "byday"]),
    ("opens", &["opens at", "start time", "from"]),
    ("closes", &["closes at", "end time", "to"]),
    ("categories", &["category", "tags", "type"]),
    ("languages", &["language"]),
    ("area", &["service area", "area served"]),
    ("eligibility", &["who for", "eligibility description"]),
    (
        "how to apply",
        &["referral", "application process", "how to access"],
    ),
    ("waiting time", &["wait", "wait time"]),
];

/// Reads a table. The first row names the columns, in any order; `name` must
/// be among them. Columns that we do not know are told in a reject of line 1.
///
/// # Errors
/// When it has no header that we can use.
pub fn read(mut input: impl Read, source: &str) -> Result<Imported, Problem> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    // Windows' line ends would shift the line numbers that we report.
    bytes.retain(|b| *b != b'\r');
    let mut table = ::csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes.as_slice());
    let header = table
        .headers()
        .map_err(|p| Problem::Table(format!("line 1: {p}")))?
        .clone();
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut unknown = Vec::new();
    for (number, title) in header.iter().enumerate() {
        let plain = title
            .trim_start_matches('\u{feff}')
            .trim()
            .to_lowercase()
            .replace('_', " ");
        let known = COLUMNS.iter().find(|(name, others)| {
            *name == plain || others.iter().any(|o| o.replace('_', " ") == plain)
        });
        match known {
            Some((name, _)) => {
                at.entry(name).or_insert(number);
            }
            None => unknown.push(title.trim().to_owned()),
        }
    }
    if !at.contains_key("name") {
        let wanted: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        return Err(Problem::Table(format!(
            "line 1: no column is called “name”. The columns we know: {}.",
            wanted.join(", ")
        )));
    }
    let mut done = Imported::default();
    if !unknown.is_empty() {
        done.rejects.push(Reject {
            at: 1,
            what: String::new(),
            reason: format!(
                "These columns are not known and were left out: {}.",
                unknown.join(", ")
            ),
        });
    }
    for row in table.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, |p| p.line() as usize);
                let get = |name: &str| {
                    at.get(name)
                        .and_then(|i| row.get(*i))
                        .unwrap_or_default()
                        .trim()
                };
                if row.iter().all(|field| field.trim().is_empty()) {
                    continue;
                }
                match service(&get).and_then(|s| take(s, source)) {
                    Ok(taken) => done.services.push(taken),
                    Err(reason) => done.rejects.push(Reject {
                        at: line,
                        what: get("name").to_owned(),
                        reason,
                    }),
                }
            }
            Err(problem) => done.rejects.push(Reject {
                at: problem.position().map_or(0, |p| p.line() as usize),
                what: String::new(),
                reason: format!("The row cannot be read: {problem}."),
            }),
        }
    }
    Ok(done)
}

fn service<'a>(get: &impl Fn(&str) -> &'a str) -> Result<Service, String> {
    let some = |name: &str| Some(get(name).to_owned()).filter(|t| !t.is_empty());
    let age = |name: &str| match get(name) {
        "" => Ok(None),
        text => text
            .trim_end_matches(|c: char| !c.is_ascii_digit())
            .parse::<f64>()
            .map(Some)
            .map_err(|_| format!("“{text}” in the column {name} is no age.")),
    };
    let id = some("id").unwrap_or_else(|| {
        format!(
            "{}|{}|{}",
            get("organisation"),
            get("name"),
            get("postcode")
        )
    });
    let place = (!get("postcode").is_empty() || !get("address").is_empty()).then(|| place(get));
    let times = [get("days"), get("opens"), get("closes")];
    Ok(Service {
        id,
        name: get("name").to_owned(),
        description: some("description"),
        url: some("url"),
        email: some("email"),
        minimum_age: age("minimum age")?,
        maximum_age: age("maximum age")?,
        fees: some("cost"),
        cost_options: cost(get("cost")).into_iter().collect(),
        eligibility_description: some("eligibility"),
        application_process: some("how to apply"),
        wait_time: some("waiting time"),
        organization: some("organisation").map(|name| {
            Box::new(Organization {
                name,
                ..Organization::default()
            })
        }),
        phones: some("phone")
            .map(|number| Phone {
                number,
                ..Phone::default()
            })
            .into_iter()
            .collect(),
        schedules: if times.iter().all(|t| t.is_empty()) {
            Vec::new()
        } else {
            vec![Schedule {
                freq: Some("WEEKLY".into()),
                byday: byday(get("days")),
                description: some("days"),
                opens_at: some("opens"),
                closes_at: some("closes"),
                ..Schedule::default()
            }]
        },
        languages: several(get("languages"))
            .map(|name| Language {
                name: Some(name.to_owned()),
                ..Language::default()
            })
            .collect(),
        service_areas: several(get("area"))
            .map(|name| ServiceArea {
                name: Some(name.to_owned()),
                ..ServiceArea::default()
            })
            .collect(),
        attributes: several(get("categories")).map(category).collect(),
        service_at_locations: place.into_iter().collect(),
        ..Service::default()
    })
}

fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|'])
        .map(str::trim)
        .filter(|t| !t.is_empty())
}

fn category(name: &str) -> Attribute {
    Attribute {
        link_type: Some("category".into()),
        taxonomy_term: Some(TaxonomyTerm {
            name: name.to_owned(),
            description: name.to_owned(),
            ..TaxonomyTerm::default()
        }),
        ..Attribute::default()
    }
}

fn byday(text: &str) -> Option<String> {
    const LETTERS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let mask = crate::search::days(text);
    let told: Vec<&str> = (0..7)
        .filter(|d| mask & 1 << d != 0)
        .map(|d| LETTERS[d])
        .collect();
    (!told.is_empty()).then(|| told.join(","))
}

/// A price that is a plain figure becomes one.
fn cost(text: &str) -> Option<CostOption> {
    let amount = text.trim().trim_start_matches('£').parse::<f64>().ok()?;
    Some(CostOption {
        amount: Some(amount),
        currency: Some("GBP".into()),
        ..CostOption::default()
    })
}

fn place<'a>(get: &impl Fn(&str) -> &'a str) -> ServiceAtLocation {
    ServiceAtLocation {
        location: Some(Location {
            id: format!("{}|{}", get("address"), get("postcode")),
            location_type: LocationType::Physical,
            addresses: vec![Address {
                address_1: get("address").to_owned(),
                city: get("town").to_owned(),
                state_province: get("county").to_owned(),
                postal_code: get("postcode").to_owned(),
                country: "GB".into(),
                ..Address::default()
            }],
            ..Location::default()
        }),
        ..ServiceAtLocation::default()
    }
}

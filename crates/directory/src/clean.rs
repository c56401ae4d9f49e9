//! Makes a record fit to be published: the standard refuses empty values,
//! addresses that are no addresses and ids that are no UUIDs, and councils'
//! data is full of them. Nothing is thrown away in silence: each repair is a
//! [`Note`] for the fix list of its owner.

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::model::{Address, Organization, Phone, Schedule, Service, TaxonomyTerm};

/// The name space of the ids we make from other people's: a re-import gives
/// the same id again.
const OURS: Uuid = Uuid::from_u128(0x7d1c_2b6a_9f35_4c0e_8a41_5e0b_c2d9_1f77);

/// One thing that was wrong with a record, in words for its owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// The field: `url`, `organization.description`.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Collects notes while a record is cleaned.
#[derive(Debug, Default)]
pub struct Notes(pub Vec<Note>);

impl Notes {
    fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Note {
            field: field.to_owned(),
            message: message.into(),
        });
    }
}

/// A UUID as it is, or one made from any other id; the same each time.
pub fn id(source: &str, kind: &str, given: &str) -> String {
    let given = given.trim();
    match Uuid::parse_str(given) {
        Ok(uuid) => uuid.hyphenated().to_string(),
        Err(_) => Uuid::new_v5(&OURS, format!("{source}\n{kind}\n{given}").as_bytes()).to_string(),
    }
}

/// Cleans a service and all that is nested in it.
pub fn service(service: &mut Service, notes: &mut Notes) {
    trim(&mut service.name);
    for text in [
        &mut service.alternate_name,
        &mut service.description,
        &mut service.fees,
        &mut service.fees_description,
        &mut service.accreditations,
        &mut service.alert,
        &mut service.eligibility_description,
        &mut service.application_process,
        &mut service.wait_time,
        &mut service.interpretation_services,
        &mut service.organization_id,
    ] {
        empty_is_nothing(text);
    }
    web_address("url", &mut service.url, notes);
    email("email", &mut service.email, notes);
    email("assurer_email", &mut service.assurer_email, notes);
    day("assured_date", &mut service.assured_date, notes);
    moment("last_modified", &mut service.last_modified, notes);
    ages(service, notes);
    if let Some(owner) = &mut service.organization {
        organization(owner, notes);
    }
    phones(&mut service.phones, notes);
    schedules(&mut service.schedules, notes);
    for contact in &mut service.contacts {
        for text in [
            &mut contact.name,
            &mut contact.title,
            &mut contact.department,
        ] {
            empty_is_nothing(text);
        }
        email("contact email", &mut contact.email, notes);
        phones(&mut contact.phones, notes);
    }
    for at in &mut service.service_at_locations {
        schedules(&mut at.schedules, notes);
        phones(&mut at.phones, notes);
        if let Some(location) = &mut at.location {
            for address in &mut location.addresses {
                whole_address(address);
            }
            place(location, notes);
        }
    }
    for tag in &mut service.attributes {
        if let Some(found) = &mut tag.taxonomy_term {
            term(found);
        }
    }
}

/// Cleans an organisation. The standard requires a description.
pub fn organization(owner: &mut Organization, notes: &mut Notes) {
    trim(&mut owner.name);
    trim(&mut owner.description);
    if owner.description.is_empty() {
        notes.add(
            "organization.description",
            "The organisation has no description. Say in a sentence what it is.",
        );
        owner.description = owner.name.clone();
    }
    email("organization.email", &mut owner.email, notes);
    web_address("organization.website", &mut owner.website, notes);
    web_address("organization.uri", &mut owner.uri, notes);
    empty_is_nothing(&mut owner.logo);
    empty_is_nothing(&mut owner.parent_organization_id);
    owner
        .organization_identifiers
        .retain(|i| !i.identifier.trim().is_empty() && !i.identifier_type.trim().is_empty());
    phones(&mut owner.phones, notes);
}

/// Cleans a term: the standard requires a description.
pub fn term(term: &mut TaxonomyTerm) {
    trim(&mut term.name);
    trim(&mut term.description);
    if term.description.is_empty() {
        term.description = term.name.clone();
    }
    for text in [
        &mut term.code,
        &mut term.parent_id,
        &mut term.taxonomy,
        &mut term.taxonomy_id,
    ] {
        empty_is_nothing(text);
    }
    if term
        .term_uri
        .as_deref()
        .is_some_and(|u| Url::parse(u).is_err())
    {
        term.term_uri = None;
    }
}

fn place(location: &mut crate::model::Location, notes: &mut Notes) {
    for text in [
        &mut location.name,
        &mut location.description,
        &mut location.transportation,
        &mut location.external_identifier,
        &mut location.external_identifier_type,
    ] {
        empty_is_nothing(text);
    }
    let point = location.latitude.zip(location.longitude);
    // The British Isles: anything else is a swapped, empty or foreign point.
    let believable =
        |(lat, lon): (f64, f64)| (49.0..61.5).contains(&lat) && (-9.0..2.5).contains(&lon);
    if point.is_some_and(|p| !believable(p)) || point.is_none() {
        if point.is_some_and(|p| p != (0.0, 0.0)) {
            notes.add(
                "location",
                "The point on the map is not in the British Isles. Are latitude and longitude swapped?",
            );
        }
        location.latitude = None;
        location.longitude = None;
    }
    // To a tenth of a metre: more digits are noise, and a text would not keep
    // them exactly.
    for degrees in [&mut location.latitude, &mut location.longitude] {
        *degrees = degrees.map(|d| (d * 1_000_000.0).round() / 1_000_000.0);
    }
}

fn whole_address(address: &mut Address) {
    for text in [
        &mut address.address_1,
        &mut address.city,
        &mut address.state_province,
        &mut address.postal_code,
        &mut address.country,
    ] {
        trim(text);
    }
    empty_is_nothing(&mut address.address_2);
    empty_is_nothing(&mut address.attention);
    empty_is_nothing(&mut address.region);
    if address.country.is_empty() {
        address.country = "GB".into();
    }
    // Required by the standard, and seldom known: the nearest true word.
    if address.state_province.is_empty() {
        address.state_province = if address.city.is_empty() {
            "England".into()
        } else {
            address.city.clone()
        };
    }
    if let Ok(code) = address.postal_code.parse::<vocabulary::Postcode>() {
        address.postal_code = code.to_string();
    }
}

fn ages(service: &mut Service, notes: &mut Notes) {
    let wrong = |age: f64| !age.is_finite() || !(0.0..=150.0).contains(&age);
    for age in [&mut service.minimum_age, &mut service.maximum_age] {
        if age.is_some_and(wrong) {
            notes.add("age", "An age must be between 0 and 150 years.");
            *age = None;
        }
    }
    if let (Some(from), Some(to)) = (service.minimum_age, service.maximum_age)
        && from > to
    {
        notes.add(
            "age",
            format!("From {from} to {to} years: the ages stood the wrong way round."),
        );
        service.minimum_age = Some(to);
        service.maximum_age = Some(from);
    }
}

fn phones(phones: &mut Vec<Phone>, notes: &mut Notes) {
    let before = phones.len();
    phones.retain(|p| p.number.chars().filter(char::is_ascii_digit).count() >= 3);
    if phones.len() < before {
        notes.add(
            "phones",
            "A telephone has no number. Add it, or take the telephone out.",
        );
    }
    for phone in phones {
        trim(&mut phone.number);
        empty_is_nothing(&mut phone.description);
        empty_is_nothing(&mut phone.kind);
    }
}

fn schedules(schedules: &mut [Schedule], notes: &mut Notes) {
    for schedule in schedules {
        for text in [
            &mut schedule.valid_from,
            &mut schedule.valid_to,
            &mut schedule.dtstart,
            &mut schedule.byday,
            &mut schedule.bymonthday,
            &mut schedule.until,
            &mut schedule.description,
            &mut schedule.attending_type,
            &mut schedule.notes,
        ] {
            empty_is_nothing(text);
        }
        web_address("schedule_link", &mut schedule.schedule_link, notes);
        empty_is_nothing(&mut schedule.freq);
        if let Some(freq) = schedule.freq.take() {
            let upper = freq.to_uppercase();
            if matches!(upper.as_str(), "WEEKLY" | "MONTHLY") {
                schedule.freq = Some(upper);
            } else {
                notes.add(
                    "freq",
                    format!("A time repeats “{freq}”; the standard knows WEEKLY and MONTHLY."),
                );
            }
        }
        for (field, time) in [
            ("opens_at", &mut schedule.opens_at),
            ("closes_at", &mut schedule.closes_at),
        ] {
            empty_is_nothing(time);
            if let Some(text) = time.take() {
                match crate::search::minutes(&text) {
                    Some(m) => *time = Some(format!("{:02}:{:02}", m / 60, m % 60)),
                    None => notes.add(field, format!("“{text}” is no time. Write it like 09:30.")),
                }
            }
        }
    }
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

fn empty_is_nothing(text: &mut Option<String>) {
    if let Some(words) = text {
        trim(words);
        if words.is_empty() {
            *text = None;
        }
    }
}

pub(crate) fn web_address(field: &str, text: &mut Option<String>, notes: &mut Notes) {
    empty_is_nothing(text);
    let Some(given) = text.take() else { return };
    let usable = |t: &str| {
        Url::parse(t).is_ok_and(|u| {
            matches!(u.scheme(), "http" | "https") && u.host_str().is_some_and(|h| h.contains('.'))
        })
    };
    let longer = format!("https://{given}");
    if usable(&given) && !given.contains(char::is_whitespace) {
        *text = Some(given);
    } else if !given.contains("://") && !given.contains(char::is_whitespace) && usable(&longer) {
        notes.add(
            field,
            format!("The address “{given}” lacked https:// at the front; it was added."),
        );
        *text = Some(longer);
    } else {
        notes.add(
            field,
            format!("“{given}” is no web address. Write it like https://example.org/page."),
        );
    }
}

/// Whether a text is an email address as the standard's checker takes it.
pub fn is_email(given: &str) -> bool {
    given.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c))
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && host.contains('.')
            && host.split('.').all(|p| {
                !p.is_empty()
                    && !p.starts_with('-')
                    && !p.ends_with('-')
                    && p.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            })
    })
}

fn email(field: &str, text: &mut Option<String>, notes: &mut Notes) {
    empty_is_nothing(text);
    let Some(given) = text.take() else { return };
    if is_email(&given) {
        *text = Some(given);
    } else {
        notes.add(field, format!("“{given}” is no email address."));
    }
}

fn day(field: &str, text: &mut Option<String>, notes: &mut Notes) {
    empty_is_nothing(text);
    let Some(given) = text.take() else { return };
    let iso = given
        .get(..10)
        .and_then(|d| d.parse::<chrono::NaiveDate>().ok());
    match iso.or_else(|| vocabulary::plain::read_date(&given)) {
        Some(date) => *text = Some(date.to_string()),
        None => notes.add(
            field,
            format!("“{given}” is no date. Write it like 2026-03-31."),
        ),
    }
}

fn moment(field: &str, text: &mut Option<String>, notes: &mut Notes) {
    empty_is_nothing(text);
    let Some(given) = text.take() else { return };
    if chrono::DateTime::parse_from_rfc3339(&given).is_ok() {
        *text = Some(given);
        return;
    }
    // Many feeds leave the time zone out: it is taken as UTC.
    let naive = given
        .parse::<chrono::NaiveDateTime>()
        .ok()
        .or_else(|| given.replace(' ', "T").parse().ok())
        .or_else(|| {
            given
                .parse::<chrono::NaiveDate>()
                .ok()
                .and_then(|d| d.and_hms_opt(0, 0, 0))
        });
    match naive {
        Some(at) => {
            *text = Some(
                at.and_utc()
                    .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            )
        }
        None => notes.add(field, format!("“{given}” is no date and time.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_faults_are_mended_and_told() {
        let mut one = Service {
            id: "x".into(),
            name: " Stay and play ".into(),
            description: Some("   ".into()),
            url: Some("www.example.org/play".into()),
            email: Some("ask us".into()),
            minimum_age: Some(5.0),
            maximum_age: Some(0.0),
            last_modified: Some("2026-03-01 10:00:00".into()),
            assured_date: Some("01/03/2026".into()),
            schedules: vec![Schedule {
                opens_at: Some("9.30am".into()),
                closes_at: Some("half past".into()),
                freq: Some("weekly".into()),
                ..Schedule::default()
            }],
            ..Service::default()
        };
        let mut notes = Notes::default();
        service(&mut one, &mut notes);
        assert_eq!(one.name, "Stay and play");
        assert_eq!(one.description, None);
        assert_eq!(one.url.as_deref(), Some("https://www.example.org/play"));
        assert_eq!(one.email, None);
        assert_eq!((one.minimum_age, one.maximum_age), (Some(0.0), Some(5.0)));
        assert_eq!(one.last_modified.as_deref(), Some("2026-03-01T10:00:00Z"));
        assert_eq!(one.assured_date.as_deref(), Some("2026-03-01"));
        assert_eq!(one.schedules[0].opens_at.as_deref(), Some("09:30"));
        assert_eq!(one.schedules[0].closes_at, None);
        assert_eq!(one.schedules[0].freq.as_deref(), Some("WEEKLY"));
        let fields: Vec<&str> = notes.0.iter().map(|n| n.field.as_str()).collect();
        assert_eq!(fields, ["url", "email", "age", "closes_at"]);
    }

    #[test]
    fn any_id_becomes_a_uuid_and_the_same_one_again() {
        let first = id("https://feed.example.org", "service", "1234");
        assert_eq!(first, id("https://feed.example.org", "service", "1234"));
        assert_ne!(
            first,
            id("https://feed.example.org", "organization", "1234")
        );
        assert!(Uuid::parse_str(&first).is_ok());
        let own = "AC148810-D857-441C-9679-408F346DE14B";
        assert_eq!(id("x", "service", own), own.to_lowercase());
    }
}

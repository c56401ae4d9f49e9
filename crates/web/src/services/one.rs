//! One service: what it is, for whom, when, what it costs, how to ask for it,
//! where it is, and when somebody last checked that all of this is right.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use directory::assurance::Standing;
use directory::model::{Location, LocationType, Schedule, Service, Status};
use vocabulary::plain;

use crate::app::{App, WebError, WebResult};
use crate::ui::{Frame, Page};

const DAYS: [&str; 7] = [
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
    "Sundays",
];

/// A place as shown.
struct Where {
    name: String,
    lines: Vec<String>,
    access: Vec<String>,
    hidden: bool,
    when: Vec<String>,
}

/// A number to ring, and whose it is.
struct Ring {
    number: String,
    tel: String,
    whose: String,
}

#[derive(Template)]
#[template(path = "services/one.html")]
struct OnePage {
    frame: Frame,
    service: Service,
    owner: String,
    alert: String,
    paragraphs: Vec<String>,
    rows: Vec<(&'static str, String)>,
    rings: Vec<Ring>,
    places: Vec<Where>,
    categories: Vec<String>,
    checked: String,
    doubtful: bool,
}

pub(super) async fn page(State(app): State<App>, Path(id): Path<String>) -> WebResult {
    let catalogue = app.casework.catalogue().await?;
    let entry = catalogue.directory.public(&id, catalogue.today);
    let entry = entry.ok_or(WebError(casework::Error::NotFound))?;
    let s = entry.service.clone();
    let owner = s.organization_id.as_deref();
    let owner = owner.and_then(|id| catalogue.directory.organization(id));
    let owner = owner.map(|o| o.name.clone()).unwrap_or_default();
    let places = catalogue
        .directory
        .places(entry)
        .filter_map(|p| {
            let location = p.location?;
            let hidden = catalogue.directory.is_hidden(&location.id);
            let times = p.at.schedules.iter().filter_map(time_words).collect();
            (location.location_type == LocationType::Physical)
                .then(|| place(location, hidden, times))
        })
        .collect();
    let mut categories: Vec<String> = catalogue
        .directory
        .tags(&s)
        .map(|t| t.name.clone())
        .collect();
    categories.sort();
    categories.dedup();
    let standing = entry.upkeep.standing(catalogue.today);
    Ok(Page(OnePage {
        frame: Frame::public(app.casework.name(), s.name.clone())
            .with_back("Find help for your family", "/services"),
        alert: match s.status {
            Status::Active => s.alert.clone().unwrap_or_default(),
            Status::TemporarilyClosed => {
                "This is closed for now. Ring or write before you go.".into()
            }
            Status::Inactive | Status::Defunct => "This is not offered at present.".into(),
        },
        paragraphs: s
            .description
            .iter()
            .flat_map(|d| d.lines())
            .filter(|l| !l.trim().is_empty())
            .map(str::to_owned)
            .collect(),
        rows: rows(&s),
        rings: rings(&s),
        places,
        categories,
        owner,
        checked: entry.upkeep.words(catalogue.today),
        doubtful: standing >= Standing::NotCheckedSince,
        service: s,
    })
    .into_response())
}

fn place(location: &Location, hidden: bool, when: Vec<String>) -> Where {
    let address = location.addresses.first();
    let lines = address.map(|a| {
        let all = [
            Some(&a.address_1),
            a.address_2.as_ref(),
            Some(&a.city),
            Some(&a.postal_code),
        ];
        let told = all.into_iter().flatten().map(|l| l.trim().to_owned());
        told.filter(|l| !l.is_empty()).collect()
    });
    Where {
        name: location.name.clone().unwrap_or_default(),
        lines: lines.unwrap_or_default(),
        access: location
            .accessibility
            .iter()
            .filter_map(|a| a.description.clone())
            .collect(),
        hidden,
        when,
    }
}

fn rows(s: &Service) -> Vec<(&'static str, String)> {
    let ages = match (s.minimum_age, s.maximum_age) {
        (None, None) => String::new(),
        (Some(from), None) => format!("From {from} years"),
        (None, Some(to)) => format!("Up to {to} years"),
        (Some(from), Some(to)) if to >= 100.0 => format!("From {from} years"),
        (Some(from), Some(to)) => format!("{from} to {to} years"),
    };
    let languages: Vec<String> = s.languages.iter().filter_map(|l| l.name.clone()).collect();
    let areas: Vec<String> = s
        .service_areas
        .iter()
        .filter_map(|a| a.name.clone())
        .collect();
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("For what ages", ages),
        ("Who can use it", said(&s.eligibility_description)),
        ("When", when(s).join("; ")),
        (
            "What it costs",
            if s.is_free() {
                "Free".into()
            } else {
                said(&s.fees)
            },
        ),
        ("How to ask for it", said(&s.application_process)),
        ("How long people wait", said(&s.wait_time)),
        ("Languages", plain::list(&languages)),
        ("For people who live in", plain::list(&areas)),
    ];
    all.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn rings(s: &Service) -> Vec<Ring> {
    let own = s.phones.iter().map(|p| (p, String::new()));
    let others = s.contacts.iter().flat_map(|c| {
        let whose = c
            .title
            .clone()
            .or_else(|| c.name.clone())
            .unwrap_or_default();
        c.phones.iter().map(move |p| (p, whose.clone()))
    });
    own.chain(others)
        .map(|(phone, whose)| Ring {
            tel: phone
                .number
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
            number: phone.number.clone(),
            whose,
        })
        .collect()
}

/// When a service is open, in words: "Tuesdays, 10am to 11:30am".
pub(super) fn when(s: &Service) -> Vec<String> {
    s.schedules.iter().filter_map(time_words).collect()
}

fn time_words(schedule: &Schedule) -> Option<String> {
    let days: Vec<&str> = schedule
        .byday
        .iter()
        .flat_map(|d| d.split(','))
        .filter_map(|d| {
            let letters = d
                .trim()
                .trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            let known = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            known.iter().position(|k| *k == letters).map(|at| DAYS[at])
        })
        .collect();
    let time = |text: &Option<String>| {
        let read = text.as_deref().and_then(plain::read_time);
        read.map(plain::time)
    };
    let hours = match (time(&schedule.opens_at), time(&schedule.closes_at)) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => String::new(),
    };
    let told: Vec<String> = [plain::list(&days), hours]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect();
    if told.is_empty() {
        return schedule.description.clone();
    }
    Some(told.join(", "))
}

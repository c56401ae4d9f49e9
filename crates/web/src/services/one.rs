//! One service: what it is, for whom, when, what it costs, how to ask for it,
//! where it is, and when somebody last checked that all of this is right.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use directory::assurance::Standing;
use directory::model::{Location, LocationType, Schedule, Service, Status};
use directory::search::DAY_KEYS;
use vocabulary::{Postcode, plain};

use super::door;
use super::list::Share;
use super::visitor::Visitor;
use super::words::{Tongue, Words};
use crate::app::{App, WebError, WebResult};
use crate::ui::{Frame, Page};

/// A place as shown.
struct Where {
    name: String,
    lines: Vec<String>,
    access: Vec<String>,
    hidden: bool,
    over_the_border: bool,
    when: Vec<String>,
}

/// A number to ring, and whose it is.
pub(super) struct Ring {
    pub number: String,
    pub tel: String,
    pub whose: String,
}

#[derive(Template)]
#[template(path = "services/one.html")]
struct OnePage {
    frame: Frame,
    w: Words,
    tongues: Vec<(Tongue, String)>,
    others: Vec<(String, String)>,
    on_list: usize,
    council: String,
    here: String,
    listed: bool,
    share: Share,
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
    /// It can be asked for help here.
    asks: bool,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let catalogue = app.casework.catalogue().await?;
    let entry = catalogue.directory.public(&id, catalogue.today);
    let entry = entry.ok_or(WebError(casework::Error::NotFound))?;
    let through = pairs.iter().find(|(name, _)| name == "door");
    let door = door::named(&app, through.map_or("", |(_, id)| id.as_str()));
    let words = visitor.words.clone();
    let s = entry.service.clone();
    let owner = s.organization_id.as_deref();
    let owner = owner.and_then(|id| catalogue.directory.organization(id));
    let owner = owner.map(|o| o.name.clone()).unwrap_or_default();
    let postcodes = app.casework.postcodes();
    let codes = &catalogue.council.codes;
    let abroad = |location: &Location| {
        let code = location.postcode().and_then(|p| p.parse::<Postcode>().ok());
        let council = code
            .and_then(|c| postcodes.find(&c))
            .and_then(|f| f.council);
        !codes.is_empty() && council.is_some_and(|c| !codes.contains(&c))
    };
    let places = catalogue
        .directory
        .places(entry)
        .filter_map(|p| {
            let location = p.location?;
            let shown = location.location_type == LocationType::Physical;
            let times = p.at.schedules.iter();
            shown.then(|| Where {
                name: location.name.clone().unwrap_or_default(),
                lines: address_lines(location),
                access: location
                    .accessibility
                    .iter()
                    .filter_map(|a| a.description.clone())
                    .collect(),
                hidden: catalogue.directory.is_hidden(&location.id),
                over_the_border: abroad(location),
                when: times.filter_map(|t| time_words(t, &words)).collect(),
            })
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
    let title = words.of_door(&door, "title", &door.title).to_owned();
    let mut frame = words
        .frame(app.casework.name(), s.name.clone())
        .with_back(title, door.address.clone());
    let leaves = door::needs_exit(&door, &catalogue, std::iter::once(s.id.as_str()))
        || door::needs_exit(
            &door::named(&app, ""),
            &catalogue,
            std::iter::once(s.id.as_str()),
        );
    if leaves {
        frame = frame.with_exit(door::EXIT);
    }
    let here = format!("/services/{}?door={}", s.id, door.id);
    let tongues = words.tongues().into_iter().map(|t| {
        let href = format!("{here}&lang={}", t.code);
        (t, href)
    });
    let link = door::link(&app, &headers, &format!("/services/{}", s.id));
    let page = Page(OnePage {
        frame,
        tongues: tongues.collect(),
        others: door::others(&app, &door, &words),
        on_list: visitor.list.len(),
        council: catalogue.council.name.clone(),
        listed: visitor.has(&s.id),
        share: Share::of(link, &s.name),
        here,
        alert: match s.status {
            Status::Active => s.alert.clone().unwrap_or_default(),
            Status::TemporarilyClosed => words.say("one.closed").into(),
            Status::Inactive | Status::Defunct => words.say("one.gone").into(),
        },
        paragraphs: s
            .description
            .iter()
            .flat_map(|d| d.lines())
            .filter(|l| !l.trim().is_empty())
            .map(str::to_owned)
            .collect(),
        rows: rows(&s, &words),
        rings: rings(&s),
        places,
        categories,
        owner,
        checked: entry.upkeep.words(catalogue.today),
        asks: !matches!(s.status, Status::Inactive | Status::Defunct),
        doubtful: standing >= Standing::NotCheckedSince,
        service: s,
        w: words,
    });
    Ok(visitor.keep_language(page.into_response()))
}

/// The lines of a place's address, as anybody may read them.
pub(super) fn address_lines(location: &Location) -> Vec<String> {
    let Some(a) = location.addresses.first() else {
        return Vec::new();
    };
    let all = [
        Some(&a.address_1),
        a.address_2.as_ref(),
        Some(&a.city),
        Some(&a.postal_code),
    ];
    let told = all.into_iter().flatten().map(|l| l.trim().to_owned());
    told.filter(|l| !l.is_empty()).collect()
}

fn rows(s: &Service, words: &Words) -> Vec<(&'static str, String)> {
    let years = |key: &str, from: f64, to: f64| {
        let (from, to) = (from.to_string(), to.to_string());
        words.fill(key, &[("from", &from), ("to", &to)])
    };
    let ages = match (s.minimum_age, s.maximum_age) {
        (None, None) => String::new(),
        (None, Some(to)) => years("why.ages.to", 0.0, to),
        (Some(from), Some(to)) if to < 100.0 => years("why.ages.between", from, to),
        (Some(from), _) => years("why.ages.from", from, 0.0),
    };
    let languages: Vec<String> = s.languages.iter().filter_map(|l| l.name.clone()).collect();
    let areas: Vec<String> = s
        .service_areas
        .iter()
        .filter_map(|a| a.name.clone())
        .collect();
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        ("one.ages", ages),
        ("one.who", said(&s.eligibility_description)),
        ("one.when", when(s, words).join("; ")),
        (
            "one.cost",
            if s.is_free() {
                words.say("why.free").into()
            } else {
                said(&s.fees)
            },
        ),
        ("one.apply", said(&s.application_process)),
        ("one.wait", said(&s.wait_time)),
        ("one.languages", plain::list(&languages)),
        ("one.areas", plain::list(&areas)),
    ];
    all.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// The numbers to ring, each once.
pub(super) fn rings(s: &Service) -> Vec<Ring> {
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
pub(super) fn when(s: &Service, words: &Words) -> Vec<String> {
    s.schedules
        .iter()
        .filter_map(|schedule| time_words(schedule, words))
        .collect()
}

fn time_words(schedule: &Schedule, words: &Words) -> Option<String> {
    let days: Vec<&str> = schedule
        .byday
        .iter()
        .flat_map(|d| d.split(','))
        .filter_map(|d| {
            let letters = d
                .trim()
                .trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            let known = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            let at = known.iter().position(|k| *k == letters)?;
            Some(words.say(DAY_KEYS[at]))
        })
        .collect();
    let days = match words.is_english() {
        true => plain::list(&days),
        false => days.join(", "),
    };
    let time = |text: &Option<String>| {
        let read = text.as_deref().and_then(plain::read_time);
        read.map(|t| match words.is_english() {
            true => plain::time(t),
            false => t.format("%H:%M").to_string(),
        })
    };
    let (opens, closes) = (time(&schedule.opens_at), time(&schedule.closes_at));
    let gaps = [
        ("from", opens.as_deref().unwrap_or_default()),
        ("to", closes.as_deref().unwrap_or_default()),
    ];
    let hours = match (&opens, &closes) {
        (Some(_), Some(_)) => words.fill("time.between", &gaps),
        (Some(_), None) => words.fill("time.from", &gaps),
        (None, Some(_)) => words.fill("time.to", &gaps),
        (None, None) => String::new(),
    };
    let told: Vec<String> = [days, hours]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect();
    if told.is_empty() {
        return schedule.description.clone();
    }
    Some(told.join(", "))
}

//! Finding help: what is needed, where, for what age, when; results with why
//! they are there. The search stands in the address, so that it can be kept,
//! shared and gone back to; the postcode in it is only its sector.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use directory::model::TaxonomyTerm;
use directory::postcodes::{MILE, Postcodes};
use directory::search::{Catalogue, Found, Group, Hit, How, Near, Wanted};
use url::form_urlencoded::Serializer;
use vocabulary::{Postcode, plain};

use super::one::when;
use crate::app::{App, WebResult};
use crate::ui::{FieldError, Frame, Page};

/// Results on a page.
const ON_PAGE: usize = 20;
/// How far, in miles; the first is for any distance.
const DISTANCES: [(&str, &str); 6] = [
    ("", "Any distance"),
    ("1", "1 mile"),
    ("2", "2 miles"),
    ("5", "5 miles"),
    ("10", "10 miles"),
    ("20", "20 miles"),
];
const DAYS: [(&str, &str); 8] = [
    ("", "Any day"),
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
];
const WAYS: [(&str, &str, How); 3] = [
    ("place", "At a place", How::InPerson),
    ("online", "Online", How::Online),
    ("phone", "By telephone", How::Telephone),
];

/// The fields as they stand in the address.
#[derive(Debug, Clone, Default)]
struct Typed {
    q: String,
    near: String,
    within: String,
    age: String,
    day: String,
    free: bool,
    how: Vec<String>,
    terms: Vec<String>,
    language: String,
    access: bool,
    page: usize,
}

/// One choice of a list.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// A group of categories.
struct Heading {
    label: String,
    choices: Vec<Choice>,
}

/// One result as shown.
struct Result {
    path: String,
    name: String,
    owner: String,
    about: String,
    when: String,
    cost: String,
    closed: bool,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "services/find.html")]
struct FindPage {
    frame: Frame,
    typed: Typed,
    distances: Vec<Choice>,
    days: Vec<Choice>,
    ways: Vec<Choice>,
    headings: Vec<Heading>,
    asked: bool,
    narrowed: bool,
    summary: String,
    read_as: Vec<(String, String)>,
    loosened: bool,
    places: Vec<Result>,
    others: Vec<Result>,
    earlier: String,
    later: String,
}

impl Typed {
    fn read(pairs: &[(String, String)]) -> Typed {
        let short = |text: &str| text.trim().chars().take(120).collect::<String>();
        let one = |name: &str| {
            let found = pairs.iter().find(|(n, _)| n == name);
            found.map_or_else(String::new, |(_, v)| short(v))
        };
        let many = |name: &str| -> Vec<String> {
            let all = pairs
                .iter()
                .filter(|(n, v)| n == name && !v.trim().is_empty());
            all.map(|(_, v)| short(v)).take(40).collect()
        };
        Typed {
            q: one("q"),
            near: one("near"),
            within: one("within"),
            age: one("age"),
            day: one("day"),
            free: !one("free").is_empty(),
            how: many("how"),
            terms: many("category"),
            language: one("language"),
            access: !one("access").is_empty(),
            page: one("page").parse().unwrap_or(1).max(1),
        }
    }

    /// The address of this search, at a page of its results.
    fn address(&self, page: usize) -> String {
        let mut out = Serializer::new(String::new());
        let plain = [
            ("q", &self.q),
            ("near", &self.near),
            ("within", &self.within),
            ("age", &self.age),
            ("day", &self.day),
            ("language", &self.language),
        ];
        for (name, value) in plain.into_iter().filter(|(_, v)| !v.is_empty()) {
            out.append_pair(name, value);
        }
        for (name, yes) in [("free", self.free), ("access", self.access)] {
            if yes {
                out.append_pair(name, "yes");
            }
        }
        for how in &self.how {
            out.append_pair("how", how);
        }
        for term in &self.terms {
            out.append_pair("category", term);
        }
        if page > 1 {
            out.append_pair("page", &page.to_string());
        }
        match out.finish() {
            query if query.is_empty() => "/services".into(),
            query => format!("/services?{query}"),
        }
    }

    fn narrowed(&self) -> bool {
        !(self.day.is_empty() && self.language.is_empty() && self.terms.is_empty())
            || self.free
            || self.access
            || !self.how.is_empty()
    }

    fn asked(&self) -> bool {
        !(self.q.is_empty() && self.near.is_empty() && self.age.is_empty()) || self.narrowed()
    }

    /// What to look for, and what could not be read.
    fn wanted(&self, postcodes: &Postcodes) -> (Wanted, Vec<FieldError>) {
        let mut errors = Vec::new();
        let near = self.place(postcodes, &mut errors);
        let age: Option<f64> = match self.age.as_str() {
            "" => None,
            text => match text.parse() {
                Ok(age) if (0.0..=25.0).contains(&age) => Some(age),
                _ => {
                    let message = "Write the age in years, from 0 to 25";
                    errors.push(FieldError::new("age", message));
                    None
                }
            },
        };
        let how = WAYS
            .iter()
            .filter(|(id, ..)| self.how.iter().any(|h| h == id));
        let wanted = Wanted {
            text: self.q.clone(),
            terms: if self.terms.is_empty() {
                Vec::new()
            } else {
                vec![self.terms.clone()]
            },
            ages: age.map(|a| (a, a + 0.999)),
            free: self.free,
            days: self.day.parse::<u8>().map_or(0, |d| 1 << d.min(6)),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            access: if self.access {
                vec!["step-free".into()]
            } else {
                Vec::new()
            },
            how: how.map(|(_, _, how)| *how).collect(),
            near,
            ..Wanted::default()
        };
        (wanted, errors)
    }

    fn place(&self, postcodes: &Postcodes, errors: &mut Vec<FieldError>) -> Option<Near> {
        if self.near.is_empty() {
            return None;
        }
        let Some(found) = postcodes.find_area(&self.near) else {
            let message = "We do not know this postcode. Write it like LM4 7QT, or leave it empty";
            errors.push(FieldError::new("near", message));
            return None;
        };
        let miles: Option<f64> = self.within.parse().ok().filter(|m: &f64| m.is_finite());
        Some(Near {
            point: found.point,
            // A sector stands in the address: never more than "about".
            about: true,
            council: found.council,
            within: miles.map(|m| m * MILE),
            called: self.near.to_uppercase(),
        })
    }
}

/// A posted search becomes an address in which the postcode is its sector: a
/// full postcode in an address would stand in histories and logs.
pub(super) async fn near(Form(pairs): Form<Vec<(String, String)>>) -> Response {
    let mut typed = Typed::read(&pairs);
    if let Ok(code) = typed.near.parse::<Postcode>() {
        typed.near = code.sector().to_owned();
    }
    (StatusCode::SEE_OTHER, [(LOCATION, typed.address(1))]).into_response()
}

pub(super) async fn page(
    State(app): State<App>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let mut typed = Typed::read(&pairs);
    if let Ok(code) = typed.near.parse::<Postcode>() {
        typed.near = code.sector().to_owned();
        return Ok((
            StatusCode::SEE_OTHER,
            [(LOCATION, typed.address(typed.page))],
        )
            .into_response());
    }
    let catalogue = app.casework.catalogue().await?;
    let postcodes = app.casework.postcodes();
    let (wanted, errors) = typed.wanted(&postcodes);
    let asked = typed.asked() && errors.is_empty();
    let found = if asked {
        catalogue.find(&wanted)
    } else {
        Found::default()
    };
    let from = (typed.page - 1).saturating_mul(ON_PAGE);
    let shown: Vec<&Hit> = found.hits.iter().skip(from).take(ON_PAGE).collect();
    let results = |group: Group| -> Vec<Result> {
        let of = shown.iter().filter(|h| h.group == group);
        of.filter_map(|h| result(&catalogue, &wanted, &found, h))
            .collect()
    };
    let last = from + shown.len() >= found.hits.len();
    let address = |there: bool, page: usize| match there {
        true => typed.address(page),
        false => String::new(),
    };
    let bad = !errors.is_empty();
    let answer = Page(FindPage {
        frame: Frame::public(app.casework.name(), "Find help for your family").with_errors(errors),
        distances: choices(&DISTANCES, &typed.within),
        days: choices(&DAYS, &typed.day),
        ways: WAYS
            .iter()
            .map(|(value, label, _)| choice(value, label, typed.how.iter().any(|h| h == value)))
            .collect(),
        headings: headings(&catalogue, &typed.terms),
        asked,
        narrowed: typed.narrowed(),
        summary: match found.hits.len() {
            0 => "Nothing found".into(),
            n => format!("{} found", plain::count(n as i64, "service", "services")),
        },
        read_as: found.read_as.clone(),
        loosened: found.loosened,
        places: results(Group::Place),
        others: results(Group::NoPlace),
        earlier: address(typed.page > 1, typed.page - 1),
        later: address(!last, typed.page + 1),
        typed,
    });
    Ok(if bad {
        answer.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    } else {
        answer.into_response()
    })
}

fn result(catalogue: &Catalogue, wanted: &Wanted, found: &Found, hit: &Hit) -> Option<Result> {
    let entry = catalogue.entry(hit)?;
    let s = &entry.service;
    let owner = s.organization_id.as_deref();
    let owner = owner.and_then(|id| catalogue.directory.organization(id));
    let about: String = s
        .description
        .iter()
        .flat_map(|d| d.chars())
        .take(180)
        .collect();
    let cut = s
        .description
        .as_ref()
        .is_some_and(|d| d.chars().count() > 180);
    Some(Result {
        path: format!("/services/{}", s.id),
        name: s.name.clone(),
        owner: owner.map(|o| o.name.clone()).unwrap_or_default(),
        about: if cut {
            format!("{} …", about.trim_end())
        } else {
            about
        },
        when: when(s).into_iter().take(2).collect::<Vec<_>>().join("; "),
        cost: if s.is_free() {
            "Free".into()
        } else {
            s.fees.clone().unwrap_or_default()
        },
        closed: s.status != directory::model::Status::Active,
        why: catalogue.why(wanted, found, hit),
    })
}

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen,
    }
}

fn choices(all: &[(&str, &str)], now: &str) -> Vec<Choice> {
    let each = all.iter();
    each.map(|(value, label)| choice(value, label, *value == now))
        .collect()
}

/// The categories that anything public is tagged with, under their headings.
fn headings(catalogue: &Catalogue, chosen: &[String]) -> Vec<Heading> {
    let used: std::collections::BTreeSet<&str> = catalogue
        .directory
        .published(catalogue.today)
        .flat_map(|e| catalogue.directory.tags(&e.service))
        .map(|t| t.id.as_str())
        .collect();
    let named = |t: &&TaxonomyTerm| used.contains(t.id.as_str());
    let mut groups: std::collections::BTreeMap<String, Vec<Choice>> =
        std::collections::BTreeMap::new();
    for term in catalogue.directory.terms().filter(named) {
        let above = term
            .parent_id
            .as_deref()
            .and_then(|id| catalogue.directory.term(id));
        let heading = above.map_or_else(|| "Other".to_owned(), |t| t.name.clone());
        let is_chosen = chosen.contains(&term.id);
        groups
            .entry(heading)
            .or_default()
            .push(choice(&term.id, &term.name, is_chosen));
    }
    let mut headings: Vec<Heading> = groups
        .into_iter()
        .map(|(label, mut choices)| {
            choices.sort_by(|a, b| a.label.cmp(&b.label));
            Heading { label, choices }
        })
        .collect();
    headings.sort_by_key(|h| (h.label == "Other", h.label.clone()));
    headings
}

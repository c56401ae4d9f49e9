//! The eleven endpoints of Open Referral UK 3.0, answered from a
//! [`Catalogue`]. No web in here: a path and its parameters go in, an
//! [`Answer`] comes out, and the shell around it only writes it down.
//!
//! Source: openreferraluk.org/specifications/3.0 (March 2026). Beyond it we
//! serve the parameters of the 2024 UK profile (ages, day, times), `postcode`
//! and `proximity` on services too, and the HSDS fields families need.

mod openapi;
mod page;
mod params;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use openapi::document;
pub use params::{Bad, Format, Params};

use crate::model::{self, Organization, ServiceAtLocation, TaxonomyTerm};
use crate::postcodes::Postcodes;
use crate::search::{Catalogue, Near, Wanted};
use crate::store::{Entry, Place};

/// What an endpoint answers.
pub enum Answer<'a> {
    /// One JSON text.
    Json(Value),
    /// One JSON text a line, made as it is sent.
    Lines(Box<dyn Iterator<Item = Value> + Send + 'a>),
    /// 404: nothing has that id or path.
    NotFound,
    /// 400: a parameter could not be read.
    Bad(Bad),
}

/// Answers a request. `path` begins after the place where the API is mounted
/// ("/services/{id}"); `base` is the public address of that place, without a
/// slash at its end.
pub fn answer<'a>(
    catalogue: &'a Catalogue,
    postcodes: &Postcodes,
    base: &str,
    path: &str,
    query: &[(String, String)],
) -> Answer<'a> {
    let params = match Params::read(query) {
        Ok(params) => params,
        Err(bad) => return Answer::Bad(bad),
    };
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let done = match parts.as_slice() {
        [] => Ok(Answer::Json(json!({
            "version": model::VERSION,
            "profile": model::PROFILE,
            "openapi_url": format!("{base}/openapi.json"),
        }))),
        ["openapi.json"] => Ok(Answer::Json(document(base))),
        ["services"] => services(catalogue, postcodes, &params),
        ["services", id] => Ok(service(catalogue, id)),
        ["organizations"] => Ok(organizations(catalogue, &params)),
        ["organizations", id] => Ok(organization(catalogue, id, &params)),
        ["service_at_locations"] => places(catalogue, postcodes, &params),
        ["service_at_locations", id] => Ok(place(catalogue, id)),
        ["taxonomies"] => Ok(taxonomies(catalogue, &params)),
        ["taxonomies", id] => Ok(taxonomy(catalogue, id)),
        ["taxonomy_terms"] => Ok(terms(catalogue, &params)),
        ["taxonomy_terms", id] => Ok(match catalogue.directory.term(id) {
            Some(term) => Answer::Json(whole(term)),
            None => Answer::NotFound,
        }),
        _ => Ok(Answer::NotFound),
    };
    done.unwrap_or_else(Answer::Bad)
}

/// The model's own JSON. Its types hold nothing that JSON cannot.
fn whole<T: serde::Serialize>(thing: &T) -> Value {
    serde_json::to_value(thing).unwrap_or_default()
}

/// A list, as a page or as lines.
fn listed<'a>(params: &Params, items: Vec<Box<dyn FnOnce() -> Value + Send + 'a>>) -> Answer<'a> {
    match params.format {
        Format::Lines => Answer::Lines(Box::new(items.into_iter().map(|make| make()))),
        Format::Json => Answer::Json(page::envelope(params, items)),
    }
}

type Later<'a> = Box<dyn FnOnce() -> Value + Send + 'a>;

/// The services that hold all of the parameters, in a steady order.
fn wanted<'a>(
    catalogue: &'a Catalogue,
    postcodes: &Postcodes,
    params: &Params,
) -> Result<Vec<&'a Entry>, Bad> {
    let mut wanted = Wanted {
        text: params.search.clone().unwrap_or_default(),
        terms: params
            .taxonomy_term_id
            .iter()
            .map(|t| vec![t.clone()])
            .collect(),
        ages: params.ages(),
        days: params.day,
        from: params.start_time,
        to: params.end_time,
        organization: params.organization_id.clone(),
        near: None,
        ..Wanted::default()
    };
    let mut serves: Option<Option<String>> = None;
    if let Some(postcode) = &params.postcode {
        let found = postcodes
            .find(postcode)
            .ok_or_else(|| Bad::of("postcode", "We do not know where this postcode is."))?;
        match params.proximity {
            Some(metres) => {
                wanted.near = Some(Near {
                    point: found.point,
                    about: found.about,
                    council: found.council,
                    within: Some(metres),
                    called: postcode.outcode().to_owned(),
                });
            }
            // Alone, a postcode narrows by the area that a service is for.
            None => serves = Some(found.council),
        }
    }
    let found = catalogue.index.find(&wanted);
    // With all its words: the forgiving half of the search is for people.
    let mut ids: Vec<&str> = if found.loosened {
        Vec::new()
    } else {
        found.hits.iter().map(|h| catalogue.id(h)).collect()
    };
    if params.proximity.is_some() {
        ids = found
            .hits
            .iter()
            .filter(|h| h.metres.is_some())
            .map(|h| catalogue.id(h))
            .collect();
    }
    let chosen: BTreeSet<&str> = ids.into_iter().collect();
    let in_taxonomy = |entry: &Entry| {
        params.taxonomy_id.as_ref().is_none_or(|id| {
            let mut tags = catalogue.directory.tags(&entry.service);
            tags.any(|t| t.taxonomy_id.as_ref() == Some(id))
        })
    };
    let since = |entry: &Entry| {
        params.modified_after.is_none_or(|after| {
            let at = entry.service.last_modified.as_deref();
            let at = at.and_then(|t| chrono::DateTime::parse_from_rfc3339(t).ok());
            at.is_some_and(|at| at.to_utc() >= after)
        })
    };
    let covers = |entry: &Entry| match &serves {
        None => true,
        Some(council) => catalogue
            .index
            .serves(&entry.service.id, council.as_deref())
            .unwrap_or(true),
    };
    Ok(catalogue
        .directory
        .published(catalogue.today)
        .filter(|e| chosen.contains(e.service.id.as_str()))
        .filter(|e| in_taxonomy(e) && since(e) && covers(e))
        .collect())
}

fn services<'a>(
    catalogue: &'a Catalogue,
    postcodes: &Postcodes,
    params: &Params,
) -> Result<Answer<'a>, Bad> {
    let entries = wanted(catalogue, postcodes, params)?;
    let (minimal, full) = (params.minimal, params.full);
    let make = |entry: &'a Entry| -> Later<'a> {
        Box::new(move || {
            if minimal {
                minimal_of(entry)
            } else if full {
                whole(&catalogue.directory.nested(entry))
            } else {
                whole(&brief(catalogue, entry))
            }
        })
    };
    Ok(listed(params, entries.into_iter().map(make).collect()))
}

/// Only the id and the day of the last change. The specification calls the
/// latter "modified_date" in its words and `last_modified` in its schema:
/// both stand here.
fn minimal_of(entry: &Entry) -> Value {
    let mut short = json!({ "id": entry.service.id });
    if let (Some(at), Some(short)) = (&entry.service.last_modified, short.as_object_mut()) {
        short.insert("last_modified".into(), json!(at));
        short.insert("modified_date".into(), json!(at));
    }
    short
}

/// A service as lists show it: its one-to-one fields and its organisation in
/// short.
fn brief(catalogue: &Catalogue, entry: &Entry) -> model::Service {
    let owner = entry.service.organization_id.as_deref();
    model::Service {
        organization: owner
            .and_then(|id| catalogue.directory.organization(id))
            .map(|o| Box::new(o.brief())),
        ..entry.service.brief()
    }
}

fn service<'a>(catalogue: &'a Catalogue, id: &str) -> Answer<'a> {
    match catalogue.directory.public(id, catalogue.today) {
        Some(entry) => Answer::Json(whole(&catalogue.directory.nested(entry))),
        None => Answer::NotFound,
    }
}

fn organization_public(catalogue: &Catalogue, organization: &Organization) -> bool {
    let id = Some(organization.id.as_str());
    let mut own = catalogue
        .directory
        .entries()
        .filter(|e| e.service.organization_id.as_deref() == id)
        .peekable();
    // One whose every service is held back stays unseen with them.
    own.peek().is_none()
        || own.any(|e| {
            catalogue
                .directory
                .public(&e.service.id, catalogue.today)
                .is_some()
        })
}

fn organizations<'a>(catalogue: &'a Catalogue, params: &Params) -> Answer<'a> {
    let (full, with_services) = (params.full, params.full_service);
    let mut hidden: BTreeSet<&str> = BTreeSet::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in catalogue.directory.entries() {
        let Some(owner) = entry.service.organization_id.as_deref() else {
            continue;
        };
        match catalogue
            .directory
            .public(&entry.service.id, catalogue.today)
        {
            Some(_) => seen.insert(owner),
            None => hidden.insert(owner),
        };
    }
    let items = catalogue
        .directory
        .organizations()
        .filter(|o| seen.contains(o.id.as_str()) || !hidden.contains(o.id.as_str()))
        .filter(|o| params.says(&[&o.name, &o.description]))
        .map(|o| -> Later<'a> {
            Box::new(move || organization_as(catalogue, o, full, with_services))
        });
    listed(params, items.collect())
}

fn organization_as(catalogue: &Catalogue, o: &Organization, full: bool, services: bool) -> Value {
    let mut shown = if full || services {
        catalogue.directory.organization_with_terms(o)
    } else {
        o.brief()
    };
    if services {
        let own = catalogue.directory.published(catalogue.today);
        shown.services = own
            .filter(|e| e.service.organization_id.as_deref() == Some(o.id.as_str()))
            .map(|e| model::Service {
                organization: None,
                ..catalogue.directory.nested(e)
            })
            .collect();
    }
    whole(&shown)
}

fn organization<'a>(catalogue: &'a Catalogue, id: &str, params: &Params) -> Answer<'a> {
    match catalogue.directory.organization(id) {
        Some(o) if organization_public(catalogue, o) => {
            Answer::Json(organization_as(catalogue, o, true, params.full_service))
        }
        _ => Answer::NotFound,
    }
}

fn places<'a>(
    catalogue: &'a Catalogue,
    postcodes: &Postcodes,
    params: &Params,
) -> Result<Answer<'a>, Bad> {
    let entries = wanted(catalogue, postcodes, params)?;
    let within = match (&params.postcode, params.proximity) {
        (Some(postcode), Some(metres)) => postcodes.find(postcode).map(|f| (f.point, metres)),
        _ => None,
    };
    let full = params.full;
    let mut items: Vec<Later<'a>> = Vec::new();
    for entry in entries {
        for place in catalogue.directory.places(entry) {
            let id = place.at.location_id.as_deref();
            let near = within.is_none_or(|(point, metres)| {
                id.is_some_and(|id| {
                    catalogue
                        .index
                        .is_within(&entry.service.id, id, point, metres)
                })
            });
            if near {
                items.push(Box::new(move || place_as(catalogue, &place, full)));
            }
        }
    }
    Ok(listed(params, items))
}

fn place_as(catalogue: &Catalogue, place: &Place<'_>, full: bool) -> Value {
    let at = place.at;
    let service = model::Service {
        service_at_locations: Vec::new(),
        ..if full {
            catalogue.directory.nested(place.entry)
        } else {
            brief(catalogue, place.entry)
        }
    };
    let shown = if full {
        ServiceAtLocation {
            location: place
                .location
                .map(|l| catalogue.directory.location_with_terms(l)),
            service: Some(Box::new(service)),
            ..at.clone()
        }
    } else {
        ServiceAtLocation {
            id: at.id.clone(),
            service_id: at.service_id.clone(),
            location_id: at.location_id.clone(),
            description: at.description.clone(),
            location: place.location.map(model::Location::brief),
            service: Some(Box::new(service)),
            ..ServiceAtLocation::default()
        }
    };
    whole(&shown)
}

fn place<'a>(catalogue: &'a Catalogue, id: &str) -> Answer<'a> {
    for entry in catalogue.directory.published(catalogue.today) {
        for place in catalogue.directory.places(entry) {
            if place.at.id == id {
                let mut shown = place_as(catalogue, &place, true);
                // The 2024 profile checks this answer against the schema of a
                // service: with these two it passes both editions.
                if let Some(fields) = shown.as_object_mut() {
                    fields.insert("name".into(), json!(entry.service.name));
                    fields.insert("status".into(), whole(&entry.service.status));
                }
                return Answer::Json(shown);
            }
        }
    }
    Answer::NotFound
}

fn taxonomies<'a>(catalogue: &'a Catalogue, params: &Params) -> Answer<'a> {
    let items = catalogue
        .directory
        .taxonomies()
        .filter(|t| params.says(&[&t.name, &t.description]))
        .map(|t| -> Later<'a> { Box::new(move || whole(t)) });
    listed(params, items.collect())
}

fn taxonomy<'a>(catalogue: &'a Catalogue, id: &str) -> Answer<'a> {
    let Some(found) = catalogue.directory.taxonomy(id) else {
        return Answer::NotFound;
    };
    let mut shown = found.clone();
    shown.taxonomy_terms = catalogue
        .directory
        .terms()
        .filter(|t| t.taxonomy_id.as_deref() == Some(id))
        .cloned()
        .collect();
    Answer::Json(whole(&shown))
}

fn terms<'a>(catalogue: &'a Catalogue, params: &Params) -> Answer<'a> {
    let fits = |t: &TaxonomyTerm| {
        let taxonomy = params.taxonomy_id.as_ref();
        taxonomy.is_none_or(|id| t.taxonomy_id.as_ref() == Some(id))
            && params
                .parent_id
                .as_ref()
                .is_none_or(|id| t.parent_id.as_ref() == Some(id))
            && (!params.top_only || t.parent_id.is_none())
            && params.says(&[&t.name, &t.description])
    };
    let items = catalogue
        .directory
        .terms()
        .filter(|t| fits(t))
        .map(|t| -> Later<'a> { Box::new(move || whole(t)) });
    listed(params, items.collect())
}

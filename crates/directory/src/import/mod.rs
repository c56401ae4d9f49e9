//! Reads other people's directories: Open Referral UK 3.0 and 1.0 feeds and
//! spreadsheets. Good records are kept beside bad ones: a record that cannot
//! be read is rejected alone, with its place and its reason; one that can be
//! mended is mended, with a note for its owner.

mod csv;
mod json;
mod older;
mod same;

use std::io::Read;

use serde::Serialize;

pub use self::csv::read as csv;
pub use same::{Alike, alike, like};

use crate::clean::{self, Note, Notes};
use crate::model::Service;

/// What an import brought.
#[derive(Debug, Default)]
pub struct Imported {
    /// The good records, with what was mended.
    pub services: Vec<Taken>,
    /// The bad ones.
    pub rejects: Vec<Reject>,
    /// How many pages the feed says it has, when this was one page of it.
    pub pages: Option<u64>,
}

/// A record that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The service, clean and with ids that are UUIDs.
    pub service: Service,
    /// What was wrong with it.
    pub notes: Vec<Note>,
}

/// A record that was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The line of the file (CSV, ndjson) or the number of the record, from 1.
    pub at: usize,
    /// Its id or name, if it has one.
    pub what: String,
    /// What is wrong.
    pub reason: String,
}

/// Nothing could be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file or the connection failed.
    #[error("the feed could not be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is no JSON.
    #[error("this is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON, and no list of services.
    #[error(
        "this is no Open Referral feed: it has neither \"contents\" (3.0) nor \"content\" (1.0), and is no list of services"
    )]
    Shape,
    /// It is no table.
    #[error("{0}")]
    Table(String),
}

/// Reads a feed: a page of 3.0 or 1.0, a plain list, one service, or ndjson.
/// `source` is the feed's address: ids that are no UUIDs are made from it, the
/// same each time.
///
/// # Errors
/// Only when nothing can be read. A bad record is a [`Reject`].
pub fn feed(mut input: impl Read, source: &str) -> Result<Imported, Problem> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    json::read(&bytes, source)
}

/// Takes a record, or says why not.
fn take(mut service: Service, source: &str) -> Result<Taken, String> {
    if service.name.trim().is_empty() {
        return Err("It has no name.".into());
    }
    if service.id.trim().is_empty() {
        return Err("It has no id.".into());
    }
    ids(&mut service, source);
    let mut notes = Notes::default();
    clean::service(&mut service, &mut notes);
    Ok(Taken {
        service,
        notes: notes.0,
    })
}

/// Gives everything in a record an id that is a UUID, the same each time.
fn ids(service: &mut Service, source: &str) {
    let old = service.id.clone();
    service.id = clean::id(source, "service", &old);
    if let Some(owner) = &mut service.organization {
        let own = if owner.id.trim().is_empty() {
            owner.name.clone()
        } else {
            owner.id.clone()
        };
        owner.id = clean::id(source, "organization", &own);
        if let Some(parent) = &mut owner.parent_organization_id {
            *parent = clean::id(source, "organization", parent);
        }
        service.organization_id = Some(owner.id.clone());
        for (number, identifier) in owner.organization_identifiers.iter_mut().enumerate() {
            part(&mut identifier.id, source, &old, "identifier", number);
            identifier.organization_id = None;
        }
    } else if let Some(owner) = &mut service.organization_id {
        *owner = clean::id(source, "organization", owner);
    }
    for (number, schedule) in service.schedules.iter_mut().enumerate() {
        part(&mut schedule.id, source, &old, "schedule", number);
        schedule.service_id = Some(service.id.clone());
        schedule.service_at_location_id = None;
    }
    for (number, area) in service.service_areas.iter_mut().enumerate() {
        part(&mut area.id, source, &old, "area", number);
        area.service_id = Some(service.id.clone());
    }
    for (number, language) in service.languages.iter_mut().enumerate() {
        part(&mut language.id, source, &old, "language", number);
        language.service_id = Some(service.id.clone());
    }
    for (number, cost) in service.cost_options.iter_mut().enumerate() {
        part(&mut cost.id, source, &old, "cost", number);
        cost.service_id = Some(service.id.clone());
    }
    for (number, funding) in service.funding.iter_mut().enumerate() {
        part(&mut funding.id, source, &old, "funding", number);
        funding.service_id = Some(service.id.clone());
    }
    for (number, phone) in service.phones.iter_mut().enumerate() {
        part(&mut phone.id, source, &old, "phone", number);
    }
    for (number, contact) in service.contacts.iter_mut().enumerate() {
        part(&mut contact.id, source, &old, "contact", number);
        contact.service_id = Some(service.id.clone());
        for (inner, phone) in contact.phones.iter_mut().enumerate() {
            part(
                &mut phone.id,
                source,
                &old,
                "contact-phone",
                number * 100 + inner,
            );
        }
    }
    tags(&mut service.attributes, source, &old, &service.id);
    for (number, at) in service.service_at_locations.iter_mut().enumerate() {
        part(&mut at.id, source, &old, "at", number);
        at.service_id = Some(service.id.clone());
        tags(&mut at.attributes, source, &old, &at.id);
        for (inner, schedule) in at.schedules.iter_mut().enumerate() {
            part(
                &mut schedule.id,
                source,
                &old,
                "at-schedule",
                number * 100 + inner,
            );
            schedule.service_at_location_id = Some(at.id.clone());
            schedule.service_id = None;
        }
        for (inner, phone) in at.phones.iter_mut().enumerate() {
            part(
                &mut phone.id,
                source,
                &old,
                "at-phone",
                number * 100 + inner,
            );
        }
        let Some(location) = &mut at.location else {
            at.location_id = at
                .location_id
                .as_deref()
                .map(|l| clean::id(source, "location", l));
            continue;
        };
        if location.id.trim().is_empty() {
            location.id = format!("{old}-{number}");
        }
        location.id = clean::id(source, "location", &location.id);
        at.location_id = Some(location.id.clone());
        let place = location.id.clone();
        tags(&mut location.attributes, source, &place, &place);
        for (inner, address) in location.addresses.iter_mut().enumerate() {
            part(&mut address.id, source, &place, "address", inner);
            address.location_id = Some(place.clone());
        }
        for (inner, feature) in location.accessibility.iter_mut().enumerate() {
            part(&mut feature.id, source, &place, "accessibility", inner);
            feature.location_id = Some(place.clone());
        }
    }
}

/// An id of a part: its own, or one made from what it is part of.
fn part(id: &mut String, source: &str, whole: &str, kind: &str, number: usize) {
    let own = if id.trim().is_empty() {
        format!("{whole}/{number}")
    } else {
        id.clone()
    };
    *id = clean::id(source, kind, &own);
}

fn tags(tags: &mut [crate::model::Attribute], source: &str, whole: &str, link: &str) {
    for (number, tag) in tags.iter_mut().enumerate() {
        part(&mut tag.id, source, whole, "attribute", number);
        tag.link_id = Some(link.to_owned());
        if let Some(term) = &mut tag.taxonomy_term {
            let own = if term.id.trim().is_empty() {
                term.name.clone()
            } else {
                term.id.clone()
            };
            term.id = clean::id(source, "term", &own);
            for other in [&mut term.parent_id, &mut term.taxonomy_id]
                .into_iter()
                .flatten()
            {
                *other = clean::id(source, "term", other);
            }
            tag.taxonomy_term_id = Some(term.id.clone());
        } else if let Some(term) = &mut tag.taxonomy_term_id {
            *term = clean::id(source, "term", term);
        }
    }
}

//! A record as the words of a form: what its owner and its editor read, change
//! and compare. Each field is one text, so that a difference is two texts, and
//! a change that touches one field leaves every other part as it was.

mod apply;
mod lines;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use apply::{Fault, apply};
pub use lines::times_words;

use crate::model::{Location, Organization, Service, Status};
use crate::store::{Directory, Entry};

/// The fields of a service, in the order in which people read them.
pub const FIELDS: [&str; 21] = [
    "name",
    "description",
    "status",
    "alert",
    "categories",
    "ages_from",
    "ages_to",
    "who",
    "areas",
    "languages",
    "times",
    "how",
    "cost",
    "apply",
    "wait",
    "phones",
    "contacts",
    "email",
    "url",
    "show_from",
    "take_down",
];

/// The fields of each of its places.
pub const PLACE_FIELDS: [&str; 8] = [
    "place",
    "address_1",
    "address_2",
    "town",
    "postcode",
    "secret",
    "access",
    "place_times",
];

/// What tells where a secret place is.
const TELLS_WHERE: [&str; 4] = ["place", "address_1", "address_2", "postcode"];

/// A place as it is kept: with its exact address, and whether that is secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceKept {
    /// The place.
    pub location: Location,
    /// Its exact address is not published.
    pub hidden: bool,
}

/// A service with its places, whole: one version of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The service.
    pub service: Service,
    /// Its places, by id.
    #[serde(default)]
    pub places: BTreeMap<String, PlaceKept>,
    /// Who gives it, when the directory does not know them yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Organization>,
    /// Not to be seen before this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_from: Option<NaiveDate>,
    /// Not to be seen after this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_down: Option<NaiveDate>,
}

/// A field of a service, or of the place with this id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The place; none for a field of the service itself.
    pub place: Option<String>,
    /// The field: one of [`FIELDS`] or [`PLACE_FIELDS`].
    pub name: &'static str,
}

/// What differs between two versions, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub key: Key,
    /// As it was; empty if there was nothing.
    pub old: String,
    /// As it is after; empty if it was taken out.
    pub new: String,
    /// It differs, and neither text may be shown.
    pub secret: bool,
}

impl Snapshot {
    /// A service of a directory as it is now, with the exact address of its
    /// places.
    pub fn of(directory: &Directory, entry: &Entry) -> Snapshot {
        let at = entry.service.service_at_locations.iter();
        let places = at.filter_map(|at| {
            let id = at.location_id.as_deref()?;
            let kept = PlaceKept {
                location: directory.exact_location(id)?.clone(),
                hidden: directory.is_hidden(id),
            };
            Some((id.to_owned(), kept))
        });
        Snapshot {
            service: entry.service.clone(),
            places: places.collect(),
            owner: None,
            show_from: entry.upkeep.visible_from,
            take_down: entry.upkeep.visible_to,
        }
    }

    /// The ids of its places, in order; each once.
    pub fn place_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for at in &self.service.service_at_locations {
            if let Some(id) = &at.location_id
                && self.places.contains_key(id)
                && !ids.contains(id)
            {
                ids.push(id.clone());
            }
        }
        // The version of a place alone names no service.
        if self.service.id.is_empty() {
            ids.extend(self.places.keys().cloned());
        }
        ids
    }

    /// Every field with its text, also the empty ones. The exact address of a
    /// secret place is in it: [`Snapshot::shown`] is for anybody else than its
    /// owner.
    pub fn texts(&self) -> Vec<(Key, String)> {
        let own = FIELDS.iter().map(|name| {
            let key = Key { place: None, name };
            let text = self.text(&key);
            (key, text)
        });
        let places = self.place_ids().into_iter().flat_map(|id| {
            PLACE_FIELDS.iter().map(move |name| Key {
                place: Some(id.clone()),
                name,
            })
        });
        let places = places.map(|key| {
            let text = self.text(&key);
            (key, text)
        });
        own.chain(places).collect()
    }

    /// The same without what tells where a secret place is.
    pub fn shown(&self) -> Vec<(Key, String)> {
        let mut all = self.texts();
        all.retain(|(key, _)| !self.is_secret(key));
        all
    }

    /// Whether a field tells where a secret place is.
    pub fn is_secret(&self, key: &Key) -> bool {
        TELLS_WHERE.contains(&key.name)
            && key
                .place
                .as_ref()
                .and_then(|id| self.places.get(id))
                .is_some_and(|p| p.hidden)
    }

    /// The text of a field; empty if there is none.
    pub fn text(&self, key: &Key) -> String {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let Some(id) = &key.place else {
            return self.own_text(key.name);
        };
        let Some(kept) = self.places.get(id) else {
            return String::new();
        };
        let place = &kept.location;
        let address = place.addresses.first();
        let line =
            |part: fn(&crate::model::Address) -> String| address.map(part).unwrap_or_default();
        match key.name {
            "place" => said(&place.name),
            "address_1" => line(|a| a.address_1.clone()),
            "address_2" => line(|a| a.address_2.clone().unwrap_or_default()),
            "town" => line(|a| a.city.clone()),
            "postcode" => line(|a| a.postal_code.clone()),
            "secret" => if kept.hidden { "yes" } else { "no" }.into(),
            "access" => {
                let told = place.accessibility.iter();
                joined(told.filter_map(|a| a.description.clone()))
            }
            "place_times" => {
                let all = self.service.service_at_locations.iter();
                let at = all.filter(|at| at.location_id.as_ref() == Some(id));
                joined(at.flat_map(|at| at.schedules.iter().filter_map(times_words)))
            }
            _ => String::new(),
        }
    }

    fn own_text(&self, name: &str) -> String {
        let s = &self.service;
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let age = |years: Option<f64>| years.map(|y| y.to_string()).unwrap_or_default();
        let day = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        match name {
            "name" => s.name.clone(),
            "description" => said(&s.description),
            "status" => status_word(s.status).into(),
            "alert" => said(&s.alert),
            "categories" => {
                let terms = s.attributes.iter();
                joined(terms.filter_map(|t| t.taxonomy_term_id.clone()))
            }
            "ages_from" => age(s.minimum_age),
            "ages_to" => age(s.maximum_age),
            "who" => said(&s.eligibility_description),
            "areas" => joined(s.service_areas.iter().filter_map(|a| a.name.clone())),
            "languages" => joined(s.languages.iter().filter_map(|l| l.name.clone())),
            "times" => joined(s.schedules.iter().filter_map(times_words)),
            "how" => lines::how_codes(s),
            "cost" => lines::cost_words(s),
            "apply" => said(&s.application_process),
            "wait" => said(&s.wait_time),
            "phones" => joined(s.phones.iter().map(lines::phone_words)),
            "contacts" => joined(s.contacts.iter().map(lines::contact_words)),
            "email" => said(&s.email),
            "url" => said(&s.url),
            "show_from" => day(self.show_from),
            "take_down" => day(self.take_down),
            _ => String::new(),
        }
    }
}

/// What differs, in the order of the form. Where a place is secret in either,
/// it is said that its address differs and not how.
pub fn differences(before: &Snapshot, after: &Snapshot) -> Vec<Difference> {
    let mut keys: Vec<Key> = after.texts().into_iter().map(|(key, _)| key).collect();
    for (key, _) in before.texts() {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let differing = keys.into_iter().filter_map(|key| {
        let (old, new) = (before.text(&key), after.text(&key));
        if old == new {
            return None;
        }
        let secret = before.is_secret(&key) || after.is_secret(&key);
        let show = |text: String| if secret { String::new() } else { text };
        Some(Difference {
            old: show(old),
            new: show(new),
            key,
            secret,
        })
    });
    differing.collect()
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// The standard's own word for a status.
fn status_word(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Inactive => "inactive",
        Status::Defunct => "defunct",
        Status::TemporarilyClosed => "temporarily closed",
    }
}

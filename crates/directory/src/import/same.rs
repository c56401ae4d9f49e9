//! The same service twice: once from the council's own list and once from a
//! charity's feed. Pairs are shown to an editor with their reasons; nothing is
//! joined by itself. The same is asked before a new service is added.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use url::Url;
use vocabulary::names::name_key;

use crate::fields::Snapshot;
use crate::model::Service;
use crate::store::{Directory, Entry};

/// Two records that may be one service.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alike {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
    /// 0 to 1.
    pub score: f64,
    /// Why.
    pub why: Vec<String>,
}

/// From this score on a pair is worth a look.
const WORTH: f64 = 0.6;

/// Words that every second name has.
const COMMON: [&str; 12] = [
    "the",
    "and",
    "service",
    "services",
    "group",
    "club",
    "centre",
    "community",
    "family",
    "children",
    "ltd",
    "cic",
];

struct Facts<'a> {
    id: &'a str,
    name: BTreeSet<String>,
    postcodes: BTreeSet<String>,
    phones: BTreeSet<String>,
    hosts: BTreeSet<String>,
    emails: BTreeSet<String>,
}

/// Pairs of records that may be one service, the likeliest first. Records are
/// compared only when they share a postcode, a telephone, a page or an email
/// address, so that a large directory is done in a moment.
pub fn alike(directory: &Directory) -> Vec<Alike> {
    let facts: Vec<Facts<'_>> = directory.entries().map(|e| facts(directory, e)).collect();
    let mut shared: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, f) in facts.iter().enumerate() {
        let keys = [
            ("p", &f.postcodes),
            ("t", &f.phones),
            ("h", &f.hosts),
            ("e", &f.emails),
        ];
        for (kind, values) in keys {
            for value in values {
                shared
                    .entry(format!("{kind}{value}"))
                    .or_default()
                    .push(number);
            }
        }
    }
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    // A key that hundreds share (a council's switchboard) tells nothing.
    for group in shared.values().filter(|g| g.len() <= 40) {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                pairs.insert((*one, *other));
            }
        }
    }
    let mut found: Vec<Alike> = pairs
        .into_iter()
        .filter_map(|(a, b)| compare(&facts[a], &facts[b]))
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.one.cmp(&b.one)));
    found
}

/// Entries that may be the service that somebody is about to add, the likeliest
/// first. Here the same name alone is worth a look, and so is the same giver.
pub fn like(directory: &Directory, new: &Snapshot) -> Vec<Alike> {
    let places = new.places.values();
    let codes = places.filter_map(|p| p.location.postcode().map(str::to_owned));
    let mine = facts_of(&new.service, codes);
    let mut found: Vec<Alike> = directory
        .entries()
        .filter(|e| e.service.id != new.service.id)
        .filter_map(|e| {
            let giver = e.service.organization_id.as_deref();
            let same_giver = giver.is_some() && giver == new.service.organization_id.as_deref();
            let (mut pair, names) = score(&mine, &facts(directory, e));
            if same_giver {
                pair.score += 0.2;
                pair.why.push("The same organisation gives it".to_owned());
            }
            (names >= 0.99 || (pair.score >= WORTH && names >= 0.3)).then_some(pair)
        })
        .collect();
    found.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        by_score.then_with(|| a.other.cmp(&b.other))
    });
    found
}

fn facts<'a>(directory: &Directory, entry: &'a Entry) -> Facts<'a> {
    let place = |l: &str| {
        directory
            .exact_location(l)
            .and_then(|l| l.postcode().map(str::to_owned))
    };
    let at = entry.service.service_at_locations.iter();
    let codes = at.filter_map(|at| at.location_id.as_deref().and_then(place));
    facts_of(&entry.service, codes)
}

fn facts_of(s: &Service, postcodes: impl Iterator<Item = String>) -> Facts<'_> {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let contacts = s.contacts.iter().flat_map(|c| c.phones.iter());
    Facts {
        id: &s.id,
        name: name_key(&s.name)
            .split_whitespace()
            .filter(|w| !COMMON.contains(w))
            .map(str::to_owned)
            .collect(),
        postcodes: postcodes.map(|p| p.to_uppercase()).collect(),
        phones: s
            .phones
            .iter()
            .chain(contacts)
            .map(|p| digits(&p.number))
            .filter(|d| d.len() >= 9)
            .collect(),
        hosts: s
            .url
            .iter()
            .filter_map(|u| Url::parse(u).ok())
            .map(|u| {
                format!(
                    "{}{}",
                    u.host_str().unwrap_or_default().trim_start_matches("www."),
                    u.path().trim_end_matches('/')
                )
            })
            .collect(),
        emails: s.email.iter().map(|e| e.to_lowercase()).collect(),
    }
}

fn compare(a: &Facts<'_>, b: &Facts<'_>) -> Option<Alike> {
    let (pair, names) = score(a, b);
    (pair.score >= WORTH && names >= 0.3).then_some(pair)
}

/// How far two agree and why, and how far their names do.
fn score(a: &Facts<'_>, b: &Facts<'_>) -> (Alike, f64) {
    let both = a.name.intersection(&b.name).count() as f64;
    let all = a.name.union(&b.name).count().max(1) as f64;
    let names = both / all;
    let mut why = Vec::new();
    let mut score = 0.5 * names;
    if names >= 0.99 {
        why.push("The names are the same".to_owned());
    } else if names >= 0.5 {
        why.push("The names share most of their words".to_owned());
    }
    let mut agree = |one: &BTreeSet<String>, other: &BTreeSet<String>, worth: f64, words: &str| {
        if one.intersection(other).next().is_some() {
            score += worth;
            why.push(words.to_owned());
        }
    };
    agree(&a.postcodes, &b.postcodes, 0.2, "The postcode is the same");
    agree(&a.phones, &b.phones, 0.25, "The telephone is the same");
    agree(&a.hosts, &b.hosts, 0.25, "The web page is the same");
    agree(&a.emails, &b.emails, 0.2, "The email address is the same");
    let pair = Alike {
        one: a.id.to_owned(),
        other: b.id.to_owned(),
        score: score.min(1.0),
        why,
    };
    (pair, names)
}

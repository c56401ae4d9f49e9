//! The index: each public service as the few facts that filters ask for, and
//! its words.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::facts::{Doc, Spot, doc_of};
use super::text::{Gather, Words};
use super::{Council, Synonyms};
use crate::postcodes::{Fixed, Point, Postcodes};
use crate::store::{Directory, Entry};

/// How much the words of each part of a record tell of what it is.
const NAME: f32 = 6.0;
const OTHER_NAME: f32 = 5.0;
const CATEGORY: f32 = 4.0;
const OWNER: f32 = 2.0;
const TOWN: f32 = 1.5;
const DESCRIPTION: f32 = 1.0;

/// The public services, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    /// By name, and by id where two have the same.
    pub(super) docs: Vec<Doc>,
    /// The places of all services, one service after another: a search that
    /// measures them all reads them in one go.
    spots: Vec<Spot>,
    pub(super) words: Words,
    pub(super) terms: HashMap<String, u32>,
    /// The place of each service in `docs`, by id.
    by_id: HashMap<String, usize>,
    pub(super) council: Council,
}

impl Index {
    /// Indexes what is public on a day.
    pub fn of(
        directory: &Directory,
        postcodes: &Postcodes,
        synonyms: Synonyms,
        council: &Council,
        today: NaiveDate,
    ) -> Index {
        let mut terms: HashMap<String, u32> = HashMap::new();
        for term in directory.terms() {
            let next = terms.len() as u32;
            terms.entry(term.id.clone()).or_insert(next);
        }
        let mut above: HashMap<u32, Vec<u32>> = HashMap::new();
        for (id, top) in &terms {
            for under in directory.terms_under(id) {
                if let Some(under) = terms.get(&under) {
                    above.entry(*under).or_default().push(*top);
                }
            }
        }
        let mut gather = Gather::new(synonyms);
        let mut docs = Vec::new();
        let mut spots = Vec::new();
        // By name: what nothing else sets apart stands in order already.
        let mut entries: Vec<&Entry> = directory.published(today).collect();
        entries.sort_by_cached_key(|e| (e.service.name.to_lowercase(), e.service.id.clone()));
        for entry in entries {
            words_of(directory, entry, &mut gather);
            gather.next();
            let (mut doc, own) = doc_of(directory, postcodes, council, entry, today);
            doc.spots = spots.len()..spots.len() + own.len();
            spots.extend(own);
            let own = directory.tags(&entry.service);
            doc.terms = own
                .filter_map(|t| terms.get(&t.id))
                .flat_map(|t| above.get(t).cloned().unwrap_or_default())
                .collect();
            doc.terms.sort_unstable();
            doc.terms.dedup();
            docs.push(doc);
        }
        let by_id = docs.iter().enumerate();
        let by_id = by_id.map(|(at, doc)| (doc.id.clone(), at)).collect();
        Index {
            by_id,
            docs,
            spots,
            words: gather.done(),
            terms,
            council: council.clone(),
        }
    }

    /// Whether a service is for a council, if it says for which places it is.
    pub fn serves(&self, id: &str, council: Option<&str>) -> Option<bool> {
        let doc = &self.docs[*self.by_id.get(id)?];
        // Of another council's people only its code tells.
        let is_home = council.is_none_or(|code| self.council.codes.iter().any(|c| c == code));
        doc.areas
            .hold(council.map(str::to_lowercase).as_deref(), is_home)
    }

    /// The words of a search that the directory knows, as they were typed: of
    /// the others some are names, and none finds anything.
    pub fn known_words(&self, typed: &str) -> String {
        self.words.known(typed)
    }

    /// Whether a service is tagged with one of these terms, or with one under
    /// them.
    pub fn is_under(&self, id: &str, terms: &[String]) -> bool {
        let Some(at) = self.by_id.get(id) else {
            return false;
        };
        let mut numbers = terms.iter().filter_map(|t| self.terms.get(t));
        numbers.any(|t| self.docs[*at].terms.binary_search(t).is_ok())
    }

    /// The place of a service that lies nearest to what was asked for, as a
    /// point that may be drawn; nothing for a hidden place, which stands on no
    /// map.
    pub fn drawn(&self, directory: &Directory, hit: &super::Hit) -> Option<Point> {
        let spots = self.spots(&self.docs[hit.doc as usize]);
        let shown = |s: &&Spot| !directory.is_hidden(&s.location);
        match hit.spot {
            Some(at) => spots.get(at as usize).filter(shown),
            None => spots.iter().find(shown),
        }
        .map(|s| s.place.point)
    }

    /// How many public services have a place within so many metres of a point.
    pub fn count_near(&self, ids: &[&str], point: Point, metres: f64) -> usize {
        let docs = ids.iter().filter_map(|id| self.by_id.get(*id));
        let from = Fixed::at(point);
        docs.filter(|at| {
            let mut spots = self.spots(&self.docs[**at]).iter();
            spots.any(|s| s.place.metres_to(&from) <= metres)
        })
        .count()
    }

    /// Whether a service's place lies within so many metres of a point.
    pub fn is_within(&self, id: &str, location: &str, point: Point, metres: f64) -> bool {
        self.by_id.get(id).is_some_and(|at| {
            let mut spots = self.spots(&self.docs[*at]).iter();
            let from = Fixed::at(point);
            spots.any(|s| s.location == location && s.place.metres_to(&from) <= metres)
        })
    }

    /// The id of the service that a result is.
    pub fn id(&self, hit: &super::Hit) -> &str {
        &self.docs[hit.doc as usize].id
    }

    /// The place of a service that is the nearest to what was asked for.
    pub fn nearest(&self, hit: &super::Hit) -> Option<&str> {
        let spots = self.spots(&self.docs[hit.doc as usize]);
        hit.spot.map(|at| spots[at as usize].location.as_str())
    }

    /// The known places of a service.
    pub(super) fn spots(&self, doc: &Doc) -> &[Spot] {
        &self.spots[doc.spots.clone()]
    }

    /// How many services it holds.
    pub fn len(&self) -> usize {
        self.docs.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }
}

fn words_of(directory: &Directory, entry: &Entry, gather: &mut Gather) {
    let s = &entry.service;
    let mut maybe = |text: &Option<String>, weight: f32| {
        if let Some(text) = text {
            gather.text(text, weight);
        }
    };
    maybe(&s.alternate_name, OTHER_NAME);
    maybe(&s.description, DESCRIPTION);
    maybe(&s.eligibility_description, DESCRIPTION);
    maybe(&s.application_process, DESCRIPTION / 2.0);
    gather.text(&s.name, NAME);
    for term in directory.tags(s) {
        gather.text(&term.name, CATEGORY);
    }
    let owner = s.organization_id.as_deref();
    if let Some(owner) = owner.and_then(|id| directory.organization(id)) {
        gather.text(&owner.name, OWNER);
    }
    for place in directory.places(entry) {
        let Some(location) = place.location else {
            continue;
        };
        if let Some(name) = &location.name {
            gather.text(name, TOWN);
        }
        for address in &location.addresses {
            gather.text(&address.city, TOWN);
        }
    }
    for language in &s.languages {
        if let Some(name) = &language.name {
            gather.text(name, DESCRIPTION);
        }
    }
}

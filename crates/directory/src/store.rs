//! A whole directory in memory: what the store outside keeps as rows, put
//! together so that it can be published and searched.
//!
//! A record comes in nested, as feeds write it, and is taken apart: the
//! organisation, the places and the terms are kept once and joined again when
//! they are shown. What is hidden is hidden here, once, so that no projection
//! can forget it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::assurance::{Rules, Standing, Upkeep};
use crate::model::{
    Attribute, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};

/// A place of a service: the two joined.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The service.
    pub entry: &'a Entry,
    /// The service at that place.
    pub at: &'a ServiceAtLocation,
    /// The place, masked when its address must not be known.
    pub location: Option<&'a Location>,
}

/// A service with what the directory knows about its upkeep.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The service; its organisation, places and terms stand elsewhere.
    pub service: Service,
    /// When it was checked and edited, by whom, and when it may be seen.
    pub upkeep: Upkeep,
}

/// Services, organisations, places and taxonomies.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    rules: Arc<Rules>,
    entries: BTreeMap<String, Entry>,
    organizations: BTreeMap<String, Organization>,
    locations: BTreeMap<String, Location>,
    /// The same places as anybody may see them.
    masked: BTreeMap<String, Location>,
    taxonomies: BTreeMap<String, Taxonomy>,
    terms: BTreeMap<String, TaxonomyTerm>,
    /// The terms under each term, itself included.
    under: BTreeMap<String, BTreeSet<String>>,
}

impl Directory {
    /// An empty directory.
    pub fn new() -> Directory {
        Directory::default()
    }

    /// Tells the rules by which records are trusted.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = Arc::new(rules);
        for entry in self.entries.values_mut() {
            entry.upkeep.rules = self.rules.clone();
        }
    }

    /// Adds or replaces an organisation.
    pub fn put_organization(&mut self, mut organization: Organization) {
        let services = std::mem::take(&mut organization.services);
        self.keep_terms(&mut organization.attributes);
        let id = organization.id.clone();
        self.organizations.insert(id.clone(), organization);
        for mut service in services {
            service.organization_id.get_or_insert_with(|| id.clone());
            self.put_service(service, Upkeep::default());
        }
    }

    /// Adds or replaces a place. A hidden one never shows its exact address.
    pub fn put_location(&mut self, mut location: Location, hidden: bool) {
        self.keep_terms(&mut location.attributes);
        if hidden {
            self.masked.insert(location.id.clone(), location.masked());
        } else {
            self.masked.remove(&location.id);
        }
        self.locations.insert(location.id.clone(), location);
    }

    /// Adds or replaces a taxonomy with its terms.
    pub fn put_taxonomy(&mut self, mut taxonomy: Taxonomy) {
        for mut term in std::mem::take(&mut taxonomy.taxonomy_terms) {
            term.taxonomy_id.get_or_insert_with(|| taxonomy.id.clone());
            term.taxonomy.get_or_insert_with(|| taxonomy.name.clone());
            self.put_term(term);
        }
        self.taxonomies.insert(taxonomy.id.clone(), taxonomy);
    }

    /// Adds or replaces a term.
    pub fn put_term(&mut self, term: TaxonomyTerm) {
        self.terms.insert(term.id.clone(), term);
        self.under.clear();
    }

    /// Adds or replaces a service: what is nested in it is kept once. A place
    /// that is known already stays as it is, hidden or not.
    pub fn put_service(&mut self, mut service: Service, mut upkeep: Upkeep) {
        if let Some(organization) = service.organization.take() {
            service.organization_id = Some(organization.id.clone());
            // A service carries its organisation in short: never lose the long one.
            if !self.organizations.contains_key(&organization.id) {
                self.put_organization(*organization);
            }
        }
        self.keep_terms(&mut service.attributes);
        for at in &mut service.service_at_locations {
            at.service_id = Some(service.id.clone());
            at.service = None;
            if let Some(location) = at.location.take() {
                at.location_id = Some(location.id.clone());
                if !self.locations.contains_key(&location.id) {
                    self.put_location(location, false);
                }
            }
        }
        for index in 0..service.service_at_locations.len() {
            let mut tags = std::mem::take(&mut service.service_at_locations[index].attributes);
            self.keep_terms(&mut tags);
            service.service_at_locations[index].attributes = tags;
        }
        if let Some(day) = upkeep.checked_on {
            service.assured_date = Some(day.to_string());
        }
        upkeep.rules = self.rules.clone();
        self.entries
            .insert(service.id.clone(), Entry { service, upkeep });
    }

    /// Removes a service.
    pub fn remove_service(&mut self, id: &str) {
        self.entries.remove(id);
    }

    fn keep_terms(&mut self, tags: &mut [Attribute]) {
        for tag in tags {
            let Some(term) = tag.taxonomy_term.take() else {
                continue;
            };
            tag.taxonomy_term_id = Some(term.id.clone());
            if !self.terms.contains_key(&term.id) {
                self.put_term(term);
            }
        }
    }

    /// Works out which terms stand under which. Call it after the last change,
    /// before the directory is asked.
    pub fn settle(&mut self) {
        let mut under: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for id in self.terms.keys() {
            let mut seen = BTreeSet::new();
            let mut at = Some(id.clone());
            // A feed may hold a circle of parents: each is walked once.
            while let Some(here) = at {
                if !seen.insert(here.clone()) {
                    break;
                }
                under.entry(here.clone()).or_default().insert(id.clone());
                at = self.terms.get(&here).and_then(|t| t.parent_id.clone());
            }
        }
        self.under = under;
        self.find_cycles();
    }

    /// A record that names no cycle has that of its categories.
    fn find_cycles(&mut self) {
        let rules = self.rules.clone();
        let mut found = Vec::new();
        for entry in self.entries.values().filter(|e| e.upkeep.cycle.is_empty()) {
            let names = self.tags(&entry.service).map(|t| t.name.as_str());
            if let Some(cycle) = rules.cycle_for(names) {
                found.push((entry.service.id.clone(), cycle.id.clone()));
            }
        }
        for (id, cycle) in found {
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.upkeep.cycle = cycle;
            }
        }
    }

    /// A service, whether or not it may be seen.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// A service that anybody may see on this day.
    pub fn public(&self, id: &str, today: NaiveDate) -> Option<&Entry> {
        self.entry(id).filter(|e| is_public(e, today))
    }

    /// Every service, seen or not.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The services that anybody may see on this day.
    pub fn published(&self, today: NaiveDate) -> impl Iterator<Item = &Entry> {
        self.entries().filter(move |e| is_public(e, today))
    }

    /// The places of a service, masked where they must be.
    pub fn places<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = Place<'a>> {
        let at = entry.service.service_at_locations.iter();
        at.map(move |at| Place {
            entry,
            at,
            location: at.location_id.as_deref().and_then(|id| self.location(id)),
        })
    }

    /// A place as anybody may see it.
    pub fn location(&self, id: &str) -> Option<&Location> {
        self.masked.get(id).or_else(|| self.locations.get(id))
    }

    /// The exact place is not published.
    pub fn is_hidden(&self, location: &str) -> bool {
        self.masked.contains_key(location)
    }

    /// A place as its keepers see it, with its exact address.
    pub fn exact_location(&self, id: &str) -> Option<&Location> {
        self.locations.get(id)
    }

    /// An organisation.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.get(id)
    }

    /// Every organisation.
    pub fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.organizations.values()
    }

    /// A taxonomy, without its terms.
    pub fn taxonomy(&self, id: &str) -> Option<&Taxonomy> {
        self.taxonomies.get(id)
    }

    /// Every taxonomy, without its terms.
    pub fn taxonomies(&self) -> impl Iterator<Item = &Taxonomy> {
        self.taxonomies.values()
    }

    /// A term.
    pub fn term(&self, id: &str) -> Option<&TaxonomyTerm> {
        self.terms.get(id)
    }

    /// Every term.
    pub fn terms(&self) -> impl Iterator<Item = &TaxonomyTerm> {
        self.terms.values()
    }

    /// A term and all that stand under it.
    pub fn terms_under(&self, id: &str) -> BTreeSet<String> {
        match self.under.get(id) {
            Some(found) => found.clone(),
            None => BTreeSet::from([id.to_owned()]),
        }
    }

    /// The terms that a service is tagged with, its places' included.
    pub fn tags<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a TaxonomyTerm> {
        let places = service.service_at_locations.iter();
        service
            .attributes
            .iter()
            .chain(places.flat_map(|p| p.attributes.iter()))
            .filter_map(|tag| tag.taxonomy_term_id.as_deref())
            .filter_map(|id| self.term(id))
    }

    /// A service with its organisation, places and terms nested again.
    pub fn nested(&self, entry: &Entry) -> Service {
        let mut service = entry.service.clone();
        service.organization = service
            .organization_id
            .as_deref()
            .and_then(|id| self.organization(id))
            .map(|o| Box::new(self.organization_with_terms(o)));
        for at in &mut service.service_at_locations {
            at.location = at
                .location_id
                .as_deref()
                .and_then(|id| self.location(id))
                .map(|l| self.location_with_terms(l));
            self.fill_terms(&mut at.attributes);
        }
        self.fill_terms(&mut service.attributes);
        service
    }

    /// An organisation with its terms nested again.
    pub fn organization_with_terms(&self, organization: &Organization) -> Organization {
        let mut whole = organization.clone();
        self.fill_terms(&mut whole.attributes);
        whole
    }

    /// A place with its terms nested again.
    pub fn location_with_terms(&self, location: &Location) -> Location {
        let mut whole = location.clone();
        self.fill_terms(&mut whole.attributes);
        whole
    }

    fn fill_terms(&self, tags: &mut [Attribute]) {
        for tag in tags {
            tag.taxonomy_term = tag
                .taxonomy_term_id
                .as_deref()
                .and_then(|id| self.term(id))
                .cloned();
        }
    }
}

fn is_public(entry: &Entry, today: NaiveDate) -> bool {
    entry.upkeep.standing(today) != Standing::Unpublished
}

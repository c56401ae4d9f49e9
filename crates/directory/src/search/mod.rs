//! Search that forgives and explains. It is asked in a person's words and
//! with what they can tell (a place, an age, a day); it answers with an order
//! and, for each result, why it is there.
//!
//! What other directories get wrong is refused here by construction: a
//! service without a place is still found; one just over the border is found
//! and says so; one that is not tagged never appears under a category.

mod access;
mod ask;
mod because;
mod docs;
mod facts;
mod needs;
mod private;
mod text;
mod why;
mod words;

use chrono::NaiveDate;

pub use access::{NEEDS, Need};
pub use because::{Because, DAY_KEYS, PATTERNS, english, miles};
pub use docs::Index;
pub(crate) use facts::days;
pub use needs::NeedWords;
pub use private::{Scrubbed, scrub};
pub use words::{Synonyms, minutes};

use crate::assurance::Standing;
use crate::postcodes::Point;

/// The council whose directory this is.
#[derive(Debug, Clone, Default)]
pub struct Council {
    /// "Larkmere".
    pub name: String,
    /// Its ONS codes: usually one.
    pub codes: Vec<String>,
}

/// How a service is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// At a place.
    InPerson,
    /// On a screen.
    Online,
    /// On the telephone.
    Telephone,
}

impl How {
    pub(crate) fn bit(self) -> u8 {
        match self {
            How::InPerson => 1,
            How::Online => 2,
            How::Telephone => 4,
        }
    }

    /// In words for a result.
    pub fn words(self) -> &'static str {
        match self {
            How::InPerson => "in person",
            How::Online => "online",
            How::Telephone => "on the telephone",
        }
    }
}

/// From where to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The point.
    pub point: Point,
    /// It is only the middle of an area.
    pub about: bool,
    /// The ONS code of the council there, if known.
    pub council: Option<String>,
    /// How far, in metres; `None` for any distance.
    pub within: Option<f64>,
    /// What the person called it: an outward code, never a full postcode.
    pub called: String,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The best match first; without words, the nearest; without a place, by
    /// name.
    #[default]
    Best,
    /// The nearest first.
    Nearest,
    /// By name.
    Name,
}

/// What somebody looks for. Everything that is set must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Their words.
    pub text: String,
    /// Terms: of each inner list, one is enough; all lists must hold. A term
    /// stands for all under it.
    pub terms: Vec<Vec<String>>,
    /// The ages it must be for, in years: a service fits when its ages
    /// overlap these.
    pub ages: Option<(f64, f64)>,
    /// It costs nothing.
    pub free: bool,
    /// The days it must be open on: any of these, Monday is bit 0.
    pub days: u8,
    /// Open at some time at or after this many minutes past midnight ...
    pub from: Option<u16>,
    /// ... and at or before this.
    pub to: Option<u16>,
    /// A language that is spoken: "Urdu", "ur".
    pub language: Option<String>,
    /// Access needs that one and the same place must meet: ids of [`NEEDS`], or
    /// words such as "hearing loop".
    pub access: Vec<String>,
    /// How it is met: any of these.
    pub how: Vec<How>,
    /// Of this organisation.
    pub organization: Option<String>,
    /// The front door through which it is asked for.
    pub scope: Option<Scope>,
    /// Near a place.
    pub near: Option<Near>,
    /// In which order.
    pub order: Order,
}

/// What a front door shows at all. A service that says nothing of these does
/// not leak in: it must be tagged, and must say its ages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Terms, of which one is enough; without any every service passes. A
    /// door that names categories which nobody uses shows nothing.
    pub terms: Option<Vec<String>>,
    /// Ages in years that it must be for.
    pub ages: Option<(f64, f64)>,
}

/// Where a result stands in relation to the place that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// It is at a place.
    Place,
    /// It has no place: it comes to people, or is online or on the telephone.
    NoPlace,
}

/// One result. Which service it is, [`Catalogue::entry`] tells.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// How well it fits; only the order means something.
    pub score: f32,
    /// Where it stands.
    pub group: Group,
    /// Metres to its nearest place, when a place was asked for.
    pub metres: Option<f64>,
    /// The nearest place lies in another council.
    pub over_the_border: bool,
    /// How far it can be trusted.
    pub standing: Standing,
    pub(crate) doc: u32,
    pub(crate) spot: Option<u32>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// All results, in order.
    pub hits: Vec<Hit>,
    /// Words that were read otherwise: ("swiming", "swimming").
    pub read_as: Vec<(String, String)>,
    /// Nothing held all the words: these hold some.
    pub loosened: bool,
    pub(crate) units: Vec<text::Unit>,
}

/// The directory as it is on a day, ready to be asked.
#[derive(Debug)]
pub struct Catalogue {
    /// What is in it.
    pub directory: crate::Directory,
    /// The search over it.
    pub index: Index,
    /// The council it is of.
    pub council: Council,
    /// The day.
    pub today: NaiveDate,
    /// The terms that public services are tagged with.
    used: std::collections::BTreeSet<String>,
    languages: Vec<String>,
}

impl Catalogue {
    /// Settles a directory and indexes what is public on this day.
    pub fn new(
        mut directory: crate::Directory,
        postcodes: &crate::postcodes::Postcodes,
        synonyms: Synonyms,
        council: Council,
        today: NaiveDate,
    ) -> Catalogue {
        directory.settle();
        let index = Index::of(&directory, postcodes, synonyms, &council, today);
        let tagged = directory.published(today);
        let tags = tagged.flat_map(|e| directory.tags(&e.service));
        let used = tags.map(|t| t.id.clone()).collect();
        let spoken = directory.published(today);
        let named = spoken.flat_map(|e| e.service.languages.iter());
        let names: std::collections::BTreeSet<String> = named
            .filter_map(|l| l.name.as_deref())
            .map(|n| n.trim().to_owned())
            .filter(|n| !n.is_empty())
            .collect();
        Catalogue {
            used,
            languages: names.into_iter().collect(),
            directory,
            index,
            council,
            today,
        }
    }

    /// Finds.
    pub fn find(&self, wanted: &Wanted) -> Found {
        self.index.find(wanted)
    }

    /// The id of the service that a result is.
    pub fn id(&self, hit: &Hit) -> &str {
        self.index.id(hit)
    }

    /// The service that a result is.
    pub fn entry(&self, hit: &Hit) -> Option<&crate::store::Entry> {
        self.directory.entry(self.id(hit))
    }

    /// Why a result is there, in short English sentences for its reader.
    pub fn why(&self, wanted: &Wanted, found: &Found, hit: &Hit) -> Vec<String> {
        let reasons = self.because(wanted, found, hit);
        reasons.iter().map(Because::english).collect()
    }

    /// Why a result is there, as facts.
    pub fn because(&self, wanted: &Wanted, found: &Found, hit: &Hit) -> Vec<Because> {
        self.index.because(&self.directory, wanted, found, hit)
    }

    /// The terms whose names hold one of these, whatever the capitals: how a
    /// front door names its categories without knowing anybody's identifiers.
    pub fn terms_named(&self, names: &[String]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
        let terms = self.directory.terms().filter(|t| {
            let own = t.name.to_lowercase();
            names.iter().any(|n| own.contains(n))
        });
        terms.map(|t| t.id.clone()).collect()
    }

    /// Whether a service is tagged with one of these terms, or with one under
    /// them.
    pub fn is_under(&self, service: &str, terms: &[String]) -> bool {
        self.index.is_under(service, terms)
    }

    /// The languages that public services say they speak, by name, sorted.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// The terms that public services are tagged with.
    pub fn used_terms(&self) -> impl Iterator<Item = &crate::model::TaxonomyTerm> {
        self.used.iter().filter_map(|id| self.directory.term(id))
    }
}

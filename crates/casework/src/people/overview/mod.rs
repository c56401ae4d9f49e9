//! The front page of a child or an adult: what goes well above what worries
//! us (R001-34), when they were last seen, who works with them, what runs,
//! what happened last. At most six statements beside the header.

mod facts;
mod work;

use record::model::Person;
use record::{Asked, Guarded, Viewer};
use vocabulary::{Id, ids};

use facts::{fact, gaps, moves, other_name, place, way_to_reach};

use super::network::{self, Works};
use super::profile::ProfileView;
use super::related::Related;
use crate::clocks::ClockView;
use crate::header::ChildHeader;
use crate::{Casework, Error, Listed, Result, time};

/// Everything on the front page of a person.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The person.
    pub person: Guarded<Person>,
    /// The header of the page.
    pub header: ChildHeader,
    /// What goes well, in the words of the record (R001-34).
    pub going_well: Option<Said>,
    /// What we are worried about.
    pub worried: Option<Said>,
    /// The page that the child wrote about itself.
    pub profile: Option<ProfileView>,
    /// Who works with them.
    pub network: Vec<Works>,
    /// Involvements that everybody would expect and that nobody recorded:
    /// "Health visitor: not recorded" (R000-37).
    pub gaps: Vec<String>,
    /// Family and others who matter.
    pub related: Listed<Related>,
    /// Clocks that run, the nearest first.
    pub clocks: Vec<ClockView>,
    /// Open steps, plans and the next meeting.
    pub work: Vec<Work>,
    /// The last five entries of the story.
    pub latest: Vec<Entry>,
    /// Addresses, the present ones first.
    pub addresses: Vec<Place>,
    /// Telephone numbers and e-mail addresses.
    pub reach: Vec<WayToReach>,
    /// Other names, with their kind in words.
    pub names: Vec<(String, String)>,
    /// School.
    pub school: Option<String>,
    /// "3 addresses in 12 months", where that is so (R004-05).
    pub moves: Option<String>,
    /// Records that may be about the same person and that wait for an answer.
    pub duplicates: i64,
    /// Records of the same person that were joined with this one.
    pub joined: Vec<crate::same::Joined>,
    /// The viewer may change what is recorded.
    pub may_edit: bool,
}

/// What someone sees who may only know that the person is known and who works
/// with them (R001-25).
#[derive(Debug, Clone)]
pub struct IndexCard {
    /// Who.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// Age and date of birth in words.
    pub born: String,
    /// Where the work with them stands, for those who may know it (R001-08).
    pub status: Option<String>,
    /// Who works with them.
    pub network: Vec<Works>,
    /// The viewer may start early help from here.
    pub may_start_early_help: bool,
    /// The viewer may open the record in an emergency, with a reason.
    pub may_break_glass: bool,
}

/// The front page of a person, as far as the viewer may see it.
#[derive(Debug, Clone)]
pub enum Front {
    /// The whole page.
    Whole(Box<Overview>),
    /// Only who they are and who works with them.
    Index(IndexCard),
}

/// A text of the record with where it comes from.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub words: String,
    /// "From the assessment begun on 4 March 2026"; empty for the profile.
    pub source: String,
}

/// A piece of work that is open.
#[derive(Debug, Clone)]
pub struct Work {
    /// step, plan or meeting.
    pub kind: String,
    /// "Child and family assessment".
    pub title: String,
    /// "since 4 March 2026", "Tuesday 24 November at 2pm".
    pub when: String,
    /// Its page.
    pub path: String,
}

/// One line of the story.
#[derive(Debug, Clone)]
pub struct Entry {
    /// "Visit", "Note", "Decision", "Chronology".
    pub kind: String,
    /// When it happened, in words.
    pub when: String,
    /// Who.
    pub who: String,
    /// The beginning of the words.
    pub words: String,
}

/// An address as it may be shown.
#[derive(Debug, Clone)]
pub struct Place {
    /// Which.
    pub id: Id<ids::Address>,
    /// "Home", "Temporary home".
    pub kind: String,
    /// The lines as one; empty when protected and not open to the viewer.
    pub lines: String,
    /// "since 4 March 2026", "4 March 2020 to 1 May 2026".
    pub when: String,
    /// It is a place that someone must not learn.
    pub protected: bool,
    /// Letters must not go there, and why.
    pub unsafe_reason: Option<String>,
    /// They live there now.
    pub current: bool,
}

/// A way to reach someone.
#[derive(Debug, Clone)]
pub struct WayToReach {
    /// phone or email.
    pub kind: String,
    /// The number or address.
    pub value: String,
    /// Safe to use.
    pub safe: bool,
    /// When and how.
    pub note: Option<String>,
}

impl Casework {
    /// The front page, whole or as far as the index goes.
    pub async fn front(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Front> {
        let page = "people.overview";
        let read = Asked::to_read(page);
        let person = self
            .gate()
            .person_at_best(viewer, id, &[read, Asked::index(page)])
            .await?
            .ok_or(Error::NotFound)?;
        if self.gate().allows(viewer, &person, read) {
            let whole = self.overview_of(viewer, person).await?;
            return Ok(Front::Whole(Box::new(whole)));
        }
        let summary = Asked {
            section: access::Section::Summary,
            ..Asked::index(page)
        };
        let knows = self.gate().allows(viewer, &person, summary);
        let network = network::of_people(self.store().read_db(), &[id]).await?;
        let born = person.birth_date().map_or_else(
            || "Date of birth not known".to_owned(),
            |b| format!("{}, born {}", b.words_on(time::today()), b.date_words()),
        );
        Ok(Front::Index(IndexCard {
            id,
            name: person.name(),
            status: person
                .status
                .as_deref()
                .filter(|_| knows)
                .map(crate::header::status_words),
            may_start_early_help: viewer.can("case.record")
                && person.kind != record::model::PersonKind::Adult,
            born,
            network: network.into_values().flatten().collect(),
            may_break_glass: viewer.can("access.break_glass"),
        }))
    }

    /// The front page of a child or an adult.
    pub async fn overview(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Overview> {
        let person = self
            .gate()
            .person(viewer, id, Asked::to_read("people.overview"))
            .await?
            .ok_or(Error::NotFound)?;
        self.overview_of(viewer, person).await
    }

    async fn overview_of(&self, viewer: &Viewer, person: Guarded<Person>) -> Result<Overview> {
        let (page, id) = ("people.overview", person.id);
        let header = self.header(&person).await?;
        let db = self.store().read_db();
        let network = network::of_people(db, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default();
        let facts = self.facts_of(viewer, &person, page).await?;
        let related = self.related(viewer, &person).await?;
        let doings = self.doings_of(viewer, &person, page).await?;
        let said = self.said_of(&person).await?;
        let gaps = gaps(&person, &network, &related);
        let joined = self.joined_with(&person).await?;
        let reach = self.form("reach")?;
        Ok(Overview {
            gaps,
            joined,
            profile: said.profile,
            network,
            related,
            clocks: doings.clocks,
            work: doings.work,
            going_well: said.going_well,
            worried: said.worried,
            latest: doings.latest,
            moves: moves(&facts, viewer.today),
            addresses: facts.iter().filter_map(place).collect(),
            reach: facts
                .iter()
                .filter_map(|f| way_to_reach(f, reach))
                .collect(),
            names: facts.iter().filter_map(other_name).collect(),
            school: fact(&facts, "school").and_then(|f| f.one.clone()),
            duplicates: facts.iter().filter(|f| f.what == "duplicate").count() as i64,
            may_edit: viewer.can("case.record") || viewer.can("people.create"),
            header,
            person,
        })
    }
}

/// The kind of an address in people's words.
pub fn address_kind(kind: &str) -> &'static str {
    match kind {
        "home" => "Home",
        "placement" => "Home in care",
        "temporary" => "Temporary home",
        "correspondence" => "Address for letters",
        "other_parent" => "Other parent’s home",
        _ => "Address",
    }
}

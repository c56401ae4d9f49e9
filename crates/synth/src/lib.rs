//! The invented council: an imaginary borough from a fixed seed.
//!
//! [`Borough::generate`] makes Larkmere: wards, schools, teams, workers, and
//! thousands of families with a history each, all invented, always the same for
//! the same seed and hour. It is plain data in the order of time; [`load`] brings
//! it into a record.
//! Figures that the sources name (see `tests/register.rs`) come out exactly.
#![forbid(unsafe_code)]

mod build;
mod dice;
mod happening;
pub mod load;
mod model;
mod name_lists;
mod names;
mod places;
mod plan;
mod posts;
mod prose;
mod recipe;
mod search;
mod special;
mod staff;
mod story;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use happening::*;
pub use model::*;
pub use places::{Centre, LOCALITIES, Organisation, Profile, School, Ward};
pub use search::Misspelt;
pub use special::STORIES;
pub use staff::{Team, Worker};

use dice::Dice;

/// The seed of the demonstration.
pub const SEED: u64 = 332_000;

/// How large a borough to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Size {
    /// About 400 children, with all the named stories: for tests.
    Small,
    /// 12,000 children known, 2,500 of them open: the demonstration.
    Full,
    /// The same with 20,000 children known: for measuring.
    Large,
    /// A county of more than twice as much: 26,000 children known and over
    /// 5,000 of them open, for measuring returns.
    County,
}

/// The whole borough.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Borough {
    /// How large it is.
    pub size: Size,
    /// The hour it was made for, in London time; nothing but plans lies after it.
    pub now: NaiveDateTime,
    /// Figures of the area.
    pub profile: Profile,
    /// Twenty wards.
    pub wards: Vec<Ward>,
    /// Schools and nurseries.
    pub schools: Vec<School>,
    /// Partner organisations.
    pub organisations: Vec<Organisation>,
    /// Four family centres.
    pub centres: Vec<Centre>,
    /// Teams, the five locality teams among them.
    pub teams: Vec<Team>,
    /// Everybody who signs in.
    pub workers: Vec<Worker>,
    /// Families, those with a waiting contact first, then the open, then the closed.
    pub families: Vec<Family>,
    /// 200 misspelt queries with the right child (UX02).
    pub misspelt: Vec<Misspelt>,
}

impl Borough {
    /// Makes the borough as it stands at `now` (London time). The same size,
    /// seed and `now` give the same borough, byte for byte.
    pub fn generate(size: Size, seed: u64, now: NaiveDateTime) -> Borough {
        let today = now.date();
        let mut dice = Dice::new(seed, 0);
        let wards = places::wards();
        let schools = places::schools(&mut dice);
        let (teams, workers) = staff::hire(size, today, &mut dice);
        let slots = plan::slots(size, &workers, &mut dice);
        let managers: BTreeMap<_, _> = teams.iter().map(|t| (t.id, t.manager.clone())).collect();
        let mut land = build::Land::new(now, wards, schools, managers);
        let mut families = Vec::with_capacity(slots.len());
        for (i, slot) in slots.iter().enumerate() {
            families.push(family(seed, i as u64 + 1, slot, &mut land));
        }
        special::urgent_now(size, &mut families);
        let misspelt = search::queries(&families, 200, &mut dice);
        Borough {
            size,
            now,
            profile: places::profile(),
            wards: land.wards,
            schools: land.schools,
            organisations: places::organisations(),
            centres: places::centres(),
            teams,
            workers,
            families,
            misspelt,
        }
    }

    /// The family with this named story; see [`STORIES`].
    pub fn story(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|f| f.story == Some(name))
    }

    /// A worker by username.
    pub fn worker(&self, username: &str) -> Option<&Worker> {
        self.workers.iter().find(|w| w.username == username)
    }

    /// SHA-256 over the whole borough, to see that two are the same.
    ///
    /// # Errors
    /// When the borough cannot be written as JSON.
    pub fn digest(&self) -> Result<String, serde_json::Error> {
        Ok(hex::encode(Sha256::digest(serde_json::to_vec(self)?)))
    }
}

/// One family: its recipe, its people, its story.
fn family(seed: u64, no: u64, slot: &plan::Slot, land: &mut build::Land) -> Family {
    let mut dice = Dice::new(seed, no);
    let today = land.today();
    let named = slot
        .story
        .and_then(|s| special::recipe(s, today, &mut dice));
    let mut recipe = match named {
        Some(recipe) => recipe,
        None => recipe::random(slot, &land.languages, today, &mut dice),
    };
    let (theme, began) = (recipe.theme, recipe.began);
    let built = build::build(slot, &mut recipe, land, &mut dice);
    let (timeline, involvements) = story::tell(slot, &built, theme, began, land, dice);
    let name = built.people[0].family.clone();
    Family {
        no: no as u32,
        name,
        story: slot.story,
        standing: slot.standing,
        team: Some(slot.team).filter(|t| !t.is_empty()),
        worker: slot.worker.clone(),
        in_court: slot.in_court,
        people: built.people,
        relationships: built.relationships,
        addresses: built.addresses,
        involvements,
        timeline,
    }
}

//! The live record as the sector's standard safeguarding dataset, for what is
//! made from all of it: returns, inspection lists, an analyst's own tables.
//!
//! It is read, never kept: a handful of statements over whole tables, with no
//! question per child, and the answers of forms by the facts that the pack
//! declares. So there is no copy that could be stale, and nothing to rebuild.
//! It shows nobody's record to anybody: who calls it writes the look first and
//! decides who may have what is made of it.
//!
//! Field names follow ssd-data-model (data-to-insight, commit 4987c73).

mod episodes;
mod facts;
mod read;
mod rows;

use std::collections::HashMap;

use chrono::NaiveDate;
use vocabulary::{Id, ids};

pub use episodes::{Conference, Enquiry, Episode, episodes};
pub use rows::{Child, Closure, Known, Looked, OnProtection, Planned, StepRow};

/// What the record holds, as at a day, of everybody whom a step of social care
/// was ever about.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Children and young people, in the order of their ids.
    pub children: Vec<Child>,
    /// Their steps, oldest first, by child.
    pub steps: HashMap<Id<ids::Person>, Vec<StepRow>>,
    /// Facts of steps that forms declare, such as "assessment.factors".
    pub facts: HashMap<(Id<ids::Step>, String), Vec<String>>,
    /// The day on which a manager looked at an assessment on its way.
    pub looked: HashMap<Id<ids::Step>, NaiveDate>,
    /// Ends of work, oldest first, by child.
    pub closures: HashMap<Id<ids::Person>, Vec<Closure>>,
    /// Child in need plans, oldest first, by child.
    pub plans: HashMap<Id<ids::Person>, Vec<Planned>>,
    /// Times on a child protection plan, oldest first, by child.
    pub protection: HashMap<Id<ids::Person>, Vec<OnProtection>>,
    /// The latest reason why a child in care has no pupil number.
    pub no_upn: HashMap<Id<ids::Person>, String>,
    /// The number that another system gave a child, where the record came
    /// from it: returns go on with it.
    pub numbers: HashMap<Id<ids::Person>, String>,
    /// The last day that counts.
    pub until: NaiveDate,
}

impl Dataset {
    /// A fact of a step; the first of several.
    pub fn fact(&self, step: Id<ids::Step>, name: &str) -> Option<&str> {
        self.all(step, name).first().map(String::as_str)
    }

    /// All that a step says for a fact, such as every factor.
    pub fn all(&self, step: Id<ids::Step>, name: &str) -> &[String] {
        let said = self.facts.get(&(step, name.to_owned()));
        said.map_or(&[], Vec::as_slice)
    }

    /// The number by which returns know a child: the one that an earlier
    /// system gave it, else the last 20 digits of the record's own, whose last
    /// eight are the record's reference on screen.
    pub fn number(&self, child: Id<ids::Person>) -> String {
        match self.numbers.get(&child) {
            Some(number) => number.clone(),
            None => number_of(child),
        }
    }
}

/// The last 20 of the 32 digits of a record's id: a return takes no more.
pub fn number_of(child: Id<ids::Person>) -> String {
    let digits: String = child.as_str().chars().filter(|c| *c != '-').collect();
    digits.get(12..).unwrap_or(&digits).to_owned()
}

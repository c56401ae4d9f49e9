//! Identifiers of invented things: the same in every record of the same
//! borough, so that an address in a tour or a test stays good.

use sha2::{Digest, Sha256};
use vocabulary::{Id, ids};

use crate::PersonNo;

/// A moment in November 2023: identifiers carry a time, and this is nobody's.
const LONG_AGO: u64 = 1_700_000_000_000;

/// The identifier of something that has a name or number of its own.
pub(crate) fn named<T>(kind: &str, name: &str) -> Id<T> {
    let digest = Sha256::digest(format!("larkmere {kind} {name}"));
    let mut chance = [0; 10];
    chance.copy_from_slice(&digest[..10]);
    Id::from_parts(LONG_AGO, chance)
}

/// A person.
pub(crate) fn person(no: PersonNo) -> Id<ids::Person> {
    named("person", &no.0.to_string())
}

/// A worker, by username.
pub(crate) fn worker(username: &str) -> Id<ids::Worker> {
    named("worker", username)
}

/// A team, by its short id.
pub(crate) fn team(id: &str) -> Id<ids::Team> {
    named("team", id)
}

/// A school, surgery or partner, by its name.
pub(crate) fn organisation(name: &str) -> Id<ids::Organisation> {
    named("organisation", name)
}

/// Identifiers for what a family has no other name for, one after another.
pub(crate) struct Counter {
    family: u32,
    next: u32,
}

impl Counter {
    /// Starts counting for one family.
    pub(crate) fn new(family: u32) -> Counter {
        Counter { family, next: 0 }
    }

    /// The next identifier.
    pub(crate) fn next<T>(&mut self) -> Id<T> {
        self.next += 1;
        named("row", &format!("{} {}", self.family, self.next))
    }
}

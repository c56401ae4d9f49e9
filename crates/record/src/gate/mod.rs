//! The gate: the one door to a record.
//!
//! Nothing personal leaves this crate except as [`Guarded<T>`] or
//! [`Listed<T>`], and neither can be made outside this module. To get one, a
//! viewer asks for a person, a family or a contact; the gate fetches the facts
//! between the two, asks the policy, writes the look (or the refusal) to the
//! journal, and only then hands over the value. Denied and absent are the same
//! answer: `None`.

mod adoption;
mod asking;
mod contacts;
mod enquiries;
mod history;
mod lists;
mod matters;

pub use adoption::{AFTER, BEFORE, KEEPS};
pub use history::{LookMade, LookedOn};
pub use lists::Named;

use std::ops::Deref;
use std::sync::Arc;

use access::{Facts, Level, Moment, Policy, Principal, Purpose, Section};
use chrono::Utc;
use vocabulary::{Id, ids};

use crate::db::Value;
use crate::model::{Family, FamilyMember, Person};
use crate::{Actor, Store};

/// Someone who is signed in and looks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who they are and what their role lets them do.
    pub principal: Principal,
    /// Their session, as its hash.
    pub session: Option<String>,
    /// The name that others see.
    pub name: String,
    /// The day in England.
    pub today: chrono::NaiveDate,
    /// Until when they have a record open in an emergency: every page says so.
    pub emergency: Option<chrono::DateTime<Utc>>,
}

impl Viewer {
    /// The viewer as the author of changes.
    pub fn actor(&self) -> Actor {
        Actor::worker(self.principal.worker, self.session.clone())
    }

    /// Whether their role gives them a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.principal.can(capability)
    }

    fn moment(&self) -> Moment {
        Moment {
            at: Utc::now(),
            today: self.today,
        }
    }
}

/// A value that someone may see, and whose look is on record.
#[derive(Debug, Clone)]
pub struct Guarded<T> {
    value: T,
    /// How far the viewer reaches.
    pub level: Level,
    /// Why they may see it.
    pub because: String,
    /// What was true between the viewer and the person when it was decided, to
    /// decide about another section without asking the database again.
    facts: Facts,
}

impl<T> Deref for Guarded<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Guarded<T> {
    /// The value, to be changed and written back.
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// A list whose showing is on record.
#[derive(Debug, Clone)]
pub struct Listed<T>(Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed(Vec::new())
    }
}

impl<T> Deref for Listed<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Listed<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A family with those of its members whom the viewer may see.
#[derive(Debug, Clone)]
pub struct FamilySeen {
    /// The family.
    pub family: Family,
    /// Its visible members with their places, in no order.
    pub members: Vec<(FamilyMember, Person)>,
}

impl FamilySeen {
    /// Whether a person is a visible member.
    pub fn has(&self, person: Id<ids::Person>) -> bool {
        self.members.iter().any(|(_, p)| p.id == person)
    }

    /// The visible member with this id.
    pub fn member(&self, person: Id<ids::Person>) -> Option<&Person> {
        self.members.iter().map(|(_, p)| p).find(|p| p.id == person)
    }
}

/// What a look is for and where it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Read, write or send.
    pub purpose: Purpose,
    /// Which class of things.
    pub section: Section,
    /// The page or command, for the journal.
    pub page: &'a str,
}

impl<'a> Asked<'a> {
    /// To read the record itself.
    pub fn to_read(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Look,
            section: Section::Record,
            page,
        }
    }

    /// To add to the record or change it.
    pub fn to_write(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Write,
            section: Section::Record,
            page,
        }
    }

    /// To change who someone is, where they live and who is in their family.
    pub fn to_correct(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Write,
            section: Section::Index,
            page,
        }
    }

    /// To see who someone is and who works with them.
    pub fn index(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Look,
            section: Section::Index,
            page,
        }
    }
}

/// The gate. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gate {
    store: Store,
    policy: Arc<Policy>,
}

impl Gate {
    /// A gate over a store, with the council's access policy.
    pub fn new(store: Store, policy: Arc<Policy>) -> Gate {
        Gate { store, policy }
    }

    /// A mark of where somebody lives: equal for equal texts, and nothing
    /// without the council's key. `of` says what the text is.
    pub fn home_mark(&self, of: &str, text: &str) -> String {
        self.store.keys().mark(&format!("worker_home/{of}"), text)
    }

    /// The store behind the gate.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

fn bound(value: access::sql::Value) -> Value {
    match value {
        access::sql::Value::Text(v) => v.into(),
        access::sql::Value::Date(v) => v.into(),
        access::sql::Value::Time(v) => v.into(),
    }
}

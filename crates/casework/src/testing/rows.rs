//! Rows as a test wants them: only what matters is said, the rest is plain.

use chrono::{Days, NaiveDate, Utc};
use record::model::{Conflict, Family, FamilyMember, Involvement, Person, PersonKind, Restriction};
use vocabulary::{Id, ids};

use super::{EVERYBODY, id_of, team_of};
use crate::time;

/// A person with nothing but a name and a date of birth.
pub fn person(kind: PersonKind, given: &str, family_name: &str, born_on: NaiveDate) -> Person {
    Person {
        id: Id::new(),
        kind,
        given: given.into(),
        family_name: family_name.into(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: Some(born_on),
        born_kind: None,
        died_on: None,
        ethnicity: None,
        religion: None,
        first_language: None,
        interpreter: false,
        communication: None,
        nhs_number: None,
        upn: None,
        no_upn: None,
        disabilities: None,
        school_id: None,
        going_well: None,
        status: None,
        created_at: Utc::now(),
        version: 1,
    }
}

/// A family.
pub fn family(name: &str) -> Family {
    Family {
        id: Id::new(),
        name: name.into(),
        created_at: Utc::now(),
        version: 1,
    }
}

/// A place in a family's household.
pub fn at_home(family_id: Id<ids::Family>, person_id: Id<ids::Person>) -> FamilyMember {
    FamilyMember {
        id: Id::new(),
        family_id,
        person_id,
        household: true,
        joined_on: None,
        left_on: None,
        version: 1,
    }
}

/// The allocation of a child to a worker of the test council, for 30 days now.
///
/// # Panics
/// If there is no such worker.
pub fn allocated(person_id: Id<ids::Person>, username: &str) -> Involvement {
    let worker = EVERYBODY
        .iter()
        .find(|p| p.username == username)
        .unwrap_or_else(|| panic!("nobody in the test council is called {username}"));
    Involvement {
        id: Id::new(),
        person_id,
        worker_id: Some(id_of(username)),
        team_id: Some(team_of(worker.team)),
        role: "allocated".into(),
        name: worker.name.into(),
        job_title: worker.job_title.into(),
        agency: worker.agency.into(),
        phone: None,
        email: None,
        lead: true,
        sensitive: false,
        started_on: time::today() - Days::new(30),
        ended_on: None,
        change_reason: None,
        version: 1,
    }
}

/// A restriction that names nobody who may see the record.
pub fn restriction(person_id: Id<ids::Person>, reason: &str) -> Restriction {
    Restriction {
        id: Id::new(),
        person_id,
        reason: reason.into(),
        set_by: "system:test".into(),
        set_at: Utc::now(),
        review_on: time::today() + Days::new(90),
        ended_at: None,
        version: 1,
    }
}

/// A worker's personal connection with somebody.
pub fn conflict(person_id: Id<ids::Person>, username: &str) -> Conflict {
    Conflict {
        id: Id::new(),
        worker_id: id_of(username),
        person_id,
        declared_at: Utc::now(),
        ended_at: None,
        version: 1,
    }
}

//! A small council for tests, on every database of the run: a front door, two
//! locality teams, and all sixteen people of the demonstration. [`small_family`]
//! has a family for them, [`scene`] one record of every kind about one child.

pub mod rows;
pub mod scene;
pub mod small_family;
mod staff;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::Policy;
use chrono::NaiveDate;
use packs::Pack;
use record::model::{Team, Worker};
use record::testing::{TestStore, stores};
use record::{Actor, Gate, Viewer};
use vocabulary::{Id, ids};

use crate::{Casework, time};

pub use staff::{EVERYBODY, Persona};

/// The password of everybody in a test council.
pub const PASSWORD: &str = "throughline-demo";

/// A council that goes away with the value.
pub struct TestCouncil {
    /// The commands.
    pub casework: Casework,
    /// The store behind them.
    pub test: TestStore,
}

impl TestCouncil {
    /// A worker, signed in, by username.
    pub async fn viewer(&self, username: &str) -> Viewer {
        let worker = id_of(username);
        self.casework
            .viewer(worker, Some(format!("session of {username}")))
            .await
            .expect("the worker can be read")
            .unwrap_or_else(|| panic!("{username} is not at work"))
    }
}

/// The id of a test worker: the same in every run.
pub fn id_of(username: &str) -> Id<ids::Worker> {
    let mut chance = [0u8; 10];
    for (i, byte) in username.bytes().enumerate() {
        chance[i % 10] = chance[i % 10].wrapping_mul(31).wrapping_add(byte);
    }
    Id::from_parts(1_700_000_000_000, chance)
}

/// A fresh council on every database of the run.
pub async fn councils() -> Vec<TestCouncil> {
    let mut councils = Vec::new();
    for test in stores().await {
        councils.push(council(test).await);
    }
    councils
}

/// Councils without anybody in them, on every database of the run: for what
/// brings its own people.
pub async fn empty_councils() -> Vec<TestCouncil> {
    stores().await.into_iter().map(empty).collect()
}

/// The repository's own folder, to find packs and policies.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

async fn council(test: TestStore) -> TestCouncil {
    let council = empty(test);
    staff(&council.casework).await;
    council
}

fn empty(test: TestStore) -> TestCouncil {
    let pack = Pack::load(repository().join("packs/england"))
        .unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)));
    let file = repository().join("policies/access.toml");
    let text = std::fs::read_to_string(&file).expect("the access policy");
    let policy = Policy::parse("policies/access.toml", &text).expect("a sound access policy");
    let gate = Gate::new(test.store.clone(), Arc::new(policy));
    let casework = Casework::new(gate, pack, "Larkmere children's services");
    TestCouncil { casework, test }
}

async fn staff(casework: &Casework) {
    let team = |name: &str| Id::<ids::Team>::from_parts(1_700_000_000_000, *id_chance(name));
    let teams = [
        ("Front door", "front_door", vec![]),
        ("North", "locality", vec!["LK1", "LK2"]),
        ("South", "locality", vec!["LK3", "LK4"]),
        ("East", "locality", vec!["LK5"]),
        ("Early help", "early_help", vec![]),
        ("Quality", "quality", vec![]),
        ("Fostering", "fostering", vec![]),
        ("Partners", "partner", vec![]),
        ("Leadership", "leadership", vec![]),
        ("Police", "partner", vec![]),
    ];
    let hash = crate::sign_in::hash_password(PASSWORD).expect("a hash");
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .expect("a transaction");
    for (name, kind, cover) in teams {
        let manager = EVERYBODY
            .iter()
            .find(|p| p.team == name && p.role == "team_manager");
        let row = Team {
            id: team(name),
            name: name.into(),
            kind: kind.into(),
            phone: Some("020 7946 0000".into()),
            email: None,
            manager_id: manager.map(|p| id_of(p.username)),
            cover: cover.into(),
            version: 1,
        };
        tx.insert(&row).await.expect("a team");
    }
    for person in &EVERYBODY {
        let manager = EVERYBODY
            .iter()
            .find(|p| p.team == person.team && p.role == "team_manager")
            .filter(|p| p.username != person.username);
        let row = Worker {
            id: id_of(person.username),
            username: person.username.into(),
            name: person.name.into(),
            job_title: person.job_title.into(),
            role: person.role.into(),
            team_id: Some(team(person.team)),
            agency: person.agency.into(),
            phone: Some("020 7946 0001".into()),
            email: Some(format!("{}@larkmere.example", person.username)),
            fte_hundredths: 100,
            newly_qualified: person.username == "amina.asye",
            supervisor_id: manager.map(|p| id_of(p.username)),
            starts_on: NaiveDate::from_ymd_opt(2020, 1, 6).unwrap_or_else(time::today),
            ends_on: None,
            active: true,
            password_hash: hash.clone(),
            social_work_number: None,
            version: 1,
        };
        tx.insert(&row).await.expect("a worker");
    }
    tx.commit().await.expect("committed");
}

fn id_chance(name: &str) -> Box<[u8; 10]> {
    let mut chance = [7u8; 10];
    for (i, byte) in name.bytes().enumerate() {
        chance[i % 10] = chance[i % 10].wrapping_mul(31).wrapping_add(byte);
    }
    Box::new(chance)
}

/// The id of a test team.
pub fn team_of(name: &str) -> Id<ids::Team> {
    Id::from_parts(1_700_000_000_000, *id_chance(name))
}

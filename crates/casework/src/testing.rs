//! A small council for tests, on every database of the run: a front door, two
//! locality teams, and the workers that the journey needs.

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
        ("Early help", "early_help", vec![]),
        ("Leadership", "leadership", vec![]),
        ("Police", "partner", vec![]),
    ];
    let people = [
        (
            "farah.screener",
            "Farah Quill",
            "Screener",
            "screener",
            "Front door",
        ),
        (
            "jo.socialworker",
            "Jo Larch",
            "Social worker",
            "social_worker",
            "North",
        ),
        (
            "amina.asye",
            "Amina Fenn",
            "Social worker",
            "social_worker",
            "North",
        ),
        (
            "priya.manager",
            "Priya Thorne",
            "Team manager",
            "team_manager",
            "North",
        ),
        (
            "tom.socialworker",
            "Tom Bramble",
            "Social worker",
            "social_worker",
            "South",
        ),
        (
            "sam.manager",
            "Sam Rook",
            "Team manager",
            "team_manager",
            "South",
        ),
        (
            "dev.earlyhelp",
            "Dev Moss",
            "Early help practitioner",
            "early_help",
            "Early help",
        ),
        (
            "chen.police",
            "Chen Rowe",
            "Police constable",
            "partner",
            "Police",
        ),
        (
            "graham.iro",
            "Graham Ash",
            "Independent reviewing officer",
            "iro",
            "Leadership",
        ),
        (
            "okafor.director",
            "Ms Okafor",
            "Director",
            "head_of_service",
            "Leadership",
        ),
        (
            "nia.admin",
            "Nia Wren",
            "Administrator",
            "administrator",
            "Leadership",
        ),
        (
            "tia.analyst",
            "Tia Sedge",
            "Analyst",
            "analyst",
            "Leadership",
        ),
    ];
    let hash = crate::sign_in::hash_password(PASSWORD).expect("a hash");
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .expect("a transaction");
    for (name, kind, cover) in teams {
        let manager = people.iter().find(|p| p.4 == name && p.3 == "team_manager");
        let row = Team {
            id: team(name),
            name: name.into(),
            kind: kind.into(),
            phone: Some("020 7946 0000".into()),
            email: None,
            manager_id: manager.map(|p| id_of(p.0)),
            cover: cover.into(),
            version: 1,
        };
        tx.insert(&row).await.expect("a team");
    }
    for (username, name, job_title, role, in_team) in people {
        let manager = people
            .iter()
            .find(|p| p.4 == in_team && p.3 == "team_manager");
        let row = Worker {
            id: id_of(username),
            username: username.into(),
            name: name.into(),
            job_title: job_title.into(),
            role: role.into(),
            team_id: Some(team(in_team)),
            agency: match role {
                "partner" => "police",
                _ => "social_care",
            }
            .into(),
            phone: Some("020 7946 0001".into()),
            email: Some(format!("{username}@larkmere.example")),
            fte_hundredths: 100,
            newly_qualified: username == "amina.asye",
            supervisor_id: manager
                .map(|p| id_of(p.0))
                .filter(|m| *m != id_of(username)),
            starts_on: NaiveDate::from_ymd_opt(2020, 1, 6).unwrap_or_else(time::today),
            ends_on: None,
            active: true,
            password_hash: hash.clone(),
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

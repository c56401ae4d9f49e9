//! A family that is worked with, for the tests of plans and meetings: Maya and
//! Idris with their mother who needs an interpreter, and a family of others.
#![allow(dead_code)] // Each test file uses its part.

use casework::model::*;
use casework::plans::start::{StartPlan, Started};
use casework::testing::{TestCouncil, id_of, team_of};
use casework::{Casework, Viewer, time};
use chrono::{Days, Months, NaiveDate};
use packs::Answers;
use record::{Actor, Row, args};
use vocabulary::{Id, ids};

pub struct Home {
    pub family: Id<ids::Family>,
    pub maya: Id<ids::Person>,
    pub idris: Id<ids::Person>,
    pub mother: Id<ids::Person>,
    /// A child of another family, of another team.
    pub stranger: Id<ids::Person>,
    pub jo: Viewer,
    pub priya: Viewer,
    pub tom: Viewer,
}

pub async fn home(council: &TestCouncil) -> Home {
    let casework = &council.casework;
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let family = new_family(&mut tx, "Haddad").await;
    let other = new_family(&mut tx, "Stone").await;
    let maya = new_person(&mut tx, family, "Maya", PersonKind::Child, 13).await;
    let idris = new_person(&mut tx, family, "Idris", PersonKind::Child, 10).await;
    let mother = new_person(&mut tx, family, "Layla", PersonKind::Adult, 38).await;
    let stranger = new_person(&mut tx, other, "Rory", PersonKind::Child, 12).await;
    for child in [maya, idris] {
        involve(
            &mut tx,
            child,
            Some("jo.socialworker"),
            "Jo Larch",
            "allocated",
            "North",
        )
        .await;
    }
    involve(&mut tx, maya, None, "Rosa Mbeki", "other", "North").await;
    involve(
        &mut tx,
        stranger,
        Some("tom.socialworker"),
        "Tom Bramble",
        "allocated",
        "South",
    )
    .await;
    tx.commit().await.unwrap();
    Home {
        family,
        maya,
        idris,
        mother,
        stranger,
        jo: council.viewer("jo.socialworker").await,
        priya: council.viewer("priya.manager").await,
        tom: council.viewer("tom.socialworker").await,
    }
}

async fn new_family(tx: &mut record::Tx, name: &str) -> Id<ids::Family> {
    let family = Family {
        id: Id::new(),
        name: name.into(),
        created_at: tx.now(),
        version: 1,
    };
    tx.insert(&family).await.unwrap();
    family.id
}

/// The day of birth of somebody of that age and eight months: on whatever day
/// the tests run, nobody has a birthday and nobody grows out of a test.
pub fn born(age: u32) -> NaiveDate {
    time::today() - Months::new(12 * age + 8)
}

async fn new_person(
    tx: &mut record::Tx,
    family: Id<ids::Family>,
    given: &str,
    kind: PersonKind,
    age: u32,
) -> Id<ids::Person> {
    let person = Person {
        id: Id::new(),
        kind,
        given: given.into(),
        family_name: "Haddad".into(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: Some(born(age)),
        born_kind: Some("exact".into()),
        died_on: None,
        ethnicity: None,
        religion: None,
        first_language: (given == "Layla").then(|| "arabic".into()),
        interpreter: given == "Layla",
        communication: None,
        nhs_number: None,
        upn: None,
        no_upn: None,
        disabilities: None,
        school_id: None,
        going_well: None,
        status: Some("assessment".into()),
        created_at: tx.now(),
        version: 1,
    };
    tx.insert(&person).await.unwrap();
    let member = FamilyMember {
        id: Id::new(),
        family_id: family,
        person_id: person.id,
        household: true,
        joined_on: None,
        left_on: None,
        version: 1,
    };
    tx.insert(&member).await.unwrap();
    person.id
}

async fn involve(
    tx: &mut record::Tx,
    person_id: Id<ids::Person>,
    worker: Option<&str>,
    name: &str,
    role: &str,
    team: &str,
) {
    let row = Involvement {
        id: Id::new(),
        person_id,
        worker_id: worker.map(id_of),
        team_id: worker.map(|_| team_of(team)),
        role: role.into(),
        name: name.into(),
        job_title: if worker.is_some() {
            "Social worker"
        } else {
            "Health visitor"
        }
        .into(),
        agency: if worker.is_some() {
            "social_care"
        } else {
            "health"
        }
        .into(),
        phone: None,
        email: worker.is_none().then(|| "rosa@nhs.example".into()),
        lead: role == "allocated",
        sensitive: false,
        started_on: NaiveDate::from_ymd_opt(2026, 1, 5).unwrap(),
        ended_on: None,
        change_reason: None,
        version: 1,
    };
    tx.insert(&row).await.unwrap();
}

/// Answers of a form, from pairs.
pub fn answers(casework: &Casework, form: &str, pairs: &[(&str, &str)]) -> Answers {
    Answers::from_pairs(casework.form(form).unwrap(), pairs.iter().copied())
}

/// How a plan starts.
pub fn start(casework: &Casework, also: &[Id<ids::Person>]) -> StartPlan {
    StartPlan {
        also: also.to_vec(),
        answers: answers(
            casework,
            "child-in-need-plan",
            &[
                ("aim", "Maya and Idris sleep at night."),
                ("agreed", "yes"),
                ("other_parent", "Their father fetches them on Fridays."),
                ("tell_child", "Jo helps Mum find a quiet home."),
                ("outcome", "start"),
            ],
        ),
        reason: "The family asked for it before the assessment was finished.".into(),
        carry: Vec::new(),
        once: Id::<ids::Part>::new().to_string(),
    }
}

/// A plan for Maya and Idris.
pub async fn plan(council: &TestCouncil, home: &Home) -> Id<ids::Plan> {
    let wanted = start(&council.casework, &[home.idris]);
    let started = council
        .casework
        .start_plan(&home.jo, home.maya, &wanted)
        .await
        .unwrap();
    match started {
        Started::Plan(plan) => plan,
        Started::Decided => panic!("the plan did not start"),
    }
}

pub fn action_answers(casework: &Casework, leave_out: &str) -> Answers {
    let due = (time::today() + Days::new(14)).to_string();
    let all = [
        ("what", "Rosa calls at home with the sleep diary"),
        ("owner", "The health visitor of Larkmere"),
        ("agency", "health"),
        ("due", due.as_str()),
        ("measure", "Maya sleeps six nights of seven"),
    ];
    let pairs: Vec<(&str, &str)> = all.into_iter().filter(|(n, _)| *n != leave_out).collect();
    answers(casework, "plan-action", &pairs)
}

pub async fn action(council: &TestCouncil, home: &Home, plan: Id<ids::Plan>) -> Id<ids::Action> {
    council
        .casework
        .add_action(
            &home.jo,
            plan,
            &action_answers(&council.casework, ""),
            None,
            &once(),
        )
        .await
        .unwrap()
}

pub fn once() -> String {
    Id::<ids::Part>::new().to_string()
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// A count that a statement gives.
pub async fn count(council: &TestCouncil, sql: &'static str, id: &str) -> i64 {
    let row: Count = council
        .casework
        .store()
        .read_db()
        .one(sql, args![id])
        .await
        .unwrap();
    row.n
}

/// A row as it stands.
pub async fn row<T: record::Entity + Row>(council: &TestCouncil, id: impl ToString) -> T {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    tx.get(id).await.unwrap()
}

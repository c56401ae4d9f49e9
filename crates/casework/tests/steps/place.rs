//! Maya and Idris Quay, and an assessment about them.

use casework::steps::{Authorisation, OpenStep, SaveSection};
use casework::testing::{TestCouncil, id_of, team_of};
use casework::{Casework, Viewer, time};
use chrono::NaiveDate;
use packs::Answers;
use record::drafts::NewDraft;
use record::model::{Family, FamilyMember, Involvement, Person, PersonKind, Step};
use record::{Actor, AssertSqlSafe, Entity, args};
use serde_json::json;
use vocabulary::{Id, ids};

pub const KIND: &str = "child-and-family-assessment";

pub struct Place {
    pub family: Id<ids::Family>,
    pub maya: Id<ids::Person>,
    pub idris: Id<ids::Person>,
}

pub fn person(given: &str, kind: PersonKind, born: i32) -> Person {
    Person {
        id: Id::new(),
        kind,
        given: given.into(),
        family_name: "Quay".into(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: NaiveDate::from_ymd_opt(born, 3, 27),
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
        status: Some("referral".into()),
        created_at: chrono::Utc::now(),
        version: 1,
    }
}

/// Maya and Idris Quay, held by North, allocated to Jo.
pub async fn place(casework: &Casework) -> Place {
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let family = Family {
        id: Id::new(),
        name: "Quay".into(),
        created_at: tx.now(),
        version: 1,
    };
    tx.insert(&family).await.unwrap();
    let mut made = Vec::new();
    for (given, kind, born) in [
        ("Maya", PersonKind::Child, 2013),
        ("Idris", PersonKind::Child, 2017),
        ("Dana", PersonKind::Adult, 1990),
    ] {
        let row = person(given, kind, born);
        tx.insert(&row).await.unwrap();
        tx.insert(&FamilyMember {
            id: Id::new(),
            family_id: family.id,
            person_id: row.id,
            household: true,
            joined_on: None,
            left_on: None,
            version: 1,
        })
        .await
        .unwrap();
        if kind == PersonKind::Child {
            tx.insert(&Involvement {
                id: Id::new(),
                person_id: row.id,
                worker_id: Some(id_of("jo.socialworker")),
                team_id: Some(team_of("North")),
                role: "allocated".into(),
                name: "Jo Larch".into(),
                job_title: "Social worker".into(),
                agency: "social_care".into(),
                phone: None,
                email: None,
                lead: true,
                sensitive: false,
                started_on: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
                ended_on: None,
                change_reason: None,
                version: 1,
            })
            .await
            .unwrap();
        }
        made.push(row.id);
    }
    tx.commit().await.unwrap();
    Place {
        family: family.id,
        maya: made[0],
        idris: made[1],
    }
}

pub fn open(place: &Place, started_on: NaiveDate) -> OpenStep {
    OpenStep {
        kind: KIND,
        family: place.family,
        children: vec![place.maya, place.idris],
        contact: None,
        team: Some(team_of("North")),
        worker: Some(id_of("jo.socialworker")),
        started_on,
    }
}

pub async fn opened(casework: &Casework, place: &Place) -> Step {
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let step = casework
        .open_step(&mut tx, open(place, time::today()))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    step
}

pub fn save(step: &Step, section: &str, words: &[(&str, &str)], base: i64) -> SaveSection {
    let mut answers = Answers::new();
    for (name, value) in words {
        answers.set(*name, *value);
    }
    save_all(step, section, answers, base)
}

pub fn save_all(step: &Step, section: &str, answers: Answers, base: i64) -> SaveSection {
    let body = json!(answers.as_map());
    SaveSection {
        settles: false,
        step: step.id,
        section: section.into(),
        answers,
        finished: false,
        base,
        once: Id::<ids::Draft>::new().to_string(),
        words: NewDraft {
            target: format!("step:{}:{section}", step.id),
            title: "Assessment".into(),
            path: format!("/steps/{}/{section}", step.id),
            body,
            page: "page".into(),
            seq: 1,
            base_version: Some(base),
        },
    }
}

/// Everything an assessment needs to be sent.
pub async fn fill(casework: &Casework, viewer: &Viewer, step: &Step) {
    let mut grey = Answers::new();
    grey.set("unknown", "Whether he has a key");
    grey.set("find_out", "Jo asks Dana, alone");
    let mut balance = Answers::new();
    balance.set("strengths", "Nan is there every Friday.");
    balance.set("worries", "The nights are loud.");
    balance.set_groups("grey_areas", vec![grey]);
    let mut factors = Answers::new();
    let factor = casework
        .form(KIND)
        .unwrap()
        .field("factors")
        .unwrap()
        .kind
        .options()
        .unwrap();
    factors.set_list("factors", [factor.choices[0].value.clone()]);
    let need = casework
        .form(KIND)
        .unwrap()
        .field("primary_need")
        .unwrap()
        .kind
        .options()
        .unwrap();
    factors.set("primary_need", need.choices[0].value.clone());
    for (section, answers) in [("balance", balance), ("factors", factors)] {
        casework
            .save_section(viewer, save_all(step, section, answers, 0))
            .await
            .unwrap();
    }
    for (section, words) in [
        (
            "summary",
            vec![("summary", "Maya is 13 and the nights are loud.")],
        ),
        ("people", vec![("other_parent", "took_part")]),
        (
            "development",
            vec![("development", "She is doing well at school.")],
        ),
        ("parenting", vec![("parenting", "Dana is warm and tired.")]),
        ("family", vec![("family", "Nan lives near.")]),
        ("child", vec![("childs_words", "“It is loud.”")]),
        (
            "analysis",
            vec![
                ("analysis", "The nights must be quiet."),
                ("outcome", "plan"),
            ],
        ),
        (
            "telling",
            vec![("tell_child", "We will help so that nights are quiet.")],
        ),
    ] {
        casework
            .save_section(viewer, save(step, section, &words, 0))
            .await
            .unwrap();
    }
}

pub async fn send(casework: &Casework, viewer: &Viewer, step: &Step) -> Vec<packs::Finding> {
    let once = Id::<ids::Draft>::new().to_string();
    casework
        .submit_step(viewer, step.id, &[], &once)
        .await
        .unwrap()
        .findings
}

pub fn decide(step: &Step, words: &[(&str, &str)], outcome: &str) -> Authorisation {
    let mut answers = Answers::new();
    for (name, value) in words {
        answers.set(*name, *value);
    }
    Authorisation {
        step: step.id,
        answers,
        outcome: outcome.into(),
        once: Id::<ids::Draft>::new().to_string(),
    }
}

pub async fn rows<E: Entity>(council: &TestCouncil, place: &str, value: String) -> Vec<E> {
    let sql = format!(
        "select {} from {} where {place} = $1",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    council
        .casework
        .store()
        .read_db()
        .all(AssertSqlSafe(sql), args![value])
        .await
        .unwrap()
}

pub const AUTHORISED: [(&str, &str); 2] = [
    ("decision", "authorise"),
    (
        "view",
        "Maya’s voice is there and the plan follows from it.",
    ),
];

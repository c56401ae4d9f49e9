//! An invented family for tests of notes and the story: Maya, Idris and Sami
//! live with their mother; Jo is Maya's allocated worker.
#![allow(dead_code, reason = "each test crate uses its own part")]

use casework::header::ChildHeader;
use casework::model::{
    Clock, Family, FamilyMember, Goal, GoalState, Involvement, Note, Person, PersonKind, Plan,
    PlanState, PlanSubject, Restriction,
};
use casework::testing::{TestCouncil, councils, id_of, team_of};
use casework::{Asked, Casework, Guarded, Viewer, time};
use chrono::{Days, NaiveDate, Utc};
use record::{Actor, AssertSqlSafe, Entity, Tx, args};
use serde_json::json;
use vocabulary::{Id, ids};

pub struct Home {
    pub council: TestCouncil,
    pub family: Id<ids::Family>,
    pub maya: Id<ids::Person>,
    pub idris: Id<ids::Person>,
    pub sami: Id<ids::Person>,
    pub mother: Id<ids::Person>,
}

/// The family on every database of the run.
pub async fn homes() -> Vec<Home> {
    let mut homes = Vec::new();
    for council in councils().await {
        homes.push(Home::in_council(council).await);
    }
    homes
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

fn person(given: &str, kind: PersonKind, born_on: NaiveDate) -> Person {
    Person {
        id: Id::new(),
        kind,
        given: given.into(),
        family_name: "Ashgrove".into(),
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
        school_id: None,
        going_well: None,
        status: None,
        created_at: Utc::now(),
        version: 1,
    }
}

impl Home {
    async fn in_council(council: TestCouncil) -> Home {
        let people = [
            person("Maya", PersonKind::Child, day(2013, 3, 27)),
            person("Idris", PersonKind::Child, day(2016, 9, 2)),
            person("Sami", PersonKind::Child, day(2020, 1, 15)),
            person("Leila", PersonKind::Adult, day(1988, 5, 5)),
        ];
        let family = Family {
            id: Id::new(),
            name: "Ashgrove".into(),
            created_at: Utc::now(),
            version: 1,
        };
        let mut tx = begin(&council.casework).await;
        tx.insert(&family).await.unwrap();
        for person in &people {
            tx.insert(person).await.unwrap();
            tx.insert(&FamilyMember {
                id: Id::new(),
                family_id: family.id,
                person_id: person.id,
                household: true,
                joined_on: None,
                left_on: None,
                version: 1,
            })
            .await
            .unwrap();
        }
        tx.insert(&Involvement {
            id: Id::new(),
            person_id: people[0].id,
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
            started_on: time::today() - Days::new(30),
            ended_on: None,
            change_reason: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let [maya, idris, sami, mother] = people.map(|p| p.id);
        Home {
            council,
            family: family.id,
            maya,
            idris,
            sami,
            mother,
        }
    }

    pub fn casework(&self) -> &Casework {
        &self.council.casework
    }

    pub async fn jo(&self) -> Viewer {
        self.council.viewer("jo.socialworker").await
    }

    pub async fn see(&self, viewer: &Viewer, id: Id<ids::Person>) -> Guarded<Person> {
        let seen = self
            .casework()
            .gate()
            .person(viewer, id, Asked::to_read("test"))
            .await
            .unwrap();
        seen.expect("the viewer may see the person")
    }

    pub async fn header(&self, viewer: &Viewer, id: Id<ids::Person>) -> ChildHeader {
        let person = self.see(viewer, id).await;
        self.casework().header(&person).await.unwrap()
    }

    /// Restricts a record to nobody of the test council.
    pub async fn restrict(&self, id: Id<ids::Person>) {
        let mut tx = begin(self.casework()).await;
        tx.insert(&Restriction {
            id: Id::new(),
            person_id: id,
            reason: "staff_relative".into(),
            set_by: "system:test".into(),
            set_at: Utc::now(),
            review_on: time::today() + Days::new(90),
            ended_at: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// An open child in need plan about Maya with one goal.
    pub async fn plan_with_goal(&self, wording: &str) -> Id<ids::Goal> {
        let mut tx = begin(self.casework()).await;
        let plan = Plan {
            id: Id::new(),
            kind: "child_in_need".into(),
            family_id: self.family,
            step_id: None,
            worker_id: Some(id_of("jo.socialworker")),
            team_id: Some(team_of("North")),
            state: PlanState::Open,
            started_on: time::today() - Days::new(20),
            ended_on: None,
            end_reason: None,
            different: None,
            summary: Some("School and warmth.".into()),
            version: 1,
        };
        tx.insert(&plan).await.unwrap();
        tx.insert(&PlanSubject {
            id: Id::new(),
            plan_id: plan.id,
            person_id: self.maya,
            version: 1,
        })
        .await
        .unwrap();
        let goal = Goal {
            id: Id::new(),
            plan_id: plan.id,
            family_id: self.family,
            person_id: None,
            wording: wording.into(),
            child_words: None,
            outcomes: json!([]),
            state: GoalState::Working,
            result: None,
            set_on: time::today(),
            settled_on: None,
            version: 1,
        };
        tx.insert(&goal).await.unwrap();
        tx.commit().await.unwrap();
        goal.id
    }

    pub async fn all<E: Entity>(&self, condition: &str) -> Vec<E> {
        let columns = E::COLUMNS.join(", ");
        let sql = format!("select {columns} from {} where {condition}", E::TABLE);
        self.casework()
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![])
            .await
            .unwrap()
    }

    pub async fn notes(&self) -> Vec<Note> {
        self.all("1 = 1 order by id").await
    }

    pub async fn note_of(&self, id: Id<ids::Person>) -> Note {
        let notes: Vec<Note> = self.all(&format!("person_id = '{id}' order by id")).await;
        notes.into_iter().next().expect("a note in this record")
    }

    pub async fn running_clocks(&self) -> Vec<Clock> {
        self.all("done_at is null order by id").await
    }
}

pub async fn begin(casework: &Casework) -> Tx {
    let test = Actor::system("test");
    casework.store().begin(&test).await.unwrap()
}

//! An invented family for tests: Maya, Idris and Sami live with their mother;
//! Jo is Maya's allocated worker.

use chrono::{Datelike, Days, Months, NaiveDate};
use record::model::{
    Clock, Goal, GoalState, Note, Person, PersonKind, Plan, PlanState, PlanSubject,
};
use record::{Actor, Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::{TestCouncil, councils, id_of, rows, team_of};
use crate::header::ChildHeader;
use crate::{Casework, time};

/// The family and the council it lives in.
pub struct Home {
    /// The council.
    pub council: TestCouncil,
    /// The family.
    pub family: Id<ids::Family>,
    /// The eldest, whose allocated worker is Jo.
    pub maya: Id<ids::Person>,
    /// Her brother.
    pub idris: Id<ids::Person>,
    /// The youngest.
    pub sami: Id<ids::Person>,
    /// Their mother.
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

/// A day.
///
/// # Panics
/// If there is no such day.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

/// The day of birth of somebody of so many years and about so many months, on
/// that day of the month: whenever the tests run, nobody has a birthday and
/// nobody grows out of one.
///
/// # Panics
/// If there is no such day.
pub fn born(years: u32, months: u32, day: u32) -> NaiveDate {
    let month = time::today() - Months::new(12 * years + months);
    month.with_day(day).expect("a real day")
}

impl Home {
    async fn in_council(council: TestCouncil) -> Home {
        let people = [
            rows::person(PersonKind::Child, "Maya", "Ashgrove", born(13, 8, 27)),
            rows::person(PersonKind::Child, "Idris", "Ashgrove", born(10, 2, 2)),
            rows::person(PersonKind::Child, "Sami", "Ashgrove", born(6, 10, 15)),
            rows::person(PersonKind::Adult, "Leila", "Ashgrove", born(38, 6, 5)),
        ];
        let family = rows::family("Ashgrove");
        let mut tx = begin(&council.casework).await;
        tx.insert(&family).await.unwrap();
        for person in &people {
            tx.insert(person).await.unwrap();
            let place = rows::at_home(family.id, person.id);
            tx.insert(&place).await.unwrap();
        }
        let jo = rows::allocated(people[0].id, "jo.socialworker");
        tx.insert(&jo).await.unwrap();
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

    /// The commands.
    pub fn casework(&self) -> &Casework {
        &self.council.casework
    }

    /// Maya's worker, signed in.
    pub async fn jo(&self) -> Viewer {
        self.council.viewer("jo.socialworker").await
    }

    /// A person whom the viewer may see.
    ///
    /// # Panics
    /// If they may not.
    pub async fn see(&self, viewer: &Viewer, id: Id<ids::Person>) -> Guarded<Person> {
        let seen = self
            .casework()
            .gate()
            .person(viewer, id, Asked::to_read("test"))
            .await
            .unwrap();
        seen.expect("the viewer may see the person")
    }

    /// The header of a child's record.
    pub async fn header(&self, viewer: &Viewer, id: Id<ids::Person>) -> ChildHeader {
        let person = self.see(viewer, id).await;
        self.casework().header(&person).await.unwrap()
    }

    /// Restricts a record to nobody of the test council.
    pub async fn restrict(&self, id: Id<ids::Person>) {
        let mut tx = begin(self.casework()).await;
        tx.insert(&rows::restriction(id, "staff_relative"))
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

    /// Rows of a table for which a condition holds.
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

    /// Every note.
    pub async fn notes(&self) -> Vec<Note> {
        self.all("1 = 1 order by id").await
    }

    /// The first note in a record.
    pub async fn note_of(&self, id: Id<ids::Person>) -> Note {
        let notes: Vec<Note> = self.all(&format!("person_id = '{id}' order by id")).await;
        notes.into_iter().next().expect("a note in this record")
    }

    /// Every clock that has not been stopped.
    pub async fn running_clocks(&self) -> Vec<Clock> {
        self.all("done_at is null order by id").await
    }
}

/// A transaction of the program itself.
pub async fn begin(casework: &Casework) -> Tx {
    let test = Actor::system("test");
    casework.store().begin(&test).await.unwrap()
}

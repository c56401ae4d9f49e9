//! What the daily push asks for beyond the dataset, in one statement for each
//! kind of thing over everybody at once.

use std::collections::HashMap;

use chrono::NaiveDate;
use record::args;
use vocabulary::{Id, ids};

use super::daily::by_person;
use crate::{Casework, Result, time};

type Person = Id<ids::Person>;

/// A child's name, and where the child lives now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Named {
    id: Person,
    pub given: String,
    pub family_name: String,
    pub postcode: Option<String>,
    pub protected: Option<bool>,
}

/// A registered worker's time with a child.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct WorkedWith {
    person_id: Person,
    pub social_work_number: String,
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
}

/// A home in care.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Home {
    pub id: String,
    person_id: Person,
    pub started_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub home: String,
    pub postcode: Option<String>,
    pub hidden: bool,
    pub move_reason: Option<String>,
}

/// An episode of care in a home.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Span {
    person_id: Person,
    pub placement_id: String,
    pub started_on: NaiveDate,
    pub began: String,
    pub ended_on: Option<NaiveDate>,
    pub ended_why: Option<String>,
}

/// A strengths and difficulties score.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Score {
    person_id: Person,
    pub happened_on: NaiveDate,
    pub score: i64,
}

/// A plan for adoption.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ForAdoption {
    person_id: Person,
    pub decided_on: NaiveDate,
    pub matched_on: Option<NaiveDate>,
    pub placed_on: Option<NaiveDate>,
}

/// A time we were in touch with a young person who has left care, or tried.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Touch {
    person_id: Person,
    pub happened_on: NaiveDate,
    pub home: Option<String>,
    pub activity: Option<String>,
}

/// A child who came alone to seek asylum.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Alone {
    person_id: Person,
    pub ceased_on: Option<NaiveDate>,
}

/// Everything that the push is made of beyond the dataset.
#[derive(Debug, Default)]
pub(super) struct Others {
    pub named: HashMap<Person, Named>,
    pub workers: HashMap<Person, Vec<WorkedWith>>,
    pub homes: HashMap<Person, Vec<Home>>,
    pub spans: HashMap<Person, Vec<Span>>,
    pub scores: HashMap<Person, Vec<Score>>,
    pub for_adoption: HashMap<Person, Vec<ForAdoption>>,
    pub touches: HashMap<Person, Vec<Touch>>,
    pub alone: HashMap<Person, Alone>,
}

impl Casework {
    pub(super) async fn push_rows(&self) -> Result<Others> {
        let db = self.store().read_db();
        // Of several homes now, the one that began last; a later row wins.
        let named: Vec<Named> = db
            .all(
                "select p.id, p.given, p.family_name, a.postcode, a.protected from person p \
                 left join address a on a.person_id = p.id and a.kind = 'home' \
                 and (a.ended_on is null or a.ended_on > $1) \
                 where p.kind <> 'adult' or exists (select 1 from step_subject x \
                 where x.person_id = p.id) order by p.id, a.started_on, a.id",
                args![time::today()],
            )
            .await?;
        let workers: Vec<WorkedWith> = db
            .all(
                "select i.person_id, w.social_work_number, i.started_on, i.ended_on \
                 from involvement i join worker w on w.id = i.worker_id \
                 where i.role = 'allocated' and w.social_work_number is not null \
                 order by i.started_on, i.id",
                args![],
            )
            .await?;
        let homes: Vec<Home> = db
            .all(
                "select id, person_id, started_on, ended_on, home, postcode, hidden, move_reason \
                 from placement order by started_on, id",
                args![],
            )
            .await?;
        let spans: Vec<Span> = db
            .all(
                "select person_id, placement_id, started_on, began, ended_on, ended_why \
                 from care_episode order by started_on, id",
                args![],
            )
            .await?;
        let scores: Vec<Score> = db
            .all(
                "select person_id, happened_on, score from care_check \
                 where kind = 'questionnaire' and score is not null order by happened_on, id",
                args![],
            )
            .await?;
        let for_adoption: Vec<ForAdoption> = db
            .all(
                "select p.person_id, p.decided_on, p.matched_on, (select min(m.placed_on) \
                 from adoption_match m where m.person_id = p.person_id \
                 and m.placed_on >= p.decided_on) as placed_on \
                 from adoption_plan p order by p.decided_on, p.id",
                args![],
            )
            .await?;
        let touches: Vec<Touch> = db
            .all(
                "select l.person_id, c.happened_on, c.home, c.activity from leaver_contact c \
                 join leaver l on l.id = c.leaver_id order by c.happened_on, c.id",
                args![],
            )
            .await?;
        let alone: Vec<Alone> = db
            .all(
                "select person_id, ceased_on from unaccompanied order by since, id",
                args![],
            )
            .await?;
        Ok(Others {
            named: named.into_iter().map(|n| (n.id, n)).collect(),
            workers: by_person(workers, |w| w.person_id),
            homes: by_person(homes, |h| h.person_id),
            spans: by_person(spans, |s| s.person_id),
            scores: by_person(scores, |s| s.person_id),
            for_adoption: by_person(for_adoption, |p| p.person_id),
            touches: by_person(touches, |t| t.person_id),
            alone: alone.into_iter().map(|a| (a.person_id, a)).collect(),
        })
    }
}

//! P7: one decision, and a list of 200 filtered in the database, printed as
//! counts and times. Run with `cargo bench -p access`.

#[path = "../tests/world/mod.rs"]
mod world;

use access::sql::{self, Value};
use access::{Policy, Purpose, Section};
use rand::{RngExt, SeedableRng};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use std::hint::black_box;
use std::time::{Duration, Instant};
use world::{Conflict, Involvement, Member, Restriction, Worker, World};

const PEOPLE: usize = 20_000;
const WORKERS: usize = 300;
const TEAMS: usize = 30;

/// A borough: three people a family, one family in two held by somebody.
fn borough() -> World {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(21);
    let mut pick = |n: usize| rng.random_range(0..n);
    let workers = (0..WORKERS)
        .map(|n| Worker {
            team: Some(n % TEAMS),
            supervisor: Some(pick(WORKERS)),
            starts: -9,
            ends: None,
            active: true,
        })
        .collect();
    let involvements = (0..PEOPLE / 2)
        .map(|n| {
            let worker = pick(WORKERS);
            Involvement {
                person: n * 2,
                worker: Some(worker),
                team: Some(worker % TEAMS),
                role: "allocated",
                started: -3,
                ended: None,
            }
        })
        .collect();
    World {
        people: PEOPLE,
        workers,
        involvements,
        restrictions: (0..PEOPLE / 200)
            .map(|n| Restriction {
                person: n * 200,
                ended: None,
                allow: vec![1],
            })
            .collect(),
        conflicts: (0..WORKERS)
            .map(|n| Conflict {
                worker: n,
                person: n * 7,
                ended: None,
            })
            .collect(),
        grants: Vec::new(),
        contacts: Vec::new(),
        shield: false,
        members: (0..PEOPLE)
            .map(|n| Member {
                family: n / 3,
                person: n,
                left: None,
            })
            .collect(),
    }
}

fn report(name: &str, mut times: Vec<Duration>, budget: Duration) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let verdict = if at(0.99) <= budget { "within" } else { "OVER" };
    println!(
        "{name}: n {}, p50 {:?}, p99 {:?}, {verdict} the budget of {budget:?}",
        times.len(),
        at(0.5),
        at(0.99)
    );
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = include_str!("../../../policies/access.toml");
    let policy = Policy::parse("policies/access.toml", text).map_err(|p| format!("{p:?}"))?;
    let small = World {
        people: 60,
        members: borough().members.into_iter().take(60).collect(),
        ..borough()
    };
    let who = small.principal(
        "social_worker",
        &["case.record", "case.allocate", "people.search"],
        &[0, 1, 2, 3, 4, 5, 6, 7],
    );
    let facts: Vec<_> = (0..60)
        .map(|person| small.facts(person, &[0, 1, 2, 3, 4, 5, 6, 7]))
        .collect();
    let mut times = Vec::new();
    let mut yes = 0;
    for round in 0..50_000 {
        let facts = &facts[round % facts.len()];
        let start = Instant::now();
        let decision =
            black_box(policy.decide(&who, black_box(facts), Purpose::Look, Section::Record));
        times.push(start.elapsed());
        yes += usize::from(decision.allowed);
    }
    println!("{yes} of 50000 decisions were yes");
    report("one decision", times, Duration::from_micros(200));

    let mut db = SqliteConnection::connect("sqlite::memory:").await?;
    sqlx::raw_sql(world::TABLES).execute(&mut db).await?;
    sqlx::raw_sql(
        "CREATE INDEX involvement_person ON involvement (person_id); CREATE INDEX restriction_person ON restriction (person_id);
         CREATE INDEX conflict_person ON conflict (person_id, worker_id); CREATE INDEX family_person ON family_member (person_id);
         CREATE INDEX family_family ON family_member (family_id); CREATE INDEX worker_id ON worker (id); CREATE INDEX person_id ON person (id);
         CREATE INDEX grant_person ON access_grant (person_id); CREATE INDEX child_person ON contact_child (person_id);",
    )
    .execute(&mut db)
    .await?;
    sqlx::raw_sql(AssertSqlSafe(format!(
        "BEGIN; {} COMMIT; ANALYZE;",
        borough().statements()
    )))
    .execute(&mut db)
    .await?;
    for section in [Section::Index, Section::Record, Section::Sensitive] {
        let filter = sql::may_see(
            &policy,
            &who,
            Purpose::Look,
            section,
            world::moment(),
            "p.id",
            1,
        );
        let text = format!(
            "SELECT p.id FROM (SELECT id FROM person ORDER BY id LIMIT 200 OFFSET 5000) p WHERE {}",
            filter.sql
        );
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..200 {
            let start = Instant::now();
            let mut query = sqlx::query_scalar::<_, String>(AssertSqlSafe(text.clone()));
            for value in &filter.values {
                query = match value {
                    Value::Text(text) => query.bind(text.clone()),
                    Value::Date(date) => query.bind(*date),
                    Value::Time(time) => query.bind(*time),
                };
            }
            found = query.fetch_all(&mut db).await?.len();
            times.push(start.elapsed());
        }
        report(
            &format!(
                "list, {} level: {found} of 200 open, {PEOPLE} people held",
                section.as_str()
            ),
            times,
            Duration::from_millis(20),
        );
    }
    Ok(())
}

//! The SQL filter and the decision are the same rules: for every person of
//! thousands of random small worlds, the database lists them exactly when
//! `decide` allows it, and the facts the database reports are the facts.
//!
//! `ACCESS_CASES=100000` runs the full budget (P7). `THROUGHLINE_TEST_POSTGRES=postgres://…`
//! asks a PostgreSQL server as well; its schema `access_agreement` is made anew.

mod world;

use access::sql::{self, Piece, Value};
use access::{FactRow, Facts, Policy, Principal, Purpose, Section, TieKind};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use world::{Conflict, Contact, Grant, Involvement, Member, Restriction, Worker, World};

const PEOPLE: usize = 6;
const WORKERS: usize = 4;
const TEAMS: usize = 3;

/// Who asks, and for what.
#[derive(Debug, Clone)]
struct Asker {
    role: &'static str,
    capabilities: Vec<&'static str>,
    teams: Vec<usize>,
    purpose: Purpose,
}

fn asker() -> impl Strategy<Value = Asker> {
    let every = vec![
        "case.record",
        "case.allocate",
        "case.review",
        "contact.screen",
        "contact.send",
        "access.break_glass",
        "access.override",
        access::SHIELD,
        "case.oversee",
        "people.search",
    ];
    // Posts that reach everybody hide the ties, so most askers have none.
    let close = subsequence(every[..8].to_vec(), 0..=8);
    let any = subsequence(every, 0..=10);
    let role = prop_oneof![9 => Just("social_worker"), 1 => Just("administrator")];
    let purpose = select(Purpose::ALL.to_vec());
    let teams = subsequence((0..TEAMS).collect::<Vec<_>>(), 0..=TEAMS);
    (role, prop_oneof![3 => close, 1 => any], teams, purpose).prop_map(
        |(role, capabilities, teams, purpose)| Asker {
            role,
            capabilities,
            teams,
            purpose,
        },
    )
}

fn ended() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![2 => Just(None), 1 => (-1i64..=1).prop_map(Some)]
}

fn world() -> impl Strategy<Value = World> {
    let team = || prop::option::of(0..TEAMS);
    // One worker in a few has left or has not begun; the one who asks is
    // usually at work.
    let worker = || {
        (
            team(),
            prop::option::of(0..WORKERS),
            -2i64..=1,
            ended(),
            prop::bool::weighted(0.9),
        )
            .prop_map(|(team, supervisor, starts, ends, active)| Worker {
                team,
                supervisor,
                starts,
                ends,
                active,
            })
    };
    let at_work = worker().prop_map(|w| Worker {
        starts: -2,
        ends: None,
        active: true,
        ..w
    });
    let asks = prop_oneof![4 => at_work, 1 => worker()];
    let roles = vec!["allocated", "co_worker", "supervisor", "other"];
    let involvement = (
        0..PEOPLE,
        prop::option::of(0..WORKERS),
        team(),
        select(roles),
        -2i64..=1,
        ended(),
    )
        .prop_map(|(person, worker, team, role, started, ended)| Involvement {
            person,
            worker,
            team,
            role,
            started,
            ended,
        });
    let restriction = (
        0..PEOPLE,
        ended(),
        subsequence((0..WORKERS).collect::<Vec<_>>(), 0..=2),
    )
        .prop_map(|(person, ended, allow)| Restriction {
            person,
            ended,
            allow,
        });
    let conflict = (0..WORKERS, 0..PEOPLE, ended()).prop_map(|(worker, person, ended)| Conflict {
        worker,
        person,
        ended,
    });
    let grant = (
        select(TieKind::GRANTED.to_vec()),
        0..2usize,
        0..PEOPLE,
        select(Section::ALL.to_vec()),
        -2i64..=1,
        0i64..=2,
        ended(),
    )
        .prop_map(
            |(kind, worker, person, section, starts, ends, ended)| Grant {
                kind,
                worker,
                person,
                section,
                starts,
                ends,
                ended,
            },
        );
    let states = vec!["new", "screening", "mash", "closed", "referral"];
    let contact = (
        select(states),
        subsequence((0..PEOPLE).collect::<Vec<_>>(), 1..=2),
    )
        .prop_map(|(state, children)| Contact { state, children });
    let member = (0..3usize, 0..PEOPLE, ended()).prop_map(|(family, person, left)| Member {
        family,
        person,
        left,
    });
    (
        (asks, prop::collection::vec(worker(), WORKERS - 1)),
        prop::collection::vec(involvement, 0..6),
        prop::collection::vec(restriction, 0..3),
        prop::collection::vec(conflict, 0..3),
        prop::collection::vec(grant, 0..4),
        prop::collection::vec(contact, 0..3),
        prop::collection::vec(member, 0..9),
    )
        .prop_map(
            |((asks, others), involvements, restrictions, conflicts, grants, contacts, members)| {
                let workers = std::iter::once(asks).chain(others).collect();
                World {
                    people: PEOPLE,
                    workers,
                    involvements,
                    restrictions,
                    conflicts,
                    grants,
                    contacts,
                    members,
                    shield: false,
                }
            },
        )
}

/// A database that can be asked either way.
enum Database {
    Lite(SqliteConnection),
    Postgres(PgConnection),
}

/// Binds the values of a piece to a query of either database.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values.iter().fold($query, |query, value| match value {
            Value::Text(text) => query.bind(text.clone()),
            Value::Date(date) => query.bind(*date),
            Value::Time(time) => query.bind(*time),
        })
    };
}

type Row = (
    String,
    Option<String>,
    Option<String>,
    Option<DateTime<Utc>>,
);

impl Database {
    async fn run(&mut self, text: String) {
        let text = sqlx::raw_sql(AssertSqlSafe(text));
        match self {
            Database::Lite(db) => text.execute(db).await.map(drop),
            Database::Postgres(db) => text.execute(db).await.map(drop),
        }
        .expect("the statements run");
    }

    async fn people(&mut self, filter: Piece) -> BTreeSet<String> {
        let text = AssertSqlSafe(format!("SELECT p.id FROM person p WHERE {}", filter.sql));
        let rows = match self {
            Database::Lite(db) => {
                bound!(sqlx::query_scalar(text), filter.values)
                    .fetch_all(db)
                    .await
            }
            Database::Postgres(db) => {
                bound!(sqlx::query_scalar(text), filter.values)
                    .fetch_all(db)
                    .await
            }
        };
        rows.expect("the filter runs").into_iter().collect()
    }

    async fn facts(&mut self, query: Piece) -> Facts {
        let text = AssertSqlSafe(query.sql);
        let rows: Result<Vec<Row>, _> = match self {
            Database::Lite(db) => {
                bound!(sqlx::query_as(text), query.values)
                    .fetch_all(db)
                    .await
            }
            Database::Postgres(db) => {
                bound!(sqlx::query_as(text), query.values)
                    .fetch_all(db)
                    .await
            }
        };
        let rows = rows.expect("the facts query runs").into_iter();
        let rows = rows.map(|(fact, through, section, until)| FactRow {
            fact,
            through,
            section,
            until,
        });
        world::tidy(Facts::from_rows(rows).expect("every fact is known"))
    }
}

async fn agree(
    db: &mut Database,
    policy: &Policy,
    world: &World,
    who: &Principal,
    asker: &Asker,
) -> Result<usize, TestCaseError> {
    let moment = world::moment();
    db.run(world.statements()).await;
    let facts: Vec<Facts> = (0..PEOPLE).map(|p| world.facts(p, &asker.teams)).collect();
    for (person, expected) in facts.iter().enumerate() {
        let read = db
            .facts(sql::facts(who, &world::id(person), moment, 1))
            .await;
        prop_assert_eq!(&read, expected, "facts of person {}", person);
    }
    let barred = db.people(sql::barred(who, moment, "p.id", 1)).await;
    for (person, facts) in facts.iter().enumerate() {
        let listed = barred.contains(world::id::<()>(person).as_str());
        prop_assert_eq!(listed, facts.bar().is_some(), "bars of person {}", person);
    }
    let mut seen = 0;
    for section in Section::ALL {
        let filter = sql::may_see(policy, who, asker.purpose, section, moment, "p.id", 1);
        let listed = db.people(filter.clone()).await;
        for (person, facts) in facts.iter().enumerate() {
            let decision = policy.decide(who, facts, asker.purpose, section);
            let in_list = listed.contains(world::id::<()>(person).as_str());
            prop_assert_eq!(
                in_list,
                decision.allowed,
                "person {} {:?}: listed {}, decided {:?}\n{}",
                person,
                section,
                in_list,
                decision,
                filter.sql
            );
            seen += usize::from(in_list);
        }
    }
    Ok(seen)
}

fn run(mut db: Database, cases: u32) {
    let text = include_str!("../../../policies/access.toml");
    let parse = |text: &str| Policy::parse("policies/access.toml", text).expect("a sound policy");
    // The duty of the front door opens the index of everybody: without it, the
    // narrower rule of an open contact has to open the family by itself.
    let duty = "tie = \"duty\"\nneeds = [\"contact.screen\"]";
    assert!(text.contains(duty));
    let narrow = text.replace(duty, "tie = \"duty\"\nneeds = [\"case.oversee\"]");
    let policies = [parse(text), parse(&narrow)];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(db.run(world::TABLES.to_owned()));
    let db = std::cell::RefCell::new(db);
    let (seen, asked) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&(world(), asker()), |(mut world, asker)| {
        world.shield = asker.capabilities.contains(&access::SHIELD);
        let who = world.principal(asker.role, &asker.capabilities, &asker.teams);
        for policy in &policies {
            let db = &mut db.borrow_mut();
            let found = runtime.block_on(agree(db, policy, &world, &who, &asker))?;
            seen.set(seen.get() + found);
            asked.set(asked.get() + PEOPLE * Section::ALL.len());
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    println!(
        "{cases} worlds, {} decisions, {} of them yes",
        asked.get(),
        seen.get()
    );
    // Worlds in which nearly nothing or nearly all is open would prove little.
    let share = seen.get() as f64 / asked.get() as f64;
    assert!(
        (0.05..0.6).contains(&share),
        "{share} of the decisions were yes"
    );
}

fn cases() -> u32 {
    std::env::var("ACCESS_CASES").map_or(1_000, |n| n.parse().expect("ACCESS_CASES is a number"))
}

/// P7: the list filter equals the decision.
#[test]
fn p7_the_filter_on_sqlite_equals_the_decision() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let db = runtime
        .block_on(SqliteConnection::connect("sqlite::memory:"))
        .unwrap();
    run(Database::Lite(db), cases());
}

/// P7 on PostgreSQL, when a server is named.
#[test]
fn p7_the_filter_on_postgresql_equals_the_decision() {
    let Ok(url) = std::env::var("THROUGHLINE_TEST_POSTGRES") else {
        println!("THROUGHLINE_TEST_POSTGRES is not set: only SQLite was asked");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let db = runtime.block_on(async {
        let mut db = PgConnection::connect(&url).await.expect("the server answers");
        let fresh = "DROP SCHEMA IF EXISTS access_agreement CASCADE; CREATE SCHEMA access_agreement; \
                     SET search_path TO access_agreement";
        sqlx::raw_sql(fresh).execute(&mut db).await.expect("a schema of its own");
        db
    });
    // The connection belongs to this runtime, which must outlive the run.
    std::thread::scope(|scope| {
        scope.spawn(|| run(Database::Postgres(db), cases().min(400)));
    });
}

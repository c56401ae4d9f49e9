//! P5: the pages of a borough of 20,000 children: statements and compressed
//! bytes of each kind of page, and the time to the first byte over HTTP while
//! many people read and click.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use casework::Casework;
use rand::RngExt as _;
use record::args;
use record::db::count_queries;
use synth::Size;
use synth::load::Loader;
use tower::ServiceExt as _;
use vocabulary::{Id, ids};

use super::client::Client;
use super::table::row;
use super::{milliseconds, percentile};
use crate::council::{self, Place};

/// How long a person reads before the next page.
const READING: Duration = Duration::from_secs(10);
/// How many pages of each kind are weighed.
const WEIGHED: usize = 40;

/// Somebody who is signed in, with the pages of their work.
struct User {
    cookie: String,
    pages: Vec<Page>,
}

/// A kind of page, and where one is.
type Page = (&'static str, String);

pub(super) async fn run(users: usize, length: Duration) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let casework = borough(folder.path(), Size::Large).await?;
    let people = Arc::new(sign_in(&casework, users).await?);
    let router = web::router(web::App::new(casework.clone(), false));
    let kinds = kinds_of(&people);
    let weights = weigh(&router, &people, &kinds).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let times = use_it(address, &people, length).await?;
    server.abort();
    let yardstick = select_one(&casework).await?;
    for (kind, weight) in &weights {
        let of_kind = times.iter().filter(|t| t.0 == *kind).map(|t| t.1);
        let of_kind: Vec<Duration> = sorted(of_kind);
        let what = format!("{kind}: statements, KB, first byte p50 and p95");
        let times = match of_kind.is_empty() {
            true => "not opened".to_owned(),
            false => format!(
                "{} {}",
                milliseconds(percentile(&of_kind, 50)),
                milliseconds(percentile(&of_kind, 95))
            ),
        };
        let measured = format!(
            "{} {:.1}",
            weight.statements,
            weight.largest as f64 / 1000.0
        );
        row("P5", &what, measured, "", &times);
    }
    summary(&weights, &times, people.len(), length, yardstick);
    casework.store().close().await?;
    Ok(())
}

fn summary(
    weights: &[(&str, Weight)],
    times: &[(&str, Duration)],
    users: usize,
    length: Duration,
    yardstick: Duration,
) {
    let most = weights.iter().map(|w| w.1.statements).max();
    row(
        "P5",
        "most statements of a page",
        most.unwrap_or_default(),
        "12",
        "",
    );
    let mut sizes: Vec<usize> = weights.iter().flat_map(|w| w.1.sizes.clone()).collect();
    sizes.sort_unstable();
    let kilobytes = |bytes: usize| format!("{:.1} KB", bytes as f64 / 1000.0);
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let largest = sizes.last().copied().unwrap_or_default();
    row(
        "P5",
        "compressed, median page",
        kilobytes(median),
        "15 KB",
        "",
    );
    row(
        "P5",
        "compressed, largest page",
        kilobytes(largest),
        "40 KB",
        "",
    );
    let all = sorted(times.iter().map(|t| t.1));
    let rate = all.len() as f64 / length.as_secs_f64();
    let what = format!("{users} people at work, {} pages opened", all.len());
    row("P5", &what, format!("{rate:.0} a second"), "", "");
    let ratio = |time: Duration| {
        let times = time.as_secs_f64() / yardstick.as_secs_f64();
        format!("{times:.0} × `select 1` ({})", milliseconds(yardstick))
    };
    let (p50, p95) = (percentile(&all, 50), percentile(&all, 95));
    row(
        "P5",
        "first byte, median",
        milliseconds(p50),
        "25 ms",
        &ratio(p50),
    );
    row(
        "P5",
        "first byte, p95",
        milliseconds(p95),
        "100 ms",
        &ratio(p95),
    );
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times
}

/// A council in a file, with everything of a borough of that size in it.
pub(super) async fn borough(folder: &Path, size: Size) -> Result<Casework> {
    let place = Place {
        name: "Larkmere children's services".to_owned(),
        database: format!("sqlite:{}", folder.join("throughline.db").display()),
        keys: folder.join("keys"),
        heads: folder.join("heads.jsonl"),
        packs: Vec::new(),
        policy: None,
    };
    let casework = council::open(&place).await?;
    let hash = casework::sign_in::hash_password(crate::demo::PASSWORD)?;
    Loader::begin(&casework, size, casework::time::now_local(), &hash)
        .await?
        .rest(|_| {})
        .await?;
    Ok(casework)
}

#[derive(sqlx::FromRow)]
struct Held {
    worker_id: Id<ids::Worker>,
    person_id: String,
    family_id: String,
    step_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct At {
    id: Id<ids::Worker>,
    role: String,
    team_id: Option<String>,
}

/// A session for everybody who works here, workers who hold children first, so
/// many as wanted; a worker has more than one if there are fewer workers.
async fn sign_in(casework: &Casework, users: usize) -> Result<Vec<User>> {
    let db = casework.store().read_db();
    let held: Vec<Held> = db
        .all(
            "select i.worker_id, i.person_id, m.family_id, \
             (select s.id from step s where s.family_id = m.family_id \
              and s.kind = 'child-and-family-assessment' order by s.started_on desc limit 1) as step_id \
             from involvement i join family_member m on m.person_id = i.person_id \
             where i.role = 'allocated' and i.ended_on is null and i.worker_id is not null \
             order by i.worker_id, i.person_id",
            args![],
        )
        .await?;
    let contacts: Vec<Held> = db
        .all(
            "select screener_id as worker_id, id as person_id, id as family_id, \
             cast(null as text) as step_id from contact where screener_id is not null \
             order by received_at desc limit 60",
            args![],
        )
        .await?;
    let workers: Vec<At> = db
        .all(
            "select w.id, w.role, (select t.id from team t where t.manager_id = w.id) as team_id \
             from worker w order by (select count(*) from involvement i where i.worker_id = w.id \
             and i.role = 'allocated' and i.ended_on is null) desc, w.id",
            args![],
        )
        .await?;
    ensure!(!held.is_empty(), "nobody holds a child");
    let mut at_work = Vec::new();
    for worker in workers {
        if casework.viewer(worker.id, None).await?.is_some() {
            at_work.push(worker);
        }
    }
    let mut all = Vec::new();
    for worker in at_work.iter().cycle().take(users.max(at_work.len())) {
        let mut pages: Vec<Page> = vec![("my work", "/".to_owned())];
        for h in held.iter().filter(|h| h.worker_id == worker.id) {
            pages.extend([
                ("child", format!("/people/{}", h.person_id)),
                ("story", format!("/people/{}/story", h.person_id)),
                ("family", format!("/families/{}", h.family_id)),
                ("plan", format!("/people/{}/plan", h.person_id)),
                ("who looked", format!("/people/{}/looks", h.person_id)),
            ]);
            if let Some(step) = &h.step_id {
                pages.push(("assessment", format!("/steps/{step}")));
                pages.push(("section", format!("/steps/{step}/analysis")));
            }
        }
        if worker.role == "screener" {
            pages.push(("front door", "/front-door".to_owned()));
            pages.push(("find", "/find".to_owned()));
            let contact = |h: &Held| ("contact", format!("/contacts/{}", h.person_id));
            pages.extend(contacts.iter().map(contact));
        }
        if let Some(team) = &worker.team_id {
            pages.push(("team", format!("/team/{team}")));
        }
        let token = casework.store().start_session(worker.id).await?;
        all.push(User {
            cookie: format!("tl-session={token}"),
            pages,
        });
    }
    Ok(all)
}

fn kinds_of(people: &[User]) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for (kind, _) in people.iter().flat_map(|u| &u.pages) {
        if !kinds.contains(kind) {
            kinds.push(*kind);
        }
    }
    kinds
}

/// What the pages of one kind cost: the most of any.
#[derive(Debug, Default)]
struct Weight {
    statements: u32,
    largest: usize,
    sizes: Vec<usize>,
}

/// Statements and compressed bytes, for each kind of page.
async fn weigh(
    router: &Router,
    people: &[User],
    kinds: &[&'static str],
) -> Result<Vec<(&'static str, Weight)>> {
    let mut all = Vec::new();
    for kind in kinds {
        let mut weight = Weight::default();
        let asked = people.iter().flat_map(|u| {
            let pages = u.pages.iter().filter(|p| p.0 == *kind);
            pages.map(|p| (u.cookie.as_str(), p.1.as_str()))
        });
        // From all over the borough, not the children of the first worker.
        let asked: Vec<_> = asked.collect();
        for (cookie, path) in asked.iter().step_by((asked.len() / WEIGHED).max(1)) {
            let request = Request::get(*path)
                .header("cookie", *cookie)
                .header("accept-encoding", "br")
                .body(Body::empty())?;
            let (answer, statements) = count_queries(router.clone().oneshot(request)).await;
            let answer = answer?;
            if answer.status() != 200 {
                continue;
            }
            let body = to_bytes(answer.into_body(), 16 << 20).await?;
            weight.statements = weight.statements.max(statements);
            weight.largest = weight.largest.max(body.len());
            weight.sizes.push(body.len());
        }
        ensure!(!weight.sizes.is_empty(), "no {kind} page opens");
        all.push((*kind, weight));
    }
    Ok(all)
}

/// Everybody reads and clicks for a while; gives the times to the first byte.
async fn use_it(
    address: SocketAddr,
    people: &Arc<Vec<User>>,
    length: Duration,
) -> Result<Vec<(&'static str, Duration)>> {
    let until = Instant::now() + length;
    let mut tasks = Vec::new();
    for n in 0..people.len() {
        let people = people.clone();
        tasks.push(tokio::spawn(async move {
            let user = &people[n];
            let mut client = Client::new(address, user.cookie.clone());
            client.compressed = true;
            let mut times = Vec::new();
            loop {
                let pause = READING.mul_f64(rand::rng().random_range(0.0..2.0));
                tokio::time::sleep(pause.min(until.saturating_duration_since(Instant::now())))
                    .await;
                if Instant::now() >= until {
                    return Ok::<_, anyhow::Error>(times);
                }
                let (kind, path) = &user.pages[rand::rng().random_range(0..user.pages.len())];
                let answer = client.get(path).await?;
                ensure!(
                    matches!(answer.status, 200 | 303 | 404),
                    "{path} answered {}",
                    answer.status
                );
                if answer.status == 200 {
                    times.push((*kind, answer.first_byte));
                }
            }
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(times)
}

async fn select_one(casework: &Casework) -> Result<Duration> {
    #[derive(sqlx::FromRow)]
    struct One {
        n: i64,
    }
    let mut times = Vec::new();
    for _ in 0..500 {
        let started = Instant::now();
        let db = casework.store().read_db();
        let one: One = db.one("select 1 as n", args![]).await?;
        ensure!(one.n == 1, "the database cannot count");
        times.push(started.elapsed());
    }
    Ok(percentile(&sorted(times.into_iter()), 50))
}

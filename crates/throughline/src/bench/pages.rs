//! P5: the pages of the full borough: time to the first byte with simulated
//! users over HTTP, statements and compressed bytes a page in the process.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use casework::Casework;
use rand::RngExt as _;
use record::args;
use record::db::count_queries;
use synth::Size;
use synth::load::Loader;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt as _;
use vocabulary::{Id, ids};

use super::{figure, milliseconds, percentile};
use crate::council::{self, Place};

/// How long a person reads before the next page.
const READING: Duration = Duration::from_secs(10);

/// Somebody who is signed in, with the pages of their work.
struct User {
    cookie: String,
    pages: Vec<(&'static str, String)>,
}

#[derive(sqlx::FromRow)]
struct Held {
    worker_id: Id<ids::Worker>,
    person_id: String,
    family_id: String,
    step_id: Option<String>,
}

pub(super) async fn run(users: usize, length: Duration) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let casework = full(folder.path()).await?;
    let people = Arc::new(sign_in(&casework, users).await?);
    let router = web::router(web::App::new(casework.clone(), false));
    println!("P5: pages of the full borough");
    each_page(&router, &people).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let times = use_it(address, &people, users, length).await?;
    server.abort();
    figure(
        &format!(
            "{users} users, {} pages in {} s",
            times.len(),
            length.as_secs()
        ),
        format!("{:.0} a second", times.len() as f64 / length.as_secs_f64()),
        "",
    );
    figure(
        "first byte, median",
        milliseconds(percentile(&times, 50)),
        "budget 25 ms",
    );
    figure(
        "first byte, p95",
        milliseconds(percentile(&times, 95)),
        "budget 100 ms",
    );
    let yardstick = select_one(&casework).await?;
    figure(
        "yardstick: `select 1` through the pool",
        milliseconds(yardstick),
        "",
    );
    println!();
    casework.store().close().await?;
    Ok(())
}

async fn full(folder: &Path) -> Result<Casework> {
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
    Loader::begin(&casework, Size::Full, casework::time::now_local(), &hash)
        .await?
        .all(|_| {})
        .await?;
    Ok(casework)
}

/// Sessions for workers who hold children, as many as wanted, one worker more
/// than once if need be; and the screener.
async fn sign_in(casework: &Casework, users: usize) -> Result<Vec<User>> {
    let held: Vec<Held> = casework
        .store()
        .read_db()
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
    let mut workers: Vec<Id<ids::Worker>> = held.iter().map(|h| h.worker_id).collect();
    workers.dedup();
    anyhow::ensure!(!workers.is_empty(), "nobody holds a child");
    let mut all = Vec::new();
    for n in 0..users {
        let worker = workers[n % workers.len()];
        let mut pages = vec![("my work", "/".to_owned())];
        for h in held.iter().filter(|h| h.worker_id == worker) {
            pages.push(("child", format!("/people/{}", h.person_id)));
            pages.push(("story", format!("/people/{}/story", h.person_id)));
            pages.push(("family", format!("/families/{}", h.family_id)));
            pages.push(("plan", format!("/people/{}/plan", h.person_id)));
            if let Some(step) = &h.step_id {
                pages.push(("assessment", format!("/steps/{step}")));
                pages.push(("section", format!("/steps/{step}/analysis")));
            }
        }
        all.push(user(casework, worker, pages).await?);
    }
    #[derive(sqlx::FromRow)]
    struct Found {
        id: Id<ids::Worker>,
    }
    let screener: Found = casework
        .store()
        .read_db()
        .one(
            "select id from worker where username = $1",
            args!["farah.screener"],
        )
        .await?;
    let board = vec![
        ("front door", "/front-door".to_owned()),
        ("find", "/find".to_owned()),
    ];
    all.push(user(casework, screener.id, board).await?);
    Ok(all)
}

async fn user(
    casework: &Casework,
    worker: Id<ids::Worker>,
    pages: Vec<(&'static str, String)>,
) -> Result<User> {
    let token = casework.store().start_session(worker).await?;
    Ok(User {
        cookie: format!("tl-session={token}"),
        pages,
    })
}

/// Statements and compressed bytes, for each kind of page.
async fn each_page(router: &Router, people: &[User]) -> Result<()> {
    let mut sizes = Vec::new();
    let mut most = 0;
    let kinds = [
        "sign-in",
        "my work",
        "front door",
        "find",
        "child",
        "story",
        "family",
        "assessment",
        "section",
        "plan",
    ];
    for kind in kinds {
        let mut asked: Vec<(&str, &str)> = people
            .iter()
            .filter_map(|u| {
                let page = u.pages.iter().find(|p| p.0 == kind)?;
                Some((u.cookie.as_str(), page.1.as_str()))
            })
            .take(40)
            .collect();
        if kind == "sign-in" {
            asked.push(("", "/sign-in"));
        }
        let found = measure(router, asked.into_iter()).await?;
        report(kind, &found, &mut sizes, &mut most);
    }
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let largest = sizes.last().copied().unwrap_or_default();
    figure("most statements of a page", most.to_string(), "budget 12");
    figure(
        "compressed, median",
        format!("{:.1} KB", median as f64 / 1000.0),
        "budget 15 KB",
    );
    figure(
        "compressed, most",
        format!("{:.1} KB", largest as f64 / 1000.0),
        "budget 40 KB",
    );
    Ok(())
}

/// Status, statements and compressed bytes of one page.
type Seen = (u16, u32, usize);

async fn measure<'a>(
    router: &Router,
    asked: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Seen>> {
    let mut all = Vec::new();
    for (cookie, path) in asked {
        let request = Request::get(path)
            .header("cookie", cookie)
            .header("accept-encoding", "br")
            .body(Body::empty())?;
        let (answer, statements) = count_queries(router.clone().oneshot(request)).await;
        let answer = answer?;
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 16 << 20).await?;
        all.push((status, statements, body.len()));
    }
    Ok(all)
}

fn report(kind: &str, found: &[Seen], sizes: &mut Vec<usize>, most: &mut u32) {
    let good: Vec<&Seen> = found.iter().filter(|s| s.0 == 200).collect();
    if good.is_empty() {
        let status = found.first().map_or(0, |s| s.0);
        figure(kind, format!("answers {status}"), "");
        return;
    }
    let statements = good.iter().map(|s| s.1).max().unwrap_or_default();
    let largest = good.iter().map(|s| s.2).max().unwrap_or_default();
    *most = statements.max(*most);
    sizes.extend(good.iter().map(|s| s.2));
    let words = format!("{statements} st, {:.1} KB", largest as f64 / 1000.0);
    figure(&format!("{kind} (most of {})", good.len()), words, "");
}

/// Everybody reads and clicks for a while; gives the times to the first byte.
async fn use_it(
    address: SocketAddr,
    people: &Arc<Vec<User>>,
    users: usize,
    length: Duration,
) -> Result<Vec<Duration>> {
    let until = Instant::now() + length;
    let mut tasks = Vec::new();
    for n in 0..users {
        let people = people.clone();
        tasks.push(tokio::spawn(async move {
            let user = &people[n % people.len()];
            let mut times = Vec::new();
            loop {
                let pause = READING.mul_f64(rand::rng().random_range(0.0..2.0));
                tokio::time::sleep(pause.min(until.saturating_duration_since(Instant::now())))
                    .await;
                if Instant::now() >= until {
                    return Ok::<_, anyhow::Error>(times);
                }
                let page = rand::rng().random_range(0..user.pages.len());
                times.push(first_byte(address, &user.cookie, &user.pages[page].1).await?);
            }
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    times.sort_unstable();
    Ok(times)
}

async fn first_byte(address: SocketAddr, cookie: &str, path: &str) -> Result<Duration> {
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).await?;
    let ask = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).await?;
    let mut answer = vec![0u8; 16 << 10];
    let n = stream.read(&mut answer).await?;
    let took = started.elapsed();
    anyhow::ensure!(n > 0, "{path} did not answer");
    let status = std::str::from_utf8(&answer[..n.min(12)]).context("an answer in HTTP")?;
    anyhow::ensure!(
        status.ends_with("200") || status.ends_with("404") || status.ends_with("303"),
        "{path} answered {status}"
    );
    while stream.read(&mut answer).await? > 0 {}
    Ok(took)
}

async fn select_one(casework: &Casework) -> Result<Duration> {
    #[derive(sqlx::FromRow)]
    struct One {
        n: i64,
    }
    let mut times = Vec::new();
    for _ in 0..500 {
        let started = Instant::now();
        let one: One = casework
            .store()
            .read_db()
            .one("select 1 as n", args![])
            .await?;
        anyhow::ensure!(one.n == 1, "the database cannot count");
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(percentile(&times, 50))
}

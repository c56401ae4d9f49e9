//! P9: the services directory with 20,000 services: every kind of search in
//! process, and its pages over HTTP with 400 people who search.

use std::time::{Duration, Instant};

use ::directory::{invented, measure};
use anyhow::{Result, ensure};
use record::Actor;

use super::client::Client;
use super::table::row;
use super::{milliseconds, percentile};
use crate::council::{self, Place};

const SERVICES: usize = 20_000;
const PEOPLE: usize = 400;
/// How long a person reads before the next search.
const READING: Duration = Duration::from_secs(8);
/// How often each search is made in process.
const TIMES: usize = 300;

/// What people look for over HTTP.
const PAGES: [&str; 6] = [
    "/services",
    "/services?q=swimming&near=LK5+5&within=5",
    "/services?q=swiming+beginers&age=7",
    "/services?near=LK3+2&within=2&view=map",
    "/local-offer?q=short+breaks&near=LK1+1",
    "/young-people?day=5&free=yes",
];

pub(super) async fn run(length: Duration) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place {
        name: "Larkmere children's services".to_owned(),
        database: format!("sqlite:{}", folder.path().join("throughline.db").display()),
        keys: folder.path().join("keys"),
        heads: folder.path().join("heads.jsonl"),
        packs: Vec::new(),
        policy: None,
    };
    let casework = council::open(&place).await?;
    let code = Some(invented::COUNCIL);
    crate::directory::settle(&casework, invented::postcodes(), None, code).await?;
    let made = invented::directory(SERVICES, 11, casework::time::today());
    casework
        .keep_directory(&Actor::system("bench"), &made, |_, _| {})
        .await?;
    let begun = Instant::now();
    let store = casework.catalogue().await?;
    row(
        "P9",
        "read and indexed, 20,000 services",
        milliseconds(begun.elapsed()),
        "",
        "",
    );
    let yard = yardstick(&store);
    let mut worst = Duration::ZERO;
    for (name, wanted) in measure::searches(&store, &invented::postcodes()) {
        let mut times = Vec::with_capacity(TIMES);
        let mut found = 0;
        for _ in 0..TIMES {
            let begun = Instant::now();
            let hits = store.find(&wanted);
            for hit in hits.hits.iter().take(20) {
                std::hint::black_box(store.why(&wanted, &hits, hit));
            }
            times.push(begun.elapsed());
            found = hits.hits.len();
        }
        times.sort_unstable();
        let p99 = percentile(&times, 99);
        worst = worst.max(p99);
        let what = format!("{name} ({found} found), p99");
        row("P9", &what, milliseconds(p99), "5 ms", &against(p99, yard));
    }
    row(
        "P9",
        "the slowest search, p99",
        milliseconds(worst),
        "5 ms",
        &against(worst, yard),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = web::router(web::App::new(casework.clone(), false));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(tokio::spawn(async move {
            let mut client = Client::new(address, String::new());
            // They do not all begin in the same moment.
            tokio::time::sleep(READING * number as u32 / PEOPLE as u32).await;
            let end = Instant::now() + length;
            let mut times = Vec::new();
            let mut at = number;
            while Instant::now() < end {
                let answer = client.get(PAGES[at % PAGES.len()]).await?;
                ensure!(
                    answer.status == 200,
                    "{} on {}",
                    answer.status,
                    PAGES[at % PAGES.len()]
                );
                times.push(answer.first_byte);
                at += 1;
                tokio::time::sleep(READING).await;
            }
            Ok::<_, anyhow::Error>(times)
        }));
    }
    let mut times = Vec::new();
    for person in people {
        times.extend(person.await??);
    }
    server.abort();
    times.sort_unstable();
    let (p50, p95) = (percentile(&times, 50), percentile(&times, 95));
    let what = format!("{PEOPLE} people, {} pages, first byte p50", times.len());
    row("P9", &what, milliseconds(p50), "", &against(p50, yard));
    row(
        "P9",
        "the same, p95",
        milliseconds(p95),
        "50 ms",
        &against(p95, yard),
    );
    casework.store().close().await?;
    Ok(())
}

/// One pass over the names of all services.
fn yardstick(store: &::directory::search::Catalogue) -> Duration {
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            let entries = store.directory.entries();
            std::hint::black_box(entries.filter(|e| e.service.name.contains("zz")).count());
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    percentile(&times, 50)
}

fn against(time: Duration, yard: Duration) -> String {
    let ratio = time.as_secs_f64() / yard.as_secs_f64().max(f64::EPSILON);
    format!("{ratio:.1} × all names ({})", milliseconds(yard))
}

//! P6: record views through the gate, each with its event on disk before the
//! record is shown, many viewers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use casework::{Asked, Casework};
use record::args;
use synth::Size;
use synth::load::Loader;
use vocabulary::{Id, ids};

use super::table::row;
use super::{durable_appends, milliseconds, percentile};
use crate::council::{self, Place};

const VIEWERS: usize = 128;
const LENGTH: Duration = Duration::from_secs(5);

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Person>,
}

/// The small borough in a folder that goes away.
pub(super) async fn small(folder: &std::path::Path) -> Result<Casework> {
    let place = Place {
        name: "Larkmere".to_owned(),
        database: format!("sqlite:{}", folder.join("throughline.db").display()),
        keys: folder.join("keys"),
        heads: folder.join("heads.jsonl"),
        packs: Vec::new(),
        policy: None,
    };
    let casework = council::open(&place).await?;
    let hash = casework::sign_in::hash_password(crate::demo::PASSWORD)?;
    Loader::begin(&casework, Size::Small, casework::time::now_local(), &hash)
        .await?
        .rest(|_| {})
        .await?;
    Ok(casework)
}

pub(super) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let appends = durable_appends(folder.path())?;
    let casework = small(folder.path()).await?;
    let jo: Found = casework
        .store()
        .read_db()
        .one(
            "select id from worker where username = $1",
            args!["jo.socialworker"],
        )
        .await?;
    let viewer = casework
        .viewer(jo.id.cast(), None)
        .await?
        .context("Jo is at work")?;
    let children: Vec<Found> = casework
        .store()
        .read_db()
        .all(
            "select person_id as id from involvement where worker_id = $1 and role = 'allocated' \
             and ended_on is null",
            args![jo.id],
        )
        .await?;
    let children: Arc<Vec<Id<ids::Person>>> =
        Arc::new(children.into_iter().map(|c| c.id).collect());
    let seen = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + LENGTH;
    let mut tasks = Vec::new();
    for n in 0..VIEWERS {
        let (casework, viewer) = (casework.clone(), viewer.clone());
        let (children, seen) = (children.clone(), seen.clone());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            let mut i = n;
            while Instant::now() < until {
                let started = Instant::now();
                let child = children[i % children.len()];
                let found = casework
                    .gate()
                    .person(&viewer, child, Asked::to_read("bench"))
                    .await?;
                anyhow::ensure!(found.is_some(), "Jo may not see her own child {child}");
                times.push(started.elapsed());
                seen.fetch_add(1, Ordering::Relaxed);
                i += 1;
            }
            Ok::<_, anyhow::Error>(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    times.sort_unstable();
    let views = seen.load(Ordering::Relaxed) as f64 / LENGTH.as_secs_f64();
    row(
        "P6",
        &format!("record views with their event, {VIEWERS} at once"),
        format!("{views:.0} a second"),
        "1,500 a second",
        &format!(
            "{:.1} × durable appends ({appends:.0} a second)",
            views / appends
        ),
    );
    let times = format!(
        "{} {}",
        milliseconds(percentile(&times, 50)),
        milliseconds(percentile(&times, 95))
    );
    row("P6", "one view, p50 and p95", times, "", "");
    casework.store().close().await?;
    Ok(())
}

//! S1: a process that writes is killed at a random moment, again and again.
//! Every write that it acknowledged must be there, with its event, and the
//! chain must hold.

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::Utc;
use rand::RngExt as _;
use record::journal::{heads, verify};
use record::model::Family;
use record::{Actor, Keys, Store, StoreOptions, args};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use vocabulary::Id;

use super::table::row;

/// How many write at once in the child.
const WRITERS: usize = 8;
/// A new folder after so many rounds: each round verifies the whole chain.
const ROUNDS_A_FOLDER: u32 = 25;

fn options(folder: &Path) -> StoreOptions {
    StoreOptions {
        url: format!("sqlite:{}", folder.join("crash.db").display()),
        heads: folder.join("heads.jsonl"),
    }
}

async fn open(folder: &Path) -> Result<Store> {
    let keys = Keys::in_folder(&folder.join("keys"))?;
    Ok(Store::open(&options(folder), keys).await?)
}

/// The child: writes until it is killed, and says each write only after it was
/// acknowledged.
pub(super) async fn write(folder: Option<&Path>) -> Result<()> {
    let store = open(folder.context("the writer needs a folder: --data DIR")?).await?;
    let mut tasks = Vec::new();
    for n in 0..WRITERS {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            loop {
                let family = Family {
                    id: Id::new(),
                    name: format!("Family of writer {n}"),
                    created_at: Utc::now(),
                    version: 1,
                };
                let mut tx = store.begin(&Actor::system("crash")).await?;
                tx.insert(&family).await?;
                tx.commit().await?;
                println!("{}", family.id);
            }
            #[expect(
                unreachable_code,
                reason = "the loop ends by an error or by being killed"
            )]
            Ok::<(), record::Error>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
}

/// Kills and counts. False if anything acknowledged was lost or a chain broke.
pub(super) async fn run(rounds: u32, writes: u32) -> Result<bool> {
    let program = std::env::current_exe().context("the program does not know its own file")?;
    let (mut acknowledged, mut lost, mut broken) = (0u64, 0u64, 0u64);
    let mut folder = tempfile::tempdir()?;
    let mut known: HashSet<String> = HashSet::new();
    for round in 0..rounds {
        if round > 0 && round.is_multiple_of(ROUNDS_A_FOLDER) {
            folder = tempfile::tempdir()?;
            known.clear();
        }
        let mut child = Command::new(&program)
            .args(["bench", "crash-writer", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().context("the writer has no output")?;
        let mut lines = BufReader::new(out).lines();
        let mut fresh: u32 = 0;
        while fresh < writes
            && let Some(id) = lines.next_line().await?
        {
            known.insert(id);
            fresh += 1;
        }
        anyhow::ensure!(
            fresh >= writes,
            "the writer stopped by itself after {fresh} writes"
        );
        // At no particular moment of a transaction.
        let wait = rand::rng().random_range(0..20_000);
        tokio::time::sleep(Duration::from_micros(wait)).await;
        child.start_kill()?;
        // What it said before it died counts; a line cut in two does not.
        while let Some(id) = lines.next_line().await? {
            if id.len() == 36 {
                known.insert(id);
                fresh += 1;
            }
        }
        child.wait().await?;
        acknowledged += u64::from(fresh);
        let (gone, faults) = account(folder.path(), &known).await?;
        lost += gone;
        broken += faults;
    }
    let what = format!("killed {rounds} times at the record, acknowledged");
    row("S1", &what, acknowledged, "", "");
    row("S1", "lost, or without their event", lost, "0", "");
    row("S1", "chain failures", broken, "0", "");
    Ok(lost == 0 && broken == 0)
}

/// How many acknowledged writes are not there with their event, and how many
/// faults the chains have.
async fn account(folder: &Path, known: &HashSet<String>) -> Result<(u64, u64)> {
    let store = open(folder).await?;
    let db = store.read_db();
    let rows: Vec<Row> = db.all("select id from family", args![]).await?;
    let events: Vec<Row> = db
        .all(
            "select object_id as id from journal where object_kind = 'family' and action = 'created'",
            args![],
        )
        .await?;
    let rows: HashSet<String> = rows.into_iter().map(|r| r.id).collect();
    let events: HashSet<String> = events.into_iter().map(|r| r.id).collect();
    let gone = known
        .iter()
        .filter(|id| !rows.contains(*id) || !events.contains(*id))
        .count();
    // A row without its event, or an event without its row, is a fault too.
    let torn = rows.symmetric_difference(&events).count();
    let file = options(folder).heads;
    let kept = if file.exists() {
        heads::read(&file)?
    } else {
        Vec::new()
    };
    let report = verify::verify(db, &kept, |_| {}).await?;
    store.close().await?;
    Ok((gone as u64, (report.faults.len() + torn) as u64))
}

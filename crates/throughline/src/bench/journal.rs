//! P10: appending to the journal in batches, and verifying all of it.

use std::time::Instant;

use anyhow::Result;
use record::journal::{Deed, Event, heads, verify};
use record::{Actor, Keys, Store, StoreOptions};
use sha2::{Digest, Sha256};

use super::table::row;

const BATCH: u64 = 20_000;

pub(super) async fn run(events: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let options = StoreOptions {
        url: format!("sqlite:{}", folder.path().join("journal.db").display()),
        heads: folder.path().join("heads.jsonl"),
    };
    let store = Store::open(&options, Keys::in_folder(&folder.path().join("keys"))?).await?;
    let started = Instant::now();
    let mut written = 0;
    while written < events {
        let mut tx = store.begin(&Actor::system("bench")).await?;
        for n in written..(written + BATCH).min(events) {
            let mut event = Event::new(Deed::Looked, "person", n);
            event.purpose = Some("look: story".to_owned());
            event.because = Some("You are their allocated worker.".to_owned());
            event.subjects = vec![format!("person:{}", n % 20_000)];
            tx.note(event).await?;
        }
        tx.commit().await?;
        written += BATCH;
    }
    let took = started.elapsed().as_secs_f64();
    let appended = events as f64 / took;
    store.sign_head().await?;
    let kept = heads::read(&options.heads)?;
    let started = Instant::now();
    let report = verify::verify(store.read_db(), &kept, |_| {}).await?;
    let took = started.elapsed().as_secs_f64();
    anyhow::ensure!(
        report.faults.is_empty(),
        "the journal does not verify: {:?}",
        report.faults
    );
    let yardstick = hashing(events);
    let hashed = events as f64 / yardstick;
    row(
        "P10",
        "append to the journal, in batches of 20,000",
        format!("{appended:.0} a second"),
        "50,000 a second",
        &format!(
            "{:.2} of SHA-256 alone ({hashed:.0} a second)",
            appended / hashed
        ),
    );
    row(
        "P10",
        &format!("verify {} events", report.events),
        format!("{took:.2} s"),
        "3 s for 1,000,000",
        &format!("{:.1} × SHA-256 alone ({yardstick:.2} s)", took / yardstick),
    );
    store.close().await?;
    Ok(())
}

/// Seconds to hash as many lines of the same length, one after another.
fn hashing(events: u64) -> f64 {
    let line = [b'x'; 230];
    let mut hash = hex::encode(Sha256::digest(line));
    let started = Instant::now();
    for _ in 0..events {
        let mut sha = Sha256::new();
        sha.update(hash.as_bytes());
        sha.update(line);
        hash = hex::encode(sha.finalize());
    }
    // The last hash is used, so that no compiler can leave the work out.
    started.elapsed().as_secs_f64() + if hash.is_empty() { 1.0 } else { 0.0 }
}

//! Proof that nothing was altered: every chain walked, every hash made again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tokio::task::JoinSet;

use crate::journal::chain::Head;
use crate::journal::heads::{self, SignedHead};
use crate::journal::walk::{self, STRETCH, Stretch, Walked};
use crate::{Db, Error, Result, args};

/// What is wrong with a chain, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The chain.
    pub writer: String,
    /// The first bad event.
    pub seq: i64,
    /// In words.
    pub what: String,
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many chains were walked.
    pub chains: usize,
    /// How many events were checked.
    pub events: u64,
    /// How many signed heads were compared.
    pub heads: usize,
    /// Every fault, in the order found. Empty means that all is well.
    pub faults: Vec<Fault>,
}

/// Walks every chain, stretch by stretch, on all cores; the memory does not grow
/// with the journal. `kept` are signed heads from outside the database;
/// `progress` is told how many events are done.
pub async fn verify(db: &Db, kept: &[SignedHead], mut progress: impl FnMut(u64)) -> Result<Report> {
    let standing = heads::standing(db).await?;
    let mut found: Found = BTreeMap::new();
    let mut done = 0;
    let mut walking: JoinSet<Result<(Arc<Stretch>, Walked)>> = JoinSet::new();
    let mut stretches = standing.iter().flat_map(stretches_of);
    loop {
        while walking.len() < at_once()
            && let Some(stretch) = stretches.next()
        {
            let (db, stretch) = (db.clone(), Arc::new(stretch));
            walking.spawn(async move {
                let walked = walk::walk(&db, &stretch).await?;
                Ok((stretch, walked))
            });
        }
        let Some(walked) = walking.join_next().await else {
            break;
        };
        let (stretch, walked) =
            walked.map_err(|e| Error::Settings(format!("the verification was cut off: {e}")))??;
        done += walked.events;
        progress(done);
        keep(&mut found, &stretch, walked);
    }
    let mut report = Report {
        chains: standing.len(),
        heads: kept.len(),
        ..Report::default()
    };
    let mut named: Vec<(String, Head)> = Vec::new();
    for head in &standing {
        // Of a chain only the first fault says something: behind it nothing holds.
        for walked in found.remove(&head.writer).unwrap_or_default().into_values() {
            report.events += walked.events;
            let opening = walked.opening.as_deref().map(chains_before);
            let by = |h| (head.writer.clone(), h);
            named.extend(opening.unwrap_or_default().into_iter().map(by));
            if let Some((seq, what)) = walked.fault {
                report.faults.push(Fault {
                    writer: head.writer.clone(),
                    seq,
                    what,
                });
                break;
            }
        }
    }
    check_named(db, &named, &standing, &mut report).await?;
    check_kept(db, kept, &standing, &mut report).await?;
    Ok(report)
}

/// What was found, by chain and the first event of each stretch. Stretches that
/// hold are joined, so that a long journal is not a long list.
type Found = BTreeMap<String, BTreeMap<i64, Walked>>;

fn keep(found: &mut Found, stretch: &Stretch, walked: Walked) {
    let of_chain = found.entry(stretch.writer.clone()).or_default();
    if walked.fault.is_none() && walked.opening.is_none() {
        let before = of_chain.range_mut(..stretch.from).next_back();
        if let Some((_, before)) = before.filter(|(_, w)| w.fault.is_none()) {
            before.events += walked.events;
            return;
        }
    }
    of_chain.insert(stretch.from, walked);
}

/// One stretch for each core, and never more than a pool has connections.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 6))
}

/// A chain in stretches, from its first event to where it stands.
fn stretches_of(head: &Head) -> impl Iterator<Item = Stretch> {
    let starts = (1..=head.seq).step_by(STRETCH as usize);
    starts.map(|from| Stretch {
        writer: head.writer.clone(),
        from,
        to: (from + STRETCH - 1).min(head.seq),
    })
}

/// The heads that a chain's first event names.
fn chains_before(words: &[u8]) -> Vec<Head> {
    #[derive(Deserialize)]
    struct Opened {
        chains_before: Vec<(String, i64, String)>,
    }
    words
        .split(|byte| *byte == 0x1f)
        .filter_map(|part| serde_json::from_slice::<Opened>(part).ok())
        .flat_map(|opened| opened.chains_before)
        .map(|(writer, seq, hash)| Head { writer, seq, hash })
        .collect()
}

/// A chain must still reach what a later chain said of it.
async fn check_named(
    db: &Db,
    named: &[(String, Head)],
    standing: &[Head],
    report: &mut Report,
) -> Result<()> {
    for (by, head) in named {
        let stands = standing
            .iter()
            .find(|s| s.writer == head.writer)
            .map_or(0, |s| s.seq);
        if stands < head.seq {
            report.faults.push(Fault {
                writer: head.writer.clone(),
                seq: stands + 1,
                what: format!(
                    "events {} to {} were cut off: chain {by} names event {} as written",
                    stands + 1,
                    head.seq,
                    head.seq
                ),
            });
            continue;
        }
        let found = hash_of(db, &head.writer, head.seq).await?;
        if found.is_some_and(|hash| hash != head.hash) {
            report.faults.push(Fault {
                writer: head.writer.clone(),
                seq: head.seq,
                what: format!("the chain was written anew: chain {by} names another hash here"),
            });
        }
    }
    Ok(())
}

/// What the signed heads from outside say.
async fn check_kept(
    db: &Db,
    kept: &[SignedHead],
    standing: &[Head],
    report: &mut Report,
) -> Result<()> {
    for head in kept {
        let fault = |seq, what: String| Fault {
            writer: head.writer.clone(),
            seq,
            what,
        };
        if !head.holds() {
            report.faults.push(fault(
                head.seq,
                "the signature of a kept head does not hold".into(),
            ));
            continue;
        }
        let stands = standing
            .iter()
            .find(|s| s.writer == head.writer)
            .map_or(0, |s| s.seq);
        if stands < head.seq {
            report.faults.push(fault(
                stands + 1,
                format!(
                    "events up to {} were signed on {} and are gone",
                    head.seq, head.at
                ),
            ));
            continue;
        }
        let found = hash_of(db, &head.writer, head.seq).await?;
        if found.is_some_and(|hash| hash != head.hash) {
            report.faults.push(fault(
                head.seq,
                format!("this event differs from the head signed on {}", head.at),
            ));
        }
    }
    Ok(())
}

async fn hash_of(db: &Db, writer: &str, seq: i64) -> Result<Option<String>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        hash: String,
    }
    let found: Option<Found> = db
        .maybe(
            "select hash from journal where writer = $1 and seq = $2",
            args![writer, seq],
        )
        .await?;
    Ok(found.map(|f| f.hash))
}

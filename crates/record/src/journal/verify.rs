//! Proof that nothing was altered: every chain walked, every hash made again.

use std::collections::HashMap;

use serde::Deserialize;

use crate::journal::chain::{self, Head};
use crate::journal::heads::{self, SignedHead};
use crate::{Db, Result, args};

/// How many events are read at a time.
const CHUNK: i64 = 20_000;

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

#[derive(sqlx::FromRow)]
struct Words {
    seq: i64,
    hash: String,
    words: String,
}

/// Walks every chain. `kept` are signed heads from outside the database;
/// `progress` is told how many events are done.
pub async fn verify(db: &Db, kept: &[SignedHead], mut progress: impl FnMut(u64)) -> Result<Report> {
    let mut report = Report {
        heads: kept.len(),
        ..Report::default()
    };
    let standing = heads::standing(db).await?;
    let mut named: Vec<(String, Head)> = Vec::new();
    let mut hashes: HashMap<(String, i64), String> = HashMap::new();
    for head in &standing {
        report.chains += 1;
        walk(
            db,
            head,
            kept,
            &mut report,
            &mut named,
            &mut hashes,
            &mut progress,
        )
        .await?;
    }
    check_named(db, &named, &standing, &mut report).await?;
    check_kept(kept, &standing, &hashes, &mut report);
    Ok(report)
}

async fn walk(
    db: &Db,
    head: &Head,
    kept: &[SignedHead],
    report: &mut Report,
    named: &mut Vec<(String, Head)>,
    hashes: &mut HashMap<(String, i64), String>,
    progress: &mut impl FnMut(u64),
) -> Result<()> {
    let sql = db.dialect().pick(chain::LINE_SQLITE, chain::LINE_POSTGRES);
    let mut previous = Head::first(head.writer.clone());
    while previous.seq < head.seq {
        let rows: Vec<Words> = db
            .all(sql, args![&head.writer, previous.seq, previous.seq + CHUNK])
            .await?;
        if rows.is_empty() {
            report.faults.push(Fault {
                writer: head.writer.clone(),
                seq: previous.seq + 1,
                what: "this event and those after it are missing".into(),
            });
            return Ok(());
        }
        for row in rows {
            let expected = previous.seq + 1;
            if row.seq != expected {
                report.faults.push(Fault {
                    writer: head.writer.clone(),
                    seq: expected,
                    what: format!("this event is missing: the next one found is {}", row.seq),
                });
                return Ok(());
            }
            if chain::hash(&previous.hash, row.seq, &row.words) != row.hash {
                report.faults.push(Fault {
                    writer: head.writer.clone(),
                    seq: row.seq,
                    what: "this event, or the one before it, was altered".into(),
                });
                return Ok(());
            }
            if row.seq == 1 {
                named.extend(
                    chains_before(&row.words)
                        .into_iter()
                        .map(|h| (head.writer.clone(), h)),
                );
            }
            if kept
                .iter()
                .any(|k| k.writer == head.writer && k.seq == row.seq)
            {
                hashes.insert((head.writer.clone(), row.seq), row.hash.clone());
            }
            previous.seq = row.seq;
            previous.hash = row.hash;
            report.events += 1;
        }
        progress(report.events);
    }
    Ok(())
}

/// The heads that a chain's first event names.
fn chains_before(words: &str) -> Vec<Head> {
    #[derive(Deserialize)]
    struct Opened {
        chains_before: Vec<(String, i64, String)>,
    }
    words
        .split('\u{1f}')
        .filter_map(|part| serde_json::from_str::<Opened>(part).ok())
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
    #[derive(sqlx::FromRow)]
    struct Found {
        hash: String,
    }
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
        let found: Option<Found> = db
            .maybe(
                "select hash from journal where writer = $1 and seq = $2",
                args![&head.writer, head.seq],
            )
            .await?;
        if found.is_some_and(|f| f.hash != head.hash) {
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
fn check_kept(
    kept: &[SignedHead],
    standing: &[Head],
    hashes: &HashMap<(String, i64), String>,
    report: &mut Report,
) {
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
        } else if let Some(hash) = hashes.get(&(head.writer.clone(), head.seq))
            && *hash != head.hash
        {
            report.faults.push(fault(
                head.seq,
                format!("this event differs from the head signed on {}", head.at),
            ));
        }
    }
}

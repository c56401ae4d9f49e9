//! P8: Annex A from the record of a county, all lists, written and
//! checked; and the census beside it. The yardstick is the time to count the
//! rows of one of their tables.

use std::time::{Duration, Instant};

use ::returns::core::rule::Severity;
use anyhow::{Result, ensure};
use casework::Casework;
use casework::returns::make::{Made, Maker};
use record::args;
use synth::Size;

use super::milliseconds;
use super::table::row;
use crate::returns::errors;

/// How often each is made; the middle one counts, and the first is told: it
/// finds nothing in memory.
const TIMES: usize = 5;
/// The census year that has rules.
const YEAR: u16 = 2026;

/// Measures.
pub(super) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let casework = super::pages::borough(folder.path(), Size::County).await?;
    let open = open_children(&casework).await?;
    let started = Instant::now();
    count(&casework, "select count(*) as n from step_section").await?;
    let yardstick = started.elapsed();
    let today = casework::time::today();
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        let made = casework.make_annex_a(Maker::Console, today).await?;
        times.push((started.elapsed(), sound(made)?));
    }
    say(
        "P8",
        "Annex A, 11 lists",
        &times,
        open,
        "2 s for 5,000 open",
        yardstick,
    );
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        let made = casework.make_cin(Maker::Console, YEAR).await?;
        times.push((started.elapsed(), sound(made)?));
    }
    say(
        "",
        "the census, written and checked",
        &times,
        open,
        "",
        yardstick,
    );
    casework.store().close().await?;
    Ok(())
}

/// The children in a return without an error; a figure of a wrong one counts
/// for nothing.
fn sound(made: Made) -> Result<usize> {
    let errors = errors(&made);
    let first = made.report.findings.iter().find(|f| {
        let rule = made.report.rule(f.rule);
        rule.is_some_and(|rule| rule.kind == Severity::Error)
    });
    ensure!(
        errors == 0,
        "{} has {errors} errors, the first: {first:?}",
        made.title
    );
    Ok(made.children)
}

fn say(
    id: &str,
    what: &str,
    times: &[(Duration, usize)],
    open: i64,
    budget: &str,
    yardstick: Duration,
) {
    let mut sorted: Vec<Duration> = times.iter().map(|t| t.0).collect();
    sorted.sort();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let children = times.first().map_or(0, |t| t.1);
    let first = times.first().map(|t| t.0).unwrap_or_default();
    let what = format!("{what}: {children} children in it, {open} open");
    let ratio = middle.as_secs_f64() / yardstick.as_secs_f64().max(1e-9);
    let ratio = format!(
        "{ratio:.0} times as long as counting the sections; the first {}",
        milliseconds(first)
    );
    row(id, &what, milliseconds(middle), budget, &ratio);
}

async fn open_children(casework: &Casework) -> Result<i64> {
    count(
        casework,
        "select count(distinct person_id) as n from involvement \
         where role = 'allocated' and ended_on is null",
    )
    .await
}

async fn count(casework: &Casework, sql: &'static str) -> Result<i64> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let count: Count = casework.store().read_db().one(sql, args![]).await?;
    Ok(count.n)
}

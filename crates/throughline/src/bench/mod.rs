//! `throughline bench`: the program measured against its budgets, each figure
//! beside the budget and beside a yardstick of the same machine and run.

mod client;
mod crash;
mod crash_council;
mod crash_http;
mod directory;
mod finding;
mod from_record;
mod identity;
mod journal;
mod looks;
mod pages;
mod returns;
mod splink;
mod start;
mod table;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, ValueEnum};

/// Options of `throughline bench`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline bench                     everything, in one table
  throughline bench p6 p10
  throughline bench p5 --users 300
  throughline bench returns
  throughline bench crash --rounds 500
  throughline bench crash --over http --rounds 500
  throughline bench identity --children 11000000

Measure a release build on a quiet machine: cargo build --release -p throughline")]
pub struct Bench {
    /// What to measure
    what: Vec<What>,
    /// Rounds of the crash harness
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// Writes that are acknowledged before a round may end
    #[arg(long, default_value_t = 200)]
    writes: u32,
    /// How the crash harness writes [default: one after the other]
    #[arg(long)]
    over: Option<Over>,
    /// Simulated users of the pages
    #[arg(long, default_value_t = 300)]
    users: usize,
    /// Seconds of simulated use
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Events of the journal
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Children to search among
    #[arg(long, default_value_t = 1_000_000)]
    children: usize,
    /// Records to link
    #[arg(long, default_value_t = 1_000_000)]
    records: usize,
    /// The folder that the crash harness's child writes in
    #[arg(long, hide = true)]
    data: Option<std::path::PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Searching among invented children
    P3,
    /// Finding among the people of one council, as the program's own search does
    Find,
    /// Linking invented records
    P4,
    /// Both P3 and P4
    Identity,
    /// Checking returns: P1 and P2
    Returns,
    /// Pages of the full borough, with simulated users
    P5,
    /// Record views a second, each with its durable event
    P6,
    /// The list of 200 (in `cargo bench -p access`)
    P7,
    /// Annex A and the census made from the record of the full borough
    P8,
    /// Searching the services directory, in process and over HTTP
    P9,
    /// Appending to the journal and verifying it
    P10,
    /// From the start of the demonstration to a usable page
    P11,
    /// Killed under load, every acknowledged write accounted for
    Crash,
    /// The child of the crash harness
    #[value(hide = true)]
    CrashWriter,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Over {
    /// Straight to the record
    Store,
    /// The forms of the running program, as workers who are signed in
    Http,
}

impl Bench {
    /// Measures.
    pub async fn run(self) -> Result<ExitCode> {
        let all = [
            What::P5,
            What::P6,
            What::P9,
            What::P10,
            What::P11,
            What::Crash,
            What::Returns,
        ];
        let wanted = if self.what.is_empty() {
            all.to_vec()
        } else {
            self.what.clone()
        };
        if cfg!(debug_assertions)
            && !wanted.contains(&What::CrashWriter)
            && !wanted.contains(&What::Crash)
        {
            println!("This is a debug build: its figures say little. Use --release.\n");
        }
        if !wanted.contains(&What::CrashWriter) {
            table::head();
        }
        let mut sound = true;
        for what in wanted {
            match what {
                What::P3 => sound &= identity::searching(self.children)?,
                What::Find => sound &= finding::run(self.children.min(500_000))?,
                What::P4 => sound &= identity::linking(self.records)?,
                What::Identity => {
                    sound &= identity::linking(self.records)?;
                    sound &= identity::searching(self.children)?;
                }
                What::Returns => returns::run()?,
                What::P5 => pages::run(self.users, Duration::from_secs(self.seconds)).await?,
                What::P6 => looks::run().await?,
                What::P7 => table::row("P7", "in cargo bench -p access", "", "", ""),
                What::P8 => from_record::run().await?,
                What::P9 => directory::run(Duration::from_secs(self.seconds)).await?,
                What::P10 => journal::run(self.events).await?,
                What::P11 => start::run().await?,
                What::Crash => {
                    if self.over != Some(Over::Http) {
                        sound &= crash::run(self.rounds, self.writes).await?;
                    }
                    if self.over != Some(Over::Store) {
                        sound &= crash_http::run(self.rounds, self.writes).await?;
                    }
                }
                What::CrashWriter => crash::write(self.data.as_deref()).await?,
            }
        }
        Ok(if sound {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// The value below which so many in a hundred lie.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// How many appends of half a kilobyte a second this disk makes durable, one
/// after another: what every durable promise is paid with.
fn durable_appends(folder: &std::path::Path) -> Result<f64> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(folder.join("yardstick"))?;
    let line = [b'x'; 512];
    let started = std::time::Instant::now();
    let mut n = 0u32;
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&line)?;
        file.sync_data()?;
        n += 1;
    }
    Ok(f64::from(n) / started.elapsed().as_secs_f64())
}

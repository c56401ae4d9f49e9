//! `throughline journal`: prove that nothing was altered, and sign where the
//! journal stands.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use record::journal::{heads, verify};

use crate::council;
use crate::serve::Options;

/// What to do with the journal.
#[derive(Subcommand)]
pub enum Journal {
    /// Make every hash again and name the first bad event of each chain
    Verify(Verify),
    /// Sign where the journal stands, and print it to be kept elsewhere
    Head(Where),
}

/// Where the council is.
#[derive(Args)]
pub struct Where {
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Options of `throughline journal verify`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline journal verify --config council.toml
  throughline journal verify --config council.toml --kept /mnt/elsewhere/heads.jsonl

A chain alone cannot show that its end was cut off. A signed head that was kept
on another machine can: give the file with --kept. Ends with 1 if anything is wrong.")]
pub struct Verify {
    #[command(flatten)]
    place: Where,
    /// A file of signed heads that was kept elsewhere [default: the council's own]
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
}

impl Journal {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Journal::Verify(verify) => verify.run().await,
            Journal::Head(place) => {
                let options = place.options.with_file(place.config.as_deref())?;
                let store = council::store(&options.place()?).await?;
                let head = store.sign_head().await?;
                println!("{}", serde_json::to_string(&head)?);
                store.close().await?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl Verify {
    async fn run(self) -> Result<ExitCode> {
        let options = self.place.options.with_file(self.place.config.as_deref())?;
        let place = options.place()?;
        let file = self.kept.clone().unwrap_or_else(|| place.heads.clone());
        // The council's own file is made by its first stop; a file that was
        // asked for by name must be there.
        let kept = if self.kept.is_some() || file.exists() {
            heads::read(&file).context("The kept heads could not be read")?
        } else {
            Vec::new()
        };
        let store = council::store(&place).await?;
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::with_template(
            "{spinner} {pos} events checked, {per_sec}",
        )?);
        let started = std::time::Instant::now();
        let report = verify::verify(store.read_db(), &kept, |n| bar.set_position(n)).await?;
        bar.finish_and_clear();
        println!(
            "{} events in {} chains checked against {} signed heads in {:.1} s.",
            report.events,
            report.chains,
            report.heads,
            started.elapsed().as_secs_f64()
        );
        for fault in &report.faults {
            println!(
                "FAULT: chain {}, event {}: {}",
                fault.writer, fault.seq, fault.what
            );
        }
        store.close().await?;
        if report.faults.is_empty() {
            println!("Nothing was altered.");
            Ok(ExitCode::SUCCESS)
        } else {
            println!("The journal was altered. Stop the council, keep a copy, and ask for help.");
            Ok(ExitCode::FAILURE)
        }
    }
}

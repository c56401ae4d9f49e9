//! `throughline directory`: bring services in from feeds and spreadsheets,
//! and say what their records lack.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::directory::assurance::Upkeep;
use ::directory::import::{self, Imported};
use ::directory::{Directory, invented};
use anyhow::{Context, Result};
use casework::Casework;
use casework::services::Kept;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use record::Actor;

use crate::council;
use crate::serve::Options;

/// What to do with the directory.
#[derive(Subcommand)]
pub enum DirectoryCommand {
    /// Bring services in: Open Referral UK 3.0 or 1.0 (JSON, ndjson), or CSV
    Import(Box<ImportServices>),
    /// Which records most need their owner, and what to mend
    FixList(Box<FixList>),
}

/// Options of `throughline directory import`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline directory import services.json --source https://feed.example.org \\
    --database sqlite:council.db --keys keys
  throughline directory import clubs.csv --source clubs --dry-run --config council.toml

Good records are kept beside bad ones: a record that cannot be taken is listed
with its place and its reason, and one that was mended says what was mended.
Run the same file again and nothing changes. Several pages of a feed are
several files: name them all.")]
pub struct ImportServices {
    /// The files: pages of a feed, or tables
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Whose records these are: the address of the feed, or a name
    #[arg(long)]
    source: String,
    /// Read and check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Options of `throughline directory fix-list`.
#[derive(Args)]
pub struct FixList {
    /// How many records
    #[arg(long, default_value_t = 20)]
    most: usize,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl DirectoryCommand {
    /// Runs it. Ends with failure when no record could be taken.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            DirectoryCommand::Import(import) => import.run().await,
            DirectoryCommand::FixList(list) => list.run().await,
        }
    }
}

impl ImportServices {
    async fn run(self) -> Result<ExitCode> {
        let mut directory = Directory::new();
        let (mut taken, mut mended, mut rejected) = (0, 0, 0);
        for file in &self.files {
            let name = file.display();
            let done = read(file, &self.source).with_context(|| name.to_string())?;
            for reject in &done.rejects {
                let what = if reject.what.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", reject.what)
                };
                println!("{name}:{}{what}: {}", reject.at, reject.reason);
            }
            rejected += done.rejects.len();
            for one in done.services {
                taken += 1;
                mended += usize::from(!one.notes.is_empty());
                for note in &one.notes {
                    println!("{}: {}: {}", one.service.name, note.field, note.message);
                }
                let upkeep = upkeep(
                    &one.service.assured_date,
                    &one.service.last_modified,
                    &self.source,
                );
                directory.put_service(one.service, upkeep);
            }
        }
        println!("{taken} read, {mended} of them with something to mend, {rejected} rejected.");
        for pair in import::alike(&directory).iter().take(20) {
            let name = |id: &str| {
                directory
                    .entry(id)
                    .map_or(String::new(), |e| e.service.name.clone())
            };
            println!(
                "Perhaps twice: “{}” and “{}”: {}.",
                name(&pair.one),
                name(&pair.other),
                pair.why.join("; ")
            );
        }
        if taken == 0 {
            return Ok(ExitCode::FAILURE);
        }
        if self.dry_run {
            println!("Nothing was written.");
            return Ok(ExitCode::SUCCESS);
        }
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let kept = keep(&casework, &Actor::system("directory import"), &directory).await;
        casework.store().close().await?;
        let kept = kept?;
        println!(
            "{} added, {} changed, {} as they were.",
            kept.added, kept.changed, kept.same
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn read(file: &Path, source: &str) -> Result<Imported> {
    let input = std::fs::File::open(file).context("the file could not be opened")?;
    let is_table = file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    Ok(if is_table {
        import::csv(input, source)?
    } else {
        import::feed(input, source)?
    })
}

fn upkeep(assured: &Option<String>, modified: &Option<String>, source: &str) -> Upkeep {
    let day = |text: &Option<String>| text.as_deref()?.get(..10)?.parse().ok();
    Upkeep {
        checked_on: day(assured),
        edited_on: day(modified),
        source: Some(source.to_owned()),
        ..Upkeep::default()
    }
}

async fn keep(casework: &Casework, actor: &Actor, directory: &Directory) -> Result<Kept> {
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::no_length()
    } else {
        ProgressBar::hidden()
    };
    bar.set_style(ProgressStyle::with_template(
        "Writing: {bar:30} {pos} of {len}",
    )?);
    let kept = casework
        .keep_directory(actor, directory, |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        })
        .await;
    bar.finish_and_clear();
    Ok(kept?)
}

impl FixList {
    async fn run(self) -> Result<ExitCode> {
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let list = casework.fix_list(self.most).await;
        casework.store().close().await?;
        for (_, name, quality) in list? {
            println!("{:>3}  {name}", quality.score);
            for lack in quality.lacks.iter().take(3) {
                println!("     {} ({})", lack.mend, lack.field);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The invented directory of the demonstration, written once.
pub async fn demonstrate(casework: &Casework, count: usize) -> Result<()> {
    let council = ::directory::search::Council {
        name: "Larkmere".to_owned(),
        codes: vec![invented::COUNCIL.to_owned()],
    };
    casework.set_directory(invented::postcodes(), council);
    if !casework.directory_is_empty().await? {
        return Ok(());
    }
    let today = casework::time::today();
    let directory = invented::directory(count, 7, today);
    casework
        .keep_directory(&Actor::system("demo"), &directory, |_, _| {})
        .await?;
    Ok(())
}

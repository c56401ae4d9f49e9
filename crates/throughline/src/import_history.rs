//! `throughline import cin-census` and `import ssda903`: a council's history
//! from the returns that it sent.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ::returns::ssda903;
use anyhow::{Context, Result};
use casework::Casework;
use casework::import::{History, Refused};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::council;
use crate::serve::Options;

/// Options of `throughline import cin-census`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline import cin-census census-2025.xml --database sqlite:council.db --keys keys
  throughline import cin-census census-2026.xml --config council.toml --people mosaic

Oldest year first. Children keep the number that the census gives them; a census has no names.
What was open at the end of the year is open, without a worker, and starts no clock. Records
that cannot be taken go to the reject file with the field and the reason; the others stay.
The same file again changes nothing.")]
pub struct Census {
    /// The census, an XML file
    file: PathBuf,
    /// The census year, where the header does not say it (2026 is 2025-26)
    #[arg(long)]
    year: Option<u16>,
    #[command(flatten)]
    common: Common,
}

/// Options of `throughline import ssda903`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline import ssda903 2025/ --year 2025 --database sqlite:council.db --keys keys
  throughline import ssda903 2026/ --config council.toml

Oldest year first; the folder prev is not taken. Children keep the number of column CHILD; the
return has no names. Who is in care at the end of the year is in care, and no clock starts. The
record of a child who was adopted is closed to all but those who look after restricted records.
Rows that cannot be taken go to the reject file with the field and the reason; the others stay.
The same folder again changes nothing.")]
pub struct LookedAfter {
    /// The folder of CSV files, or the XML file
    path: PathBuf,
    /// The collection year: the year in which it ends (2026 is 2025-26)
    #[arg(long, default_value_t = 2026)]
    year: u16,
    #[command(flatten)]
    common: Common,
}

/// What both imports take.
#[derive(Args)]
struct Common {
    /// The source under which `import people` brought people in: the same number is the same child
    #[arg(long, value_name = "SOURCE", default_value = "import")]
    people: String,
    /// Where what was not taken goes [default: beside the file, with -rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Census {
    /// Brings it in. Ends with failure when nothing could be taken.
    pub async fn run(mut self) -> Result<ExitCode> {
        let file = File::open(&self.file)
            .with_context(|| format!("{} could not be read", self.file.display()))?;
        let casework = self.common.open().await?;
        let mut shown = Shown::new()?;
        let report = casework
            .import_census(
                &name(&self.file),
                BufReader::new(file),
                self.year,
                &self.common.people,
                |done| shown.at(done),
            )
            .await
            .with_context(|| self.file.display().to_string());
        shown.end();
        casework.store().close().await?;
        self.common.say(&self.file, &report?)
    }
}

impl LookedAfter {
    /// Brings it in. Ends with failure when nothing could be taken.
    pub async fn run(mut self) -> Result<ExitCode> {
        let loaded = ssda903::read(&self.path, None)
            .with_context(|| format!("{} could not be read", self.path.display()))?;
        let casework = self.common.open().await?;
        let mut shown = Shown::new()?;
        let report = casework
            .import_looked_after(
                &name(&self.path),
                &loaded,
                self.year,
                &self.common.people,
                |done| shown.at(done),
            )
            .await
            .with_context(|| self.path.display().to_string());
        shown.end();
        casework.store().close().await?;
        self.common.say(&self.path, &report?)
    }
}

impl Common {
    async fn open(&mut self) -> Result<Casework> {
        let options = std::mem::take(&mut self.options).with_file(self.config.as_deref())?;
        council::open(&options.place()?).await
    }

    fn say(&self, file: &Path, report: &History) -> Result<ExitCode> {
        for (kind, tally) in &report.kinds {
            println!(
                "{:>8} {kind} added, {} filled in, {} unchanged",
                tally.added, tally.changed, tally.same
            );
        }
        if report.found > 0 {
            println!(
                "{} children had a record here already, and their history was added to it.",
                report.found
            );
        }
        if report.sealed > 0 {
            println!(
                "{} records of adopted children were closed to all but those who look after restricted records.",
                report.sealed
            );
        }
        if report.duplicates > 0 {
            println!(
                "{} possible duplicates wait for someone to look at them. Nothing was merged.",
                report.duplicates
            );
        }
        if report.done() == 0 {
            println!("Nothing was changed.");
        }
        if !report.refused.is_empty() {
            let path = self.rejects.clone().unwrap_or_else(|| beside(file));
            write_rejects(&path, &report.refused)
                .with_context(|| format!("{} could not be written", path.display()))?;
            let whole = report.refused.iter().filter(|one| !one.rest_taken).count();
            println!(
                "{whole} records were not taken, {} were taken without a field: see {}. Put them right in the file and run it again.",
                report.refused.len() - whole,
                path.display()
            );
        }
        Ok(if report.kinds.is_empty() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

/// The name of a file or folder, as the record keeps it.
fn name(path: &Path) -> String {
    let real = path.canonicalize();
    let path = real.as_deref().unwrap_or(path);
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// `census.xml` has its rejects in `census-rejects.csv`, a folder beside it.
fn beside(path: &Path) -> PathBuf {
    let stem = if path.is_dir() {
        name(path)
    } else {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let real = path.canonicalize();
    real.as_deref()
        .unwrap_or(path)
        .with_file_name(format!("{stem}-rejects.csv"))
}

fn write_rejects(path: &Path, refused: &[Refused]) -> Result<()> {
    let mut out = csv::Writer::from_path(path)?;
    out.write_record([
        "record",
        "child",
        "field",
        "value",
        "taken",
        "what is wrong",
    ])?;
    for one in refused {
        let taken = if one.rest_taken {
            "without the field"
        } else {
            "no"
        };
        out.write_record([
            one.record.as_str(),
            &one.child,
            &one.field,
            &one.value,
            taken,
            &one.why,
        ])?;
    }
    out.flush()?;
    Ok(())
}

/// How far it has come, on stderr: a line that counts on a terminal, elsewhere
/// a line every two seconds.
enum Shown {
    Bar(ProgressBar),
    Lines(Instant),
}

impl Shown {
    fn new() -> Result<Shown> {
        if !std::io::stderr().is_terminal() {
            return Ok(Shown::Lines(Instant::now()));
        }
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {pos} children, {per_sec}")?;
        bar.set_style(style);
        Ok(Shown::Bar(bar))
    }

    fn at(&mut self, done: usize) {
        match self {
            Shown::Bar(bar) => bar.set_position(done as u64),
            Shown::Lines(said) => {
                if said.elapsed() >= Duration::from_secs(2) {
                    eprintln!("{done} children");
                    *said = Instant::now();
                }
            }
        }
    }

    fn end(self) {
        if let Shown::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

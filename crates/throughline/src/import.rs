//! `throughline import`: people from another system's table, who works with
//! whom from a partner's list, and a council's history from its earlier returns.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use casework::import::{self, FIELDS, Mapping, Rejected, Report, Table};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::council;
use crate::import_history::{Census, LookedAfter};
use crate::serve::Options;

/// What to bring in.
#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// People, one a row
    People(Box<People>),
    /// The history in a children in need census
    CinCensus(Box<Census>),
    /// The history in the tables of children looked after
    Ssda903(Box<LookedAfter>),
    /// Who works with whom: a partner's list of the children they work with
    Involvements(Box<Involvements>),
}

/// Options of `throughline import involvements`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline import involvements visitors.csv --source \"health visitors\" --dry-run --config council.toml
  throughline import involvements roll.csv --source \"Larkmere Academy\" --database sqlite:council.db --keys keys

One row is one child and one professional: given, family, born, postcode, nhs or
upn for the child; name, post, agency, phone, email for the professional; start
and end; sensitive if the service must not be named; id to tell rows apart.

A row never makes a child. A row that could not be matched surely is counted and
changes nothing; where somebody must look, those whose work it is are shown it.
The next list of the same source changes what changed and nothing else.")]
struct Involvements {
    /// The list, as CSV
    file: PathBuf,
    /// The name of the list, shown beside what comes from it
    #[arg(long)]
    source: String,
    /// Check everything and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where rows that cannot be taken go [default: FILE-rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Options of `throughline import people`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline import people people.csv --dry-run --database sqlite:council.db --keys keys
  throughline import people people.csv --config council.toml --source mosaic \\
    --column key=\"Client no\" --column given=Forename --rejects rejects.csv

Usual headings are recognised. Rows that cannot be taken go to the reject file
with what is wrong in each field: put them right there and import that file.
The same file can be run again: a row that did not change changes nothing.

A mapping file:
  dates = \"day-month-year\"
  [columns]
  key = \"Client no\"
  given = \"Forename\"")]
struct People {
    /// The table, as CSV
    file: PathBuf,
    /// A mapping file in TOML
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// One column, as FIELD=HEADING; may be given more than once
    #[arg(long, value_name = "FIELD=HEADING")]
    column: Vec<String>,
    /// The order of dates: day-month-year or month-day-year [default: found out]
    #[arg(long, value_name = "ORDER")]
    dates: Option<String>,
    /// The name of the old system: the same key of the same source is the same person
    #[arg(long, default_value = "import")]
    source: String,
    /// Check everything and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where rows that cannot be taken go [default: FILE-rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Import {
    /// Runs the import. Ends with failure when no row could be taken.
    pub async fn run(self) -> Result<ExitCode> {
        match self.what {
            What::People(people) => people.run().await,
            What::CinCensus(census) => census.run().await,
            What::Ssda903(looked_after) => looked_after.run().await,
            What::Involvements(list) => list.run().await,
        }
    }
}

impl Involvements {
    async fn run(mut self) -> Result<ExitCode> {
        if self.source.trim().is_empty() {
            bail!(
                "Write the name of the list after --source: it is shown beside what comes from it."
            );
        }
        let bytes = std::fs::read(&self.file)
            .with_context(|| format!("{} could not be read", self.file.display()))?;
        let table = import::read(&bytes).with_context(|| self.file.display().to_string())?;
        let options = std::mem::take(&mut self.options).with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let mut bar = Shown::new(table.rows.len())?;
        let report = casework
            .import_involvements(&table, self.source.trim(), self.dry_run, |p| bar.at(p.done))
            .await
            .with_context(|| self.file.display().to_string());
        bar.end();
        casework.store().close().await?;
        let report = report?;
        let would = if self.dry_run { "would be " } else { "" };
        println!(
            "{} rows: {} {would}added, {} {would}changed or ended, {} unchanged since last time, \
             {} not matched to a child, {} rejected.",
            report.rows,
            report.added,
            report.changed,
            report.same,
            report.not_matched,
            report.rejected.len()
        );
        if !report.rejected.is_empty() {
            let path = self.rejects.clone().unwrap_or_else(|| beside(&self.file));
            write_rejects(&path, &table, &report.rejected)
                .with_context(|| format!("{} could not be written", path.display()))?;
            println!(
                "The rejected rows are in {} with what is wrong. Put them right there and import that file.",
                path.display()
            );
        }
        if self.dry_run {
            println!("This was a dry run: nothing was written.");
        }
        Ok(match report.rejected.len() == report.rows {
            true => ExitCode::FAILURE,
            false => ExitCode::SUCCESS,
        })
    }
}

impl People {
    async fn run(mut self) -> Result<ExitCode> {
        let bytes = std::fs::read(&self.file)
            .with_context(|| format!("{} could not be read", self.file.display()))?;
        let table = import::read(&bytes).with_context(|| self.file.display().to_string())?;
        let mapping = self.mapping()?;
        let options = std::mem::take(&mut self.options).with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let mut bar = Shown::new(table.rows.len())?;
        let report = casework
            .import_people(&table, &mapping, &self.source, self.dry_run, |p| {
                bar.at(p.done)
            })
            .await
            .with_context(|| self.file.display().to_string());
        bar.end();
        casework.store().close().await?;
        let report = report?;
        self.say(&table, &report)?;
        let none = report.added + report.changed + report.same == 0;
        Ok(if none {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    fn mapping(&self) -> Result<Mapping> {
        let mut mapping = match &self.mapping {
            None => Mapping::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("{} could not be read", path.display()))?;
                Mapping::parse(&text).with_context(|| path.display().to_string())?
            }
        };
        for column in &self.column {
            let Some((field, heading)) = column.split_once('=') else {
                let names: Vec<&str> = FIELDS.iter().map(|(name, _, _)| *name).collect();
                bail!(
                    "Write --column FIELD=HEADING, not {column}. The fields are: {}.",
                    names.join(", ")
                );
            };
            mapping.declare(field.trim(), heading)?;
        }
        if self.dates.is_some() {
            mapping.dates.clone_from(&self.dates);
        }
        Ok(mapping)
    }

    fn say(&self, table: &Table, report: &Report) -> Result<()> {
        for remark in &report.remarks {
            println!("{remark}");
        }
        let columns: Vec<String> = report
            .columns
            .iter()
            .map(|(field, heading)| format!("{field} from “{heading}”"))
            .collect();
        println!("Taken: {}.", columns.join(", "));
        if !report.not_taken.is_empty() {
            println!("Columns not taken: {}.", report.not_taken.join(", "));
        }
        let would = if self.dry_run { "would be " } else { "" };
        println!(
            "{} rows: {} people {would}added, {} {would}changed, {} unchanged since last time, {} rejected.",
            report.rows,
            report.added,
            report.changed,
            report.same,
            report.rejected.len()
        );
        if report.duplicates > 0 {
            println!(
                "{} possible duplicates wait for someone to look at them. Nothing was merged.",
                report.duplicates
            );
        }
        if !report.rejected.is_empty() {
            let path = self.rejects.clone().unwrap_or_else(|| beside(&self.file));
            write_rejects(&path, table, &report.rejected)
                .with_context(|| format!("{} could not be written", path.display()))?;
            println!(
                "The rejected rows are in {} with what is wrong. Put them right there and import that file.",
                path.display()
            );
        }
        if self.dry_run {
            println!("This was a dry run: nothing was written.");
        }
        Ok(())
    }
}

/// `people.csv` has its rejects in `people-rejects.csv`.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-rejects.csv"))
}

/// The rows as they were, with the line and what is wrong behind.
fn write_rejects(path: &Path, table: &Table, rejected: &[Rejected]) -> Result<()> {
    let mut out = csv::WriterBuilder::new().flexible(true).from_path(path)?;
    let mut head = table.headings.clone();
    head.extend(["line".to_owned(), "what is wrong".to_owned()]);
    out.write_record(&head)?;
    for row in rejected {
        let mut cells = row.cells.clone();
        cells.resize(table.headings.len().max(cells.len()), String::new());
        cells.extend([row.line.to_string(), row.wrong.join("; ")]);
        out.write_record(&cells)?;
    }
    out.flush()?;
    Ok(())
}

/// How far it has come, on stderr: a bar on a terminal, elsewhere a line for
/// each tenth, so that a log says it too.
enum Shown {
    Bar(ProgressBar),
    Lines { rows: usize, said: usize },
}

impl Shown {
    fn new(rows: usize) -> Result<Shown> {
        if !std::io::stderr().is_terminal() {
            return Ok(Shown::Lines { rows, said: 0 });
        }
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left")?;
        Ok(Shown::Bar(ProgressBar::new(rows as u64).with_style(style)))
    }

    fn at(&mut self, done: usize) {
        match self {
            Shown::Bar(bar) => bar.set_position(done as u64),
            Shown::Lines { rows, said } => {
                if done == *rows || done >= *said + (*rows / 10).max(1) {
                    eprintln!("{done} of {rows} rows");
                    *said = done;
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

//! `throughline returns write`: make a return from the council's own record.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::returns::annex_a;
use ::returns::core::rule::Severity;
use anyhow::{Context, Result};
use casework::returns::make::{Made, Maker};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::council;
use crate::serve::Options;

/// Which return to make.
#[derive(Subcommand)]
pub enum Write {
    /// The children in need census, as an XML file
    Cin(WriteCin),
    /// Annex A for an inspection: lists 1 to 11, as a workbook or CSV files
    AnnexA(WriteAnnexA),
}

/// Where the council is.
#[derive(Args)]
pub struct Where {
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    #[command(flatten)]
    pub(super) options: Options,
}

/// Options of `throughline returns write cin`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns write cin --config council.toml --year 2026 --out census.xml
  throughline returns write cin --database sqlite:council.db --keys keys --year 2026 --out census.xml

Every child with an episode of need in the census year is in the file, as the record stood on
31 March; children whose record is restricted too, because the council must tell of them. It
holds numbers and dates of birth and no names: keep it as you keep the record. That it was
made is written to the journal, and to the history of each child in it.

The council's three digits are the first code of codes/authority.toml in its own pack.
What the rules find is printed as counts; `throughline returns check cin FILE` shows each.
Ends with 0 when there was no error, 1 when there was (the file is written all the same).")]
pub struct WriteCin {
    /// The census year: the year in which it ends (2026 is 2025-26)
    #[arg(long)]
    year: u16,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Where,
}

/// Options of `throughline returns check record`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns check record --config council.toml

The rules of the census run over the record as it stands today, and each finding goes to the
list \"Your data\" of the worker who is allocated to the child. `throughline serve` does the
same once a day. Prints counts and nobody's name.
Ends with 0 when there was no error, 1 when there was, 2 when it could not be checked.")]
pub struct CheckRecord {
    #[command(flatten)]
    place: Where,
}

impl CheckRecord {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let options = self.place.options.with_file(self.place.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let done = casework.check_record().await;
        casework.store().close().await?;
        let done = done?;
        println!(
            "{} children checked: {} errors and {} queries, each on its worker's list.",
            done.children, done.errors, done.queries
        );
        Ok(ExitCode::from(u8::from(done.errors > 0)))
    }
}

impl Write {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Write::Cin(write) => write.run().await,
            Write::AnnexA(write) => write.run().await,
        }
    }
}

/// Options of `throughline returns write annex-a`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns write annex-a --config council.toml --out annex-a.xlsx
  throughline returns write annex-a --config council.toml --as-at 2026-06-01 --out lists/

A name that ends in .xlsx becomes one workbook; any other is a folder for \"List 1.csv\" to
\"List 11.csv\". Children whose record is restricted are in it, as are the postcodes of homes
in care: keep it as you keep the record. That it was made is written to the journal.")]
pub struct WriteAnnexA {
    /// The day for which the lists are made; today when not given
    #[arg(long)]
    as_at: Option<NaiveDate>,
    /// The workbook, or the folder of CSV files
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    #[command(flatten)]
    place: Where,
}

impl WriteAnnexA {
    async fn run(self) -> Result<ExitCode> {
        let options = self.place.options.with_file(self.place.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let as_at = self.as_at.unwrap_or_else(casework::time::today);
        let made = casework.make_annex_a(Maker::Console, as_at).await;
        casework.store().close().await?;
        let made = made?;
        match &made.lists {
            Some(book) if self.out.extension().is_none_or(|e| e != "xlsx") => {
                std::fs::create_dir_all(&self.out)
                    .with_context(|| format!("cannot make {}", self.out.display()))?;
                let lists = annex_a::layout().map_err(anyhow::Error::msg)?;
                for (list, filled) in lists.iter().zip(&book.lists) {
                    let Some(filled) = filled else { continue };
                    let mut bytes = Vec::new();
                    annex_a::write::csv_list(list, filled, &mut bytes)?;
                    keep(&self.out.join(format!("{}.csv", list.sheet())), &bytes)?;
                }
            }
            _ => keep(&self.out, &made.bytes)?,
        }
        Ok(told(&made, &self.out))
    }
}

impl WriteCin {
    async fn run(self) -> Result<ExitCode> {
        let options = self.place.options.with_file(self.place.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let made = casework.make_cin(Maker::Console, self.year).await;
        casework.store().close().await?;
        let made = made?;
        keep(&self.out, &made.bytes)?;
        Ok(told(&made, &self.out))
    }
}

/// Writes a file that only its owner may read.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(bytes)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// How many errors the rules find in a return.
pub fn errors(made: &Made) -> usize {
    made.report.count(Severity::Error)
}

/// Says what was made, without a name.
fn told(made: &Made, path: &Path) -> ExitCode {
    let errors = errors(made);
    let queries = made.report.count(Severity::Query);
    println!(
        "{}: {} children, {} of them restricted, as at {}.",
        made.title,
        made.children,
        made.restricted,
        made.until.format("%-d %B %Y")
    );
    println!("{errors} errors and {queries} queries by the rules.");
    println!(
        "Written to {}. It is about children: keep it as you keep the record.",
        path.display()
    );
    ExitCode::from(u8::from(errors > 0))
}

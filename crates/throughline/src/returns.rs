//! `throughline returns`: check a statutory return before it is sent, and
//! read the rules, which needs nothing but the file; make one from the record.

mod push;
mod receiver;
mod write;

pub use write::errors;

use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::returns::annex_a;
use ::returns::cin;
use ::returns::core::Reference;
use ::returns::core::catalogue::RuleState;
use ::returns::core::reference::{Postcodes, Providers};
use ::returns::core::report::Report;
use ::returns::core::rule::Rule;
use ::returns::core::table;
use ::returns::report::{self, Format};
use ::returns::ssda903;
use anyhow::{Context, Result, anyhow, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

/// What to do with returns.
#[derive(Subcommand)]
pub enum Returns {
    /// Check a return and say what to mend
    #[command(subcommand)]
    Check(Check),
    /// Make a return from the record
    #[command(subcommand)]
    Write(write::Write),
    /// The department's daily push: send what changed since the last one
    Push(push::Push),
    /// List the rules of a year: checked, needs reference data, or not in this year
    Rules(Rules),
}

/// Which return to check.
#[derive(Subcommand)]
pub enum Check {
    /// The children in need census, an XML file
    Cin(CheckCin),
    /// Children looked after (SSDA903), a folder of CSV files or an XML file
    Ssda903(CheckSsda903),
    /// Annex A for an inspection, a workbook or a folder of CSV files
    AnnexA(CheckAnnexA),
    /// The council's own record, as it is checked each night
    Record(write::CheckRecord),
}

/// How a report is written.
#[derive(Args)]
pub struct Output {
    /// The form of the report
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Write the report to this file and not to the screen
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Options of `throughline returns check cin`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns check cin census.xml
  throughline returns check cin census.xml --format html --out findings.html
  throughline returns check cin census.xml --format jsonl | jq 'select(.type == \"error\")'

Ends with 0 when nothing was found, 1 when something was, 2 when the file could not be
checked, or not all of it.")]
pub struct CheckCin {
    /// The census file
    file: PathBuf,
    /// The census year: the year in which it ends (2026 is 2025-26)
    #[arg(long, default_value_t = 2026)]
    year: u16,
    #[command(flatten)]
    output: Output,
}

/// Options of `throughline returns check ssda903`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns check ssda903 2026/
  throughline returns check ssda903 2026/ --previous 2025/ --format html --out findings.html
  throughline returns check ssda903 2026/ --postcodes ONSPD.csv --providers ofsted.csv

The folder holds header.csv, episodes.csv and so on; any of them may be missing. Last year's
files are also found in its folder prev. Rules that need what was not given are reported as
not run, never as passed. The --meta file sets another collection period and the authority:
  {\"collectionYear\": \"2025/26\", \"collection_start\": \"01/04/2025\",
   \"collection_end\": \"31/03/2026\", \"localAuthority\": \"E08000025\"}

Ends with 0 when nothing was found, 1 when something was, 2 when the return could not be
checked, or not all of it.")]
pub struct CheckSsda903 {
    /// The folder of CSV files, or the XML file
    path: PathBuf,
    /// Last year's folder or file
    #[arg(long)]
    previous: Option<PathBuf>,
    /// The collection year: the year in which it ends (2026 is 2025-26)
    #[arg(long, default_value_t = 2026)]
    year: u16,
    /// Another collection period, and the responsible authority
    #[arg(long)]
    meta: Option<PathBuf>,
    /// The national postcode directory, or an extract: columns pcd, laua, easting, northing
    #[arg(long)]
    postcodes: Option<PathBuf>,
    /// Ofsted's list of providers, as CSV with a column URN
    #[arg(long)]
    providers: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Options of `throughline returns check annex-a`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns check annex-a annex-a.xlsx --as-at 2026-06-01
  throughline returns check annex-a lists/ --format xlsx --out findings.xlsx

A folder holds files named \"List 1.csv\" to \"List 11.csv\".")]
pub struct CheckAnnexA {
    /// The workbook, or the folder of CSV files
    path: PathBuf,
    /// The day for which the lists were made; today when not given
    #[arg(long)]
    as_at: Option<NaiveDate>,
    #[command(flatten)]
    output: Output,
}

/// Options of `throughline returns rules`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns rules
  throughline returns rules --return cin --year 2026
  throughline returns rules --rule 8620      one rule in full, with its examples")]
pub struct Rules {
    /// Which return; all when not given
    #[arg(long = "return", value_enum)]
    of: Option<Which>,
    /// The year in which the collection ends
    #[arg(long, default_value_t = 2026)]
    year: u16,
    /// Show one rule in full
    #[arg(long)]
    rule: Option<String>,
    /// As a Markdown table
    #[arg(long)]
    markdown: bool,
}

/// A return.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The children in need census
    Cin,
    /// Children looked after
    Ssda903,
    /// Annex A
    AnnexA,
}

/// The form of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For the screen
    Text,
    /// One JSON object a line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// A workbook
    Xlsx,
    /// One page
    Html,
}

impl Returns {
    /// Does it. The exit code of a check says what came out.
    pub async fn run(self) -> Result<ExitCode> {
        let done = match self {
            Self::Write(write) => write.run().await,
            Self::Check(Check::Cin(check)) => check.run(),
            Self::Check(Check::Ssda903(check)) => check.run(),
            Self::Check(Check::AnnexA(check)) => check.run(),
            Self::Check(Check::Record(check)) => check.run().await,
            Self::Push(push) => push.run().await,
            Self::Rules(rules) => rules.run(),
        };
        // 1 means findings, so that what could not be done at all is 2.
        Ok(done.unwrap_or_else(|error| {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }))
    }
}

impl Output {
    /// Writes a report where it is wanted and gives its exit code.
    pub fn write(&self, report: &Report) -> Result<ExitCode> {
        let format = match self.format {
            Form::Text => Format::Text,
            Form::Jsonl => Format::Jsonl,
            Form::Csv => Format::Csv,
            Form::Xlsx => Format::Xlsx,
            Form::Html => Format::Html,
        };
        match &self.out {
            Some(path) => {
                let file = File::create(path)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                report::write(report, format, BufWriter::new(file))
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            None if format == Format::Xlsx && std::io::stdout().is_terminal() => {
                bail!("a workbook cannot be shown on the screen: give --out FILE");
            }
            None => {
                let out = BufWriter::new(std::io::stdout().lock());
                match report::write(report, format, out) {
                    // The reader of a pipe has had enough.
                    Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                    done => done.context("cannot write the report")?,
                }
            }
        }
        Ok(ExitCode::from(report.exit_code()))
    }
}

/// A line that counts children while a large file is read.
pub fn progress() -> Result<ProgressBar> {
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {pos} children read")?;
    bar.set_style(style);
    Ok(bar)
}

/// Opens a file, with its name in the error.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("cannot open {}", path.display()))
}

impl CheckCin {
    fn run(&self) -> Result<ExitCode> {
        let file = open(&self.file)?;
        let bar = progress()?;
        let options = cin::Options { year: self.year };
        let name = self.file.display().to_string();
        let report = cin::check(&name, file, options, &|children| bar.set_position(children))
            .map_err(anyhow::Error::msg)?;
        bar.finish_and_clear();
        self.output.write(&report)
    }
}

impl CheckSsda903 {
    fn run(&self) -> Result<ExitCode> {
        let collection = self.collection()?;
        let mut reference = Reference::default();
        if let Some(path) = &self.postcodes {
            let read = Postcodes::read(&path.display().to_string(), open(path)?);
            reference.postcodes = Some(read.map_err(|problem| anyhow!("{problem}"))?);
        }
        if let Some(path) = &self.providers {
            let read = Providers::read(&path.display().to_string(), open(path)?);
            reference.providers = Some(read.map_err(|problem| anyhow!("{problem}"))?);
        }
        let loaded = ssda903::read(&self.path, self.previous.as_deref())
            .with_context(|| format!("cannot read {}", self.path.display()))?;
        let mut report = ssda903::check(loaded, &collection, &reference)?;
        report.file = self.path.display().to_string();
        self.output.write(&report)
    }

    fn collection(&self) -> Result<ssda903::Collection> {
        let collection = ssda903::Collection::of(self.year)
            .with_context(|| format!("there is no collection year {}", self.year))?;
        let Some(path) = &self.meta else {
            return Ok(collection);
        };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        collection
            .with_meta(&text)
            .map_err(|message| anyhow!("{}: {message}", path.display()))
    }
}

impl CheckAnnexA {
    fn run(&self) -> Result<ExitCode> {
        let name = self.path.display().to_string();
        let read = if self.path.is_dir() {
            annex_a::read::folder(&self.path)
        } else {
            annex_a::read::workbook(&name, BufReader::new(open(&self.path)?))
        };
        let (book, problems) = read.map_err(anyhow::Error::msg)?;
        let as_at = self
            .as_at
            .unwrap_or_else(|| chrono::Local::now().date_naive());
        let options = annex_a::Options { as_at };
        let report = annex_a::check(&name, &book, problems, options).map_err(anyhow::Error::msg)?;
        self.output.write(&report)
    }
}

impl Rules {
    fn run(&self) -> Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        let mut known = false;
        let mut shown = false;
        let wanted = |which| self.of.is_none_or(|of| of == which);
        if wanted(Which::Cin) {
            match cin::rules::catalogue(self.year) {
                Ok(rules) => known |= self.list(&mut out, "CIN census", &rules, &mut shown)?,
                Err(error) => self.without(error)?,
            }
        }
        if wanted(Which::Ssda903) {
            match ssda903::run::catalogue(self.year) {
                Ok(rules) => known |= self.list(&mut out, "SSDA903", &rules, &mut shown)?,
                Err(error) => self.without(error)?,
            }
        }
        if wanted(Which::AnnexA) {
            let rules = annex_a::check::catalogue()?;
            known |= self.list(&mut out, "Annex A", &rules, &mut shown)?;
        }
        match &self.rule {
            Some(code) if !known => bail!("there is no rule {code}"),
            _ => Ok(ExitCode::SUCCESS),
        }
    }

    /// One return may have rules for a year that another has not: when all
    /// are listed, that is said and the others are still listed.
    fn without(&self, error: impl std::error::Error + Send + Sync + 'static) -> Result<()> {
        match self.of {
            Some(_) => Err(error.into()),
            None => {
                eprintln!("{error}");
                Ok(())
            }
        }
    }

    /// Writes one return's rules; whether the rule asked for is among them.
    fn list<F: Copy>(
        &self,
        out: &mut impl Write,
        title: &str,
        rules: &::returns::core::Catalogue<F>,
        shown: &mut bool,
    ) -> Result<bool> {
        if let Some(code) = &self.rule {
            let states = rules.states();
            let found = states
                .iter()
                .find(|(rule, _)| rule.code.eq_ignore_ascii_case(code));
            if let Some((rule, state)) = found {
                write!(out, "{}", in_full(title, rule, state))?;
            }
            return Ok(found.is_some());
        }
        if self.markdown {
            write!(out, "{}", table::markdown(title, rules))?;
            return Ok(true);
        }
        if std::mem::replace(shown, true) {
            writeln!(out)?;
        }
        let states = rules.states();
        let count =
            |wanted: fn(&RuleState) -> bool| states.iter().filter(|(_, s)| wanted(s)).count();
        writeln!(
            out,
            "{title} {}: {} rules checked, {} need reference data, {} not in this year",
            rules.set.label,
            count(|s| matches!(s, RuleState::Checked)),
            count(|s| matches!(s, RuleState::Needs(_))),
            count(|s| matches!(s, RuleState::NotInYear)),
        )?;
        for (rule, state) in &states {
            let kind = rule.kind.word();
            writeln!(
                out,
                "{:<9} {kind:<8} {:<20} {}",
                rule.code,
                table::state(state),
                rule.message
            )?;
        }
        Ok(true)
    }
}

/// One rule with all its words and examples.
fn in_full(title: &str, rule: &Rule, state: &RuleState) -> String {
    let mut text = format!(
        "{title}, rule {} ({}), {}\n\n{}\n\nWhen: {}\nWhy:  {}\nMend: {}\nLooks at: {} ({})\nSource: {}\n",
        rule.code,
        rule.kind.word(),
        table::state(state),
        rule.message,
        rule.condition,
        rule.explain,
        rule.mend,
        rule.fields.join(", "),
        rule.tables.join(", "),
        rule.source,
    );
    for case in &rule.cases {
        let verdict = if case.finds.is_empty() {
            "passes".to_owned()
        } else {
            format!("found on {}", case.finds.join(", "))
        };
        text.push_str(&format!("\nExample: {}: {verdict}\n", case.is));
        for line in case.rows.lines().filter(|line| !line.trim().is_empty()) {
            text.push_str(&format!("    {}\n", line.trim()));
        }
    }
    text
}

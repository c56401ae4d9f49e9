//! `throughline identity index build` and `throughline identity search`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use identity::explain::explain;
use identity::index::{self, Index, Question};

use super::files::{self, Columns};

/// What to do with an index.
#[derive(Subcommand)]
pub enum IndexCommand {
    /// Build an index of a file
    Build(Build),
}

/// Options of `throughline identity index build`.
#[derive(Args)]
#[command(after_help = "\
Example:
  throughline identity index build children.csv --out index

A rec_id that comes again is another name or home of the same child: earlier addresses and
names belong in the file, children move.")]
pub struct Build {
    /// The file; CSV, plain or gzip
    file: PathBuf,
    /// The folder of the index
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where to write lines that could not be taken
    #[arg(long, value_name = "FILE")]
    reject: Option<PathBuf>,
    #[command(flatten)]
    columns: Columns,
}

impl IndexCommand {
    /// Does it.
    pub fn run(self) -> Result<ExitCode> {
        let IndexCommand::Build(build) = self;
        let started = Instant::now();
        let table = files::read(
            &[&build.file],
            &build.columns,
            true,
            build.reject.as_deref(),
        )?;
        index::build(&table, &build.out, &|what| {
            eprintln!("{:>6.1} s  {what}", started.elapsed().as_secs_f32());
        })?;
        println!(
            "{} rows in {} ({:.1} s)",
            table.rows.len(),
            build.out.display(),
            started.elapsed().as_secs_f32()
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// Options of `throughline identity search`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline identity search index --given Maya --family Quilliam --dob 2013-03-27
  throughline identity search index --given maja --family quiliam --dob 2013 --why
  throughline identity search index --queries questions.csv --out results.csv

questions.csv has the header qid,given,family,dob,sex,postcode,nhs (middle, address and upn
are read too); results.csv has qid,rank,rec_id,score,confident, up to 20 children a question.")]
pub struct Search {
    /// The folder of the index
    dir: PathBuf,
    /// Given names
    #[arg(long, default_value = "")]
    given: String,
    /// Middle names
    #[arg(long, default_value = "")]
    middle: String,
    /// Family name
    #[arg(long, default_value = "")]
    family: String,
    /// Date of birth, or its year
    #[arg(long, default_value = "")]
    dob: String,
    /// M or F
    #[arg(long, default_value = "")]
    sex: String,
    /// Address
    #[arg(long, default_value = "")]
    address: String,
    /// Postcode, or its first part
    #[arg(long, default_value = "")]
    postcode: String,
    /// NHS number
    #[arg(long, default_value = "")]
    nhs: String,
    /// Unique pupil number
    #[arg(long, default_value = "")]
    upn: String,
    /// Say why, in sentences
    #[arg(long)]
    why: bool,
    /// A file of questions
    #[arg(long, value_name = "FILE", requires = "out")]
    queries: Option<PathBuf>,
    /// Where to write the answers to a file of questions
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The weights
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

impl Search {
    /// Searches.
    pub fn run(self) -> Result<ExitCode> {
        let mut index = Index::open(&self.dir, files::model(self.model.as_deref())?)?;
        if let (Some(queries), Some(out)) = (&self.queries, &self.out) {
            let times = answer_file(&mut index, queries, out)?;
            println!("{}", summary(&times));
            return Ok(ExitCode::SUCCESS);
        }
        let question = Question {
            given: &self.given,
            middle: &self.middle,
            family: &self.family,
            dob: &self.dob,
            sex: &self.sex,
            address: &self.address,
            postcode: &self.postcode,
            nhs: &self.nhs,
            upn: &self.upn,
        };
        self.check()?;
        let started = Instant::now();
        let result = index.search(&question);
        let took = started.elapsed();
        self.show(&index, &result);
        println!("{:.3} ms", took.as_secs_f64() * 1000.0);
        Ok(ExitCode::SUCCESS)
    }

    fn check(&self) -> Result<()> {
        let asked = [
            &self.given,
            &self.middle,
            &self.family,
            &self.dob,
            &self.postcode,
            &self.nhs,
            &self.upn,
        ];
        if asked.iter().all(|a| a.trim().is_empty()) {
            bail!(
                "What is known of the child? At least a name, a date of birth or a number: --given, --family, --dob, --nhs"
            );
        }
        if identity::dob::Dob::read(self.dob.as_bytes()).is_none() {
            bail!(
                "“{}” is not a date: write it like 2013-03-27, 27/03/2013 or 2013",
                self.dob
            );
        }
        Ok(())
    }

    fn show(&self, index: &Index, result: &index::Result) {
        if result.found.is_empty() {
            println!("Nobody fits.");
        } else if result.confident {
            println!("One child fits clearly.");
        } else {
            println!("No confident match. Nearest:");
        }
        if result.too_many {
            println!("Very many children share what was asked: add a date of birth or a postcode.");
        }
        let strangers = index.model().strangers(index.children());
        for (i, found) in result.found.iter().enumerate() {
            println!("{:>3}  {:<20} {:+6.1} bits", i + 1, found.id, found.bits);
            if self.why {
                for reason in explain(&found.levels, index.model(), strangers).reasons {
                    println!(
                        "       {:+5.1}  {} ({})",
                        reason.bits,
                        reason.words,
                        reason.strength()
                    );
                }
            }
            if result.confident {
                break;
            }
        }
    }
}

/// Answers every question of a file and says how long each took, sorted.
pub fn answer_file(index: &mut Index, queries: &Path, out: &Path) -> Result<Vec<Duration>> {
    let reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(files::open(queries)?);
    let mut reader = reader;
    let headers = reader
        .headers()
        .with_context(|| format!("{}", queries.display()))?
        .clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|h| h.trim().eq_ignore_ascii_case(name))
    };
    let Some(qid) = column("qid") else {
        bail!(
            "{}: the first line is not a header with qid: qid,given,family,dob,sex,postcode,nhs",
            queries.display()
        );
    };
    let names = [
        "given", "middle", "family", "dob", "sex", "address", "postcode", "nhs", "upn",
    ];
    let columns = names.map(column);
    let mut times = Vec::new();
    let mut wrong_dates = 0;
    files::write(out, |out| {
        out.write_all(b"qid,rank,rec_id,score,confident\n")?;
        for record in reader.records() {
            let record = record.with_context(|| format!("{}", queries.display()))?;
            let [given, middle, family, dob, sex, address, postcode, nhs, upn] =
                columns.map(|c| c.and_then(|c| record.get(c)).unwrap_or_default().trim());
            wrong_dates += u32::from(identity::dob::Dob::read(dob.as_bytes()).is_none());
            let question = Question {
                given,
                middle,
                family,
                dob,
                sex,
                address,
                postcode,
                nhs,
                upn,
            };
            let started = Instant::now();
            let result = index.search(&question);
            times.push(started.elapsed());
            for (i, found) in result.found.iter().enumerate() {
                files::field(out, record.get(qid).unwrap_or_default())?;
                write!(out, ",{},", i + 1)?;
                files::field(out, &found.id)?;
                writeln!(
                    out,
                    ",{:.3},{}",
                    found.bits,
                    u8::from(result.confident && i == 0)
                )?;
            }
        }
        Ok(())
    })?;
    if wrong_dates > 0 {
        eprintln!(
            "{}: {wrong_dates} dates could not be read and were not used",
            queries.display()
        );
    }
    times.sort_unstable();
    Ok(times)
}

/// How long searches took, in a line.
pub fn summary(times: &[Duration]) -> String {
    let at = |part: f64| {
        let i = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
        times.get(i).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    format!(
        "{} questions: p50 {:.3} ms, p99 {:.3} ms, maximum {:.3} ms",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

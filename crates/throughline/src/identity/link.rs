//! `throughline identity link`: pairs, groups, a report.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use identity::link::{Decision, Linked, Options, Pair, ids, link};
use identity::model::Model;
use identity::stable;
use identity::table::Table;

use super::files::{self, Columns};
use super::report;

/// Options of `throughline identity link`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline identity link children.csv --out pairs.csv
  throughline identity link schools.csv health.csv.gz --out pairs.csv --clusters children.csv
  throughline identity link children.csv --out pairs.csv --train --model weights.json --report report.html
  throughline identity link old.csv --out pairs.csv --map given=Forename --map \"address=House no+Street\"

A file with the header rec_id,source,given,middle,family,dob,sex,address,postcode,nhs needs
no mapping; upn, school, parent and parent2 are read too. With one file its own records are
linked; with two, those of the first with those of the second.

score is in bits: 0 is even, 10 is a thousand to one for one child. Pairs that only a changed
name at a changed home could explain, and twins, are never joined without a number: they are
in --review. Nothing is merged: take a pair out with --apart and run again.")]
pub struct Link {
    /// The file, or the first of two; CSV, plain or gzip
    a: PathBuf,
    /// The second file: then pairs are looked for between the two only
    b: Option<PathBuf>,
    /// Where to write the pairs that are one child: l,r,score
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where to write the groups: rec_id,child
    #[arg(long, value_name = "FILE")]
    clusters: Option<PathBuf>,
    /// Groups of an earlier run, whose names are kept
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// The weights: read from here, or with --train written here
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Learn weights from this data, without labels
    #[arg(long)]
    train: bool,
    /// Do not look at a column: nhs
    #[arg(long, value_name = "COLUMN", value_parser = ["nhs"])]
    ignore: Vec<String>,
    /// Bits from which a pair is one child [default: the model's]
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    threshold: Option<f32>,
    /// Write pairs from these bits on, joined or not
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    min_score: Option<f32>,
    /// Where to write pairs for a person to look at: l,r,score,why
    #[arg(long, value_name = "FILE")]
    review: Option<PathBuf>,
    /// Pairs that are not the same (l,r): people's decisions, known twins, sealed identities
    #[arg(long, value_name = "FILE")]
    apart: Option<PathBuf>,
    /// Where to write a page about the quality of the result
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Where to write lines that could not be taken
    #[arg(long, value_name = "FILE")]
    reject: Option<PathBuf>,
    #[command(flatten)]
    columns: Columns,
}

impl Link {
    /// Links.
    pub fn run(self) -> Result<ExitCode> {
        let started = Instant::now();
        if self.model.is_some() && !self.train && !self.model.as_ref().is_some_and(|m| m.exists()) {
            bail!(
                "{}: there is no such model file; with --train it would be made",
                path(self.model.as_deref())
            );
        }
        let mut paths = vec![self.a.as_path()];
        paths.extend(self.b.as_deref());
        let table = files::read(&paths, &self.columns, false, self.reject.as_deref())?;
        let from = self.model.as_deref().filter(|m| !self.train || m.exists());
        let model = files::model(from)?;
        let options = Options {
            ignore_nhs: self.ignore.iter().any(|c| c == "nhs"),
            train: self.train,
            between: self.b.is_some(),
            join: self.threshold,
            apart: self.apart(&table)?,
            ..Options::default()
        };
        let linked = link(&table, &model, &options, &|what| {
            eprintln!("{:>6.1} s  {what}", started.elapsed().as_secs_f32());
        });
        if let (true, Some(path)) = (self.train, &self.model) {
            files::write(path, |out| {
                Ok(out.write_all(linked.model.to_json().as_bytes())?)
            })?;
        }
        self.write_pairs(&table, &linked)?;
        if let Some(path) = &self.clusters {
            self.write_clusters(path, &table, &linked)?;
        }
        if let Some(path) = &self.review {
            write_review(path, &table, &linked)?;
        }
        if let Some(path) = &self.report {
            let page = report::page(&table, &linked, started.elapsed());
            files::write(path, |out| Ok(out.write_all(page.as_bytes())?))?;
        }
        self.tell(&table, &linked, &model, started);
        Ok(ExitCode::SUCCESS)
    }

    fn write_pairs(&self, table: &Table, linked: &Linked) -> Result<()> {
        files::write(&self.out, |out| {
            out.write_all(b"l,r,score\n")?;
            for pair in &linked.pairs {
                let wanted = match self.min_score {
                    Some(least) => pair.score >= least && pair.decision != Decision::Apart,
                    None => pair.decision == Decision::Join,
                };
                if wanted {
                    let (l, r) = ids(table, pair);
                    files::field(out, l)?;
                    out.write_all(b",")?;
                    files::field(out, r)?;
                    writeln!(out, ",{:.3}", pair.score)?;
                }
            }
            Ok(())
        })
    }

    fn write_clusters(&self, path: &Path, table: &Table, linked: &Linked) -> Result<()> {
        let mut groups = linked.groups.all();
        let mut alone = vec![true; table.rows.len()];
        for row in groups.iter().flatten() {
            alone[*row as usize] = false;
        }
        groups.extend(
            alone
                .iter()
                .enumerate()
                .filter(|(_, a)| **a)
                .map(|(row, _)| vec![row as u32]),
        );
        let before = match &self.previous {
            Some(path) => pairs_of(path)?.into_iter().collect(),
            None => Default::default(),
        };
        let names = stable::names(&groups, |row| table.id(row as usize), &before);
        files::write(path, |out| {
            out.write_all(b"rec_id,child\n")?;
            for (rows, name) in groups.iter().zip(&names) {
                for row in rows {
                    files::field(out, table.id(*row as usize))?;
                    out.write_all(b",")?;
                    files::field(out, name)?;
                    out.write_all(b"\n")?;
                }
            }
            Ok(())
        })
    }

    /// People's "not the same" as rows; identifiers that are not there are
    /// told of.
    fn apart(&self, table: &Table) -> Result<Vec<(u32, u32)>> {
        let Some(path) = &self.apart else {
            return Ok(Vec::new());
        };
        let rows: HashMap<&str, u32> = (0..table.rows.len())
            .map(|i| (table.id(i), i as u32))
            .collect();
        let mut apart = Vec::new();
        for (l, r) in pairs_of(path)? {
            match (rows.get(l.as_str()), rows.get(r.as_str())) {
                (Some(l), Some(r)) => apart.push((*l, *r)),
                _ => eprintln!(
                    "{}: {l} or {r} is not in the data: passed over",
                    path.display()
                ),
            }
        }
        Ok(apart)
    }

    fn tell(&self, table: &Table, linked: &Linked, model: &Model, started: Instant) {
        let joined = linked
            .pairs
            .iter()
            .filter(|p| p.decision == Decision::Join)
            .count();
        let review = linked
            .pairs
            .iter()
            .filter(|p| p.decision == Decision::Review)
            .count();
        let groups = linked.groups.all();
        let grouped: usize = groups.iter().map(Vec::len).sum();
        println!(
            "{} records are {} children",
            table.rows.len(),
            table.rows.len() - grouped + groups.len()
        );
        println!(
            "{joined} pairs are one child, {review} are for a person to look at, {} were compared",
            linked.compared
        );
        match linked.learnt {
            Some(how) => println!("Weights learnt {how}"),
            None => println!("Weights: {} ({})", model.about.version, model.about.learnt),
        }
        println!("{:.1} s", started.elapsed().as_secs_f32());
    }
}

fn path(path: Option<&Path>) -> String {
    path.map(|p| p.display().to_string()).unwrap_or_default()
}

/// The first two columns of a CSV file with a header.
fn pairs_of(path: &Path) -> Result<Vec<(String, String)>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| format!("{}", path.display()))?;
    let mut found = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.with_context(|| format!("{}", path.display()))?;
        match (record.get(0), record.get(1)) {
            (Some(l), Some(r)) => found.push((l.trim().to_owned(), r.trim().to_owned())),
            _ => bail!("{}, line {}: two columns are needed", path.display(), i + 2),
        }
    }
    Ok(found)
}

fn write_review(path: &Path, table: &Table, linked: &Linked) -> Result<()> {
    let strangers = linked.model.strangers(table.rows.len());
    files::write(path, |out| {
        out.write_all(b"l,r,score,why\n")?;
        for pair in linked
            .pairs
            .iter()
            .filter(|p| p.decision == Decision::Review)
        {
            let (l, r) = ids(table, pair);
            files::field(out, l)?;
            out.write_all(b",")?;
            files::field(out, r)?;
            write!(out, ",{:.3},", pair.score)?;
            files::field(out, &why(pair, &linked.model, strangers))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    })
}

/// The reasons of a pair in one line.
pub fn why(pair: &Pair, model: &Model, strangers: f32) -> String {
    let levels = identity::level::Levels::unpack(pair.code);
    let explained = identity::explain::explain(&levels, model, strangers);
    let mut said: Vec<String> = explained
        .reasons
        .iter()
        .map(|r| format!("{} ({}, {:+.1})", r.words, r.strength(), r.bits))
        .collect();
    said.extend(explained.cautions.iter().map(|c| (*c).to_owned()));
    said.join(". ")
}

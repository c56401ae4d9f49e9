//! Files of records in and out: plain or gzip, with a mapping of columns, and
//! a reject file for what could not be taken.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use flate2::read::MultiGzDecoder;
use identity::model::Model;
use identity::table::{COLUMNS, Mapping, Rejected, Table};

/// How a file's columns are called.
#[derive(Args, Debug, Default)]
pub struct Columns {
    /// One column, as OURS=THEIRS; several columns that belong together as
    /// OURS=ONE+TWO (a house number and a street); may be given more than once
    #[arg(long, value_name = "OURS=THEIRS")]
    map: Vec<String>,
    /// A mapping file with one OURS=THEIRS a line
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
}

impl Columns {
    /// The mapping that was asked for.
    pub fn mapping(&self) -> Result<Mapping> {
        let mut mapping = Mapping::default();
        let mut lines: Vec<String> = Vec::new();
        if let Some(path) = &self.mapping {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
            lines.extend(text.lines().map(str::to_owned));
        }
        lines.extend(self.map.iter().cloned());
        for line in lines
            .iter()
            .map(|l| l.trim())
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
        {
            let Some((ours, theirs)) = line.split_once('=') else {
                bail!("“{line}” is not OURS=THEIRS, like given=Forename");
            };
            let ours = ours.trim();
            if !COLUMNS.contains(&ours) {
                bail!("“{ours}” is not one of our columns: {}", COLUMNS.join(", "));
            }
            let theirs = theirs
                .trim()
                .trim_matches('"')
                .split('+')
                .map(|name| name.trim().to_owned());
            mapping.0.insert(ours.to_owned(), theirs.collect());
        }
        Ok(mapping)
    }
}

/// Opens a file of records; gzip is seen by its first bytes.
pub fn open(path: &Path) -> Result<Box<dyn Read>> {
    let mut file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let mut magic = [0u8; 2];
    let n = file
        .read(&mut magic)
        .with_context(|| format!("{}", path.display()))?;
    let whole = std::io::Cursor::new(magic[..n].to_vec()).chain(file);
    Ok(if magic == [0x1f, 0x8b] {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(
            1 << 18,
            whole,
        )))
    } else {
        Box::new(whole)
    })
}

/// Reads files into one table; what was not taken goes to the reject file, or
/// is counted on standard error.
pub fn read(
    paths: &[&Path],
    columns: &Columns,
    repeats: bool,
    rejects: Option<&Path>,
) -> Result<Table> {
    let mapping = columns.mapping()?;
    let mut table = Table::default();
    let mut out = match rejects {
        Some(path) => {
            let mut out =
                csv::Writer::from_path(path).with_context(|| format!("{}", path.display()))?;
            out.write_record(["file", "line", "rec_id", "why"])?;
            Some(out)
        }
        None => None,
    };
    for path in paths {
        let from = open(path)?;
        let (mut n, mut told) = (0u64, Ok(()));
        let started = std::time::Instant::now();
        table
            .read(
                from,
                &mapping,
                repeats,
                |rejected| {
                    n += 1;
                    match &mut out {
                        Some(out) if told.is_ok() => told = write_reject(out, path, &rejected),
                        None if n <= 5 => {
                            eprintln!(
                                "{}, line {}: {} ({})",
                                path.display(),
                                rejected.line,
                                rejected.why,
                                rejected.rec_id
                            );
                        }
                        _ => {}
                    }
                },
                |rows| {
                    if rows % (1 << 20) == 0 {
                        eprintln!("Reading {}: {rows} records", path.display());
                    }
                },
            )
            .with_context(|| format!("{}", path.display()))?;
        told.context("writing the reject file")?;
        if n > 0 {
            let see = match rejects {
                Some(rejects) => format!("see {}", rejects.display()),
                None => "name a reject file with --reject FILE to see all".to_owned(),
            };
            eprintln!(
                "{}: {n} lines or fields were not taken as they are: {see}",
                path.display()
            );
        }
        eprintln!(
            "Read {} in {:.1} s: {} records so far",
            path.display(),
            started.elapsed().as_secs_f32(),
            table.rows.len()
        );
    }
    if let Some(mut out) = out {
        out.flush()?;
    }
    table.close();
    Ok(table)
}

fn write_reject(
    out: &mut csv::Writer<File>,
    path: &Path,
    rejected: &Rejected,
) -> Result<(), csv::Error> {
    let (file, line) = (path.display().to_string(), rejected.line.to_string());
    out.write_record([file.as_str(), &line, &rejected.rec_id, &rejected.why])
}

/// The weights: from a file where one is named, else those that ship.
pub fn model(path: Option<&Path>) -> Result<Model> {
    match path {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
            Model::from_json(&text).with_context(|| format!("{}", path.display()))
        }
        None => Ok(Model::shipped()),
    }
}

/// Writes a file whole or not at all: to a neighbour first, then renamed.
pub fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let part = path.with_extension("part");
    let file = File::create(&part).with_context(|| format!("{}", part.display()))?;
    let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
    fill(&mut out)?;
    out.flush().with_context(|| format!("{}", part.display()))?;
    drop(out);
    std::fs::rename(&part, path).with_context(|| format!("{}", path.display()))
}

/// Writes one field, quoted where it must be.
pub fn field(out: &mut dyn Write, text: &str) -> std::io::Result<()> {
    if text.contains([',', '"', '\n', '\r']) {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}

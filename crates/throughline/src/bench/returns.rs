//! P1 and P2: a census file, and a set of children looked after with last
//! year's, all rules, at 5,000 and 50,000 children, beside the time it takes
//! only to read the bytes. Every planted fault must be found and nothing else,
//! or the figure counts for nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ::returns::cin::{self, Options};
use ::returns::core::Reference;
use ::returns::core::report::Report;
use ::returns::ssda903;
use anyhow::{Context, Result, ensure};

use super::milliseconds;
use super::table::row;
use crate::invent;

/// The budgets of P1: children, time and memory.
const CENSUS: [(u32, &str); 2] = [(5_000, "0.3 s and 100 MB"), (50_000, "3 s and 300 MB")];
/// The budgets of P2.
const LOOKED_AFTER: [(u32, &str); 2] = [(5_000, "0.3 s and 100 MB"), (50_000, "3 s and 500 MB")];
/// The year whose rules are measured.
const YEAR: u16 = 2026;

type Planted = BTreeMap<&'static str, u64>;

/// Measures both.
pub fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (children, budget) in CENSUS {
        let path = folder.path().join(format!("{children}.xml"));
        let planted = invent::cin(&path, YEAR, children, 0.05, 1)?;
        let name = path.display().to_string();
        let what = ("P1", format!("census of {children}"), budget);
        measure(what, std::slice::from_ref(&path), (&planted, &[]), || {
            cin::check(&name, File::open(&path)?, Options { year: YEAR }, &|_| {})
                .map_err(anyhow::Error::msg)
        })?;
    }
    for (children, budget) in LOOKED_AFTER {
        let path = folder.path().join(children.to_string());
        let planted = invent::looked_after(&path, YEAR, children, 0.05, 1)?;
        let mut files = csv_files(&path)?;
        files.extend(csv_files(&path.join("prev"))?);
        let collection =
            ssda903::Collection::of(YEAR).with_context(|| format!("there is no year {YEAR}"))?;
        let what = (
            "P2",
            format!("SSDA903 of {children} with last year"),
            budget,
        );
        let planted = (&planted, &ssda903::invent::ALSO_FIND[..]);
        measure(what, &files, planted, || {
            let loaded = ssda903::read(&path, None)?;
            Ok(ssda903::check(loaded, &collection, &Reference::default())?)
        })?;
    }
    Ok(())
}

/// Checks once, compares what was found with what was planted (rules that find
/// some of it besides are left out), and writes the lines of the table.
fn measure(
    (id, what, budget): (&str, String, &str),
    files: &[PathBuf],
    (planted, also): (&Planted, &[&str]),
    check: impl FnOnce() -> Result<Report>,
) -> Result<()> {
    let (bytes, yardstick) = bytes_only(files)?;
    // Only what the check itself takes, not what making the files took.
    forget_peak();
    let (cpu_before, started) = (cpu(), Instant::now());
    let report = check()?;
    let took = started.elapsed();
    let cpu = cpu().zip(cpu_before).map(|(after, before)| after - before);
    let peak = peak();
    let mut found: Planted = BTreeMap::new();
    for finding in &report.findings {
        *found.entry(finding.rule).or_default() += 1;
    }
    found.retain(|rule, _| !also.contains(rule));
    ensure!(
        found == *planted,
        "planted {planted:?}, found {found:?} in {what}"
    );
    let what = format!(
        "{what}, {:.0} MB, {} faults found",
        bytes as f64 / 1e6,
        planted.values().sum::<u64>()
    );
    let times = took.as_secs_f64() / yardstick.as_secs_f64().max(1e-9);
    let ratio = format!("{times:.0} times as long as reading the bytes");
    row(id, &what, milliseconds(took), budget, &ratio);
    let cpu = cpu.map_or("unknown".to_owned(), milliseconds);
    row("", "  processor time", cpu, "", "");
    let peak = peak.map_or("unknown".to_owned(), |mb| format!("{mb} MB"));
    row("", "  most memory held", peak, "", "");
    Ok(())
}

/// The CSV files of a folder.
fn csv_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            files.push(path);
        }
    }
    Ok(files)
}

/// The yardstick: the files read and their lines counted, and nothing else.
fn bytes_only(files: &[PathBuf]) -> Result<(u64, Duration)> {
    let started = Instant::now();
    let (mut read, mut lines) = (0, 0);
    for file in files {
        let mut bytes = Vec::new();
        File::open(file)?.read_to_end(&mut bytes)?;
        read += bytes.len() as u64;
        lines += bytes.iter().filter(|c| **c == b'\n').count();
    }
    ensure!(lines > 0, "the files are empty");
    Ok((read, started.elapsed()))
}

/// The most memory that the process held, in MB. Linux only.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

/// Begins to measure the peak anew; where that cannot be, the peak includes
/// what was before, which is the stricter figure.
fn forget_peak() {
    if let Err(error) = std::fs::write("/proc/self/clear_refs", "5") {
        println!("      (the peak of memory includes what was before: {error})");
    }
}

/// Processor time of all threads so far. Linux only; in hundredths of a second.
fn cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

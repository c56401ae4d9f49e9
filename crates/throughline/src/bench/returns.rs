//! P1: a census file, all rules, at 5,000 and 50,000 children, beside the
//! time it takes only to read the file's bytes. Every planted fault must be
//! found, or the figure counts for nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use ::returns::cin::{Options, check};
use anyhow::{Result, ensure};

use super::milliseconds;
use super::table::row;
use crate::invent;

/// The budgets of P1: children, milliseconds, megabytes.
const BUDGETS: [(u32, &str); 2] = [(5_000, "0.3 s and 100 MB"), (50_000, "3 s and 300 MB")];

/// Measures.
pub fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (children, budget) in BUDGETS {
        let path = folder.path().join(format!("{children}.xml"));
        let planted = invent::cin(&path, 2026, children, 0.05, 1)?;
        let bytes = std::fs::metadata(&path)?.len();
        let yardstick = bytes_only(&path)?;
        // Only what the check itself takes, not what making the file took.
        forget_peak();
        let (cpu_before, started) = (cpu(), Instant::now());
        let name = path.display().to_string();
        let report = check(&name, File::open(&path)?, Options { year: 2026 }, &|_| {})
            .map_err(anyhow::Error::msg)?;
        let took = started.elapsed();
        let cpu = cpu().zip(cpu_before).map(|(after, before)| after - before);
        let mut found: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in &report.findings {
            *found.entry(finding.rule).or_default() += 1;
        }
        ensure!(found == planted, "planted {planted:?}, found {found:?}");
        let what = format!(
            "census of {children}, {:.0} MB, {} faults found",
            bytes as f64 / 1e6,
            planted.values().sum::<u64>()
        );
        let times = took.as_secs_f64() / yardstick.as_secs_f64().max(1e-9);
        let ratio = format!("{times:.0} times as long as reading the bytes");
        row("P1", &what, milliseconds(took), budget, &ratio);
        let cpu = cpu.map_or("unknown".to_owned(), milliseconds);
        row("", "  processor time", cpu, "", "");
        let peak = peak().map_or("unknown".to_owned(), |mb| format!("{mb} MB"));
        row("", "  most memory held", peak, "", "");
    }
    Ok(())
}

/// The yardstick: the file read and its lines counted, and nothing else.
fn bytes_only(path: &std::path::Path) -> Result<Duration> {
    let started = Instant::now();
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    let lines = bytes.iter().filter(|c| **c == b'\n').count();
    ensure!(lines > 0, "the file is empty");
    Ok(started.elapsed())
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

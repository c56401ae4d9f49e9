//! `throughline synth cin` and `synth ssda903`: invented returns of any size,
//! with a known number of each fault, for measuring and for trying the checks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::returns::cin::invent::{Planted, Wish, write};
use ::returns::ssda903;
use anyhow::{Context, Result, ensure};
use clap::Args;

/// Options of `throughline synth cin`.
#[derive(Args)]
#[command(after_help = "\
Example:
  throughline synth cin --children 5000 --faults 0.05 --out census.xml

Writes census.xml, and beside it census.xml.faults.csv: how many faults were planted for
each rule. `throughline returns check cin census.xml` must find exactly these.")]
pub struct SynthCin {
    /// How many children
    #[arg(long, default_value_t = 1_000)]
    children: u32,
    /// The share of children that get one fault, from 0 to 1
    #[arg(long, default_value_t = 0.05)]
    faults: f64,
    /// The census year
    #[arg(long, default_value_t = 2026)]
    year: u16,
    /// The same seed gives the same file
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
}

impl SynthCin {
    /// Writes the census and the list of its faults.
    pub fn run(&self) -> Result<ExitCode> {
        let share = share(self.faults)?;
        let planted = cin(&self.out, self.year, self.children, share, self.seed)?;
        list(&self.out, &planted)?;
        println!("{} children in {}", self.children, self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Options of `throughline synth ssda903`.
#[derive(Args)]
#[command(after_help = "\
Example:
  throughline synth ssda903 --children 5000 --faults 0.05 --out looked-after

Writes header.csv, episodes.csv and so on into the folder, last year's into its folder prev,
and beside the folder looked-after.faults.csv: how many faults were planted for each rule.
`throughline returns check ssda903 looked-after` must find exactly these; some of them are
also found by rules 191, 204, 208, 435, 444, 504, 620 and 621, which are never planted.")]
pub struct SynthSsda903 {
    /// How many children
    #[arg(long, default_value_t = 1_000)]
    children: u32,
    /// The share of children that get one fault, from 0 to 1
    #[arg(long, default_value_t = 0.05)]
    faults: f64,
    /// The collection year
    #[arg(long, default_value_t = 2026)]
    year: u16,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write into; made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl SynthSsda903 {
    /// Writes the return, last year's, and the list of the faults.
    pub fn run(&self) -> Result<ExitCode> {
        let share = share(self.faults)?;
        ensure!(
            !self.out.is_file(),
            "{} is a file: --out names a folder",
            self.out.display()
        );
        let planted = looked_after(&self.out, self.year, self.children, share, self.seed)?;
        list(&self.out, &planted)?;
        println!("{} children in {}", self.children, self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// A share as it was given, when it is one.
fn share(given: f64) -> Result<f64> {
    let is_one = (0.0..=1.0).contains(&given);
    ensure!(is_one, "--faults is a share from 0 to 1, not {given}");
    Ok(given)
}

/// Writes the list of planted faults beside a file or folder, and says it.
fn list(out: &Path, planted: &BTreeMap<&'static str, u64>) -> Result<()> {
    let mut path = out.as_os_str().to_owned();
    path.push(".faults.csv");
    let path = PathBuf::from(path);
    let mut file =
        File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    writeln!(file, "rule,planted")?;
    for (rule, count) in planted {
        writeln!(file, "{rule},{count}")?;
        println!("{rule:<8} {count}");
    }
    Ok(())
}

/// Writes an invented census into a file.
pub fn cin(out: &Path, year: u16, children: u32, share: f64, seed: u64) -> Result<Planted> {
    let file = File::create(out).with_context(|| format!("cannot write {}", out.display()))?;
    let wish = Wish {
        year,
        children,
        faults_in_100: share * 100.0,
        seed,
    };
    write(wish, BufWriter::new(file)).with_context(|| format!("cannot write {}", out.display()))
}

/// Writes an invented return of children looked after into a folder, last
/// year's into its folder "prev".
pub fn looked_after(
    out: &Path,
    year: u16,
    children: u32,
    share: f64,
    seed: u64,
) -> Result<ssda903::invent::Planted> {
    let wish = ssda903::invent::Wish {
        year,
        children,
        faults_in_100: share * 100.0,
        seed,
    };
    let invented = ssda903::invent::invent(wish)?;
    invented
        .write(out)
        .with_context(|| format!("cannot write into {}", out.display()))?;
    Ok(invented.planted)
}

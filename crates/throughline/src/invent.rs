//! `throughline synth cin`: an invented census of any size, with a known number
//! of each fault, for measuring and for trying the checks.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::returns::cin::invent::{Planted, Wish, write};
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
        let share = (0.0..=1.0).contains(&self.faults);
        ensure!(
            share,
            "--faults is a share from 0 to 1, not {}",
            self.faults
        );
        let planted = cin(&self.out, self.year, self.children, self.faults, self.seed)?;
        let list = format!("{}.faults.csv", self.out.display());
        let mut file = File::create(&list).with_context(|| format!("cannot write {list}"))?;
        writeln!(file, "rule,planted")?;
        for (rule, count) in &planted {
            writeln!(file, "{rule},{count}")?;
            println!("{rule:<8} {count}");
        }
        println!("{} children in {}", self.children, self.out.display());
        Ok(ExitCode::SUCCESS)
    }
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

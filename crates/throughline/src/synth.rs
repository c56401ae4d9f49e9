//! `throughline synth`: invented people in files, with the truth beside them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use identity::invent;

/// What to invent.
#[derive(Subcommand)]
pub enum Synth {
    /// Children of many cultures, and what services wrote down about them
    People(People),
    /// A children in need census, with a known number of each fault
    Cin(crate::invent::SynthCin),
    /// A return of children looked after with last year's, with a known number of each fault
    Ssda903(crate::invent::SynthSsda903),
}

/// Options of `throughline synth people`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline synth people --children 50000 --out people
  throughline synth people --children 11000000 --index --out england

Writes records.csv (about two records a child), truth.csv and forbidden.csv (identities before
and after an adoption, which must never meet); with --index instead index.csv, queries.csv and
query_truth.csv. Twins, brothers and sisters, two homes, changed names, expected babies and
children seeking asylum are among them. The same seed gives the same people.")]
pub struct People {
    /// How many children
    #[arg(long, default_value_t = 50_000)]
    children: usize,
    /// The seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many mistakes: 1 is usual, 2 twice as many
    #[arg(long, default_value_t = 1.0)]
    noise: f64,
    /// An index and questions in place of records to link
    #[arg(long)]
    index: bool,
    /// How many questions
    #[arg(long, default_value_t = 20_000)]
    questions: usize,
    /// The folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Synth {
    /// Writes the files.
    pub fn run(self) -> Result<ExitCode> {
        let people = match self {
            Synth::People(people) => people,
            Synth::Cin(cin) => return cin.run(),
            Synth::Ssda903(ssda903) => return ssda903.run(),
        };
        if people.index {
            invent::write_index(
                &people.out,
                people.children,
                people.questions,
                people.seed,
                people.noise,
            )?;
        } else {
            let n = invent::write_records(&people.out, people.children, people.seed, people.noise)?;
            println!("{n} records of {} children", people.children);
        }
        println!("{}", people.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

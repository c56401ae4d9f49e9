//! `throughline identity why`: two records side by side, in sentences.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use identity::compare::{Comparer, Rarity};
use identity::explain::explain;

use super::files::{self, Columns};

/// Options of `throughline identity why`.
#[derive(Args)]
#[command(after_help = "\
Example:
  throughline identity why children.csv 1042 99317")]
pub struct Why {
    /// The file both records are in
    file: PathBuf,
    /// The rec_id of one record
    left: String,
    /// The rec_id of the other
    right: String,
    /// The weights
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    columns: Columns,
}

impl Why {
    /// Compares and explains.
    pub fn run(self) -> Result<ExitCode> {
        let table = files::read(&[&self.file], &self.columns, false, None)?;
        let model = files::model(self.model.as_deref())?;
        let find = |id: &str| (0..table.rows.len()).find(|i| table.id(*i) == id);
        let (Some(l), Some(r)) = (find(&self.left), find(&self.right)) else {
            bail!(
                "{} or {} is not in {}",
                self.left,
                self.right,
                self.file.display()
            );
        };
        let mut comparer = Comparer::new(&table.lists, Rarity::of(table.rows.len()));
        let levels = comparer.compare(&table.rows[l], &table.rows[r]);
        let explained = explain(&levels, &model, model.strangers(table.rows.len()));
        println!(
            "The same child: {:.1}%. Another child of the household: {:.1}%. A stranger: {:.1}%.",
            explained.answer.same * 100.0,
            explained.answer.household * 100.0,
            explained.answer.stranger * 100.0
        );
        println!(
            "{:+6.1} bits  before anything is looked at",
            explained.start
        );
        for reason in &explained.reasons {
            println!(
                "{:+6.1} bits  {} ({})",
                reason.bits,
                reason.words,
                reason.strength()
            );
        }
        println!("{:+6.1} bits  together", explained.bits);
        for caution in &explained.cautions {
            println!("{caution}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

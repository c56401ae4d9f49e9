//! `throughline packs`: check and read practice packs before a council uses them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use packs::{Layer, Pack};

use crate::council;

/// What to do with packs.
#[derive(Subcommand)]
pub enum Packs {
    /// Check packs and name every mistake with its file and line
    Check(Check),
    /// Show what is in force today: steps, forms, clocks with their rules and sources
    Show(Show),
    /// Draw a picture of each process from the packs themselves, as SVG files
    Picture(Picture),
}

/// Options of `throughline packs picture`.
#[derive(Args)]
pub struct Picture {
    /// The folder for the pictures: one file for each process
    #[arg(long, default_value = "docs/processes")]
    into: PathBuf,
    /// Folders of packs, the lowest layer first
    folders: Vec<PathBuf>,
}

/// Options of `throughline packs check`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline packs check                     England's pack, as it is in the program
  throughline packs check packs/larkmere      a council's pack, laid over England's
  throughline packs check packs/england packs/larkmere

Ends with 1 if there is a mistake, so that it can stand in a build.")]
pub struct Check {
    /// Folders, the lowest layer first
    folders: Vec<PathBuf>,
}

/// Options of `throughline packs show`.
#[derive(Args)]
pub struct Show {
    /// Folders, the lowest layer first
    folders: Vec<PathBuf>,
}

impl Packs {
    /// Does it.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Packs::Check(check) => check_layers(&check.folders),
            Packs::Show(show) => {
                print!("{}", shown(&council::pack(&show.folders)?));
                Ok(ExitCode::SUCCESS)
            }
            Packs::Picture(picture) => {
                draw(&council::pack(&picture.folders)?, &picture.into)?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Writes one picture for each process in force today.
fn draw(pack: &Pack, into: &std::path::Path) -> Result<()> {
    let today = casework::time::today();
    std::fs::create_dir_all(into)
        .with_context(|| format!("The folder {} could not be made", into.display()))?;
    for process in pack.processes(today) {
        let file = into.join(format!("{}.svg", process.id));
        std::fs::write(&file, packs::picture(pack, process, today))
            .with_context(|| format!("{} could not be written", file.display()))?;
        println!("{}", file.display());
    }
    Ok(())
}

fn check_layers(folders: &[PathBuf]) -> Result<ExitCode> {
    let mut layers = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        match Layer::read(folder) {
            Ok(layer) => layers.push(layer),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        if !folders.first().is_some_and(|f| council::is_england(f)) {
            layers.insert(0, council::england()?);
        }
        match Pack::from_layers(&layers) {
            Ok(pack) => {
                let warnings = pack.warnings();
                if !warnings.is_empty() {
                    print!("{}", Pack::problems_text(warnings));
                }
                println!(
                    "{}: {} forms, {} steps and {} clocks in force today. No mistakes, {} to look at.",
                    pack.title(),
                    pack.forms().count(),
                    pack.steps(casework::time::today()).count(),
                    pack.clocks(casework::time::today()).count(),
                    warnings.len()
                );
                return Ok(ExitCode::SUCCESS);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        bail!("The pack could not be read, and no mistake was found in it.");
    }
    print!("{}", Pack::problems_text(&problems));
    let mistakes = if problems.len() == 1 {
        "mistake"
    } else {
        "mistakes"
    };
    println!("\n{} {mistakes}.", problems.len());
    Ok(ExitCode::FAILURE)
}

/// The pack in force today, as text.
fn shown(pack: &Pack) -> String {
    let today = casework::time::today();
    let mut text = format!("{} ({})\n\nSteps\n", pack.title(), pack.id());
    for step in pack.steps(today) {
        text += &format!("  {:<30} {} (form {})\n", step.id, step.title, step.form);
    }
    text += "\nClocks\n";
    for clock in pack.clocks(today) {
        text += &format!("  {:<30} {}: {}\n", clock.id, clock.title, clock.rule);
        text += &format!(
            "  {:<30} {} ({})\n",
            "",
            clock.source,
            clock.strength.label()
        );
    }
    text += "\nForms\n";
    for form in pack.forms() {
        text += &format!("  {:<30} {}, from {}\n", form.id, form.title, form.version);
    }
    text
}

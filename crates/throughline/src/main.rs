//! The program: one binary that serves a council, shows the demonstration,
//! checks packs and the journal, and measures itself.
//!
//! Each subcommand is a module; `--help` of each teaches by example.
#![forbid(unsafe_code)]

mod bench;
mod bounced;
mod council;
mod demo;
mod directory;
mod identity;
mod import;
mod import_history;
mod invent;
mod journal;
mod outside;
mod packs;
mod post;
mod returns;
mod serve;
mod synth;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Throughline: the case record of children's services.
#[derive(Parser)]
#[command(name = "throughline", version, about, max_term_width = 100)]
#[command(
    after_help = "Begin with `throughline demo`: it makes an invented council and prints its address."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the demonstration: an invented council, with people to sign in as
    Demo(demo::Demo),
    /// Bring people in from another system
    Import(import::Import),
    /// The services directory: bring services in, see what to mend
    #[command(subcommand)]
    Directory(directory::DirectoryCommand),
    /// Mails: mark addresses from which one came back
    #[command(subcommand)]
    Mail(bounced::MailCommand),
    /// Serve a council
    Serve(serve::Serve),
    /// Check and read practice packs
    #[command(subcommand)]
    Packs(packs::Packs),
    /// Check statutory returns, read their rules, make them from the record
    #[command(subcommand)]
    Returns(returns::Returns),
    /// Prove that nothing was altered
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Add the first administrator, or let someone leave
    #[command(subcommand)]
    Worker(worker::WorkerCommand),
    /// Link files of children, or search an index of millions
    #[command(subcommand)]
    Identity(identity::Identity),
    /// Invent people and returns with known truth, to measure with
    #[command(subcommand)]
    Synth(synth::Synth),
    /// Measure the program against its budgets
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("The program could not start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Demo(demo) => demo.run().await,
            Command::Import(import) => import.run().await,
            Command::Directory(directory) => directory.run().await,
            Command::Mail(mail) => mail.run().await,
            Command::Serve(serve) => serve.run().await,
            Command::Packs(packs) => packs.run(),
            Command::Returns(returns) => returns.run().await,
            Command::Journal(journal) => journal.run().await,
            Command::Worker(worker) => worker.run().await,
            Command::Identity(identity) => identity.run(),
            Command::Synth(synth) => synth.run(),
            Command::Bench(bench) => bench.run().await,
        }
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

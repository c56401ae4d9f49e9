//! `throughline identity`: link and dedupe files, say why, build an index and
//! search it. Works on files alone; no council and no database are needed.

mod files;
mod index;
mod link;
mod report;
mod why;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

/// What to do with records of people.
#[derive(Subcommand)]
pub enum Identity {
    /// Find the records that are about one child, in one file or between two
    Link(Box<link::Link>),
    /// Say in sentences why two records are or are not one child
    Why(why::Why),
    /// Build an index to search in
    #[command(subcommand)]
    Index(index::IndexCommand),
    /// Search an index for one child, or for a file of questions
    Search(index::Search),
}

impl Identity {
    /// Does it.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Identity::Link(link) => link.run(),
            Identity::Why(why) => why.run(),
            Identity::Index(command) => command.run(),
            Identity::Search(search) => search.run(),
        }
    }
}

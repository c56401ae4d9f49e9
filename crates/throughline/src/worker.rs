//! `throughline worker`: the first administrator of a council, and ending
//! somebody's access from the command line.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use casework::{Casework, time};
use clap::{Args, Subcommand};
use record::model::Worker;
use record::{Actor, AssertSqlSafe, Entity, args};
use vocabulary::Id;

use crate::council;
use crate::serve::Options;

/// The shortest password that is taken.
const SHORTEST: usize = 12;

/// What to do with a worker.
#[derive(Subcommand)]
pub enum WorkerCommand {
    /// Add someone who can sign in
    Add(Add),
    /// Let someone leave: their sessions end at once
    Leave(Leave),
}

/// Options of `throughline worker add`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline worker add --config council.toml --username nia.admin --full-name \"Nia Rookbeck\" \\
      --job-title \"Information governance lead\" --role administrator
  printf '%s\\n' \"$PASSWORD\" | throughline worker add ...

The password is asked for, or read from the first line of standard input. It is
never an option: options are seen by everybody on the machine.")]
pub struct Add {
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// The name to sign in with
    #[arg(long)]
    username: String,
    /// The name that others see
    #[arg(long)]
    full_name: String,
    /// What they do
    #[arg(long)]
    job_title: String,
    /// A role of the practice pack, such as administrator
    #[arg(long, default_value = "administrator")]
    role: String,
}

/// Options of `throughline worker leave`.
#[derive(Args)]
pub struct Leave {
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// Who leaves
    #[arg(long)]
    username: String,
    /// Why, for the journal
    #[arg(long)]
    reason: String,
}

impl WorkerCommand {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            WorkerCommand::Add(add) => add.run().await,
            WorkerCommand::Leave(leave) => leave.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<ExitCode> {
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let known = casework.pack().role(&self.role, time::today()).is_some();
        if !known {
            let roles = casework.pack().roles(time::today());
            let names: Vec<&str> = roles
                .iter()
                .flat_map(|r| r.roles.iter())
                .map(|r| r.id.as_str())
                .collect();
            bail!(
                "The pack has no role \"{}\". Its roles are: {}",
                self.role,
                names.join(", ")
            );
        }
        if find(&casework, &self.username).await?.is_some() {
            bail!(
                "There is already a worker \"{}\". Choose another username.",
                self.username
            );
        }
        let password = password()?;
        let worker = Worker {
            id: Id::new(),
            username: self.username.trim().to_owned(),
            name: self.full_name,
            job_title: self.job_title,
            role: self.role,
            team_id: None,
            agency: "social_care".to_owned(),
            phone: None,
            email: None,
            fte_hundredths: 100,
            newly_qualified: false,
            supervisor_id: None,
            starts_on: time::today(),
            ends_on: None,
            active: true,
            password_hash: casework::sign_in::hash_password(&password)?,
            social_work_number: None,
            version: 1,
        };
        let mut tx = casework
            .store()
            .begin(&Actor::system("command line"))
            .await?;
        tx.insert(&worker).await?;
        tx.commit().await?;
        println!("{} can sign in as {}.", worker.name, worker.username);
        casework.store().close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Leave {
    async fn run(self) -> Result<ExitCode> {
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let Some(mut worker) = find(&casework, &self.username).await? else {
            bail!("There is no worker \"{}\".", self.username);
        };
        let by = Actor::system("command line");
        let mut tx = casework.store().begin(&by).await?;
        tx.because_of(&self.reason);
        worker.active = false;
        worker.ends_on = Some(time::today());
        tx.update(&mut worker).await?;
        tx.commit().await?;
        let ended = casework.store().end_sessions_of(&by, worker.id).await?;
        println!(
            "{} has left. {ended} sessions ended. What they held waits with their team's manager.",
            worker.name
        );
        casework.store().close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn find(casework: &Casework, username: &str) -> Result<Option<Worker>> {
    let sql = format!(
        "select {} from worker where username = $1",
        Worker::COLUMNS.join(", ")
    );
    Ok(casework
        .store()
        .read_db()
        .maybe(AssertSqlSafe(sql), args![username.trim()])
        .await?)
}

/// One line of standard input. On a terminal it says what it wants, and that
/// the letters are shown.
fn password() -> Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        print!("Password (at least {SHORTEST} characters; it is shown while you type): ");
        std::io::stdout()
            .flush()
            .context("The question could not be shown")?;
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("The password could not be read")?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    if password.chars().count() < SHORTEST {
        bail!(
            "The password must have at least {SHORTEST} characters. Three words that do not belong together are good."
        );
    }
    Ok(password)
}

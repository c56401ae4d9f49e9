//! `throughline returns push`: the department's daily push, from the record to
//! its receiver.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, IsTerminal, Read as _, Seek as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use ::returns::daily::log::{Entry, append};
use ::returns::daily::{ChildRecord, Log, Outcome, Response, submit};
use anyhow::{Context, Result, anyhow, bail};
use casework::returns::daily::Choices;
use casework::returns::make::Maker;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use vocabulary::{Id, ids};

use super::receiver::Receiver;
use super::write::{Where, keep};
use crate::council;

/// Options of `throughline returns push`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline returns push --config council.toml --out to-look-at.json
  throughline returns push --config council.toml

The first sends what would go into a file and to nobody: read it before the council's first
push. The second sends it. The configuration says where to:
  [daily_push]
  to = \"https://receiver.example/children-in-social-care\"
  token_url = \"https://login.example/oauth2/v2.0/token\"
  client_id = \"...\"
  scope = \"...\"
  secret_file = \"/etc/throughline/push-secret\"
  supplier_key_file = \"/etc/throughline/push-key\"
  protected_postcodes = false   # true sends where protected children live

Everybody up to 25 with work since 1 April of the year before last or earlier is in it, by
name, with a restricted record too. The first push sends everything; later ones what changed;
who left the group is deleted there. Batches of 100, tried three times. The log says what the
receiver has of each child: without it everything is sent again.

Run it once a day, such as from cron. Ends with 0 when all was taken, 1 when something was
refused or kept back (the log says which and why), 2 when nothing could be sent.")]
pub struct Push {
    /// Write what would be sent to this file, and send nothing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The log of what was sent [default: daily-push.jsonl beside the keys]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
}

impl Push {
    /// Does it.
    pub async fn run(self) -> Result<ExitCode> {
        let options = self.place.options.with_file(self.place.config.as_deref())?;
        let said = options.daily_push.clone();
        if said.is_none() && self.out.is_none() {
            bail!(
                "The configuration has no table [daily_push]: it says where to send. \
                 See `throughline returns push --help`."
            );
        }
        let place = options.place()?;
        let path = self
            .log
            .unwrap_or_else(|| place.keys.join("daily-push.jsonl"));
        let casework = council::open(&place).await?;
        let choices = Choices {
            protected_postcodes: said.as_ref().is_some_and(|said| said.protected_postcodes),
        };
        let cohort = casework.push_cohort(Maker::Console, choices).await?;
        println!(
            "{} children are in the push, {} of them restricted.",
            cohort.records.len(),
            cohort.restricted
        );
        let file = open_log(&path)?;
        let log = read_log(&file, &path)?;
        let waiting = would_send(&cohort.records, &log)?;
        if let Some(out) = &self.out {
            casework
                .note_push(Maker::Console, "a file", &about(&waiting))
                .await?;
            casework.store().close().await?;
            keep(out, serde_json::to_string_pretty(&waiting)?.as_bytes())?;
            println!(
                "{} would be sent. Written to {}; nothing was sent. It names children: keep it \
                 as you keep the record.",
                waiting.len(),
                out.display()
            );
            return Ok(ExitCode::SUCCESS);
        }
        let said = said.ok_or_else(|| anyhow!("no table [daily_push]"))?;
        let mut receiver = Receiver::of(&said, &casework.authority())?;
        casework
            .note_push(Maker::Console, receiver.address.as_str(), &about(&waiting))
            .await?;
        casework.store().close().await?;
        let at = chrono::Utc::now().to_rfc3339();
        let bar = progress(waiting.len());
        // It waits between tries, so it has a thread of its own.
        let done = tokio::task::spawn_blocking(move || {
            submit(
                &cohort.records,
                &log,
                &at,
                |batch| receiver.post(batch),
                |entries| {
                    bar.inc(entries.len() as u64);
                    append(entries, &file)?;
                    file.sync_data()
                },
                std::thread::sleep,
            )
        })
        .await??;
        Ok(told(&done, &path))
    }
}

/// Opens the log for this push alone.
fn open_log(path: &Path) -> Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("The log {} cannot be opened", path.display()))?;
    file.try_lock().map_err(|problem| {
        anyhow!(
            "The log {} is in use: another push is on its way ({problem})",
            path.display()
        )
    })?;
    Ok(file)
}

/// Reads what the receiver has. A line that a crash cut off was not
/// acknowledged: it is taken away, so that the next one stands alone.
fn read_log(file: &File, path: &Path) -> Result<Log> {
    let read = || -> std::io::Result<Log> {
        let log = Log::read(BufReader::new(file))?;
        let mut bytes = Vec::new();
        (&*file).rewind()?;
        (&*file).read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        file.set_len(whole as u64)?;
        Ok(log)
    };
    read().with_context(|| format!("The log {} cannot be read", path.display()))
}

/// What a push would send now.
fn would_send(cohort: &[ChildRecord], log: &Log) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let taken = |batch: &Value| {
        all.extend(batch.as_array().into_iter().flatten().cloned());
        Response {
            status: 204,
            body: String::new(),
        }
    };
    submit(cohort, log, "", taken, |_| Ok(()), |_: Duration| {})?;
    Ok(all)
}

/// Whom it is about: the record's own number of each child.
fn about(waiting: &[Value]) -> Vec<Id<ids::Person>> {
    let ids = waiting
        .iter()
        .filter_map(|one| one["mis_child_id"].as_str());
    ids.filter_map(|id| id.parse().ok()).collect()
}

fn progress(children: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} children, {eta} to go");
    ProgressBar::new(children as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Says what came of it, without a name: the log has the rest.
fn told(done: &Outcome, log: &Path) -> ExitCode {
    let (sent, kept) = (done.count("sent"), done.count("kept back"));
    let refused = done.count("refused");
    println!(
        "{sent} sent, {} unchanged, {refused} refused, {kept} kept back, in {} requests.",
        done.unchanged, done.posts
    );
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &done.entries {
        if let Some(words) = cause(entry) {
            *why.entry(words).or_default() += 1;
        }
    }
    for (words, times) in &why {
        println!("  {times} times: {words}");
    }
    println!("The log is {}.", log.display());
    match (sent, refused + kept) {
        (_, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(2),
        _ => ExitCode::from(1),
    }
}

/// Why an entry was not sent, in words that hold nothing of a child: a
/// receiver may repeat what it was sent.
fn cause(entry: &Entry) -> Option<String> {
    match entry.state.as_str() {
        "sent" => None,
        "kept back" => Some("kept back by our own checks".to_owned()),
        _ => {
            let status = entry.answer.split(':').next().unwrap_or_default();
            Some(match status.trim().parse::<u16>() {
                Ok(0) => "the receiver did not answer".to_owned(),
                Ok(401 | 403) => "the receiver does not know us: token or supplier key".to_owned(),
                Ok(status) => format!("the receiver answered {status}"),
                Err(_) => "the receiver found the record wrong".to_owned(),
            })
        }
    }
}

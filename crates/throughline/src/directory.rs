//! `throughline directory`: bring services in from feeds and spreadsheets,
//! and say what their records lack.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::directory::assurance::Upkeep;
use ::directory::import::{self, Imported};
use ::directory::postcodes::Postcodes;
use ::directory::search::Council;
use ::directory::{Directory, invented};
use anyhow::{Context, Result, bail};
use casework::Casework;
use casework::services::Kept;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use record::model::Worker;
use record::{Actor, AssertSqlSafe, Entity, args};

use crate::serve::Options;
use crate::{council, outside};

/// What to do with the directory.
#[derive(Subcommand)]
pub enum DirectoryCommand {
    /// Bring services in: Open Referral UK 3.0 or 1.0 (JSON, ndjson), or CSV
    Import(Box<ImportServices>),
    /// Which records most need their owner, and what to mend
    FixList(Box<FixList>),
    /// Ask every web address that families see whether it still answers
    CheckLinks(Box<CheckLinks>),
}

/// Options of `throughline directory import`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline directory import services.json --source https://feed.example.org \\
    --database sqlite:council.db --keys keys
  throughline directory import clubs.csv --source clubs --dry-run --config council.toml

Good records are kept beside bad ones: a record that cannot be taken is listed
with its place and its reason, and one that was mended says what was mended.
Run the same file again and nothing changes. Several pages of a feed are
several files: name them all.
  throughline directory import --from https://feed.example.org --config council.toml
reads a feed of Open Referral UK 3.0 by its address, every page of it. Hosts
inside a private network are not asked unless --allow-host names them. What an
owner or an editor changed here is never written over: an editor decides.")]
pub struct ImportServices {
    /// The files: pages of a feed, or tables
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    files: Vec<PathBuf>,
    /// The address of a feed of Open Referral UK 3.0
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// A host inside a private network that may be asked; may be given more than once
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Whose records these are: the address of the feed, or a name
    #[arg(long, required_unless_present = "from")]
    source: Option<String>,
    /// Read and check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Options of `throughline directory check-links`.
#[derive(Args)]
#[command(after_help = "\
One question at a time to each host, with a pause between; hosts inside a private
network are not asked unless --allow-host names them. What does not answer on
several days stands on the editor's board and on the fix list.
Each night by itself: throughline serve --check-links")]
pub struct CheckLinks {
    /// A host inside a private network that may be asked; may be given more than once
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Options of `throughline directory fix-list`.
#[derive(Args)]
pub struct FixList {
    /// How many records
    #[arg(long, default_value_t = 20)]
    most: usize,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl DirectoryCommand {
    /// Runs it. Ends with failure when no record could be taken.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            DirectoryCommand::Import(import) => import.run().await,
            DirectoryCommand::FixList(list) => list.run().await,
            DirectoryCommand::CheckLinks(check) => check.run().await,
        }
    }
}

impl ImportServices {
    async fn run(self) -> Result<ExitCode> {
        let mut directory = Directory::new();
        let (mut taken, mut mended, mut rejected) = (0, 0, 0);
        let source = self.source.clone().or(self.from.clone());
        let source = source.unwrap_or_default();
        for (name, done) in self.read_all(&source).await? {
            for reject in &done.rejects {
                let what = if reject.what.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", reject.what)
                };
                println!("{name}:{}{what}: {}", reject.at, reject.reason);
            }
            rejected += done.rejects.len();
            for one in done.services {
                taken += 1;
                mended += usize::from(!one.notes.is_empty());
                for note in &one.notes {
                    println!("{}: {}: {}", one.service.name, note.field, note.message);
                }
                let upkeep = upkeep(
                    &one.service.assured_date,
                    &one.service.last_modified,
                    &source,
                );
                directory.put_service(one.service, upkeep);
            }
        }
        println!("{taken} read, {mended} of them with something to mend, {rejected} rejected.");
        for pair in import::alike(&directory).iter().take(20) {
            let name = |id: &str| {
                directory
                    .entry(id)
                    .map_or(String::new(), |e| e.service.name.clone())
            };
            println!(
                "Perhaps twice: “{}” and “{}”: {}.",
                name(&pair.one),
                name(&pair.other),
                pair.why.join("; ")
            );
        }
        if taken == 0 {
            return Ok(ExitCode::FAILURE);
        }
        if self.dry_run {
            println!("Nothing was written.");
            return Ok(ExitCode::SUCCESS);
        }
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let kept = keep(&casework, &Actor::system("directory import"), &directory).await;
        casework.store().close().await?;
        let kept = kept?;
        println!(
            "{} added, {} changed, {} as they were.",
            kept.added, kept.changed, kept.same
        );
        if kept.waiting > 0 {
            println!(
                "{} were changed here since: an editor decides what to take over.",
                kept.waiting
            );
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What the files hold, or every page of the feed, each with its name.
    async fn read_all(&self, source: &str) -> Result<Vec<(String, Imported)>> {
        let Some(from) = &self.from else {
            let one = |file: &PathBuf| {
                let name = file.display().to_string();
                let done = read(file, source).with_context(|| name.clone())?;
                Ok((name, done))
            };
            return self.files.iter().map(one).collect();
        };
        let (from, allowed) = (from.clone(), self.allow_host.clone());
        let bar = bar("Reading: {bar:30} page {pos} of {len}")?;
        let shown = bar.clone();
        let pages = tokio::task::spawn_blocking(move || {
            outside::feed(&from, &allowed, |page, of| {
                shown.set_length(of);
                shown.set_position(page);
            })
        });
        let pages = pages.await?;
        bar.finish_and_clear();
        let pages = pages?.into_iter().enumerate();
        pages
            .map(|(number, bytes)| {
                let name = format!("part {}", number + 1);
                let done = import::feed(bytes.as_slice(), source)?;
                Ok((name, done))
            })
            .collect()
    }
}

/// A bar for whoever watches, and none for a file or another program.
fn bar(words: &str) -> Result<ProgressBar> {
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::no_length(),
        false => ProgressBar::hidden(),
    };
    bar.set_style(ProgressStyle::with_template(words)?);
    Ok(bar)
}

impl CheckLinks {
    async fn run(self) -> Result<ExitCode> {
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let done = check_links(&casework, self.allow_host).await;
        let dead = casework.dead_links().await;
        casework.store().close().await?;
        let (asked, failing) = done?;
        println!("{asked} addresses asked, {failing} did not answer.");
        for link in dead? {
            println!(
                "{}: {}: {}, since {}",
                link.name, link.url, link.words, link.since
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Asks every address and keeps what came; gives how many were asked and how
/// many did not answer this time.
pub async fn check_links(casework: &Casework, allowed: Vec<String>) -> Result<(usize, usize)> {
    let all = casework.addresses_to_ask().await?;
    let bar = bar("Asking: {bar:30} {pos} of {len}")?;
    bar.set_length(all.len() as u64);
    let shown = bar.clone();
    let asked =
        tokio::task::spawn_blocking(move || outside::ask_all(all, &allowed, || shown.inc(1)))
            .await?;
    bar.finish_and_clear();
    casework.keep_addresses(&asked).await?;
    let failing = asked.iter().filter(|a| !a.answers).count();
    Ok((asked.len(), failing))
}

fn read(file: &Path, source: &str) -> Result<Imported> {
    let input = std::fs::File::open(file).context("the file could not be opened")?;
    let is_table = file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    Ok(if is_table {
        import::csv(input, source)?
    } else {
        import::feed(input, source)?
    })
}

fn upkeep(assured: &Option<String>, modified: &Option<String>, source: &str) -> Upkeep {
    let day = |text: &Option<String>| text.as_deref()?.get(..10)?.parse().ok();
    Upkeep {
        checked_on: day(assured),
        edited_on: day(modified),
        source: Some(source.to_owned()),
        ..Upkeep::default()
    }
}

async fn keep(casework: &Casework, actor: &Actor, directory: &Directory) -> Result<Kept> {
    let bar = bar("Writing: {bar:30} {pos} of {len}")?;
    let kept = casework
        .keep_directory(actor, directory, |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        })
        .await;
    bar.finish_and_clear();
    Ok(kept?)
}

impl FixList {
    async fn run(self) -> Result<ExitCode> {
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let list = casework.fix_list(self.most).await;
        casework.store().close().await?;
        for (_, name, quality) in list? {
            println!("{:>3}  {name}", quality.score);
            for lack in quality.lacks.iter().take(3) {
                println!("     {} ({})", lack.mend, lack.field);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Tells the directory which council it is of and where postcodes are: those
/// of a file over those that are known.
pub async fn settle(
    casework: &Casework,
    mut known: Postcodes,
    file: Option<&Path>,
    code: Option<&str>,
) -> Result<()> {
    if let Some(code) = code {
        let (letters, digits) = code.split_at(code.len().min(1));
        if letters != "E" || digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            bail!(
                "The council's code “{code}” is none of England's: it is E and eight digits, \
                 such as E09000002"
            );
        }
    }
    if let Some(path) = file {
        let name = path.display().to_string();
        let read = tokio::task::spawn_blocking({
            let path = path.to_owned();
            move || -> Result<(Postcodes, u64)> {
                let file = std::fs::File::open(&path).context("it could not be opened")?;
                let taken = known.read(std::io::BufReader::with_capacity(1 << 20, file))?;
                Ok((known, taken))
            }
        });
        let (table, taken) = read
            .await?
            .with_context(|| format!("The table of postcodes {name}"))?;
        if taken == 0 {
            bail!("The table of postcodes {name} has no postcode with a grid reference in it");
        }
        println!("{taken} postcodes read from {name}.");
        known = table;
    }
    match code {
        Some(code) if !known.knows_council(code) => bail!(
            "No postcode that is known lies in {code}. Give the table of postcodes with \
             --postcodes FILE, or mend the code"
        ),
        None => tracing::warn!("no --council-code is set: services over the border cannot say so"),
        Some(_) => {}
    }
    casework.set_directory(
        known,
        Council {
            name: casework.place_name().to_owned(),
            codes: code.map(str::to_owned).into_iter().collect(),
        },
    );
    Ok(())
}

/// The invented directory of the demonstration, written once.
pub async fn demonstrate(
    casework: &Casework,
    count: usize,
    file: Option<&Path>,
    code: Option<&str>,
) -> Result<()> {
    let code = code.unwrap_or(invented::COUNCIL);
    settle(casework, invented::postcodes(), file, Some(code)).await?;
    editor(casework).await?;
    if !casework.directory_is_empty().await? {
        return Ok(());
    }
    let today = casework::time::today();
    let directory = invented::directory(count, 7, today);
    casework
        .keep_directory(&Actor::system("demo"), &directory, |_, _| {})
        .await?;
    Ok(())
}

/// The invented editor of the directory, once: a colleague of the administrator.
async fn editor(casework: &Casework) -> Result<()> {
    const USERNAME: &str = "edie.editor";
    let sql = format!(
        "select {} from worker where username in ('nia.admin', '{USERNAME}')",
        Worker::COLUMNS.join(", ")
    );
    let db = casework.store().read_db();
    let there: Vec<Worker> = db.all(AssertSqlSafe(sql), args![]).await?;
    let [admin] = there.as_slice() else {
        return Ok(()); // She is there already.
    };
    let mut tx = casework.store().begin(&Actor::system("demo")).await?;
    tx.insert(&Worker {
        id: vocabulary::Id::new(),
        username: USERNAME.to_owned(),
        name: "Edie Marram".to_owned(),
        job_title: "Editor of the services directory".to_owned(),
        role: "directory_editor".to_owned(),
        email: Some(format!("{USERNAME}@larkmere.example")),
        version: 1,
        ..admin.clone()
    })
    .await?;
    Ok(tx.commit().await?)
}

//! `throughline demo`: the invented borough of Larkmere, ready to sign in to.
//!
//! The pages open as soon as the demonstration's own families are there; the
//! rest of the borough is loaded meanwhile. Stopped in the middle, it goes on
//! at the next start.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use casework::Casework;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use synth::Size;
use synth::load::{self, Loader};

use crate::council::{self, Place};
use crate::{directory, serve};

/// The password of every invented worker.
pub const PASSWORD: &str = "throughline-demo";

/// How many services the invented directory holds.
const SERVICES: usize = 240;

/// Who can be signed in as, who they are and what to look at.
const PEOPLE: [(&str, &str, &str); 17] = [
    (
        "farah.screener",
        "screens contacts at the front door",
        "the front door board",
    ),
    (
        "jo.socialworker",
        "social worker, North",
        "My work, Maya's family",
    ),
    (
        "priya.manager",
        "team manager, North",
        "work to authorise, caseloads",
    ),
    (
        "amina.asye",
        "newly qualified social worker, North",
        "a smaller caseload",
    ),
    (
        "tom.socialworker",
        "social worker, South",
        "what he may not see",
    ),
    ("sam.manager", "team manager, South", "a restricted record"),
    (
        "dev.earlyhelp",
        "early help practitioner, North",
        "early help families",
    ),
    (
        "graham.iro",
        "independent reviewing officer",
        "plans to review",
    ),
    ("okafor.director", "director", "the whole service"),
    (
        "nia.admin",
        "information governance",
        "emergency looks to check",
    ),
    ("tia.analyst", "performance analyst", "counts without names"),
    (
        "leila.fostering",
        "supervises foster carers",
        "her home page",
    ),
    ("chen.police", "police partner", "telling us about a child"),
    ("rosa.health", "health partner", "telling us about a child"),
    (
        "noor.school",
        "lead for safeguarding of a school",
        "who is this child?",
    ),
    ("cllr.davies", "councillor", "counts without names"),
    (
        "edie.editor",
        "keeps the services directory",
        "what needs her now",
    ),
];

/// Options of `throughline demo`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline demo                       the whole borough, on http://127.0.0.1:8080
  throughline demo --size small          400 children instead of 12,000
  throughline demo --fresh               throw away what was typed and begin again
  throughline demo --data /tmp/larkmere --port 9000

Everybody in it is invented. The password of everyone is throughline-demo.")]
pub struct Demo {
    /// The port to listen on, on this machine only
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the record is kept [default: a folder in your data directory]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How large a borough to make [default: full, or what the folder holds]
    #[arg(long)]
    size: Option<SizeWord>,
    /// Remove what an earlier demonstration left in the folder
    #[arg(long)]
    fresh: bool,
    /// A pack to lay over England's; may be given more than once
    #[arg(long, value_name = "DIR")]
    packs: Vec<PathBuf>,
    /// A table of postcodes over the invented ones: see throughline serve --help
    #[arg(long, value_name = "FILE")]
    postcodes: Option<PathBuf>,
    /// The ONS code of the council [default: Larkmere's own]
    #[arg(long, value_name = "CODE")]
    council_code: Option<String>,
    /// Use this database instead of one in the folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SizeWord {
    /// 400 children
    Small,
    /// 12,000 children known, 2,500 of them open
    Full,
}

impl Demo {
    /// Runs the demonstration until a signal comes.
    pub async fn run(self) -> Result<ExitCode> {
        let folder = self.data.clone().unwrap_or_else(default_folder);
        if self.fresh {
            clear(&folder)?;
        }
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("The folder {} could not be made", folder.display()))?;
        // The port first: a long load must not end in "port taken".
        let listener = serve::bind(SocketAddr::from(([127, 0, 0, 1], self.port))).await?;
        let place = Place {
            name: "Larkmere children's services".to_owned(),
            database: self.database.clone().unwrap_or_else(|| sqlite_in(&folder)),
            keys: folder.join("keys"),
            heads: folder.join("heads.jsonl"),
            packs: self.packs.clone(),
            policy: None,
        };
        let casework = council::open(&place).await?;
        let loader = self.load_first(&casework, &folder).await?;
        let (postcodes, code) = (self.postcodes.as_deref(), self.council_code.as_deref());
        directory::demonstrate(&casework, SERVICES, postcodes, code).await?;
        announce(&listener.local_addr()?.to_string(), &folder);
        let background = loader.map(|loader| tokio::spawn(load_rest(loader, casework.clone())));
        let app = web::App::new(casework.clone(), false);
        serve::serve(app, listener, serve::Tasks::default()).await?;
        if let Some(task) = background
            && !task.is_finished()
        {
            println!("The borough was not complete yet; the next start goes on with it.");
            task.abort();
        }
        casework.store().close().await?;
        Ok(ExitCode::SUCCESS)
    }

    /// Loads what the pages need first. Gives the loader if there is more.
    async fn load_first(&self, casework: &Casework, folder: &Path) -> Result<Option<Loader>> {
        let wanted = self.size.map(|size| match size {
            SizeWord::Small => Size::Small,
            SizeWord::Full => Size::Full,
        });
        let there = load::loaded(casework.store()).await?;
        if let (Some(wanted), Some(there)) = (wanted, &there)
            && wanted != there.size
        {
            bail!(
                "{} holds a {} borough. Start without --size to use it, with --fresh to \
                 remove it, or with another folder: --data DIR.",
                folder.display(),
                there.size.word()
            );
        }
        if there.as_ref().is_some_and(|t| t.progress.done()) {
            return Ok(None);
        }
        let size = there.map(|t| t.size).or(wanted).unwrap_or(Size::Full);
        println!(
            "Making the invented borough of Larkmere ({}) in {} ...",
            size.word(),
            folder.display()
        );
        let hash = casework::sign_in::hash_password(PASSWORD)?;
        let mut loader = Loader::begin(casework, size, casework::time::now_local(), &hash).await?;
        match size {
            Size::Small => loader.rest(|_| {}).await?,
            Size::Full | Size::Large | Size::County => loader.first(|_| {}).await?,
        }
        Ok((!loader.progress().done()).then_some(loader))
    }
}

/// Loads what is left, with a line that moves on a terminal.
async fn load_rest(mut loader: Loader, casework: casework::Casework) {
    let progress = loader.progress();
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(progress.of as u64)
    } else {
        ProgressBar::hidden()
    };
    match ProgressStyle::with_template(
        "Loading the rest: {bar:30} {pos} of {len} families, {eta} left",
    ) {
        Ok(style) => bar.set_style(style),
        Err(error) => tracing::warn!(%error, "the progress line keeps its plain look"),
    }
    let started = std::time::Instant::now();
    let result = loader.rest(|p| bar.set_position(p.families as u64)).await;
    bar.finish_and_clear();
    match result {
        Ok(()) => println!(
            "The whole borough is loaded, after {:.1} s.",
            started.elapsed().as_secs_f64()
        ),
        Err(error) => eprintln!("The rest of the borough could not be loaded: {error}"),
    }
    // What was checked at the start was only the first part.
    if let Err(error) = casework.check_record().await {
        eprintln!("The record could not be checked: {error}");
    }
}

fn announce(address: &str, folder: &Path) {
    println!("\nThroughline is ready at http://{address}\n");
    println!("Sign in as any of these. The password of everyone is {PASSWORD}\n");
    for (username, who, look) in PEOPLE {
        println!("  {username:<17} {who:<38} {look}");
    }
    println!(
        "\nEverybody is invented. The record is in {}.",
        folder.display()
    );
    println!("Stop with Ctrl-C. Begin again with --fresh.");
}

/// `$XDG_DATA_HOME/throughline/demo`, or the usual place of it, or here.
fn default_folder() -> PathBuf {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map_or_else(
            || PathBuf::from("demo-data"),
            |data| data.join("throughline/demo"),
        )
}

fn sqlite_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("throughline.db").display())
}

/// Removes what a demonstration makes, and nothing else that is in the folder.
fn clear(folder: &Path) -> Result<()> {
    let ours = [
        "throughline.db",
        "throughline.db-wal",
        "throughline.db-shm",
        "heads.jsonl",
        "keys/master.key",
        "keys/signing.key",
    ];
    for name in ours {
        let file = folder.join(name);
        match std::fs::remove_file(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("{} could not be removed", file.display()));
            }
        }
    }
    Ok(())
}

//! `throughline serve`: a council, until someone stops it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::net::TcpListener;

use crate::council::{self, Place};

/// How long open connections may take to finish when the program is stopped.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Options of `throughline serve`. Each may stand in the configuration file
/// too, under the same name; the command line wins.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline serve --config /etc/throughline/council.toml
  throughline serve --database sqlite:council.db --keys keys --name \"Larkmere children's services\"

A configuration file:
  name = \"Larkmere children's services\"
  listen = \"127.0.0.1:8080\"          # behind a server that speaks HTTPS
  database = \"postgres://throughline@localhost/throughline\"
  keys = \"/etc/throughline/keys\"     # back it up apart from the database
  heads = \"/mnt/elsewhere/heads.jsonl\" # on another machine: proof against rewriting
  packs = [\"/etc/throughline/packs/larkmere\"]
  address = \"https://throughline.larkmere.example\" # what links are made of
  secure_cookies = true

The first administrator: throughline worker add --help")]
pub struct Serve {
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where people reach the service, such as https://throughline.larkmere.example:
    /// what links to partners are made of. Also THROUGHLINE_ADDRESS
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// Send cookies over HTTPS only [default: true]
    #[arg(long, value_name = "YES")]
    secure_cookies: Option<bool>,
}

/// Where a council's things are, for every command that opens one.
#[derive(Args, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The council's name, as pages show it
    #[arg(long)]
    pub name: Option<String>,
    /// The record: sqlite:PATH or postgres://...
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// The folder of the keys; made on the first start
    #[arg(long, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// The file to which signed heads of the journal are appended [default: heads.jsonl beside the keys]
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// A council's own pack, laid over England's; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// The council's own access policy
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    #[arg(skip)]
    listen: Option<SocketAddr>,
    #[arg(skip)]
    address: Option<String>,
    #[arg(skip)]
    secure_cookies: Option<bool>,
}

impl Options {
    /// What the command line and the configuration file say together.
    pub fn with_file(self, file: Option<&Path>) -> Result<Options> {
        let Some(path) = file else { return Ok(self) };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("The configuration {} could not be read", path.display()))?;
        let said: Options = toml::from_str(&text)
            .with_context(|| format!("The configuration {} has a mistake", path.display()))?;
        Ok(Options {
            name: self.name.or(said.name),
            database: self.database.or(said.database),
            keys: self.keys.or(said.keys),
            heads: self.heads.or(said.heads),
            packs: if self.packs.is_empty() {
                said.packs
            } else {
                self.packs
            },
            policy: self.policy.or(said.policy),
            listen: self.listen.or(said.listen),
            address: self.address.or(said.address),
            secure_cookies: self.secure_cookies.or(said.secure_cookies),
        })
    }

    /// The place that they name; a database and keys must be named.
    pub fn place(&self) -> Result<Place> {
        let (Some(database), Some(keys)) = (&self.database, &self.keys) else {
            bail!(
                "Say where the record and its keys are: --database sqlite:PATH --keys DIR, \
                 or both in a file given with --config. See `throughline serve --help`."
            );
        };
        Ok(Place {
            name: self
                .name
                .clone()
                .unwrap_or_else(|| "Children's services".to_owned()),
            database: database.clone(),
            keys: keys.clone(),
            heads: self
                .heads
                .clone()
                .unwrap_or_else(|| keys.join("heads.jsonl")),
            packs: self.packs.clone(),
            policy: self.policy.clone(),
        })
    }
}

impl Serve {
    /// Serves until a signal comes.
    pub async fn run(self) -> Result<ExitCode> {
        let mut options = self.options;
        options.listen = self.listen;
        options.address = self
            .address
            .or_else(|| std::env::var("THROUGHLINE_ADDRESS").ok());
        options.secure_cookies = self.secure_cookies;
        let options = options.with_file(self.config.as_deref())?;
        let listen = options
            .listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let casework = council::open(&options.place()?).await?;
        let listener = bind(listen).await?;
        let mut app = web::App::new(casework.clone(), options.secure_cookies.unwrap_or(true));
        match &options.address {
            Some(address) => app = app.reached_at(address).map_err(anyhow::Error::msg)?,
            None => tracing::warn!(
                "no address is set: links to partners name whatever host a request asks for; \
                 give --address https://..."
            ),
        }
        println!("Throughline is ready at http://{}", listener.local_addr()?);
        serve(app, listener).await?;
        casework.store().close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Listens on an address, or says plainly why not.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "Port {} is taken or not allowed. Choose another with --port or --listen",
            address.port()
        )
    })
}

/// Answers requests until Ctrl-C or SIGTERM, then lets the last answers out.
pub async fn serve(app: web::App, listener: TcpListener) -> Result<()> {
    let watch = tokio::spawn(watch_looks(app.casework.clone()));
    let nights = tokio::spawn(check_nightly(app.casework.clone()));
    let router = web::router(app);
    let (stopping, stopped) = tokio::sync::watch::channel(false);
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop_signal().await;
        stopping.send_replace(true);
    });
    let mut stopped = stopped;
    tokio::select! {
        result = async { server.await } => result.context("The server stopped")?,
        () = async {
            if stopped.wait_for(|s| *s).await.is_ok() {
                tokio::time::sleep(LAST_ANSWERS).await;
            } else {
                std::future::pending::<()>().await;
            }
        } => tracing::warn!("some answers were cut off when the program was stopped"),
    }
    watch.abort();
    nights.abort();
    Ok(())
}

/// Every hour finds the looks that nothing in the work explains, for whoever
/// checks them.
async fn watch_looks(casework: casework::Casework) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        match casework.find_unusual_looks().await {
            Ok(found) => tracing::info!(found, "looked for unusual looks"),
            Err(problem) => tracing::error!(%problem, "unusual looks could not be looked for"),
        }
    }
}

/// Once a day, in the first hour of it in which the program runs, checks the
/// record with the rules of the returns, so that each worker finds in the
/// morning what to mend.
async fn check_nightly(casework: casework::Casework) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        let checked = match casework.data_is_due().await {
            Ok(false) => continue,
            Ok(true) => casework.check_record().await,
            Err(problem) => Err(problem),
        };
        match checked {
            Ok(done) => tracing::info!(
                children = done.children,
                errors = done.errors,
                queries = done.queries,
                "checked the record with the rules of the census"
            ),
            Err(problem) => tracing::error!(%problem, "the record could not be checked"),
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tracing::error!("SIGTERM cannot be heard: stop with Ctrl-C");
        return wait_for_interrupt().await;
    };
    tokio::select! {
        () = wait_for_interrupt() => {}
        _ = terminate.recv() => {}
    }
}

async fn wait_for_interrupt() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "Ctrl-C cannot be heard");
        std::future::pending::<()>().await;
    }
}

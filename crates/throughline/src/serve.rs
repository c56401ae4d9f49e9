//! `throughline serve`: a council, until someone stops it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::net::TcpListener;

use crate::council::{self, Place};
use crate::directory;
use crate::post::Post;

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
  council_code = \"E09000002\"          # with postcodes: what lies over the border
  postcodes = \"/etc/throughline/ONSPD_NOV_2025_UK.csv\"

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
    /// The mail server that owners of services are asked through, such as
    /// smtp://mail.example:587?tls=required. Needs --mail-from and --address. Without it no
    /// mail is sent, and pages say so. Also THROUGHLINE_MAIL
    #[arg(long, value_name = "URL")]
    mail: Option<String>,
    /// Who mails are from, such as directory@larkmere.example
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Each night ask the web addresses of the services directory whether they still answer
    #[arg(long)]
    check_links: bool,
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
    /// The council's ONS code, such as E09000002: with --postcodes, services say when they
    /// lie over the border
    #[arg(long, value_name = "CODE")]
    pub council_code: Option<String>,
    /// Where postcodes are: the ONS Postcode Directory's CSV, whole or only the columns pcd,
    /// laua, easting and northing. Without it the middle of each sector stands in
    #[arg(long, value_name = "FILE")]
    pub postcodes: Option<PathBuf>,
    #[arg(skip)]
    listen: Option<SocketAddr>,
    #[arg(skip)]
    address: Option<String>,
    #[arg(skip)]
    secure_cookies: Option<bool>,
    /// Where the daily push goes.
    #[arg(skip)]
    pub daily_push: Option<Box<DailyPush>>,
    #[arg(skip)]
    mail: Option<String>,
    #[arg(skip)]
    mail_from: Option<String>,
    #[arg(skip)]
    check_links: bool,
}

/// The table `[daily_push]` of a configuration file: the department's receiver
/// and how the council proves to it who it is.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyPush {
    /// The receiver's address, without the council's number.
    pub to: String,
    /// Where a token is got.
    pub token_url: String,
    /// Who asks for it.
    pub client_id: String,
    /// What it is asked for.
    pub scope: String,
    /// A file with the client's secret and nothing else.
    pub secret_file: PathBuf,
    /// A file with the supplier's key and nothing else.
    pub supplier_key_file: PathBuf,
    /// Send the postcodes of protected addresses and hidden homes too.
    #[serde(default)]
    pub protected_postcodes: bool,
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
            council_code: self.council_code.or(said.council_code),
            postcodes: self.postcodes.or(said.postcodes),
            listen: self.listen.or(said.listen),
            address: self.address.or(said.address),
            secure_cookies: self.secure_cookies.or(said.secure_cookies),
            daily_push: self.daily_push.or(said.daily_push),
            mail: self.mail.or(said.mail),
            mail_from: self.mail_from.or(said.mail_from),
            check_links: self.check_links || said.check_links,
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

impl Options {
    /// The mail server, if one is named with all that it needs.
    fn post(&self) -> Result<Option<Post>> {
        let Some(server) = &self.mail else {
            return Ok(None);
        };
        let (Some(from), Some(address)) = (&self.mail_from, &self.address) else {
            bail!(
                "To send mails, say who they are from and where links lead: \
                 --mail-from directory@larkmere.example --address https://throughline.larkmere.example"
            );
        };
        Post::new(server, from, address).map(Some)
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
        options.mail = self.mail.or_else(|| std::env::var("THROUGHLINE_MAIL").ok());
        options.mail_from = self.mail_from;
        options.check_links = self.check_links;
        let options = options.with_file(self.config.as_deref())?;
        let listen = options
            .listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let post = options.post()?;
        let casework = council::open(&options.place()?).await?;
        let listener = bind(listen).await?;
        crate::directory::settle(
            &casework,
            ::directory::postcodes::Postcodes::england(),
            options.postcodes.as_deref(),
            options.council_code.as_deref(),
        )
        .await?;
        let mut app = web::App::new(casework.clone(), options.secure_cookies.unwrap_or(true));
        match &options.address {
            Some(address) => app = app.reached_at(address).map_err(anyhow::Error::msg)?,
            None => tracing::warn!(
                "no address is set: links to partners name whatever host a request asks for; \
                 give --address https://..."
            ),
        }
        println!("Throughline is ready at http://{}", listener.local_addr()?);
        casework.set_sends_mail(post.is_some());
        let tasks = Tasks {
            post,
            check_links: options.check_links,
        };
        serve(app, listener, tasks).await?;
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
pub async fn serve(app: web::App, listener: TcpListener, tasks: Tasks) -> Result<()> {
    let casework = app.casework.clone();
    let upkeep = tokio::spawn(keep_directory(app.casework.clone(), tasks.check_links));
    let post = tasks
        .post
        .map(|post| tokio::spawn(post.run(app.casework.clone())));
    let watch = tokio::spawn(watch_looks(app.casework.clone()));
    let nights = tokio::spawn(check_nightly(app.casework.clone()));
    let past = tokio::spawn(erase_what_is_past(app.casework.clone()));
    let finding = tokio::spawn(keep_finding_ready(app.casework.clone()));
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
    upkeep.abort();
    if let Some(post) = post {
        post.abort();
    }
    past.abort();
    finding.abort();
    // What was counted of searches since they were last written.
    if let Err(problem) = casework.write_searches().await {
        tracing::error!(%problem, "counts of searches could not be written");
    }
    Ok(())
}

/// What runs beside the pages.
#[derive(Default)]
pub struct Tasks {
    /// Sends mails.
    pub post: Option<Post>,
    /// Asks web addresses each night.
    pub check_links: bool,
}

/// Every hour asks the owners of services whose check is due, forgets how to
/// reach those whose reports are long answered, and, once a day when told to,
/// asks the web addresses.
async fn keep_directory(casework: casework::Casework, links: bool) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        match casework.remind_owners().await {
            Ok(done) => tracing::info!(asked = done.asked, unknown = done.unknown, "asked owners"),
            Err(problem) => tracing::error!(%problem, "owners could not be asked"),
        }
        if let Err(problem) = casework.forget_reporters().await {
            tracing::error!(%problem, "addresses of reporters could not be forgotten");
        }
        if !links {
            continue;
        }
        let checked = match casework.addresses_are_due().await {
            Ok(false) => continue,
            Ok(true) => directory::check_links(&casework, Vec::new()).await,
            Err(problem) => Err(problem.into()),
        };
        match checked {
            Ok((asked, failing)) => tracing::info!(asked, failing, "asked web addresses"),
            Err(problem) => tracing::error!(%problem, "web addresses could not be asked"),
        }
    }
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

/// Erases every hour what families asked of services and booked in centres,
/// where its time is over.
async fn erase_what_is_past(casework: casework::Casework) {
    let mut hours = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hours.tick().await;
        let erased = match casework.erase_old_enquiries().await {
            Ok(requests) => casework.erase_old_bookings().await.map(|n| n + requests),
            Err(problem) => Err(problem),
        };
        match erased {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "erased requests and bookings whose time is over"),
            Err(problem) => tracing::error!(%problem, "old requests could not be erased"),
        }
    }
}

/// Reads everybody into the index at once, and twice a minute what the journal
/// says since, so that no search has much to catch up with.
async fn keep_finding_ready(casework: casework::Casework) {
    let mut moments = tokio::time::interval(Duration::from_secs(30));
    loop {
        moments.tick().await;
        if let Err(problem) = casework.prepare_finding().await {
            tracing::error!(%problem, "the index of people could not be read");
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

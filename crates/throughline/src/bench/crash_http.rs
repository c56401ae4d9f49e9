//! S1 over HTTP: the program serves a council, workers who are signed in post
//! the forms of their work, and it is killed in the middle. After the restart on
//! the same record everything that was acknowledged must be there once, with
//! its event; what was under way is sent again, as a browser does, and must not
//! be there twice.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::RngExt as _;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use vocabulary::{Id, ids};

use super::client::{Answer, Client};
use super::crash_council;
use super::table::row;

/// A new folder after so many rounds: each round verifies the whole chain.
const ROUNDS_A_FOLDER: u32 = 25;

/// A form on its way: what it is, where it goes, what it says.
#[derive(Debug, Clone)]
struct Sent {
    kind: Kind,
    path: String,
    /// Words that are nowhere else.
    mark: String,
    once: String,
    /// Where the typing has come to, for drafts.
    seq: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Note,
    Contact,
    Draft,
}

impl Sent {
    fn new(writer: &Writer) -> Sent {
        let mark = format!("mark {}", Id::<ids::Note>::new());
        let once = hex::encode(rand::random::<[u8; 16]>());
        let (kind, path) = match rand::rng().random_range(0..10) {
            0..6 => (Kind::Note, format!("/people/{}/notes/new", writer.child)),
            6..8 => (Kind::Contact, "/front-door/new".to_owned()),
            _ => {
                let target = format!("bench:{}", rand::rng().random_range(0..8));
                (Kind::Draft, format!("/drafts/{target}"))
            }
        };
        let seq = writer.typed;
        Sent {
            kind,
            path,
            mark,
            once,
            seq,
        }
    }

    async fn post(&self, client: &mut Client) -> Result<Answer> {
        let seq = self.seq.to_string();
        let form: &[(&str, &str)] = match self.kind {
            Kind::Note => &[("text", &self.mark), ("once", &self.once)],
            Kind::Contact => &[
                ("source", "1A"),
                ("caller_name", "Ivo Tarn, neighbour"),
                ("danger", "no"),
                ("what", &self.mark),
                ("child_known", "not_yet"),
                ("once", &self.once),
            ],
            Kind::Draft => &[
                ("text", &self.mark),
                ("draft_page", "bench"),
                ("draft_seq", &seq),
                ("draft_title", "A note"),
                ("draft_path", "/"),
            ],
        };
        client.post(&self.path, form).await
    }

    /// Whether the answer says that it was saved.
    fn acknowledged(&self, answer: &Answer) -> Result<()> {
        let wanted = if self.kind == Kind::Draft { 200 } else { 303 };
        let to_sign_in = answer.location.starts_with("/sign-in");
        ensure!(
            answer.status == wanted && !to_sign_in,
            "{} was answered {} {}",
            self.path,
            answer.status,
            answer.location
        );
        Ok(())
    }
}

/// A worker at their desk.
struct Writer {
    username: String,
    worker: Id<ids::Worker>,
    child: Id<ids::Person>,
    cookie: String,
    /// Counts the saves of drafts.
    typed: i64,
    /// What was sent and not answered when the program died.
    under_way: Option<Sent>,
    /// The last note that was acknowledged.
    noted: Option<String>,
}

/// What was acknowledged in one folder.
#[derive(Default)]
pub(super) struct Acknowledged {
    /// Notes by their mark.
    pub notes: Vec<String>,
    /// Contacts by their mark.
    pub contacts: Vec<String>,
    /// The newest draft of each worker and target: how far its typing was, and
    /// its mark.
    pub drafts: BTreeMap<(Id<ids::Worker>, String), (i64, String)>,
}

impl Acknowledged {
    fn take(&mut self, worker: Id<ids::Worker>, sent: Sent) {
        match sent.kind {
            Kind::Note => self.notes.push(sent.mark),
            Kind::Contact => self.contacts.push(sent.mark),
            Kind::Draft => {
                let target = sent.path.trim_start_matches("/drafts/").to_owned();
                self.drafts.insert((worker, target), (sent.seq, sent.mark));
            }
        }
    }
}

/// Kills and counts. False if anything acknowledged was lost, is there twice,
/// or a chain broke.
pub(super) async fn run(rounds: u32, writes: u32) -> Result<bool> {
    let mut folder = tempfile::tempdir()?;
    let mut writers = Vec::new();
    let mut known = Acknowledged::default();
    let mut total = crash_council::Account::default();
    let (mut acknowledged, mut again) = (0u64, 0u64);
    for round in 0..rounds {
        if round.is_multiple_of(ROUNDS_A_FOLDER) {
            folder = tempfile::tempdir()?;
            known = Acknowledged::default();
            writers = council(folder.path()).await?;
        }
        let (mut child, address) = serve(folder.path()).await?;
        sign_in(address, &mut writers).await?;
        total.lost += unseen(address, &writers).await?;
        again += writers.iter().filter(|w| w.under_way.is_some()).count() as u64;
        let (back, fresh) = post_until_killed(&mut child, address, writers, writes).await?;
        writers = back;
        acknowledged += fresh.len() as u64;
        for (worker, sent) in fresh {
            known.take(worker, sent);
        }
        total.add(&crash_council::account(folder.path(), &known).await?);
    }
    let what = format!("killed {rounds} times over HTTP, acknowledged");
    row("S1", &what, acknowledged, "", "");
    row("S1", "sent again after a restart", again, "", "");
    row(
        "S1",
        "lost, not shown, or without their event",
        total.lost,
        "0",
        "",
    );
    row("S1", "there twice", total.twice, "0", "");
    row("S1", "chain failures", total.faults, "0", "");
    Ok(total == crash_council::Account::default())
}

async fn council(folder: &Path) -> Result<Vec<Writer>> {
    let made = crash_council::make(folder).await?;
    Ok(made
        .into_iter()
        .map(|(username, worker, child)| Writer {
            username,
            worker,
            child,
            cookie: String::new(),
            typed: 0,
            under_way: None,
            noted: None,
        })
        .collect())
}

/// Starts the program on the folder's record; it says where it listens.
async fn serve(folder: &Path) -> Result<(Child, SocketAddr)> {
    let program = std::env::current_exe().context("the program does not know its own file")?;
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(["--secure-cookies", "false", "--database"])
        .arg(crash_council::database(folder))
        .arg("--keys")
        .arg(folder.join("keys"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("the program has no output")?;
    let mut lines = BufReader::new(out).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = line.strip_prefix("Throughline is ready at http://") {
            return Ok((child, address.parse()?));
        }
    }
    anyhow::bail!("the program ended before it was ready")
}

/// Signs everybody in who is not: a session outlives the program that began it.
async fn sign_in(address: SocketAddr, writers: &mut [Writer]) -> Result<()> {
    for writer in writers.iter_mut().filter(|w| w.cookie.is_empty()) {
        let mut client = Client::new(address, String::new());
        client
            .sign_in(&writer.username, crash_council::PASSWORD)
            .await?;
        writer.cookie = client.cookie;
    }
    Ok(())
}

/// How many do not find their last note in the child's story.
async fn unseen(address: SocketAddr, writers: &[Writer]) -> Result<u64> {
    let mut unseen = 0;
    for writer in writers {
        let Some(mark) = &writer.noted else { continue };
        let mut client = Client::new(address, writer.cookie.clone());
        let story = client
            .get(&format!("/people/{}/story", writer.child))
            .await?;
        let there = String::from_utf8_lossy(&story.body).contains(mark.as_str());
        unseen += u64::from(story.status != 200 || !there);
    }
    Ok(unseen)
}

type Acknowledgements = Vec<(Id<ids::Worker>, Sent)>;

/// Everybody posts until so many writes were acknowledged; then the program is
/// killed at no particular moment.
async fn post_until_killed(
    child: &mut Child,
    address: SocketAddr,
    writers: Vec<Writer>,
    writes: u32,
) -> Result<(Vec<Writer>, Acknowledgements)> {
    let done = Arc::new(AtomicU32::new(0));
    let dead = Arc::new(AtomicBool::new(false));
    let mut tasks = Vec::new();
    for writer in writers {
        let (done, dead) = (done.clone(), dead.clone());
        tasks.push(tokio::spawn(write(address, writer, done, dead)));
    }
    while done.load(Ordering::Relaxed) < writes {
        tokio::time::sleep(Duration::from_millis(1)).await;
        ensure!(
            tasks.iter().all(|t| !t.is_finished()) && child.try_wait()?.is_none(),
            "someone stopped writing before the program was killed"
        );
    }
    let wait = rand::rng().random_range(0..20_000);
    tokio::time::sleep(Duration::from_micros(wait)).await;
    dead.store(true, Ordering::SeqCst);
    child.kill().await?;
    let (mut writers, mut all) = (Vec::new(), Vec::new());
    for task in tasks {
        let (writer, fresh) = task.await??;
        let worker = writer.worker;
        all.extend(fresh.into_iter().map(|sent| (worker, sent)));
        writers.push(writer);
    }
    Ok((writers, all))
}

/// One worker: first sends again what was under way, then one form after
/// another, until the program no longer answers.
async fn write(
    address: SocketAddr,
    mut writer: Writer,
    done: Arc<AtomicU32>,
    dead: Arc<AtomicBool>,
) -> Result<(Writer, Vec<Sent>)> {
    let mut client = Client::new(address, writer.cookie.clone());
    let mut fresh = Vec::new();
    loop {
        let sent = match writer.under_way.take() {
            Some(sent) => sent,
            None => {
                writer.typed += 1;
                Sent::new(&writer)
            }
        };
        match sent.post(&mut client).await {
            Ok(answer) => {
                sent.acknowledged(&answer)?;
                if sent.kind == Kind::Note {
                    writer.noted = Some(sent.mark.clone());
                }
                fresh.push(sent);
                done.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                writer.under_way = Some(sent);
                // Before the kill a broken connection is the program's fault.
                ensure!(dead.load(Ordering::SeqCst), "before the kill: {error:#}");
                return Ok((writer, fresh));
            }
        }
    }
}

/// How often each of these marks was acknowledged to be there, counted.
pub(super) fn counted(marks: Vec<String>) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    for mark in marks {
        *counts.entry(mark).or_default() += 1;
    }
    counts
}

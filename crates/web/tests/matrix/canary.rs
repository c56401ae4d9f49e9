//! The canary sweep (security: T2): words that nobody else has stand in a
//! restricted record of every kind: a name, an address, a postcode, a telephone
//! number, an NHS number, words of notes. Two councils are alike but for that
//! record, and everybody asks both for the same: every list, every file, every
//! form filled in with those words. No canary may come back, and both councils
//! must answer the same bytes: so no count, order, warning or error tells that
//! somebody is there. What the server writes to its log is read as well.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use casework::model::{Address, Person, Reach};
use casework::testing::scene::{Scene, Standing};
use casework::testing::{TestCouncil, councils, small_family};
use casework::{find, time};
use chrono::Days;
use record::args;
use tracing_subscriber::fmt::MakeWriter;
use vocabulary::{Id, NhsNumber};

use crate::addresses::{self, Address as Route};
use crate::asking::{Answer, Browser, about, about_nobody, who_asks};
use crate::forms::{self, Kind};

const LINE: &str = "41 Vexwoodmere Rise";
const POSTCODE: &str = "LK9 9ZZ";
const PHONE: &str = "020 7946 0987";

/// Everything that must never come back, and is asked for.
pub struct Canaries {
    nhs: String,
    reference: String,
    words: Vec<String>,
}

impl Canaries {
    /// What somebody who seeks the child would type.
    fn asked(&self, scene: &Scene) -> Vec<String> {
        let name = scene.name().to_owned();
        let mut asked = vec![format!("Wren {name}"), name];
        asked.extend([LINE, POSTCODE, PHONE].map(str::to_owned));
        asked.extend([self.nhs.clone(), self.reference.clone()]);
        asked
    }

    /// A canary in an answer.
    fn in_answer(&self, answer: &Answer) -> Option<&String> {
        self.words.iter().find(|word| answer.says(word))
    }
}

/// The restricted child of the scene with what a feed or a search could find
/// them by.
pub async fn shield(council: &TestCouncil) -> (Scene, Canaries) {
    let scene = Scene::new(council, Standing::Restricted).await;
    let mut tx = small_family::begin(&council.casework).await;
    let mut child: Person = tx.get(scene.person).await.expect("the child");
    let nhs = NhsNumber::invented(77).expect("a number").digits();
    child.nhs_number = Some(nhs.clone());
    tx.update(&mut child).await.expect("a number");
    find::index_person(&mut tx, &child, &[])
        .await
        .expect("keys");
    let home = Address {
        id: Id::new(),
        person_id: scene.person,
        kind: "home".into(),
        line1: LINE.into(),
        line2: None,
        town: Some("Larkmere".into()),
        postcode: Some(POSTCODE.into()),
        ward: None,
        team_id: None,
        started_on: Some(time::today() - Days::new(20)),
        ended_on: None,
        protected: true,
        safe_to_write: true,
        unsafe_reason: None,
        wrong_reason: None,
        version: 1,
    };
    tx.insert(&home).await.expect("an address");
    let phone = Reach {
        id: Id::new(),
        person_id: scene.person,
        kind: "phone".into(),
        value: PHONE.into(),
        safe: false,
        asked: Some(true),
        place: None,
        messages: None,
        best_time: None,
        note: None,
        started_on: None,
        ended_on: None,
        wrong_reason: None,
        version: 1,
    };
    tx.insert(&phone).await.expect("a telephone");
    // What somebody typed before the record closed stays their own: it is no
    // answer of the system, so it does not stand in the comparison.
    tx.run("delete from draft", args![])
        .await
        .expect("no drafts");
    tx.commit().await.expect("committed");
    let reference = child.id.as_str()[28..].to_uppercase();
    let words = [
        scene.name(),
        scene.words(),
        "Vexwoodmere",
        POSTCODE,
        PHONE,
        nhs.as_str(),
        reference.as_str(),
    ];
    let words = words.map(str::to_owned).to_vec();
    let canaries = Canaries {
        nhs,
        reference,
        words,
    };
    (scene, canaries)
}

/// Two councils alike but for the child, on every database of the run.
pub async fn pairs() -> Vec<(TestCouncil, TestCouncil)> {
    let with = councils().await;
    let without = councils().await;
    with.into_iter().zip(without).collect()
}

/// The answer without what is fresh in every one: ids, tokens, and the minute.
pub fn settled(answer: &Answer) -> String {
    let answer = answer.about_somebody().settled();
    let body = references(&minutes(&answer.body));
    format!("{} {}", answer.status, body)
}

/// The reference of a record, which is the end of its id, as one word.
fn references(text: &str) -> String {
    let is_one = |word: &str| {
        word.len() == 8
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b))
    };
    let pieces = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    pieces
        .map(|piece| {
            let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            match is_one(word) {
                true => format!("REFERENCE{}", &piece[word.len()..]),
                false => piece.to_owned(),
            }
        })
        .collect()
}

/// "6:19pm" as one word: the two councils are asked one after the other.
fn minutes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([':']) {
        let (before, after) = rest.split_at(at);
        let hour = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let minute: String = after[1..].chars().take(2).collect();
        let half = after.get(3..5).unwrap_or_default();
        let is_time = (1..=2).contains(&hour)
            && minute.len() == 2
            && minute.bytes().all(|b| b.is_ascii_digit())
            && ["am", "pm"].contains(&half);
        out.push_str(&before[..before.len() - if is_time { hour } else { 0 }]);
        if is_time {
            out.push_str("TIME");
            rest = &after[5..];
        } else {
            out.push(':');
            rest = &after[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Somebody who knows of the child by the post: the police, in a check that the
/// front door sent them, and whoever must tell of every serious incident.
fn was_asked(username: &str, path: &str) -> bool {
    username == "chen.police" && (path == "/" || path.starts_with("/mash"))
        || username == "okafor.director" && path == "/serious-incidents"
}

/// T2: every list and every file, for everybody: no canary. Whole-council
/// counts are not compared with those of a council without the child.
#[tokio::test]
async fn t2_canary_no_list_or_file_names_a_shielded_child() {
    for with in councils().await {
        let (scene, canaries) = shield(&with).await;
        let all = addresses::all(&with);
        let lists: Vec<&Route> = all.iter().filter(|a| a.get && !a.of_a_record()).collect();
        let (mut asked, mut opened, mut problems) = (0, 0, Vec::new());
        for persona in who_asks(&with) {
            let here = Browser::of(&with, persona.username).await;
            for address in &lists {
                if was_asked(persona.username, address.path) {
                    continue;
                }
                let path = about(address.path, &scene);
                let path = path.as_str();
                let a = here.get(path).await;
                asked += 1;
                opened += usize::from(a.status.is_success());
                let at = format!("{} at {path}", persona.username);
                if let Some(word) = canaries.in_answer(&a) {
                    problems.push(format!("{at} says {word}"));
                }
            }
        }
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        assert!(
            opened > 150,
            "only {opened} of {asked} opened: is it blind?"
        );
        println!("{asked} lists and files asked for, {opened} opened, 0 leaks");
    }
}

/// Where two answers begin to differ.
fn differ(a: &str, b: &str) -> Option<String> {
    if a == b {
        return None;
    }
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let show = |text: &str| {
        let text =
            String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(60)..]).into_owned();
        text.chars().take(160).collect::<String>()
    };
    Some(format!("…{}… or …{}…", show(a), show(b)))
}

/// T2: every form of the lists, filled in with the canaries by everybody who has
/// it: searches, hints, the index, new contacts, new people, asks for help. The
/// same answer as where there is no such child, and no canary but the typed one.
#[tokio::test]
async fn t2_canary_no_form_answers_otherwise_for_a_shielded_child() {
    for (with, without) in pairs().await {
        let (scene, canaries) = shield(&with).await;
        let all = addresses::all(&with);
        let (mut sent, mut waits, mut problems) = (0, 0, Vec::new());
        for persona in who_asks(&with) {
            let here = Browser::of(&with, persona.username).await;
            let there = Browser::of(&without, persona.username).await;
            // One form of each address, from the page that shows it.
            let mut found: BTreeMap<String, (forms::Form, forms::Form)> = BTreeMap::new();
            for address in all.iter().filter(|a| a.get && !a.of_a_record()) {
                let path = about_nobody(address.path);
                let (a, b) = (here.get(&path).await, there.get(&path).await);
                let (a, b) = (forms::on(&path, &a.body), forms::on(&path, &b.body));
                for (a, b) in a.into_iter().zip(b) {
                    let list = all.iter().any(|r| r.post && r.path == a.action);
                    if list && !LEAVE_ALONE.contains(&a.action.as_str()) {
                        found.entry(a.action.clone()).or_insert((a, b));
                    }
                }
            }
            for (action, (a, b)) in &found {
                for typed in canaries.asked(&scene) {
                    let at = format!("{} sends {typed} to {action}", persona.username);
                    let (a, b) = (filled(a, &typed), filled(b, &typed));
                    let (a, b) = (here.post(action, &a).await, there.post(action, &b).await);
                    sent += 1;
                    if a.status.is_server_error() {
                        problems.push(format!("{at}: {}", a.status));
                    }
                    // What others typed before may come back: the words of the
                    // record were typed by nobody.
                    if a.says(scene.words()) {
                        problems.push(format!("{at}, and it says words of the record"));
                    }
                    // Both councils stand in one process and share its limit on
                    // guesses, which goes by what is typed and not by a record.
                    if [&a, &b]
                        .iter()
                        .any(|a| a.status == StatusCode::TOO_MANY_REQUESTS)
                    {
                        waits += 1;
                    } else if let Some(where_) = differ(&settled(&a), &settled(&b)) {
                        problems.push(format!("{at} differs: {where_}"));
                    }
                }
            }
        }
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        assert!(sent > 300, "only {sent} forms were sent: is it blind?");
        assert!(waits * 10 < sent, "{waits} of {sent} were told to wait");
        println!("{sent} forms sent twice, 0 leaks, 0 oracles");
    }
}

/// Forms that end the session or change the password, which ends it too.
const LEAVE_ALONE: [&str; 2] = ["/sign-out", "/access/password"];

/// A form with a canary in every field that is typed, and a day where a day is
/// asked for: it is sent as somebody who seeks the child would.
fn filled(form: &forms::Form, typed: &str) -> Vec<(String, String)> {
    let fields = form.fields.iter().map(|f| {
        let date = [".day", ".month", ".year"]
            .iter()
            .any(|end| f.name.ends_with(end));
        let value = match f.kind {
            Kind::Typed if !date => typed.to_owned(),
            _ => f.value.clone(),
        };
        (f.name.clone(), value)
    });
    fields.collect()
}

/// What a server writes to its log, kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self
            .0
            .lock()
            .map_err(|e| std::io::Error::other(e.to_string()))?;
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;
    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// T2: nothing of a shielded child stands in the log at its most talkative, not
/// even what was typed to find them.
#[tokio::test]
async fn t2_canary_the_log_at_debug_level_names_nobody() {
    let log = Log::default();
    let talks = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let guard = tracing::subscriber::set_default(talks);
    tracing::debug!("the log is kept");
    for council in councils().await {
        let (scene, canaries) = shield(&council).await;
        // The rows of the scene were written by the test; what counts is what
        // the pages write.
        for username in [
            "jo.socialworker",
            "nia.admin",
            "noor.school",
            "farah.screener",
        ] {
            let browser = Browser::of(&council, username).await;
            for address in addresses::all(&council).iter().filter(|a| a.get) {
                browser.get(&about(address.path, &scene)).await;
            }
            for typed in canaries.asked(&scene) {
                for path in ["/find", "/find/hints", "/index"] {
                    let pairs = ["q", "given", "family", "postcode", "nhs"]
                        .map(|name| (name.to_owned(), typed.clone()));
                    browser.post(path, &pairs).await;
                }
            }
        }
        let kept = log.0.lock().expect("the log").clone();
        let text = String::from_utf8_lossy(&kept).into_owned();
        assert!(text.contains("the log is kept"), "the log was not read");
        // An address of a record is asked for by its id, never by a name; the
        // reference is the end of that id, so it is no canary here.
        for word in canaries.words.iter().filter(|w| **w != canaries.reference) {
            let line = text.lines().find(|line| line.contains(word.as_str()));
            assert!(line.is_none(), "the log says {word}: {line:?}");
        }
    }
    drop(guard);
}

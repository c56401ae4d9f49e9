//! The program as it is started: the demonstration on an empty folder and on
//! one that is there, a broken pack, the journal, the first administrator, and
//! being killed in the middle of writing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_throughline"))
}

fn output(command: &mut Command) -> (Output, String) {
    let output = command.output().expect("the program starts");
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

/// A running demonstration; ended when dropped.
struct Running {
    child: Child,
    address: String,
    said: Vec<String>,
}

impl Running {
    fn start(folder: &Path) -> Running {
        let mut child = program()
            .args(["demo", "--size", "small", "--port", "0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the demonstration starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut said = Vec::new();
        let address = loop {
            let line = lines.next().expect("a ready line").expect("text");
            if let Some(address) = line.strip_prefix("Throughline is ready at http://") {
                break address.to_owned();
            }
            said.push(line);
        };
        // What it says later is read too: a closed pipe would stop it.
        std::thread::spawn(move || lines.count());
        Running {
            child,
            address,
            said,
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// SIGTERM, and how it ended.
    fn stop(mut self) -> bool {
        let (_, text) = output(Command::new("kill").arg(self.child.id().to_string()));
        assert_eq!(text, "");
        self.child.wait().expect("it ends").success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().expect("it can be killed");
        }
    }
}

#[test]
fn the_demonstration_starts_on_an_empty_folder_and_does_not_load_twice() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path());
    assert!(
        first
            .said
            .iter()
            .any(|l| l.starts_with("Making the invented borough"))
    );
    assert!(first.get("/sign-in").starts_with("HTTP/1.1 200"));
    assert!(first.stop(), "SIGTERM ends it well");
    let heads = folder.path().join("heads.jsonl");
    assert_eq!(
        std::fs::read_to_string(&heads).unwrap().lines().count(),
        1,
        "the head was signed"
    );

    let again = Running::start(folder.path());
    assert!(
        !again.said.iter().any(|l| l.starts_with("Making")),
        "{:?}",
        again.said
    );
    assert!(again.get("/sign-in").starts_with("HTTP/1.1 200"));
    assert!(again.stop());

    let database = format!("sqlite:{}", folder.path().join("throughline.db").display());
    let (verified, text) = output(
        program()
            .args(["journal", "verify", "--database", &database, "--keys"])
            .arg(folder.path().join("keys"))
            .arg("--kept")
            .arg(&heads),
    );
    assert!(verified.status.success(), "{text}");
    assert!(text.contains("Nothing was altered."), "{text}");

    let (other, text) = output(
        program()
            .args(["demo", "--size", "full", "--port", "0", "--data"])
            .arg(folder.path()),
    );
    assert!(!other.status.success());
    assert!(text.contains("holds a small borough"), "{text}");
}

/// A pack with a mistake in the third line of one file.
fn broken_pack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("clocks")).unwrap();
    let pack = "id = \"larkmere\"\ntitle = \"Larkmere\"\nversion = 2026-01-01\nsource = \"Local choice\"\nstrength = \"LOCAL\"\n";
    std::fs::write(folder.path().join("pack.toml"), pack).unwrap();
    let clock = "id = \"assessment\"\ntitle = \"Finish the assessment\"\namount = \"many\"\n";
    std::fs::write(folder.path().join("clocks/assessment.toml"), clock).unwrap();
    folder
}

#[test]
fn a_broken_pack_is_named_with_file_and_line_and_nothing_starts() {
    let pack = broken_pack();
    let (checked, text) = output(program().args(["packs", "check"]).arg(pack.path()));
    assert_eq!(checked.status.code(), Some(1), "{text}");
    assert!(text.contains("assessment.toml:"), "{text}");

    let place = tempfile::tempdir().unwrap();
    let database = place.path().join("council.db");
    let (served, text) = output(
        program()
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(format!("sqlite:{}", database.display()))
            .arg("--keys")
            .arg(place.path().join("keys"))
            .arg("--packs")
            .arg(pack.path()),
    );
    assert!(!served.status.success());
    assert!(
        text.contains("Nothing was started.") || text.contains("assessment.toml:"),
        "{text}"
    );
    assert!(!database.exists(), "the record was not touched");
}

#[test]
fn englands_pack_has_no_mistakes_and_can_be_shown() {
    let (checked, text) = output(program().args(["packs", "check"]));
    assert!(checked.status.success(), "{text}");
    let (shown, text) = output(program().args(["packs", "show"]));
    assert!(shown.status.success());
    assert!(
        text.contains("within 45 working days of the referral"),
        "{text}"
    );
}

#[test]
fn the_first_administrator_needs_a_long_password_and_a_known_role() {
    let place = tempfile::tempdir().unwrap();
    let add = |role: &str, password: &str| {
        let mut child = program()
            .args([
                "worker",
                "add",
                "--username",
                "nia.admin",
                "--full-name",
                "Nia Rookbeck",
            ])
            .args(["--job-title", "Administrator", "--role", role, "--database"])
            .arg(format!(
                "sqlite:{}",
                place.path().join("council.db").display()
            ))
            .arg("--keys")
            .arg(place.path().join("keys"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        let output = child.wait_with_output().unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        (output.status.success(), text)
    };
    let (done, text) = add("administrator", "short");
    assert!(!done && text.contains("at least 12"), "{text}");
    let (done, text) = add("king", "otter bridge violin");
    assert!(!done && text.contains("administrator"), "{text}");
    let (done, text) = add("administrator", "otter bridge violin");
    assert!(done, "{text}");
    let (done, text) = add("administrator", "otter bridge violin");
    assert!(!done && text.contains("already a worker"), "{text}");
}

/// Runs the crash harness and gives the figure on the line with these words.
fn crash(arguments: &[&str], figure: &str) -> u64 {
    let (ran, text) = output(program().args(["bench", "crash"]).args(arguments));
    assert!(ran.status.success(), "{text}");
    let line = text.lines().find(|l| l.contains(figure));
    let number = line.and_then(|l| l.split(figure).nth(1)?.split_whitespace().next());
    number
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(|| panic!("no {figure} in {text}"))
}

/// S1, at the record.
#[test]
fn nothing_acknowledged_is_lost_when_it_is_killed() {
    let arguments = ["--over", "store", "--rounds", "8", "--writes", "60"];
    let n = crash(&arguments, "acknowledged");
    assert!(n >= 480, "{n}");
}

/// S1, over HTTP: the program itself, with workers who are signed in.
#[test]
fn no_form_that_was_answered_is_lost_when_the_program_is_killed() {
    let arguments = ["--over", "http", "--rounds", "4", "--writes", "40"];
    let n = crash(&arguments, "acknowledged");
    assert!(n >= 160, "{n}");
}

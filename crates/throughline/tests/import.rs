//! `throughline import people` as it is typed: columns named on the command line
//! and in a file, rows that cannot be taken, progress, and being killed in the
//! middle.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Place {
    folder: tempfile::TempDir,
}

struct Ran {
    good: bool,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        Place { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn command(&self, file: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command.args(["import", "people"]).arg(file);
        let database = format!("sqlite:{}", self.path("council.db").display());
        command.args(["--database", &database]);
        command.arg("--keys").arg(self.path("keys"));
        command
    }

    fn run(&self, file: &Path, more: &[&str]) -> Ran {
        let output = self.command(file).args(more).output().expect("it runs");
        Ran {
            good: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// People in the record, and how many keys of the old system they come from.
    async fn counted(&self) -> (i64, i64) {
        #[derive(sqlx::FromRow)]
        struct Counts {
            people: i64,
            keys: i64,
        }
        let options = record::StoreOptions {
            url: format!("sqlite:{}", self.path("council.db").display()),
            heads: self.path("heads.jsonl"),
        };
        let keys = record::Keys::in_folder(&self.path("keys")).expect("keys");
        let store = record::Store::open(&options, keys).await.expect("opened");
        let counts: Counts = store
            .read_db()
            .one(
                "select (select count(*) from person) as people, \
                 (select count(*) from imported where source = 'import') as keys",
                record::args![],
            )
            .await
            .expect("counted");
        let report = record::journal::verify::verify(store.read_db(), &[], |_| {})
            .await
            .expect("verified");
        assert_eq!(report.faults, vec![]);
        store.close().await.expect("closed");
        (counts.people, counts.keys)
    }
}

const ODD: &str = "Client no;Forename;Family;Geboren;Home\n\
    7;Maya;Quillfeather;27.03.2013;LK1 4AB\n\
    8;Sami;Quillfeather;31.02.2015;LK1 4AB\n\
    9;;;14.06.2019;LK1 4AB\n\
    10;Lina;Quillfeather;14.06.2019;LK1 4AB\n";

/// Headings that nobody can guess are named on the command line or in a file;
/// what cannot be taken is named by row and field, and can be put right.
#[test]
fn odd_headings_are_mapped_and_bad_rows_are_put_right() {
    let place = Place::new();
    let file = place.file("old.csv", ODD);
    let mapping = place.file(
        "map.toml",
        "dates = \"day-month-year\"\n[columns]\nkey = \"Client no\"\nfamily = \"Family\"\n",
    );
    let mapping = mapping.to_str().expect("a path");
    let more = [
        "--mapping",
        mapping,
        "--column",
        "born=Geboren",
        "--column",
        "postcode=Home",
    ];

    let tried = place.run(&file, &[&more[..], &["--dry-run"]].concat());
    assert!(tried.good, "{}{}", tried.out, tried.err);
    assert!(
        tried.out.contains("2 people would be added"),
        "{}",
        tried.out
    );
    assert!(tried.out.contains("nothing was written"), "{}", tried.out);

    let ran = place.run(&file, &more);
    assert!(ran.good, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("born from “Geboren”"), "{}", ran.out);
    assert!(
        ran.out.contains("4 rows: 2 people added, 0 changed"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("2 rejected"), "{}", ran.out);

    let rejects = place.path("old-rejects.csv");
    let text = std::fs::read_to_string(&rejects).expect("the reject file");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("line,what is wrong"), "{text}");
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[1].contains("31.02.2015") && lines[1].contains(",3,"),
        "{text}"
    );
    assert!(lines[1].contains("Geboren"), "{text}");
    assert!(
        lines[2].contains("both first and last name are empty"),
        "{text}"
    );

    // Put right there, and that file imported.
    let right = text
        .replace("31.02.2015", "28.02.2015")
        .replace("9,,,", "9,Ivy,Thorne,");
    std::fs::write(&rejects, right).expect("written");
    let again = place.run(&rejects, &more);
    assert!(again.good, "{}{}", again.out, again.err);
    assert!(
        again.out.contains("2 rows: 2 people added"),
        "{}",
        again.out
    );

    // The same file again changes nothing.
    let same = place.run(&file, &more);
    assert!(
        same.out.contains("0 people added, 0 changed, 2 unchanged"),
        "{}",
        same.out
    );
}

#[test]
fn a_mistake_in_the_command_is_explained() {
    let place = Place::new();
    let file = place.file("old.csv", ODD);
    let ran = place.run(&file, &["--column", "Forename"]);
    assert!(!ran.good);
    assert!(
        ran.err.contains("Write --column FIELD=HEADING"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("given"), "{}", ran.err);
    let ran = place.run(&file, &["--column", "born=Birthday"]);
    assert!(!ran.good);
    assert!(ran.err.contains("Birthday"), "{}", ran.err);
    let ran = place.run(&place.path("nowhere.csv"), &[]);
    assert!(!ran.good);
    assert!(ran.err.contains("nowhere.csv"), "{}", ran.err);
    let empty = place.file("empty.csv", "");
    let ran = place.run(&empty, &[]);
    assert!(!ran.good && ran.err.contains("empty.csv"), "{}", ran.err);
}

/// Killed in the middle and run again: every row is there, none twice.
#[tokio::test]
async fn killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled() {
    const ROWS: usize = 2_000;
    let place = Place::new();
    let mut text = String::from("Person ID,Forename,Surname,DOB\n");
    for n in 0..ROWS {
        let (given, family) = (word(n), word(n * 7 + 3));
        writeln!(
            text,
            "{n},{given},{family},{:02}/{:02}/2012",
            n % 28 + 1,
            n % 12 + 1
        )
        .expect("written");
    }
    let file = place.file("many.csv", &text);
    let mut child = place
        .command(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stderr.take().expect("its progress")).lines();
    let mut said = 0;
    for line in lines.map_while(Result::ok) {
        assert!(line.ends_with(&format!("of {ROWS} rows")), "{line}");
        said += 1;
        if said == 3 {
            child.kill().expect("killed");
        }
    }
    child.wait().expect("it ended");
    assert!(said < 10, "it was not killed in the middle");

    let (part, keys) = place.counted().await;
    assert!(part >= 600 && part < ROWS as i64, "{part}");
    assert_eq!(part, keys, "each person with its key, or not at all");

    let again = place.run(&file, &[]);
    assert!(again.good, "{}{}", again.out, again.err);
    let left = ROWS as i64 - part;
    let words = format!("{ROWS} rows: {left} people added, 0 changed, {part} unchanged");
    assert!(again.out.contains(&words), "{} not in {}", words, again.out);
    assert!(
        again.err.contains(&format!("{ROWS} of {ROWS} rows")),
        "{}",
        again.err
    );
    assert!(
        !again.out.contains(&format!("of {ROWS} rows")),
        "progress goes to stderr"
    );
    assert_eq!(place.counted().await, (ROWS as i64, ROWS as i64));
}

/// An invented name, another for each number.
fn word(n: usize) -> String {
    const STARTS: [&str; 20] = [
        "Al", "Be", "Co", "Da", "El", "Fi", "Ga", "Ho", "Is", "Ju", "Ke", "Lo", "Mi", "Na", "Or",
        "Pe", "Ro", "Su", "Ti", "Wi",
    ];
    const ENDS: [&str; 23] = [
        "bert", "cott", "dane", "ford", "gill", "ham", "ison", "kin", "land", "mere", "nest",
        "ope", "quin", "rick", "stow", "thorn", "una", "vane", "wick", "xley", "yarrow", "zell",
        "brook",
    ];
    format!(
        "{}{}",
        STARTS[n % STARTS.len()],
        ENDS[n / STARTS.len() % ENDS.len()]
    )
}

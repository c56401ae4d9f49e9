//! `throughline import cin-census` and `import ssda903` as they are typed:
//! counts, reject files, files that are none, and being killed in the middle.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
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

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command.current_dir(self.folder.path()).args(words);
        if words[0] == "import" {
            let database = format!("sqlite:{}", self.path("council.db").display());
            command.args(["--database", &database]);
            command.arg("--keys").arg(self.path("keys"));
        }
        command
    }

    fn run(&self, words: &[&str]) -> Ran {
        let output = self.command(words).output().expect("it runs");
        Ran {
            good: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Rows of a table of the record; the journal must be whole.
    async fn counted(&self, tables: &[&str]) -> Vec<i64> {
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let options = record::StoreOptions {
            url: format!("sqlite:{}", self.path("council.db").display()),
            heads: self.path("heads.jsonl"),
        };
        let keys = record::Keys::in_folder(&self.path("keys")).expect("keys");
        let store = record::Store::open(&options, keys).await.expect("opened");
        let mut counts = Vec::new();
        for table in tables {
            let sql = record::AssertSqlSafe(format!("select count(*) as n from {table}"));
            let count: Count = store
                .read_db()
                .one(sql, record::args![])
                .await
                .expect("counted");
            counts.push(count.n);
        }
        let report = record::journal::verify::verify(store.read_db(), &[], |_| {})
            .await
            .expect("verified");
        assert_eq!(report.faults, vec![]);
        store.close().await.expect("closed");
        counts
    }
}

/// A census with a bad record: the good ones stay, the reject file names it,
/// and putting it right brings in what was missing and nothing else.
#[tokio::test]
async fn what_was_rejected_is_put_right_and_brought_in() {
    let place = Place::new();
    let made = place.run(&[
        "synth",
        "cin",
        "--children",
        "12",
        "--faults",
        "0",
        "--out",
        "census.xml",
    ]);
    assert!(made.good, "{}", made.err);
    let right = std::fs::read_to_string(place.path("census.xml")).expect("the census");
    let at = right.rfind("<CINreferralDate>").expect("a referral") + "<CINreferralDate>".len();
    let wrong = format!("{}soon{}", &right[..at], &right[at + 10..]);
    std::fs::write(place.path("census.xml"), wrong).expect("written");

    let ran = place.run(&["import", "cin-census", "census.xml"]);
    assert!(ran.good, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("12 children added"), "{}", ran.out);
    assert!(ran.out.contains("census-rejects.csv"), "{}", ran.out);
    let rejects = std::fs::read_to_string(place.path("census-rejects.csv")).expect("rejects");
    assert!(
        rejects.starts_with("record,child,field,value,taken,what is wrong"),
        "{rejects}"
    );
    assert!(rejects.contains("CINreferralDate,soon,no,"), "{rejects}");
    let before = place.counted(&["person", "imported_record"]).await;

    std::fs::write(place.path("census.xml"), right).expect("written");
    let ran = place.run(&["import", "cin-census", "census.xml"]);
    assert!(
        ran.good && ran.out.contains("1 referrals added, 0 filled in"),
        "{}",
        ran.out
    );
    let after = place.counted(&["person", "imported_record"]).await;
    assert!(
        after[0] == before[0] && after[1] > before[1],
        "{before:?} {after:?}"
    );
    let ran = place.run(&["import", "cin-census", "census.xml"]);
    assert!(
        ran.good && ran.out.contains("Nothing was changed."),
        "{}",
        ran.out
    );
}

#[test]
fn files_that_are_none_are_explained() {
    let place = Place::new();
    std::fs::write(place.path("holiday.xml"), "%PDF-1.7").expect("written");
    std::fs::create_dir(place.path("empty")).expect("made");
    for words in [
        ["import", "cin-census", "holiday.xml"],
        ["import", "cin-census", "nowhere.xml"],
        ["import", "ssda903", "empty"],
        ["import", "ssda903", "nowhere"],
    ] {
        let ran = place.run(&words);
        assert!(!ran.good, "{words:?}: {}", ran.out);
        assert!(ran.err.contains(words[2]), "{words:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
}

/// Killed in the middle and run again: every row is there, none twice.
#[tokio::test]
async fn killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled() {
    let (killed, whole) = (Place::new(), Place::new());
    for place in [&killed, &whole] {
        let made = place.run(&[
            "synth",
            "ssda903",
            "--children",
            "400",
            "--faults",
            "0",
            "--out",
            "la",
        ]);
        assert!(made.good, "{}", made.err);
    }
    let mut child = killed
        .command(&["import", "ssda903", "la"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stderr.take().expect("its progress")).lines();
    let mut said = 0;
    for line in lines.map_while(Result::ok) {
        assert!(line.ends_with(" children"), "{line}");
        said += 1;
        if said == 1 {
            child.kill().expect("killed");
        }
    }
    child.wait().expect("it ended");
    assert!(said >= 1, "it never said how far it was");
    let tables = [
        "person",
        "imported",
        "imported_record",
        "care_episode",
        "care_review",
        "missing",
        "restriction",
        "chronology",
    ];
    let part = killed.counted(&tables).await;

    let again = killed.run(&["import", "ssda903", "la"]);
    assert!(again.good, "{}{}", again.out, again.err);
    let once = whole.run(&["import", "ssda903", "la"]);
    assert!(once.good, "{}{}", once.out, once.err);
    let all = whole.counted(&tables).await;
    assert!(part[0] > 0 && part[0] < all[0], "{part:?} of {all:?}");
    assert_eq!(killed.counted(&tables).await, all);
}

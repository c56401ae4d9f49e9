//! Returns made from the small borough, on both databases: written, checked by
//! the rules without an error, and read back equal.

use casework::Casework;
use casework::returns::make::{Made, Maker};
use casework::testing::{TestCouncil, empty_councils};
use casework::time;
use chrono::Datelike;
use record::args;
use returns::core::rule::Severity;
use synth::Size;
use synth::load::Loader;

async fn borough(council: &TestCouncil) {
    let noon = time::today().and_hms_opt(12, 0, 0).expect("noon");
    let mut loader = Loader::begin(&council.casework, Size::Small, noon, "not a password")
        .await
        .expect("begun");
    loader.rest(|_| {}).await.expect("loaded");
}

/// The last census year that has ended.
fn year() -> u16 {
    let today = time::today();
    let ended = today.ordinal() > 90;
    u16::try_from(today.year() - i32::from(!ended)).expect("a year")
}

/// What the rules call errors, one line each.
fn errors(made: &Made) -> Vec<String> {
    let report = &made.report;
    let of_kind = |code: &str| report.rule(code).is_some_and(|r| r.kind == Severity::Error);
    let rows = report.findings.iter().filter(|f| of_kind(f.rule));
    let rows = rows.map(|f| format!("{} {} {:?}", f.rule, f.child, f.rows));
    let whole = report.whole.iter().filter(|w| of_kind(w.rule));
    rows.chain(whole.map(|w| format!("{} {}", w.rule, w.because)))
        .chain(report.problems.iter().map(ToString::to_string))
        .collect()
}

/// How many rows a table of the return has.
fn rows(made: &Made, table: &str) -> u64 {
    let found = made.report.records.iter().find(|(name, _)| *name == table);
    found.map_or(0, |(_, n)| *n)
}

async fn looks(casework: &Casework, about: &str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let sql = "select count(*) as n from journal where action = 'listed' \
               and object_kind = 'return' and object_id = $1";
    let db = casework.store().read_db();
    let count: Count = db.one(sql, args![about]).await.expect("counted");
    count.n
}

#[tokio::test]
async fn the_census_of_the_borough_is_written_checked_and_read_back_equal() {
    for council in empty_councils().await {
        borough(&council).await;
        let casework = &council.casework;
        let made = casework
            .make_cin(Maker::Console, year())
            .await
            .expect("made");
        assert_eq!(errors(&made), Vec::<String>::new());
        assert!(made.children > 100, "{} children", made.children);
        assert!(made.report.not_run.is_empty());
        for (table, least) in [
            ("Assessments", 50),
            ("AssessmentFactorsList", 50),
            ("CINplanDates", 5),
            ("Section47", 3),
            ("ChildProtectionPlans", 3),
        ] {
            assert!(
                rows(&made, table) >= least,
                "{table}: {}",
                rows(&made, table)
            );
        }
        // The year that is under way, as the record stands today.
        let now = casework
            .make_cin(Maker::Console, year() + 1)
            .await
            .expect("made");
        assert_eq!(errors(&now), Vec::<String>::new());
        assert!(rows(&now, "Reviews") >= 1, "reviews");
        assert!(rows(&now, "Disabilities") >= 100, "disabilities");
        let dataset = casework
            .dataset(chrono::NaiveDate::from_ymd_opt(i32::from(year()), 3, 31).expect("a day"))
            .await
            .expect("read");
        assert!(dataset.children.iter().any(|c| c.restricted));
        let mut reader = returns::cin::Reader::new("made", made.bytes.as_slice());
        let mut back = Vec::new();
        while let Some(child) = reader.next_child() {
            back.push(child);
        }
        let again = returns::cin::write::Writer::begin(Vec::new(), reader.header());
        let mut again = again.expect("begun");
        for child in &back {
            again.child(child).expect("written");
        }
        assert!(
            again.end().expect("ended") == made.bytes,
            "reads back equal"
        );
        assert_eq!(back.len(), made.children);
        assert_eq!(looks(casework, &format!("cin {}", year())).await, 1);
    }
}

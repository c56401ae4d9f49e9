//! Returns made from the small borough, on both databases: written, checked by
//! the rules without an error, and read back equal.

use casework::Casework;
use casework::returns::daily::Choices;
use casework::returns::make::{Made, Maker};
use casework::testing::{TestCouncil, empty_councils};
use casework::time;
use chrono::Datelike;
use record::model::{Address, AdoptionPlan};
use record::{Actor, AssertSqlSafe, Entity as _, args};
use returns::core::rule::Severity;
use returns::daily::ChildRecord;
use synth::Size;
use synth::load::Loader;
use vocabulary::Id;

async fn borough(council: &TestCouncil) {
    let noon = time::today().and_hms_opt(12, 0, 0).expect("noon");
    let mut loader = Loader::begin(&council.casework, Size::Small, noon, "not a password")
        .await
        .expect("begun");
    loader.rest(|_| {}).await.expect("loaded");
}

/// The last census year that has ended and has rules.
fn year() -> u16 {
    let today = time::today();
    let ended = today.ordinal() > 90;
    let year = u16::try_from(today.year() - i32::from(!ended)).expect("a year");
    year.min(RULES)
}

/// The last year whose rules are in the packs.
const RULES: u16 = 2026;

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

/// R004-16: all lists of Annex A on demand. One borough for all, on each
/// database: to load it takes longest.
#[tokio::test]
async fn the_borough_makes_its_returns_and_shows_what_to_mend() {
    for council in empty_councils().await {
        borough(&council).await;
        the_census_is_written_checked_and_read_back_equal(&council).await;
        annex_a_is_written_checked_and_read_back_equal(&council).await;
        the_daily_push_is_made_of_records_that_may_be_sent(&council).await;
        what_the_census_would_find_is_on_the_list_of_its_worker(&council).await;
    }
}

async fn the_census_is_written_checked_and_read_back_equal(council: &TestCouncil) {
    let casework = &council.casework;
    let made = casework
        .make_cin(Maker::Console, year())
        .await
        .expect("made");
    assert_eq!(errors(&made), Vec::<String>::new());
    assert!(made.children > 20, "{} children", made.children);
    assert!(made.report.not_run.is_empty());
    for (table, least) in [
        ("Assessments", 10),
        ("AssessmentFactorsList", 10),
        ("CINplanDates", 1),
        ("Section47", 1),
        ("ChildProtectionPlans", 1),
    ] {
        assert!(
            rows(&made, table) >= least,
            "{table}: {}",
            rows(&made, table)
        );
    }
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

/// Everybody with work since the window began, each record one that the
/// receiver takes; where a protected child lives stays out of it until the
/// council says otherwise.
async fn the_daily_push_is_made_of_records_that_may_be_sent(council: &TestCouncil) {
    let casework = &council.casework;
    let push = |choices| casework.push_cohort(Maker::Console, choices);
    let all = Choices {
        protected_postcodes: true,
    };
    let told = push(all).await.expect("read");
    assert!(told.records.len() > 100, "{}", told.records.len());
    assert!(told.restricted > 0);
    for record in &told.records {
        let wrong = returns::daily::check(record);
        assert_eq!(wrong, Vec::<String>::new(), "{}", record.la_child_id);
    }
    // Somebody must not learn where this child lives.
    let postcode = |r: &ChildRecord| r.child_details.as_ref()?.postcode.clone();
    let one = told.records.iter().find(|r| postcode(r).is_some());
    let one = one.expect("a child with a home").clone();
    let id = one.mis_child_id.clone().expect("a number");
    let sql = format!(
        "select {} from address where person_id = $1 and kind = 'home' and ended_on is null",
        Address::COLUMNS.join(", ")
    );
    let db = casework.store().read_db();
    let homes: Vec<Address> = db.all(AssertSqlSafe(sql), args![&id]).await.expect("read");
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .expect("begun");
    for mut home in homes {
        home.protected = true;
        tx.update(&mut home).await.expect("kept");
    }
    tx.insert(&AdoptionPlan {
        id: Id::new(),
        person_id: id.parse().expect("an id"),
        decided_on: time::today(),
        ended_on: None,
        ended_why: None,
        matched_on: None,
        intended_on: None,
        foster: None,
        adopters: None,
        adopters_sex: None,
        adopters_status: None,
        version: 1,
    })
    .await
    .expect("kept");
    tx.commit().await.expect("kept");
    for (choices, shown) in [(Choices::default(), None), (all, postcode(&one))] {
        let cohort = push(choices).await.expect("read");
        let found = cohort
            .records
            .iter()
            .find(|r| r.mis_child_id == one.mis_child_id);
        assert_eq!(postcode(found.expect("still in it")), shown);
        assert_eq!(cohort.records.len(), told.records.len());
        let episodes = found.and_then(|r| r.social_care_episodes.as_ref());
        let last = episodes.and_then(|all| all.last()?.adoption.as_ref());
        let decided = last.and_then(|adoption| adoption.initial_decision_date);
        assert_eq!(decided, Some(time::today()));
    }
    let episodes = || {
        told.records
            .iter()
            .flat_map(|r| &r.social_care_episodes)
            .flatten()
    };
    let count = |has: &dyn Fn(&returns::daily::record::Episode) -> bool| {
        episodes().filter(|e| has(e)).count()
    };
    for (what, found, least) in [
        ("workers", count(&|e| e.care_worker_details.is_some()), 50),
        (
            "homes",
            count(&|e| e.child_looked_after_placements.is_some()),
            10,
        ),
        ("plans", count(&|e| e.child_in_need_plans.is_some()), 5),
        (
            "protection",
            count(&|e| e.child_protection_plans.is_some()),
            3,
        ),
        (
            "enquiries",
            count(&|e| e.section_47_assessments.is_some()),
            3,
        ),
        ("leavers", count(&|e| e.care_leavers.is_some()), 1),
    ] {
        assert!(found >= least, "{what}: {found}");
    }
    assert!(
        told.records
            .iter()
            .any(|r| r.health_and_wellbeing.is_some())
    );
}

async fn annex_a_is_written_checked_and_read_back_equal(council: &TestCouncil) {
    let casework = &council.casework;
    let made = casework
        .make_annex_a(Maker::Console, time::today())
        .await
        .expect("made");
    assert_eq!(errors(&made), Vec::<String>::new());
    let book = made.lists.clone().expect("the lists");
    for (at, least) in [
        (0, 20),
        (1, 3),
        (2, 10),
        (3, 10),
        (4, 1),
        (5, 30),
        (6, 2),
        (7, 10),
        (8, 3),
        (10, 1),
    ] {
        let rows = book.lists[at].as_ref().map_or(0, |list| list.rows.len());
        assert!(rows >= least, "list {}: {rows} rows", at + 1);
    }
    let read = returns::annex_a::read::workbook("made", std::io::Cursor::new(made.bytes.clone()));
    let (back, problems) = read.expect("read");
    assert!(problems.is_empty(), "{problems:?}");
    assert!(back == book, "reads back equal");
}

/// A wrong datum is on the list of the worker who is allocated, a click from
/// where it is mended; nobody else sees it; mended, it is gone.
async fn what_the_census_would_find_is_on_the_list_of_its_worker(council: &TestCouncil) {
    use record::model::{Person, PersonKind};
    let casework = &council.casework;
    let jo = viewer(council, "jo.socialworker").await;
    let tom = viewer(council, "tom.socialworker").await;
    #[derive(sqlx::FromRow)]
    struct Of {
        id: vocabulary::Id<vocabulary::ids::Person>,
    }
    let maya: Of = casework
        .store()
        .read_db()
        .one(
            "select id from person where given = 'Maya' and family_name = 'Qandili'",
            args![],
        )
        .await
        .expect("Maya");
    let set = async |ethnicity: Option<&str>| {
        let mut tx = casework.store().begin(&jo.actor()).await.expect("begun");
        let mut maya: Person = tx.get(maya.id).await.expect("Maya");
        assert_eq!(maya.kind, PersonKind::Child);
        maya.ethnicity = ethnicity.map(str::to_owned);
        tx.update(&mut maya).await.expect("updated");
        tx.commit().await.expect("committed");
    };
    assert!(casework.data_is_due().await.expect("asked"));
    let before = casework.check_record().await.expect("checked");
    assert_eq!(before.errors, 0, "the invented histories are clean");
    assert!(!casework.data_is_due().await.expect("asked"));
    set(None).await;
    let after = casework.check_record().await.expect("checked");
    assert_eq!(after.errors, 1);
    assert!(after.children > 100);
    let list = casework.your_data(&jo).await.expect("listed");
    let row = list
        .rows
        .iter()
        .find(|row| row.person == maya.id && row.must)
        .expect("on Jo's list");
    assert_eq!(row.what, "Ethnicity");
    assert_eq!(row.path, format!("/people/{}/edit#ethnicity", maya.id));
    assert_eq!(row.since, time::today());
    let others = casework.your_data(&tom).await.expect("listed");
    assert!(others.rows.iter().all(|row| row.person != maya.id));
    let refused = casework.check_again(&tom, maya.id).await;
    assert!(matches!(refused, Err(casework::Error::NotFound)));
    // Mended, and asked for at once.
    set(Some("AOTH")).await;
    let left = casework.check_again(&jo, maya.id).await.expect("checked");
    let list = casework.your_data(&jo).await.expect("listed");
    assert_eq!(
        list.rows.iter().filter(|r| r.person == maya.id).count(),
        left
    );
    assert!(!list.rows.iter().any(|row| row.must));
    // A post that works with numbers sees no child's record.
    let analyst = viewer(council, "tia.analyst").await;
    assert!(casework.your_data(&analyst).await.is_err());
    assert!(casework.may_make_returns(&analyst).is_ok());
    assert!(casework.may_make_returns(&jo).is_err());
}

async fn viewer(council: &TestCouncil, username: &str) -> casework::Viewer {
    #[derive(sqlx::FromRow)]
    struct Of {
        id: vocabulary::Id<vocabulary::ids::Worker>,
    }
    let casework = &council.casework;
    let db = casework.store().read_db();
    let worker: Option<Of> = db
        .maybe("select id from worker where username = $1", args![username])
        .await
        .expect("asked");
    let worker = worker.unwrap_or_else(|| panic!("there is no {username}"));
    let session = Some(format!("session of {username}"));
    let viewer = casework.viewer(worker.id, session).await.expect("read");
    viewer.unwrap_or_else(|| panic!("{username} is not at work"))
}

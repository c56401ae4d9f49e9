//! The invented council in a record: what its boards show.

use casework::Viewer;
use casework::care::board::Which;
use casework::leaving_care::board::Which as Leavers;
use casework::testing::{TestCouncil, empty_councils};
use casework::time;
use synth::Size;
use synth::load::Loader;

async fn larkmere() -> Vec<TestCouncil> {
    let councils = empty_councils().await;
    for council in &councils {
        let now = time::now_local();
        let mut loader = Loader::begin(&council.casework, Size::Small, now, "no password")
            .await
            .unwrap();
        loader.first(|_| {}).await.unwrap();
        loader.rest(|_| {}).await.unwrap();
    }
    councils
}

async fn who(council: &TestCouncil, username: &str) -> Viewer {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: vocabulary::Id<vocabulary::ids::Worker>,
    }
    let found: Found = council
        .casework
        .store()
        .read_db()
        .one(
            "select id from worker where username = $1",
            record::args![username],
        )
        .await
        .unwrap();
    let viewer = council.casework.viewer(found.id, None).await.unwrap();
    viewer.unwrap_or_else(|| panic!("{username} is at work"))
}

/// 000:50 and 000:52 on the board, in the small borough: 24 children in care, 17
/// outside (of 236 and 166 in the full one), 6 who came alone (of 59). The
/// shares hold in both: see `register.rs` for the numbers of the full one.
#[tokio::test]
async fn r000_42_the_boards_show_the_numbers_of_the_sources() {
    for council in larkmere().await {
        let casework = &council.casework;
        let director = who(&council, "okafor.director").await;
        let board = casework.care_board(&director, Which::All, 1).await.unwrap();
        let numbers = board.numbers.unwrap();
        assert_eq!(
            (numbers.in_care, numbers.outside, numbers.alone),
            (24, 17, 6)
        );
        assert_eq!(numbers.share(numbers.alone), "25.0");
        assert_eq!(numbers.share(numbers.outside), "70.8");
        assert!(board.of >= 23, "the director sees all but closed records");
        // Nobody in care without an episode, and none twice.
        #[derive(sqlx::FromRow)]
        struct Many {
            n: i64,
        }
        let count = async |sql: &'static str| {
            let many: Many = casework.store().read_db().one(sql, vec![]).await.unwrap();
            many.n
        };
        let open = "select count(*) as n from care_episode where ended_on is null";
        assert_eq!(count(open).await, 24);
        let overlapping = "select count(*) as n from care_episode a join care_episode b \
            on b.person_id = a.person_id and b.id > a.id \
            where a.started_on < coalesce(b.ended_on, '2999-01-01') \
            and b.started_on < coalesce(a.ended_on, '2999-01-01')";
        assert_eq!(count(overlapping).await, 0);
        let gaps = "select count(*) as n from care_episode e where e.began <> 'S' and not exists \
            (select 1 from care_episode b where b.care_id = e.care_id and b.ended_on = e.started_on \
            and b.ended_why = 'X1')";
        assert_eq!(count(gaps).await, 0);
        let board = casework.court_board(&director).await.unwrap();
        assert!(!board.in_court.is_empty());
        let board = casework
            .leaver_board(&director, Leavers::All, 1)
            .await
            .unwrap();
        assert!(board.of > 0);
        let board = casework.missing_board(&director).await.unwrap();
        let life = board.now.len() + board.due.len() + board.settled.len();
        assert!(life > 0, "nobody was ever missing");
        let jo = who(&council, "jo.socialworker").await;
        for viewer in [&director, &jo] {
            let board = casework.private_fostering_board(viewer).await.unwrap();
            assert!(!board.open.is_empty(), "nobody is privately fostered");
        }
        let graham = who(&council, "graham.iro").await;
        let mine = casework.care_board(&graham, Which::Mine, 1).await.unwrap();
        assert!(mine.of > 0 && mine.of < 24, "the officer’s own list");
    }
}

/// R002-08, R002-35, R004-08: the dashboard of carers has a check that runs out
/// within 60 days and a missed review; places, filled and free, agree with the
/// terms; adopters are on their way; a decision waits for its decision-maker.
#[tokio::test]
async fn r002_08_r002_35_r004_08_carers_and_panels_have_life() {
    use casework::carers::board::Which as Carers;
    for council in larkmere().await {
        let casework = &council.casework;
        let leila = who(&council, "leila.fostering").await;
        let board = casework
            .carer_board(&leila, "foster", Carers::Due, 1)
            .await
            .unwrap();
        let due = || board.rows.iter().flat_map(|row| &row.due);
        assert!(
            due()
                .any(|(title, state, _)| title.starts_with("Criminal records") && *state != "late"),
            "a check runs out"
        );
        assert!(
            due().any(|(title, state, _)| title.starts_with("Review of") && *state == "late"),
            "a review was missed"
        );
        let numbers = casework.carer_numbers().await.unwrap();
        assert_eq!((numbers.households, numbers.places), (10, 19));
        assert_eq!(
            numbers.places,
            numbers.taken + numbers.free + numbers.closed
        );
        assert!(numbers.taken > 0, "children live with them");
        let petra = who(&council, "petra.adoption").await;
        let adopters = casework
            .carer_board(&petra, "adopt", Carers::All, 1)
            .await
            .unwrap();
        assert_eq!(adopters.of, 5);
        let vic = who(&council, "vic.decides").await;
        assert_eq!(casework.to_decide(&vic).await.unwrap().len(), 1);
        assert_eq!(casework.panels(&vic).await.unwrap().len(), 2);
    }
}

/// R000-17 in the invented council: some families have a package of support,
/// each open one with its clock, none ended without an outcome.
#[tokio::test]
async fn r000_17_packages_are_there_and_none_is_left_open_by_its_end() {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    for council in larkmere().await {
        let db = council.casework.store().read_db();
        let count = async |sql: &'static str| -> i64 {
            let found: Count = db.one(sql, record::args![]).await.unwrap();
            found.n
        };
        let all = count("select count(*) as n from support_package").await;
        assert!(all > 3, "{all} packages");
        let open = count("select count(*) as n from support_package where state = 'open'").await;
        let clocks = count(
            "select count(*) as n from clock where about_kind = 'package' and done_at is null",
        )
        .await;
        assert_eq!(open, clocks);
        let left = count(
            "select count(*) as n from support_part s join support_package k on k.id = s.package_id \
             where k.state = 'ended' and s.state in ('waiting', 'under_way')",
        )
        .await;
        assert_eq!(left, 0);
    }
}

//! Missing: on the board at once, back, heard within 72 hours, patterns, the
//! panel.

use casework::model::{Missing, MissingLink, PanelReferral};
use casework::{Asked, Error};
use packs::Answers;
use vocabulary::{Id, ids};

use crate::help::*;

async fn log(home: &Home, child: Id<ids::Person>, what: &str, hours: (i64, i64)) -> String {
    let jo = home.jo().await;
    let typed = answers(&[
        ("child", child.as_str()),
        ("what", what),
        ("since", &hours_ago(hours.0)),
        (
            "back",
            &if what.ends_with("back") {
                hours_ago(hours.1)
            } else {
                String::new()
            },
        ),
        ("last_seen", "The bus station, with two friends"),
    ]);
    let done = home
        .casework()
        .log_missing(&jo, None, &typed, &once())
        .await
        .unwrap();
    done.words
}

/// R002-05, UX22: on the board at once; back again, the 72 hours run; after
/// 60 hours there are 12 left; a strategy discussion is suggested.
#[tokio::test]
async fn r002_05_a_child_goes_missing_comes_back_and_is_heard() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        log(&home, home.maya, "M", (70, 0)).await;
        let board = casework.missing_board(&jo).await.unwrap();
        assert_eq!((board.now.len(), board.due.len()), (1, 0));
        assert!(board.now[0].name.starts_with("Maya"));
        let id = board.now[0].id;
        // It goes wrong: an interview before the child is back, and a second
        // log of the same child.
        let early = casework.ask_interview(&jo, id).await;
        assert!(matches!(early, Err(Error::Refused(_))));
        let twice = answers(&[
            ("child", home.maya.as_str()),
            ("what", "M"),
            ("since", &hours_ago(1)),
        ]);
        let refused = casework.log_missing(&jo, None, &twice, &once()).await;
        assert_eq!(stopped(refused), ["since"]);
        let back = answers(&[
            ("at", &hours_ago(60)),
            ("how", "police"),
            ("place", "King's Park"),
        ]);
        casework.save_back(&jo, id, &back, &once()).await.unwrap();
        let board = casework.missing_board(&jo).await.unwrap();
        assert_eq!((board.now.len(), board.due.len()), (0, 1));
        let clock = board.due[0].clock.as_ref().unwrap();
        assert!(
            ["in 12 hours", "in 11 hours"].contains(&clock.words.as_str()),
            "{}",
            clock.words
        );
        let mut said = answers(&[
            ("result", "held"),
            ("at", &hours_ago(1)),
            ("by", "Nell Ash, youth charity"),
            ("independent", "yes"),
            ("childs_words", "I wanted to see my friends."),
            ("exploitation", "strong"),
        ]);
        said.set_list("push", ["argument"]);
        said.set_list("pull", ["friends", "adult"]);
        said.set_groups("places", vec![answers(&[("name", "King's Park")])]);
        said.set_groups(
            "people",
            vec![answers(&[("name", "Dex"), ("who", "about 25")])],
        );
        let done = casework
            .save_interview(&jo, id, &said, &once())
            .await
            .unwrap();
        assert!(done.words.contains("strategy discussion"), "{}", done.words);
        let rows: Vec<Missing> = home.all("1 = 1").await;
        assert_eq!(rows[0].interview, "held");
        assert_eq!(rows[0].pulls, serde_json::json!(["friends", "adult"]));
        assert!(running(&home, home.maya).await.is_empty());
        let seen = casework
            .missing_seen(&jo, id, Asked::to_read("test"))
            .await
            .unwrap();
        assert!(seen.suggests_strategy());
        let tom = stranger(&home).await;
        let hidden = casework
            .missing_seen(&tom, id, Asked::to_read("test"))
            .await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let board = casework.missing_board(&tom).await.unwrap();
        assert_eq!(board.settled.len(), 0);
    }
}

/// After 72 hours without an interview it is late; not to hold one needs a
/// reason, which stays.
#[tokio::test]
async fn an_interview_that_is_not_held_has_its_reason() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        log(&home, home.maya, "A_back", (90, 80)).await;
        let board = casework.missing_board(&jo).await.unwrap();
        let row = &board.due[0];
        assert!(row.clock.as_ref().unwrap().is_late());
        let without = answers(&[("result", "refused"), ("at", &hours_ago(1))]);
        let refused = casework
            .save_interview(&jo, row.id, &without, &once())
            .await;
        assert_eq!(stopped(refused), ["why_not"]);
        let mut with = without;
        with.set("why_not", "She says she has told Rosa everything.");
        casework
            .save_interview(&jo, row.id, &with, &once())
            .await
            .unwrap();
        let rows: Vec<Missing> = home.all("1 = 1").await;
        assert_eq!(
            rows[0].no_interview_why.as_deref(),
            Some("She says she has told Rosa everything.")
        );
    }
}

/// The third time in 90 days says so; times that overlap are refused.
#[tokio::test]
async fn the_third_time_in_ninety_days_says_so() {
    for home in homes().await {
        log(&home, home.maya, "M_back", (300, 290)).await;
        log(&home, home.maya, "M_back", (200, 190)).await;
        let words = log(&home, home.maya, "M_back", (100, 90)).await;
        assert!(words.contains("third time"), "{words}");
        let jo = home.jo().await;
        let overlaps = answers(&[
            ("child", home.maya.as_str()),
            ("what", "M_back"),
            ("since", &hours_ago(95)),
            ("back", &hours_ago(80)),
        ]);
        let refused = home
            .casework()
            .log_missing(&jo, None, &overlaps, &once())
            .await;
        assert_eq!(stopped(refused), ["since"]);
    }
}

/// R002-11: the same place from two children is one pattern, with both; whom
/// the viewer may not see is not in it. The panel's cycle has a clock, and a
/// decision.
#[tokio::test]
async fn r002_11_patterns_and_the_panel() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        allocate(&home, home.idris, "jo.socialworker").await;
        for (child, place) in [(home.maya, "King’s Park"), (home.idris, "kings park ")] {
            log(&home, child, "M_back", (30, 20)).await;
            let rows: Vec<Missing> = home.all(&format!("person_id = '{child}'")).await;
            let mut said = answers(&[("result", "held"), ("at", &hours_ago(2))]);
            said.set_groups("places", vec![answers(&[("name", place)])]);
            casework
                .save_interview(&jo, rows[0].id, &said, &once())
                .await
                .unwrap();
        }
        let links: Vec<MissingLink> = home.all("1 = 1").await;
        assert_eq!(links.len(), 2);
        let patterns = casework.missing_patterns(&jo).await.unwrap();
        assert_eq!(patterns.places.len(), 1);
        assert_eq!(patterns.places[0].children.len(), 2);
        home.restrict(home.idris).await;
        let patterns = casework.missing_patterns(&jo).await.unwrap();
        assert_eq!(
            patterns.places[0].children.len(),
            1,
            "a closed record is not counted"
        );
        let mut refer = answers(&[("words", "Seen with Dex, who is 25.")]);
        refer.set_list("kinds", ["criminal"]);
        casework
            .save_panel(&jo, home.maya, &refer, &once())
            .await
            .unwrap();
        let twice = casework.save_panel(&jo, home.maya, &refer, &once()).await;
        assert_eq!(stopped(twice), ["kinds"]);
        let list = casework.panel_list(&jo).await.unwrap();
        assert_eq!(list.len(), 1);
        assert!(list[0].due.is_some() && list[0].decision.is_none());
        let keep = answers(&[
            ("on", &day(0)),
            ("decision", "keep"),
            ("words", "A youth worker meets Maya each week."),
        ]);
        casework
            .save_panel_decision(&jo, list[0].id, &keep, &once())
            .await
            .unwrap();
        let rows: Vec<PanelReferral> = home.all("1 = 1 order by id").await;
        assert_eq!(
            rows.len(),
            2,
            "who stays on the list is heard in the next cycle"
        );
        assert_eq!(running(&home, home.maya).await, ["exploitation-panel"]);
        let empty = casework
            .save_panel(&jo, home.maya, &Answers::new(), &once())
            .await;
        assert_eq!(stopped(empty), ["kinds", "words"]);
    }
}

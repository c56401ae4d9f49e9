//! Private fostering: told, visited, decided, visited on, ended.

use casework::Error;
use casework::model::{Chronology, Decision, PrivateFostering, PrivateFosteringVisit};
use casework::private_fostering::ArrangementForm::{Decision as Decide, End, Visit};
use packs::Answers;
use vocabulary::{Id, ids};

use crate::help::*;

fn notice(told: u64, starts: u64) -> Answers {
    answers(&[
        ("on", &day(told)),
        ("by", "professional"),
        ("starts", &day(starts)),
        ("carer", "Bela Marchwood"),
        ("relation", "Great-aunt"),
        ("why", "Her mother works abroad until the summer."),
        ("disabled", "no"),
    ])
}

fn visit(ago: u64, seen: bool) -> Answers {
    let mut typed = answers(&[("on", &day(ago)), ("words", "A warm home.")]);
    for (name, value) in match seen {
        true => [
            ("seen", "yes"),
            ("alone", "yes"),
            ("satisfactory", "yes"),
            ("childs_words", "I like the dog."),
        ]
        .as_slice(),
        false => &[
            ("seen", "no"),
            ("why_not", "At a friend’s; back on Monday."),
        ],
    } {
        typed.set(*name, *value);
    }
    typed
}

/// The journey: a school tells us late, Maya is not seen at first, then seen
/// alone; the next visit is due six weeks on, and after a year twelve.
#[tokio::test]
async fn a_privately_fostered_child_is_seen_decided_on_and_seen_again() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let done = casework
            .save_private_fostering(&jo, home.maya, &notice(400, 412), &once())
            .await
            .unwrap();
        assert!(
            done.words.contains("12 days after it began"),
            "{}",
            done.words
        );
        assert_eq!(
            running(&home, home.maya).await,
            [
                "private-fostering-decision",
                "private-fostering-first-visit"
            ]
        );
        let rows: Vec<PrivateFostering> = home.all("1 = 1").await;
        let id = rows[0].id;
        // A second notice leads to the one that is open.
        let again = casework.ask_private_fostering(&jo, home.maya).await;
        assert!(matches!(again, Err(Error::Already(to)) if to.contains(id.as_str())));
        // It goes wrong: the child is not there, and the clock goes on.
        let save = async |what, typed: Answers| {
            casework
                .save_arrangement(&jo, id, what, &typed, &once())
                .await
        };
        let done = save(Visit, visit(395, false)).await.unwrap();
        assert!(done.words.contains("the clock goes on"), "{}", done.words);
        assert!(
            running(&home, home.maya)
                .await
                .contains(&"private-fostering-first-visit".to_owned())
        );
        save(Visit, visit(392, true)).await.unwrap();
        let next = due(&home, home.maya, "private-fostering-visit-first-year").await;
        assert_eq!(next, ago(392 - 42));
        // After a year every twelve weeks; one written down late changes nothing.
        save(Visit, visit(10, true)).await.unwrap();
        save(Visit, visit(60, true)).await.unwrap();
        let next = due(&home, home.maya, "private-fostering-visit-later").await;
        assert_eq!(next, ago(10) + chrono::Days::new(84));
        let decided = answers(&[
            ("on", &day(350)),
            ("outcome", "requirements"),
            ("words", "A smoke alarm must be fitted."),
        ]);
        save(Decide, decided).await.unwrap();
        assert_eq!(
            running(&home, home.maya).await,
            ["private-fostering-visit-later"]
        );
        let decisions: Vec<Decision> = home.all("kind = 'care'").await;
        assert!(decisions[0].outcome.starts_with("Private fostering"));
        let board = casework.private_fostering_board(&jo).await.unwrap();
        assert_eq!((board.open.len(), board.late), (1, 0));
        assert!(board.open[0].seen.ends_with("alone"));
        let page = casework.arrangement_page(&jo, id).await.unwrap();
        assert_eq!((page.visits.len(), page.forms.len()), (4, 3));
        let end = answers(&[
            ("on", &day(1)),
            ("why", "home"),
            ("words", "With her mother."),
        ]);
        save(End, end.clone()).await.unwrap();
        assert!(running(&home, home.maya).await.is_empty());
        let board = casework.private_fostering_board(&jo).await.unwrap();
        assert_eq!((board.open.len(), board.ended.len()), (0, 1));
        let over = save(End, end).await;
        assert!(matches!(over, Err(Error::Refused(_))));
        let told: Vec<Chronology> = home.all("source_kind = 'private_fostering'").await;
        assert_eq!(told.len(), 3, "told, decided, ended");
    }
}

/// What cannot be: a day ahead, an end before the beginning, a child of 16; a
/// worry becomes a proposed entry of the chronology.
#[tokio::test]
async fn private_fostering_that_cannot_be_is_asked_again() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let try_with = async |name: &str, value: String| {
            let mut typed = notice(3, 3);
            typed.set(name, value);
            casework
                .save_private_fostering(&jo, home.maya, &typed, &once())
                .await
        };
        let ahead = (ago(0) + chrono::Days::new(9)).to_string();
        assert_eq!(stopped(try_with("on", ahead).await), ["on"]);
        assert_eq!(stopped(try_with("until", day(9)).await), ["until"]);
        let at_17 = "2030-05-01".to_owned();
        assert_eq!(stopped(try_with("starts", at_17).await), ["starts"]);
        let none: Vec<PrivateFostering> = home.all("1 = 1").await;
        assert!(none.is_empty(), "nothing was kept of what was refused");
        casework
            .save_private_fostering(&jo, home.maya, &notice(3, 3), "twice")
            .await
            .unwrap();
        let twice = casework
            .save_private_fostering(&jo, home.maya, &notice(3, 3), "twice")
            .await;
        assert!(matches!(twice, Err(Error::Already(_))));
        let rows: Vec<PrivateFostering> = home.all("1 = 1").await;
        let mut bad = visit(1, true);
        bad.set("satisfactory", "no");
        let done = casework
            .save_arrangement(&jo, rows[0].id, Visit, &bad, &once())
            .await
            .unwrap();
        assert!(done.words.contains("decide today"), "{}", done.words);
        let harm: Vec<Chronology> = home.all("kind = 'harm'").await;
        assert_eq!(harm.len(), 1);
    }
}

/// Whoever does not work with the child finds nothing: the same as no
/// arrangement at all, on every page.
#[tokio::test]
async fn private_fostering_of_others_is_not_there() {
    for home in homes().await {
        let (jo, tom) = (home.jo().await, stranger(&home).await);
        let casework = home.casework();
        casework
            .save_private_fostering(&jo, home.maya, &notice(3, 3), &once())
            .await
            .unwrap();
        let rows: Vec<PrivateFostering> = home.all("1 = 1").await;
        for id in [rows[0].id, Id::<ids::Arrangement>::new()] {
            let page = casework.arrangement_page(&tom, id).await;
            assert!(matches!(page, Err(Error::NotFound)));
            let saved = casework
                .save_arrangement(&tom, id, Visit, &visit(1, true), &once())
                .await;
            assert!(matches!(saved, Err(Error::NotFound)));
        }
        let asked = casework.ask_private_fostering(&tom, home.maya).await;
        assert!(matches!(asked, Err(Error::NotFound)));
        let board = casework.private_fostering_board(&tom).await.unwrap();
        assert!(board.open.is_empty() && board.ended.is_empty());
        let chen = home.council.viewer("chen.police").await;
        let board = casework.private_fostering_board(&chen).await;
        assert!(matches!(board, Err(Error::NotFound)));
        let visits: Vec<PrivateFosteringVisit> = home.all("1 = 1").await;
        assert!(visits.is_empty());
    }
}

//! The chronology frozen for court.

mod at_work;

use at_work::{answers, home, once};
use casework::model::{Chronology, ChronologyState, CourtCopy};
use casework::testing::{TestCouncil, councils};
use casework::{Asked, Error, time};
use chrono::{Days, Utc};
use record::Actor;
use vocabulary::{Id, ids};

async fn entries(council: &TestCouncil, person: Id<ids::Person>, n: u64, source: bool) {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    for i in 0..n {
        tx.insert(&Chronology {
            id: Id::new(),
            person_id: person,
            happened_on: time::today() - Days::new(3 * (n - i)),
            kind: "other".into(),
            wording: format!("Event {i}: the school rang because Maya was not there."),
            response: Some("A visit on the same day.".into()),
            impact: None,
            significance: Some("medium".into()),
            state: ChronologyState::Accepted,
            source_kind: source.then(|| "note".to_owned()),
            source_id: source.then(|| "n".to_owned()),
            reported_by: None,
            made_at: Utc::now(),
            settled_by: None,
            settled_at: None,
            version: 1,
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}

/// UX13: 500 events are numbered, sourced and frozen under five seconds; later
/// edits leave the copy as it is; it shows when it was altered.
#[tokio::test]
async fn ux13_a_frozen_chronology_stays_as_it_was() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let all = [("purpose", "The hearing on 4 May"), ("reach", "all")];
        let all = answers(casework, "court-copy", &all);
        let empty = casework
            .freeze_chronology(&home.jo, home.maya, &all, &once())
            .await;
        assert!(
            matches!(empty, Err(Error::Findings(_))),
            "nothing to freeze"
        );
        entries(&council, home.maya, 500, true).await;
        let started = std::time::Instant::now();
        let id = casework
            .freeze_chronology(&home.jo, home.maya, &all, "freeze")
            .await
            .unwrap();
        let copy = casework.court_copy(&home.jo, id).await.unwrap();
        let took = started.elapsed();
        println!("500 events frozen and read in {} ms", took.as_millis());
        assert!(took.as_secs() < 5, "{took:?}");
        let again = casework
            .freeze_chronology(&home.jo, home.maya, &all, "freeze")
            .await;
        assert!(
            matches!(again, Err(Error::Already(_))),
            "a double click is one copy"
        );
        assert_eq!(copy.lines.len(), 500);
        assert_eq!((copy.lines[0].number, copy.lines[499].number), (1, 500));
        assert!(copy.lines.iter().all(|line| line.source == "Case note"));
        assert!(copy.whole && copy.by == "Jo Larch");
        // The chronology goes on; the copy does not.
        let seen = casework
            .gate()
            .person(&home.jo, home.maya, Asked::to_read("test"))
            .await
            .unwrap()
            .unwrap();
        let page = casework.chronology(&seen).await.unwrap();
        let mut row = page.entries[0].row.clone();
        let mut tx = casework.store().begin(&home.jo.actor()).await.unwrap();
        row.wording = "Something else.".into();
        tx.update(&mut row).await.unwrap();
        tx.commit().await.unwrap();
        let after = casework.court_copy(&home.jo, id).await.unwrap();
        assert_eq!(after.lines, copy.lines);
        assert!(after.whole);
        let list = casework.court_copies(&seen).await.unwrap();
        assert_eq!(list[0].purpose, "The hearing on 4 May");
        // Whoever changes the row behind our back is seen.
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut raw: CourtCopy = tx.get(id).await.unwrap();
        raw.entries[0]["happened"] = "Nothing happened.".into();
        tx.update(&mut raw).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!casework.court_copy(&home.jo, id).await.unwrap().whole);
        // Nobody else opens it.
        let tom = casework.court_copy(&home.tom, id).await;
        assert!(matches!(tom, Err(Error::NotFound)));
    }
}

/// An event that nobody stands behind keeps the copy from being made; two years
/// in full need a summary of what came before.
#[tokio::test]
async fn every_event_of_a_copy_has_a_source() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        entries(&council, home.maya, 2, false).await;
        let two = [("purpose", "The hearing"), ("reach", "two_years")];
        let two = answers(casework, "court-copy", &two);
        let refused = casework
            .freeze_chronology(&home.jo, home.maya, &two, &once())
            .await;
        let Err(Error::Findings(found)) = refused else {
            panic!("a copy without sources was made");
        };
        assert!(found.iter().any(|f| f.field == "earlier"));
        assert_eq!(
            found
                .iter()
                .filter(|f| f.message.contains("Say who reported"))
                .count(),
            2
        );
    }
}

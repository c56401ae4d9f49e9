//! The journal on both databases: nothing changes without its event, and
//! nothing is altered unseen.

use chrono::{Duration, Utc};
use record::journal::verify::verify;
use record::journal::{Deed, Event, heads};
use record::model::{Family, Person, PersonKind};
use record::testing::{TestStore, stores};
use record::{Actor, AssertSqlSafe, Error, args};
use vocabulary::Id;

fn person(given: &str) -> Person {
    Person {
        id: Id::new(),
        kind: PersonKind::Child,
        given: given.into(),
        family_name: "Quillfeather".into(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: None,
        born_kind: None,
        died_on: None,
        ethnicity: None,
        religion: None,
        first_language: None,
        interpreter: false,
        communication: None,
        nhs_number: None,
        upn: None,
        no_upn: None,
        disabilities: None,
        school_id: None,
        going_well: None,
        status: None,
        created_at: Utc::now(),
        version: 1,
    }
}

async fn write_some(test: &TestStore, n: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for i in 0..n {
        let p = person(&format!("Pip{i}"));
        let mut tx = test.store.begin(&Actor::system("test")).await.unwrap();
        tx.insert(&p).await.unwrap();
        tx.commit().await.unwrap();
        people.push(p);
    }
    people
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

#[tokio::test]
async fn a_change_and_its_event_stand_or_fall_together() {
    for test in stores().await {
        let p = person("Ada");
        let mut tx = test.store.begin(&Actor::system("test")).await.unwrap();
        tx.insert(&p).await.unwrap();
        drop(tx);
        let db = test.store.read_db();
        let rows: Count = db
            .one("select count(*) as n from person", vec![])
            .await
            .unwrap();
        let events: Count = db
            .one(
                "select count(*) as n from journal where object_kind = 'person'",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!((rows.n, events.n), (0, 0));
        write_some(&test, 1).await;
        let events: Count = db
            .one(
                "select count(*) as n from journal where object_kind = 'person'",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(events.n, 1);
    }
}

#[tokio::test]
async fn a_stale_save_is_refused_and_changes_nothing() {
    for test in stores().await {
        let p = write_some(&test, 1).await.remove(0);
        let (mut first, mut second) = (p.clone(), p);
        first.given = "Bo".into();
        second.given = "Cy".into();
        let mut tx = test.store.begin(&Actor::system("one")).await.unwrap();
        tx.update(&mut first).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = test.store.begin(&Actor::system("two")).await.unwrap();
        let refused = tx.update(&mut second).await;
        assert!(
            matches!(refused, Err(Error::Stale { table: "person" })),
            "{refused:?}"
        );
        let now: Person = tx.get(second.id).await.unwrap();
        assert_eq!((now.given.as_str(), now.version), ("Bo", 2));
    }
}

#[tokio::test]
async fn personal_content_is_sealed_and_erasure_leaves_the_proof() {
    for test in stores().await {
        let p = write_some(&test, 1).await.remove(0);
        let db = test.store.read_db();
        let plain: Count = db
            .one(
                "select count(*) as n from journal where plain like '%Quillfeather%' \
                 or sealed like '%Quillfeather%'",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(plain.n, 0, "a name stands in the journal in the clear");
        let subject = format!("person:{}", p.id);
        test.store
            .erase(&Actor::system("test"), &subject, "lawful disposal")
            .await
            .unwrap();
        let report = verify(db, &[], |_| ()).await.unwrap();
        assert_eq!(report.faults, vec![]);
        let mut tx = test.store.begin(&Actor::system("test")).await.unwrap();
        let mut again: Person = tx.get(p.id).await.unwrap();
        again.given = "Ghost".into();
        let refused = tx.update(&mut again).await;
        assert!(matches!(refused, Err(Error::Key(_))), "{refused:?}");
    }
}

/// S6: edit, delete, renumber, swap and cut the tail.
#[tokio::test]
async fn every_way_of_altering_the_journal_is_found_and_located() {
    let alterations: [(&str, &str, i64); 5] = [
        (
            "edit",
            "update journal set why = 'because I say so' where seq = 4",
            4,
        ),
        ("delete", "delete from journal where seq = 5", 5),
        (
            "renumber",
            "update journal set seq = seq - 1 where seq > 5",
            5,
        ),
        (
            "swap",
            "update journal set object_id = 'x', hash = (select hash from journal where seq = 7) where seq = 6",
            6,
        ),
        (
            "back-date",
            "update journal set recorded_at = '2020-01-01T00:00:00.000000Z' where seq = 3",
            3,
        ),
    ];
    for (name, sql, at) in alterations {
        for test in stores().await {
            write_some(&test, 9).await;
            let kept = vec![test.store.sign_head().await.unwrap()];
            if name == "renumber" {
                tamper(&test, "delete from journal where seq = 5").await;
            }
            tamper(&test, sql).await;
            let report = verify(test.store.read_db(), &kept, |_| ()).await.unwrap();
            assert!(!report.faults.is_empty(), "{name} was not found");
            let found = report.faults[0].seq;
            assert!(
                (found - at).abs() <= 1,
                "{name} at {at} was located at {found}"
            );
        }
    }
}

/// S6: two events that changed places, and every column of every event, one
/// after the other: each alteration is found at its event or the next.
#[tokio::test]
async fn s6_every_column_of_every_event_is_covered() {
    #[derive(sqlx::FromRow)]
    struct Was {
        value: Option<String>,
    }
    const COLUMNS: [&str; 14] = [
        "recorded_at",
        "happened_at",
        "actor",
        "acting_for",
        "session",
        "action",
        "object_kind",
        "object_id",
        "purpose",
        "why",
        "because",
        "plain",
        "sealed",
        "hash",
    ];
    for test in stores().await {
        write_some(&test, 9).await;
        let kept = vec![test.store.sign_head().await.unwrap()];
        let db = test.store.read_db();
        let last = kept[0].seq;
        let mut altered = 0;
        for seq in 1..=last {
            for column in COLUMNS {
                let was = format!("select {column} as value from journal where seq = $1");
                let was: Was = db.one(AssertSqlSafe(was), args![seq]).await.unwrap();
                let set = format!("update journal set {column} = $2 where seq = $1");
                let other = format!("{}x", was.value.clone().unwrap_or_default());
                change(&test, set.clone(), args![seq, other]).await;
                let report = verify(db, &kept, |_| ()).await.unwrap();
                let found = report.faults.first().map(|fault| fault.seq);
                assert!(
                    found.is_some_and(|found| found == seq || found == seq + 1),
                    "{column} of event {seq} was located at {found:?}"
                );
                change(&test, set, args![seq, was.value]).await;
                altered += 1;
            }
        }
        assert_eq!(verify(db, &kept, |_| ()).await.unwrap().faults, vec![]);
        for (from, to) in [(4_i64, -1_i64), (5, 4), (-1, 5)] {
            let sql = "update journal set seq = $2 where seq = $1".to_owned();
            change(&test, sql, args![from, to]).await;
        }
        let report = verify(db, &kept, |_| ()).await.unwrap();
        assert_eq!(report.faults[0].seq, 4, "two events changed places");
        println!("{altered} alterations, each found and located");
    }
}

/// What an administrator of the database could do behind the program's back.
async fn change(test: &TestStore, sql: String, values: Vec<record::Value>) {
    let who = Actor::system("an administrator");
    let mut tx = test.store.begin(&who).await.unwrap();
    tx.run(AssertSqlSafe(sql), values).await.unwrap();
    tx.commit().await.unwrap();
}

async fn tamper(test: &TestStore, sql: &'static str) {
    let mut tx = test
        .store
        .begin(&Actor::system("an administrator"))
        .await
        .unwrap();
    tx.run(sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_tail_that_was_cut_is_found_by_a_kept_head_and_by_the_next_chain() {
    for mut test in stores().await {
        write_some(&test, 6).await;
        let kept = vec![test.store.sign_head().await.unwrap()];
        assert!(kept[0].holds());
        tamper(&test, "delete from journal where seq > 4").await;
        let report = verify(test.store.read_db(), &kept, |_| ()).await.unwrap();
        assert_eq!(report.faults.len(), 1, "{report:?}");
        assert_eq!(report.faults[0].seq, 5);
        let file = heads::read(&test.options.heads).unwrap();
        assert_eq!(file, kept);

        // A second start names where the first chain ended; cutting that
        // chain afterwards is found without any head from outside.
        test.restart().await;
        let mut tx = test.store.begin(&Actor::system("x")).await.unwrap();
        tx.run(
            "delete from journal where seq > 3 and writer = $1",
            args![&kept[0].writer],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let report = verify(test.store.read_db(), &[], |_| ()).await.unwrap();
        assert!(
            report
                .faults
                .iter()
                .any(|f| f.writer == kept[0].writer && f.seq == 4),
            "{report:?}"
        );
    }
}

#[tokio::test]
async fn a_forged_head_does_not_hold() {
    for test in stores().await {
        write_some(&test, 2).await;
        let mut head = test.store.sign_head().await.unwrap();
        head.seq += 100;
        let report = verify(test.store.read_db(), &[head], |_| ()).await.unwrap();
        assert!(report.faults[0].what.contains("signature"), "{report:?}");
    }
}

#[tokio::test]
async fn an_intact_journal_verifies_over_restarts() {
    for mut test in stores().await {
        write_some(&test, 5).await;
        test.restart().await;
        write_some(&test, 5).await;
        let mut tx = test.store.begin(&Actor::system("test")).await.unwrap();
        tx.recorded_at(Utc::now() - Duration::days(30));
        tx.insert(&Family {
            id: Id::new(),
            name: "The Quillfeathers".into(),
            created_at: Utc::now(),
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let kept = heads::read(&test.options.heads).unwrap();
        let report = verify(test.store.read_db(), &kept, |_| ()).await.unwrap();
        assert_eq!((report.chains, report.faults.len()), (2, 0), "{report:?}");
        assert!(report.events >= 13);
    }
}

/// S6 in a long chain, which is walked in parts at the same time: the first bad
/// event is named wherever it lies, also where two parts meet.
#[tokio::test]
async fn in_a_long_chain_the_first_bad_event_is_named_exactly() {
    for test in stores().await {
        let mut tx = test.store.begin(&Actor::system("test")).await.unwrap();
        for n in 0..5_000 {
            let mut event = Event::new(Deed::Looked, "person", n);
            event.subjects = vec![format!("person:{}", n % 7), format!("person:{}", n % 5)];
            tx.note(event).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut told = 0;
        let report = verify(test.store.read_db(), &[], |n| told = n)
            .await
            .unwrap();
        assert_eq!(
            (report.events, report.faults.len(), told),
            (5_001, 0, 5_001)
        );
        // From the back, so that each is the first bad one in its turn.
        for (sql, at) in [
            ("update journal set because = 'so' where seq = 4600", 4600),
            ("update journal set why = 'so' where seq = 4001", 4001),
            ("update journal set why = 'so' where seq = 4000", 4000),
            ("delete from journal where seq = 2001", 2001),
            ("delete from journal where seq = 2000", 2000),
            (
                "update journal set hash = hash || ' ' where seq = 1500",
                1500,
            ),
            ("update journal set actor = '' where seq = 2", 2),
        ] {
            tamper(&test, sql).await;
            let report = verify(test.store.read_db(), &[], |_| ()).await.unwrap();
            let found: Vec<i64> = report.faults.iter().map(|f| f.seq).collect();
            assert_eq!(found, [at], "{sql}: {report:?}");
        }
    }
}

//! The matching queue: rows of lists settled, two records joined and taken
//! apart, nothing lost, on every database of the run.

use casework::find::{self, Wanted};
use casework::import;
use casework::model::{Person, PersonKind, PersonName, PossibleDuplicate};
use casework::testing::{TestCouncil, councils, rows, small_family};
use casework::{Error, time};
use chrono::Days;
use packs::Answers;
use record::{Actor, args};
use serde_json::json;
use vocabulary::{Id, NhsNumber, ids};

fn asked(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// A child of Jo's.
async fn child(council: &TestCouncil, given: &str, family: &str, number: Option<u32>) -> Person {
    let mut tx = small_family::begin(&council.casework).await;
    let born = time::today() - Days::new(9 * 366);
    let mut person = rows::person(PersonKind::Child, given, family, born);
    person.nhs_number = number.and_then(NhsNumber::invented).map(|n| n.digits());
    let home = rows::family(family);
    tx.insert(&home).await.expect("a family");
    tx.insert(&person).await.expect("a child");
    tx.insert(&rows::at_home(home.id, person.id))
        .await
        .expect("a place");
    let jo = rows::allocated(person.id, "jo.socialworker");
    tx.insert(&jo).await.expect("allocated");
    find::index_person(&mut tx, &person, &[])
        .await
        .expect("keys");
    tx.commit().await.expect("committed");
    person
}

async fn pair(council: &TestCouncil, a: &Person, b: &Person) -> Id<ids::Part> {
    let mut tx = small_family::begin(&council.casework).await;
    let row = PossibleDuplicate {
        id: Id::new(),
        person_id: a.id,
        other_id: b.id,
        because: json!(["Same date of birth"]),
        score: 91,
        raised_at: tx.now(),
        settled_as: None,
        settled_by: None,
        settled_at: None,
        for_shield_team: false,
        version: 1,
    };
    tx.insert(&row).await.expect("a pair");
    tx.commit().await.expect("committed");
    row.id
}

async fn found(council: &TestCouncil, words: &str) -> Vec<Id<ids::Person>> {
    let jo = council.viewer("jo.socialworker").await;
    let wanted = Wanted {
        text: words.into(),
        ..Wanted::default()
    };
    let found = council
        .casework
        .find(&jo, &wanted, "find")
        .await
        .expect("an answer");
    found.iter().map(|m| m.person).collect()
}

/// Joined and taken apart again: a search by either name leads to the record
/// that is written on, the other stays whole, and parting gives both back.
#[tokio::test]
async fn two_records_are_joined_and_taken_apart_and_nothing_is_lost() {
    for council in councils().await {
        let casework = &council.casework;
        let old = child(&council, "Maya", "Quillfeather", None).await;
        let new = child(&council, "Marya", "Thornebury", None).await;
        let pair = pair(&council, &new, &old).await;
        let jo = council.viewer("jo.socialworker").await;
        let queue = casework.matching_queue(&jo).await.expect("a queue");
        assert_eq!(queue.pairs.len(), 1);
        let answers = asked(&[
            ("keep", old.id.as_str()),
            ("reason", "Her mother showed both letters"),
        ]);
        casework
            .merge(&jo, new.id, pair, &answers, "once-1")
            .await
            .expect("joined");
        assert_eq!(found(&council, "marya thornebury").await, [old.id]);
        assert_eq!(found(&council, "maya quillfeather").await, [old.id]);
        assert!(
            casework
                .matching_queue(&jo)
                .await
                .expect("a queue")
                .pairs
                .is_empty()
        );
        // Both are whole, and each says so.
        for (id, kept) in [(old.id, true), (new.id, false)] {
            let asked = casework::Asked::to_read("test");
            let seen = casework
                .gate()
                .person(&jo, id, asked)
                .await
                .expect("asked")
                .expect("open");
            let joined = casework.joined_with(&seen).await.expect("a list");
            assert_eq!((joined.len(), joined[0].kept), (1, kept));
        }
        let asked_for = casework::Asked::to_read("test");
        let seen = casework
            .gate()
            .person(&jo, old.id, asked_for)
            .await
            .expect("asked")
            .expect("open");
        let join = casework.joined_with(&seen).await.expect("a list")[0].id;
        let why = asked(&[("reason", "They are cousins, born on one day")]);
        casework
            .part(&jo, old.id, join, &why, "once-2")
            .await
            .expect("apart");
        assert_eq!(found(&council, "marya thornebury").await, [new.id]);
        assert_eq!(found(&council, "maya quillfeather").await, [old.id]);
        let mut tx = small_family::begin(casework).await;
        let (a, b): (Person, Person) = (
            tx.get(old.id).await.expect("old"),
            tx.get(new.id).await.expect("new"),
        );
        assert_eq!((&a.given, &b.given), (&old.given, &new.given));
        let settled: PossibleDuplicate = tx.get(pair).await.expect("the pair");
        assert_eq!(settled.settled_as.as_deref(), Some("not_the_same"));
        let names: Vec<PersonName> = tx
            .all(
                "select * from person_name where person_id = $1",
                args![old.id],
            )
            .await
            .expect("names");
        assert!(names.iter().all(|n| n.wrong_reason.is_some()), "{names:?}");
        drop(tx);
        // A trail in the history of each.
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        for id in [old.id, new.id] {
            let sql = "select count(*) as n from journal j join journal_subject s on \
                       s.writer = j.writer and s.seq = j.seq \
                       where j.object_kind = 'merged' and s.subject = $1";
            let db = casework.store().read_db();
            let count: Count = db
                .one(sql, args![format!("person:{id}")])
                .await
                .expect("a count");
            assert_eq!(count.n, 2);
        }
    }
}

/// The number that only the other record has is this person's too: a search for
/// it leads to the record that is written on, until they are two again.
#[tokio::test]
async fn joined_records_share_their_numbers() {
    for council in councils().await {
        let casework = &council.casework;
        let old = child(&council, "Maya", "Quillfeather", None).await;
        let new = child(&council, "Marya", "Thornebury", Some(77)).await;
        let number = new.nhs_number.clone().expect("a number");
        let pair = pair(&council, &new, &old).await;
        let jo = council.viewer("jo.socialworker").await;
        assert_eq!(found(&council, &number).await, [new.id]);
        let answers = asked(&[
            ("keep", old.id.as_str()),
            ("reason", "Her mother showed both letters"),
        ]);
        casework
            .merge(&jo, new.id, pair, &answers, "once-1")
            .await
            .expect("joined");
        assert_eq!(found(&council, &number).await, [old.id]);
        let read = casework::Asked::to_read("test");
        let seen = casework.gate().person(&jo, old.id, read).await;
        let seen = seen.expect("asked").expect("open");
        let join = casework.joined_with(&seen).await.expect("a list")[0].id;
        let why = asked(&[("reason", "They are cousins, born on one day")]);
        casework
            .part(&jo, old.id, join, &why, "once-2")
            .await
            .expect("apart");
        assert_eq!(found(&council, &number).await, [new.id]);
    }
}

/// Two different valid numbers are two people: the join says what to do first.
/// A restricted record is in no queue, and joined by nobody who cannot see it.
#[tokio::test]
async fn what_cannot_be_one_person_is_not_joined() {
    for council in councils().await {
        let casework = &council.casework;
        let a = child(&council, "Maya", "Quillfeather", Some(77)).await;
        let b = child(&council, "Maya", "Quillfether", Some(78)).await;
        let jo = council.viewer("jo.socialworker").await;
        let answers = asked(&[
            ("keep", a.id.as_str()),
            ("reason", "They look the same to me"),
        ]);
        let two = pair(&council, &a, &b).await;
        let said = casework.merge(&jo, a.id, two, &answers, "once-1").await;
        assert!(matches!(said, Err(Error::Findings(_))), "{said:?}");
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("begun");
        tx.insert(&rows::restriction(b.id, "high_risk"))
            .await
            .expect("restricted");
        tx.commit().await.expect("committed");
        assert!(
            casework
                .matching_queue(&jo)
                .await
                .expect("a queue")
                .pairs
                .is_empty()
        );
        let said = casework.merge(&jo, a.id, two, &answers, "once-2").await;
        assert!(matches!(said, Err(Error::NotFound)), "{said:?}");
        let tom = council.viewer("tom.socialworker").await;
        assert!(
            casework
                .merge(&tom, a.id, two, &answers, "once-3")
                .await
                .is_err()
        );
    }
}

/// A row of a list that is not sure waits with its reasons; "the same" makes
/// the involvement, "not the same" is remembered by the next list.
#[tokio::test]
async fn a_row_that_is_not_sure_waits_and_the_answer_is_remembered() {
    for council in councils().await {
        let casework = &council.casework;
        // Two records that a row fits alike: nobody can be sure.
        let maya = child(&council, "Maya", "Quillfeather", None).await;
        child(&council, "Maya", "Quillfeather", None).await;
        let born = maya.born_on.expect("a date");
        let list = |key: &str, who: &str| {
            format!(
                "id,given,family,dob,name,post,agency,start\n\
                 {key},Maya,Quillfeather,{born},{who},Health visitor,health,2026-01-05\n"
            )
        };
        let take = async |text: String| {
            let table = import::read(text.as_bytes()).expect("a table");
            let taken = casework
                .import_involvements(&table, "visitors", false, |_| ())
                .await;
            taken.expect("a report")
        };
        let report = take(list("1", "Hana Tolwether")).await;
        assert_eq!((report.added, report.not_matched), (0, 1));
        let jo = council.viewer("jo.socialworker").await;
        let waiting = async || casework.matching_queue(&jo).await.expect("a queue").rows;
        let rows = waiting().await;
        assert_eq!(rows.len(), 1);
        assert!(rows[0].because.contains(&"Same date of birth".to_owned()));
        let tom = council.viewer("tom.socialworker").await;
        assert!(
            casework
                .matching_queue(&tom)
                .await
                .expect("a queue")
                .rows
                .is_empty()
        );
        let said = casework
            .settle_feed_row(&tom, rows[0].id, "same", "once-0")
            .await;
        assert!(matches!(said, Err(Error::NotFound)), "{said:?}");
        casework
            .settle_feed_row(&jo, rows[0].id, "same", "once-1")
            .await
            .expect("said");
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let sql = "select count(*) as n from involvement i join involvement_source s \
                   on s.involvement_id = i.id where i.name = 'Hana Tolwether' and s.source = 'visitors'";
        let db = casework.store().read_db();
        let count: Count = db.one(sql, args![]).await.expect("a count");
        assert_eq!(count.n, 1);
        assert_eq!(take(list("1", "Hana Tolwether")).await.same, 1);
        take(list("2", "Ivo Marlin")).await;
        let rows = waiting().await;
        casework
            .settle_feed_row(&jo, rows[0].id, "not_the_same", "once-2")
            .await
            .expect("said");
        take(list("2", "Ivo Marlin")).await;
        assert!(waiting().await.is_empty());
    }
}

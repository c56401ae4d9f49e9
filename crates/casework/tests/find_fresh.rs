//! Finding stays fresh, whoever wrote the change, and what somebody may not
//! see changes nothing of what they find: on every database of the run.

use std::collections::BTreeSet;

use casework::Casework;
use casework::find::{Match, Wanted};
use casework::model::{Person, PersonName, Restriction};
use casework::people::{NewAddress, NewPerson};
use casework::testing::{TestCouncil, councils};
use casework::time;
use chrono::{NaiveDate, Utc};
use record::{Actor, Keys, Store};
use vocabulary::Id;

fn maya(given: &str) -> NewPerson {
    NewPerson {
        given: given.into(),
        family_name: "Quillfeather".into(),
        born_on: NaiveDate::from_ymd_opt(2013, 4, 11),
        address: Some(NewAddress {
            line1: "4 Larch Row".into(),
            postcode: Some("LK1 4AB".into()),
            ..NewAddress::default()
        }),
        ..NewPerson::default()
    }
}

async fn add(casework: &Casework, new: &NewPerson) -> Person {
    let begin = casework.store().begin(&Actor::system("test")).await;
    let mut tx = begin.expect("a transaction");
    let person = casework.add_person(&mut tx, new, None, true).await;
    tx.commit().await.expect("committed");
    person.expect("a person")
}

async fn restrict(casework: &Casework, person: &Person) -> Restriction {
    let begin = casework.store().begin(&Actor::system("test")).await;
    let mut tx = begin.expect("a transaction");
    let restriction = Restriction {
        id: Id::new(),
        person_id: person.id,
        reason: "high_risk".into(),
        set_by: "test".into(),
        set_at: Utc::now(),
        review_on: time::today(),
        ended_at: None,
        version: 1,
    };
    tx.insert(&restriction).await.expect("a restriction");
    tx.commit().await.expect("committed");
    restriction
}

async fn ask(council: &TestCouncil, casework: &Casework, text: &str) -> Vec<Match> {
    let viewer = council.viewer("farah.screener").await;
    let wanted = Wanted {
        text: text.into(),
        ..Wanted::default()
    };
    let found = casework.find(&viewer, &wanted, "find").await;
    found.expect("an answer").to_vec()
}

/// What another process commits is found by the next search of this one, and
/// the other way round: a new child, a new name, the end of a name, a
/// restriction and its end.
#[tokio::test]
async fn r001_24_what_any_process_commits_is_found_by_the_next_search() {
    for council in councils().await {
        let here = &council.casework;
        let keys = Keys::in_folder(council.test.folder.path()).expect("keys");
        let store = Store::open(&council.test.options, keys).await;
        let store = store.expect("a second process opens the record");
        let policy =
            std::fs::read_to_string(casework::testing::repository().join("policies/access.toml"));
        let policy = access::Policy::parse("policy", &policy.expect("the policy")).expect("sound");
        let there = Casework::new(
            record::Gate::new(store, policy.into()),
            here.pack().clone(),
            "The other server",
        );
        assert!(ask(&council, here, "maya quillfeather").await.is_empty());
        let child = add(&there, &maya("Maya")).await;
        let found = ask(&council, here, "maya quillfeather").await;
        assert_eq!(found.first().map(|m| m.person), Some(child.id));

        let mut tx = there
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("a transaction");
        let mut name = PersonName {
            id: Id::new(),
            person_id: child.id,
            kind: "alias".into(),
            given: "Perpetua".into(),
            family_name: "Winterbourne".into(),
            started_on: None,
            ended_on: None,
            wrong_reason: None,
            version: 1,
        };
        tx.insert(&name).await.expect("a name");
        tx.commit().await.expect("committed");
        let found = ask(&council, here, "perpetua winterbourne").await;
        assert_eq!(found.first().map(|m| m.person), Some(child.id));
        assert!(
            found[0].because[0].ends_with("Perpetua Winterbourne"),
            "{found:?}"
        );

        let mut tx = here
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("a transaction");
        name.wrong_reason = Some("another child".into());
        tx.update(&mut name).await.expect("the name was wrong");
        tx.commit().await.expect("committed");
        for process in [here, &there] {
            assert!(
                ask(&council, process, "perpetua winterbourne")
                    .await
                    .is_empty()
            );
        }

        let mut restriction = restrict(&there, &child).await;
        assert!(ask(&council, here, "maya quillfeather").await.is_empty());
        let mut tx = there
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("a transaction");
        restriction.ended_at = Some(Utc::now());
        tx.update(&mut restriction).await.expect("ended");
        tx.commit().await.expect("committed");
        assert_eq!(ask(&council, here, "maya quillfeather").await.len(), 1);
        there.store().close().await.expect("closed");
    }
}

/// T2: hundreds of restricted records that fit better change neither who is
/// found, nor in which order, nor how likely, nor why.
#[tokio::test]
async fn r001_26_restricted_records_change_nothing_of_an_answer() {
    const QUESTIONS: [&str; 5] = [
        "maya quillfeather",
        "maya 2013",
        "quil",
        "11/4/2013",
        "lk1 4ab",
    ];
    for council in councils().await {
        let casework = &council.casework;
        let mut shown = Vec::new();
        for given in ["Mayah", "Maia", "Desmond"] {
            shown.push(add(casework, &maya(given)).await);
        }
        let told = |found: Vec<Match>| -> Vec<(String, u8, Vec<String>)> {
            found
                .into_iter()
                .map(|m| (m.name, m.likely, m.because))
                .collect()
        };
        let mut before = Vec::new();
        for question in QUESTIONS {
            before.push(told(ask(&council, casework, question).await));
        }
        assert!(before.iter().all(|answer| !answer.is_empty()), "{before:?}");
        let begin = casework.store().begin(&Actor::system("test")).await;
        let mut tx = begin.expect("a transaction");
        let mut hidden = BTreeSet::new();
        for _ in 0..450 {
            let person = Person {
                id: Id::new(),
                given: "Maya".into(),
                ..shown[0].clone()
            };
            tx.insert(&person).await.expect("a person");
            let restriction = Restriction {
                id: Id::new(),
                person_id: person.id,
                reason: "high_risk".into(),
                set_by: "test".into(),
                set_at: Utc::now(),
                review_on: time::today(),
                ended_at: None,
                version: 1,
            };
            tx.insert(&restriction).await.expect("a restriction");
            hidden.insert(person.id);
        }
        tx.commit().await.expect("committed");
        for (question, before) in QUESTIONS.into_iter().zip(before) {
            let found = ask(&council, casework, question).await;
            assert!(
                found.iter().all(|m| !hidden.contains(&m.person)),
                "{question}"
            );
            assert_eq!(told(found), before, "{question}");
        }
    }
}

//! Contacts come in by every route and stand on the board in their order.

use casework::Error;
use casework::front_door::Route;
use casework::front_door::board::Filter;
use casework::model::Contact;
use casework::testing::councils;
use chrono::{Duration, Utc};
use packs::Answers;
use record::db::count_queries;

use crate::help::{Door, call, told};

/// R000-23: a parent without an account sends the form, and it is on the board
/// at once as source 1A, with the time that is left.
#[tokio::test]
async fn r000_23_a_parent_s_words_are_on_the_board_at_once_as_source_1a() {
    for council in councils().await {
        let door = Door::of(&council).await;
        let before = Utc::now();
        let reference = door.parent_asks("LK1 4AB", "no").await;
        let board = door.board().await;
        assert!(Utc::now() - before < Duration::seconds(5));
        let row = board.waiting.first().expect("it is on the board");
        assert_eq!(row.reference, reference);
        assert_eq!(row.route, "Ask for help page");
        assert_eq!(row.team.as_deref(), Some("North"));
        assert!(row.stage.starts_with("Not opened "), "{}", row.stage);
        let clock = row.clock.as_ref().expect("a clock runs");
        assert_eq!(clock.rule, "within 1 working day of the contact");
        assert!(!clock.is_late());
        let view = council
            .casework
            .contact_view(&door.farah, row.id)
            .await
            .unwrap();
        assert_eq!(view.contact.source.as_deref(), Some("1A"));
        assert_eq!(view.contact.concern, "He cannot sleep and neither can I.");
        assert!(
            view.told
                .iter()
                .any(|s| s.lines.iter().any(|(_, label, answer)| {
                    label == "Which ways are safe for you?" && answer == "Phone call"
                }))
        );
    }
}

/// R000-23: sent twice, it is one contact; what was kept is gone afterwards.
#[tokio::test]
async fn r000_23_a_form_sent_twice_is_one_contact() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let token = door.parent_answers("", "no").await;
        assert!(casework.send_public(Route::Public, &token).await.unwrap());
        assert!(!casework.send_public(Route::Public, &token).await.unwrap());
        assert!(!casework.send_public(Route::Public, "forged").await.unwrap());
        assert_eq!(door.board().await.waiting.len(), 1);
        // Another form's page cannot read what this one keeps.
        assert!(
            casework
                .public_answers(Route::School, &token)
                .await
                .unwrap()
                .is_none()
        );
        casework.forget_public_answers(&token).await.unwrap();
        assert!(
            casework
                .public_answers(Route::Public, &token)
                .await
                .unwrap()
                .is_none()
        );
    }
}

/// What is missing stops the sending, and nothing is made of it.
#[tokio::test]
async fn an_unfinished_public_form_is_not_sent_and_loses_nothing() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let mut answers = Answers::new();
        answers.set("danger", "no");
        let token = casework
            .keep_public_page(Route::Public, None, "danger", &answers)
            .await
            .unwrap();
        let Err(Error::Findings(findings)) = casework.send_public(Route::Public, &token).await
        else {
            panic!("it was sent unfinished");
        };
        assert!(findings.iter().any(|f| f.message == "Tell us your name"));
        assert!(
            casework
                .public_answers(Route::Public, &token)
                .await
                .unwrap()
                .is_some()
        );
        assert!(door.board().await.waiting.is_empty());
        let mut long = Answers::new();
        long.set("what", "x".repeat(1_000_000));
        casework
            .keep_public_page(Route::Public, Some(&token), "happening", &long)
            .await
            .unwrap();
        let Err(Error::Findings(findings)) = casework.send_public(Route::Public, &token).await
        else {
            panic!("a million characters were taken");
        };
        assert!(
            findings
                .iter()
                .any(|f| f.field == "what" && f.message.contains("1,000,000"))
        );
    }
}

/// A school is source 2A, the police are source 6, on forms of their own.
#[tokio::test]
async fn a_school_and_the_police_come_in_with_their_own_sources() {
    for council in councils().await {
        let door = Door::of(&council).await;
        door.school_tells().await;
        door.police_tell("high").await;
        let board = door.board().await;
        let sources: Vec<(i64, Option<String>)> = {
            let mut all = Vec::new();
            for row in board.waiting.iter() {
                let view = council
                    .casework
                    .contact_view(&door.farah, row.id)
                    .await
                    .unwrap();
                all.push((row.priority, view.contact.source.clone()));
            }
            all
        };
        assert_eq!(sources, [(2, Some("6".into())), (3, Some("2A".into()))]);
        let only = Filter {
            route: Some("school".into()),
            ..Filter::default()
        };
        let schools = council.casework.board(&door.farah, &only).await.unwrap();
        assert_eq!(schools.waiting.len(), 1);
        assert!(schools.waiting[0].from.contains("Heron Primary"));
    }
}

/// UX03: five answers and the child not yet identified; twice is once.
#[tokio::test]
async fn ux03_a_call_is_saved_with_the_child_not_yet_identified() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        assert_eq!(casework.form("phone-contact").unwrap().insists_on(), 5);
        let received = casework
            .take_call(&door.farah, &call(), "call-1")
            .await
            .unwrap();
        let again = casework.take_call(&door.farah, &call(), "call-1").await;
        let there = format!("/contacts/{}", received.contact);
        assert!(matches!(again, Err(Error::Already(location)) if location == there));
        let board = door.board().await;
        assert_eq!(board.waiting.len(), 1);
        assert!(board.waiting[0].children.is_empty());
        let empty = casework
            .take_call(&door.farah, &Answers::new(), "call-2")
            .await;
        let Err(Error::Findings(findings)) = empty else {
            panic!("an empty call was saved");
        };
        assert_eq!(findings.len(), 5, "{findings:?}");
        let director = council.viewer("okafor.director").await;
        let refused = casework.take_call(&director, &call(), "call-3").await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
}

/// R003-04: the order is age within priority; time in stage is said.
#[tokio::test]
async fn r003_04_the_queue_is_oldest_first_within_priority() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let ages = [
            ("a", 3, 50),
            ("b", 1, 5),
            ("c", 3, 400),
            ("d", 2, 20),
            ("e", 1, 90),
        ];
        for (name, priority, minutes) in ages {
            let mut tx = casework.store().begin(&door.farah.actor()).await.unwrap();
            let mut contact: Contact = {
                tx.recorded_at(Utc::now() - Duration::minutes(minutes));
                told(&tx, name)
            };
            contact.priority = priority;
            tx.insert(&contact).await.unwrap();
            tx.commit().await.unwrap();
        }
        let order: Vec<String> = door
            .board()
            .await
            .waiting
            .iter()
            .map(|w| w.from.clone())
            .collect();
        assert_eq!(order, ["e", "b", "d", "c", "a"]);
        let id = door.board().await.waiting[3].id;
        casework.start_screening(&door.farah, id).await.unwrap();
        let mut tx = casework.store().begin(&door.farah.actor()).await.unwrap();
        let mut contact: Contact = tx.get(id).await.unwrap();
        contact.screening_started_at = Some(Utc::now() - Duration::minutes(200));
        tx.update(&mut contact).await.unwrap();
        tx.commit().await.unwrap();
        let mine = Filter {
            mine: true,
            ..Filter::default()
        };
        let board = casework.board(&door.farah, &mine).await.unwrap();
        assert_eq!(board.waiting.len(), 1);
        assert_eq!(board.waiting[0].stage, "In screening 3h 20m");
        assert_eq!(board.waiting[0].screener.as_deref(), Some("Farah Quill"));
        let nobody = Filter {
            unassigned: true,
            ..Filter::default()
        };
        assert_eq!(
            casework
                .board(&door.farah, &nobody)
                .await
                .unwrap()
                .waiting
                .len(),
            4
        );
    }
}

/// P5: the board of 45 contacts takes at most twelve statements.
#[tokio::test]
async fn p5_the_board_of_45_takes_at_most_12_statements() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        for n in 0..45 {
            let once = format!("call-{n}");
            casework
                .take_call(&door.farah, &call(), &once)
                .await
                .unwrap();
        }
        let (shown, statements) = count_queries(async {
            let board = casework
                .board(&door.farah, &Filter::default())
                .await
                .unwrap();
            casework.people_to_tell(&door.farah).await.unwrap();
            casework.passed_not_acknowledged(&door.farah).await.unwrap();
            casework.teams_at_the_door().await.unwrap();
            board.waiting.len()
        })
        .await;
        assert_eq!(shown, 45);
        println!("board: {statements} statements");
        assert!(
            statements <= 10,
            "{statements} statements, and two for the session"
        );
    }
}

//! The front door on both databases: contacts come in, are found on the board,
//! are matched, decided and told, by the rules of the requirements.

mod front_door_help;

use casework::find::Wanted;
use casework::front_door::Route;
use casework::front_door::board::Filter;
use casework::front_door::identify::NewChild;
use casework::front_door::{ToldChild, decision::Deciding};
use casework::model::{Contact, ContactState, Decision, PersonKind};
use casework::testing::{councils, team_of};
use casework::{Error, time};
use chrono::{Duration, Utc};
use front_door_help::{Door, call, decision, told};
use packs::Answers;
use record::db::count_queries;
use vocabulary::Id;

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

/// A misspelt name finds the child, with the reason and who works with them;
/// nobody is created beside a likely record before it was looked at.
#[tokio::test]
async fn r001_24_a_child_is_found_by_a_misspelt_name_and_never_doubled_silently() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let maya = door
            .known_child("Maya", "Quill", "2019-03-27", "LK1 4AB")
            .await;
        let id = door
            .contact_about(&[("Maia", "Quil", "2019-03-27")], "LK1 4AB")
            .await;
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        let part = view.children[0].part;
        let found = casework
            .matching(&door.farah, id, part, None)
            .await
            .unwrap();
        let best = found.matches.first().expect("Maya is found");
        assert_eq!(best.person, maya);
        assert!(!best.because.is_empty());
        assert!(
            best.working.iter().any(|w| w.contains("Jo Larch")),
            "{:?}",
            best.working
        );
        let mut new = NewChild {
            child: found.child.told.clone(),
            once: "new-1".into(),
            ..NewChild::default()
        };
        let made = casework.create_child(&door.farah, id, part, &new).await;
        assert!(matches!(made, Err(Error::Findings(f)) if f[0].field == "none_of_these"));
        // Somebody looked: it is another child. The likeness is raised, not merged.
        new.none_of_these = true;
        let made = casework
            .create_child(&door.farah, id, part, &new)
            .await
            .unwrap();
        assert_ne!(made, maya);
        let again = casework.create_child(&door.farah, id, part, &new).await;
        assert!(matches!(again, Err(Error::Stale)));
    }
}

/// Picking a known child puts the contact on the record, with what came before.
#[tokio::test]
async fn a_matched_child_brings_the_family_and_the_history() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let maya = door
            .known_child("Maya", "Quill", "2019-03-27", "LK1 4AB")
            .await;
        let first = door
            .contact_about(&[("Maya", "Quill", "2019-03-27")], "LK1 4AB")
            .await;
        door.match_first(first, maya).await;
        door.decide(first, "advice").await.unwrap();
        let second = door
            .contact_about(&[("Maya", "Quill", "2019-03-27")], "LK1 4AB")
            .await;
        door.match_first(second, maya).await;
        let view = casework.contact_view(&door.farah, second).await.unwrap();
        assert!(view.contact.family_id.is_some());
        assert_eq!(view.children[0].person, Some(maya));
        assert!(view.children[0].name.starts_with("Maya Quill, "));
        assert!(view.working.iter().any(|w| w.name == "Jo Larch"));
        let earlier = view.history.iter().find(|h| h.what.starts_with("Contact"));
        let earlier = earlier.expect("the earlier contact");
        assert_eq!(earlier.words, "Outcome: information and advice");
        assert_eq!(earlier.link, Some(format!("/contacts/{first}")));
        let (_, statements) = count_queries(casework.contact_view(&door.farah, second)).await;
        println!("contact: {statements} statements");
        assert!(statements <= 10, "{statements}");
        // A forged child, a forged person, and an adult are no matches.
        let part = view.children[0].part;
        let forged = casework
            .match_child(&door.farah, second, Id::new(), maya, "f1")
            .await;
        assert!(matches!(forged, Err(Error::NotFound)));
        let forged = casework
            .match_child(&door.farah, second, part, Id::new(), "f2")
            .await;
        assert!(matches!(forged, Err(Error::NotFound)));
    }
}

/// The child, the parent as told, and the brothers and sisters in one go.
#[tokio::test]
async fn a_family_is_created_as_told_in_one_go() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let told = [
            ("Idris", "Fenwick", "2017-05-02"),
            ("Nell", "Fenwick", "2021-09-14"),
        ];
        let id = door.contact_about(&told, "LK3 1AA").await;
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        let new = NewChild {
            child: view.children[0].told.clone(),
            parent: "Rhian Fenwick".into(),
            with: vec![view.children[1].part],
            once: "family".into(),
            ..NewChild::default()
        };
        let idris = casework
            .create_child(&door.farah, id, view.children[0].part, &new)
            .await
            .unwrap();
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        assert!(view.children.iter().all(|c| c.person.is_some()));
        assert_eq!(view.children[0].status.as_deref(), Some("contact"));
        let family = view.contact.family_id.expect("a family");
        let asked = casework::Asked::index("test");
        let seen = casework
            .gate()
            .family(&door.farah, family, asked)
            .await
            .unwrap();
        let seen = seen.expect("the family can be found at the front door");
        let adults: Vec<String> = seen
            .members
            .iter()
            .filter(|(_, p)| p.kind == PersonKind::Adult)
            .map(|(_, p)| p.name())
            .collect();
        assert_eq!(adults, ["Rhian Fenwick"]);
        assert_eq!(seen.members.len(), 3);
        assert!(seen.has(idris));
    }
}

/// A child whose record is restricted is absent for those barred: from the
/// suggestions, and the contact from the board, the page and every action.
#[tokio::test]
async fn a_contact_about_a_restricted_child_is_absent_for_those_barred() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let child = door
            .known_child("Oona", "Vale", "2015-01-08", "LK1 9ZZ")
            .await;
        let id = door
            .contact_about(&[("Oona", "Vale", "2015-01-08")], "LK1 9ZZ")
            .await;
        door.match_first(id, child).await;
        assert_eq!(door.board().await.waiting.len(), 1);
        door.restrict(child).await;
        assert!(door.board().await.waiting.is_empty());
        assert!(
            casework
                .at_immediate_risk(&door.priya)
                .await
                .unwrap()
                .is_empty()
        );
        let page = casework.contact_view(&door.farah, id).await;
        assert!(matches!(page, Err(Error::NotFound)));
        assert!(matches!(
            door.decide(id, "advice").await,
            Err(Error::NotFound)
        ));
        let told = casework
            .tell_referrer(&door.farah, id, &Answers::new(), "t")
            .await;
        assert!(matches!(told, Err(Error::NotFound)));
        let wanted = Wanted {
            given: "Oona".into(),
            family: "Vale".into(),
            ..Wanted::default()
        };
        let found = casework.find(&door.farah, &wanted, "test").await.unwrap();
        assert!(found.iter().all(|m| m.person != child));
    }
}

/// R003-05, R003-06, R003-18: level, signs and reasons are stored with the
/// decision-maker from the sign-in and the version of the threshold document.
#[tokio::test]
async fn r003_06_a_decision_keeps_level_reasons_maker_and_guide_version() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let maya = door
            .known_child("Maya", "Quill", "2019-03-27", "LK1 4AB")
            .await;
        let id = door
            .contact_about(&[("Maya", "Quill", "2019-03-27")], "LK1 4AB")
            .await;
        door.match_first(id, maya).await;
        let mut short = decision("advice");
        short.set("rationale", "No.");
        let refused = door.decide_with(id, &short, None).await;
        assert!(
            matches!(refused, Err(Error::Findings(f)) if f.iter().any(|f| f.field == "rationale"))
        );
        let nothing = door.decide_with(id, &Answers::new(), None).await;
        let Err(Error::Findings(findings)) = nothing else {
            panic!("an empty decision was taken");
        };
        let fields: Vec<&str> = findings.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["level", "rationale", "outcome"]);
        door.decide(id, "advice").await.unwrap();
        let kept: Decision = door.one_decision(id).await;
        assert_eq!(kept.decided_by, door.farah.principal.worker);
        assert_eq!(kept.level.as_deref(), Some("early_help"));
        assert_eq!(kept.indicators, serde_json::json!(["2-school", "2-mood"]));
        assert!(kept.rationale.starts_with("School and family agree"));
        let guide = casework
            .pack()
            .threshold("continuum", time::today())
            .unwrap();
        assert_eq!(
            kept.guide_version,
            Some(format!("continuum {}", guide.version))
        );
        assert_eq!(
            kept.child_words.as_deref(),
            Some("We talked with your mum.")
        );
        // It stands for ever: a second decision on a decided contact is refused.
        assert!(matches!(
            door.decide(id, "referral").await,
            Err(Error::Stale)
        ));
    }
}

/// The one hard gate: no referral without a child whom we know. Advice needs none.
#[tokio::test]
async fn a_referral_needs_a_known_child_and_advice_does_not() {
    for council in councils().await {
        let door = Door::of(&council).await;
        let id = door.contact_about(&[("Somebody", "", "")], "LK1 4AB").await;
        let Err(Error::Findings(findings)) = door.decide(id, "referral").await else {
            panic!("a referral without a child");
        };
        assert!(findings[0].message.contains("Find or create the child"));
        door.decide(id, "advice").await.unwrap();
        let id = door.contact_about(&[("Somebody", "", "")], "LK1 4AB").await;
        door.decide(id, "other_council").await.unwrap();
    }
}

/// R000-21: a referral opens its step with the team that the postcode suggests;
/// the team can see the child from then on, another team cannot.
#[tokio::test]
async fn r000_21_a_referral_goes_to_the_locality_team_of_the_postcode() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let id = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "LK3 2AA")
            .await;
        let ivo = door.create_first(id).await;
        let no_team = door.decide_with(id, &decision("referral"), None).await;
        assert!(matches!(no_team, Err(Error::Findings(f)) if f[0].field == "team"));
        door.decide(id, "referral").await.unwrap();
        let steps = door.steps_of(id).await;
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].kind, "referral");
        assert_eq!(steps[0].team_id, Some(team_of("South")));
        assert_eq!(steps[0].contact_id, Some(id));
        let sam = council.viewer("sam.manager").await;
        let read = casework::Asked::to_read("test");
        assert!(
            casework
                .gate()
                .person(&sam, ivo, read)
                .await
                .unwrap()
                .is_some()
        );
        let jo = council.viewer("jo.socialworker").await;
        assert!(
            casework
                .gate()
                .person(&jo, ivo, read)
                .await
                .unwrap()
                .is_none()
        );
        let seen = casework
            .gate()
            .person(&sam, ivo, read)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen.status.as_deref(), Some("referral"));
        assert_eq!(door.proposals(ivo).await, 1);
    }
}

/// Early help: the status is opened and the early help team has it.
#[tokio::test]
async fn early_help_is_put_to_the_early_help_team() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let id = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "LK3 2AA")
            .await;
        let ivo = door.create_first(id).await;
        door.decide(id, "early_help").await.unwrap();
        let dev = council.viewer("dev.earlyhelp").await;
        let read = casework::Asked::to_read("test");
        let seen = casework.gate().person(&dev, ivo, read).await.unwrap();
        assert_eq!(seen.unwrap().status.as_deref(), Some("early_help"));
        // The team reads the contact too, but does not work on it.
        assert!(casework.contact_view(&dev, id).await.is_ok());
        let refused = casework.tell_referrer(&dev, id, &Answers::new(), "x").await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}

/// R003-07: immediate risk goes on top, the clock starts, the manager of the
/// area has it on their page at once; a decision to act opens the referral.
#[tokio::test]
async fn r003_07_immediate_risk_is_told_to_the_manager_at_once() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let quiet = door
            .contact_about(&[("Ada", "Birch", "2016-01-01")], "LK1 1AA")
            .await;
        let id = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "LK1 2AA")
            .await;
        let empty = casework
            .raise_immediate_risk(&door.farah, id, " ", "r0")
            .await;
        assert!(matches!(empty, Err(Error::Findings(_))));
        casework
            .raise_immediate_risk(&door.farah, id, "He is alone with a man who hit him.", "r1")
            .await
            .unwrap();
        let order: Vec<_> = door.board().await.waiting.iter().map(|w| w.id).collect();
        assert_eq!(order, [id, quiet]);
        let told = casework.at_immediate_risk(&door.priya).await.unwrap();
        assert_eq!(told.len(), 1);
        let clock = door.clocks(id, "immediate-risk").await;
        assert_eq!(clock.len(), 1);
        assert_eq!(clock[0].team_id, Some(team_of("North")));
        assert_eq!(clock[0].worker_id, Some(door.priya.principal.worker));
        // Decided as immediate risk before the child is known: it stays open.
        door.decide(id, "immediate_risk").await.unwrap();
        assert_eq!(door.board().await.waiting[0].id, id);
        assert_eq!(door.clocks(id, "immediate-risk").await.len(), 1);
        let ivo = door.create_first(id).await;
        door.decide(id, "immediate_risk").await.unwrap();
        assert_eq!(door.steps_of(id).await[0].kind, "referral");
        assert_eq!(door.proposals(ivo).await, 1);
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        assert_eq!(view.contact.state, ContactState::Decided);
        let running = door.running("immediate-risk").await;
        assert_eq!(running.len(), 1, "it goes on with the referral");
        assert!(running[0].path.starts_with("/steps/"));
    }
}

/// R000-09: passed to another council, it waits for an answer; late ones first.
#[tokio::test]
async fn r000_09_an_unanswered_cross_border_contact_is_on_the_list() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let first = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "")
            .await;
        let second = door
            .contact_about(&[("Ada", "Birch", "2016-01-01")], "")
            .await;
        door.decide(second, "other_council").await.unwrap();
        door.decide(first, "other_council").await.unwrap();
        door.make_late(first, "cross-border-acknowledgement").await;
        let list = casework.passed_not_acknowledged(&door.farah).await.unwrap();
        let shown: Vec<_> = list.iter().map(|row| (row.contact, row.late)).collect();
        assert_eq!(shown, [(first, true), (second, false)]);
        assert!(list[0].who.contains("Otherby"));
        let nobody = casework.acknowledged(&door.farah, first, " ", "a0").await;
        assert!(matches!(nobody, Err(Error::Findings(_))));
        casework
            .acknowledged(&door.farah, first, "Duty desk, by phone", "a1")
            .await
            .unwrap();
        let list = casework.passed_not_acknowledged(&door.farah).await.unwrap();
        assert_eq!(list.len(), 1);
        let twice = casework
            .acknowledged(&door.farah, first, "Again", "a2")
            .await;
        assert!(matches!(twice, Err(Error::Refused(_))));
    }
}

/// R001-11: telling the referrer is prefilled, recorded and timed.
#[tokio::test]
async fn r001_11_the_referrer_is_told_and_that_is_recorded_and_timed() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        door.school_tells().await;
        let id = door.board().await.waiting[0].id;
        let early = casework
            .tell_referrer(&door.farah, id, &door.told("phone"), "t0")
            .await;
        assert!(matches!(early, Err(Error::Refused(_))));
        door.decide(id, "advice").await.unwrap();
        assert_eq!(casework.people_to_tell(&door.farah).await.unwrap().len(), 1);
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        let words = casework
            .words_for_referrer(&door.farah, &view.contact)
            .await
            .unwrap();
        assert!(words.contains(&view.contact.reference), "{words}");
        assert!(words.contains("information and advice"));
        let empty = casework
            .tell_referrer(&door.farah, id, &Answers::new(), "t1")
            .await;
        assert!(matches!(empty, Err(Error::Findings(_))));
        casework
            .tell_referrer(&door.farah, id, &door.told("phone"), "t2")
            .await
            .unwrap();
        assert!(
            casework
                .people_to_tell(&door.farah)
                .await
                .unwrap()
                .is_empty()
        );
        let clock = &door.clocks(id, "tell-referrer").await[0];
        assert!(clock.done_at.is_some());
        let today = door.board().await.today;
        assert_eq!((today.to_tell, today.told_in_time), (1, 1));
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        assert!(
            view.history
                .iter()
                .any(|h| h.what.ends_with("was told") && h.by == "Farah Quill")
        );
    }
}

/// R003-02: to another team for checks and back, one reference and one history.
#[tokio::test]
async fn r003_02_a_contact_goes_for_checks_and_comes_back_with_its_history() {
    for council in councils().await {
        let casework = &council.casework;
        let door = Door::of(&council).await;
        let id = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "LK1 2AA")
            .await;
        let reference = door.board().await.waiting[0].reference.clone();
        let (front, north) = (team_of("Front door"), team_of("North"));
        casework
            .pass_to_team(&door.priya, id, front, "Please ask health.", "p1")
            .await
            .unwrap();
        casework
            .pass_to_team(&door.farah, id, north, "Health knows nothing new.", "p2")
            .await
            .unwrap();
        let wrong = casework
            .pass_to_team(&door.farah, id, team_of("Leadership"), "Why not", "p3")
            .await;
        assert!(matches!(wrong, Err(Error::Findings(_))));
        let view = casework.contact_view(&door.farah, id).await.unwrap();
        assert_eq!(view.contact.reference, reference);
        let passed: Vec<&str> = view.history.iter().map(|h| h.what.as_str()).collect();
        assert_eq!(passed, ["Passed to North", "Passed to Front door"]);
    }
}

/// R000-11: the signs hold for every household, with little money or much.
#[tokio::test]
async fn r000_11_the_threshold_document_knows_neglect_with_money() {
    let council = &councils().await[0];
    let guide = council
        .casework
        .pack()
        .threshold("continuum", time::today())
        .unwrap();
    let signs: Vec<String> = guide
        .levels
        .iter()
        .flat_map(|level| level.indicators.iter().map(|i| i.text.to_lowercase()))
        .collect();
    assert!(signs.iter().any(|s| s.contains("drug")), "{signs:?}");
    assert!(
        signs
            .iter()
            .any(|s| s.contains("warmth") || s.contains("emotional") || s.contains("attention"))
    );
    assert!(
        !signs
            .iter()
            .any(|s| s.contains("affluent") || s.contains("not applicable"))
    );
}

/// A decision written on an older view of the contact is not taken.
#[tokio::test]
async fn a_decision_on_an_older_view_of_the_contact_is_stale() {
    for council in councils().await {
        let door = Door::of(&council).await;
        let id = door
            .contact_about(&[("Ivo", "Marsh", "2018-02-03")], "LK1 2AA")
            .await;
        let page = Deciding {
            version: 1,
            team: None,
            once: "stale".into(),
        };
        council
            .casework
            .start_screening(&door.priya, id)
            .await
            .unwrap();
        let late = council
            .casework
            .decide_contact(&door.farah, id, &decision("advice"), &page)
            .await;
        assert!(matches!(late, Err(Error::Stale)));
        let told = ToldChild::read(&serde_json::json!({"given": "Ivo"}));
        assert_eq!(told.words(), "Ivo");
    }
}

//! What the council learns from its directory, and the comments on the local
//! offer with their answers.

mod at_work;

use at_work::{answers, home, once, plan};
use casework::services::comments::{Decision, Wrong};
use casework::testing::{TestCouncil, councils};
use casework::{Error, time};
use directory::invented;
use directory::search::{Council, Near, Wanted};
use record::{Actor, args};

async fn filled(council: &TestCouncil) {
    council.casework.set_directory(
        invented::postcodes(),
        Council {
            name: "Larkmere".into(),
            codes: vec![invented::COUNCIL.into()],
        },
    );
    let directory = invented::directory(120, 5, time::today());
    council
        .casework
        .keep_directory(&Actor::system("test"), &directory, |_, _| {})
        .await
        .unwrap();
}

async fn search(council: &TestCouncil, text: &str, language: Option<&str>, times: usize) {
    let casework = &council.casework;
    let catalogue = casework.catalogue().await.unwrap();
    let place = casework.postcodes().find_area("LK5 5").unwrap();
    let wanted = Wanted {
        text: text.into(),
        language: language.map(str::to_owned),
        near: Some(Near {
            point: place.point,
            about: true,
            council: place.council,
            within: None,
            called: "LK5 5".into(),
        }),
        ..Wanted::default()
    };
    let found = catalogue.find(&wanted);
    for _ in 0..times {
        casework.note_search("family-hub", &catalogue, &wanted, &found, "LK5 5");
    }
}

/// Searches that found nothing, by need and by district, beside the services
/// there are; a number under five is never told.
#[tokio::test]
async fn searches_in_vain_stand_beside_services_and_few_stay_hidden() {
    for council in councils().await {
        filled(&council).await;
        search(&council, "food bank", None, 12).await;
        search(&council, "eviction notice", None, 7).await;
        search(&council, "homeless", Some("Somali"), 3).await;
        search(&council, "Dana Qandili", None, 6).await;
        let casework = &council.casework;
        let tia = council.viewer("tia.analyst").await;
        let told = casework.learning(&tia, None).await.unwrap();
        assert_eq!(told.searches.words(), "30", "28 to the nearest five");
        let need = |code: &str| told.needs.iter().find(|n| n.code == code).unwrap();
        assert_eq!(need("money").searches.words(), "10");
        assert_eq!(need("money").nothing.words(), "0");
        assert!(need("money").services > 0);
        assert_eq!(need("housing").searches.words(), "10");
        assert_eq!(need("unknown").searches.words(), "5");
        assert_eq!(need("childcare").searches.words(), "0");
        let somali = told.narrowed.iter().find(|n| n.what == "Somali spoken");
        assert_eq!(somali.unwrap().searches.words(), "fewer than 5");
        let area = told.areas.iter().find(|a| a.area == "LK5").unwrap();
        assert_eq!(area.searches.words(), "30");
        assert!(area.services.unwrap() > 0);
        // Another day, another writer: counts add up, and the table of one need
        // is of that need.
        search(&council, "homeless", None, 10).await;
        let told = casework.learning(&tia, Some("housing")).await.unwrap();
        let area = told.areas.iter().find(|a| a.area == "LK5").unwrap();
        assert_eq!(area.searches.words(), "20");
        let file = told.csv("needs").unwrap();
        assert!(file.starts_with("\"Need\",\"Searches\""), "{file}");
        assert!(file.contains("\"Housing\",\"20\""), "{file}");
        assert!(told.csv("names").is_none());
        assert!(!file.contains("Dana"));
        let jo = council.viewer("jo.socialworker").await;
        assert!(matches!(
            casework.learning(&jo, None).await,
            Err(Error::NotFound)
        ));
    }
}

/// R002-16: a need for which a worker found no service stands on the same page,
/// by the ward where the child lives, and hidden while few have it.
#[tokio::test]
async fn r002_16_needs_without_a_service_join_the_page() {
    for council in councils().await {
        filled(&council).await;
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let casework = &council.casework;
        let typed = answers(
            casework,
            "unmet-need",
            &[("need", "housing"), ("why", "none")],
        );
        casework
            .save_unmet(&home.jo, plan, &typed, &once())
            .await
            .unwrap();
        let tia = council.viewer("tia.analyst").await;
        let told = casework.learning(&tia, Some("housing")).await.unwrap();
        let housing = told.needs.iter().find(|n| n.code == "housing").unwrap();
        assert_eq!(housing.unmet.words(), "fewer than 5");
        assert!(told.areas.iter().any(|a| a.unmet.words() == "fewer than 5"));
    }
}

/// SI 2014/1530 regulation 56: comments are published with the answer, nobody
/// is known from them, and what is not published leaves no words.
#[tokio::test]
async fn comments_on_the_local_offer_are_moderated_answered_and_published() {
    for council in councils().await {
        let casework = &council.casework;
        let send = async |words: &str| {
            let token = once();
            let first = casework.send_comment("local-offer", words, &token).await;
            let again = casework.send_comment("local-offer", words, &token).await;
            assert_eq!(first.as_ref().unwrap(), again.as_ref().unwrap());
            first.unwrap()
        };
        assert_eq!(send("x").await, Some(Wrong::Length));
        assert_eq!(send("Ring me on 01632 960 123").await, Some(Wrong::Private));
        assert_eq!(send("No short breaks on Sundays, says Dana.").await, None);
        assert_eq!(send("My worker Tom Elder never rings me.").await, None);
        assert!(
            casework
                .published_comments("local-offer")
                .await
                .unwrap()
                .is_empty()
        );
        let director = council.viewer("okafor.director").await;
        let board = casework.comment_board(&director).await.unwrap();
        assert_eq!(board.waiting.len(), 2, "a double click made one");
        assert!(board.due);
        let about = |words: &str| {
            let line = board.waiting.iter().find(|l| l.begins.contains(words));
            line.unwrap().id.to_string()
        };
        let (breaks, worker) = (about("Sundays"), about("Tom"));
        let mut decision = Decision {
            publish: true,
            published: "No short breaks on Sundays.".into(),
            answer: "You are right: there were none. Write to us at offer@example.org.".into(),
            action: "Two centres open on Sundays from January.".into(),
            ..Decision::default()
        };
        let personal = casework
            .decide_comment(&director, &breaks, 1, &decision)
            .await;
        assert!(
            matches!(personal, Err(Error::Refused(_))),
            "an e-mail address"
        );
        decision.answer = "You are right: there were none.".into();
        casework
            .decide_comment(&director, &breaks, 1, &decision)
            .await
            .unwrap();
        let stale = casework
            .decide_comment(&director, &breaks, 1, &decision)
            .await;
        assert!(matches!(stale, Err(Error::Stale)));
        let refuse = Decision::default();
        let why = casework
            .decide_comment(&director, &worker, 1, &refuse)
            .await;
        assert!(
            matches!(why, Err(Error::Refused(_))),
            "a reason is asked for"
        );
        let refuse = Decision {
            why_not: "About one person’s support".into(),
            ..refuse
        };
        casework
            .decide_comment(&director, &worker, 1, &refuse)
            .await
            .unwrap();
        let said = casework.published_comments("local-offer").await.unwrap();
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].words, "No short breaks on Sundays.");
        assert_eq!(said[0].action, "Two centres open on Sundays from January.");
        let left: Vec<(Option<String>,)> = casework
            .store()
            .read_db()
            .all(
                "select words from offer_comment where state = 'refused'",
                args![],
            )
            .await
            .unwrap();
        assert_eq!(left, [(None,)], "its words are gone");
        let plain: Vec<(Option<String>,)> = casework
            .store()
            .read_db()
            .all(
                "select plain from journal where object_kind = 'offer_comment'",
                args![],
            )
            .await
            .unwrap();
        let plain: String = plain.into_iter().filter_map(|(p,)| p).collect();
        assert!(
            !plain.contains("Tom Elder") && !plain.contains("Dana"),
            "sealed"
        );
        let jo = council.viewer("jo.socialworker").await;
        assert!(matches!(
            casework.comment_board(&jo).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.comment(&jo, &breaks).await,
            Err(Error::NotFound)
        ));
    }
}

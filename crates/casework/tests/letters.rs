//! Letters to children and families.

mod at_work;

use at_work::{Home, home, once, row};
use casework::letters::{NewLetter, Post};
use casework::model::{Address, Decision, Letter};
use casework::testing::{TestCouncil, councils};
use casework::{Asked, Error, time};
use record::Actor;
use serde_json::json;
use vocabulary::{Id, ids};

async fn decision(council: &TestCouncil, home: &Home) -> Id<ids::Decision> {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let row = Decision {
        id: Id::new(),
        kind: "review".into(),
        contact_id: None,
        family_id: Some(home.family),
        person_id: Some(home.maya),
        step_id: None,
        level: None,
        indicators: json!([]),
        outcome: "go_on".into(),
        rationale: "The nights are quieter, and Layla asked for more time.".into(),
        considered: None,
        alternatives: None,
        child_words: Some("Jo comes every week until summer.".into()),
        guide_version: None,
        form: None,
        form_version: None,
        answers: json!({}),
        decided_by: home.priya.principal.worker,
        decided_at: tx.now(),
        version: 1,
    };
    tx.insert(&row).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

async fn lives(council: &TestCouncil, person: Id<ids::Person>, protected: bool, safe: bool) {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    tx.insert(&Address {
        id: Id::new(),
        person_id: person,
        kind: "home".into(),
        line1: "4 Larch Row".into(),
        line2: None,
        town: Some("Larkmere".into()),
        postcode: Some("LK1 4AB".into()),
        ward: None,
        team_id: None,
        started_on: Some(time::today()),
        ended_on: None,
        protected,
        safe_to_write: safe,
        unsafe_reason: (!safe && !protected).then(|| "He opens her post.".into()),
        wrong_reason: None,
        version: 1,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

fn letter(home: &Home, to: Id<ids::Person>, body: &str, once: &str) -> NewLetter {
    NewLetter {
        person: home.maya,
        to,
        decision: None,
        subject: "A letter for you".into(),
        body: body.into(),
        once: once.into(),
    }
}

/// UX15: the first draft has the name, the words for the child and what must
/// still be written; a letter with a gap is not kept.
#[tokio::test]
async fn ux15_the_first_draft_is_written_for_the_child() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let about = decision(&council, &home).await;
        let start = casework
            .letter_to_write(&home.jo, home.maya, None, Some(about))
            .await
            .unwrap();
        assert_eq!(start.kind, "letter-to-child", "Maya is over 10");
        assert!(start.body.starts_with("Dear Maya"), "{}", start.body);
        assert!(start.body.contains("Jo comes every week until summer."));
        assert!(start.body.contains("[what happens next, and when]"));
        assert!(start.body.contains("Jo Larch"));
        let young = casework
            .letter_to_write(&home.jo, home.idris, None, None)
            .await
            .unwrap();
        assert_eq!(young.kind, "letter-to-young-child");
        let mother = casework
            .letter_to_write(&home.jo, home.maya, Some(home.mother), Some(about))
            .await
            .unwrap();
        assert_eq!(mother.kind, "letter-to-family");
        assert_eq!(mother.needs, ["Interpreter needed: Arabic"]);
        let mut new = letter(&home, home.maya, &start.body, "l1");
        let gap = casework.keep_letter(&home.jo, &new).await;
        assert!(
            matches!(gap, Err(Error::Findings(f)) if f[0].field == "body" && f[0].message.contains("why"))
        );
        new.body = "Dear Maya\n\nI come every week until summer.\n\nJo".into();
        let id = casework.keep_letter(&home.jo, &new).await.unwrap();
        let again = casework.keep_letter(&home.jo, &new).await;
        assert!(matches!(again, Err(Error::Already(_))));
        let kept: Letter = row(&council, id).await;
        assert_eq!(kept.body, new.body);
        let stranger = casework
            .letter_to_write(&home.jo, home.maya, Some(home.stranger), None)
            .await;
        assert!(matches!(stranger, Err(Error::NotFound)));
        let tom = casework.letter_seen(&home.tom, id).await;
        assert!(matches!(tom, Err(Error::NotFound)));
    }
}

/// R002-10: a letter is not printed for, nor sent to, an address that is
/// protected or marked unsafe, and the refusal does not give the place away.
#[tokio::test]
async fn r002_10_no_letter_goes_to_an_address_marked_unsafe() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        lives(&council, home.maya, true, false).await;
        lives(&council, home.mother, false, false).await;
        for (to, why) in [
            (home.maya, "is protected"),
            (home.mother, "He opens her post."),
        ] {
            let new = letter(&home, to, "Dear you", &once());
            let id = casework.keep_letter(&home.jo, &new).await.unwrap();
            let seen = casework.letter_seen(&home.jo, id).await.unwrap();
            let Post::Never(words) = &seen.post else {
                panic!("the letter may go by post");
            };
            assert!(words.contains(why), "{words}");
            assert!(
                !words.contains("Larch Row") && !words.contains("LK1"),
                "{words}"
            );
            let sent = casework.give_letter(&home.jo, id, "post", &once()).await;
            assert!(matches!(sent, Err(Error::Refused(w)) if w.contains(why)));
            casework
                .give_letter(&home.jo, id, "hand", &once())
                .await
                .unwrap();
            let seen = casework.letter_seen(&home.jo, id).await.unwrap();
            assert!(seen.given.starts_with("Given by hand"));
        }
        lives(&council, home.idris, false, true).await;
        let mut new = letter(&home, home.idris, "Dear Idris", &once());
        new.person = home.idris;
        let id = casework.keep_letter(&home.jo, &new).await.unwrap();
        let seen = casework.letter_seen(&home.jo, id).await.unwrap();
        assert!(matches!(&seen.post, Post::To(lines) if lines[1] == "4 Larch Row"));
        casework
            .give_letter(&home.jo, id, "post", &once())
            .await
            .unwrap();
        let idris = casework
            .gate()
            .person(&home.jo, home.idris, Asked::to_read("test"))
            .await
            .unwrap()
            .unwrap();
        let list = casework.letters_of(&idris).await.unwrap();
        assert!(list[0].when.contains("sent by post"), "{list:?}");
    }
}

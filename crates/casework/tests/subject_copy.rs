//! A copy of what is written about a person, for whoever asks for it (R001-09):
//! what is in it, and what is held back and counted.

use casework::model::{Goal, Involvement, Meeting, MeetingState, Plan, Question, QuestionMessage};
use casework::testing::small_family::{begin, homes};
use casework::testing::{id_of, rows};
use casework::{Error, time};
use chrono::Utc;
use packs::Answers;
use vocabulary::{Id, ids};

fn once() -> String {
    Id::<ids::Note>::new().to_string()
}

/// R001-09: a copy for whoever asks for it holds the messages about the child and
/// the rest of the record, says what it holds back and why, and is on record.
#[tokio::test]
async fn r001_09_a_message_about_a_child_stands_in_the_subject_access_copy() {
    for home in homes().await {
        let casework = home.casework();
        let priya = home.council.viewer("priya.manager").await;
        let question: Id<ids::Part> = Id::new();
        let mut tx = begin(casework).await;
        tx.insert(&Question {
            id: question,
            person_id: home.maya,
            asked_by: id_of("tom.socialworker"),
            asked_as: "Tom Bramble, social worker".into(),
            to_worker: Some(id_of("jo.socialworker")),
            to_team: None,
            to_name: "Jo Larch, social worker".into(),
            topic: "Who fetches her?".into(),
            waits_for: "nobody".into(),
            asked_at: Utc::now(),
            moved_at: Utc::now(),
            version: 1,
        })
        .await
        .unwrap();
        tx.insert(&QuestionMessage {
            id: Id::new(),
            question_id: question,
            person_id: home.maya,
            written_by: id_of("jo.socialworker"),
            written_as: "Jo Larch, social worker".into(),
            words: "Her aunt in the blue house fetches her.".into(),
            written_at: Utc::now(),
            version: 1,
        })
        .await
        .unwrap();
        let hidden = Involvement {
            worker_id: None,
            team_id: None,
            role: "other".into(),
            name: "Sparrowgate clinic".into(),
            sensitive: true,
            lead: false,
            ..rows::allocated(home.maya, "jo.socialworker")
        };
        tx.insert(&hidden).await.unwrap();
        tx.commit().await.unwrap();
        let mut answers = Answers::new();
        answers.set("asker", "Maya herself");
        answers.set("checked", "She came with her aunt, and we know her");
        answers.set("asked_on", time::today().to_string());
        let jo = home.jo().await;
        let refused = casework.make_copy(&jo, home.maya, &answers, &once()).await;
        assert!(
            matches!(refused, Err(Error::Refused(_))),
            "a manager decides"
        );
        let done = casework
            .make_copy(&priya, home.maya, &answers, &once())
            .await
            .unwrap();
        let id: Id<ids::Part> = done.to.rsplit('/').next().unwrap().parse().unwrap();
        let copy = casework.copy_given(&priya, id).await.unwrap();
        let text = format!("{:?}", copy.parts);
        assert!(text.contains("Her aunt in the blue house fetches her."));
        assert!(text.contains("Jo Larch, social worker"));
        assert!(!text.contains("Sparrowgate"), "{text}");
        assert_eq!(copy.held.len(), 1, "{:?}", copy.held);
        assert!(copy.held[0].1.contains("a service that nobody is told of"));
        // What comes later stands in a later copy.
        let mut tx = begin(casework).await;
        tx.insert(&rows::restriction(home.idris, "high_risk"))
            .await
            .unwrap();
        let mut person: casework::model::Person = tx.get(home.maya).await.unwrap();
        person.going_well = Some("Swimming on Saturdays.".into());
        tx.update(&mut person).await.unwrap();
        tx.commit().await.unwrap();
        let same = casework.copy_given(&priya, id).await.unwrap();
        assert!(!format!("{:?}", same.parts).contains("Swimming"));
        assert!(!format!("{:?}", same.parts).contains("high_risk"));
        // Making it is a row of the record; looking at it a look to share.
        let person = home.see(&priya, home.maya).await;
        let changes = casework.gate().changes_of(&person, 50).await.unwrap();
        assert!(changes.iter().any(|c| c.object_kind == "subject_copy"));
        let looks = casework.gate().looks_at(&person, 50).await.unwrap();
        let shared = looks
            .iter()
            .filter(|l| l.purpose.as_deref() == Some("share"));
        assert!(shared.count() >= 2);
        let tom = home.council.viewer("tom.socialworker").await;
        assert!(matches!(
            casework.copy_given(&tom, id).await,
            Err(Error::NotFound)
        ));
    }
}

/// R001-09: the papers of the whole family are in a copy as far as they concern
/// the child; what is about a brother or was agreed with the police is counted.
#[tokio::test]
async fn r001_09_a_copy_holds_what_the_family_s_papers_say_of_the_child() {
    for home in homes().await {
        let casework = home.casework();
        let priya = home.council.viewer("priya.manager").await;
        home.plan_with_goal("Maya walks to school by herself.")
            .await;
        let plan = home.all::<Plan>("1 = 1").await.remove(0);
        let goal = home.all::<Goal>("1 = 1").await.remove(0);
        let mut tx = begin(casework).await;
        tx.insert(&Goal {
            id: Id::new(),
            person_id: Some(home.idris),
            wording: "Idris sleeps in his own bed.".into(),
            ..goal
        })
        .await
        .unwrap();
        for (kind, plan, words) in [
            (
                "child_in_need_review",
                Some(plan.id),
                "She walks on two days.",
            ),
            ("child_in_need_review", None, "About another plan."),
            ("strategy_discussion", Some(plan.id), "A search is planned."),
        ] {
            tx.insert(&Meeting {
                id: Id::new(),
                kind: kind.into(),
                family_id: home.family,
                plan_id: plan,
                held_at: Utc::now(),
                place: None,
                state: MeetingState::Held,
                purpose: None,
                discussion: Some(words.into()),
                decision: None,
                interpreter: None,
                chaired_by: None,
                made_by: id_of("jo.socialworker"),
                version: 1,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let mut answers = Answers::new();
        answers.set("asker", "Maya herself");
        answers.set("checked", "We know her");
        answers.set("asked_on", time::today().to_string());
        let token = once();
        let made = casework.make_copy(&priya, home.maya, &answers, &token);
        let to = made.await.unwrap().to;
        let id: Id<ids::Part> = to.rsplit('/').next().unwrap().parse().unwrap();
        let copy = casework.copy_given(&priya, id).await.unwrap();
        let text = format!("{:?}", copy.parts);
        for words in [
            "School and warmth.",
            "walks to school by herself",
            "on two days",
        ] {
            assert!(text.contains(words), "{words} is not in {text}");
        }
        for words in ["Idris sleeps", "another plan", "A search"] {
            assert!(!text.contains(words), "{words} is in {text}");
        }
        let held: Vec<i64> = copy.held.iter().map(|(n, _)| *n).collect();
        assert_eq!(held, [1, 1], "the brother and the police: {:?}", copy.held);
    }
}

//! Referrers and other councils are told, other teams are asked, all on record.

use casework::Error;
use casework::testing::{councils, team_of};
use packs::Answers;

use crate::help::Door;

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

//! Threshold decisions: what they keep, what follows, and the one hard gate.

use casework::Error;
use casework::front_door::ToldChild;
use casework::front_door::decision::Deciding;
use casework::model::{ContactState, Decision};
use casework::testing::{councils, team_of};
use casework::time;
use packs::Answers;

use crate::help::{Door, decision};

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

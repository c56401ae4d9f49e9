//! Partners at the front door, and two looks at the door itself.
#![allow(clippy::unwrap_used)]

#[path = "at_work/mod.rs"]
mod at_work;

use casework::Error;
use casework::clocks::{About, clock_of};
use casework::front_door::decision::Deciding;
use casework::model::{Clock, Contact, ContactChild, ContactState, Decision};
use casework::testing::{TestCouncil, councils};
use casework::{Casework, time};
use chrono::{DateTime, Duration, Utc};
use packs::Answers;
use record::{Actor, AssertSqlSafe, Entity, args};
use serde_json::json;
use vocabulary::Id;

use at_work::{Home, answers, home, once, row};

async fn contact_about(council: &TestCouncil, home: &Home, at: DateTime<Utc>) -> Contact {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let id = Id::new();
    let contact = Contact {
        reference: format!("LK-{}", &id.to_string()[28..]),
        id,
        route: "school".into(),
        form: "school-contact".into(),
        form_version: "2013-04-01".into(),
        answers: json!({}),
        state: ContactState::Screening,
        priority: 3,
        received_at: at,
        source: None,
        referrer_name: None,
        referrer_role: None,
        referrer_agency: None,
        referrer_phone: None,
        referrer_email: None,
        concern: "Maya comes without a coat and falls asleep.".into(),
        postcode: None,
        family_id: Some(home.family),
        team_id: None,
        screener_id: None,
        taken_by: None,
        screening_started_at: None,
        decided_at: None,
        outcome: None,
        version: 1,
    };
    tx.insert(&contact).await.unwrap();
    tx.insert(&ContactChild {
        id: Id::new(),
        contact_id: contact.id,
        told: json!({}),
        person_id: Some(home.maya),
        settled_at: Some(at),
        version: 1,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    contact
}

async fn clocks(council: &TestCouncil) -> Vec<Clock> {
    let sql = format!(
        "select {} from clock where about_kind = 'mash_check' and done_at is null order by id",
        Clock::COLUMNS.join(", ")
    );
    let db = council.casework.store().read_db();
    db.all(AssertSqlSafe(sql), args![]).await.unwrap()
}

fn asking(casework: &Casework, rag: &str) -> Answers {
    let pairs = [
        ("rag", rag),
        ("agencies", "police"),
        ("agencies", "health"),
        (
            "question",
            "What is known of the family, and of last winter?",
        ),
    ];
    answers(casework, "mash-send", &pairs)
}

fn analysis(casework: &Casework) -> Answers {
    answers(
        casework,
        "mash-analysis",
        &[
            ("known", "School: three times this month. Police: nothing."),
            ("not_known", "Who is at home at night."),
            ("analysis", "It is getting worse, and nobody knows why."),
            ("recommendation", "referral"),
        ],
    )
}

/// The four hours of an urgent check are four hours, also in the nights in which
/// the clocks go forward and back.
#[tokio::test]
async fn hours_are_hours_in_the_nights_of_summer_time() {
    for council in councils().await {
        let pack = council.casework.pack();
        for night in ["2027-03-28T00:30:00Z", "2027-10-30T23:30:00Z"] {
            let at: DateTime<Utc> = night.parse().expect("a moment");
            let rule = pack
                .clock("mash-check-red", time::local(at).date())
                .expect("the rule");
            let clock = clock_of(Id::new(), pack, rule, at, &About::default());
            assert_eq!(clock.due_at - at, Duration::hours(4), "{night}");
        }
    }
}

/// R003-08, R003-14, UX17: each check has its question and its clock, the
/// missing partner is named, and a partner sees only what it was asked.
#[tokio::test]
async fn r003_08_a_partner_answers_and_the_missing_one_is_named() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let contact = contact_about(&council, &home, Utc::now()).await;
        let farah = council.viewer("farah.screener").await;
        casework
            .ask_partners(&farah, contact.id, &asking(casework, "amber"), &once())
            .await
            .unwrap();
        let view = casework.mash(&farah, contact.id).await.unwrap();
        assert_eq!(view.waiting, ["Health", "Police"]);
        let running = clocks(&council).await;
        assert_eq!(running.len(), 2);
        assert_eq!(
            running[0].due_at - running[0].started_at,
            Duration::hours(24)
        );
        // Asked again, nobody is asked twice.
        casework
            .ask_partners(&farah, contact.id, &asking(casework, "amber"), &once())
            .await
            .unwrap();
        assert_eq!(clocks(&council).await.len(), 2);

        let chen = council.viewer("chen.police").await;
        let mine = casework.checks_for_me(&chen).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert!(mine[0].check.about.contains("Maya Haddad"));
        let health = view
            .checks
            .iter()
            .find(|l| l.check.agency == "health")
            .unwrap();
        assert!(matches!(
            casework.check(&chen, health.check.id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.mash(&chen, contact.id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.checks_for_me(&home.tom).await,
            Err(Error::NotFound)
        ));
        let empty = answers(casework, "mash-answer", &[("found", "information")]);
        let refused = casework
            .answer_check(&chen, mine[0].check.id, &empty, &once())
            .await;
        assert!(
            matches!(refused, Err(Error::Findings(_))),
            "something held is written down"
        );
        let no_trace = answers(casework, "mash-answer", &[("found", "no_trace")]);
        casework
            .answer_check(&chen, mine[0].check.id, &no_trace, &once())
            .await
            .unwrap();
        let view = casework.mash(&farah, contact.id).await.unwrap();
        assert_eq!(view.waiting, ["Health"]);
        assert!(view.checks.iter().any(|l| l.state == "No trace"));
        assert_eq!(clocks(&council).await.len(), 1);
        let again = casework
            .answer_check(&chen, mine[0].check.id, &no_trace, &once())
            .await;
        assert!(matches!(again, Err(Error::Refused(_))));
    }
}

/// R003-14: changing the urgency keeps old, new and reason, and the clock runs
/// from when the partner was asked.
#[tokio::test]
async fn r003_14_changing_the_urgency_keeps_the_reason() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let contact = contact_about(&council, &home, Utc::now()).await;
        let farah = council.viewer("farah.screener").await;
        casework
            .ask_partners(&farah, contact.id, &asking(casework, "green"), &once())
            .await
            .unwrap();
        let bare = casework
            .change_urgency(&farah, contact.id, "red", " ", &once())
            .await;
        assert!(matches!(bare, Err(Error::Findings(f)) if f[0].field == "rag_reason"));
        casework
            .change_urgency(
                &farah,
                contact.id,
                "red",
                "He has come back to the home.",
                &once(),
            )
            .await
            .unwrap();
        let running = clocks(&council).await;
        assert_eq!(running.len(), 2);
        assert!(running.iter().all(|c| c.rule == "mash-check-red"));
        assert_eq!(
            running[0].due_at - running[0].started_at,
            Duration::hours(4)
        );
        let sql = format!(
            "select {} from decision where kind = 'mash_urgency'",
            Decision::COLUMNS.join(", ")
        );
        let kept: Vec<Decision> = casework
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![])
            .await
            .unwrap();
        let words = kept[0].considered.as_deref().unwrap();
        assert!(
            words.starts_with("Green") && words.contains("Red"),
            "{words}"
        );
        assert_eq!(kept[0].rationale, "He has come back to the home.");
    }
}

/// R003-15: nothing is decided without the analysis, and then by a manager.
#[tokio::test]
async fn r003_15_the_analysis_comes_before_a_managers_decision() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let contact = contact_about(&council, &home, Utc::now()).await;
        let farah = council.viewer("farah.screener").await;
        casework
            .ask_partners(&farah, contact.id, &asking(casework, "amber"), &once())
            .await
            .unwrap();
        let decision = answers(
            casework,
            "threshold-decision",
            &[
                ("level", "2"),
                ("rationale", "Advice is enough for now, with the school."),
                ("outcome", "advice"),
            ],
        );
        let level = casework
            .form("threshold-decision")
            .unwrap()
            .field("level")
            .unwrap();
        let first = level
            .kind
            .options()
            .unwrap()
            .on(time::today())
            .next()
            .unwrap()
            .value
            .clone();
        let mut decision = decision;
        decision.set("level", first);
        let version = row::<Contact>(&council, contact.id).await.version;
        let page = Deciding {
            version,
            team: None,
            once: once(),
        };
        let early = casework
            .decide_contact(&farah, contact.id, &decision, &page)
            .await;
        assert!(matches!(early, Err(Error::Findings(f)) if f.len() == 2));
        casework
            .write_analysis(&farah, contact.id, &analysis(casework), &once())
            .await
            .unwrap();
        let not_hers = casework
            .decide_contact(&farah, contact.id, &decision, &page)
            .await;
        assert!(matches!(not_hers, Err(Error::Findings(f)) if f[0].message.contains("manager")));
        casework
            .decide_contact(&home.priya, contact.id, &decision, &page)
            .await
            .unwrap();
        assert_eq!(
            row::<Contact>(&council, contact.id).await.state,
            ContactState::Decided
        );
        let late = casework
            .write_analysis(&farah, contact.id, &analysis(casework), &once())
            .await;
        assert!(matches!(late, Err(Error::Refused(_))));

        // R003-05: somebody else rates it again without seeing the level.
        let sam = council.viewer("sam.manager").await;
        let sample = casework.to_rate(&sam).await.unwrap();
        assert_eq!(sample.len(), 1);
        assert!(sample[0].concern.contains("coat"));
        let rating = answers(
            casework,
            "blind-rating",
            &[
                ("level", decision.text("level")),
                ("rationale", "The same worries me."),
            ],
        );
        casework
            .rate_again(&sam, sample[0].id, &rating, &once())
            .await
            .unwrap();
        let agreement = casework.agreement(&sam).await.unwrap();
        assert_eq!((agreement.rated, agreement.percent()), (1, Some(100)));
        assert!(casework.to_rate(&sam).await.unwrap().is_empty());
        assert!(
            casework.to_rate(&home.priya).await.unwrap().is_empty(),
            "not one’s own"
        );
        assert!(matches!(
            casework.to_rate(&farah).await,
            Err(Error::NotFound)
        ));
    }
}

/// R002-09: three contacts in twelve months without an assessment are on the
/// manager's list; two, or an old one, are not.
#[tokio::test]
async fn r002_09_three_contacts_without_assessment_are_seen() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        contact_about(&council, &home, Utc::now() - Duration::days(500)).await;
        contact_about(&council, &home, Utc::now() - Duration::days(90)).await;
        contact_about(&council, &home, Utc::now() - Duration::days(30)).await;
        let (_, rows) = casework.repeated_contacts(&home.priya).await.unwrap();
        assert!(rows.is_empty());
        contact_about(&council, &home, Utc::now()).await;
        let (standard, rows) = casework.repeated_contacts(&home.priya).await.unwrap();
        assert!(standard.contains("3 contacts"));
        assert_eq!((rows.len(), rows[0].contacts), (1, 3));
        assert_eq!(rows[0].person_id, home.maya);
        let jo = casework.repeated_contacts(&home.jo).await;
        assert!(matches!(jo, Err(Error::NotFound)));
    }
}

//! Strategy discussions and section 47 enquiries.

use casework::Error;
use casework::model::{
    Chronology, Contact, ContactChild, ContactState, Decision, Meeting, Step, StepState,
};
use casework::protection::From;
use casework::testing::{councils, id_of};
use chrono::{Duration, Utc};
use record::Actor;
use serde_json::json;
use vocabulary::Id;

use crate::at_work::{home, once, row};
use crate::support::*;

/// UX08: the partners are listed and nobody is ticked; starting twice leads to
/// the one that is open.
#[tokio::test]
async fn ux08_partners_are_listed_and_none_is_ticked() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let id = casework
            .start_strategy(&home.jo, From::Child(home.maya), &once())
            .await
            .unwrap();
        let page = casework.strategy(&home.jo, id).await.unwrap();
        let titles: Vec<&str> = page.seats.iter().map(|s| s.title.as_str()).collect();
        for wanted in [
            "Children’s social care",
            "Police",
            "Health",
            "School, nursery or college",
        ] {
            assert!(titles.contains(&wanted), "{wanted} in {titles:?}");
        }
        assert!(page.seats.iter().all(|s| s.row.came.is_none()));
        let health = page.seats.iter().find(|s| s.title == "Health").unwrap();
        assert_eq!(health.row.name, "Rosa Mbeki", "who is known is named");
        assert_eq!(running(&council, "strategy-discussion").await.len(), 1);
        let again = casework
            .start_strategy(&home.jo, From::Child(home.maya), &once())
            .await
            .unwrap();
        assert_eq!(again, id);
    }
}

/// R003-24, UX09: without the police a reason is asked; with it the discussion
/// stands, and the absence is on record.
#[tokio::test]
async fn r003_24_a_missing_partner_asks_for_its_reason() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let id = casework
            .start_strategy(&home.jo, From::Child(home.maya), &once())
            .await
            .unwrap();
        let page = casework.strategy(&home.jo, id).await.unwrap();
        let mut seats = all_came(&page.seats);
        let police = page.seats.iter().position(|s| s.title == "Police").unwrap();
        seats[police].came = "absent".into();
        let answers = strategy_answers(casework, "no_further", Utc::now());
        let refused = casework
            .record_strategy(&home.jo, id, &answers, &seats, &once())
            .await;
        let Err(Error::Findings(found)) = refused else {
            panic!("it must ask why")
        };
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].field, format!("seat.{police}.absent_why"));
        seats[police].absent_why = "No officer answered; told by secure mail at 2pm".into();
        casework
            .record_strategy(&home.jo, id, &answers, &seats, &once())
            .await
            .unwrap();
        let page = casework.strategy(&home.jo, id).await.unwrap();
        let police = page.seats.iter().find(|s| s.title == "Police").unwrap();
        assert_eq!(police.row.came.as_deref(), Some("absent"));
        assert!(running(&council, "strategy-discussion").await.is_empty());
    }
}

/// R003-07: from a contact, by the person who decides at the front door, and
/// the minutes from the contact are on the page.
#[tokio::test]
async fn r003_07_from_a_contact_with_the_minutes_it_took() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let contact = Contact {
            id: Id::new(),
            reference: "LK-TEST".into(),
            route: "phone".into(),
            form: "phone-contact".into(),
            form_version: "2013-04-01".into(),
            answers: json!({}),
            state: ContactState::Screening,
            priority: 1,
            received_at: Utc::now() - Duration::minutes(95),
            source: None,
            referrer_name: None,
            referrer_role: None,
            referrer_agency: None,
            referrer_phone: None,
            referrer_email: None,
            concern: "Maya has a mark on her arm.".into(),
            postcode: None,
            family_id: Some(home.family),
            team_id: None,
            screener_id: Some(id_of("farah.screener")),
            taken_by: None,
            screening_started_at: None,
            decided_at: None,
            outcome: None,
            version: 1,
        };
        tx.insert(&contact).await.unwrap();
        let farah = council.viewer("farah.screener").await;
        tx.commit().await.unwrap();
        let nobody = casework
            .start_strategy(&farah, From::Contact(contact.id), &once())
            .await;
        assert!(
            matches!(nobody, Err(Error::Refused(why)) if why.contains("Find or create the child"))
        );
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        tx.insert(&ContactChild {
            id: Id::new(),
            contact_id: contact.id,
            told: json!({}),
            person_id: Some(home.maya),
            settled_at: Some(Utc::now()),
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let id = casework
            .start_strategy(&farah, From::Contact(contact.id), &once())
            .await
            .unwrap();
        let page = casework.strategy(&farah, id).await.unwrap();
        assert_eq!(page.minutes, None, "not before it was held");
        let answers = strategy_answers(casework, "section47", Utc::now());
        casework
            .record_strategy(&farah, id, &answers, &all_came(&page.seats), &once())
            .await
            .unwrap();
        let page = casework.strategy(&farah, id).await.unwrap();
        assert!((94..=96).contains(&page.minutes.unwrap()));
        assert_eq!(page.follows.len(), 1, "enquiries began");
    }
}

/// The 15 working days run from the discussion, whenever it is written down,
/// and outlive the enquiries until the conference is held.
#[tokio::test]
async fn the_conference_clock_runs_from_the_discussion() {
    for council in councils().await {
        let home = home(&council).await;
        let held = Utc::now() - Duration::hours(30);
        let step = to_section47(&council, &home, held).await;
        let clock = running(&council, "initial-conference").await;
        assert_eq!(clock.len(), 1);
        assert!((clock[0].started_at - held).num_minutes().abs() <= 1);
        assert_eq!(clock[0].path, format!("/steps/{}", step.id));
        let meeting: Vec<Meeting> = rows(&council, "kind = 'strategy_discussion'").await;
        assert_eq!(meeting[0].state.as_str(), "held");
        let told: Vec<Chronology> = rows(&council, "kind = 'harm'").await;
        assert_eq!(told.len(), 1, "it proposes itself to the chronology");
        let decision: Vec<Decision> = rows(&council, "kind = 'strategy'").await;
        assert_eq!(decision[0].outcome, "section47");
    }
}

/// R003-20, R003-22: with only enquiries, analysis, recommendation and the
/// manager are missing, and it cannot be sent.
#[tokio::test]
async fn r003_22_a_list_of_enquiries_is_not_enough() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_section47(&council, &home, Utc::now()).await;
        save(casework, &home.jo, step.id, "enquiries", ENQUIRIES).await;
        let overview = casework.step_overview(&home.jo, step.id).await.unwrap();
        assert_eq!(overview.five_parts().len(), 5);
        assert!(
            overview.five_parts()[0].done,
            "what the discussion said is there (R001-21)"
        );
        assert_eq!(
            overview.parts_missing(),
            ["Analysis", "Recommendation", "The manager’s decision"]
        );
        let sent = casework
            .submit_step(&home.jo, step.id, &[], &once())
            .await
            .unwrap();
        let fields: Vec<&str> = sent.findings.iter().map(|f| f.field.as_str()).collect();
        for wanted in ["analysis", "outcome", "why"] {
            assert!(fields.contains(&wanted), "{wanted} in {fields:?}");
        }
        assert_eq!(row::<Step>(&council, step.id).await.state, StepState::Open);
    }
}

/// R003-23: nobody authorises their own section 47 enquiries; a manager who
/// did not write them does, and the conference begins.
#[tokio::test]
async fn r003_23_the_author_cannot_authorise_enquiries() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_section47(&council, &home, Utc::now()).await;
        // The manager writes a part of it herself.
        save(casework, &home.priya, step.id, "enquiries", ENQUIRIES).await;
        write_section47(casework, &home.jo, step.id).await;
        let sent = casework
            .submit_step(&home.jo, step.id, &[], &once())
            .await
            .unwrap();
        assert!(sent.findings.is_empty(), "{:?}", sent.findings);
        let own = authorise(casework, &home.priya, step.id, "conference").await;
        assert!(matches!(own, Err(Error::Refused(why)) if why.contains("wrote in this")));
        let director = council.viewer("okafor.director").await;
        authorise(casework, &director, step.id, "conference")
            .await
            .unwrap();
        let conference: Vec<Step> = rows(&council, "kind = 'initial-conference'").await;
        assert_eq!(conference.len(), 1);
        let clock = running(&council, "initial-conference").await;
        assert_eq!(clock.len(), 1, "the 15 days run on");
        assert_eq!(clock[0].path, format!("/conferences/{}", conference[0].id));
        assert_eq!(running(&council, "conference-request").await.len(), 1);
        let overview = casework.step_overview(&home.jo, step.id).await.unwrap();
        assert!(overview.parts_missing().is_empty());
    }
}

/// No concern: the clock of the conference stops, and there is a way on.
#[tokio::test]
async fn r001_32_no_concern_is_no_dead_end() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_section47(&council, &home, Utc::now()).await;
        write_section47(casework, &home.jo, step.id).await;
        casework
            .submit_step(&home.jo, step.id, &[], &once())
            .await
            .unwrap();
        authorise(casework, &home.priya, step.id, "no_concern")
            .await
            .unwrap();
        assert!(running(&council, "initial-conference").await.is_empty());
        let overview = casework.step_overview(&home.jo, step.id).await.unwrap();
        assert!(!overview.follows.is_empty());
        let stranger = casework.strategy(&home.tom, step.id).await;
        assert!(
            matches!(stranger, Err(Error::NotFound)),
            "another team sees nothing"
        );
    }
}

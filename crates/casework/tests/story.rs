//! The story: the timeline is everything the viewer may see and nothing else;
//! the chronology is what a worker took in.

use casework::model::{
    Address, Chronology, ChronologyState, Contact, ContactChild, ContactState, Meeting,
    MeetingState,
};
use casework::notes::NewNote;
use casework::story::{Asking, Choice, NewEntry, Settling, Story};
use casework::testing::id_of;
use casework::testing::small_family::{Home, begin, day, homes};
use casework::{Error, Viewer, time};
use chrono::{Days, TimeDelta, Utc};
use packs::Answers;
use record::db::count_queries;
use serde_json::json;
use vocabulary::{Id, ids};

fn note(home: &Home, words: &str) -> NewNote {
    NewNote {
        person: home.maya,
        words: words.into(),
        only_here: String::new(),
        happened_at: None,
        sensitive: false,
        all_children: false,
        also: Vec::new(),
        once: Id::<ids::Note>::new().to_string(),
    }
}

async fn story(home: &Home, viewer: &Viewer, of: Id<ids::Person>, asking: &Asking) -> Story {
    let person = home.see(viewer, of).await;
    let casework = home.casework();
    let circle = casework.circle(viewer, &person, "story").await.unwrap();
    casework
        .timeline(viewer, &person, &circle, asking)
        .await
        .unwrap()
}

fn family() -> Asking {
    Asking {
        family: true,
        ..Asking::default()
    }
}

async fn contact_about(home: &Home, children: &[Id<ids::Person>]) -> Contact {
    let contact = Contact {
        id: Id::new(),
        reference: Id::<ids::Contact>::new().to_string(),
        route: "school".into(),
        form: "school-contact".into(),
        form_version: "2013-04-01".into(),
        answers: json!({}),
        state: ContactState::New,
        priority: 3,
        received_at: Utc::now() - TimeDelta::days(40),
        source: None,
        referrer_name: Some("Mr Fell".into()),
        referrer_role: None,
        referrer_agency: Some("Larkmere Academy".into()),
        referrer_phone: None,
        referrer_email: None,
        concern: "Idris and Maya came without a coat.".into(),
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
    let mut tx = begin(home.casework()).await;
    tx.insert(&contact).await.unwrap();
    for child in children {
        tx.insert(&ContactChild {
            id: Id::new(),
            contact_id: contact.id,
            told: json!({}),
            person_id: Some(*child),
            settled_at: None,
            version: 1,
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    contact
}

/// The timeline joins every table, newest first, and says no time where only
/// the day is known.
#[tokio::test]
async fn the_timeline_is_everything_newest_first() {
    for home in homes().await {
        let jo = home.jo().await;
        contact_about(&home, &[home.maya]).await;
        home.plan_with_goal("Warm.").await;
        let mut tx = begin(home.casework()).await;
        tx.insert(&Meeting {
            id: Id::new(),
            kind: "child_in_need_review".into(),
            family_id: home.family,
            plan_id: None,
            held_at: Utc::now() - TimeDelta::days(3),
            place: None,
            state: MeetingState::Held,
            purpose: None,
            discussion: None,
            decision: Some("Carry on.".into()),
            interpreter: None,
            chaired_by: Some("Priya Thorne".into()),
            made_by: id_of("jo.socialworker"),
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let new = NewNote {
            all_children: true,
            ..note(&home, "Tea.")
        };
        home.casework().save_note(&jo, &new).await.unwrap();
        let told = story(&home, &jo, home.maya, &Asking::default()).await;
        let titles: Vec<&str> = told.entries.iter().map(|e| e.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Note",
                "Child in need review",
                "Child in need plan began",
                "New lead worker",
                "Contact from a school"
            ]
        );
        assert_eq!(told.total, 5);
        assert!(told.entries[0].at.is_some());
        assert!(told.entries[2].at.is_none(), "only the day is known");
        assert_eq!(told.entries[4].who, "Mr Fell");
        let contacts: i64 = told.months.iter().map(|m| m.contacts).sum();
        assert_eq!((told.months.len(), contacts), (24, 1));

        let notes = Asking {
            kinds: vec!["notes".into(), "forged') or 1=1 --".into()],
            ..Asking::default()
        };
        assert_eq!(story(&home, &jo, home.maya, &notes).await.total, 1);
        let week = Asking {
            from: Some(time::today() - Days::new(7)),
            to: Some(time::today() - Days::new(1)),
            ..Asking::default()
        };
        let week = story(&home, &jo, home.maya, &week).await;
        assert_eq!(week.entries.len(), 1);
        assert_eq!(week.entries[0].kind, "meeting");
        let start = Asking {
            from: Some(time::today() - Days::new(20)),
            to: Some(time::today() - Days::new(20)),
            ..Asking::default()
        };
        assert_eq!(
            story(&home, &jo, home.maya, &start).await.total,
            1,
            "a whole day is found"
        );
    }
}

/// In the family's story a note copied to three children stands once, with
/// their names.
#[tokio::test]
async fn the_family_view_shows_a_copied_note_once() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            only_here: "Maya only.".into(),
            all_children: true,
            ..note(&home, "Tea.")
        };
        home.casework().save_note(&jo, &new).await.unwrap();
        let mut told = story(&home, &jo, home.maya, &family()).await;
        told.entries.retain(|e| e.kind == "note");
        assert_eq!(told.entries.len(), 1);
        assert_eq!(told.entries[0].about.len(), 3);
        assert!(told.entries[0].only_here.is_none());
        let hers = story(&home, &jo, home.maya, &Asking::default()).await;
        assert_eq!(hers.entries[0].only_here.as_deref(), Some("Maya only."));
        let his = story(&home, &jo, home.idris, &Asking::default()).await;
        assert!(his.entries[0].only_here.is_none());
    }
}

/// S4, T2: what belongs to a brother whom the viewer may not see is in no
/// list and no count; a contact that names him keeps its words back.
#[tokio::test]
async fn nothing_of_a_restricted_brother_is_told() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            all_children: true,
            ..note(&home, "Tea.")
        };
        home.casework().save_note(&jo, &new).await.unwrap();
        contact_about(&home, &[home.maya, home.idris]).await;
        contact_about(&home, &[home.idris]).await;
        let before = story(&home, &jo, home.maya, &family()).await;
        assert_eq!(before.total, 4);
        home.restrict(home.idris).await;
        let told = story(&home, &jo, home.maya, &family()).await;
        assert_eq!(told.total, 3);
        let text = format!("{told:?}");
        assert!(!text.contains("Idris"), "{text}");
        assert!(!text.contains(home.idris.as_str()));
        let contact = told.entries.iter().find(|e| e.kind == "contact").unwrap();
        assert_eq!(
            (contact.words.as_str(), contact.who.as_str()),
            ("", "Larkmere Academy")
        );
    }
}

/// A sensitive note and a protected address are told only to those who may
/// see them, and `latest` keeps to the same.
#[tokio::test]
async fn sensitive_things_are_told_to_those_who_may_know() {
    for home in homes().await {
        let (jo, amina) = (home.jo().await, home.council.viewer("amina.asye").await);
        let secret = NewNote {
            sensitive: true,
            ..note(&home, "About the grandfather.")
        };
        home.casework().save_note(&jo, &secret).await.unwrap();
        let mut tx = begin(home.casework()).await;
        tx.insert(&Address {
            id: Id::new(),
            person_id: home.maya,
            kind: "home".into(),
            line1: "4 Quiet Row".into(),
            line2: None,
            town: None,
            postcode: None,
            ward: None,
            team_id: None,
            started_on: Some(time::today() - Days::new(5)),
            ended_on: None,
            protected: true,
            safe_to_write: false,
            unsafe_reason: None,
            wrong_reason: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let all = story(&home, &jo, home.maya, &Asking::default()).await;
        assert_eq!(all.total, 3);
        assert!(all.entries[0].sensitive);
        let less = story(&home, &amina, home.maya, &Asking::default()).await;
        assert_eq!(less.total, 1);
        let counted: i64 = less.months.iter().map(|m| m.all).sum();
        assert_eq!(counted, 1);
        let text = format!("{less:?}");
        assert!(!text.contains("grandfather") && !text.contains("Quiet Row"));
        for (viewer, n) in [(&jo, 3), (&amina, 1)] {
            let maya = home.see(viewer, home.maya).await;
            let latest = home.casework().latest(viewer, &maya, 10).await.unwrap();
            assert_eq!(latest.len(), n);
        }
        let maya = home.see(&jo, home.maya).await;
        assert_eq!(
            home.casework().latest(&jo, &maya, 2).await.unwrap().len(),
            2
        );
    }
}

/// P5: at most 12 statements, whatever there is to tell; 500 events come in
/// pages.
#[tokio::test]
async fn p5_a_long_story_costs_few_statements_and_comes_in_pages() {
    for home in homes().await {
        let jo = home.jo().await;
        let mut tx = begin(home.casework()).await;
        for n in 0..500 {
            tx.insert(&casework::model::Note {
                id: Id::new(),
                person_id: home.maya,
                family_id: Some(home.family),
                group_id: Id::new(),
                kind: "note".into(),
                happened_at: Utc::now() - TimeDelta::days(n),
                recorded_at: Utc::now() - TimeDelta::days(n),
                author_id: id_of("jo.socialworker"),
                words: format!("Note {n}."),
                only_here: None,
                visit: None,
                goal_id: None,
                seen: None,
                seen_alone: None,
                sensitive: false,
                pinned: false,
                corrected_at: None,
                correction_reason: None,
                version: 1,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let page = Asking {
            page: 2,
            ..Asking::default()
        };
        let (told, statements) = count_queries(story(&home, &jo, home.maya, &page)).await;
        assert!(statements <= 5, "{statements} statements");
        assert_eq!((told.page, told.entries.len()), (2, 40));
        assert!(told.pages >= 13);
        let beyond = Asking {
            page: 9999,
            ..Asking::default()
        };
        let last = story(&home, &jo, home.maya, &beyond).await;
        assert_eq!(last.page, last.pages);
    }
}

async fn proposal(home: &Home, wording: &str) -> Chronology {
    let row = Chronology {
        id: Id::new(),
        person_id: home.maya,
        happened_on: day(2026, 3, 4),
        kind: "contact".into(),
        wording: wording.into(),
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("contact".into()),
        source_id: Some(Id::<ids::Contact>::new().to_string()),
        reported_by: None,
        made_at: Utc::now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    };
    let mut tx = begin(home.casework()).await;
    tx.insert(&row).await.unwrap();
    tx.commit().await.unwrap();
    row
}

fn settling(row: &Chronology, choice: Choice) -> Settling {
    Settling {
        id: row.id,
        version: row.version,
        choice,
        wording: "The school told us about coats.".into(),
        response: "We visited.".into(),
        impact: "Maya was cold at school.".into(),
        significance: "high".into(),
    }
}

/// Proposals are taken in with a wording, or left out; those taken in keep
/// their source, those left out stay in the timeline.
#[tokio::test]
async fn proposals_are_taken_in_or_left_out_and_keep_their_source() {
    for home in homes().await {
        let jo = home.jo().await;
        let (one, two) = (
            proposal(&home, "Contact from a school.").await,
            proposal(&home, "Contact again.").await,
        );
        let told = story(&home, &jo, home.maya, &Asking::default()).await;
        assert_eq!(told.proposed, 2);
        let choices = [settling(&one, Choice::Take), settling(&two, Choice::Leave)];
        let done = home
            .casework()
            .settle_chronology(&jo, home.maya, &choices)
            .await
            .unwrap();
        assert_eq!(done, (1, 1));
        // A second worker with the old page changes nothing.
        let again = home
            .casework()
            .settle_chronology(&jo, home.maya, &choices)
            .await
            .unwrap();
        assert_eq!(again, (0, 0));
        let maya = home.see(&jo, home.maya).await;
        let page = home.casework().chronology(&maya).await.unwrap();
        assert_eq!(
            (page.entries.len(), page.proposed.len(), page.left_out),
            (1, 0, 1)
        );
        let entry = &page.entries[0];
        assert_eq!(entry.row.wording, "The school told us about coats.");
        assert_eq!(entry.row.significance.as_deref(), Some("high"));
        assert_eq!(entry.source.words, "Contact");
        let path = format!("/contacts/{}", one.source_id.clone().unwrap());
        assert_eq!(entry.source.path.as_deref(), Some(path.as_str()));
        // Another child's page cannot settle Maya's.
        let three = proposal(&home, "A third.").await;
        let other = home
            .casework()
            .settle_chronology(&jo, home.idris, &[settling(&three, Choice::Take)])
            .await
            .unwrap();
        assert_eq!(other, (0, 0));
    }
}

/// Every entry says where it comes from: a record of ours, or who told us.
#[tokio::test]
async fn an_entry_by_hand_says_who_told_us_and_one_from_a_note_links_to_it() {
    for home in homes().await {
        let jo = home.jo().await;
        let mut answers = Answers::new();
        answers.set("happened_on", "2016-05-01");
        answers.set("kind", "move");
        answers.set("wording", "The family moved to Larkmere.");
        answers.set("significance", "medium");
        let mut new = NewEntry {
            person: home.maya,
            answers,
            note: None,
            once: "entry".into(),
        };
        let asked = home.casework().add_to_chronology(&jo, &new).await;
        assert!(matches!(asked, Err(Error::Findings(f)) if f[0].field == "reported_by"));
        new.answers
            .set("reported_by", "her grandmother, by telephone");
        let id = home.casework().add_to_chronology(&jo, &new).await.unwrap();
        let saved = home
            .casework()
            .save_note(&jo, &note(&home, "She fell."))
            .await
            .unwrap();
        let from_note = NewEntry {
            note: Some(saved.note),
            once: "from a note".into(),
            ..new.clone()
        };
        home.casework()
            .add_to_chronology(&jo, &from_note)
            .await
            .unwrap();
        let maya = home.see(&jo, home.maya).await;
        let page = home.casework().chronology(&maya).await.unwrap();
        let sources: Vec<&str> = page
            .entries
            .iter()
            .map(|e| e.source.words.as_str())
            .collect();
        assert_eq!(
            sources,
            ["Reported by her grandmother, by telephone", "Case note"]
        );
        let told = story(&home, &jo, home.maya, &Asking::default()).await;
        let by_kind = |kind: &str| told.entries.iter().find(|e| e.kind == kind).unwrap();
        assert!(by_kind("note").significant);
        assert!(by_kind("life").significant);
        // Changing it keeps the source and refuses a stale page.
        let mut better = new.answers.clone();
        better.set("wording", "The family moved to Larkmere in spring.");
        home.casework()
            .change_entry(&jo, id, 1, &better)
            .await
            .unwrap();
        let stale = home.casework().change_entry(&jo, id, 1, &better).await;
        assert!(matches!(stale, Err(Error::Stale)));
        let tom = home.council.viewer("tom.socialworker").await;
        let denied = home.casework().change_entry(&tom, id, 2, &better).await;
        assert!(matches!(denied, Err(Error::NotFound)));
    }
}

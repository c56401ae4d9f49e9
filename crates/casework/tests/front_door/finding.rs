//! The child is found or created, with the family and the history, and a
//! restricted one is absent.

use casework::Error;
use casework::find::Wanted;
use casework::front_door::identify::NewChild;
use casework::model::PersonKind;
use casework::testing::councils;
use packs::Answers;
use record::db::count_queries;
use vocabulary::Id;

use crate::help::Door;

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

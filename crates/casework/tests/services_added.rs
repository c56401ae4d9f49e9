//! New entries of the directory by a form, and what the public suggests, on
//! both databases.

mod keeper;

use casework::Error;
use casework::model::DirectoryChange;
use casework::testing::{TestCouncil, councils};
use casework::{Viewer, time};
use directory::fields::Snapshot;
use directory::model::LocationType;
use directory::search::{How, Wanted};
use keeper::{editor, kept};
use packs::{Answers, Severity};
use vocabulary::plain;

/// A form as an editor fills it in.
fn written(name: &str) -> Answers {
    let mut answers = Answers::new();
    for (field, text) in [
        ("organisation", "other"),
        ("new_organisation", "Tern Street Friends"),
        ("new_about", "Neighbours who run groups for families."),
        ("name", name),
        ("description", "Songs, stories and a warm room."),
        ("status", "active"),
        ("ages_from", "0"),
        ("ages_to", "4"),
        ("languages", "English\nPolish"),
        ("times", "Tuesdays and Thursdays, 9:30am to 11am"),
        ("cost", "£2 a session"),
        ("apply", "Just come."),
        ("wait", "No wait"),
        ("phones", "020 7946 0999, mornings"),
        ("email", "hello@ternstreet.example"),
    ] {
        answers.set(field, text);
    }
    let mut hall = Answers::new();
    for (field, text) in [
        ("place", "Tern Street Hall"),
        ("address_1", "5 Tern Street"),
        ("town", "Larkmere"),
        ("postcode", "lk45aa"),
        ("access", "Step-free way in"),
        ("secret", "no"),
    ] {
        hall.set(field, text);
    }
    answers.set_groups("places", vec![hall]);
    answers
}

async fn id_of_service(council: &TestCouncil, name: &str) -> Option<String> {
    let catalogue = council.casework.catalogue().await.unwrap();
    let mut entries = catalogue.directory.published(catalogue.today);
    entries
        .find(|e| e.service.name == name)
        .map(|e| e.service.id.clone())
}

async fn suggestions(council: &TestCouncil, me: &Viewer) -> Vec<casework::services::ReportLine> {
    council.casework.directory_board(me).await.unwrap().reports
}

#[tokio::test]
async fn an_editor_adds_a_service_and_families_find_it() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let mut answers = written("Tern Street tots");
        answers.set("told", "yes");
        let done = casework
            .add_service(&me, None, &answers, "once-1")
            .await
            .unwrap();
        assert_eq!(done.words, "Added: it is published.");
        let id = id_of_service(&council, "Tern Street tots").await.unwrap();
        assert_eq!(done.to, format!("/directory/services/{id}"));
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        let owner = entry.service.organization_id.as_deref().unwrap();
        let owner = catalogue.directory.organization(owner).unwrap();
        assert_eq!(owner.name, "Tern Street Friends");
        let now = Snapshot::of(&catalogue.directory, entry);
        let text = |name, place: Option<&String>| {
            let place = place.cloned();
            now.text(&directory::fields::Key { place, name })
        };
        assert_eq!(
            text("times", None),
            "Tuesdays and Thursdays, 9:30am to 11am"
        );
        assert_eq!(text("languages", None), "English\nPolish");
        let places = now.place_ids();
        assert_eq!(text("postcode", places.first()), "LK4 5AA");
        assert_eq!(text("access", places.first()), "Step-free way in");
        let checked = entry.upkeep.words(catalogue.today);
        assert!(checked.ends_with("by Tern Street Friends"), "{checked}");
        let found = catalogue.find(&Wanted {
            text: "tern street tots".into(),
            ..Wanted::default()
        });
        assert!(found.hits.iter().any(|hit| catalogue.id(hit) == id));
        // The first version says all of it, and there is nothing before it.
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        let version = casework.directory_change(&me, seen.versions[0].id).await;
        let version = version.unwrap();
        assert!(version.is_new && version.lines[0].new == "Tern Street Friends");
        assert!(version.lines.iter().all(|l| l.old.is_empty()));
        // Sent twice it is one.
        let again = casework.add_service(&me, None, &answers, "once-1").await;
        assert!(matches!(again, Err(Error::Already(to)) if to == done.to));
        // Nobody else adds.
        let jo = council.viewer("jo.socialworker").await;
        let refused = casework.add_service(&jo, None, &answers, "once-2").await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said_at_its_field_and_one_like_it_is_named() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let mut answers = written("Tern Street tots");
        let mut wrong = answers.groups("places").remove(0);
        wrong.set("postcode", "nowhere");
        // An empty place of the form counts for nothing, and keeps its number.
        answers.set_groups("places", vec![Answers::new(), wrong]);
        answers.set("times", "Tuesdays 25:70");
        let Err(Error::Findings(found)) = casework.add_service(&me, None, &answers, "a").await
        else {
            panic!("it was taken");
        };
        let fields: Vec<&str> = found.iter().map(|f| f.field.as_str()).collect();
        assert!(fields.contains(&"times"), "{fields:?}");
        assert!(
            fields
                .iter()
                .any(|f| f.starts_with("places.") && f.ends_with(".postcode")),
            "{fields:?}"
        );
        let mut backwards = written("Tern Street tots");
        backwards.set("show_from", "2031-02-01");
        backwards.set("take_down", "2031-01-01");
        let refused = casework.add_service(&me, None, &backwards, "b").await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "take_down"));
        let first = written("Tern Street tots");
        let fresh = casework.add_sheet(&me, None, Some(&first)).await.unwrap();
        assert!(fresh.form.field("another").is_none());
        casework.add_service(&me, None, &first, "c").await.unwrap();
        // The same again: it is said, and does not stop.
        let twice = casework.add_sheet(&me, None, Some(&first)).await.unwrap();
        let asked = twice.form.field("another").expect("it is asked");
        assert!(asked.hint.contains("Tern Street tots"), "{}", asked.hint);
        let warned = twice.form.check(&first, None);
        assert!(warned.iter().all(|f| f.severity == Severity::Warn) && !warned.is_empty());
        let mut other = first.clone();
        other.set("another", "It is the one for babies");
        other.set("show_from", "2031-02-01");
        let done = casework.add_service(&me, None, &other, "d").await.unwrap();
        assert_eq!(done.words, "Added. It is shown from 1 February 2031.");
        let id = done.to.rsplit('/').next().unwrap().to_owned();
        let catalogue = casework.catalogue().await.unwrap();
        assert!(catalogue.directory.entry(&id).is_some());
        assert!(catalogue.directory.public(&id, catalogue.today).is_none());
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        let version = casework.directory_change(&me, seen.versions[0].id).await;
        assert!(version.unwrap().words.contains("the one for babies"));
        // The organisation was there the second time: it is not made twice.
        let named = |o: &&directory::model::Organization| o.name == "Tern Street Friends";
        assert_eq!(catalogue.directory.organizations().filter(named).count(), 1);
    }
}

#[tokio::test]
async fn a_secret_place_and_one_online_are_added_as_such() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let mut refuge = written("Fern rest");
        let mut house = refuge.groups("places").remove(0);
        house.set("secret", "yes");
        refuge.set_groups("places", vec![house]);
        let done = casework.add_service(&me, None, &refuge, "a").await.unwrap();
        let id = done.to.rsplit('/').next().unwrap().to_owned();
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.public(&id, catalogue.today).unwrap();
        let shown = serde_json::to_string(&catalogue.directory.nested(entry)).unwrap();
        assert!(!shown.contains("5 Tern Street") && !shown.contains("LK4 5AA"));
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        let version = casework.directory_change(&me, seen.versions[0].id).await;
        let version = version.unwrap();
        assert!(version.lines.iter().any(|l| l.secret));
        assert!(
            !version
                .lines
                .iter()
                .any(|l| l.new.contains("5 Tern Street"))
        );
        // No place at all, and met on a screen.
        let mut online = written("Quiet talk on a screen");
        online.set_groups("places", Vec::new());
        online.set("times", "");
        online.set_list("how", ["online", "telephone"]);
        let done = casework.add_service(&me, None, &online, "b").await.unwrap();
        let id = done.to.rsplit('/').next().unwrap().to_owned();
        let catalogue = casework.catalogue().await.unwrap();
        let found = catalogue.find(&Wanted {
            text: "quiet talk".into(),
            how: vec![How::Online],
            ..Wanted::default()
        });
        assert!(found.hits.iter().any(|hit| catalogue.id(hit) == id));
        let entry = catalogue.directory.entry(&id).unwrap();
        let mut places = catalogue.directory.places(entry);
        let physical = |l: &directory::model::Location| l.location_type == LocationType::Physical;
        assert!(!places.any(|p| p.location.is_some_and(physical)));
        // Its times come and go: how it is met stays.
        let (_, form) = casework.service_form(&me, &id).await.unwrap();
        assert_eq!(form.answers.list("how"), ["online", "telephone"]);
        let mut answers = form.answers.clone();
        for (times, once) in [("Mondays, 4pm to 5pm", "c"), ("", "d")] {
            answers.set("times", times);
            casework
                .change_service(&me, &id, &answers, once)
                .await
                .unwrap();
            let (_, form) = casework.service_form(&me, &id).await.unwrap();
            assert_eq!(form.answers.list("how"), ["online", "telephone"]);
            assert_eq!(form.answers.text("times"), times);
        }
    }
}

/// The council that wants two people: the first version waits, and nothing of
/// it is there before a colleague says yes.
#[tokio::test]
async fn a_new_entry_waits_for_a_colleague() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let done = casework
            .add_service(&me, None, &written("Tern Street tots"), "a")
            .await
            .unwrap();
        let id = done.to.rsplit('/').next().unwrap().to_owned();
        // As the same version stands that was not published.
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        let db = casework.store();
        let mut tx = db.begin(&me.actor()).await.unwrap();
        let mut change: DirectoryChange = tx.get(seen.versions[0].id).await.unwrap();
        change.id = vocabulary::Id::new();
        change.state = "waiting".into();
        change.entry = "service/0c5c8a0e-2f0e-4f4e-9d55-0d6d4f6f9a01".into();
        change.after["service"]["id"] = "0c5c8a0e-2f0e-4f4e-9d55-0d6d4f6f9a01".into();
        change.after["service"]["name"] = "Tern Street twos".into();
        change.after["service"]["assured_date"] = time::today().to_string().into();
        tx.insert(&change).await.unwrap();
        tx.commit().await.unwrap();
        assert!(id_of_service(&council, "Tern Street twos").await.is_none());
        let waiting = casework.directory_change(&me, change.id).await.unwrap();
        assert!(waiting.service.is_none(), "there is no page of it yet");
        let ada = editor(&council, "ada.editor").await;
        casework
            .decide_change(&ada, change.id, true, "")
            .await
            .unwrap();
        let id = id_of_service(&council, "Tern Street twos").await.unwrap();
        let seen = casework.directory_entry(&ada, &id).await.unwrap();
        let today = plain::date(time::today());
        assert!(
            seen.found.checked.contains(&today),
            "{}",
            seen.found.checked
        );
    }
}

#[tokio::test]
async fn the_public_suggests_a_service_an_editor_makes_an_entry_of_it_and_answers() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let mut told = Answers::new();
        let empty = casework.suggest_service(&told).await;
        assert!(matches!(empty, Err(Error::Findings(_))), "a name is needed");
        told.set("name", "Tern Street tots");
        told.set("organisation", "Tern Street Friends");
        told.set("what", "Songs for little ones.");
        told.set("where", "The hall in Tern Street");
        told.set("phones", "ask for Pat");
        told.set("reply", "pat@post.example");
        let token = casework.suggest_service(&told).await.unwrap();
        let seen = casework.told_about(&token).await.unwrap();
        assert!(seen.missing && seen.service.is_empty() && seen.answer.is_empty());
        let lines = suggestions(&council, &me).await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].what, "It is missing here");
        let report = lines[0].id;
        let page = casework.directory_report(&me, report).await.unwrap();
        let lines = page.suggested.expect("what was suggested");
        assert!(
            lines
                .iter()
                .any(|(_, words)| words == "Songs for little ones.")
        );
        assert!(
            !lines.iter().any(|(_, words)| words.contains("pat@post")),
            "how to reach them is no part of it"
        );
        let sheet = casework.add_sheet(&me, Some(report), None).await.unwrap();
        assert_eq!(sheet.answers.text("name"), "Tern Street tots");
        assert_eq!(
            sheet.answers.text("new_organisation"),
            "Tern Street Friends"
        );
        let at = &sheet.answers.groups("places")[0];
        assert_eq!(at.text("address_1"), "The hall in Tern Street");
        // The telephone is none: the editor puts it right, and adds it.
        let mut answers = sheet.answers.clone();
        let wrong = casework.add_service(&me, Some(report), &answers, "a").await;
        assert!(matches!(wrong, Err(Error::Findings(f)) if f[0].field == "phones"));
        answers.set("phones", "020 7946 0999");
        let done = casework
            .add_service(&me, Some(report), &answers, "b")
            .await
            .unwrap();
        assert_eq!(done.to, format!("/directory/reports/{report}"));
        let id = id_of_service(&council, "Tern Street tots").await.unwrap();
        let page = casework.directory_report(&me, report).await.unwrap();
        assert_eq!(page.service, id);
        let mut answer = Answers::new();
        answer.set("outcome", "added");
        answer.set("answer", "It is here now. Thank you.");
        casework.answer_report(&me, report, &answer).await.unwrap();
        let seen = casework.told_about(&token).await.unwrap();
        assert_eq!(
            (seen.service, seen.answer.as_str()),
            (id, "It is here now. Thank you.")
        );
        assert!(suggestions(&council, &me).await.is_empty());
        // The same once more: the editor is told that it may be here.
        casework.suggest_service(&told).await.unwrap();
        let report = suggestions(&council, &me).await[0].id;
        let page = casework.directory_report(&me, report).await.unwrap();
        assert!(page.like[0].1.contains("Tern Street tots"));
    }
}

//! The directory's data stays true, on both databases: versions, approval,
//! restoring, timed publishing, the owner's link, secret addresses.

mod keeper;

use casework::model::{DirectoryChange, DirectoryItem};
use casework::services::Sent;
use casework::testing::{TestCouncil, councils};
use casework::{Error, Viewer, time};
use chrono::{Days, Months};
use directory::assurance::Standing;
use directory::invented;
use keeper::kept;
use packs::Answers;
use record::{Actor, args};
use serde_json::json;

/// A service that families see, and one whose place is secret.
async fn two(council: &TestCouncil) -> (String, String) {
    let catalogue = council.casework.catalogue().await.unwrap();
    let directory = &catalogue.directory;
    let secret = |e: &directory::Entry| {
        let mut places = directory.places(e);
        places.any(|p| p.location.is_some_and(|l| directory.is_hidden(&l.id)))
    };
    let fresh = |e: &&directory::Entry| e.upkeep.standing(catalogue.today) <= Standing::Due;
    let open = directory
        .entries()
        .filter(fresh)
        .find(|e| !secret(e) && !e.service.service_at_locations.is_empty());
    let hidden = directory.entries().find(|e| secret(e));
    (
        open.expect("an open one").service.id.clone(),
        hidden.expect("a secret one").service.id.clone(),
    )
}

async fn public_name(council: &TestCouncil, id: &str) -> Option<String> {
    let catalogue = council.casework.catalogue().await.unwrap();
    let entry = catalogue.directory.public(id, catalogue.today);
    entry.map(|e| e.service.name.clone())
}

async fn upkeep(council: &TestCouncil, id: &str, fields: &[(&str, serde_json::Value)]) {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let mut row: DirectoryItem = tx.get(format!("service/{id}")).await.unwrap();
    for (name, value) in fields {
        row.upkeep[*name] = value.clone();
    }
    tx.update(&mut row).await.unwrap();
    tx.commit().await.unwrap();
}

fn token_of(path: &str) -> String {
    path.trim_start_matches("/still-right/").to_owned()
}

async fn link(council: &TestCouncil, viewer: &Viewer, id: &str, once: &str) -> String {
    let casework = &council.casework;
    let made = casework
        .make_owner_link(viewer, id, "owner@harbour.example", once)
        .await
        .unwrap();
    token_of(&casework.owner_link(viewer, made).await.unwrap().path)
}

async fn changes(council: &TestCouncil, state: &str) -> Vec<DirectoryChange> {
    let sql = format!(
        "select {} from directory_change where state = $1 order by made_at",
        <DirectoryChange as record::Entity>::COLUMNS.join(", ")
    );
    let db = council.casework.store().read_db();
    db.all(record::AssertSqlSafe(sql), args![state.to_owned()])
        .await
        .unwrap()
}

#[tokio::test]
async fn an_editor_changes_an_entry_sees_the_version_and_puts_it_back() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let (name, form) = casework.service_form(&me, &id).await.unwrap();
        let mut answers: Answers = form.answers.clone();
        let unchanged = casework.change_service(&me, &id, &answers, "once-0").await;
        assert!(
            matches!(unchanged, Err(Error::Findings(_))),
            "nothing differs"
        );
        answers.set("name", "The warm room");
        answers.set("times", "Tuesdays and Thursdays, 9:30am to 11am");
        casework
            .change_service(&me, &id, &answers, "once-1")
            .await
            .unwrap();
        assert_eq!(
            public_name(&council, &id).await.as_deref(),
            Some("The warm room")
        );
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        assert_eq!(seen.versions.len(), 1);
        let version = casework
            .directory_change(&me, seen.versions[0].id)
            .await
            .unwrap();
        assert_eq!(version.lines[0].old, name);
        assert_eq!(version.lines[0].new, "The warm room");
        assert!(
            version
                .lines
                .iter()
                .any(|l| l.new.starts_with("Tuesdays and Thursdays"))
        );
        casework
            .restore_version(&me, version.line.id, "once-2")
            .await
            .unwrap();
        assert_eq!(public_name(&council, &id).await, Some(name));
        let again = casework
            .restore_version(&me, version.line.id, "once-3")
            .await;
        assert!(
            matches!(again, Err(Error::Refused(_))),
            "nothing to put back"
        );
        // Whoever does not keep the directory sees no such page.
        let jo = council.viewer("jo.socialworker").await;
        assert!(matches!(
            casework.directory_entry(&jo, &id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.directory_board(&jo).await,
            Err(Error::NotFound)
        ));
    }
}

#[tokio::test]
async fn an_owner_says_still_right_once() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let old = time::today() - Months::new(4);
        upkeep(
            &council,
            &id,
            &[("checked_on", json!(old)), ("cycle", json!("quarter"))],
        )
        .await;
        let token = link(&council, &me, &id, "once-1").await;
        // Looking does nothing: programs that read mail open every address.
        casework.asked_of_owner(&token).await.unwrap();
        let asked = casework.asked_of_owner(&token).await.unwrap();
        assert!(
            asked.checked.starts_with("Not checked since") || asked.checked.starts_with("Checked")
        );
        casework.still_right(&token).await.unwrap();
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        assert_eq!(entry.upkeep.checked_on, Some(time::today()));
        assert_eq!(entry.upkeep.standing(time::today()), Standing::Checked);
        // Used, withdrawn, invented and half-right tokens are all the same.
        let other = link(&council, &me, &id, "once-2").await;
        casework.withdraw_owner_links(&me, &id).await.unwrap();
        let (half, mark) = other.split_once('.').unwrap();
        let wrong = format!("{half}.{}", mark.chars().rev().collect::<String>());
        for dead in [
            token.as_str(),
            other.as_str(),
            wrong.as_str(),
            half,
            "x.y",
            "",
        ] {
            assert!(matches!(
                casework.asked_of_owner(dead).await,
                Err(Error::NotFound)
            ));
            assert!(matches!(
                casework.still_right(dead).await,
                Err(Error::NotFound)
            ));
        }
        // A link that ran out.
        let late = link(&council, &me, &id, "once-3").await;
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let link_id = late.split_once('.').unwrap().0;
        let mut row: casework::model::DirectoryLink = tx.get(link_id).await.unwrap();
        row.ends_at = row.made_at;
        tx.update(&mut row).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(
            casework.still_right(&late).await,
            Err(Error::NotFound)
        ));
    }
}

#[tokio::test]
async fn what_an_owner_sends_waits_but_for_how_to_reach_them() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let name = public_name(&council, &id).await.unwrap();
        let token = link(&council, &me, &id, "once-1").await;
        let form = casework.asked_of_owner(&token).await.unwrap().form;
        let mut answers = form.answers.clone();
        answers.set("phones", "ring us");
        let wrong = casework.owner_changes(&token, &answers, "").await;
        let Err(Error::Findings(findings)) = wrong else {
            panic!("a number that is none")
        };
        assert_eq!(findings[0].field, "phones");
        answers.set("phones", "020 7946 0999, mornings");
        answers.set("name", "A better name");
        let sent = casework
            .owner_changes(&token, &answers, "We moved.")
            .await
            .unwrap();
        assert_eq!(sent, Sent::Both);
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        assert_eq!(entry.service.phones[0].number, "020 7946 0999");
        assert_eq!(entry.service.name, name, "the rest waits");
        let gone = casework.owner_changes(&token, &answers, "").await;
        assert!(matches!(gone, Err(Error::NotFound)), "the link is used");
        let waiting = changes(&council, "waiting").await;
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].words.as_deref(), Some("We moved."));
        let board = casework.directory_board(&me).await.unwrap();
        assert_eq!(board.waiting.len(), 1);
        let mute = casework.decide_change(&me, waiting[0].id, false, " ").await;
        assert!(
            matches!(mute, Err(Error::Findings(_))),
            "declined with a word"
        );
        // An editor changes another field meanwhile: both stay.
        let (_, form) = casework.service_form(&me, &id).await.unwrap();
        let mut mine = form.answers.clone();
        mine.set("cost", "Free");
        mine.set("wait", "None");
        casework
            .change_service(&me, &id, &mine, "once-2")
            .await
            .unwrap();
        casework
            .decide_change(&me, waiting[0].id, true, "")
            .await
            .unwrap();
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        assert_eq!(entry.service.name, "A better name");
        assert_eq!(entry.service.wait_time.as_deref(), Some("None"));
        assert_eq!(
            entry.upkeep.checked_on,
            Some(time::today()),
            "its owner vouches for the rest"
        );
        let twice = casework
            .decide_change(&me, waiting[0].id, false, "no")
            .await;
        assert!(matches!(twice, Err(Error::Refused(_))));
    }
}

/// Demanded by name: a masked address, in the feed, in versions, in the form of
/// the editor; its owner sees their own.
#[tokio::test]
async fn a_masked_address_is_masked_everywhere() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (_, id) = two(&council).await;
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        let at = entry.service.service_at_locations[0]
            .location_id
            .clone()
            .unwrap();
        let exact = catalogue.directory.exact_location(&at).unwrap().clone();
        let street = exact.addresses[0].address_1.clone();
        let token = link(&council, &me, &id, "once-1").await;
        let owner = casework.asked_of_owner(&token).await.unwrap();
        assert!(owner.lines.iter().any(|l| l.new == street && l.secret));
        let mut answers = owner.form.answers.clone();
        answers.set("p1_address_1", "7 Hidden Lane");
        assert_eq!(
            casework.owner_changes(&token, &answers, "").await.unwrap(),
            Sent::Waiting
        );
        let waiting = changes(&council, "waiting").await.pop().unwrap();
        let seen = casework.directory_change(&me, waiting.id).await.unwrap();
        assert!(seen.lines[0].secret);
        casework
            .decide_change(&me, waiting.id, true, "")
            .await
            .unwrap();
        // An editor who leaves the secret fields empty leaves them as they are.
        let (_, form) = casework.service_form(&me, &id).await.unwrap();
        let mut mine = form.answers.clone();
        mine.set("alert", "Ring first.");
        casework
            .change_service(&me, &id, &mine, "once-2")
            .await
            .unwrap();
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        assert_eq!(
            catalogue.directory.exact_location(&at).unwrap().addresses[0].address_1,
            "7 Hidden Lane"
        );
        let pages = [
            format!("{seen:?}"),
            format!("{:?}", form.answers),
            format!("{:?}", casework.directory_entry(&me, &id).await.unwrap()),
            serde_json::to_string(&catalogue.directory.nested(entry)).unwrap(),
        ];
        for page in pages {
            assert!(
                !page.contains("7 Hidden Lane") && !page.contains(&street),
                "{page}"
            );
        }
        // Put back to before it was secret, it stays secret.
        let first = casework
            .directory_entry(&me, &id)
            .await
            .unwrap()
            .versions
            .pop()
            .unwrap();
        casework
            .restore_version(&me, first.id, "once-3")
            .await
            .unwrap();
        assert!(casework.catalogue().await.unwrap().directory.is_hidden(&at));
    }
}

/// Demanded by name: one past its check date, by the pack's own days.
#[tokio::test]
async fn one_past_its_check_date_is_labelled_lowered_and_taken_down() {
    for council in councils().await {
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let rules = council
            .casework
            .pack()
            .upkeep(time::today())
            .unwrap()
            .clone();
        let due = |days: u64| {
            let at = time::today() - Days::new(days) - Months::new(3);
            [("checked_on", json!(at)), ("cycle", json!("quarter"))]
        };
        for (days, wanted) in [
            (rules.say_so_after + 4, Standing::NotCheckedSince),
            (rules.lower_after + 4, Standing::Lowered),
            (rules.unpublish_after + 4, Standing::Unpublished),
        ] {
            upkeep(&council, &id, &due(days)).await;
            let catalogue = council.casework.catalogue().await.unwrap();
            let entry = catalogue.directory.entry(&id).unwrap();
            assert_eq!(entry.upkeep.standing(catalogue.today), wanted);
            let shown = catalogue.directory.public(&id, catalogue.today).is_some();
            assert_eq!(shown, wanted != Standing::Unpublished);
        }
        let board = council.casework.directory_board(&me).await.unwrap();
        assert!(board.past_of > 0);
        council.casework.confirm_entry(&me, &id).await.unwrap();
        assert!(
            public_name(&council, &id).await.is_some(),
            "checked, so it is back"
        );
    }
}

#[tokio::test]
async fn an_entry_is_shown_from_its_first_day_to_its_last() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let today = time::today();
        let mut answers = casework.times_form(&me, &id).await.unwrap().answers.clone();
        answers.set("show_from", (today + Days::new(2)).to_string());
        answers.set("take_down", today.to_string());
        let backwards = casework.time_entry(&me, &id, &answers).await;
        assert!(matches!(backwards, Err(Error::Findings(_))));
        answers.set("take_down", (today + Days::new(9)).to_string());
        casework.time_entry(&me, &id, &answers).await.unwrap();
        assert_eq!(public_name(&council, &id).await, None);
        answers.set("show_from", "");
        casework.time_entry(&me, &id, &answers).await.unwrap();
        assert!(public_name(&council, &id).await.is_some());
        let versions = casework.directory_entry(&me, &id).await.unwrap().versions;
        assert_eq!(versions.len(), 2);
    }
}

#[tokio::test]
async fn a_feed_does_not_write_over_what_was_changed_here() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        let (id, _) = two(&council).await;
        let (_, form) = casework.service_form(&me, &id).await.unwrap();
        let mut answers = form.answers.clone();
        answers.set("cost", "£1 for all");
        casework
            .change_service(&me, &id, &answers, "once-1")
            .await
            .unwrap();
        let directory = invented::directory(60, 5, time::today());
        let actor = Actor::system("test");
        let run = || casework.keep_directory(&actor, &directory, |_, _| {});
        let first = run().await.unwrap();
        assert_eq!((first.changed, first.waiting), (0, 1));
        assert_eq!(run().await.unwrap().waiting, 0, "asked once");
        let waiting = changes(&council, "waiting").await.pop().unwrap();
        assert_eq!(waiting.kind, "import");
        casework
            .decide_change(&me, waiting.id, false, "Ours is right")
            .await
            .unwrap();
        assert_eq!(run().await.unwrap().waiting, 0, "declined is declined");
        let catalogue = casework.catalogue().await.unwrap();
        let entry = catalogue.directory.entry(&id).unwrap();
        assert_eq!(entry.service.fees.as_deref(), Some("£1 for all"));
    }
}

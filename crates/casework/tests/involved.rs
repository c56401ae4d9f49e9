//! Who works with a child: one lead, its handover, partners' lists, and small
//! children without a health visitor, on every database of the run.

use casework::import::{self, ListReport};
use casework::model::{FeedRow, Involvement, Person, PersonKind};
use casework::testing::scene::{Scene, Standing};
use casework::testing::{TestCouncil, councils, rows, small_family};
use casework::{Error, find, time};
use chrono::Days;
use packs::Answers;
use record::{Actor, args};
use vocabulary::{Id, ids};

fn asked(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// A child of Jo's, four years old, with a name that nobody else has.
async fn child(council: &TestCouncil, given: &str) -> Person {
    let mut tx = small_family::begin(&council.casework).await;
    let born = time::today() - Days::new(4 * 366);
    let mut person = rows::person(PersonKind::Child, given, "Marshwiggle", born);
    person.status = Some("child_in_need".into());
    let family = rows::family("Marshwiggle");
    tx.insert(&family).await.expect("a family");
    tx.insert(&person).await.expect("a child");
    let home = rows::at_home(family.id, person.id);
    tx.insert(&home).await.expect("a place");
    let mut jo = rows::allocated(person.id, "jo.socialworker");
    jo.team_id = None;
    tx.insert(&jo).await.expect("allocated");
    find::index_person(&mut tx, &person, &[])
        .await
        .expect("keys");
    tx.commit().await.expect("committed");
    person
}

async fn count(council: &TestCouncil, sql: &'static str, person: Id<ids::Person>) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let db = council.casework.store().read_db();
    let count: Count = db.one(sql, args![person]).await.expect("a count");
    count.n
}

async fn take(council: &TestCouncil, csv: &str) -> ListReport {
    let table = import::read(csv.as_bytes()).expect("a table");
    let taken = council
        .casework
        .import_involvements(&table, "health visitors", false, |_| ());
    taken.await.expect("a report")
}

/// R000-30: exactly one lead professional; the handover keeps who led, until
/// when and why, and the database itself holds no second one.
#[tokio::test]
async fn r000_30_one_lead_whose_change_is_a_recorded_handover() {
    for council in councils().await {
        let maya = child(&council, "Maya").await;
        let jo = council.viewer("jo.socialworker").await;
        let casework = &council.casework;
        let today = time::today().to_string();
        let new = asked(&[
            ("name", "Rosa Vetch"),
            ("post", "Health visitor"),
            ("agency", "health"),
            ("phone", "020 7946 0444"),
            ("since", &today),
        ]);
        casework
            .add_involvement(&jo, maya.id, &new, "once-1")
            .await
            .expect("added");
        let page = casework.working(&jo, maya.id).await.expect("a page");
        let rosa = page.now.iter().find(|w| w.name == "Rosa Vetch");
        let rosa = rosa.expect("Rosa").id.to_string();
        let no_reason = asked(&[("who", &rosa)]);
        let said = casework
            .hand_over_lead(&jo, maya.id, &no_reason, "once-2")
            .await;
        assert!(matches!(said, Err(Error::Findings(_))), "{said:?}");
        let reason = "Her mother asked for Rosa, whom she rings anyway";
        let over = asked(&[("who", &rosa), ("reason", reason)]);
        casework
            .hand_over_lead(&jo, maya.id, &over, "once-3")
            .await
            .expect("handed over");
        let page = casework.working(&jo, maya.id).await.expect("a page");
        let leads: Vec<&str> = page
            .now
            .iter()
            .filter(|w| w.lead)
            .map(|w| w.name.as_str())
            .collect();
        assert_eq!(leads, ["Rosa Vetch"]);
        assert!(page.now.iter().any(|w| w.name == "Jo Larch"), "Jo goes on");
        let led = page.before.iter().find(|w| w.lead && w.name == "Jo Larch");
        assert_eq!(led.expect("who led").why.as_deref(), Some(reason));
        // Jo still holds the work, so the record is still open to her.
        assert!(casework.overview(&jo, maya.id).await.is_ok());
        let begin = casework.store().begin(&Actor::system("test")).await;
        let mut tx = begin.expect("a transaction");
        let second = rows::allocated(maya.id, "amina.asye");
        assert!(tx.insert(&second).await.is_err(), "a second lead");
    }
}

/// R000-30: from the thirteenth on, one more person is asked a reason for, and
/// the page asks whether each still helps.
#[tokio::test]
async fn r000_30_a_thirteenth_person_asks_what_they_are_for() {
    for council in councils().await {
        let maya = child(&council, "Maya").await;
        let jo = council.viewer("jo.socialworker").await;
        let today = time::today().to_string();
        for n in 2..=13 {
            let (name, once) = (format!("Helper {n}"), format!("once-{n}"));
            let mut new = asked(&[
                ("name", &name),
                ("post", "Mentor"),
                ("agency", "voluntary"),
                ("since", &today),
            ]);
            let added = council
                .casework
                .add_involvement(&jo, maya.id, &new, &once)
                .await;
            if n < 13 {
                added.expect("added");
                continue;
            }
            assert!(matches!(added, Err(Error::Findings(_))), "{added:?}");
            new.set("many", "He is the only one whom she talks to");
            let added = council
                .casework
                .add_involvement(&jo, maya.id, &new, "once-99")
                .await;
            added.expect("added, with a reason");
        }
        let page = council
            .casework
            .working(&jo, maya.id)
            .await
            .expect("a page");
        assert!(
            page.many
                .is_some_and(|words| words.starts_with("13 people work with Maya"))
        );
    }
}

/// Involvements come from a partner's list with where they come from; the same
/// list again changes nothing, the next one ends what ended.
#[tokio::test]
async fn a_partners_list_is_taken_once_and_keeps_where_it_comes_from() {
    for council in councils().await {
        let maya = child(&council, "Maya").await;
        let born = maya.born_on.expect("a date");
        let head = "id,given,family,dob,name,post,agency,phone,start,end\n";
        let list = format!(
            "{head}1,Maya,Marshwiggle,{born},Hana Tolwether,Health visitor,health,020 7946 0222,2026-01-05,\n\
             2,Zebedee,Ottershaw,2020-01-01,Hana Tolwether,Health visitor,health,,2026-01-05,\n\
             3,Maya,Marshwiggle,{born},Hana Tolwether,Health visitor,nowhere,,someday,\n"
        );
        let report = take(&council, &list).await;
        assert_eq!(
            (report.added, report.not_matched, report.rejected.len()),
            (1, 1, 1)
        );
        let wrong = report.rejected[0].wrong.join("; ");
        assert!(
            wrong.contains("agency") && wrong.contains("start"),
            "{wrong}"
        );
        let jo = council.viewer("jo.socialworker").await;
        let page = council
            .casework
            .working(&jo, maya.id)
            .await
            .expect("a page");
        let hana = page
            .now
            .iter()
            .find(|w| w.name == "Hana Tolwether")
            .expect("Hana");
        assert!(
            hana.source
                .as_deref()
                .is_some_and(|s| s.contains("health visitors"))
        );
        assert_eq!(hana.when, "since 5 January 2026");
        let events = "select count(*) as n from journal j where j.action in ('created', 'changed') \
                      and $1 = $1";
        let before = count(&council, events, maya.id).await;
        let again = take(&council, &list).await;
        assert_eq!((again.added, again.changed, again.same), (0, 0, 1));
        assert_eq!(
            count(&council, events, maya.id).await,
            before,
            "nothing was written"
        );
        let ended = list.replacen("2026-01-05,\n", "2026-01-05,2026-06-30\n", 1);
        let report = take(&council, &ended).await;
        assert_eq!((report.added, report.changed), (0, 1));
        let page = council
            .casework
            .working(&jo, maya.id)
            .await
            .expect("a page");
        assert!(page.now.iter().all(|w| w.name != "Hana Tolwether"));
        assert!(
            page.before
                .iter()
                .any(|w| w.when == "5 January 2026 to 30 June 2026")
        );
    }
}

/// Security T3: a row about a restricted child is for the loader like one about
/// a child whom nobody knows: the same counts, the same report. Only the shield
/// team has it.
#[tokio::test]
async fn t3_a_list_does_not_tell_of_a_restricted_child() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Restricted).await;
        let begin = council.casework.store().begin(&Actor::system("test")).await;
        let hidden: Person = begin
            .expect("a transaction")
            .get(scene.person)
            .await
            .expect("she");
        let born = hidden.born_on.expect("a date");
        let row = |given: &str, family: &str| {
            format!(
                "id,given,family,dob,name,post,agency,start\n\
                 7,{given},{family},{born},Hana Tolwether,Health visitor,health,2026-01-05\n"
            )
        };
        let involved = "select count(*) as n from involvement where person_id = $1";
        let before = count(&council, involved, hidden.id).await;
        for spelling in ["Wren", "Ren", "Wrenn"] {
            let shielded = take(&council, &row(spelling, &hidden.family_name)).await;
            let absent = take(&council, &row("Zebedee", "Ottershaw")).await;
            assert_eq!(shielded, absent, "{spelling}");
        }
        assert_eq!(count(&council, involved, hidden.id).await, before);
        let waits = "select count(*) as n from feed_row where person_id = $1 and for_shield_team";
        assert_eq!(count(&council, waits, hidden.id).await, 1);
        let all: Vec<FeedRow> = {
            let sql = "select * from feed_row where source_key = '7'";
            council
                .casework
                .store()
                .read_db()
                .all(sql, args![])
                .await
                .expect("rows")
        };
        assert_eq!(all.len(), 1, "{all:?}");
    }
}

/// A list never gives a worker of the council a tie to a child, whatever
/// address it names; a practitioner of another agency gets one.
#[tokio::test]
async fn t7_a_list_opens_no_record_to_a_worker() {
    for council in councils().await {
        let maya = child(&council, "Maya").await;
        let born = maya.born_on.expect("a date");
        let list = format!(
            "id,given,family,dob,name,post,agency,email,start\n\
             1,Maya,Marshwiggle,{born},Tom,Social worker,social_care,tom.socialworker@larkmere.example,2026-01-05\n\
             2,Maya,Marshwiggle,{born},Noor,School lead,school,Noor.School@larkmere.example,2026-01-05\n"
        );
        assert_eq!(take(&council, &list).await.added, 2);
        let gate = council.casework.gate();
        let sees = async |who: &str, asked| {
            let viewer = council.viewer(who).await;
            gate.would_allow(&viewer, maya.id, asked)
                .await
                .expect("an answer")
        };
        assert!(!sees("tom.socialworker", casework::Asked::to_read("test")).await);
        assert!(sees("noor.school", casework::Asked::index("test")).await);
        assert!(!sees("noor.school", casework::Asked::to_read("test")).await);
    }
}

/// R000-37: a small child whose work is open and who has no health visitor is
/// on the board; with one, or at five, no longer.
#[tokio::test]
async fn r000_37_a_small_child_without_a_health_visitor_is_on_the_board() {
    for council in councils().await {
        let maya = child(&council, "Maya").await;
        let idris = child(&council, "Idris").await;
        let jo = council.viewer("jo.socialworker").await;
        let board = council.casework.visitor_board(&jo).await.expect("a board");
        let names: Vec<&str> = board.rows.iter().map(|r| r.name.as_str()).collect();
        assert_eq!((names.len(), board.under_five), (2, 2), "{names:?}");
        let begin = council.casework.store().begin(&Actor::system("test")).await;
        let mut tx = begin.expect("a transaction");
        let visitor = Involvement {
            worker_id: None,
            team_id: None,
            role: "other".into(),
            name: "Hana Tolwether".into(),
            job_title: "Health Visitor, Fernside".into(),
            lead: false,
            ..rows::allocated(maya.id, "jo.socialworker")
        };
        tx.insert(&visitor).await.expect("a visitor");
        tx.commit().await.expect("committed");
        let board = council.casework.visitor_board(&jo).await.expect("a board");
        assert_eq!(
            board.rows.iter().map(|r| r.person).collect::<Vec<_>>(),
            [idris.id]
        );
        // At five, or when the work has ended, there is no gap any more.
        for (years, status) in [(5, "child_in_need"), (3, "closed")] {
            let begin = council.casework.store().begin(&Actor::system("test")).await;
            let mut tx = begin.expect("a transaction");
            let mut row: Person = tx.get(idris.id).await.expect("Idris");
            row.born_on = Some(time::today() - chrono::Months::new(12 * years));
            row.status = Some(status.into());
            tx.update(&mut row).await.expect("changed");
            tx.commit().await.expect("committed");
            let board = council.casework.visitor_board(&jo).await.expect("a board");
            assert!(board.rows.is_empty(), "{years} {status}");
        }
        // Somebody who does not work with them sees neither; a post without
        // children has no such board.
        let tom = council.viewer("tom.socialworker").await;
        let board = council.casework.visitor_board(&tom).await.expect("a board");
        assert_eq!((board.rows.len(), board.under_five), (0, 0));
        let noor = council.viewer("noor.school").await;
        assert!(council.casework.visitor_board(&noor).await.is_err());
    }
}

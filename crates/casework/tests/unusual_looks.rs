//! Looks that nothing in the work explains (T1), and second records of
//! restricted people (T3): found, listed for the few, settled with a note.

use casework::Error;
use casework::access_control::{NewWorker, UnusualRow};
use casework::model::{Involvement, Person, PersonKind, PossibleDuplicate, Restriction};
use casework::testing::small_family::{Home, begin, born, homes};
use casework::testing::{id_of, rows, team_of};
use casework::{Asked, Viewer};
use record::{Actor, args};
use serde_json::json;
use vocabulary::{Id, ids};

/// A worker with a name and a role, signed in.
async fn newcomer(home: &Home, name: &str, role: &str) -> Viewer {
    let nia = home.council.viewer("nia.admin").await;
    let new = NewWorker {
        name: name.into(),
        username: name.replace(' ', ".").to_lowercase(),
        job_title: "Worker".into(),
        role: role.into(),
        team: team_of("Leadership").to_string(),
        once: Id::<ids::Part>::new().to_string(),
        ..NewWorker::default()
    };
    let (id, _) = home.casework().add_worker(&nia, &new).await.unwrap();
    let session = Some(format!("session of {name}"));
    let viewer = home.casework().viewer(id, session).await.unwrap();
    viewer.expect("at work")
}

async fn look(home: &Home, viewer: &Viewer, person: Id<ids::Person>) -> bool {
    let gate = home.casework().gate();
    let seen = gate.person(viewer, person, Asked::index("test")).await;
    seen.unwrap().is_some()
}

/// The list, after the journal was read on.
async fn found(
    casework: &casework::Casework,
    viewer: &Viewer,
) -> casework::Result<casework::Listed<UnusualRow>> {
    casework.find_unusual_looks().await?;
    casework.unusual_looks(viewer).await
}

fn of<'a>(rows: &'a [UnusualRow], worker: &str) -> Option<&'a UnusualRow> {
    rows.iter().find(|row| row.worker == worker)
}

/// G20 in small: among many looks, those of snoopers are found, those of the
/// work are not.
#[tokio::test]
async fn t1_a_look_at_somebody_of_the_same_name_is_found_and_checked() {
    for home in homes().await {
        let casework = home.casework();
        let nia = home.council.viewer("nia.admin").await;
        // Jo works with Maya; Tom finds out who works with her, once.
        home.see(&home.jo().await, home.maya).await;
        let tom = home.council.viewer("tom.socialworker").await;
        assert!(look(&home, &tom, home.maya).await);
        let relative = newcomer(&home, "Rowan Ashgrove", "social_worker").await;
        assert!(look(&home, &relative, home.sami).await);
        let list = found(casework, &nia).await.unwrap();
        assert!(of(&list, "Jo Larch").is_none(), "{list:?}");
        let at_night = of(&list, "Tom Bramble");
        assert!(at_night.is_none_or(|row| row.signs.len() > 1), "{list:?}");
        let row = of(&list, "Rowan Ashgrove").expect("a relative's look");
        assert!(row.signs[0].contains("same family name"), "{row:?}");
        assert_eq!(row.reference, home.sami.as_str()[28..].to_uppercase());
        let text = format!("{list:?}");
        assert!(!text.contains("Sami") && !text.contains("Maya"), "{text}");

        let short = casework
            .review_unusual(&nia, row.id, "concern", "fine")
            .await;
        assert!(matches!(short, Err(Error::Findings(_))));
        let words = "Their own niece: the manager has spoken with them.";
        casework
            .review_unusual(&nia, row.id, "concern", words)
            .await
            .unwrap();
        let list = found(casework, &nia).await.unwrap();
        let row = of(&list, "Rowan Ashgrove").unwrap();
        assert_eq!(row.reviewed.as_ref().unwrap().words, words);
        // Another look on the same day has to be checked again.
        look(&home, &relative, home.sami).await;
        let list = found(casework, &nia).await.unwrap();
        let row = of(&list, "Rowan Ashgrove").unwrap();
        assert_eq!((row.looks, row.reviewed.is_none()), (2, true));
    }
}

/// T1: trying a closed record again and again is found too; each page opening
/// reads every look once.
#[tokio::test]
async fn t1_tries_at_a_closed_record_are_found_once() {
    for home in homes().await {
        let casework = home.casework();
        home.restrict(home.maya).await;
        let tom = home.council.viewer("tom.socialworker").await;
        for _ in 0..3 {
            assert!(!look(&home, &tom, home.maya).await);
        }
        // Maya's record is restricted to nobody: only who looks after
        // restricted records is told of the tries.
        let nia = home.council.viewer("nia.admin").await;
        assert!(found(casework, &nia).await.unwrap().is_empty());
        let keeper = newcomer(&home, "Wilf Rowan", "shield").await;
        for _ in 0..2 {
            let list = found(casework, &keeper).await.unwrap();
            let row = of(&list, "Tom Bramble").expect("three tries");
            assert_eq!(row.looks, 3);
            assert!(row.signs.contains(&"The record was closed to the worker"));
            let denied = casework
                .review_unusual(&nia, row.id, "work", "I must not know.")
                .await;
            assert!(matches!(denied, Err(Error::NotFound)));
        }
    }
}

/// The list obeys the gate, is itself a look, and nobody checks their own.
#[tokio::test]
async fn t1_the_list_is_a_look_and_nobody_checks_their_own() {
    for home in homes().await {
        let casework = home.casework();
        let jo = home.jo().await;
        let absent = found(casework, &jo).await;
        assert!(matches!(absent, Err(Error::NotFound)));
        let own = newcomer(&home, "Ines Ashgrove", "head_of_service").await;
        look(&home, &own, home.idris).await;
        let list = found(casework, &own).await.unwrap();
        let row = of(&list, "Ines Ashgrove").expect("a relative's look");
        assert!(row.own);
        let refused = casework
            .review_unusual(&own, row.id, "work", "I had a reason.")
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let sql = "select count(*) as n from journal j join journal_subject s \
                   on s.writer = j.writer and s.seq = j.seq where j.action = 'listed' \
                   and j.actor = $1 and s.subject = $2";
        let values = args![own.principal.worker, format!("person:{}", home.idris)];
        let db = casework.store().read_db();
        let looks: Count = db.one(sql, values).await.unwrap();
        assert!(looks.n > 0, "showing the list is on record");
        let tx = casework.store().begin(&Actor::system("test")).await;
        let mut tx = tx.unwrap();
        let conflict = rows::conflict(home.idris, "nia.admin");
        tx.insert(&conflict).await.unwrap();
        tx.commit().await.unwrap();
        let nia = home.council.viewer("nia.admin").await;
        let list = found(casework, &nia).await.unwrap();
        assert!(of(&list, "Ines Ashgrove").is_none(), "nia knows the child");
    }
}

/// T3: a second record of a restricted child is seen by who looks after
/// restricted records and by nobody else; if it is the same child, it is
/// restricted as the first one is.
#[tokio::test]
async fn t3_a_second_record_of_a_restricted_child_is_for_the_shield_role_alone() {
    for home in homes().await {
        let casework = home.casework();
        home.restrict(home.maya).await;
        let second = rows::person(PersonKind::Child, "Maia", "Ashgrove", born(13, 8, 27));
        let pair = PossibleDuplicate {
            id: Id::new(),
            person_id: second.id,
            other_id: home.maya,
            because: json!(["Same date of birth"]),
            score: 92,
            raised_at: chrono::Utc::now(),
            settled_as: None,
            settled_by: None,
            settled_at: None,
            for_shield_team: true,
            version: 1,
        };
        let theirs = Involvement {
            worker_id: Some(id_of("tom.socialworker")),
            ..rows::allocated(second.id, "tom.socialworker")
        };
        let mut tx = begin(casework).await;
        tx.insert(&second).await.unwrap();
        tx.insert(&theirs).await.unwrap();
        tx.insert(&pair).await.unwrap();
        tx.commit().await.unwrap();
        for username in [
            "tom.socialworker",
            "priya.manager",
            "nia.admin",
            "okafor.director",
        ] {
            let viewer = home.council.viewer(username).await;
            let pairs = casework.shielded_pairs(&viewer, "test").await;
            assert!(matches!(pairs, Err(Error::NotFound)), "{username}");
            let settled = casework
                .settle_shielded(&viewer, pair.id, "same", "I guess that it is.")
                .await;
            assert!(matches!(settled, Err(Error::NotFound)), "{username}");
        }
        let keeper = newcomer(&home, "Wilf Rowan", "shield").await;
        let pairs = casework.shielded_pairs(&keeper, "test").await.unwrap();
        assert_eq!(pairs.len(), 1);
        assert_eq!(pairs[0].sides[1].name, "Maya Ashgrove");
        assert!(pairs[0].sides[1].restricted && !pairs[0].sides[0].restricted);
        let gate = casework.gate();
        let read = gate
            .person(&keeper, home.maya, Asked::to_read("test"))
            .await;
        assert!(read.unwrap().is_none(), "the index and no more");

        let words = "The grandmother gave the same school.";
        let unsaid = casework.settle_shielded(&keeper, pair.id, "", words).await;
        assert!(matches!(unsaid, Err(Error::Findings(_))));
        casework
            .settle_shielded(&keeper, pair.id, "same", words)
            .await
            .unwrap();
        let restricted: Vec<Restriction> = home.all(&format!("person_id = '{}'", second.id)).await;
        assert_eq!(restricted.len(), 1);
        let tom = home.council.viewer("tom.socialworker").await;
        let seen: Option<_> = gate
            .person(&tom, second.id, Asked::index("test"))
            .await
            .unwrap();
        assert!(seen.is_none(), "closed as the first record is");
        let left = casework.shielded_pairs(&keeper, "test").await.unwrap();
        assert!(left.is_empty());
        let kept: Vec<Person> = home.all(&format!("id = '{}'", second.id)).await;
        assert_eq!(kept.len(), 1, "nothing is merged");
    }
}

/// T1: a neighbour is found by the address or the postcode alone; what is kept of
/// a worker's home is a mark that shows to nobody, and the manager is told.
#[tokio::test]
async fn t1_a_look_at_a_neighbour_is_found_and_the_manager_told() {
    for home in homes().await {
        let casework = home.casework();
        let nia = home.council.viewer("nia.admin").await;
        let lives = |person, line1: &str, postcode: &str| casework::model::Address {
            id: Id::new(),
            person_id: person,
            kind: "home".into(),
            line1: line1.into(),
            line2: None,
            town: None,
            postcode: Some(postcode.into()),
            ward: None,
            team_id: None,
            started_on: None,
            ended_on: None,
            protected: false,
            safe_to_write: true,
            unsafe_reason: None,
            wrong_reason: None,
            version: 1,
        };
        let mut tx = begin(casework).await;
        tx.insert(&lives(home.sami, "4 Vexwood Rise", "LK3 9ZX"))
            .await
            .unwrap();
        tx.insert(&lives(home.idris, "9 Vexwood Rise", "LK3 9ZX"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let tom = home.council.viewer("tom.socialworker").await;
        let me = tom.principal.worker;
        for (line1, postcode) in [("", "LK3 9ZX"), ("4 Vexwood Rise", "Larkmere")] {
            let wrong = casework.keep_home(&tom, me, line1, postcode).await;
            assert!(matches!(wrong, Err(Error::Findings(_))), "{line1}");
        }
        // Himself or an administrator, and no colleague.
        let jo = home.jo().await;
        let other = casework.keep_home(&jo, me, "1 A Road", "LK1 1AA").await;
        assert!(matches!(other, Err(Error::NotFound)));
        assert!(casework.homes_kept(&jo, me).await.is_err());
        casework
            .keep_home(&tom, me, "4, vexwood rise", "lk39zx")
            .await
            .unwrap();
        let kept = casework.homes_kept(&nia, me).await.unwrap().unwrap();
        assert!(kept.starts_with("1 address") && !kept.to_lowercase().contains("vexwood"));
        let rows: Vec<casework::model::WorkerHome> = home.all("1 = 1").await;
        let text = format!("{rows:?}").to_lowercase();
        assert!(!text.contains("vexwood") && !text.contains("lk3"), "{text}");
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let sql = "select count(*) as n from journal where lower(plain) like '%vexwood%'";
        let told: Count = casework.store().read_db().one(sql, args![]).await.unwrap();
        assert_eq!(told.n, 0, "nor in the journal");

        look(&home, &tom, home.sami).await;
        look(&home, &tom, home.idris).await;
        let list = found(casework, &nia).await.unwrap();
        let signs = |person: Id<ids::Person>| {
            let reference = person.as_str()[28..].to_uppercase();
            let row = list.iter().find(|r| r.reference == reference);
            row.unwrap_or_else(|| panic!("{list:?}")).signs.clone()
        };
        assert!(signs(home.sami)[0].contains("at an address of this record"));
        assert!(signs(home.idris)[0].contains("a postcode of this record"));
        // His manager is told, by reference; Jo's manager is not.
        let sam = home.council.viewer("sam.manager").await;
        let told = casework.unusual_notices(&sam).await.unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(!format!("{told:?}").contains("Sami"));
        assert_eq!(casework.home(&sam).await.unwrap().unusual.len(), 2);
        let priya = home.council.viewer("priya.manager").await;
        assert!(casework.unusual_notices(&priya).await.unwrap().is_empty());
        // Explained: the notice goes. Not explained: it stays for the manager.
        let words = "He asked for the duty team, who were short.";
        let unsaid = casework.review_unusual(&nia, told[0].id, "", words).await;
        assert!(matches!(unsaid, Err(Error::Findings(_))));
        casework
            .review_unusual(&nia, told[0].id, "work", words)
            .await
            .unwrap();
        casework
            .review_unusual(&nia, told[1].id, "concern", words)
            .await
            .unwrap();
        let left = casework.unusual_notices(&sam).await.unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].outcome.is_some());
        // The marks go when he wants it.
        casework.forget_homes(&tom, me).await.unwrap();
        assert_eq!(casework.homes_kept(&tom, me).await.unwrap(), None);
        let rows: Vec<casework::model::WorkerHome> = home.all("1 = 1").await;
        assert!(rows.iter().all(|r| r.postcode_mark.is_empty()));
    }
}

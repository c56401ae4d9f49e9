//! S7: when somebody leaves, a grant ends or an allocation ends, nothing of the
//! record opens from the next request on: no page, no list, no search, no link.

use casework::model::{AccessGrant, Action, ActionLink, Involvement, Worker};
use casework::testing::scene::{Scene, Standing};
use casework::testing::{TestCouncil, councils, id_of};
use casework::time;
use chrono::{Days, Duration, Utc};
use record::{Actor, AssertSqlSafe, Entity, Tx, args};
use vocabulary::Id;

use crate::addresses;
use crate::asking::{Browser, about};

async fn begin(council: &TestCouncil) -> Tx {
    let store = council.casework.store();
    store.begin(&Actor::system("test")).await.expect("begins")
}

/// How many addresses show words of the record.
async fn opened(council: &TestCouncil, browser: &Browser, scene: &Scene) -> usize {
    let mut opened = 0;
    for address in addresses::all(council).iter().filter(|a| a.get) {
        let answer = browser.get(&about(address.path, scene)).await;
        opened += usize::from(answer.says(scene.words()));
    }
    opened
}

async fn names(council: &TestCouncil, browser: &Browser, scene: &Scene) -> usize {
    let mut named = 0;
    for address in addresses::all(council).iter().filter(|a| a.get) {
        let answer = browser.get(&about(address.path, scene)).await;
        named += usize::from(answer.says(scene.name()));
    }
    let query = vec![("q".to_owned(), scene.name().to_owned())];
    let found = browser.post("/find", &query).await;
    // The page repeats what was asked: only a second mention is a result.
    named + usize::from(found.body.matches("Wren").count() > 0)
}

/// S7, T4: a worker leaves.
#[tokio::test]
async fn s7_who_leaves_sees_nothing_from_the_next_request_on() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let jo = Browser::of(&council, "jo.socialworker").await;
        assert!(opened(&council, &jo, &scene).await > 10);
        let mut tx = begin(&council).await;
        let mut row: Worker = tx.get(id_of("jo.socialworker")).await.expect("Jo");
        row.active = false;
        tx.update(&mut row).await.expect("Jo leaves");
        tx.commit().await.expect("commits");
        // The cookie is the same; no session was ended by hand.
        assert_eq!(opened(&council, &jo, &scene).await, 0);
        assert_eq!(names(&council, &jo, &scene).await, 0);
    }
}

/// S7: the last day has passed, though nobody pressed anything.
#[tokio::test]
async fn s7_a_contract_that_ran_out_ends_access_by_itself() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let jo = Browser::of(&council, "jo.socialworker").await;
        let mut tx = begin(&council).await;
        let mut row: Worker = tx.get(id_of("jo.socialworker")).await.expect("Jo");
        row.ends_on = Some(time::today() - Days::new(1));
        tx.update(&mut row).await.expect("the contract ends");
        tx.commit().await.expect("commits");
        assert_eq!(opened(&council, &jo, &scene).await, 0);
        assert_eq!(names(&council, &jo, &scene).await, 0);
    }
}

/// S7: an allocation ends: of the record nothing opens, by page or list; who
/// works with the child may still be found, as by anybody in practice.
#[tokio::test]
async fn s7_an_allocation_that_ended_opens_nothing_of_the_record() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let jo = Browser::of(&council, "jo.socialworker").await;
        assert!(opened(&council, &jo, &scene).await > 10);
        let sql = format!(
            "select {} from involvement where person_id = $1",
            Involvement::COLUMNS.join(", ")
        );
        let mut tx = begin(&council).await;
        let rows: Vec<Involvement> = tx
            .all(AssertSqlSafe(sql), args![scene.person])
            .await
            .expect("involvements");
        for mut row in rows {
            row.ended_on = Some(time::today());
            tx.update(&mut row).await.expect("it ends");
        }
        tx.commit().await.expect("commits");
        assert_eq!(opened(&council, &jo, &scene).await, 0);
    }
}

/// S7, T12: a grant opens while it lasts and not one second longer.
#[tokio::test]
async fn s7_a_grant_that_ended_opens_nothing() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::OtherTeam).await;
        let (tom, rosa) = (
            Browser::of(&council, "tom.socialworker").await,
            Browser::of(&council, "rosa.health").await,
        );
        let grant = |kind: &str, username: &str, section: &str| AccessGrant {
            id: Id::new(),
            kind: kind.into(),
            worker_id: id_of(username),
            person_id: scene.person,
            section: section.into(),
            reason: "A reason for the test".into(),
            starts_at: Utc::now() - Duration::minutes(1),
            ends_at: Utc::now() + Duration::hours(1),
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
        };
        let mut grants = [
            grant("break_glass", "tom.socialworker", "record"),
            grant("partner", "rosa.health", "index"),
        ];
        let mut tx = begin(&council).await;
        for grant in &grants {
            tx.insert(grant).await.expect("a grant");
        }
        tx.commit().await.expect("commits");
        assert!(opened(&council, &tom, &scene).await > 3);
        assert!(names(&council, &rosa, &scene).await > 0);
        let mut tx = begin(&council).await;
        for grant in &mut grants {
            grant.ends_at = Utc::now() - Duration::seconds(1);
            tx.update(grant).await.expect("it ends");
        }
        tx.commit().await.expect("commits");
        assert_eq!(opened(&council, &tom, &scene).await, 0);
        assert_eq!(names(&council, &rosa, &scene).await, 0);
    }
}

/// S7: a partner's link that ran out, was used or was taken back opens nothing
/// and looks like a link that never was.
#[tokio::test]
async fn s7_a_partners_link_that_ended_is_no_link() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let action = scene.id("action").expect("an action");
        let jo = Browser::of(&council, "jo.socialworker").await;
        let token = |n: u8| format!("{n:064x}");
        let mut tx = begin(&council).await;
        let row: Action = tx.get(action).await.expect("the action");
        let link = |token: &str| ActionLink {
            id: Id::new(),
            token_hash: record::sessions::token_hash(token),
            action_id: row.id,
            sent_to: "Rosa Vetch".into(),
            made_by: id_of("jo.socialworker"),
            made_at: Utc::now() - Duration::days(2),
            ends_at: Utc::now() + Duration::days(7),
            used_at: None,
            withdrawn_at: None,
            version: 1,
        };
        let over = ActionLink {
            ends_at: Utc::now() - Duration::seconds(1),
            ..link(&token(2))
        };
        let withdrawn = ActionLink {
            withdrawn_at: Some(Utc::now() - Duration::seconds(1)),
            ..link(&token(3))
        };
        for link in [&link(&token(1)), &over, &withdrawn] {
            tx.insert(link).await.expect("a link");
        }
        tx.commit().await.expect("commits");
        let alive = jo.get(&format!("/answer/{}", token(1))).await;
        assert!(alive.says(scene.words()), "{}", alive.status);
        for token in [token(2), token(3), token(4)] {
            let answer = jo.get(&format!("/answer/{token}")).await;
            assert!(!answer.says(scene.words()), "{token}");
            assert!(!answer.says(scene.name()), "{token}");
        }
    }
}

//! The matrix of access: every address × every persona × records they may not
//! see (S4), and no personal data without its event (S5).
//!
//! The addresses come from [`web::ROUTES`]: an area that adds its own there is
//! tested from that day on.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use casework::model::{Family, FamilyMember, Involvement, Person, PersonKind, Restriction};
use casework::testing::{PASSWORD, TestCouncil, councils, id_of, team_of};
use casework::time;
use chrono::{Days, Utc};
use record::{Actor, args};
use tower::ServiceExt;
use vocabulary::{Id, ids};
use web::App;

const STAFF: [&str; 10] = [
    "farah.screener",
    "jo.socialworker",
    "amina.asye",
    "priya.manager",
    "tom.socialworker",
    "sam.manager",
    "dev.earlyhelp",
    "okafor.director",
    "nia.admin",
    "tia.analyst",
];

/// Words that may stand on no page of somebody who may not see the child.
const CANARY: &str = "Quillonsworth";

struct Answer {
    status: StatusCode,
    headers: String,
    body: String,
}

async fn get(app: &App, token: &str, address: &str) -> Answer {
    let request = Request::get(address)
        .header("cookie", format!("tl-session={token}"))
        .body(Body::empty())
        .expect("a request");
    let answer = web::router(app.clone())
        .oneshot(request)
        .await
        .expect("an answer");
    let status = answer.status();
    let headers = format!("{:?}", answer.headers());
    let body = to_bytes(answer.into_body(), 8 << 20).await.expect("a body");
    Answer {
        status,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// A child of Jo's with a family name that nobody else has.
async fn child(council: &TestCouncil, restricted: bool) -> (Id<ids::Person>, Id<ids::Family>) {
    let store = council.casework.store();
    let mut tx = store.begin(&Actor::system("test")).await.expect("begins");
    let person = Person {
        id: Id::new(),
        kind: PersonKind::Child,
        given: "Wren".into(),
        family_name: CANARY.into(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: Some(time::today() - Days::new(3000)),
        born_kind: None,
        died_on: None,
        ethnicity: None,
        religion: None,
        first_language: None,
        interpreter: false,
        communication: None,
        nhs_number: None,
        upn: None,
        school_id: None,
        going_well: None,
        status: Some("child_in_need".into()),
        created_at: Utc::now(),
        version: 1,
    };
    let family = Family {
        id: Id::new(),
        name: CANARY.into(),
        created_at: Utc::now(),
        version: 1,
    };
    tx.insert(&person).await.expect("a person");
    tx.insert(&family).await.expect("a family");
    tx.insert(&FamilyMember {
        id: Id::new(),
        family_id: family.id,
        person_id: person.id,
        household: true,
        joined_on: None,
        left_on: None,
        version: 1,
    })
    .await
    .expect("a place");
    tx.insert(&Involvement {
        id: Id::new(),
        person_id: person.id,
        worker_id: Some(id_of("jo.socialworker")),
        team_id: Some(team_of("North")),
        role: "allocated".into(),
        name: "Jo Larch".into(),
        job_title: "Social worker".into(),
        agency: "social_care".into(),
        phone: None,
        email: None,
        lead: true,
        sensitive: false,
        started_on: time::today() - Days::new(30),
        ended_on: None,
        change_reason: None,
        version: 1,
    })
    .await
    .expect("an involvement");
    if restricted {
        tx.insert(&Restriction {
            id: Id::new(),
            person_id: person.id,
            reason: "high_risk".into(),
            set_by: "test".into(),
            set_at: Utc::now(),
            review_on: time::today() + Days::new(90),
            ended_at: None,
            version: 1,
        })
        .await
        .expect("a restriction");
    }
    tx.commit().await.expect("commits");
    (person.id, family.id)
}

fn fill(route: &str, person: Id<ids::Person>, family: Id<ids::Family>) -> String {
    route
        .replace("{person}", person.as_str())
        .replace("{family}", family.as_str())
        .replace("{team}", team_of("North").as_str())
        .replace("{worker}", id_of("jo.socialworker").as_str())
        .replace("{grant}", Id::<ids::Grant>::new().as_str())
}

fn routes() -> impl Iterator<Item = &'static str> {
    web::ROUTES.iter().flat_map(|area| area.iter().copied())
}

async fn token(council: &TestCouncil, username: &str) -> String {
    let token = council.casework.sign_in(username, PASSWORD).await;
    token.expect("signs in").expect("a token")
}

/// S4: for everybody alike a closed record is the same bytes as none, and its
/// name is on no page, in no list, in no header.
#[tokio::test]
async fn s4_denied_is_absent_for_every_persona_and_route() {
    for council in councils().await {
        let app = App::new(council.casework.clone(), false);
        let (person, family) = child(&council, true).await;
        let mut asked = 0;
        for username in STAFF {
            let token = token(&council, username).await;
            for route in routes() {
                let denied = get(&app, &token, &fill(route, person, family)).await;
                let seen = format!("{username} at {route}");
                assert!(
                    !denied.status.is_server_error(),
                    "{seen}: {}",
                    denied.status
                );
                assert!(!denied.body.contains(CANARY), "{seen} shows the name");
                assert!(!denied.headers.contains(CANARY), "{seen} sends the name");
                asked += 1;
                if !route.contains("{person}") && !route.contains("{family}") {
                    continue;
                }
                let none = fill(route, Id::new(), Id::new());
                let absent = get(&app, &token, &none).await;
                assert_eq!(denied.status, absent.status, "{seen}");
                assert_eq!(denied.headers, absent.headers, "{seen}");
                assert_eq!(denied.body, absent.body, "{seen}");
            }
        }
        println!("{asked} pages asked for, 0 leaks");
    }
}

/// S5: whatever page shows the child's name, the look was on record before.
#[tokio::test]
async fn s5_no_name_leaves_without_an_event() {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    for council in councils().await {
        let app = App::new(council.casework.clone(), false);
        let (person, family) = child(&council, false).await;
        let mut shown = 0;
        for username in STAFF {
            let token = token(&council, username).await;
            for route in routes() {
                let sql = "select count(*) as n from journal \
                           where actor = $1 and action in ('looked', 'listed')";
                let db = council.casework.store().read_db();
                let who = id_of(username);
                let before: Count = db.one(sql, args![who]).await.expect("a count");
                let answer = get(&app, &token, &fill(route, person, family)).await;
                let after: Count = db.one(sql, args![who]).await.expect("a count");
                let seen = format!("{username} at {route}");
                assert!(
                    !answer.status.is_server_error(),
                    "{seen}: {}",
                    answer.status
                );
                if answer.body.contains(CANARY) {
                    shown += 1;
                    assert!(after.n > before.n, "{seen} shows a name without a look");
                }
            }
        }
        assert!(
            shown > 10,
            "only {shown} pages showed the child: is the test blind?"
        );
        println!("{shown} pages showed the child, each after its event");
    }
}

//! The services directory over HTTP, on both databases: the public pages and
//! the Open Referral feed.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Request, StatusCode};
use casework::testing::{TestCouncil, empty_councils};
use directory::invented;
use directory::search::Council;
use record::Actor;
use serde_json::Value;
use tower::ServiceExt;
use web::{App, router};

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn send(app: &Router, request: Request<Body>) -> Got {
    let answer = app.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
    Got {
        status,
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn get(app: &Router, path: &str) -> Got {
    let request = Request::get(path).header("host", "larkmere.test");
    send(app, request.body(Body::empty()).unwrap()).await
}

async fn filled(council: &TestCouncil) -> Router {
    council.casework.set_directory(
        invented::postcodes(),
        Council {
            name: "Larkmere".into(),
            codes: vec![invented::COUNCIL.into()],
        },
    );
    let directory = invented::directory(120, 5, casework::time::today());
    let kept = council
        .casework
        .keep_directory(&Actor::system("test"), &directory, |_, _| {})
        .await
        .unwrap();
    assert!(kept.added > 120);
    let again = council
        .casework
        .keep_directory(&Actor::system("test"), &directory, |_, _| {})
        .await
        .unwrap();
    assert_eq!((again.added, again.changed, again.same), (0, 0, kept.added));
    router(App::new(council.casework.clone(), false))
}

#[tokio::test]
async fn the_feed_is_open_to_all_and_says_what_it_cannot_read() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let root = get(&app, "/open-referral").await;
        assert_eq!(root.json()["version"], "HSDS-UK-3.0");
        let document = root.json()["openapi_url"].as_str().unwrap().to_owned();
        assert_eq!(document, "http://larkmere.test/open-referral/openapi.json");
        assert_eq!(root.headers["access-control-allow-origin"], "*");
        let document = get(&app, "/open-referral/openapi.json").await.json();
        assert_eq!(document["openapi"], "3.1.0");
        let page = get(&app, "/open-referral/services?per_page=10").await;
        assert_eq!(page.status, StatusCode::OK);
        let page = page.json();
        assert_eq!(page["size"], 10);
        let id = page["contents"][0]["id"].as_str().unwrap();
        let one = get(&app, &format!("/open-referral/services/{id}"))
            .await
            .json();
        assert_eq!(one["id"], id);
        let lines = get(&app, "/open-referral/services?format=ndjson").await;
        assert_eq!(lines.headers[CONTENT_TYPE], "application/x-ndjson");
        assert_eq!(
            lines.body.lines().count() as u64,
            page["total_items"].as_u64().unwrap()
        );
        assert_eq!(
            get(&app, "/open-referral/services/nobody").await.status,
            StatusCode::NOT_FOUND
        );
        let bad = get(&app, "/open-referral/services?page=none").await;
        assert_eq!(bad.status, StatusCode::BAD_REQUEST);
        assert_eq!(bad.json()["parameter"], "page");
    }
}

#[tokio::test]
async fn a_family_finds_help_without_an_account_and_its_postcode_is_not_kept() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let asked = Request::post("/services")
            .header("host", "larkmere.test")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("q=swiming&near=lk5+5ab&within=20&age=7"))
            .unwrap();
        let to = send(&app, asked).await;
        assert_eq!(to.status, StatusCode::SEE_OTHER);
        let to = to.headers[LOCATION].to_str().unwrap();
        assert_eq!(to, "/services?q=swiming&near=LK5+5&within=20&age=7");
        let found = get(&app, to).await;
        assert!(found.body.contains("was read as “swimming”"));
        assert!(found.body.contains("wimming"), "a result");
        assert!(found.body.contains("from LK5 5"), "how far it is");
        let typed = get(&app, "/services?near=LK5+5AB").await;
        assert_eq!(
            typed.headers[LOCATION], "/services?near=LK5+5",
            "nor when it was typed into the address"
        );
        let nothing = get(&app, "/services?q=helicopter").await;
        assert!(nothing.body.contains("Nothing found"));
        let wrong = get(&app, "/services?near=nowhere&q=swim&age=old").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("We do not know this postcode"));
        assert!(
            wrong.body.contains("value=\"nowhere\""),
            "what was typed stays"
        );
    }
}

#[tokio::test]
async fn a_hidden_place_stays_hidden_on_its_page_and_in_the_feed() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let feed = get(
            &app,
            "/open-referral/services?search=safe+home&full=true&per_page=100",
        )
        .await
        .json();
        let hidden = feed["contents"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| !s["service_at_locations"].is_null())
            .unwrap();
        let address = &hidden["service_at_locations"][0]["location"]["addresses"][0];
        assert_eq!(address["address_1"], "The exact address is not published");
        let page = get(
            &app,
            &format!("/services/{}", hidden["id"].as_str().unwrap()),
        )
        .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("the exact address is not published"));
        assert!(!page.body.contains(" Road"), "no street");
        assert_eq!(
            get(&app, "/services/018bcfe5-6800-7260-b36e-94a2e119b0f8")
                .await
                .status,
            StatusCode::NOT_FOUND
        );
    }
}

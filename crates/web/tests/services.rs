//! The services directory over HTTP, on both databases: the public pages and
//! the Open Referral feed.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
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

async fn post(app: &Router, path: &str, body: &str, cookie: &str) -> Got {
    let request = Request::post(path)
        .header("host", "larkmere.test")
        .header("origin", "http://larkmere.test")
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(app, request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn get_as(app: &Router, path: &str, cookie: &str) -> Got {
    let request = Request::get(path)
        .header("host", "larkmere.test")
        .header(COOKIE, cookie);
    send(app, request.body(Body::empty()).unwrap()).await
}

fn cookie(got: &Got) -> String {
    let set = got.headers[SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// Everything in the journal and in the tables that searches could touch.
async fn kept(council: &TestCouncil) -> String {
    let db = council.casework.store().read_db();
    let mut all = String::new();
    for sql in [
        "select id || ' ' || what || ' ' || area as line from directory_search",
        "select coalesce(plain, '') || ' ' || object_id as line from journal \
         where object_kind <> 'directory_item'",
    ] {
        let rows: Vec<(String,)> = db.all(sql, record::args![]).await.unwrap();
        rows.iter().for_each(|(line,)| all.push_str(line));
    }
    all
}

/// No person and no full postcode is kept of a search: not in the address that
/// it becomes, not in the store, not in the journal, not in the log.
#[tokio::test]
async fn a_search_with_a_name_a_number_and_a_postcode_leaves_none_of_them() {
    let log = LogLines::catch();
    for council in empty_councils().await {
        let app = filled(&council).await;
        let typed = "q=Dana+Qandili+01632+960+123+dana%40example.org+LK5+5AB+debt&age=7";
        let to = post(&app, "/services", typed, "").await;
        assert_eq!(to.status, StatusCode::SEE_OTHER);
        let to = to.headers[LOCATION].to_str().unwrap().to_owned();
        assert_eq!(to, "/services?q=debt&near=LK5+5&age=7");
        let found = get(&app, &to).await;
        assert!(found.body.contains("from LK5 5"));
        // A name alone becomes no address at all.
        let alone = post(&app, "/services", "q=Dana+Qandili", "").await;
        assert_eq!(alone.status, StatusCode::OK);
        assert!(alone.body.contains("Nothing found"));
        // Nor does an address in the box for the postcode.
        let home = post(&app, "/services", "near=14+Otter+Row,+LK5+5AB", "").await;
        assert_eq!(home.headers[LOCATION], "/services?near=LK5+5");
        council.casework.write_searches().await.unwrap();
        let kept = kept(&council).await;
        assert!(
            kept.contains("need/money/LK5"),
            "the need and the district: {kept}"
        );
        let logged = log.lines();
        for secret in ["dana", "qandili", "960 123", "960123", "5ab", "otter row"] {
            for (place, text) in [("store", &kept), ("log", &logged)] {
                let found = text.to_lowercase().contains(secret);
                assert!(!found, "{secret} is in the {place}");
            }
        }
    }
}

/// What the program logs, at its most talkative.
struct LogLines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl LogLines {
    fn catch() -> LogLines {
        let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let into = lines.clone();
        let layer = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(move || Line(into.clone()));
        // Another test of this file may have set one already; then nothing
        // comes here, and the store is still looked at.
        if layer.try_init().is_err() {
            eprintln!("somebody else reads the log");
        }
        LogLines(lines)
    }

    fn lines(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

struct Line(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_front_door_has_its_own_words_and_shows_only_what_belongs_there() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let offer = get(&app, "/local-offer?free=yes").await;
        assert!(
            offer
                .body
                .contains("<h1 class=\"govuk-heading-l\">SEND local offer</h1>")
        );
        assert!(
            !offer.body.contains("ommunity pantry"),
            "no pantry behind this door"
        );
        let all = get(&app, "/services?q=pantry").await;
        assert!(all.body.contains("antry"));
        let none = get(&app, "/local-offer?q=pantry").await;
        assert!(none.body.contains("Nothing found"));
        let young = get(&app, "/young-people").await;
        assert!(
            young.body.contains("govuk-exit-this-page"),
            "a way to leave at once"
        );
        assert!(!all.body.contains("govuk-exit-this-page"));
        let abuse = get(&app, "/services?q=domestic+abuse").await;
        assert!(abuse.body.contains("govuk-exit-this-page"));
        assert_eq!(get(&app, "/start-for-life").await.status, StatusCode::OK);
        assert_eq!(
            get(&app, "/doors/nobody").await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_page_in_polish_says_so_and_stays_polish() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let first = get(&app, "/services?q=swim&near=LK5+5&lang=pl").await;
        assert!(first.body.contains("<html lang=\"pl\""));
        assert!(first.body.contains("Szukaj pomocy") && first.body.contains(" od LK5 5"));
        let kept = cookie(&first);
        assert_eq!(kept, "tl_language=pl");
        let next = get_as(&app, "/young-people", &kept).await;
        assert!(next.body.contains("Pomoc dla młodych ludzi"));
        let unknown = get(&app, "/services?lang=xx").await;
        assert!(unknown.body.contains("<html lang=\"en\""));
        for page in [&first.body, &next.body] {
            assert!(
                !page.contains(">find.") && !page.contains(">why."),
                "a key without words"
            );
        }
    }
}

#[tokio::test]
async fn the_map_is_ours_and_hides_what_is_hidden() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let page = get(&app, "/services?near=LK5+5&view=map").await;
        let map = page
            .body
            .split("<svg class=\"tl-map__svg\"")
            .nth(1)
            .unwrap();
        let map = map.split("</svg>").next().unwrap();
        assert!(map.matches("class=\"tl-map__pin").count() > 5);
        assert!(
            !map.contains("http://") || map.matches("http").count() == 1,
            "only its namespace"
        );
        for pin in map.split("href=\"#").skip(1) {
            let to = pin.split('"').next().unwrap();
            assert!(
                page.body.contains(&format!("<li id=\"{to}\">")),
                "{to} is in the list"
            );
        }
        let hidden = get(&app, "/services?q=safe+at+home&view=map").await;
        assert!(
            !hidden.body.contains("class=\"tl-map__pin\""),
            "a refuge is on no map"
        );
        assert!(hidden.body.contains("Not on the map:"));
    }
}

#[tokio::test]
async fn a_list_is_kept_by_its_reader_and_shared_by_its_address() {
    for council in empty_councils().await {
        let app = filled(&council).await;
        let found = get(&app, "/services?q=swimming").await;
        let id = found.body.split("<li id=\"s-").nth(1).unwrap();
        let id = id.split('"').next().unwrap().to_owned();
        let body = format!("do=add&service={id}&back=/services?q=swimming%23s-{id}");
        let added = post(&app, "/your-list", &body, "").await;
        assert_eq!(added.status, StatusCode::SEE_OTHER);
        assert_eq!(
            added.headers[LOCATION],
            format!("/services?q=swimming#s-{id}")
        );
        let kept = cookie(&added);
        assert_eq!(kept, format!("tl_list={id}"));
        assert!(
            !added.headers[SET_COOKIE]
                .to_str()
                .unwrap()
                .contains("Max-Age"),
            "until the browser closes"
        );
        let list = get_as(&app, "/your-list", &kept).await;
        assert!(
            list.body.contains("href=\"tel:01632960"),
            "the numbers are on it"
        );
        assert!(
            list.body
                .contains(&format!("http://larkmere.test/your-list?services={id}"))
        );
        let shared = get(&app, &format!("/your-list?services={id}.nobody")).await;
        assert!(shared.body.contains("Keep this list here"));
        let cleared = post(&app, "/your-list", "do=clear&back=//evil.example", &kept).await;
        assert_eq!(cleared.headers[LOCATION], "/your-list");
        assert!(
            cleared.headers[SET_COOKIE]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
    }
}

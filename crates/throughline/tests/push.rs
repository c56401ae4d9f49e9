//! `throughline returns push` as it is typed, against a receiver on this
//! machine: full the first time, nothing the second, what changed the third;
//! a receiver that is away; a token that has run out; two pushes at once.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};

/// What the department's receiver saw, and how it behaves next.
#[derive(Default)]
struct Seen {
    tokens: usize,
    children: Vec<Value>,
    batches: Vec<usize>,
    answers: Vec<u16>,
}

type Department = Arc<Mutex<Seen>>;

async fn token(State(seen): State<Department>, body: String) -> (StatusCode, String) {
    let asked = [
        "client_id=throughline",
        "client_secret=a+secret",
        "scope=all",
    ];
    if !asked.iter().all(|part| body.contains(part)) {
        return (StatusCode::UNAUTHORIZED, "who are you?".into());
    }
    let mut seen = seen.lock().unwrap();
    seen.tokens += 1;
    let token = json!({ "access_token": format!("token {}", seen.tokens) });
    (StatusCode::OK, token.to_string())
}

async fn children(
    State(seen): State<Department>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, String) {
    let mut seen = seen.lock().unwrap();
    let bearer = format!("Bearer token {}", seen.tokens);
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if header("authorization") != Some(&bearer) || header("supplierkey") != Some("the key") {
        return (StatusCode::FORBIDDEN, "not you".into());
    }
    if let Some(status) = seen.answers.pop() {
        return (StatusCode::from_u16(status).unwrap(), "later".into());
    }
    let items: Vec<Value> = serde_json::from_str(&body).unwrap();
    seen.batches.push(items.len());
    let receipts: Vec<String> = (0..items.len()).map(|n| format!("receipt {n}")).collect();
    seen.children.extend(items);
    (StatusCode::OK, json!(receipts).to_string())
}

async fn department() -> (Department, String) {
    let seen = Department::default();
    let routes = Router::new()
        .route("/token", post(token))
        .route(
            "/api/children_social_care_data/{la}/children",
            post(children),
        )
        .with_state(seen.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (seen, address)
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A council with 130 children from a census, and a configuration.
    fn with_children(department: &str) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place { folder };
        let config = format!(
            "database = \"sqlite:{}\"\nkeys = \"{}\"\n[daily_push]\nto = \"{department}/api\"\n\
             token_url = \"{department}/token\"\nclient_id = \"throughline\"\nscope = \"all\"\n\
             secret_file = \"{}\"\nsupplier_key_file = \"{}\"\n",
            place.path("council.db").display(),
            place.path("keys").display(),
            place.path("secret").display(),
            place.path("key").display(),
        );
        std::fs::write(place.path("council.toml"), config).expect("written");
        std::fs::write(place.path("secret"), "a secret\n").expect("written");
        std::fs::write(place.path("key"), "the key\n").expect("written");
        let synth = ["synth", "cin", "--children", "130", "--faults", "0"];
        place.good(&[&synth[..], &["--out", "census.xml"]].concat());
        let import = ["import", "cin-census", "census.xml"];
        place.good(&[&import[..], &["--config", "council.toml"]].concat());
        place
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_throughline"))
            .current_dir(self.folder.path())
            .args(words)
            .output()
            .expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    fn good(&self, words: &[&str]) -> String {
        let (code, text) = self.run(words);
        assert_eq!(code, Some(0), "{words:?}: {text}");
        text
    }

    async fn push(self: &Arc<Place>, more: &[&str]) -> (Option<i32>, String) {
        let words = [&["returns", "push", "--config", "council.toml"], more].concat();
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let place = self.clone();
        let run = move || place.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        tokio::task::spawn_blocking(run).await.unwrap()
    }
}

#[tokio::test]
async fn a_push_is_full_then_nothing_then_what_changed() {
    let (seen, address) = department().await;
    let place = Arc::new(Place::with_children(&address));

    // A look first: nothing leaves.
    let (code, said) = place.push(&["--out", "look.json"]).await;
    assert_eq!(code, Some(0), "{said}");
    let look: Vec<Value> =
        serde_json::from_slice(&std::fs::read(place.path("look.json")).unwrap()).unwrap();
    assert!(seen.lock().unwrap().batches.is_empty());

    // The first time, everything; a token that runs out is got again.
    seen.lock().unwrap().answers = vec![401];
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    {
        let mut seen = seen.lock().unwrap();
        assert_eq!(seen.tokens, 2);
        assert_eq!(seen.children, look);
        assert_eq!(seen.batches.iter().sum::<usize>(), look.len());
        assert!(seen.batches.iter().all(|n| *n <= 100) && seen.batches.len() > 1);
        assert!(look.len() > 100, "{}", look.len());
        let one = &look[0];
        assert!(one["social_care_episodes"][0]["referral_date"].is_string());
        assert!(one["child_details"]["date_of_birth"].is_string());
        seen.children.clear();
    }
    assert!(!said.contains(look[0]["la_child_id"].as_str().unwrap()));

    // The second, nothing.
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("0 sent") && seen.lock().unwrap().children.is_empty());

    // A log of which one child is missing and one line was cut off by a crash:
    // that child is sent, and no other.
    let log = place.path("keys").join("daily-push.jsonl");
    let lines = std::fs::read_to_string(&log).unwrap();
    let (cut, last) = lines.trim_end().rsplit_once('\n').unwrap();
    std::fs::write(&log, format!("{cut}\n{}", &last[..last.len() / 2])).unwrap();
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 sent"), "{said}");
    assert_eq!(seen.lock().unwrap().children.len(), 1);
    // And after it the log can be read as before.
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("0 sent"), "{said}");
}

#[tokio::test]
async fn a_push_that_cannot_be_sent_says_so_and_is_sent_the_next_time() {
    let (seen, address) = department().await;
    let place = Arc::new(Place::with_children(&address));
    let config = std::fs::read_to_string(place.path("council.toml")).unwrap();

    // An address that would show children to whoever listens.
    let open = config.replace(&address, "http://receiver.example");
    std::fs::write(place.path("council.toml"), open).unwrap();
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(2));
    assert!(said.contains("must begin with https://"), "{said}");

    // The wrong secret: told without it, and nothing is in the log as sent.
    std::fs::write(place.path("council.toml"), &config).unwrap();
    std::fs::write(place.path("secret"), "another").unwrap();
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("does not know us"), "{said}");
    assert!(!said.contains("another") && !said.contains("who are you"));
    std::fs::write(place.path("secret"), "a secret").unwrap();

    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(!seen.lock().unwrap().children.is_empty());

    // No table in the configuration: where to is not guessed.
    let (none, _) = config.split_once("[daily_push]").unwrap();
    std::fs::write(place.path("council.toml"), none).unwrap();
    let (code, said) = place.push(&[]).await;
    assert_eq!(code, Some(2));
    assert!(said.contains("[daily_push]"), "{said}");
}

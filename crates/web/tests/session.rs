//! Signing in and out over HTTP, and what a session that runs out must not
//! lose (ux.md section 6: nothing submitted is lost).

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, Response, StatusCode};
use casework::testing::scene::{Scene, Standing};
use casework::testing::{PASSWORD, TestCouncil, councils, id_of};
use record::Actor;
use tower::ServiceExt;
use vocabulary::{Id, ids};
use web::{App, router};

/// A browser without script: it keeps cookies and sends forms.
struct Browser {
    app: Router,
    cookies: Vec<(String, String)>,
}

struct Answer {
    status: StatusCode,
    to: String,
    body: String,
}

impl Browser {
    fn new(council: &TestCouncil) -> Browser {
        Browser {
            app: router(App::new(council.casework.clone(), false)),
            cookies: Vec::new(),
        }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        self.keep_cookies(&answer);
        let to = answer
            .headers()
            .get(LOCATION)
            .map_or("", |v| v.to_str().unwrap())
            .to_owned();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        Answer {
            status,
            to,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    fn keep_cookies(&mut self, answer: &Response<Body>) {
        for line in answer.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(n, _)| n != name);
            if !line.contains("Max-Age=0") && !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    async fn sign_in(&mut self, username: &str) -> Answer {
        self.post(
            "/sign-in",
            &[("username", username), ("password", PASSWORD)],
        )
        .await
    }
}

#[tokio::test]
async fn a_page_behind_the_sign_in_leads_there_and_back_again() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        let asked = browser.get("/find").await;
        let expected = (StatusCode::SEE_OTHER, "/sign-in?next=%2Ffind");
        assert_eq!((asked.status, asked.to.as_str()), expected);
        let page = browser.get(&asked.to).await;
        assert!(
            page.body.contains(r#"name="next" value="/find""#),
            "{}",
            page.body
        );
        let fields = [
            ("username", "jo.socialworker"),
            ("password", PASSWORD),
            ("next", "/find"),
        ];
        let signed_in = browser.post("/sign-in", &fields).await;
        assert_eq!(signed_in.to, "/find");
        assert_eq!(browser.get("/find").await.status, StatusCode::OK);
        browser.post("/sign-out", &[]).await;
        assert_eq!(browser.get("/find").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    for council in councils().await {
        for next in [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:x",
        ] {
            let mut browser = Browser::new(&council);
            let fields = [
                ("username", "jo.socialworker"),
                ("password", PASSWORD),
                ("next", next),
            ];
            assert_eq!(browser.post("/sign-in", &fields).await.to, "/", "{next}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_says_what_to_do_and_keeps_the_name_and_is_limited() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        let wrong = [("username", "jo.socialworker"), ("password", "guess-word")];
        let answer = browser.post("/sign-in", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("There is a problem"));
        assert!(answer.body.contains(r#"value="jo.socialworker""#));
        assert!(
            !answer.body.contains("guess-word"),
            "the password came back"
        );
        for _ in 0..12 {
            browser.post("/sign-in", &wrong).await;
        }
        assert_eq!(
            browser.post("/sign-in", &wrong).await.status,
            StatusCode::TOO_MANY_REQUESTS
        );
    }
}

/// The session ran out while a form was being sent: after signing in again
/// everything is still there, and goes where it was going.
#[tokio::test]
async fn a_form_sent_after_the_session_ran_out_is_kept_and_sent_on() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        browser.sign_in("jo.socialworker").await;
        let jo = id_of("jo.socialworker");
        council
            .test
            .store
            .end_sessions_of(&Actor::system("test"), jo)
            .await
            .unwrap();
        let words = "Maya said she likes the new school & smiled, Zoë 名前";
        let sent = browser
            .post("/find", &[("q", words), ("once", "abc")])
            .await;
        assert_eq!(
            (sent.status, sent.to.as_str()),
            (StatusCode::SEE_OTHER, "/sign-in")
        );
        assert!(browser.get("/sign-in").await.body.contains("is kept"));
        assert_eq!(browser.sign_in("jo.socialworker").await.to, "/resume");
        let page = browser.get("/resume").await;
        assert!(page.body.contains("likes the new school"), "{}", page.body);
        // Looking is not sending: it is still there a second time.
        assert!(browser.get("/resume").await.body.contains("名前"));
        let on = browser
            .post("/resume", &[("q", words), ("once", "abc")])
            .await;
        assert_eq!(
            (on.status, on.to.as_str()),
            (StatusCode::TEMPORARY_REDIRECT, "/find")
        );
        assert_eq!(browser.get("/resume").await.to, "/", "it was sent on once");
    }
}

/// A password is not kept with the rest: it is asked for again.
#[tokio::test]
async fn a_password_is_not_kept_when_the_session_runs_out() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        browser.sign_in("tom.socialworker").await;
        let tom = id_of("tom.socialworker");
        let test = Actor::system("test");
        council
            .test
            .store
            .end_sessions_of(&test, tom)
            .await
            .unwrap();
        let fields = [
            ("reason", "Police are at the door"),
            ("password", "a-secret-word"),
        ];
        let open = format!("/people/{}/open", Id::<ids::Person>::new());
        browser.post(&open, &fields).await;
        browser.sign_in("tom.socialworker").await;
        let page = browser.get("/resume").await;
        assert!(
            page.body.contains("Police are at the door"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("a-secret-word"),
            "the password was kept"
        );
    }
}

/// T5, T11: somebody's password cannot be guessed at the screen they left open.
#[tokio::test]
async fn the_password_for_emergency_access_is_limited_and_the_reason_is_kept() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::OtherTeam).await;
        let mut browser = Browser::new(&council);
        browser.sign_in("tom.socialworker").await;
        let open = format!("/people/{}/open", scene.person);
        let reason = ("reason", "Police are at the door: is there a baby?");
        for _ in 0..10 {
            let wrong = [reason, ("password", "guess-word")];
            let answer = browser.post(&open, &wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains("This is not your password"));
            assert!(answer.body.contains("Police are at the door"));
            assert!(
                !answer.body.contains("guess-word"),
                "the password came back"
            );
        }
        let right = [reason, ("password", PASSWORD)];
        let answer = browser.post(&open, &right).await;
        assert!(answer.body.contains("too many times"), "{}", answer.body);
        let story = browser
            .get(&format!("/people/{}/story", scene.person))
            .await;
        assert_eq!(story.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_someone_was_sending_is_never_shown_to_someone_else() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        browser.sign_in("jo.socialworker").await;
        let jo = id_of("jo.socialworker");
        council
            .test
            .store
            .end_sessions_of(&Actor::system("test"), jo)
            .await
            .unwrap();
        browser.post("/find", &[("q", "canary words")]).await;
        browser.sign_in("tom.socialworker").await;
        let page = browser.get("/resume").await;
        assert!(!page.body.contains("canary"));
        assert_eq!(page.to, "/");
    }
}

/// A save by the script in a page whose session ran out says so, and does not
/// send the reader of the page anywhere.
#[tokio::test]
async fn a_draft_sent_by_script_without_a_session_is_told_so() {
    for council in councils().await {
        let mut browser = Browser::new(&council);
        let request = Request::post("/drafts/note:x")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json");
        let answer = browser.send(request, "words=hello".into()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

/// S3: drafts come back after a restart, and an older save never wins.
#[tokio::test]
async fn drafts_survive_a_restart_and_old_saves_do_not_win() {
    for mut council in councils().await {
        let viewer = council.viewer("jo.socialworker").await;
        let mut browser = Browser::new(&council);
        browser.sign_in("jo.socialworker").await;
        for (seq, words) in [("2", "newer"), ("1", "older")] {
            let fields = [
                ("words", words),
                ("draft_page", "p1"),
                ("draft_seq", seq),
                ("draft_title", "A note"),
                ("draft_path", "/x"),
            ];
            let answer = browser.post("/drafts/note:1", &fields).await;
            assert_eq!(answer.status, StatusCode::OK);
        }
        council.test.restart().await;
        let worker = viewer.principal.worker;
        let draft = council
            .test
            .store
            .draft(worker, "note:1", false)
            .await
            .unwrap();
        let draft = draft.expect("the draft is there");
        assert_eq!(draft.body, serde_json::json!([["words", "newer"]]));
        assert_eq!(
            (draft.title.as_str(), draft.path.as_str()),
            ("A note", "/x")
        );
    }
}

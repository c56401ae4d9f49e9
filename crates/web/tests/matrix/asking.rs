//! A browser without a screen: somebody of the test council asks for pages.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use casework::testing::scene::Scene;

use casework::testing::{EVERYBODY, PASSWORD, Persona, TestCouncil, id_of, team_of};
use record::db::Dialect;
use tower::ServiceExt;
use vocabulary::{Id, ids};
use web::App;

/// Who asks. On the embedded database all sixteen do. Which of them may see a
/// record is decided in one piece of SQL, and the access crate proves it equal
/// on both databases; on PostgreSQL one of each kind of post shows that the
/// pages are, too.
pub fn who_asks(council: &TestCouncil) -> Vec<&'static Persona> {
    let mut roles = Vec::new();
    let on_postgres = council.casework.store().read_db().dialect() == Dialect::Postgres;
    EVERYBODY
        .iter()
        .filter(|p| {
            let first = !roles.contains(&p.role);
            roles.push(p.role);
            first || !on_postgres
        })
        .collect()
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: String,
    pub body: String,
}

impl Answer {
    /// Whether it says a word anywhere: in the page, its address, its cookies.
    pub fn says(&self, word: &str) -> bool {
        self.body.contains(word) || self.headers.contains(word)
    }

    /// Whether it is one of our pages, or a piece of one.
    pub fn is_a_page(&self) -> bool {
        self.headers.contains("text/html") && self.body.trim_start().starts_with('<')
    }

    /// The value of a cookie that it sets.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.headers.split_once(&format!("\"{name}="))?;
        rest.split(['"', ';']).next().filter(|v| !v.is_empty())
    }

    /// The same with every id in it as one word: a page or a redirect may
    /// repeat the address that was asked for, and no other.
    pub fn about_somebody(&self) -> Answer {
        let word = |text: &str| {
            let mut out = String::new();
            let mut rest = text;
            while !rest.is_empty() {
                if rest.is_char_boundary(36.min(rest.len())) && is_id(&rest[..36.min(rest.len())]) {
                    out.push_str("ID");
                    rest = &rest[36..];
                } else {
                    let next = rest.chars().next().map_or(1, char::len_utf8);
                    out.push_str(&rest[..next]);
                    rest = &rest[next..];
                }
            }
            out
        };
        Answer {
            status: self.status,
            headers: word(&self.headers),
            body: word(&self.body),
        }
    }

    /// The same without what is fresh in every page: once-tokens and times.
    pub fn settled(mut self) -> Answer {
        for mark in ["name=\"once\" value=\"", "name=\"draft_page\" value=\""] {
            let mut settled = String::new();
            let mut rest = self.body.as_str();
            while let Some((before, after)) = rest.split_once(mark) {
                settled.push_str(before);
                settled.push_str(mark);
                rest = after.split_once('"').map_or("", |(_, rest)| rest);
            }
            settled.push_str(rest);
            self.body = settled;
        }
        self
    }
}

/// Somebody who is signed in.
pub struct Browser {
    token: String,
    router: Router,
}

impl Browser {
    pub async fn of(council: &TestCouncil, username: &'static str) -> Browser {
        let token = council.casework.sign_in(username, PASSWORD).await;
        Browser {
            token: token.expect("signs in").expect("a token"),
            router: web::router(App::new(council.casework.clone(), false)),
        }
    }

    pub async fn get(&self, address: &str) -> Answer {
        self.ask(Request::get(address).body(Body::empty())).await
    }

    pub async fn post(&self, address: &str, pairs: &[(String, String)]) -> Answer {
        let body = serde_urlencoded::to_string(pairs).expect("pairs");
        let request = Request::post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.ask(request).await
    }

    /// What no form sends: bytes that are not text, and no kind.
    pub async fn post_bytes(&self, address: &str) -> Answer {
        let request = Request::post(address)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(vec![0xff, 0xfe, 0x00, 0x25]));
        self.ask(request).await
    }

    /// A page, with another cookie beside the session's.
    pub async fn get_with(&self, address: &str, cookie: &str) -> Answer {
        let request = Request::get(address).body(Body::empty());
        self.ask_with(request, cookie).await
    }

    async fn ask(&self, request: axum::http::Result<Request<Body>>) -> Answer {
        self.ask_with(request, "tl-none=").await
    }

    async fn ask_with(&self, request: axum::http::Result<Request<Body>>, more: &str) -> Answer {
        let mut request = request.expect("a request");
        let cookie = format!("tl-session={}; {more}", self.token);
        let cookie = cookie.parse().expect("a cookie");
        request.headers_mut().insert("cookie", cookie);
        let answer = self.router.clone().oneshot(request).await;
        let answer = answer.expect("an answer");
        let status = answer.status();
        let headers = format!("{:?}", answer.headers());
        let body = to_bytes(answer.into_body(), 64 << 20)
            .await
            .expect("a body");
        Answer {
            status,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

/// An address about the records of one scene.
pub fn about(path: &str, scene: &Scene) -> String {
    fill(path, |place| scene.id(place).map(str::to_owned))
}

/// An address about records that do not exist.
pub fn about_nobody(path: &str) -> String {
    fill(path, |place| {
        let record = casework::testing::scene::PLACES.contains(&place);
        record.then(|| Id::<ids::Part>::new().to_string())
    })
}

fn fill(path: &str, id: impl Fn(&str) -> Option<String>) -> String {
    let parts = path.split(['{', '}']).enumerate();
    parts
        .map(|(i, part)| match (i % 2, part) {
            (0, text) => text.to_owned(),
            (_, place) => id(place).unwrap_or_else(|| match place {
                "team" => team_of("North").to_string(),
                "worker" => id_of("jo.socialworker").to_string(),
                "section" => "summary".into(),
                "target" => "note:anything".into(),
                "token" | "name" => "nothing".into(),
                _ => Id::<ids::Part>::new().to_string(),
            }),
        })
        .collect()
}

fn is_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

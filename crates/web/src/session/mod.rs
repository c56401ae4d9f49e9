//! Signing in and out, and what happens when a session runs out in the middle
//! of work: what was being sent is kept, and goes on after signing in again.

mod limit;

use askama::Template;
use axum::Form;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use casework::sign_in::Session;
use casework::{Viewer, time};
use serde::Deserialize;

pub(crate) use limit::SignInLimit;

use crate::app::{App, Signed, WebResult};
use crate::ui::{FieldError, Frame, Notice, Page, errors, to};

const SESSION: &str = "tl-session";
const HELD: &str = "tl-held";
/// The most that is kept of a submission whose session ran out: far more than
/// the longest assessment section.
const MOST: usize = 4 << 20;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/sign-in", "/sign-out", "/session/keep", "/resume"];

/// Pages that need no sign-in.
pub(crate) fn public_routes() -> Router<App> {
    Router::new().route("/sign-in", get(ask).post(sign_in))
}

/// Pages behind the sign-in.
pub(crate) fn staff_routes() -> Router<App> {
    Router::new()
        .route("/sign-out", post(sign_out))
        .route("/session/keep", post(async || StatusCode::NO_CONTENT))
        .route("/resume", get(resume).post(send_on))
}

#[derive(Template)]
#[template(path = "session/sign_in.html")]
struct SignInPage {
    frame: Frame,
    username: String,
    next: String,
    held: bool,
}

#[derive(Debug, Deserialize)]
struct Next_ {
    #[serde(default)]
    next: String,
}

/// Only an address of our own: a link from elsewhere must not choose where
/// someone lands after signing in.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if own { path } else { "/" }
}

async fn ask(State(app): State<App>, jar: CookieJar, Query(next): Query<Next_>) -> Response {
    Page(SignInPage {
        frame: Frame::public(app.casework.name(), "Sign in"),
        username: String::new(),
        next: own_path(&next.next).to_owned(),
        held: jar.get(HELD).is_some(),
    })
    .into_response()
}

#[derive(Debug, Deserialize)]
struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    Form(form): Form<Credentials>,
) -> WebResult {
    if !app.limit.may_try(&form.username) {
        return Ok(errors::too_many());
    }
    let token = app.casework.sign_in(&form.username, &form.password).await?;
    let Some(token) = token else {
        let wrong = FieldError::new(
            "username",
            "We do not know that username and password together. Check both, or ask your helpdesk.",
        );
        return Ok(Page(SignInPage {
            frame: Frame::public(app.casework.name(), "Sign in").with_errors(vec![wrong]),
            username: form.username,
            next: own_path(&form.next).to_owned(),
            held: jar.get(HELD).is_some(),
        })
        .with_status(StatusCode::UNPROCESSABLE_ENTITY));
    };
    let next = if jar.get(HELD).is_some() {
        "/resume"
    } else {
        own_path(&form.next)
    };
    let mut cookie = Cookie::new(SESSION, token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(app.secure);
    cookie.set_same_site(SameSite::Lax);
    Ok((jar.add(cookie), to(next)).into_response())
}

async fn sign_out(State(app): State<App>, signed: Signed, jar: CookieJar) -> WebResult {
    if let Some(session) = &signed.viewer.session {
        app.casework.sign_out(&signed.viewer, session).await?;
    }
    // What was checked in this visit goes with it.
    app.kept.forget_all(&signed.viewer);
    let jar = jar.remove(Cookie::build(SESSION).path("/"));
    Ok((jar, Notice::new("You are signed out.").on(to("/sign-in"))).into_response())
}

/// The layer in front of every page behind the sign-in.
pub(crate) async fn need_sign_in(
    State(app): State<App>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let session = match jar.get(SESSION) {
        Some(cookie) => app.casework.session(cookie.value()).await,
        None => Ok(Session::None),
    };
    match session {
        Err(error) => errors::broken(&error),
        Ok(Session::Open(viewer)) => {
            let signed = signed(&app, *viewer, &jar, request.uri().path());
            let shows_notice = signed.notice.is_some() && request.method() == Method::GET;
            request.extensions_mut().insert(signed);
            let answer = next.run(request).await;
            if shows_notice && answer.status() == StatusCode::OK {
                return Notice::taken(answer);
            }
            answer
        }
        Ok(Session::RunOut(worker)) => not_signed_in(&app, jar, Some(worker), request).await,
        Ok(Session::None) => not_signed_in(&app, jar, None, request).await,
    }
}

fn signed(app: &App, viewer: Viewer, jar: &CookieJar, path: &str) -> Signed {
    let post = app
        .casework
        .pack()
        .role(&viewer.principal.role, time::today())
        .map_or_else(String::new, |role| role.title.clone());
    Signed {
        post,
        council: app.casework.name().to_owned(),
        notice: Notice::from(jar),
        path: path.to_owned(),
        viewer,
    }
}

type WorkerId = vocabulary::Id<vocabulary::ids::Worker>;

async fn not_signed_in(
    app: &App,
    jar: CookieJar,
    worker: Option<WorkerId>,
    request: Request,
) -> Response {
    let by_script = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"));
    if by_script {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .to_owned();
    if request.method() == Method::GET || path == "/sign-out" {
        let query = serde_urlencoded::to_string([("next", &path)]).unwrap_or_default();
        return to(&format!("/sign-in?{query}"));
    }
    match keep(app, worker, &path, request).await {
        Ok(Some(token)) => {
            let mut cookie = Cookie::new(HELD, token);
            cookie.set_path("/");
            cookie.set_http_only(true);
            cookie.set_secure(app.secure);
            cookie.set_same_site(SameSite::Lax);
            (jar.add(cookie), to("/sign-in")).into_response()
        }
        Ok(None) => to("/sign-in"),
        Err(problem) => problem,
    }
}

/// Keeps the body of a form whose session ran out.
async fn keep(
    app: &App,
    worker: Option<WorkerId>,
    path: &str,
    request: Request,
) -> Result<Option<String>, Response> {
    let a_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if !a_form {
        return Ok(None);
    }
    let (_, body): (_, Body) = request.into_parts();
    let body = to_bytes(body, MOST)
        .await
        .map_err(|_| errors::unreadable("What was sent is too long, or did not arrive whole."))?;
    let body = without_secrets(&body);
    let held = app.casework.hold(worker, path, &body).await;
    held.map(Some).map_err(|error| errors::broken(&error))
}

/// A posted body without passwords: they are asked for again, not kept.
fn without_secrets(body: &[u8]) -> String {
    const SECRET: [&str; 3] = ["password", "old", "new"];
    let body = String::from_utf8_lossy(body);
    let kept = body.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !SECRET.contains(&name)
    });
    kept.collect::<Vec<&str>>().join("&")
}

#[derive(Template)]
#[template(path = "session/resume.html")]
struct ResumePage {
    frame: Frame,
    fields: Vec<(String, String)>,
    held_at: String,
}

/// After signing in again: what was being sent, ready to go on. It stays kept
/// until it has been sent on.
async fn resume(State(app): State<App>, signed: Signed, jar: CookieJar) -> WebResult {
    let Some(token) = jar.get(HELD).map(|cookie| cookie.value().to_owned()) else {
        return Ok(to("/"));
    };
    let Some(held) = app.casework.held(&signed.viewer, &token).await? else {
        return Ok((jar.remove(Cookie::build(HELD).path("/")), to("/")).into_response());
    };
    let fields = serde_urlencoded::from_str(&held.body).map_err(|_| casework::Error::NotFound)?;
    Ok(Page(ResumePage {
        frame: signed.frame("Carry on where you were"),
        fields,
        held_at: vocabulary::plain::date_time(time::local(held.held_at)),
    })
    .into_response())
}

/// Sends it on: the browser repeats the same post at the address it was meant
/// for (307 keeps method and body), so no script is needed.
async fn send_on(State(app): State<App>, signed: Signed, jar: CookieJar) -> WebResult {
    let Some(token) = jar.get(HELD).map(|cookie| cookie.value().to_owned()) else {
        return Ok(to("/"));
    };
    let jar = jar.remove(Cookie::build(HELD).path("/"));
    let Some(held) = app.casework.send_held_on(&signed.viewer, &token).await? else {
        return Ok((jar, to("/")).into_response());
    };
    Ok((jar, Redirect::temporary(own_path(&held.path))).into_response())
}

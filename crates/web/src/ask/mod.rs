//! Public pages for people without an account: asking for help, and the pages
//! on which a school and the police tell us about a child (R000-23, UX18) and
//! any partner starts early help (R001-20).
//!
//! Each section of the pack's form is one page; then come the answers to check
//! and the reference. Nothing is kept in the browser but an opaque cookie that
//! goes when it closes; the answers wait sealed on the server for two hours.

mod limit;
pub(crate) mod pages;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::get;
use axum_extra::extract::CookieJar;
use casework::front_door::Route;
use casework::front_door::public::{Kept, LastPage};

pub(crate) use self::limit::may_send;
use self::pages::{From, Place};
use crate::app::{App, WebError, WebResult};
use crate::ui::guard::TOO_LONG;
use crate::ui::{Frame, Page, to};

/// The most that is read of one page: a million characters in any alphabet, so
/// that even far too long a text comes back with a plain message.
pub(crate) const MOST: usize = 8 << 20;

/// Where "Exit this page" leads in the end: a page that anybody might look at.
pub(crate) const EVERYDAY: &str = "https://www.bbc.co.uk/weather";

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/ask-for-help",
    "/ask-for-help/check",
    "/ask-for-help/done",
    "/ask-for-help/leave",
    "/ask-for-help/{section}",
    "/tell-us/school",
    "/tell-us/school/check",
    "/tell-us/school/done",
    "/tell-us/school/leave",
    "/tell-us/school/{section}",
    "/tell-us/police",
    "/tell-us/police/check",
    "/tell-us/police/done",
    "/tell-us/police/leave",
    "/tell-us/police/{section}",
    "/tell-us/early-help",
    "/tell-us/early-help/check",
    "/tell-us/early-help/done",
    "/tell-us/early-help/leave",
    "/tell-us/early-help/{section}",
];

/// The routes of all four pages.
pub(crate) fn routes() -> Router<App> {
    let pages = [
        Route::Public,
        Route::School,
        Route::Police,
        Route::EarlyHelp,
    ];
    pages
        .into_iter()
        .fold(Router::new(), |all, route| all.merge(pages_of(route)))
        .layer(DefaultBodyLimit::max(MOST))
}

fn base(route: Route) -> &'static str {
    match route {
        Route::School => "/tell-us/school",
        Route::Police => "/tell-us/police",
        Route::EarlyHelp => "/tell-us/early-help",
        // The other two are written by people who sign in.
        Route::Public | Route::Phone | Route::StepUp => "/ask-for-help",
    }
}

fn place(route: Route) -> Place {
    Place {
        form: route.form(),
        base: base(route).to_owned(),
        caption: None,
        back: None,
        leaves: route == Route::Public,
        signpost: false,
        before: "A person reads it. We use it to decide how we can help, and we keep it safe.",
        check: pages::nothing_more,
    }
}

fn pages_of(route: Route) -> Router<App> {
    let base = base(route);
    Router::new()
        .route(
            base,
            get(move |app, jar, from| first(app, jar, from, route)),
        )
        .route(
            &format!("{base}/check"),
            get(move |app, jar| check(app, jar, route)).post(move |app, jar| send(app, jar, route)),
        )
        .route(
            &format!("{base}/done"),
            get(move |app, jar| done(app, jar, route)),
        )
        .route(
            &format!("{base}/leave"),
            get(move |app, jar| leave(app, jar, route)),
        )
        .route(
            &format!("{base}/{{section}}"),
            get(move |app, jar, at, from| section(app, jar, at, from, route))
                .post(move |app, jar, at, body| answer(app, jar, at, body, route)),
        )
}

#[derive(Template)]
#[template(path = "ask/done.html")]
struct Done {
    frame: Frame,
    last: LastPage,
    public: bool,
    phone: String,
}

async fn first(
    State(app): State<App>,
    jar: CookieJar,
    Query(from): Query<From>,
    route: Route,
) -> WebResult {
    pages::first(&app, &jar, &from, &place(route)).await
}

async fn section(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<String>,
    Query(from): Query<From>,
    route: Route,
) -> WebResult {
    pages::section(&app, &jar, &id, &from, &place(route)).await
}

/// A body that is no form, as the plain page that says so.
pub(crate) fn unreadable(words: &str) -> WebError {
    casework::Error::finding("", "", words).into()
}

/// What was sent, or a plain page that says that it was too much to read.
pub(crate) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, WebError> {
    body.map_err(|problem| {
        tracing::warn!(%problem, "a form could not be read");
        unreadable(TOO_LONG)
    })
}

async fn answer(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
    route: Route,
) -> WebResult {
    pages::answer(&app, jar, &id, body, &place(route)).await
}

async fn check(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    pages::check(&app, &jar, &place(route)).await
}

async fn send(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    let place = place(route);
    let cookie = match place.may_send(&jar) {
        Ok(cookie) => cookie,
        Err(answer) => return Ok(answer),
    };
    let sent = app.casework.send_public(route, &cookie).await;
    pages::sent(&app, &jar, &place, sent).await
}

async fn done(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    let place = place(route);
    match place.kept(&app, &jar).await? {
        None => Ok(place.gone()),
        Some(Kept::Answers(_)) => Ok(to(&format!("{}/check", place.base))),
        Some(Kept::Sent(last)) => Ok(Page(Done {
            frame: place.frame(&app, "We have your message", None),
            last,
            public: route == Route::Public,
            phone: app.casework.front_door_phone().await?,
        })
        .into_response()),
    }
}

async fn leave(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    pages::leave(&app, jar, &place(route)).await
}

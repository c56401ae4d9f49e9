//! The page behind a one-time link: a child or a parent sees who has looked at
//! the record, without an account (R001-27). In front of the list stands a page
//! with a button and nothing else, so that a mail program which follows links
//! opens nothing.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::Error;
use casework::access_control::for_family::FamilyLine;

use crate::access::by_day;
use crate::answer::{EXIT, dead_link};
use crate::app::{App, WebResult};
use crate::ui::{Frame, Page};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/looked/{token}"];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/looked/{token}", get(cover).post(show))
}

#[derive(Template)]
#[template(path = "looked/cover.html")]
struct CoverPage {
    frame: Frame,
    token: String,
}

async fn cover(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    match app.casework.looks_link_waits(&token).await {
        Ok(()) => Ok(Page(CoverPage {
            frame: Frame::public(app.casework.name(), "The answer to your question")
                .with_exit(EXIT),
            token,
        })
        .into_response()),
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "looked/list.html")]
struct ListPage {
    frame: Frame,
    name: String,
    span: String,
    days: Vec<(String, Vec<FamilyLine>)>,
    ask_whom: String,
    phone: String,
    until: String,
}

async fn show(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    let seen = match app.casework.looks_behind(&token).await {
        Ok(seen) => seen,
        Err(Error::NotFound) => return Ok(dead(&app)),
        Err(other) => return Err(other.into()),
    };
    Ok(Page(ListPage {
        // The title stands in a phone's list of tabs: it names nobody.
        frame: Frame::public(app.casework.name(), "The answer to your question").with_exit(EXIT),
        name: seen.name,
        span: seen.span,
        days: by_day(seen.lines),
        ask_whom: seen.worker,
        phone: seen.phone,
        until: seen.until,
    })
    .into_response())
}

fn dead(app: &App) -> Response {
    dead_link(
        app,
        &[
            "The link opens for 14 days, and for one day after you first open it. It may have run out, or a newer one was sent to you.",
            "Ask your worker for a new one, or for the answer on paper.",
            "If a child is in danger now, call 999.",
        ],
    )
}

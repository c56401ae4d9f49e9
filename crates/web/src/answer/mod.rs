//! The page behind a one-time link: a partner says how its action is going,
//! without an account. It shows that action and nothing else of the record.

pub(crate) mod limit;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::Error;
use casework::plans::links::{ANSWER_FORM, Asking};
use casework::time;
use packs::{Answers, Finding};

use crate::app::{App, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Page, errors, to};

/// An everyday page, for someone who must leave this one at once.
pub(crate) const EXIT: &str = "https://www.bbc.co.uk/weather";

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/answer/sent", "/answer/{token}"];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/answer/sent", get(sent))
        .route("/answer/{token}", get(ask).post(answer))
}

#[derive(Template)]
#[template(path = "answer/ask.html")]
struct AskPage {
    frame: Frame,
    asking: Asking,
    fields: Html,
    token: String,
}

#[derive(Template)]
#[template(path = "answer/words.html")]
struct WordsPage {
    frame: Frame,
    lines: &'static [&'static str],
}

async fn ask(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    show(&app, &token, &Answers::new(), &[]).await
}

async fn answer(State(app): State<App>, Path(token): Path<String>, body: Bytes) -> WebResult {
    let form = app.casework.form(ANSWER_FORM)?;
    let posted = Posted::read(form, &body);
    match app.casework.answer(&token, &posted.answers).await {
        Ok(()) => Ok(to("/answer/sent")),
        Err(Error::Findings(findings)) => show(&app, &token, &posted.answers, &findings).await,
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

async fn show(app: &App, token: &str, answers: &Answers, findings: &[Finding]) -> WebResult {
    let asking = match app.casework.asking(token).await {
        Ok(asking) => asking,
        Err(Error::NotFound) => return Ok(dead(app)),
        Err(other) => return Err(other.into()),
    };
    let fields = Fields::new(app.casework.form(ANSWER_FORM)?, answers, time::today())
        .section("answer")
        .findings(findings)
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(AskPage {
        frame: Frame::public(app.casework.name(), "How is it going?")
            .with_exit(EXIT)
            .with_errors(forms::errors(findings)),
        asking,
        fields,
        token: token.to_owned(),
    })
    .with_status(status))
}

/// One page for every link that does not open, whatever the cause: nobody
/// learns whether a token ever existed. Whoever tries many waits.
fn dead(app: &App) -> Response {
    dead_link(
        app,
        &[
            "Each link works once and for 14 days. It may have been used already, or a newer one was sent to you.",
            "If you still have something to say, reply to the message that brought you the link, or call the worker named in it. They can send you a new one.",
            "If a child is in danger now, call 999.",
        ],
    )
}

/// The same for links of another kind, with words of their own.
pub(crate) fn dead_link(app: &App, lines: &'static [&'static str]) -> Response {
    if !limit::may_miss() {
        return errors::too_many();
    }
    Page(WordsPage {
        frame: Frame::public(app.casework.name(), "This link does not open").with_exit(EXIT),
        lines,
    })
    .with_status(StatusCode::NOT_FOUND)
}

async fn sent(State(app): State<App>) -> Response {
    Page(WordsPage {
        frame: Frame::public(app.casework.name(), "Thank you, your answer is with us")
            .with_exit(EXIT),
        lines: &[
            "The child’s worker sees it now. You can close this page.",
            "The link does not open again. If something changes, reply to the message that brought it to you.",
            "If a child is in danger now, call 999.",
        ],
    })
    .into_response()
}

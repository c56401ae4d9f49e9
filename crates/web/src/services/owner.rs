//! "Is this still right?": the page behind an owner's link, without an account.
//! Opening it does nothing, because programs that read mail open every address;
//! only the button does.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::services::{Asked, Sent};
use casework::time;
use packs::{Answers, Finding};

use crate::answer::limit;
use crate::app::{App, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Page, errors, to};

#[derive(Template)]
#[template(path = "services/owner.html")]
struct OwnerPage {
    frame: Frame,
    asked: Asked,
    token: String,
}

#[derive(Template)]
#[template(path = "services/owner_edit.html")]
struct EditPage {
    frame: Frame,
    name: String,
    token: String,
    fields: Html,
    words: String,
}

#[derive(Template)]
#[template(path = "services/words.html")]
struct WordsPage {
    frame: Frame,
    lines: &'static [&'static str],
}

/// Shows the entry, or says what to do when the link does not open.
pub(super) async fn page(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    let asked = match app.casework.asked_of_owner(&token).await {
        Ok(asked) => asked,
        Err(Error::NotFound) => return Ok(dead(&app)),
        Err(other) => return Err(other.into()),
    };
    Ok(Page(OwnerPage {
        frame: Frame::public(
            app.casework.name(),
            format!("Is this still right? {}", asked.name),
        ),
        asked,
        token,
    })
    .into_response())
}

pub(super) async fn yes(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    match app.casework.still_right(&token).await {
        Ok(()) => Ok(to("/still-right/thank-you")),
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn edit(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    form(&app, &token, None, "", &[]).await
}

pub(super) async fn change(
    State(app): State<App>,
    Path(token): Path<String>,
    body: Bytes,
) -> WebResult {
    let asked = match app.casework.asked_of_owner(&token).await {
        Ok(asked) => asked,
        Err(Error::NotFound) => return Ok(dead(&app)),
        Err(other) => return Err(other.into()),
    };
    let posted = Posted::read(&asked.form.form, &body);
    let words = posted.other("words").to_owned();
    match app
        .casework
        .owner_changes(&token, &posted.answers, &words)
        .await
    {
        Ok(Sent::Published) => Ok(to("/still-right/published")),
        Ok(Sent::Both) => Ok(to("/still-right/in-part")),
        Ok(Sent::Waiting) => Ok(to("/still-right/sent")),
        Err(Error::Findings(findings)) => {
            form(&app, &token, Some(&posted.answers), &words, &findings).await
        }
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

async fn form(
    app: &App,
    token: &str,
    answers: Option<&Answers>,
    words: &str,
    findings: &[Finding],
) -> WebResult {
    let asked = match app.casework.asked_of_owner(token).await {
        Ok(asked) => asked,
        Err(Error::NotFound) => return Ok(dead(app)),
        Err(other) => return Err(other.into()),
    };
    let answers = answers.unwrap_or(&asked.form.answers);
    let fields = Fields::new(&asked.form.form, answers, time::today())
        .findings(findings)
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(EditPage {
        frame: Frame::public(
            app.casework.name(),
            format!("Change what is wrong: {}", asked.name),
        )
        .with_back("Back", format!("/still-right/{token}"))
        .with_errors(forms::errors(findings)),
        name: asked.name,
        token: token.to_owned(),
        fields,
        words: words.to_owned(),
    })
    .with_status(status))
}

/// One page for every link that does not open, whatever the cause: nobody
/// learns whether a token ever existed. Whoever tries many waits.
fn dead(app: &App) -> Response {
    if !limit::may_miss() {
        return errors::too_many();
    }
    words(
        app,
        "This link does not open",
        &[
            "Each link works once and for some weeks. It may have been used already, or a newer one was sent to you.",
            "If something on your page is wrong, reply to the message that brought you the link and ask for a new one. Or open your page in the directory and press “Something is wrong here”.",
        ],
        StatusCode::NOT_FOUND,
    )
}

pub(super) async fn thank_you(State(app): State<App>) -> Response {
    words(
        &app,
        "Thank you: it is noted",
        &[
            "Your page says from today that it was checked. You can close this page.",
            "We ask again when the time comes. If something changes before then, reply to the message that brought you here.",
        ],
        StatusCode::OK,
    )
}

pub(super) async fn sent(State(app): State<App>) -> Response {
    words(
        &app,
        "Thank you: your changes are with us",
        &["An editor looks at them before families see them. You can close this page."],
        StatusCode::OK,
    )
}

pub(super) async fn in_part(State(app): State<App>) -> Response {
    words(
        &app,
        "Thank you: some of it is on your page now",
        &[
            "How to reach you is changed at once. An editor looks at the rest before families see it. You can close this page.",
        ],
        StatusCode::OK,
    )
}

pub(super) async fn published(State(app): State<App>) -> Response {
    words(
        &app,
        "Thank you: it is on your page now",
        &["Your page says from today that it was checked. You can close this page."],
        StatusCode::OK,
    )
}

fn words(app: &App, title: &str, lines: &'static [&'static str], status: StatusCode) -> Response {
    Page(WordsPage {
        frame: Frame::public(app.casework.name(), title),
        lines,
    })
    .with_status(status)
}

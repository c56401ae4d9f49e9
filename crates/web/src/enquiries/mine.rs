//! The asker's own page, by a link or by reference and word.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use axum_extra::extract::CookieJar;
use casework::Error;
use casework::enquiries::mine::{MyRequest, RESULT_FORM};
use casework::time;
use packs::{Answers, Finding};

use super::limit;
use super::service::WordsPage;
use crate::app::{App, WebResult};
use crate::ask::EVERYDAY;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::value;
use crate::ui::{FieldError, Frame, Notice, Page, errors, to};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/your-request", get(look).post(find))
        .route("/your-request/{token}", get(mine))
        .route("/your-request/{token}/take-back", post(take_back))
        .route("/your-request/{token}/result", post(tell))
}

#[derive(Template)]
#[template(path = "enquiries/look.html")]
struct LookPage {
    frame: Frame,
    reference: String,
    word: String,
    wrong: String,
}

fn look_page(app: &App, reference: &str, word: &str, wrong: &str) -> Page<LookPage> {
    let errors = match wrong.is_empty() {
        true => Vec::new(),
        false => vec![FieldError::new("reference", wrong)],
    };
    Page(LookPage {
        frame: Frame::public(app.casework.name(), "Your request")
            .with_exit(EVERYDAY)
            .with_errors(errors),
        reference: reference.to_owned(),
        word: word.to_owned(),
        wrong: wrong.to_owned(),
    })
}

async fn look(State(app): State<App>) -> Response {
    look_page(&app, "", "", "").into_response()
}

async fn find(State(app): State<App>, Form(pairs): Form<Vec<(String, String)>>) -> WebResult {
    let (reference, word) = (value(&pairs, "reference"), value(&pairs, "word"));
    if !limit::may_try(reference) {
        return Ok(errors::too_many());
    }
    match app.casework.find_request(reference, word).await {
        Ok(token) => Ok(to(&format!("/your-request/{token}"))),
        Err(Error::NotFound) if !limit::may_miss() => Ok(errors::too_many()),
        Err(Error::NotFound) => {
            let wrong = "No request has this reference and this word. Look at both again: capitals and dashes do not matter";
            Ok(look_page(&app, reference, word, wrong)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "enquiries/mine.html")]
struct MinePage {
    frame: Frame,
    page: MyRequest,
    fields: Option<Html>,
    token: String,
}

async fn mine(State(app): State<App>, jar: CookieJar, Path(token): Path<String>) -> WebResult {
    show(&app, &jar, &token, &Answers::new(), &[]).await
}

async fn show(
    app: &App,
    jar: &CookieJar,
    token: &str,
    typed: &Answers,
    findings: &[Finding],
) -> WebResult {
    let page = match app.casework.my_request(token).await {
        Ok(page) => page,
        Err(Error::NotFound) => return Ok(dead(app)),
        Err(other) => return Err(other.into()),
    };
    let fields = match page.may_tell {
        true => Some(
            Fields::new(app.casework.form(RESULT_FORM)?, typed, time::today())
                .section("answer")
                .findings(findings)
                .html()?,
        ),
        false => None,
    };
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let notice = Notice::from(jar);
    let shown = Page(MinePage {
        frame: Frame::public(app.casework.name(), "Your request")
            .with_exit(EVERYDAY)
            .with_notice(notice.clone())
            .with_errors(forms::errors(findings)),
        page,
        fields,
        token: token.to_owned(),
    })
    .with_status(status);
    Ok(match notice {
        Some(_) => Notice::taken(shown),
        None => shown,
    })
}

async fn take_back(State(app): State<App>, Path(token): Path<String>) -> WebResult {
    match app.casework.withdraw_request(&token).await {
        Ok(()) => {
            let notice = Notice::new("You have taken it back. The service is told when it looks.");
            Ok(notice.on(to(&format!("/your-request/{token}"))))
        }
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

async fn tell(
    State(app): State<App>,
    jar: CookieJar,
    Path(token): Path<String>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(RESULT_FORM)?, &body);
    match app
        .casework
        .tell_if_it_helped(&token, &posted.answers)
        .await
    {
        Ok(()) => {
            let notice = Notice::new("Thank you for telling us.");
            Ok(notice.on(to(&format!("/your-request/{token}"))))
        }
        Err(Error::Findings(findings)) => {
            show(&app, &jar, &token, &posted.answers, &findings).await
        }
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

fn dead(app: &App) -> Response {
    if !limit::may_miss() {
        return errors::too_many();
    }
    Page(WordsPage {
        frame: Frame::public(app.casework.name(), "This page does not open").with_exit(EVERYDAY),
        lines: &[
            "It closes after two hours, so that nobody else finds it on your telephone. Look again with your reference and your word at “Your request”.",
            "If you have lost them, call the council and ask for early help.",
            "If anyone is in danger now, call 999.",
        ],
    })
    .with_status(StatusCode::NOT_FOUND)
}

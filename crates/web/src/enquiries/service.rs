//! The page behind a service's link: what is asked of it, and what it answers.
//! It shows what consent allows and nothing else of the record.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use casework::Error;
use casework::referring::provider::{FORM, ForService};
use casework::time;
use packs::{Answers, Finding};

use super::limit;
use crate::app::{App, WebResult};
use crate::ask::EVERYDAY;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, errors, to};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/service-answer/{token}", get(ask).post(answer))
}

#[derive(Template)]
#[template(path = "enquiries/service.html")]
struct ServicePage {
    frame: Frame,
    page: ForService,
    fields: Option<Html>,
    token: String,
}

async fn ask(State(app): State<App>, jar: CookieJar, Path(token): Path<String>) -> WebResult {
    show(&app, &jar, &token, None, &[]).await
}

async fn answer(
    State(app): State<App>,
    jar: CookieJar,
    Path(token): Path<String>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    match app.casework.service_says(&token, &posted.answers).await {
        Ok(()) => {
            let notice = Notice::new(
                "Your answer is saved. The link goes on working: come back when something changes.",
            );
            Ok(notice.on(to(&format!("/service-answer/{token}"))))
        }
        Err(Error::Findings(findings)) => {
            show(&app, &jar, &token, Some(&posted.answers), &findings).await
        }
        Err(Error::NotFound) => Ok(dead(&app)),
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    jar: &CookieJar,
    token: &str,
    typed: Option<&Answers>,
    findings: &[Finding],
) -> WebResult {
    let page = match app.casework.for_service(token).await {
        Ok(page) => page,
        Err(Error::NotFound) => return Ok(dead(app)),
        Err(other) => return Err(other.into()),
    };
    let fields = match &page.form {
        Some(form) => Some(
            Fields::new(form, typed.unwrap_or(&page.answers), time::today())
                .section("answer")
                .findings(findings)
                .html()?,
        ),
        None => None,
    };
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let notice = Notice::from(jar);
    let shown = Page(ServicePage {
        frame: Frame::public(
            app.casework.name(),
            format!("A request for {}", page.service),
        )
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

#[derive(Template)]
#[template(path = "answer/words.html")]
pub(super) struct WordsPage {
    pub frame: Frame,
    pub lines: &'static [&'static str],
}

/// One page for every link that does not open, whatever the cause. Whoever
/// tries many waits.
fn dead(app: &App) -> Response {
    if !limit::may_miss() {
        return errors::too_many();
    }
    Page(WordsPage {
        frame: Frame::public(app.casework.name(), "This link does not open").with_exit(EVERYDAY),
        lines: &[
            "It may have run out, a newer one may have been sent, or another service has taken the request over.",
            "Reply to the message that brought you the link, and a new one is sent.",
            "If a child is in danger now, call 999.",
        ],
    })
    .with_status(StatusCode::NOT_FOUND)
    .into_response()
}

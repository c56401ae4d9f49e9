//! "Suggest a service that is missing": a short form without an account and
//! without script. The answer stands behind a link, as of a fault.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::services::MISSING;
use casework::{Error, time};
use packs::{Answers, Finding};

use super::report::{TRAP, may_send};
use crate::app::{App, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Page, errors, to};

#[derive(Template)]
#[template(path = "services/suggest.html")]
struct SuggestPage {
    frame: Frame,
    fields: Html,
}

pub(super) async fn ask(State(app): State<App>) -> WebResult {
    show(&app, &Answers::new(), &[])
}

fn show(app: &App, answers: &Answers, findings: &[Finding]) -> WebResult {
    let fields = Fields::new(app.casework.form(MISSING)?, answers, time::today())
        .findings(findings)
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(SuggestPage {
        frame: Frame::public(app.casework.name(), "Suggest a service that is missing")
            .with_back("Find help for your family", "/services")
            .with_errors(forms::errors(findings)),
        fields,
    })
    .with_status(status))
}

pub(super) async fn send(State(app): State<App>, body: Bytes) -> WebResult {
    let posted = Posted::read(app.casework.form(MISSING)?, &body);
    if !posted.other(TRAP).is_empty() {
        // A program filled it in: it is thanked, and nothing is kept.
        tracing::info!("a suggestion that a program filled in was not kept");
        return Ok(to("/services"));
    }
    // The same name again and again waits, another does not.
    if !may_send(&format!("suggest {}", posted.answers.text("name"))) {
        return Ok(errors::too_many());
    }
    match app.casework.suggest_service(&posted.answers).await {
        Ok(token) => Ok(to(&format!("/told-us/{token}"))),
        Err(Error::Findings(findings)) => show(&app, &posted.answers, &findings),
        Err(other) => Err(other.into()),
    }
}

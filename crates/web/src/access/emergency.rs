//! Opening a record in an emergency: one reason, 24 hours, and somebody checks.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::access_control::OpenFor;
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, errors, once, to};

/// Guessing somebody's password at a screen they left open.
pub(super) const TOO_OFTEN: &str = "That was wrong too many times. Wait a minute, then try again";

#[derive(Template)]
#[template(path = "access/open.html")]
struct OpenPage {
    frame: Frame,
    id: Id<ids::Person>,
    name: String,
    fields: Html,
    once: String,
}

fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    name: String,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let form = app.casework.form("break-glass")?;
    let fields = Fields::new(form, answers, signed.viewer.today).findings(findings);
    let fields = match fields.html() {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let page = Page(OpenPage {
        frame: signed
            .frame(format!("Open the record of {name} in an emergency"))
            .with_errors(forms::errors(findings)),
        id,
        name,
        fields,
        once: once(),
    });
    Ok(if findings.is_empty() {
        page.into_response()
    } else {
        page.with_status(StatusCode::UNPROCESSABLE_ENTITY)
    })
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    match app.casework.emergency_page(&signed.viewer, id).await? {
        OpenFor::Already => Ok(to(&format!("/people/{id}"))),
        OpenFor::Reason(person) => page(&app, &signed, id, person.name(), &Answers::new(), &[]),
    }
}

pub(super) async fn open(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult<Response> {
    let form = app.casework.form("break-glass")?;
    let posted = Posted::read(form, &body);
    let password = posted.other("password");
    let done = match password.is_empty() || app.may_prove(&signed.viewer) {
        true => {
            let viewer = &signed.viewer;
            app.casework
                .break_glass(viewer, id, &posted.answers, password, &posted.once)
                .await
        }
        false => Err(Error::finding("password", "Your password", TOO_OFTEN)),
    };
    match done {
        Ok(()) => {
            let words =
                "The record is open to you for 24 hours. Those who work with the child were told.";
            Ok(Notice::new(words).on(to(&format!("/people/{id}"))))
        }
        Err(Error::Findings(findings)) => {
            match app.casework.emergency_page(&signed.viewer, id).await? {
                OpenFor::Already => Ok(to(&format!("/people/{id}"))),
                OpenFor::Reason(person) => {
                    page(&app, &signed, id, person.name(), &posted.answers, &findings)
                }
            }
        }
        Err(error) => Err(error.into()),
    }
}

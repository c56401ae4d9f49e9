//! Opening a restricted record in an emergency, and ending what is open (R001-27).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use packs::{Answers, Finding};

use super::emergency::TOO_OFTEN;
use crate::app::{App, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, errors, once, to};

const FORM: &str = "override";

#[derive(Template)]
#[template(path = "access/override.html")]
struct OverridePage {
    frame: Frame,
    fields: Html,
    once: String,
}

fn page(app: &App, signed: &Signed, answers: &Answers, findings: &[Finding]) -> WebResult {
    let form = app.casework.form(FORM)?;
    let fields = Fields::new(form, answers, signed.viewer.today).findings(findings);
    let fields = match fields.html() {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let page = Page(OverridePage {
        frame: signed
            .frame(form.title.clone())
            .with_errors(forms::errors(findings)),
        fields,
        once: once(),
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

pub(super) async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    app.casework.may_override(&signed.viewer)?;
    page(&app, &signed, &Answers::new(), &[])
}

pub(super) async fn open(
    State(app): State<App>,
    signed: Signed,
    body: Bytes,
) -> WebResult<Response> {
    app.casework.may_override(&signed.viewer)?;
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let password = posted.other("password");
    let done = match password.is_empty() || app.may_prove(&signed.viewer) {
        true => {
            let (viewer, answers) = (&signed.viewer, &posted.answers);
            app.casework
                .override_restriction(viewer, answers, password, &posted.once)
                .await
        }
        false => Err(Error::finding("password", "Your password", TOO_OFTEN)),
    };
    match done {
        Ok(person) => {
            let words = "The record is open to you for one hour, or until you sign out. Its list and information governance were told.";
            Ok(Notice::new(words).on(to(&format!("/people/{person}"))))
        }
        Err(Error::Findings(findings)) => page(&app, &signed, &posted.answers, &findings),
        Err(error) => Err(error.into()),
    }
}

/// Ends every emergency access that the viewer has open.
pub(super) async fn end(State(app): State<App>, signed: Signed) -> WebResult<Response> {
    let both = ["break_glass", "override"];
    app.casework.end_emergencies(&signed.viewer, &both).await?;
    Ok(Notice::new("The record is closed to you again.").on(to("/")))
}

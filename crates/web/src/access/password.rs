//! Changing one's own password.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;

use crate::app::{App, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{Frame, Notice, Page, errors, to};

#[derive(Template)]
#[template(path = "access/password.html")]
struct PasswordPage {
    frame: Frame,
}

pub(super) async fn ask(signed: Signed) -> WebResult {
    let frame = signed.frame("Change my password");
    Ok(Page(PasswordPage { frame }).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let (old, new) = (value(&pairs, "old"), value(&pairs, "new"));
    if !app.may_prove(&signed.viewer) {
        return Ok(errors::too_many());
    }
    match app
        .casework
        .change_password(&signed.viewer, &old, &new)
        .await
    {
        Ok(()) => {
            let done = "Your password is changed. Sign in with the new one.";
            Ok(Notice::new(done).on(to("/sign-in")))
        }
        Err(Error::Findings(findings)) => {
            let frame = signed
                .frame("Change my password")
                .with_errors(forms::errors(&findings));
            Ok(Page(PasswordPage { frame }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

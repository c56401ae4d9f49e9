//! One change: what differs, who proposed it, and the decision.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use casework::Error;
use casework::services::ChangeSeen;
use serde::Deserialize;
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "upkeep/change.html")]
struct ChangePage {
    frame: Frame,
    change: ChangeSeen,
    words: String,
    once: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    decision: String,
    words: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Again {
    once: String,
}

pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Change>,
) -> WebResult {
    show(&app, &signed, id, String::new(), &[]).await
}

async fn show(
    app: &App,
    signed: &Signed,
    id: vocabulary::Id<ids::Change>,
    words: String,
    findings: &[packs::Finding],
) -> WebResult {
    let change = app.casework.directory_change(&signed.viewer, id).await?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(ChangePage {
        frame: signed
            .frame(format!("What changed: {}", change.line.name))
            .with_back("Services directory", "/directory")
            .with_errors(forms::errors(findings)),
        change,
        words,
        once: once(),
    })
    .with_status(status))
}

pub(super) async fn decide(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Change>,
    Form(form): Form<Decision>,
) -> WebResult {
    let approve = match form.decision.as_str() {
        "approve" => true,
        "decline" => false,
        _ => {
            let message = "Choose Approve or Decline";
            let Error::Findings(findings) = Error::finding("words", "Your decision", message)
            else {
                return show(&app, &signed, id, form.words, &[]).await;
            };
            return show(&app, &signed, id, form.words, &findings).await;
        }
    };
    let decided = app
        .casework
        .decide_change(&signed.viewer, id, approve, &form.words)
        .await;
    match decided {
        Ok(done) => Ok(Notice::new(done.words).on(to(&done.to))),
        Err(Error::Findings(findings)) => show(&app, &signed, id, form.words, &findings).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn restore(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Change>,
    Form(form): Form<Again>,
) -> WebResult {
    let done = app
        .casework
        .restore_version(&signed.viewer, id, &form.once)
        .await?;
    Ok(Notice::new(done.words).on(to(&done.to)))
}

//! A partner's checks: the list, and one to answer in three clicks (UX17).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::mash::CheckForPartner;
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "mash/checks.html")]
struct ListView {
    frame: Frame,
    rows: Vec<CheckForPartner>,
}

#[derive(Template)]
#[template(path = "mash/check.html")]
struct View {
    frame: Frame,
    of: CheckForPartner,
    fields: Html,
    once: String,
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    let rows = app.casework.checks_for_me(&signed.viewer).await?;
    Ok(Page(ListView {
        frame: signed.frame("Checks for your agency"),
        rows,
    })
    .into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("check:{id}"))
        .await?;
    let form = app.casework.form("mash-answer")?;
    let answers = match draft.as_ref().map(pairs_of) {
        Some(pairs) => Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v))),
        None => Answers::new(),
    };
    page(&app, &signed, id, &answers, &[]).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let of = app.casework.check(&signed.viewer, id).await?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let back = match signed.viewer.can("contact.send") {
        true => ("All checks", "/mash/checks".to_owned()),
        false => (
            "Back to the partners",
            format!("/contacts/{}/mash", of.check.contact_id),
        ),
    };
    Ok(Page(View {
        fields: Fields::new(&of.form, answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame("What do you know?")
            .with_back(back.0, back.1)
            .with_errors(forms::errors(findings)),
        once: once(),
        of,
    })
    .with_status(status))
}

pub(super) async fn answer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form("mash-answer")?, &body);
    let done = app
        .casework
        .answer_check(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match done {
        Ok(()) => Ok(Notice::new("Thank you. The front door has your answer.")
            .on(to(&format!("/mash/checks/{id}")))),
        Err(Error::Findings(found)) => page(&app, &signed, id, &posted.answers, &found).await,
        Err(other) => Err(other.into()),
    }
}

//! A new entry by a form, from nothing or from what somebody suggested.

use axum::body::Bytes;
use axum::extract::State;
use casework::asking::Sheet;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::forms::Posted;

pub(super) async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    show(&app, &signed, None).await
}

pub(super) async fn ask_of(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Report>,
) -> WebResult {
    show(&app, &signed, Some(id)).await
}

pub(super) async fn add(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    send(&app, &signed, None, body).await
}

pub(super) async fn add_of(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Report>,
    body: Bytes,
) -> WebResult {
    send(&app, &signed, Some(id), body).await
}

async fn show(app: &App, signed: &Signed, report: Option<Id<ids::Report>>) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.add_sheet(viewer, report, None).await?;
    asking::show(app, signed, Shown::alone(sheet)).await
}

async fn send(
    app: &App,
    signed: &Signed,
    report: Option<Id<ids::Report>>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let empty: Sheet = casework.add_sheet(viewer, report, None).await?;
    // What was sent says whether there is one like it, and so what is asked.
    let typed = Posted::read(&empty.form, &body).answers;
    let sheet = casework.add_sheet(viewer, report, Some(&typed)).await?;
    asking::send(
        app,
        signed,
        Shown::alone(sheet),
        body,
        |posted| async move {
            casework
                .add_service(viewer, report, &posted.answers, &posted.once)
                .await
        },
    )
    .await
}

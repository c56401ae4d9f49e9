//! The matching queue, and two records joined and taken apart.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::same::Queue;
use vocabulary::ids;

use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::asking;
use crate::team::value;
use crate::ui::{Frame, Notice, Page, once, to};

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/same-person",
    "/same-person/{feed_row}",
    "/people/{person}/duplicates/{duplicate}/merge",
    "/people/{person}/part/{join}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/same-person", get(queue))
        .route("/same-person/{id}", post(settle))
        .route(
            "/people/{id}/duplicates/{part}/merge",
            get(ask_merge).post(merge),
        )
        .route("/people/{id}/part/{part}", get(ask_part).post(part))
}

#[derive(Template)]
#[template(path = "same/queue.html")]
struct QueuePage {
    frame: Frame,
    queue: Queue,
    once: String,
}

async fn queue(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(QueuePage {
        queue: app.casework.matching_queue(&signed.viewer).await?,
        frame: signed.frame("Is it the same person?"),
        once: once(),
    })
    .into_response())
}

async fn settle(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let answer = value(&pairs, "answer");
    app.casework
        .settle_feed_row(&signed.viewer, id, &answer, &value(&pairs, "once"))
        .await?;
    let said = match answer.as_str() {
        "same" => "Recorded: it is this child, and who works with them is in the record.",
        _ => "Recorded: not the same. You are not asked again.",
    };
    let back = match value(&pairs, "from").as_str() {
        "shield" => "/access/shield",
        _ => "/same-person",
    };
    Ok(Notice::new(said).on(to(back)))
}

async fn ask_merge(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, duplicate): AtPart<ids::Person, ids::Part>,
) -> WebResult {
    let (asking, _) = app
        .casework
        .ask_merge(&signed.viewer, id, duplicate)
        .await?;
    asking::show(&app, &signed, asking).await
}

async fn merge(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, duplicate): AtPart<ids::Person, ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (asking, _) = casework.ask_merge(viewer, id, duplicate).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .merge(viewer, id, duplicate, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_part(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, join): AtPart<ids::Person, ids::Part>,
) -> WebResult {
    let (asking, _) = app.casework.ask_part(&signed.viewer, id, join).await?;
    asking::show(&app, &signed, asking).await
}

async fn part(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, join): AtPart<ids::Person, ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (asking, _) = casework.ask_part(viewer, id, join).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .part(viewer, id, join, &posted.answers, &posted.once)
            .await
    })
    .await
}

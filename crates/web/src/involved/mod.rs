//! Who works with a child, now and before; the lead handed over; and the board
//! of small children without a health visitor.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::involved::{VisitorBoard, Working};
use vocabulary::ids;

use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/{person}/working",
    "/people/{person}/working/new",
    "/people/{person}/working/lead",
    "/people/{person}/working/{involvement}/end",
    "/no-health-visitor",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/working", get(show))
        .route("/people/{id}/working/new", get(ask_new).post(add))
        .route("/people/{id}/working/lead", get(ask_lead).post(hand_over))
        .route(
            "/people/{id}/working/{part}/end",
            get(ask_end).post(save_end),
        )
        .route("/no-health-visitor", get(board))
}

#[derive(Template)]
#[template(path = "involved/working.html")]
struct WorkingPage {
    frame: Frame,
    top: ChildTop,
    first: String,
    page: Working,
}

async fn show(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let page = app.casework.working(&signed.viewer, id).await?;
    let first = page.child.first_name();
    Ok(Page(WorkingPage {
        frame: signed.frame(format!("Who works with {first}")),
        top: ChildTop::new(app.casework.header(&page.child).await?, Part::Other),
        first,
        page,
    })
    .into_response())
}

async fn ask_new(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_involvement(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn add(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_involvement(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .add_involvement(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_lead(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_lead(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn hand_over(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_lead(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .hand_over_lead(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_end(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, which): AtPart<ids::Person, ids::Involvement>,
) -> WebResult {
    let viewer = &signed.viewer;
    let (asking, _) = app.casework.ask_stop_working(viewer, id, which).await?;
    asking::show(&app, &signed, asking).await
}

async fn save_end(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, which): AtPart<ids::Person, ids::Involvement>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (asking, _) = casework.ask_stop_working(viewer, id, which).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .stop_working(viewer, id, which, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "involved/visitors.html")]
struct VisitorsPage {
    frame: Frame,
    board: VisitorBoard,
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(VisitorsPage {
        board: app.casework.visitor_board(&signed.viewer).await?,
        frame: signed.frame("No health visitor"),
    })
    .into_response())
}

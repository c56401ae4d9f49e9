//! What was shared about a child, and what was not; the number withheld.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::sharing::SharingPage;
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/{person}/sharing",
    "/people/{person}/sharing/new",
    "/people/{person}/sharing/number",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/sharing", get(show))
        .route("/people/{id}/sharing/new", get(ask).post(save))
        .route(
            "/people/{id}/sharing/number",
            get(ask_number).post(save_number),
        )
}

#[derive(Template)]
#[template(path = "sharing/sharing.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    first: String,
    page: SharingPage,
}

async fn show(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let page = app.casework.sharing_page(&signed.viewer, id).await?;
    let first = page.child.first_name();
    Ok(Page(View {
        frame: signed.frame(format!("What was shared about {first}")),
        top: ChildTop::new(app.casework.header(&page.child).await?, Part::Other),
        first,
        page,
    })
    .into_response())
}

async fn ask(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_sharing(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_sharing(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .log_sharing(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_number(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_number(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn save_number(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_number(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .change_number(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

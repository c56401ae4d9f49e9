//! A child on a child protection plan moves in from another council, or away
//! to one: a form each.

use axum::body::Bytes;
use axum::extract::State;
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::asking;

pub(super) async fn ask_in(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let asking = app.casework.ask_moving_in(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

pub(super) async fn save_in(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_moving_in(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_moving_in(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

pub(super) async fn ask_out(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
) -> WebResult {
    let asking = app.casework.ask_moving_out(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

pub(super) async fn save_out(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_moving_out(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_moving_out(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

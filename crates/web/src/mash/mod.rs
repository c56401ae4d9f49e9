//! Partners at the front door: asking them, their answers, the analysis; and
//! two looks at the door itself.

mod page;
mod partner;
mod quality;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area that answer a GET without an id of their own.
pub const ROUTES: &[&str] = &[
    "/mash/checks",
    "/ratings",
    "/repeated-contacts",
    "/contacts/{contact}/mash",
    "/contacts/{contact}/mash/urgency",
    "/contacts/{contact}/mash/analysis",
    "/mash/checks/{check}",
    "/ratings/{rating}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/contacts/{id}/mash", get(page::show).post(page::ask))
        .route("/contacts/{id}/mash/urgency", post(page::urgency))
        .route("/contacts/{id}/mash/analysis", post(page::analysis))
        .route("/mash/checks", get(partner::list))
        .route(
            "/mash/checks/{id}",
            get(partner::show).post(partner::answer),
        )
        .route("/ratings", get(quality::ratings))
        .route("/ratings/{id}", post(quality::rate))
        .route("/repeated-contacts", get(quality::repeated))
}

//! The story of a child: the timeline and the chronology.

mod chronology;
mod court;
mod timeline;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/{person}/story",
    "/people/{person}/chronology",
    "/people/{person}/chronology/new",
    "/chronology/{entry}",
    "/people/{person}/chronology/freeze",
    "/court-copies/{court_copy}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/story", get(timeline::show))
        .route(
            "/people/{id}/chronology",
            get(chronology::show).post(chronology::settle),
        )
        .route(
            "/people/{id}/chronology/new",
            get(chronology::new).post(chronology::add),
        )
        .route(
            "/people/{id}/chronology/freeze",
            get(court::ask).post(court::freeze),
        )
        .route("/court-copies/{id}", get(court::show))
        .route(
            "/chronology/{id}",
            get(chronology::entry).post(chronology::change),
        )
}

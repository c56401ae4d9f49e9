//! Pages of meetings: planning one, recording one, reading one.

mod new;
mod one;
mod record;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/plans/{plan}/meetings/new",
    "/meetings/{meeting}",
    "/meetings/{meeting}/record",
    "/meetings/{meeting}/interpreter",
    "/meetings/{meeting}/views",
    "/meetings/{meeting}/cancel",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/plans/{id}/meetings/new", get(new::ask).post(new::plan))
        .route("/meetings/{id}", get(one::show))
        .route("/meetings/{id}/record", get(record::ask).post(record::save))
        .route("/meetings/{id}/interpreter", post(one::interpreter))
        .route("/meetings/{id}/views", post(one::views))
        .route("/meetings/{id}/cancel", post(one::cancel))
}

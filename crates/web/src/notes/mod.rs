//! Writing notes and visits, reading one, correcting one.

mod note;
mod one;
mod visit;

pub(crate) use note::quick;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/{person}/notes/new",
    "/people/{person}/visits/new",
    "/notes/{note}",
    "/notes/{note}/correct",
    "/notes/{note}/correct/discard",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/notes/new", get(note::new).post(note::save))
        .route("/people/{id}/visits/new", get(visit::new).post(visit::save))
        .route("/notes/{id}", get(one::show))
        .route("/notes/{id}/correct", get(one::ask).post(one::correct))
        .route("/notes/{id}/correct/discard", post(one::discard_refused))
}

//! The editor's pages of the services directory: what needs somebody now, each
//! entry with its versions, its owner and its links, changes to approve.

mod add;
mod board;
mod change;
mod entry;
mod report;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/directory",
    "/directory/services",
    "/directory/services/new",
    "/directory/services/{service}",
    "/directory/services/{service}/edit",
    "/directory/services/{service}/times",
    "/directory/services/{service}/confirm",
    "/directory/services/{service}/links",
    "/directory/services/{service}/withdraw",
    "/directory/links/{link}",
    "/directory/reports/{report}",
    "/directory/reports/{report}/add",
    "/directory/mails/{mail}/again",
    "/directory/changes/{change}",
    "/directory/changes/{change}/restore",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/directory", get(board::page))
        .route("/directory/services", get(entry::list))
        .route("/directory/services/new", get(add::ask).post(add::add))
        .route(
            "/directory/reports/{report}/add",
            get(add::ask_of).post(add::add_of),
        )
        .route("/directory/services/{service}", get(entry::page))
        .route(
            "/directory/services/{service}/edit",
            get(entry::edit).post(entry::change),
        )
        .route(
            "/directory/services/{service}/times",
            get(entry::times).post(entry::set_times),
        )
        .route(
            "/directory/services/{service}/confirm",
            post(entry::confirm),
        )
        .route("/directory/services/{service}/links", post(entry::link))
        .route(
            "/directory/services/{service}/withdraw",
            post(entry::withdraw),
        )
        .route(
            "/directory/reports/{report}",
            get(report::page).post(report::answer),
        )
        .route("/directory/mails/{mail}/again", post(board::again))
        .route("/directory/links/{link}", get(entry::one_link))
        .route(
            "/directory/changes/{change}",
            get(change::page).post(change::decide),
        )
        .route("/directory/changes/{change}/restore", post(change::restore))
}

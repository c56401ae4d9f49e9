//! Asking a service of the directory for help: the public pages for families
//! and for professionals, the page behind the service's link, the asker's own
//! page, and the board of those who look after it.

mod ask;
mod board;
mod limit;
mod mine;
mod service;

use axum::Router;

use crate::app::App;

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/services/{service}/ask",
    "/services/{service}/ask/check",
    "/services/{service}/ask/done",
    "/services/{service}/ask/leave",
    "/services/{service}/ask/{section}",
    "/services/{service}/refer",
    "/services/{service}/refer/check",
    "/services/{service}/refer/done",
    "/services/{service}/refer/leave",
    "/services/{service}/refer/{section}",
    "/service-answer/{token}",
    "/your-request",
    "/your-request/{token}",
    "/your-request/{token}/take-back",
    "/your-request/{token}/result",
    "/requests",
    "/requests/{enquiry}",
    "/requests/{enquiry}/link",
    "/requests/{enquiry}/answer",
    "/requests/{enquiry}/move",
    "/requests/{enquiry}/result",
    "/requests/{enquiry}/child",
];

/// The routes without a sign-in.
pub(crate) fn public_routes() -> Router<App> {
    ask::routes().merge(service::routes()).merge(mine::routes())
}

/// The routes for staff.
pub(crate) fn routes() -> Router<App> {
    board::routes()
}

pub(crate) use board::LinkPage;
pub(crate) use casework::post::Mailed;
pub(crate) use limit::may_miss;

//! The services directory: public pages on which anybody finds help, and the
//! Open Referral feed for machines. No account, no script, and no full
//! postcode in an address: a posted postcode becomes its sector.

mod feed;
mod find;
mod one;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// The addresses of this area, for the matrix of access. They need no sign-in.
pub(crate) const ROUTES: &[&str] = &[
    "/services",
    "/services/{service}",
    "/open-referral",
    "/open-referral/",
    "/open-referral/{*path}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/services", get(find::page).post(find::near))
        .route("/services/{service}", get(one::page))
        .route("/open-referral", get(feed::root))
        .route("/open-referral/", get(feed::root))
        .route("/open-referral/{*path}", get(feed::below))
}

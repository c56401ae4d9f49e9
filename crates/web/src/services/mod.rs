//! The services directory: public pages on which anybody finds help through
//! one of several front doors, and the Open Referral feed for machines. No
//! account, no script, and no full postcode in an address: a posted postcode
//! becomes its sector. Staff read here what families looked for, and answer
//! what they said.

mod comments;
mod door;
mod feed;
mod find;
mod learning;
mod list;
mod map;
mod one;
mod owner;
mod report;
mod suggest;
mod typed;
mod visitor;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access. They need no sign-in.
pub(crate) const ROUTES: &[&str] = &[
    "/services",
    "/services/{service}",
    "/services/{service}/wrong",
    "/suggest-a-service",
    "/told-us/{token}",
    "/still-right/thank-you",
    "/still-right/sent",
    "/still-right/in-part",
    "/still-right/published",
    "/still-right/{token}",
    "/still-right/{token}/yes",
    "/still-right/{token}/change",
    "/local-offer",
    "/local-offer/comments",
    "/start-for-life",
    "/young-people",
    "/doors/{name}",
    "/your-list",
    "/open-referral",
    "/open-referral/",
    "/open-referral/{*path}",
];

/// The addresses for those who keep the directory and learn from it.
pub(crate) const STAFF_ROUTES: &[&str] = &[
    "/directory/learning",
    "/directory/learning/{name}",
    "/directory/comments",
    "/directory/comments/{number}",
];

/// The routes that need no sign-in.
pub(crate) fn routes() -> Router<App> {
    let doors = [
        "/services",
        "/local-offer",
        "/start-for-life",
        "/young-people",
    ];
    let router = doors.into_iter().fold(Router::new(), |router, door| {
        router.route(door, get(find::page).post(find::near))
    });
    router
        .route("/doors/{name}", get(find::own_door).post(find::near))
        .route("/services/{service}", get(one::page))
        .route(
            "/services/{service}/wrong",
            get(report::ask).post(report::send),
        )
        .route("/suggest-a-service", get(suggest::ask).post(suggest::send))
        .route("/told-us/{token}", get(report::told))
        .route("/still-right/thank-you", get(owner::thank_you))
        .route("/still-right/sent", get(owner::sent))
        .route("/still-right/in-part", get(owner::in_part))
        .route("/still-right/published", get(owner::published))
        .route("/still-right/{token}", get(owner::page))
        .route("/still-right/{token}/yes", post(owner::yes))
        .route(
            "/still-right/{token}/change",
            get(owner::edit).post(owner::change),
        )
        .route(
            "/local-offer/comments",
            get(comments::page).post(comments::send),
        )
        .route("/your-list", get(list::page).post(list::change))
        .route("/open-referral", get(feed::root))
        .route("/open-referral/", get(feed::root))
        .route("/open-referral/{*path}", get(feed::below))
}

/// The routes for staff.
pub(crate) fn staff_routes() -> Router<App> {
    Router::new()
        .route("/directory/learning", get(learning::page))
        .route("/directory/learning/{name}", get(learning::table))
        .route("/directory/comments", get(comments::board))
        .route(
            "/directory/comments/{number}",
            get(comments::one).post(comments::answer),
        )
}

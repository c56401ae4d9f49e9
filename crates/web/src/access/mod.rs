//! Who looked at a record and who may: the looks, emergency access and its
//! review, restrictions, the record as it was known on a day, and the workers.

mod as_known;
mod copy;
mod emergency;
mod family;
mod homes;
mod looks;
mod overriding;
mod password;
mod restrict;
mod reviews;
mod shield;
mod unusual;
mod workers;

pub(crate) use family::by_day;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/people/{person}/looks",
    "/people/{person}/looks/family",
    "/people/{person}/looks/family/new",
    "/people/{person}/copy",
    "/copies/{copy}",
    "/copies/{copy}/file",
    "/looks-given/{looks_request}",
    "/looks-given/{looks_request}/link",
    "/looks-given/{looks_request}/withdraw",
    "/people/{person}/open",
    "/people/{person}/as-known",
    "/people/{person}/restrict",
    "/people/{person}/restrict/lift",
    "/people/{person}/restrict/keep",
    "/access",
    "/access/{grant}",
    "/access/emergency/end",
    "/access/override",
    "/access/home",
    "/access/home/forget",
    "/access/workers/{worker}/home",
    "/access/workers/{worker}/home/forget",
    "/access/shield",
    "/access/shield/{pair}",
    "/access/unusual",
    "/access/unusual/{look}",
    "/access/workers",
    "/access/workers/new",
    "/access/workers/{worker}",
    "/access/workers/{worker}/leave",
    "/access/workers/{worker}/number",
    "/access/workers/{worker}/password",
    "/access/password",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/looks", get(looks::show))
        .route("/people/{id}/looks/family", get(family::list))
        .route(
            "/people/{id}/looks/family/new",
            get(family::ask).post(family::make),
        )
        .route("/people/{id}/copy", get(copy::ask).post(copy::make))
        .route("/copies/{id}", get(copy::show))
        .route("/copies/{id}/file", get(copy::file))
        .route("/looks-given/{id}", get(family::one).post(family::decide))
        .route("/looks-given/{id}/link", post(family::link))
        .route("/looks-given/{id}/withdraw", post(family::withdraw))
        .route(
            "/people/{id}/open",
            get(emergency::ask).post(emergency::open),
        )
        .route("/people/{id}/as-known", get(as_known::show))
        .route(
            "/people/{id}/restrict",
            get(restrict::ask).post(restrict::save),
        )
        .route("/people/{id}/restrict/lift", post(restrict::lift))
        .route("/people/{id}/restrict/keep", post(restrict::keep))
        .route("/access/emergency/end", post(overriding::end))
        .route(
            "/access/override",
            get(overriding::ask).post(overriding::open),
        )
        .route("/access/home", get(homes::ask).post(homes::keep))
        .route("/access/home/forget", post(homes::forget))
        .route("/access/workers/{id}/home", post(homes::keep_theirs))
        .route(
            "/access/workers/{id}/home/forget",
            post(homes::forget_theirs),
        )
        .route("/access", get(reviews::list))
        .route("/access/{id}", get(reviews::one).post(reviews::close))
        .route("/access/shield", get(shield::list))
        .route("/access/shield/{id}", post(shield::settle))
        .route("/access/unusual", get(unusual::list).post(unusual::read_on))
        .route("/access/unusual/{id}", post(unusual::close))
        .route("/access/workers", get(workers::list))
        .route("/access/workers/new", get(workers::ask).post(workers::add))
        .route("/access/workers/{id}", get(workers::one))
        .route("/access/workers/{id}/leave", post(workers::leave))
        .route("/access/workers/{id}/number", post(workers::number))
        .route("/access/workers/{id}/password", post(workers::reset))
        .route("/access/password", get(password::ask).post(password::save))
}

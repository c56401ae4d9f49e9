//! Pages of child protection: strategy discussions, conferences, step-downs,
//! the watch after them, and moves between councils. Section 47 enquiries are written on the pages of
//! steps, like an assessment.

mod conference;
mod moving;
mod step_down;
mod strategy;
mod table;
mod watch;

pub(crate) use strategy::own_page;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/step-downs",
    "/contacts/{contact}/strategy",
    "/people/{person}/strategy",
    "/steps/{step}/strategy",
    "/plans/{plan}/strategy",
    "/strategy/{strategy}",
    "/plans/{plan}/review-conference",
    "/conferences/{conference}",
    "/conferences/{conference}/arrange",
    "/conferences/{conference}/report",
    "/conferences/{conference}/given",
    "/conferences/{conference}/hold",
    "/plans/{plan}/step-down",
    "/step-downs/{step_down}",
    "/watch/{watch}",
    "/people/{person}/moving-in",
    "/plans/{plan}/moving-out",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/contacts/{id}/strategy", post(strategy::from_contact))
        .route("/people/{id}/strategy", post(strategy::from_child))
        .route("/steps/{id}/strategy", post(strategy::from_step))
        .route("/plans/{id}/strategy", post(strategy::from_plan))
        .route("/strategy/{id}", get(strategy::show).post(strategy::save))
        .route(
            "/plans/{id}/review-conference",
            post(conference::open_review),
        )
        .route("/conferences/{id}", get(conference::show))
        .route("/conferences/{id}/arrange", post(conference::arrange))
        .route("/conferences/{id}/report", post(conference::report))
        .route("/conferences/{id}/given", post(conference::given))
        .route(
            "/conferences/{id}/hold",
            get(conference::ask).post(conference::hold),
        )
        .route("/plans/{id}/step-down", post(step_down::begin))
        .route("/step-downs", get(watch::list))
        .route(
            "/step-downs/{id}",
            get(step_down::show).post(step_down::send),
        )
        .route("/watch/{id}", get(watch::show).post(watch::look))
        .route(
            "/people/{id}/moving-in",
            get(moving::ask_in).post(moving::save_in),
        )
        .route(
            "/plans/{id}/moving-out",
            get(moving::ask_out).post(moving::save_out),
        )
}

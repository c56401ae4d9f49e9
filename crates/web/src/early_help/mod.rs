//! Pages of early help: the board, starting it, its own page with consent, lead
//! and team, the step up to social care, and a partner's request.

mod accept;
mod board;
mod page;
mod small;
mod start;
mod step_up;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/early-help",
    "/people/{person}/early-help",
    "/people/{person}/early-help/new",
    "/early-help/{early_help}",
    "/early-help/{early_help}/consent",
    "/early-help/{early_help}/lead",
    "/early-help/{early_help}/team",
    "/early-help/{early_help}/leave",
    "/early-help/{early_help}/plan",
    "/early-help/{early_help}/end",
    "/early-help/{early_help}/step-up",
    "/contacts/{contact}/early-help",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/early-help", get(board::show))
        .route("/people/{id}/early-help", get(page::of_child))
        .route(
            "/people/{id}/early-help/new",
            get(start::ask).post(start::start),
        )
        .route("/early-help/{id}", get(page::show))
        .route(
            "/early-help/{id}/consent",
            get(small::ask_consent).post(small::consent),
        )
        .route(
            "/early-help/{id}/lead",
            get(small::ask_lead).post(small::lead),
        )
        .route(
            "/early-help/{id}/team",
            get(small::ask_member).post(small::member),
        )
        .route("/early-help/{id}/leave", post(small::leave))
        .route(
            "/early-help/{id}/plan",
            get(small::ask_plan).post(small::plan),
        )
        .route("/early-help/{id}/end", get(small::ask_end).post(small::end))
        .route(
            "/early-help/{id}/step-up",
            get(step_up::ask).post(step_up::send),
        )
        .route(
            "/contacts/{id}/early-help",
            get(accept::ask).post(accept::accept),
        )
}

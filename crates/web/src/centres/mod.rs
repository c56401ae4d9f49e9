//! Family centres: public pages on which families see what is on today and book
//! without an account, and the pages of those who work there (R000-16).

mod public;
mod staff;

use axum::Router;

use crate::app::App;

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/family-centres",
    "/family-centres/{centre}",
    "/family-centres/sessions/{session}",
    "/family-centres/bookings/{token}",
    "/centres",
    "/centres/{centre}",
    "/centres/{centre}/sessions/new",
    "/centres/sessions/{session}",
    "/centres/sessions/{session}/mark",
    "/centres/sessions/{session}/book",
    "/centres/sessions/{session}/call-off",
];

/// The routes without a sign-in.
pub(crate) fn public_routes() -> Router<App> {
    public::routes()
}

/// The routes for staff.
pub(crate) fn routes() -> Router<App> {
    staff::routes()
}

//! Pages, forms and assets: how people meet Throughline in a browser.
//!
//! One folder an area, its templates beside its handlers. A handler reads the
//! request, calls `casework`, and fills a template; it knows no SQL and no rule
//! of practice. Pages for people without an account are merged in
//! [`router`] beside those that need a sign-in.
#![forbid(unsafe_code)]

pub mod access;
mod answer;
mod app;
mod ask;
mod drafts;
mod family;
mod find;
pub mod forms;
mod front_door;
pub mod help;
pub mod home;
mod letters;
mod mash;
mod meetings;
mod notes;
mod people;
mod plans;
mod protection;
mod returns;
mod services;
mod session;
mod steps;
mod story;
pub mod team;
pub mod ui;

pub use app::{App, At, Signed, WebError, WebResult};

use axum::Router;
use axum::middleware::from_fn_with_state;

/// Every address that answers a GET, one list an area, for the matrix of access:
/// `{person}`, `{family}`, `{team}`, `{worker}` and `{grant}` stand for ids. An
/// area that adds a page adds its address.
pub const ROUTES: &[&[&str]] = &[
    access::ROUTES,
    help::ROUTES,
    home::ROUTES,
    returns::ROUTES,
    letters::ROUTES,
    mash::ROUTES,
    protection::ROUTES,
    team::ROUTES,
    &[
        "/people/{person}",
        "/people/{person}/edit",
        "/people/{person}/duplicates",
        "/people/{person}/names",
        "/people/{person}/names/new",
        "/people/{person}/addresses",
        "/people/{person}/address",
        "/people/{person}/relationships",
        "/people/{person}/relationship",
        "/people/{person}/reach",
        "/people/{person}/reach/new",
        "/people/{person}/languages",
        "/people/{person}/languages/change",
        "/people/{person}/profile",
        "/people/{person}/profile/new",
        "/people/{person}/chronology/freeze",
        "/people/{person}/plan",
        "/people/{person}/plan/new",
        "/people/{person}/story",
        "/people/{person}/notes/new",
        "/people/{person}/visits/new",
        "/people/{person}/chronology/new",
        "/people/{person}/work",
        "/families/{family}",
        "/families/{family}/genogram",
        "/families/{family}/add",
        "/find",
        "/services",
        "/open-referral",
        "/front-door",
        "/front-door/new",
    ],
];

/// All pages of one council.
pub fn router(app: App) -> Router {
    let staff = Router::new()
        .merge(access::routes())
        .merge(drafts::routes())
        .merge(family::routes())
        .merge(find::routes())
        .merge(front_door::routes())
        .merge(home::routes())
        .merge(letters::routes())
        .merge(mash::routes())
        .merge(meetings::routes())
        .merge(notes::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(protection::routes())
        .merge(returns::routes())
        .merge(session::staff_routes())
        .merge(steps::routes())
        .merge(story::routes())
        .merge(team::routes())
        .layer(from_fn_with_state(app.clone(), session::need_sign_in));
    let public = Router::new()
        .merge(answer::routes())
        .merge(ask::routes())
        .merge(help::routes())
        .merge(services::routes())
        .merge(session::public_routes());
    ui::finish(public.merge(staff).with_state(app))
}

//! Pages, forms and assets: how people meet Throughline in a browser.
//!
//! One folder an area, its templates beside its handlers. A handler reads the
//! request, calls `casework`, and fills a template; it knows no SQL and no rule
//! of practice. Pages for people without an account are merged in
//! [`router`] beside those that need a sign-in.
#![forbid(unsafe_code)]

pub mod access;
pub mod adopting;
mod answer;
mod app;
mod ask;
mod asking;
pub mod boards;
pub mod care;
pub mod carers;
mod centres;
pub mod court;
mod drafts;
mod early_help;
mod enquiries;
mod family;
mod find;
pub mod forms;
mod front_door;
pub mod help;
pub mod home;
mod index;
mod involved;
pub mod leaving_care;
mod letters;
mod looked;
mod mash;
pub mod matching;
pub mod matters;
mod meetings;
pub mod missing;
mod notes;
pub mod panels;
mod people;
mod plans;
pub mod private_fostering;
mod protection;
mod questions;
mod referring;
mod returns;
mod same;
mod services;
mod session;
mod sharing;
mod steps;
mod story;
pub mod team;
pub mod ui;
mod upkeep;
mod your_data;

pub use app::{App, At, Signed, WebError, WebResult};

use axum::Router;
use axum::middleware::from_fn_with_state;

/// Every address of [`router`], one list an area, for the matrix of access:
/// `{person}`, `{plan}` and the like say what stands there. An area that adds a
/// page adds its address to its own list; `tests/matrix` fails until it does.
pub const ROUTES: &[&[&str]] = &[
    access::ROUTES,
    adopting::ROUTES,
    answer::ROUTES,
    ask::ROUTES,
    boards::ROUTES,
    care::ROUTES,
    carers::ROUTES,
    centres::ROUTES,
    court::ROUTES,
    drafts::ROUTES,
    early_help::ROUTES,
    enquiries::ROUTES,
    family::ROUTES,
    find::ROUTES,
    front_door::ROUTES,
    help::ROUTES,
    home::ROUTES,
    index::ROUTES,
    involved::ROUTES,
    leaving_care::ROUTES,
    letters::ROUTES,
    looked::ROUTES,
    mash::ROUTES,
    matching::ROUTES,
    matters::ROUTES,
    meetings::ROUTES,
    missing::ROUTES,
    notes::ROUTES,
    panels::ROUTES,
    people::ROUTES,
    plans::ROUTES,
    plans::packages::ROUTES,
    private_fostering::ROUTES,
    protection::ROUTES,
    referring::ROUTES,
    questions::ROUTES,
    returns::ROUTES,
    same::ROUTES,
    services::ROUTES,
    services::STAFF_ROUTES,
    session::ROUTES,
    sharing::ROUTES,
    steps::ROUTES,
    story::ROUTES,
    team::ROUTES,
    ui::assets::ROUTES,
    upkeep::ROUTES,
    your_data::ROUTES,
];

/// All pages of one council.
pub fn router(app: App) -> Router {
    let staff = Router::new()
        .merge(access::routes())
        .merge(adopting::routes())
        .merge(boards::routes())
        .merge(care::routes())
        .merge(carers::routes())
        .merge(centres::routes())
        .merge(court::routes())
        .merge(drafts::routes())
        .merge(early_help::routes())
        .merge(enquiries::routes())
        .merge(family::routes())
        .merge(find::routes())
        .merge(front_door::routes())
        .merge(home::routes())
        .merge(index::routes())
        .merge(involved::routes())
        .merge(leaving_care::routes())
        .merge(letters::routes())
        .merge(mash::routes())
        .merge(matching::routes())
        .merge(matters::routes())
        .merge(meetings::routes())
        .merge(missing::routes())
        .merge(notes::routes())
        .merge(panels::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(plans::packages::routes())
        .merge(private_fostering::routes())
        .merge(protection::routes())
        .merge(referring::routes())
        .merge(questions::routes())
        .merge(returns::routes())
        .merge(same::routes())
        .merge(services::staff_routes())
        .merge(session::staff_routes())
        .merge(sharing::routes())
        .merge(steps::routes())
        .merge(story::routes())
        .merge(team::routes())
        .merge(upkeep::routes())
        .merge(your_data::routes())
        .layer(from_fn_with_state(app.clone(), session::need_sign_in));
    let public = Router::new()
        .merge(answer::routes())
        .merge(ask::routes())
        .merge(centres::public_routes())
        .merge(enquiries::public_routes())
        .merge(help::routes())
        .merge(looked::routes())
        .merge(services::routes())
        .merge(session::public_routes());
    ui::finish(public.merge(staff).with_state(app))
}

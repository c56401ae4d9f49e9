//! A person's pages: the front page of a child or an adult, and what is
//! changed there.

mod edit;
mod kept;

pub(crate) use edit::{stops, unseen};

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casework::model::PersonKind;
use casework::people::overview::{Front, IndexCard, Overview};
use kept::{homes, languages, names, profile, reach, ties};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, Frame, Page, Part};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/new",
    "/people/{person}",
    "/people/{person}/edit",
    "/people/{person}/address",
    "/people/{person}/relationship",
    "/people/{person}/duplicates",
    "/people/{person}/duplicates/settle",
    "/people/{person}/names",
    "/people/{person}/names/new",
    "/people/{person}/names/{name_of}",
    "/people/{person}/addresses",
    "/people/{person}/addresses/{address}",
    "/people/{person}/relationships",
    "/people/{person}/relationships/{relationship}",
    "/people/{person}/reach",
    "/people/{person}/reach/new",
    "/people/{person}/reach/{reach}",
    "/people/{person}/reach/{reach}/end",
    "/people/{person}/languages",
    "/people/{person}/languages/change",
    "/people/{person}/profile",
    "/people/{person}/profile/new",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/new", get(edit::ask_new).post(edit::add_new))
        .route("/people/{id}", get(front))
        .route("/people/{id}/edit", get(edit::ask).post(edit::save))
        .route("/people/{id}/names", get(names::names))
        .route(
            "/people/{id}/names/new",
            get(names::ask_name).post(names::add_name),
        )
        .route(
            "/people/{id}/names/{name}",
            get(names::ask_name_end).post(names::end_name),
        )
        .route("/people/{id}/addresses", get(homes::addresses))
        .route(
            "/people/{id}/address",
            get(homes::ask_address).post(homes::save_address),
        )
        .route(
            "/people/{id}/addresses/{address}",
            get(homes::ask_address_change).post(homes::change_address),
        )
        .route("/people/{id}/relationships", get(ties::ties))
        .route(
            "/people/{id}/relationship",
            get(ties::ask_relationship).post(ties::save_relationship),
        )
        .route(
            "/people/{id}/relationships/{tie}",
            get(ties::ask_tie).post(ties::change_tie),
        )
        .route("/people/{id}/reach", get(reach::reach))
        .route(
            "/people/{id}/reach/new",
            get(reach::ask_reach).post(reach::add_reach),
        )
        .route(
            "/people/{id}/reach/{part}",
            get(reach::ask_reach_change).post(reach::change_reach),
        )
        .route(
            "/people/{id}/reach/{part}/end",
            get(reach::ask_reach_end).post(reach::end_reach),
        )
        .route("/people/{id}/languages", get(languages::languages))
        .route(
            "/people/{id}/languages/change",
            get(languages::ask_languages).post(languages::save_languages),
        )
        .route("/people/{id}/profile", get(profile::profile))
        .route(
            "/people/{id}/profile/new",
            get(profile::ask_profile).post(profile::save_profile),
        )
        .route("/people/{id}/duplicates", get(edit::duplicates))
        .route(
            "/people/{id}/duplicates/settle",
            post(edit::settle_duplicate),
        )
}

#[derive(Template)]
#[template(path = "people/overview.html")]
struct OverviewPage {
    frame: Frame,
    top: ChildTop,
    o: Overview,
    child: bool,
    /// The folded form for a note (UX04).
    note: String,
    first: String,
    language: String,
    ethnicity: String,
}

#[derive(Template)]
#[template(path = "people/index.html")]
struct IndexPage {
    frame: Frame,
    card: IndexCard,
}

async fn front(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    match app.casework.front(&signed.viewer, id).await? {
        Front::Index(card) => Ok(Page(IndexPage {
            frame: signed.frame(card.name.clone()),
            card,
        })
        .into_response()),
        Front::Whole(overview) => {
            let o = *overview;
            let label = |set: &str, code: &Option<String>| {
                code.as_deref()
                    .map_or_else(String::new, |code| app.casework.label(set, code))
            };
            let circle = app
                .casework
                .circle(&signed.viewer, &o.person, "people.overview")
                .await?;
            let note = crate::notes::quick(&app, &signed, &o.person, &circle).await?;
            let mut top = ChildTop::new(o.header.clone(), Part::Overview);
            if !note.is_empty() {
                top = top.noting_here();
            }
            Ok(Page(OverviewPage {
                frame: signed.frame(o.person.name()),
                top,
                note,
                child: o.person.kind != PersonKind::Adult,
                first: o.person.first_name(),
                language: label("languages", &o.person.first_language),
                ethnicity: label("ethnicity", &o.person.ethnicity),
                o,
            })
            .into_response())
        }
    }
}

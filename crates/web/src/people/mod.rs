//! A person's pages: the front page of a child or an adult, and what is
//! changed there.

mod edit;

pub(crate) use edit::{stops, unseen};

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casework::model::PersonKind;
use casework::people::overview::{Front, IndexCard, Overview};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, Frame, Page, Part};

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/new", get(edit::ask_new).post(edit::add_new))
        .route("/people/{id}", get(front))
        .route("/people/{id}/edit", get(edit::ask).post(edit::save))
        .route(
            "/people/{id}/address",
            get(edit::ask_address).post(edit::save_address),
        )
        .route(
            "/people/{id}/relationship",
            get(edit::ask_relationship).post(edit::save_relationship),
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

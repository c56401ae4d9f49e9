//! A home for a child: what is needed, the households with what speaks for and
//! against each, and the choice.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::matching::HomeSearchView;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/people/{person}/home-search",
    "/home-searches/{search}",
    "/home-searches/{search}/choose",
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/home-search", get(ask).post(save))
        .route("/home-searches/{id}", get(homes))
        .route("/home-searches/{id}/choose", get(ask_choice).post(choose))
}

async fn ask(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_home_search(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_home_search(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |p| async move {
        casework
            .save_home_search(viewer, id, &p.answers, &p.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "matching/homes.html")]
struct HomesPage {
    frame: Frame,
    top: ChildTop,
    view: HomeSearchView,
    id: Id<ids::HomeSearch>,
    name: String,
}

impl HomesPage {
    fn or_none(&self, words: &Option<String>) -> String {
        words.clone().unwrap_or_default()
    }
}

async fn homes(State(app): State<App>, signed: Signed, At(id): At<ids::HomeSearch>) -> WebResult {
    let view = app.casework.home_search(&signed.viewer, id).await?;
    let name = view.child.first_name();
    Ok(Page(HomesPage {
        frame: signed
            .frame(format!("Homes for {name}"))
            .with_back("Home and care", format!("/people/{}/care", view.child.id)),
        top: ChildTop::new(app.casework.header(&view.child).await?, Part::Care),
        view,
        id,
        name,
    })
    .into_response())
}

async fn ask_choice(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::HomeSearch>,
) -> WebResult {
    let (_, asking) = app.casework.ask_home_choice(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn choose(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::HomeSearch>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (_, asking) = casework.ask_home_choice(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |p| async move {
        casework
            .save_home_choice(viewer, id, &p.answers, &p.once)
            .await
    })
    .await
}

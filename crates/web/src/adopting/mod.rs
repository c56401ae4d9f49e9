//! A child and adopters: proposing, the match with its pages, and the sealed
//! records with their keepers.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::Listed;
use casework::adopting::order::SealedRow;
use casework::adopting::{MatchForm, MatchView};
use casework::asking::Done;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::ui::{Frame, Page, errors};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/people/{person}/adopters",
    "/people/{adopted}/adoption-link",
    "/matches/{match}",
    "/matches/{match}/{what}",
    "/sealed",
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/adopters", get(ask_match).post(propose))
        .route("/people/{id}/adoption-link", get(ask_across).post(across))
        .route("/matches/{id}", get(one))
        .route("/matches/{id}/{what}", get(ask).post(save))
        .route("/sealed", get(sealed))
}

async fn ask_match(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_match(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn propose(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_match(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |p| async move {
        casework.save_match(viewer, id, &p.answers, &p.once).await
    })
    .await
}

#[derive(Template)]
#[template(path = "adopting/one.html")]
struct MatchPage {
    frame: Frame,
    view: MatchView,
    id: Id<ids::Match>,
    title: String,
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Match>) -> WebResult {
    let view = app.casework.match_view(&signed.viewer, id).await?;
    let title = match &view.child {
        Some((_, name)) => format!("{name} and {}", view.adopters),
        None => format!("A match of {}", view.adopters),
    };
    Ok(Page(MatchPage {
        frame: signed.frame(title.clone()),
        view,
        id,
        title,
    })
    .into_response())
}

type MatchAnd = (String, String);

async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<MatchAnd>,
) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), MatchForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (_, carer, sheet) = app
        .casework
        .ask_match_form(&signed.viewer, id, what)
        .await?;
    let shown = Shown::household(sheet, &carer.name, format!("/matches/{id}"));
    asking::show(&app, &signed, shown).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<MatchAnd>,
    body: Bytes,
) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), MatchForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (_, carer, sheet) = casework.ask_match_form(viewer, id, what).await?;
    let shown = Shown::household(sheet, &carer.name, format!("/matches/{id}"));
    asking::send(&app, &signed, shown, body, |p| async move {
        casework
            .save_match_form(viewer, id, what, &p.answers, &p.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "adopting/sealed.html")]
struct SealedPage {
    frame: Frame,
    rows: Listed<SealedRow>,
}

async fn sealed(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(SealedPage {
        rows: app.casework.sealed_records(&signed.viewer).await?,
        frame: signed.frame("Sealed adoption records"),
    })
    .into_response())
}

async fn ask_across(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let sheet = app.casework.ask_across(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn across(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.ask_across(viewer, id).await?;
    asking::send(&app, &signed, Shown::alone(sheet), body, |p| async move {
        let other = casework
            .across_adoption(viewer, id, p.answers.text("why"))
            .await?;
        let words = "The link was opened, and this look is on record.";
        Ok(Done::new(words, format!("/people/{}", other.id)))
    })
    .await
}

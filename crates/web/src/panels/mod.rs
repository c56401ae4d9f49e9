//! Panels: the list, one panel with its agenda and members, one item with its
//! recommendation and decision.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::panels::ItemForm;
use casework::panels::view::{ItemView, SittingRow, SittingView};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::ui::{Frame, Page, errors};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/panels",
    "/panels/new",
    "/panels/{sitting}",
    "/panels/{sitting}/member",
    "/panels/{sitting}/came",
    "/panel-items/{item}",
    "/panel-items/{item}/{what}",
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/panels", get(list))
        .route("/panels/new", get(ask_sitting).post(sitting))
        .route("/panels/{id}", get(one))
        .route("/panels/{id}/member", get(ask_member).post(member))
        .route("/panels/{id}/came", get(ask_came).post(came))
        .route("/panel-items/{id}", get(item))
        .route("/panel-items/{id}/{what}", get(ask).post(save))
}

#[derive(Template)]
#[template(path = "panels/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<SittingRow>,
    plans: bool,
}

impl ListPage {
    fn when(&self, row: &SittingRow) -> String {
        plain::date_time(casework::time::local(row.held_at))
    }

    fn kind(&self, row: &SittingRow) -> &'static str {
        kind_words(&row.kind)
    }
}

fn kind_words(kind: &str) -> &'static str {
    match kind {
        "adopt" => "Adoption panel",
        _ => "Fostering and permanence panel",
    }
}

async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(ListPage {
        rows: app.casework.panels(&signed.viewer).await?,
        plans: signed.viewer.can("panel.advise"),
        frame: signed.frame("Panels"),
    })
    .into_response())
}

async fn ask_sitting(State(app): State<App>, signed: Signed) -> WebResult {
    let sheet = app.casework.ask_sitting(&signed.viewer)?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn sitting(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.ask_sitting(viewer)?;
    asking::send(&app, &signed, Shown::alone(sheet), body, |p| async move {
        casework.save_sitting(viewer, &p.answers, &p.once).await
    })
    .await
}

#[derive(Template)]
#[template(path = "panels/one.html")]
struct SittingPage {
    frame: Frame,
    view: SittingView,
    title: String,
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Sitting>) -> WebResult {
    let view = app.casework.sitting_view(&signed.viewer, id).await?;
    let title = format!("{}, {}", kind_words(&view.sitting.kind), view.when);
    Ok(Page(SittingPage {
        frame: signed.frame(title.clone()).with_back("Panels", "/panels"),
        view,
        title,
    })
    .into_response())
}

async fn ask_member(State(app): State<App>, signed: Signed, At(id): At<ids::Sitting>) -> WebResult {
    let sheet = app.casework.ask_member(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn member(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Sitting>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.ask_member(viewer, id).await?;
    asking::send(&app, &signed, Shown::alone(sheet), body, |p| async move {
        casework.save_member(viewer, id, &p.answers, &p.once).await
    })
    .await
}

async fn ask_came(State(app): State<App>, signed: Signed, At(id): At<ids::Sitting>) -> WebResult {
    let sheet = app.casework.ask_came(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn came(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Sitting>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.ask_came(viewer, id).await?;
    asking::send(&app, &signed, Shown::alone(sheet), body, |p| async move {
        casework.save_came(viewer, id, &p.answers, &p.once).await
    })
    .await
}

#[derive(Template)]
#[template(path = "panels/item.html")]
struct ItemPage {
    frame: Frame,
    view: ItemView,
    id: Id<ids::PanelItem>,
    name: String,
}

impl ItemPage {
    fn or_none(&self, words: &Option<String>) -> String {
        words.clone().unwrap_or_default()
    }
}

async fn item(State(app): State<App>, signed: Signed, At(id): At<ids::PanelItem>) -> WebResult {
    let view = app.casework.item_view(&signed.viewer, id).await?;
    let name = view.seen.seen.carer.name.clone();
    let back = format!("/panels/{}", view.seen.sitting.id);
    Ok(Page(ItemPage {
        frame: signed
            .frame(format!("{}: {name}", view.kind))
            .with_back("The panel", back),
        view,
        id,
        name,
    })
    .into_response())
}

type ItemAnd = (String, String);

async fn ask(State(app): State<App>, signed: Signed, Path((id, what)): Path<ItemAnd>) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), ItemForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (seen, sheet) = app.casework.ask_item_form(&signed.viewer, id, what).await?;
    asking::show(&app, &signed, about(sheet, &seen.seen.carer.name, id)).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<ItemAnd>,
    body: Bytes,
) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), ItemForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (seen, sheet) = casework.ask_item_form(viewer, id, what).await?;
    let shown = about(sheet, &seen.seen.carer.name, id);
    asking::send(&app, &signed, shown, body, |p| async move {
        casework
            .save_item_form(viewer, id, what, &p.answers, &p.once)
            .await
    })
    .await
}

fn about(sheet: casework::asking::Sheet, name: &str, id: Id<ids::PanelItem>) -> Shown {
    Shown::household(sheet, name, format!("/panel-items/{id}"))
}

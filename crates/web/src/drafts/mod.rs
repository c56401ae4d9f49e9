//! Drafts: where the script sends what is being typed, and where a draft is
//! thrown away.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json};
use casework::{Viewer, time};
use serde_json::json;
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{Notice, to};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/drafts/{target}", "/drafts/{draft}/discard"];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/drafts/{target}", post(keep))
        .route("/drafts/{id}/discard", post(discard))
}

/// Fields of the page that are not the author's words.
const OURS: [&str; 8] = [
    "password",
    "once",
    "version",
    "draft_page",
    "draft_seq",
    "draft_title",
    "draft_path",
    "go",
];

/// A posted form as a draft: the author's words as typed, in order.
pub(crate) fn from_pairs(target: &str, pairs: &[(String, String)]) -> casework::drafts::NewDraft {
    let field = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    };
    let words: Vec<&(String, String)> = pairs
        .iter()
        .filter(|(name, _)| !OURS.contains(&name.as_str()))
        .collect();
    casework::drafts::NewDraft {
        target: target.to_owned(),
        title: field("draft_title").chars().take(120).collect(),
        path: Some(field("draft_path"))
            .filter(|p| p.starts_with('/'))
            .unwrap_or("/".into()),
        body: json!(words),
        page: field("draft_page").chars().take(60).collect(),
        seq: field("draft_seq").parse().unwrap_or(0),
        base_version: field("version").parse().ok(),
    }
}

/// A draft's words as the pairs that a form is filled from.
pub(crate) fn pairs_of(draft: &casework::drafts::Draft) -> Vec<(String, String)> {
    serde_json::from_value(draft.body.clone()).unwrap_or_else(|problem| {
        tracing::error!(%problem, draft = %draft.id, "a draft has another shape than a form");
        Vec::new()
    })
}

async fn keep(
    State(app): State<App>,
    signed: Signed,
    Path(target): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    keep_draft(&app, &signed.viewer, &target, &pairs).await?;
    let now = vocabulary::plain::time(time::now_local().time());
    Ok(Json(json!({ "saved_at": now })).into_response())
}

/// Keeps a posted form as the viewer's draft.
pub(crate) async fn keep_draft(
    app: &App,
    viewer: &Viewer,
    target: &str,
    pairs: &[(String, String)],
) -> WebResult<()> {
    Ok(app
        .casework
        .keep_draft(viewer, &from_pairs(target, pairs))
        .await?)
}

async fn discard(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Draft>,
) -> WebResult<Response> {
    app.casework.discard_draft(&signed.viewer, id).await?;
    Ok(Notice::new("The draft was thrown away.").on(to("/")))
}

//! Choosing a worker for a family, and passing a family to another team.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::allocation::{Allocate, Picker, Transfer};
use vocabulary::{Id, ids, plain};

use super::{value, values};
use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "team/allocate.html")]
struct AllocatePage {
    frame: Frame,
    picker: Picker,
    once: String,
    names: String,
    typed: Pairs,
}

impl AllocatePage {
    fn typed(&self, name: &str) -> String {
        value(&self.typed, name)
    }

    fn chosen(&self, name: &str, id: &impl ToString) -> bool {
        let id = id.to_string();
        self.typed.iter().any(|(key, v)| key == name && *v == id)
    }

    /// Whether the box for the limit's reason is asked now, or was filled.
    fn asks_limit(&self) -> bool {
        !self.frame.error_at("limit_reason").is_empty() || !self.typed("limit_reason").is_empty()
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
) -> WebResult {
    let page = page(&app, &signed, id, Vec::new(), Vec::new()).await?;
    Ok(page.into_response())
}

async fn page(
    app: &App,
    signed: &Signed,
    family: Id<ids::Family>,
    typed: Pairs,
    errors: Vec<FieldError>,
) -> WebResult<Page<AllocatePage>> {
    let picker = app.casework.picker(&signed.viewer, family).await?;
    let names: Vec<String> = picker.children.iter().map(|c| c.first_name()).collect();
    let names = plain::list(&names);
    Ok(Page(AllocatePage {
        frame: signed
            .frame(format!("Allocate {names}"))
            .with_back("My team", "/team")
            .with_errors(errors),
        picker,
        once: once(),
        names,
        typed,
    }))
}

async fn again(
    app: &App,
    signed: &Signed,
    family: Id<ids::Family>,
    pairs: Pairs,
    error: Error,
) -> WebResult {
    let Error::Findings(findings) = error else {
        return Err(error.into());
    };
    let errors = forms::errors(&findings);
    let page = page(app, signed, family, pairs, errors).await?;
    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let Ok(worker) = value(&pairs, "worker").parse() else {
        let error = Error::finding("worker", "Worker", "Choose a worker");
        return again(&app, &signed, id, pairs, error).await;
    };
    let wanted = Allocate {
        family: id,
        children: values(&pairs, "child"),
        worker,
        reason: value(&pairs, "reason"),
        handover: value(&pairs, "handover"),
        limit_reason: value(&pairs, "limit_reason"),
        once: value(&pairs, "once"),
    };
    match app.casework.allocate(&signed.viewer, &wanted).await {
        Ok(()) => {
            let name = app.casework.worker_name(worker).await?;
            let done = Notice::new(format!("Allocated to {name}."));
            Ok(done.on(to(&format!("/families/{id}"))))
        }
        Err(error) => again(&app, &signed, id, pairs, error).await,
    }
}

pub(super) async fn transfer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let wanted = Transfer {
        family: id,
        team: value(&pairs, "team").parse().ok(),
        reason: value(&pairs, "transfer_reason"),
        once: value(&pairs, "once"),
    };
    match app.casework.transfer(&signed.viewer, &wanted).await {
        Ok(()) => Ok(Notice::new("Passed to the other team.").on(to("/team"))),
        Err(error) => again(&app, &signed, id, pairs, error).await,
    }
}

//! The handover that a new worker reads, and the visit together that ends it.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::allocation::Handover;
use casework::due::family_words;
use vocabulary::{Id, ids};

use super::{day, value};
use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::ui::{FieldError, Frame, Notice, Page, to};

#[derive(Template)]
#[template(path = "team/handover.html")]
struct HandoverPage {
    frame: Frame,
    family: Id<ids::Family>,
    handover: Handover,
    typed: Vec<(String, String)>,
}

impl HandoverPage {
    fn typed(&self, name: &str) -> String {
        value(&self.typed, name)
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    family: Id<ids::Family>,
    typed: Vec<(String, String)>,
    errors: Vec<FieldError>,
) -> WebResult<Page<HandoverPage>> {
    let handover = app.casework.handover(&signed.viewer, family).await?;
    let title = format!("Handover: {}", family_words(&handover.family_name));
    Ok(Page(HandoverPage {
        frame: signed
            .frame(title)
            .with_back("My work", "/")
            .with_errors(errors),
        family,
        handover,
        typed,
    }))
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
) -> WebResult {
    let page = page(&app, &signed, id, Vec::new(), Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn finish(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let met = day(&pairs, "met_on");
    let why_not = value(&pairs, "why_not");
    let done = app
        .casework
        .finish_handover(&signed.viewer, id, met, &why_not)
        .await;
    match done {
        Ok(()) => Ok(Notice::new("Handover finished.").on(to("/"))),
        Err(Error::Findings(findings)) => {
            // The message is about the day: it links to the day's first box.
            let errors = forms::errors(&findings)
                .into_iter()
                .map(|e| FieldError::new(format!("{}.day", e.field), e.message))
                .collect();
            let page = page(&app, &signed, id, pairs, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

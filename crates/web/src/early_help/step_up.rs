//! Asking social care: a few questions, and everything early help has written
//! goes with it (R001-23).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Error;
use casework::early_help::path;
use casework::early_help::step_up::{FORM, StepUpPage, draft};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::top;
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "early_help/step_up.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    of: StepUpPage,
    fields: Html,
    once: String,
}

impl View {
    fn here(&self) -> String {
        path(self.of.seen.help.id)
    }

    fn names(&self) -> String {
        self.of.seen.names()
    }

    fn target(&self) -> String {
        draft(self.of.seen.help.id)
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    let kept = app.casework.my_draft(&signed.viewer, &draft(id)).await?;
    let form = app.casework.form(FORM)?;
    let answers = match kept.as_ref().map(pairs_of) {
        Some(pairs) => Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v))),
        None => Answers::new(),
    };
    show(&app, &signed, id, &answers, &[]).await
}

pub(super) async fn send(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let asked = app
        .casework
        .step_up(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match asked {
        Ok(reference) => Ok(Notice::new(format!(
            "Social care has it, with the reference {reference}. The front door decides and tells you; early help goes on until then."
        ))
        .on(to(&path(id)))),
        Err(Error::Findings(found)) => show(&app, &signed, id, &posted.answers, &found).await,
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult<Response> {
    let of = app.casework.step_up_page(&signed.viewer, id).await?;
    let form = app.casework.form(FORM)?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(View {
        fields: Fields::new(form, answers, signed.viewer.today)
            .section("why")
            .findings(findings)
            .html()?,
        frame: signed
            .frame(format!("Ask social care about {}", of.seen.names()))
            .with_back("Back to early help", path(id))
            .with_errors(forms::errors(findings)),
        top: top(app, &of.seen.child).await?,
        once: once(),
        of,
    })
    .with_status(status))
}

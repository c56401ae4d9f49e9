//! A manager reads the whole work, and authorises it or sends it back.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::protection::Earlier;
use casework::steps::{Authorisation, AuthorisePage, Document, Shown};
use casework::{Error, time};
use packs::{Answers, Finding};
use vocabulary::ids;

use super::{about, top};
use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "steps/authorise.html")]
struct DecidePage {
    frame: Frame,
    top: ChildTop,
    about: String,
    doc: Document,
    recommended: Option<String>,
    earlier: Option<Vec<Earlier>>,
    clocks: Vec<casework::clocks::ClockView>,
    fields: forms::Html,
    /// The outcome as chosen; empty at first, because nothing is chosen ahead.
    outcome: String,
    outcome_error: String,
    once: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let of = app.casework.authorise_page(&signed.viewer, id).await?;
    if of.document.seen.step.state != casework::model::StepState::Submitted {
        return Ok(to(&of.document.seen.path()));
    }
    page(&app, &signed, of, &Answers::new(), String::new(), &[]).await
}

async fn page(
    app: &App,
    signed: &Signed,
    of: AuthorisePage,
    answers: &Answers,
    outcome: String,
    findings: &[Finding],
) -> WebResult<Response> {
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let fields = Fields::new(&of.form, answers, time::today())
        .section("decision")
        .findings(findings)
        .html();
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let doc = of.document;
    let title = format!("Read and decide: {}", doc.seen.def.title);
    let wrong = findings.iter().find(|f| f.field == "outcome");
    let running = |c: &casework::clocks::ClockView| c.done_at.is_none();
    let page = DecidePage {
        frame: signed
            .frame(title)
            .with_back("Back to the list of sections", doc.seen.path())
            .with_errors(forms::errors(findings)),
        top: top(app, &doc.seen.first).await?,
        about: about(&doc.seen),
        recommended: of.recommended,
        earlier: of.earlier,
        clocks: of.clocks.into_iter().filter(running).collect(),
        fields,
        outcome,
        outcome_error: wrong.map_or_else(String::new, |f| f.message.clone()),
        once: once(),
        doc,
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn decide(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form("authorisation")?, &body);
    let outcome = posted.other("outcome").to_owned();
    let given = Authorisation {
        step: id,
        answers: posted.answers.clone(),
        outcome: outcome.clone(),
        once: posted.once.clone(),
    };
    match app.casework.authorise(&signed.viewer, given).await {
        Ok(seen) => {
            let words = match posted.answers.text("decision") {
                "authorise" => format!("{} is authorised.", seen.def.title),
                _ => format!("{} is sent back with your reason.", seen.def.title),
            };
            Ok(Notice::new(words).on(to(&seen.path())))
        }
        Err(Error::Findings(findings)) => {
            let of = app.casework.authorise_page(&signed.viewer, id).await?;
            page(&app, &signed, of, &posted.answers, outcome, &findings).await
        }
        Err(other) => Err(other.into()),
    }
}

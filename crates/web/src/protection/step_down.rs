//! A step-down on one page, the earlier ones first (UX21).

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::model::StepState;
use casework::protection::StepDownPage;
use packs::{Answers, Finding};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{ask_again, top, value};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "protection/step_down.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    of: StepDownPage,
    fields: Html,
    asked: bool,
    may_decide: bool,
    once: String,
}

impl View {
    fn state(&self) -> &'static str {
        casework::steps::state_words(self.of.seen.step.state)
    }
}

pub(super) async fn begin(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let step = app
        .casework
        .start_step_down(&signed.viewer, id, value(&pairs, "once"))
        .await?;
    Ok(to(&format!("/step-downs/{step}")))
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let of = app.casework.step_down(&signed.viewer, id).await?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("step-down:{id}"))
        .await?;
    let answers = match draft.as_ref().map(pairs_of) {
        Some(pairs) => Answers::from_pairs(&of.form, pairs.iter().map(|(k, v)| (k, v))),
        None => of.answers.clone(),
    };
    page(&app, &signed, of, &answers, None, &[], once()).await
}

pub(super) async fn send(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    body: Bytes,
) -> WebResult {
    let of = app.casework.step_down(&signed.viewer, id).await?;
    let posted = Posted::read(&of.form, &body);
    let adding = posted.adding().map(str::to_owned);
    if posted.reshape.is_some() {
        return page(&app, &signed, of, &posted.answers, adding, &[], posted.once).await;
    }
    let findings = of.form.check(&posted.answers, None);
    let saved = match ask_again(&findings, &posted.pairs) {
        true => Err(Error::Findings(findings)),
        false => {
            app.casework
                .send_step_down(&signed.viewer, id, &posted.answers, &posted.once)
                .await
        }
    };
    match saved {
        Ok(()) => {
            Ok(Notice::new("The step-down waits for a manager.")
                .on(to(&format!("/step-downs/{id}"))))
        }
        Err(Error::Findings(found)) => {
            page(
                &app,
                &signed,
                of,
                &posted.answers,
                adding,
                &found,
                posted.once,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    of: StepDownPage,
    answers: &Answers,
    adding: Option<String>,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(View {
        fields: Fields::new(&of.form, answers, signed.viewer.today)
            .findings(findings)
            .adding(adding.as_deref())
            .html()?,
        frame: signed
            .frame(format!("Step-down for {}", of.seen.names()))
            .with_errors(forms::errors(findings)),
        top: top(app, &of.seen.first).await?,
        asked: !findings.is_empty(),
        may_decide: of.seen.step.state == StepState::Submitted
            && signed.viewer.can("case.authorise"),
        once,
        of,
    })
    .with_status(status))
}

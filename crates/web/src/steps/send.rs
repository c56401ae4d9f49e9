//! Sending a step to a manager, leaving it out with a reason, and saying why a
//! clock is late.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::steps::{LatePage, StepSeen, SubmitPage};
use casework::{Asked, Error, time};
use packs::{Answers, Finding};
use serde::Deserialize;
use vocabulary::ids;

use super::{about, top};
use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Posted};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "steps/submit.html")]
struct SendPage {
    frame: Frame,
    top: ChildTop,
    about: String,
    of: SubmitPage,
    /// Reasons as typed, by the field they are for.
    typed: Vec<(String, String)>,
    once: String,
}

impl SendPage {
    fn reason(&self, field: &str) -> &str {
        let name = format!("{field}_reason");
        let found = self.typed.iter().find(|(n, _)| *n == name);
        found.map_or("", |(_, words)| words)
    }

    fn wrong(&self, field: &str) -> bool {
        let name = format!("{field}_reason");
        self.frame.errors.iter().any(|e| e.field == name)
    }

    /// The button says whom it is about and where it goes.
    fn button(&self) -> String {
        let names = self.of.seen.names();
        match (&self.of.to, self.of.seen.def.authorise.is_some()) {
            (_, false) => format!("Finish for {names}"),
            (Some(manager), true) => format!("Send to {manager}, for {names}"),
            (None, true) => format!("Send to a manager, for {names}"),
        }
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let of = app.casework.submit_page(&signed.viewer, id).await?;
    if !of.seen.is_open() {
        return Ok(to(&of.seen.path()));
    }
    send_page(&app, &signed, of, Vec::new(), &[]).await
}

async fn send_page(
    app: &App,
    signed: &Signed,
    of: SubmitPage,
    typed: Vec<(String, String)>,
    findings: &[Finding],
) -> WebResult<Response> {
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let title = format!("Send: {}", of.seen.def.title);
    let page = SendPage {
        frame: signed
            .frame(title)
            .with_back("Back to the list of sections", of.seen.path())
            .with_errors(forms::errors(findings)),
        top: top(app, &of.seen.first).await?,
        about: about(&of.seen),
        of,
        typed,
        once: once(),
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn send(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let token = pairs.iter().find(|(name, _)| name == "once");
    let token = token.map_or_else(String::new, |(_, value)| value.clone());
    let sent = app
        .casework
        .submit_step(&signed.viewer, id, &pairs, &token)
        .await?;
    if sent.findings.is_empty() {
        let words = match (&sent.page.to, sent.page.seen.def.authorise.is_some()) {
            (Some(manager), true) => format!("Sent to {manager}."),
            (None, true) => "Sent to a manager.".to_owned(),
            (_, false) => format!("{} is finished.", sent.page.seen.def.title),
        };
        return Ok(Notice::new(words).on(to(&sent.page.seen.path())));
    }
    send_page(&app, &signed, sent.page, pairs, &sent.findings).await
}

#[derive(Template)]
#[template(path = "steps/skip.html")]
struct SkipPage {
    frame: Frame,
    top: ChildTop,
    about: String,
    seen: StepSeen,
    reason: String,
    once: String,
}

#[derive(Debug, Deserialize, Default)]
pub(super) struct Skip {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    once: String,
}

pub(super) async fn ask_skip(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let asked = Asked::to_read("/steps/skip");
    let seen = app.casework.step_seen(&signed.viewer, id, asked).await?;
    skip_page(&app, &signed, seen, String::new(), &[]).await
}

async fn skip_page(
    app: &App,
    signed: &Signed,
    seen: StepSeen,
    reason: String,
    findings: &[Finding],
) -> WebResult<Response> {
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = findings
        .iter()
        .map(|f| FieldError::new(&f.field, &f.message));
    let page = SkipPage {
        frame: signed
            .frame(format!("Leave out: {}", seen.def.title))
            .with_back("Back to the list of sections", seen.path())
            .with_errors(errors.collect()),
        top: top(app, &seen.first).await?,
        about: about(&seen),
        seen,
        reason,
        once: once(),
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn skip(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(given): Form<Skip>,
) -> WebResult {
    let done = app
        .casework
        .skip_step(&signed.viewer, id, &given.reason, &given.once)
        .await;
    match done {
        Ok(seen) => {
            let notice = format!("{} is left out, with your reason.", seen.def.title);
            Ok(Notice::new(notice).on(to(&format!("/people/{}/work", seen.first.id))))
        }
        Err(Error::Findings(findings)) => {
            let asked = Asked::to_read("/steps/skip");
            let seen = app.casework.step_seen(&signed.viewer, id, asked).await?;
            skip_page(&app, &signed, seen, given.reason, &findings).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "steps/late.html")]
struct LateForm {
    frame: Frame,
    of: LatePage,
    fields: forms::Html,
    action: String,
    once: String,
}

pub(super) async fn ask_late(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Clock>,
) -> WebResult {
    let of = app.casework.late_page(&signed.viewer, id).await?;
    late_page(&signed, of, &Answers::new(), &[])
}

fn late_page(
    signed: &Signed,
    of: LatePage,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult<Response> {
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let fields = Fields::new(&of.form, answers, time::today())
        .section("late")
        .findings(findings)
        .html();
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let page = LateForm {
        frame: signed
            .frame("Why it is late")
            .with_back("Back to the work", &of.clock.path)
            .with_errors(forms::errors(findings)),
        fields,
        action: format!("/clocks/{}/reason", of.clock.id),
        once: once(),
        of,
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn late(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Clock>,
    body: Bytes,
) -> WebResult {
    let of = app.casework.late_page(&signed.viewer, id).await?;
    let posted = Posted::read(&of.form, &body);
    let done = app
        .casework
        .late_reason(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match done {
        Ok(path) => Ok(Notice::new("The reason is on record.").on(to(&path))),
        Err(Error::Findings(findings)) => late_page(&signed, of, &posted.answers, &findings),
        Err(other) => Err(other.into()),
    }
}

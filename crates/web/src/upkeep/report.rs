//! One report of the public, and its answer.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use casework::services::ReportSeen;
use casework::{Error, time};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, to};
use axum::http::StatusCode;
use packs::{Answers, Finding};

#[derive(Template)]
#[template(path = "upkeep/report.html")]
struct ReportPage {
    frame: Frame,
    report: ReportSeen,
    fields: Option<Html>,
    sends_mail: bool,
}

pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Report>,
) -> WebResult {
    show(&app, &signed, id, &Answers::new(), &[]).await
}

async fn show(
    app: &App,
    signed: &Signed,
    id: vocabulary::Id<ids::Report>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let report = app.casework.directory_report(&signed.viewer, id).await?;
    let fields = match &report.sheet {
        None => None,
        Some(sheet) => Some(
            Fields::new(&sheet.form, answers, time::today())
                .findings(findings)
                .html()?,
        ),
    };
    let page = Page(ReportPage {
        frame: signed
            .frame(format!("Report: {}", report.line.name))
            .with_back("Services directory", "/directory")
            .with_errors(forms::errors(findings)),
        report,
        fields,
        sends_mail: app.casework.sends_mail(),
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

pub(super) async fn answer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Report>,
    body: Bytes,
) -> WebResult {
    let report = app.casework.directory_report(&signed.viewer, id).await?;
    let Some(sheet) = report.sheet else {
        let why = "This is answered already.";
        return Err(Error::Refused(why.into()).into());
    };
    let posted = Posted::read(&sheet.form, &body);
    let answered = app
        .casework
        .answer_report(&signed.viewer, id, &posted.answers)
        .await;
    match answered {
        Ok(done) => Ok(Notice::new(done.words).on(to(&done.to))),
        Err(Error::Findings(findings)) => show(&app, &signed, id, &posted.answers, &findings).await,
        Err(other) => Err(other.into()),
    }
}

//! Reminding a partner of an action: the words with a one-time link to send, or
//! how else they were reminded.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use casework::plans::reminders::{FORM, Reminding};
use casework::{Error, time};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use super::action::link_page;
use super::top;
use crate::app::{App, At, Signed, WebError, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "plans/remind.html")]
struct RemindPage {
    frame: Frame,
    top: ChildTop,
    page: Reminding,
    fields: Html,
    once: String,
}

/// GET /actions/{id}/remind
pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
) -> WebResult {
    show(&app, &signed, id, &Answers::new(), &[]).await
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Action>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let page = app.casework.reminding(&signed.viewer, id).await?;
    let fields = Fields::new(app.casework.form(FORM)?, answers, time::today())
        .findings(findings)
        .html()
        .map_err(|e| WebError(Error::Refused(e.to_string())))?;
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(RemindPage {
        frame: signed
            .frame(format!("Remind {}", page.action.owner))
            .with_back("Back to the action", format!("/actions/{id}"))
            .with_errors(forms::errors(findings)),
        top: top(app, &page.seen.child).await?,
        page,
        fields,
        once: once(),
    })
    .with_status(status))
}

/// POST /actions/{id}/remind: the words with a link, shown in the answer.
pub(super) async fn make(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
    headers: HeaderMap,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let site = app.link_base(&headers);
    let made = app
        .casework
        .remind_by_link(&signed.viewer, id, &site, &posted.once)
        .await?;
    link_page(&app, &signed, id, made).await
}

/// POST /actions/{id}/reminded
pub(super) async fn told(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    match app
        .casework
        .reminded(&signed.viewer, id, &posted.answers)
        .await
    {
        Ok(plan) => Ok(Notice::new("The reminder is on record.").on(to(&format!("/plans/{plan}")))),
        Err(Error::Findings(findings)) => show(&app, &signed, id, &posted.answers, &findings).await,
        Err(other) => Err(other.into()),
    }
}

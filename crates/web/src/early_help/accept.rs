//! A partner's request for early help is taken up, with the reason.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Error;
use casework::early_help::path;
use casework::front_door::early_help::{ACCEPT_FORM, Accepting};
use casework::model::ContactState;
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "early_help/accept.html")]
struct AcceptPage {
    frame: Frame,
    of: Accepting,
    fields: Html,
    once: String,
}

impl AcceptPage {
    fn names(&self) -> String {
        let names: Vec<&str> = self.of.children.iter().map(|c| c.name.as_str()).collect();
        vocabulary::plain::list(&names)
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    show(&app, &signed, id, &Answers::new(), &[]).await
}

pub(super) async fn accept(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(ACCEPT_FORM)?, &body);
    let version = posted.other("version").parse().unwrap_or_default();
    let accepted = app
        .casework
        .accept_early_help(&signed.viewer, id, &posted.answers, version, &posted.once)
        .await;
    match accepted {
        Ok(help) => Ok(Notice::new("Early help has started. Next: who leads?").on(to(&path(help)))),
        Err(Error::Findings(found)) => show(&app, &signed, id, &posted.answers, &found).await,
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Contact>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult<Response> {
    let of = app.casework.early_help_request(&signed.viewer, id).await?;
    if of.contact.state == ContactState::Decided {
        return Ok(
            Notice::new("This request is decided already.").on(to(&format!("/contacts/{id}")))
        );
    }
    let form = app.casework.form(ACCEPT_FORM)?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(AcceptPage {
        fields: Fields::new(form, answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame("Take up early help")
            .with_back("Contact", format!("/contacts/{id}"))
            .with_errors(forms::errors(findings)),
        once: once(),
        of,
    })
    .with_status(status))
}

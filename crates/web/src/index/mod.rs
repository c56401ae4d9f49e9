//! The child index: why do you ask, whom do you mean, and who works with them.
//! One page: names are posted, never in an address.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::Error;
use casework::index::{Answer, CAPABILITY, FORM};
use packs::{Answers, Finding};
use vocabulary::plain;

use crate::app::{App, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Page};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/index"];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/index", get(ask).post(answer))
}

#[derive(Template)]
#[template(path = "index/index.html")]
struct IndexPage {
    frame: Frame,
    answer: Option<Answer>,
    fields: Html,
}

fn page(
    app: &App,
    signed: &Signed,
    answers: &Answers,
    findings: &[Finding],
    answer: Option<Answer>,
) -> WebResult<Page<IndexPage>> {
    let title = match &answer {
        None => "Who is this child?".to_owned(),
        Some(answer) => match answer.children.len() {
            0 => "No confident match".into(),
            1 if answer.sure => "One child fits clearly".into(),
            n => format!(
                "{} may be meant",
                plain::count(n as i64, "child", "children")
            ),
        },
    };
    Ok(Page(IndexPage {
        fields: Fields::new(app.casework.form(FORM)?, answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed.frame(title).with_errors(forms::errors(findings)),
        answer,
    }))
}

async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    may(&signed)?;
    Ok(page(&app, &signed, &Answers::new(), &[], None)?.into_response())
}

async fn answer(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    may(&signed)?;
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let answers = &posted.answers;
    match app.casework.who_is(&signed.viewer, answers).await {
        Ok(answer) => Ok(page(&app, &signed, answers, &[], Some(answer))?.into_response()),
        Err(Error::Findings(findings)) => {
            let page = page(&app, &signed, answers, &findings, None)?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

/// A role without the index has no such page.
fn may(signed: &Signed) -> WebResult<()> {
    match signed.viewer.can(CAPABILITY) {
        true => Ok(()),
        false => Err(Error::NotFound.into()),
    }
}

//! Second records of restricted people, for those who look after them.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access_control::ShieldedPair;
use casework::same::QueueRow;
use casework::{Error, Listed};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "access/shield.html")]
struct ShieldPage {
    frame: Frame,
    pairs: Listed<ShieldedPair>,
    typed: Option<(Id<ids::Part>, String)>,
    rows: Listed<QueueRow>,
    once: String,
}

impl ShieldPage {
    fn typed(&self, id: &Id<ids::Part>) -> &str {
        let typed = self.typed.as_ref().filter(|(of, _)| of == id);
        typed.map_or("", |(_, words)| words.as_str())
    }

    fn words(id: &Id<ids::Part>) -> String {
        format!("words-{id}")
    }

    fn words_error(&self, id: &Id<ids::Part>) -> &str {
        self.frame.error_at(&Self::words(id))
    }

    fn answer_error(&self, id: &Id<ids::Part>) -> &str {
        self.frame.error_at(&Self::answer(id))
    }

    fn answer(id: &Id<ids::Part>) -> String {
        format!("answer-{id}")
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    typed: Option<(Id<ids::Part>, String)>,
    errors: Vec<FieldError>,
) -> WebResult<Page<ShieldPage>> {
    let viewer = &signed.viewer;
    let pairs = app
        .casework
        .shielded_pairs(viewer, "second records")
        .await?;
    Ok(Page(ShieldPage {
        frame: signed
            .frame("Possible second records of restricted people")
            .with_back("Access reviews", "/access")
            .with_errors(errors),
        rows: app.casework.queue_rows(viewer, true).await?,
        once: once(),
        pairs,
        typed,
    }))
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    let page = page(&app, &signed, None, Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn settle(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let words = value(&pairs, &ShieldPage::words(&id));
    let answer = value(&pairs, &ShieldPage::answer(&id));
    let done = app
        .casework
        .settle_shielded(&signed.viewer, id, &answer, &words)
        .await;
    match done {
        Ok(()) => Ok(Notice::new("Your answer is recorded.").on(to("/access/shield"))),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = page(&app, &signed, Some((id, words)), errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

//! Freezing the chronology for court, and the frozen copy on screen and paper.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::story::court::{FORM, Frozen};
use casework::{Asked, Error, time};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "story/freeze.html")]
struct FreezePage {
    frame: Frame,
    top: ChildTop,
    name: String,
    fields: Html,
    once: String,
}

/// GET /people/{id}/chronology/freeze
pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    page(&app, &signed, id, &Answers::new(), &[]).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_write("chronology"))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    let fields = Fields::new(app.casework.form(FORM)?, answers, time::today())
        .findings(findings)
        .html()?;
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(FreezePage {
        frame: signed
            .frame("Freeze the chronology for court")
            .with_back("Back to the chronology", format!("/people/{id}/chronology"))
            .with_errors(forms::errors(findings)),
        top: ChildTop::new(app.casework.header(&person).await?, Part::Story),
        name: person.first_name(),
        fields,
        once: once(),
    })
    .with_status(status))
}

/// POST /people/{id}/chronology/freeze
pub(super) async fn freeze(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let frozen = app
        .casework
        .freeze_chronology(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match frozen {
        Ok(copy) => {
            let goes = to(&format!("/court-copies/{copy}"));
            Ok(Notice::new("The copy is frozen. It stays as it is.").on(goes))
        }
        Err(Error::Findings(findings)) => page(&app, &signed, id, &posted.answers, &findings).await,
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "story/frozen.html")]
struct FrozenPage {
    frame: Frame,
    name: String,
    born: String,
    copy: Frozen,
    council: String,
}

impl FrozenPage {
    fn counted(&self) -> String {
        vocabulary::plain::count(self.copy.lines.len() as i64, "event", "events")
    }
}

/// GET /court-copies/{id}
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Document>,
) -> WebResult {
    let copy = app.casework.court_copy(&signed.viewer, id).await?;
    let person = &copy.person;
    Ok(Page(FrozenPage {
        frame: signed
            .frame(format!("Chronology of {} for court", person.name()))
            .with_back(
                "Back to the chronology",
                format!("/people/{}/chronology", person.id),
            ),
        name: person.name(),
        born: person
            .birth_date()
            .map_or_else(|| "not known".to_owned(), |b| b.date_words()),
        council: app.casework.name().to_owned(),
        copy,
    })
    .into_response())
}

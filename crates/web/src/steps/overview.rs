//! The step's own page and the whole step as one document.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::model::StepState;
use casework::steps::{Document, Overview, Shown, TaskState, state_words};
use serde::Deserialize;
use vocabulary::{Id, ids};

use super::{about, top};
use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "steps/overview.html")]
struct OverviewPage {
    frame: Frame,
    top: ChildTop,
    about: String,
    state: &'static str,
    of: Overview,
    once: String,
    words: String,
}

impl OverviewPage {
    fn path(&self) -> String {
        self.of.seen.path()
    }

    fn sent_back(&self) -> bool {
        self.of.seen.step.state == StepState::SentBack
    }

    fn waits(&self) -> bool {
        self.of.seen.step.state == StepState::Submitted
    }

    fn may_authorise(&self) -> bool {
        self.of.authorises == Ok(true)
    }

    /// A manager sees why they may not decide, when that needs saying.
    fn why_not(&self) -> &str {
        self.of.authorises.as_ref().err().map_or("", String::as_str)
    }

    /// A manager may look on the way while it is written.
    fn looks_on_the_way(&self) -> bool {
        let running = |c: &casework::clocks::ClockView| c.done_at.is_none();
        let waiting = self.of.clocks.iter().filter(|c| running(c)).count() > 1;
        self.may_authorise() && self.of.seen.is_open() && waiting
    }

    fn go_on_title(&self) -> &str {
        let id = self.of.go_on.as_deref().unwrap_or_default();
        self.of.seen.form.section(id).map_or("", |s| &s.title)
    }

    fn colour(&self) -> &'static str {
        match self.of.seen.step.state {
            StepState::Open => "blue",
            StepState::Submitted => "purple",
            StepState::SentBack => "orange",
            StepState::Done => "green",
            StepState::Skipped => "grey",
        }
    }

    /// From here a strategy discussion can start: not from section 47
    /// enquiries, which had theirs.
    fn may_discuss(&self) -> bool {
        self.of.writes && self.of.seen.step.kind != "section-47"
    }

    fn stops(&self) -> usize {
        self.of.missing.iter().filter(|m| m.stops()).count()
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let page = page(&app, &signed, id).await?;
    // A strategy discussion and a conference have pages of their own.
    match crate::protection::own_page(&page.of.seen.step.kind, id) {
        Some(path) => Ok(to(&path)),
        None => Ok(Page(page).into_response()),
    }
}

async fn page(app: &App, signed: &Signed, id: Id<ids::Step>) -> WebResult<OverviewPage> {
    let of = app.casework.step_overview(&signed.viewer, id).await?;
    let title = format!("{}: {}", of.seen.def.title, of.seen.names());
    Ok(OverviewPage {
        frame: signed.frame(title),
        top: top(app, &of.seen.first).await?,
        about: about(&of.seen),
        state: state_words(of.seen.step.state),
        of,
        once: once(),
        words: String::new(),
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Looked {
    #[serde(default)]
    words: String,
    #[serde(default)]
    once: String,
}

/// A manager looked on the way.
pub(super) async fn checkpoint(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(looked): Form<Looked>,
) -> WebResult {
    let done = app
        .casework
        .checkpoint(&signed.viewer, id, &looked.words, &looked.once)
        .await;
    match done {
        Ok(()) => Ok(Notice::new("What you saw is on record.").on(to(&format!("/steps/{id}")))),
        Err(Error::Findings(findings)) => {
            let mut page = page(&app, &signed, id).await?;
            let errors = findings
                .iter()
                .map(|f| FieldError::new(&f.field, &f.message))
                .collect();
            page.frame = page.frame.with_errors(errors);
            page.words = looked.words;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "steps/read.html")]
struct ReadPage {
    frame: Frame,
    top: ChildTop,
    about: String,
    state: &'static str,
    doc: Document,
}

impl ReadPage {
    fn began(&self) -> String {
        vocabulary::plain::date(self.doc.seen.step.started_on)
    }
}

pub(super) async fn read(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult<Response> {
    let doc = app.casework.step_document(&signed.viewer, id).await?;
    let title = format!("{}: {}", doc.seen.def.title, doc.seen.names());
    Ok(Page(ReadPage {
        frame: signed
            .frame(title)
            .with_back("Back to the list of sections", doc.seen.path()),
        top: top(&app, &doc.seen.first).await?,
        about: about(&doc.seen),
        state: state_words(doc.seen.step.state),
        doc,
    })
    .into_response())
}

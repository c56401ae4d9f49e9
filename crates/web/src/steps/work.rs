//! Assessments, steps and decisions about a child, and one decision as it was
//! made.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::model::{PersonKind, StepState};
use casework::steps::{DecisionPage, Shown, WorkPage};
use vocabulary::{Id, ids};

use super::top;
use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "steps/work.html")]
struct Work {
    frame: Frame,
    top: ChildTop,
    of: WorkPage,
    /// The children ticked, after an error.
    ticked: Vec<String>,
    /// Whether something can be started here.
    writes: bool,
    once: String,
}

impl Work {
    fn is_ticked(&self, id: &Id<ids::Person>) -> bool {
        self.ticked.iter().any(|t| t == id.as_str())
    }

    fn colour(&self, state: &StepState) -> &'static str {
        match state {
            StepState::Open => "blue",
            StepState::Submitted => "purple",
            StepState::SentBack => "orange",
            StepState::Done => "green",
            StepState::Skipped => "grey",
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    page(&app, &signed, id, Vec::new(), Vec::new()).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    ticked: Vec<String>,
    errors: Vec<FieldError>,
) -> WebResult<Response> {
    let of = app.casework.work_page(&signed.viewer, id).await?;
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let title = format!("Assessments and decisions: {}", of.person.name());
    let page = Work {
        frame: signed.frame(title).with_errors(errors),
        top: top(app, &of.person).await?,
        writes: signed.viewer.can("case.record") && of.person.kind != PersonKind::Adult,
        of,
        ticked,
        once: once(),
    };
    Ok(Page(page).with_status(status))
}

pub(super) async fn start(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let all = |name: &str| -> Vec<String> {
        let found = pairs.iter().filter(|(n, _)| n == name);
        found.map(|(_, value)| value.clone()).collect()
    };
    let kind = all("kind").pop().unwrap_or_default();
    let token = all("once").pop().unwrap_or_default();
    let ticked = all("children");
    let children: Vec<Id<ids::Person>> = ticked.iter().filter_map(|t| t.parse().ok()).collect();
    let started = app
        .casework
        .start_step(&signed.viewer, id, &kind, &children, &token)
        .await;
    match started {
        Ok(step) => {
            Ok(Notice::new("Started. It saves as you write.").on(to(&format!("/steps/{step}"))))
        }
        Err(Error::Findings(findings)) => {
            let errors = findings
                .iter()
                .map(|f| FieldError::new(format!("{}-{kind}", f.field), &f.message))
                .collect();
            page(&app, &signed, id, ticked, errors).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "steps/decision.html")]
struct DecisionView {
    frame: Frame,
    top: ChildTop,
    /// The folded form of a letter about it (UX15).
    letter: String,
    name: String,
    of: DecisionPage,
}

pub(super) async fn decision(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Decision>,
) -> WebResult {
    let of = app.casework.decision_page(&signed.viewer, id).await?;
    let back = format!("/people/{}/work", of.person.id);
    Ok(Page(DecisionView {
        frame: signed
            .frame(format!("{}: {}", of.card.title, of.person.name()))
            .with_back("Back to assessments and decisions", back),
        top: top(&app, &of.person).await?,
        letter: crate::letters::fold(&app, &signed, &of).await?,
        name: of.person.first_name(),
        of,
    })
    .into_response())
}

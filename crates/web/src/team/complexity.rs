//! How heavy the work with one child is, set by a manager with a reason.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::allocation::SetComplexity;
use vocabulary::{Id, ids};

use super::value;
use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "team/complexity.html")]
struct ComplexityPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    now: Option<(i64, String)>,
    most: i64,
    once: String,
    points: String,
    reason: String,
}

impl ComplexityPage {
    fn range(&self) -> String {
        format!("A whole number from 0 to {}", self.most)
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    typed: &[(String, String)],
    errors: Vec<FieldError>,
) -> WebResult<Page<ComplexityPage>> {
    let (child, now) = app.casework.complexity(&signed.viewer, id).await?;
    let header = app.casework.header(&child).await?;
    Ok(Page(ComplexityPage {
        frame: signed
            .frame(format!("How heavy is the work with {}?", header.first_name))
            .with_errors(errors),
        name: header.first_name.clone(),
        top: ChildTop::new(header, Part::Other),
        id,
        now: now.map(|c| (c.points, c.reason)),
        most: app.casework.complexity_most(&signed.viewer),
        once: once(),
        points: value(typed, "points"),
        reason: value(typed, "reason"),
    }))
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let page = page(&app, &signed, id, &[], Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let wanted = SetComplexity {
        person: id,
        points: value(&pairs, "points"),
        reason: value(&pairs, "reason"),
        once: value(&pairs, "once"),
    };
    match app.casework.set_complexity(&signed.viewer, &wanted).await {
        Ok(()) => Ok(Notice::new("Points saved.").on(to("/team"))),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = page(&app, &signed, id, &pairs, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

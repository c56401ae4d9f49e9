//! Checking emergency looks, and restrictions whose review is near.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access_control::{EmergencyUse, LookRow, RestrictionRow};
use casework::{Error, Listed};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{FieldError, Frame, Notice, Page, to};

#[derive(Template)]
#[template(path = "access/reviews.html")]
struct ReviewsPage {
    frame: Frame,
    uses: Listed<EmergencyUse>,
    restrictions: Vec<(String, String, String)>,
    shield: bool,
    overrides: bool,
    workers: bool,
}

impl ReviewsPage {
    fn waiting(&self) -> Vec<&EmergencyUse> {
        self.uses.iter().filter(|u| u.reviewed.is_none()).collect()
    }

    fn checked(&self) -> Vec<&EmergencyUse> {
        self.uses.iter().filter(|u| u.reviewed.is_some()).collect()
    }
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    let viewer = &signed.viewer;
    let uses = app.casework.emergency_uses(viewer, "access").await?;
    let restrictions = app.casework.restrictions_to_review(viewer).await?;
    let words = |row: &RestrictionRow| {
        (
            row.reference(),
            app.casework.label("restriction-reason", &row.reason),
            row.due(viewer.today),
        )
    };
    Ok(Page(ReviewsPage {
        frame: signed.frame("Access reviews"),
        uses,
        restrictions: restrictions.iter().map(words).collect(),
        shield: viewer.principal.keeps_shields(),
        overrides: viewer.can("access.override"),
        workers: viewer.can("admin.workers"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "access/review.html")]
struct ReviewPage {
    frame: Frame,
    one: EmergencyUse,
    looks: Vec<LookRow>,
    words: String,
}

async fn page(
    app: &App,
    signed: &Signed,
    id: vocabulary::Id<ids::Grant>,
    words: String,
    errors: Vec<FieldError>,
) -> WebResult<Page<ReviewPage>> {
    let (one, looks) = app.casework.emergency_use(&signed.viewer, id).await?;
    Ok(Page(ReviewPage {
        frame: signed
            .frame(format!("Emergency look at record {}", one.reference))
            .with_back("Access reviews", "/access")
            .with_errors(errors),
        one,
        looks,
        words,
    }))
}

pub(super) async fn one(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Grant>,
) -> WebResult {
    let page = page(&app, &signed, id, String::new(), Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn close(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Grant>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let words = value(&pairs, "words");
    match app
        .casework
        .review_emergency(&signed.viewer, id, &words)
        .await
    {
        Ok(()) => Ok(Notice::new("The check is recorded.").on(to("/access"))),
        Err(Error::Findings(findings)) => {
            let page = page(&app, &signed, id, words, forms::errors(&findings)).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

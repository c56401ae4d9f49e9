//! Two looks at the front door itself: decisions rated again, and children
//! told of again and again.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::mash::{Agreement, Repeated, ToRate};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::plans::value;
use crate::ui::{FieldError, Frame, Notice, Page, to};

#[derive(Template)]
#[template(path = "mash/ratings.html")]
struct RatingsView {
    frame: Frame,
    rows: Vec<ToRate>,
    agreement: Agreement,
    levels: Vec<(String, String)>,
    typed: Option<Id<ids::Decision>>,
}

impl RatingsView {
    /// Whether this is the rating that was just refused.
    fn is_typed(&self, id: &Id<ids::Decision>) -> bool {
        self.typed.as_ref() == Some(id)
    }
}

#[derive(Template)]
#[template(path = "mash/repeated.html")]
struct RepeatedView {
    frame: Frame,
    standard: String,
    rows: Vec<Repeated>,
}

pub(super) async fn ratings(State(app): State<App>, signed: Signed) -> WebResult {
    page(&app, &signed, None, &[]).await
}

async fn page(
    app: &App,
    signed: &Signed,
    typed: Option<Id<ids::Decision>>,
    findings: &[Finding],
) -> WebResult {
    let rows = app.casework.to_rate(&signed.viewer).await?;
    let form = app.casework.rating_form()?;
    let level = form.field("level").and_then(|f| f.kind.options());
    let levels = level
        .map(|options| {
            let choices = options.on(signed.viewer.today);
            choices
                .map(|c| (c.value.clone(), c.label.clone()))
                .collect()
        })
        .unwrap_or_default();
    // The messages lead to the rating they are about.
    let number = rows
        .iter()
        .position(|row| Some(row.id) == typed)
        .unwrap_or(0)
        + 1;
    let errors = findings
        .iter()
        .map(|finding| {
            let id = if finding.field == "level" {
                "level"
            } else {
                "why"
            };
            FieldError::new(format!("{id}-{number}"), &finding.message)
        })
        .collect();
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(RatingsView {
        frame: signed.frame("Rate decisions again").with_errors(errors),
        agreement: app.casework.agreement(&signed.viewer).await?,
        rows,
        levels,
        typed,
    })
    .with_status(status))
}

pub(super) async fn rate(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Decision>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let form = app.casework.rating_form()?;
    let answers = Answers::from_pairs(&form, pairs.iter().map(|(k, v)| (k, v)));
    let done = app
        .casework
        .rate_again(&signed.viewer, id, &answers, value(&pairs, "once"))
        .await;
    match done {
        Ok(()) => Ok(Notice::new("Your rating is saved.").on(to("/ratings"))),
        Err(Error::Findings(found)) => page(&app, &signed, Some(id), &found).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn repeated(State(app): State<App>, signed: Signed) -> WebResult {
    let (standard, rows) = app.casework.repeated_contacts(&signed.viewer).await?;
    Ok(Page(RepeatedView {
        frame: signed.frame("Told of again and again"),
        standard,
        rows,
    })
    .into_response())
}

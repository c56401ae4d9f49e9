//! Looks that nothing in the work explains, for information governance.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access_control::UnusualRow;
use casework::{Error, Listed};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{FieldError, Frame, Notice, Page, to};

#[derive(Template)]
#[template(path = "access/unusual.html")]
struct UnusualPage {
    frame: Frame,
    rows: Listed<UnusualRow>,
    /// What was typed about one of them, and refused.
    typed: Option<Typed>,
}

/// Which look, what the check came to, and the words.
type Typed = (Id<ids::Part>, String, String);

impl UnusualPage {
    fn waiting(&self) -> Vec<&UnusualRow> {
        self.rows.iter().filter(|r| r.reviewed.is_none()).collect()
    }

    fn checked(&self) -> Vec<&UnusualRow> {
        self.rows.iter().filter(|r| r.reviewed.is_some()).collect()
    }

    fn typed(&self, id: &Id<ids::Part>) -> &str {
        let typed = self.typed.as_ref().filter(|(of, _, _)| of == id);
        typed.map_or("", |(_, _, words)| words.as_str())
    }

    fn chosen(&self, id: &Id<ids::Part>, word: &str) -> bool {
        let mut typed = self.typed.iter();
        typed.any(|(of, outcome, _)| of == id && outcome == word)
    }

    fn outcome_field(id: &Id<ids::Part>) -> String {
        format!("outcome-{id}")
    }

    fn outcome_error(&self, id: &Id<ids::Part>) -> &str {
        self.frame.error_at(&Self::outcome_field(id))
    }

    fn field(id: &Id<ids::Part>) -> String {
        format!("words-{id}")
    }

    fn error(&self, id: &Id<ids::Part>) -> &str {
        self.frame.error_at(&Self::field(id))
    }

    fn when(row: &UnusualRow) -> String {
        let looks = plain::count(row.looks, "look", "looks");
        format!("{looks}, the first {}", crate::ui::moment(&row.first_at))
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    typed: Option<Typed>,
    errors: Vec<FieldError>,
) -> WebResult<Page<UnusualPage>> {
    let rows = app.casework.unusual_looks(&signed.viewer).await?;
    Ok(Page(UnusualPage {
        frame: signed
            .frame("Unusual looks")
            .with_back("Access reviews", "/access")
            .with_errors(errors),
        rows,
        typed,
    }))
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    let page = page(&app, &signed, None, Vec::new()).await?;
    Ok(page.into_response())
}

/// Reads the journal on now, rather than within the hour.
pub(super) async fn read_on(State(app): State<App>, signed: Signed) -> WebResult<Response> {
    if !signed.viewer.can("access.review") {
        return Err(Error::NotFound.into());
    }
    app.casework.find_unusual_looks().await?;
    Ok(Notice::new("The journal is read up to now.").on(to("/access/unusual")))
}

pub(super) async fn close(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    let words = value(&pairs, &UnusualPage::field(&id));
    let outcome = value(&pairs, &UnusualPage::outcome_field(&id));
    match app
        .casework
        .review_unusual(&signed.viewer, id, &outcome, &words)
        .await
    {
        Ok(()) => Ok(Notice::new("The check is recorded.").on(to("/access/unusual"))),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = page(&app, &signed, Some((id, outcome, words)), errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

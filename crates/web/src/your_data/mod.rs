//! "Your data": what the rules of the census find in the records of the
//! worker's own children, each a click from where it is mended.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use casework::your_data::YourData;
use vocabulary::{ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{Frame, Notice, Page, to};

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &["/your-data", "/people/{person}/data"];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/your-data", get(show))
        .route("/people/{id}/data", post(again))
}

#[derive(Template)]
#[template(path = "your_data/your_data.html")]
struct DataPage {
    frame: Frame,
    data: YourData,
    checked: String,
}

async fn show(State(app): State<App>, signed: Signed) -> WebResult {
    let data = app.casework.your_data(&signed.viewer).await?;
    Ok(Page(DataPage {
        checked: data
            .checked_at
            .as_ref()
            .map_or_else(|| "not yet".to_owned(), crate::ui::moment),
        data,
        frame: signed.frame("Your data").with_back("My work", "/"),
    })
    .into_response())
}

/// Checks one child again, at once.
async fn again(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult<Response> {
    let left = app.casework.check_again(&signed.viewer, id).await?;
    let words = match left {
        0 => "Checked again: nothing needs mending in this child’s record.".to_owned(),
        n => format!(
            "Checked again: {} to look at in this child’s record.",
            plain::count(n as i64, "thing", "things")
        ),
    };
    Ok(Notice::new(&words).on(to("/your-data")))
}

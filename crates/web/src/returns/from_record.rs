//! Making a return from the record: choose which, see what the rules find in
//! it, take the file. Nothing is kept: the file is made when it is asked for.

use ::returns::core::report::Report;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use casework::returns::make::{Made, Maker};

use crate::app::{App, Signed, WebResult};
use crate::team::value;
use crate::ui::{FieldError, Frame, Page, once, to};

/// The census years that can be made, newest first: the year in which it ends,
/// and the words.
const YEARS: [(u16, &str); 1] = [(2026, "2025-26")];

#[derive(Template)]
#[template(path = "returns/from_record.html")]
struct RecordPage {
    frame: Frame,
}

impl RecordPage {
    fn error(&self) -> &str {
        self.frame.error_at("what")
    }

    fn years(&self) -> [(u16, &'static str); 1] {
        YEARS
    }
}

fn page(signed: &Signed) -> Frame {
    signed
        .frame("Make a return from the record")
        .with_back("Check a return", "/returns")
}

pub(super) async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    app.casework.may_make_returns(&signed.viewer)?;
    Ok(Page(RecordPage {
        frame: page(&signed),
    })
    .into_response())
}

pub(super) async fn make(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult<Response> {
    app.casework.may_make_returns(&signed.viewer)?;
    let (what, deed) = (value(&pairs, "what"), value(&pairs, "do"));
    let by = Maker::Viewer(&signed.viewer);
    let made = match what.as_str() {
        "annex-a" => {
            app.casework
                .make_annex_a(by, casework::time::today())
                .await?
        }
        year => match YEARS.iter().find(|(one, _)| one.to_string() == year) {
            Some((year, _)) => app.casework.make_cin(by, *year).await?,
            None => {
                let errors = vec![FieldError::new("what", "Choose which return to make")];
                let frame = page(&signed).with_errors(errors);
                return Ok(Page(RecordPage { frame }).with_status(StatusCode::UNPROCESSABLE_ENTITY));
            }
        },
    };
    match deed.as_str() {
        "take" => Ok(taken(made)),
        _ => found(&app, &signed, made.report).await,
    }
}

/// The file, to be taken away.
fn taken(made: Made) -> Response {
    let headers = [
        (CONTENT_TYPE, made.kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", made.file),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, made.bytes).into_response()
}

/// The findings, on the page that shows those of any return.
async fn found(app: &App, signed: &Signed, report: Report) -> WebResult<Response> {
    let number = once();
    let address = format!("/returns/{number}");
    app.kept.keep(number, &signed.viewer, report);
    Ok(to(&address))
}

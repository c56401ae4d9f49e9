//! The home page of each role, and the numbers without names.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use casework::access_control::EmergencyUse;
use casework::work::{CountRow, Home, few};
use vocabulary::plain;

use crate::app::{App, Signed, WebResult};
use crate::ui::{Frame, Page};

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &["/", "/counts", "/counts.csv"];

/// How many lines of a block are open; the others are one press away.
const OPEN: usize = 8;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/counts", get(counts))
        .route("/counts.csv", get(counts_file))
}

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage {
    frame: Frame,
    today: String,
    home: Home,
}

impl HomePage {
    /// The newest emergency look is open; what is late must stay on the first
    /// screen (UX01).
    fn notices(&self) -> (&[EmergencyUse], &[EmergencyUse]) {
        self.home.notices.split_at(self.home.notices.len().min(1))
    }

    /// The lines that are open, and those that are one press away.
    fn parts<'a, T>(&self, lines: &'a [T]) -> [&'a [T]; 2] {
        let (open, rest) = lines.split_at(lines.len().min(OPEN));
        [open, rest]
    }
}

async fn home(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(HomePage {
        home: app.casework.home(&signed.viewer).await?,
        today: plain::date_with_day(signed.viewer.today),
        frame: signed.frame("My work"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "home/counts.html")]
struct CountsPage {
    frame: Frame,
    today: String,
    rows: Vec<CountRow>,
}

async fn counts(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(CountsPage {
        rows: app.casework.counts(&signed.viewer).await?,
        today: plain::date(signed.viewer.today),
        frame: signed.frame("Children and families, in numbers"),
    })
    .into_response())
}

async fn counts_file(State(app): State<App>, signed: Signed) -> WebResult<Response> {
    let rows = app.casework.counts(&signed.viewer).await?;
    let mut file = String::from("team,work,children\r\n");
    for row in rows {
        let cells = [row.team, row.status, few(row.children)];
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        file.push_str(&quoted.join(","));
        file.push_str("\r\n");
    }
    let name = format!(
        "attachment; filename=\"counts-{}.csv\"",
        signed.viewer.today
    );
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

//! Checking a statutory return: choose or drop its files, see what to mend,
//! filter, take it away. A file is checked as it arrives and never kept; the
//! findings stay in memory for their owner until they are forgotten, half an
//! hour at most.

mod arriving;
mod from_record;
mod kept;
mod upload;

use ::returns::core::catalogue;
use ::returns::core::report::{ByRule, Report};
use ::returns::core::rule::Severity;
use ::returns::report::{Format, write};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

pub(crate) use kept::Kept;

use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{FieldError, Frame, Notice, Page, to};

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/returns",
    "/returns/record",
    "/returns/{number}",
    "/returns/{number}/file/{form}",
    "/returns/{number}/forget",
];

/// The largest file: ten times the largest census of England.
const MOST_BYTES: usize = 2 << 30;
/// The collection year that is offered first: 2025-26.
const YEAR: u16 = 2026;
/// How many findings of a rule are shown.
const SHOWN: usize = 50;

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/returns",
            get(ask)
                .post(upload::check)
                .layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route(
            "/returns/record",
            get(from_record::ask).post(from_record::make),
        )
        .route("/returns/{number}", get(show))
        .route("/returns/{number}/file/{form}", get(take))
        .route("/returns/{number}/forget", post(forget))
}

/// The page that asks for the files of a return.
#[derive(Template)]
#[template(path = "returns/ask.html")]
struct AskPage {
    frame: Frame,
    cin: Vec<Year>,
    ssda903: Vec<Year>,
}

impl AskPage {
    /// The page with what is wrong, and with the year that was chosen.
    fn new(signed: &Signed, errors: Vec<FieldError>, year: u16) -> AskPage {
        AskPage {
            frame: signed.frame("Check a return").with_errors(errors),
            cin: years("cin", year),
            ssda903: years("ssda903", year),
        }
    }
}

/// A year of collection as a choice.
struct Year {
    year: u16,
    words: String,
    chosen: bool,
}

/// The years whose rules there are, latest first.
fn years(name: &str, chosen: u16) -> Vec<Year> {
    let all = catalogue::years(name).into_iter().rev();
    all.map(|year| Year {
        year,
        words: format!("{}-{:02}", year.saturating_sub(1), year % 100),
        chosen: year == chosen,
    })
    .collect()
}

async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    app.casework.may_check_returns(&signed.viewer)?;
    Ok(Page(AskPage::new(&signed, Vec::new(), YEAR)).into_response())
}

/// How the findings are filtered.
#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    rule: String,
}

/// A rule with its findings as the page shows them.
struct Shown {
    code: String,
    kind: &'static str,
    message: String,
    explain: String,
    mend: String,
    count: String,
    whole: String,
    rows: Vec<(String, Vec<String>)>,
    more: usize,
}

#[derive(Template)]
#[template(path = "returns/findings.html")]
struct FindingsPage {
    frame: Frame,
    number: String,
    file: String,
    children: u64,
    errors: usize,
    queries: usize,
    incomplete: bool,
    problems: Vec<(String, String)>,
    not_run: Vec<(String, String)>,
    codes: Vec<String>,
    kind: String,
    rule: String,
    shown: Vec<Shown>,
}

fn shown(one: &ByRule<'_>) -> Shown {
    let rows = one.findings.iter().take(SHOWN).map(|finding| {
        let rows = finding.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| match cell.value.as_deref() {
                Some(value) => format!("{} is {value}", cell.field),
                None => format!("{} is missing", cell.field),
            });
            format!(
                "{} {}: {}",
                row.table,
                row.row,
                cells.collect::<Vec<_>>().join(", ")
            )
        });
        (finding.child.to_string(), rows.collect())
    });
    Shown {
        code: one.rule.code.clone(),
        kind: one.rule.kind.word(),
        message: one.rule.message.clone(),
        explain: one.rule.explain.clone(),
        mend: one.rule.mend.clone(),
        count: match one.findings.len() {
            0 => "the whole return".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings, {} children", one.children),
        },
        whole: one
            .whole
            .map(|whole| whole.because.clone())
            .unwrap_or_default(),
        rows: rows.collect(),
        more: one.findings.len().saturating_sub(SHOWN),
    }
}

fn findings_page(signed: &Signed, number: String, report: &Report, filter: Filter) -> FindingsPage {
    let all = report.by_rule();
    let wanted = |one: &&ByRule<'_>| {
        (filter.kind.is_empty() || filter.kind == one.rule.kind.word())
            && (filter.rule.is_empty() || filter.rule == one.rule.code)
    };
    FindingsPage {
        frame: signed
            .frame(format!("{} {}: findings", report.title, report.year))
            .with_back("Check a return", "/returns"),
        number,
        file: report.file.clone(),
        children: report.children,
        errors: report.count(Severity::Error),
        queries: report.count(Severity::Query),
        incomplete: report.incomplete(),
        problems: report
            .problems
            .iter()
            .take(SHOWN)
            .map(|problem| (problem.place.to_string(), problem.message.clone()))
            .collect(),
        not_run: report
            .not_run
            .iter()
            .take(SHOWN)
            .map(|one| (one.rule.to_owned(), one.cause.clone()))
            .collect(),
        codes: all.iter().map(|one| one.rule.code.clone()).collect(),
        shown: all.iter().filter(wanted).map(shown).collect(),
        kind: filter.kind,
        rule: filter.rule,
    }
}

async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(number): Path<String>,
    Query(filter): Query<Filter>,
) -> WebResult {
    app.casework.may_check_returns(&signed.viewer)?;
    let report = app
        .kept
        .get(&number, &signed.viewer)
        .ok_or(casework::Error::NotFound)?;
    let page = Page(findings_page(&signed, number, &report, filter));
    Ok(([(CACHE_CONTROL, "no-store")], page).into_response())
}

async fn take(
    State(app): State<App>,
    signed: Signed,
    Path((number, form)): Path<(String, String)>,
) -> WebResult {
    app.casework.may_check_returns(&signed.viewer)?;
    let report = app
        .kept
        .get(&number, &signed.viewer)
        .ok_or(casework::Error::NotFound)?;
    let (format, kind) = match form.as_str() {
        "findings.html" => (Format::Html, "text/html; charset=utf-8"),
        "findings.csv" => (Format::Csv, "text/csv; charset=utf-8"),
        "findings.jsonl" => (Format::Jsonl, "application/x-ndjson"),
        "findings.xlsx" => (
            Format::Xlsx,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        _ => return Err(WebError(casework::Error::NotFound)),
    };
    let broken = |error: String| WebError(casework::Error::Page(error));
    let bytes = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        write(&report, format, &mut bytes).map(|()| bytes)
    });
    let bytes = bytes.await.map_err(|error| broken(error.to_string()))?;
    let bytes = bytes.map_err(|error| broken(error.to_string()))?;
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{form}\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

async fn forget(
    State(app): State<App>,
    signed: Signed,
    Path(number): Path<String>,
) -> WebResult<Response> {
    app.casework.may_check_returns(&signed.viewer)?;
    app.kept.forget(&number, &signed.viewer);
    Ok(Notice::new("The findings were forgotten.").on(to("/returns")))
}

//! Missing: the live board with its form, one time missing, coming back, the
//! interview, patterns, and the exploitation panel.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::Error;
use casework::Listed;
use casework::missing::board::{MissingBoard, MissingRow, kind_words};
use casework::missing::panel::PanelRow;
use casework::missing::patterns::{Pattern, Patterns};
use casework::missing::{LogForm, MissingSeen};
use casework::{Asked, time};
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::ask_again;
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/missing",
    "/missing/patterns",
    "/missing/panel",
    "/missing/{missing}",
    "/missing/{missing}/back",
    "/missing/{missing}/interview",
    "/people/{person}/missing",
    "/people/{person}/panel",
    "/panel/{panel_case}",
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/missing", get(board).post(log))
        .route("/missing/patterns", get(patterns))
        .route("/missing/panel", get(panel))
        .route("/missing/{id}", get(one))
        .route("/missing/{id}/back", get(ask_back).post(back))
        .route(
            "/missing/{id}/interview",
            get(ask_interview).post(interview),
        )
        .route("/people/{id}/missing", get(ask_log).post(log_child))
        .route("/people/{id}/panel", get(ask_panel).post(refer))
        .route("/panel/{id}", get(ask_decision).post(decide))
}

#[derive(Template)]
#[template(path = "missing/board.html")]
struct BoardPage {
    frame: Frame,
    board: MissingBoard,
    fields: Html,
    asked: bool,
    once: String,
}

impl BoardPage {
    fn often(&self, row: &MissingRow) -> String {
        match row.often {
            ..=1 => String::new(),
            n => format!("{n} times in 90 days"),
        }
    }
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    let log = app.casework.missing_form(&signed.viewer, None).await?;
    show_board(&app, &signed, &log, &log.answers, None, &[]).await
}

async fn show_board(
    app: &App,
    signed: &Signed,
    log: &LogForm,
    answers: &Answers,
    posted: Option<&Posted>,
    findings: &[Finding],
) -> WebResult {
    let board = app.casework.missing_board(&signed.viewer).await?;
    let fields = fields(signed, log, answers, findings)?;
    let page = Page(BoardPage {
        frame: signed.frame("Missing").with_errors(forms::errors(findings)),
        board,
        fields,
        asked: !findings.is_empty(),
        once: token(posted),
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

fn fields(
    signed: &Signed,
    log: &LogForm,
    answers: &Answers,
    findings: &[Finding],
) -> Result<Html, askama::Error> {
    Fields::new(&log.form, answers, signed.viewer.today)
        .section("missing")
        .findings(findings)
        .html()
}

fn token(posted: Option<&Posted>) -> String {
    match posted.map(|p| p.once.as_str()) {
        None | Some("") => once(),
        Some(token) => token.to_owned(),
    }
}

/// Logs a child from the board; the child is on it at once.
async fn log(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    let form = app.casework.missing_form(&signed.viewer, None).await?;
    let posted = Posted::read(&form.form, &body);
    let findings = form.form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        return show_board(
            &app,
            &signed,
            &form,
            &posted.answers,
            Some(&posted),
            &findings,
        )
        .await;
    }
    let saved = app
        .casework
        .log_missing(&signed.viewer, None, &posted.answers, &posted.once)
        .await;
    match saved {
        Ok(done) => Ok(Notice::new(done.words).on(to(&done.to))),
        Err(Error::Findings(findings)) => {
            show_board(
                &app,
                &signed,
                &form,
                &posted.answers,
                Some(&posted),
                &findings,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "missing/log.html")]
struct LogPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    fields: Html,
    asked: bool,
    once: String,
}

async fn ask_log(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let log = app.casework.missing_form(&signed.viewer, Some(id)).await?;
    show_log(&app, &signed, id, &log, &log.answers, None, &[]).await
}

async fn show_log(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    log: &LogForm,
    answers: &Answers,
    posted: Option<&Posted>,
    findings: &[Finding],
) -> WebResult {
    let child = log.child.as_ref().ok_or(Error::NotFound)?;
    let name = child.first_name();
    let page = Page(LogPage {
        frame: signed
            .frame(format!("Log {name} as missing"))
            .with_back("Missing", "/missing")
            .with_errors(forms::errors(findings)),
        top: ChildTop::new(app.casework.header(child).await?, Part::Care),
        fields: fields(signed, log, answers, findings)?,
        asked: !findings.is_empty(),
        once: token(posted),
        id,
        name,
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

async fn log_child(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.missing_form(&signed.viewer, Some(id)).await?;
    let posted = Posted::read(&form.form, &body);
    let findings = form.form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        let answers = &posted.answers;
        return show_log(&app, &signed, id, &form, answers, Some(&posted), &findings).await;
    }
    let saved = app
        .casework
        .log_missing(&signed.viewer, Some(id), &posted.answers, &posted.once)
        .await;
    match saved {
        Ok(done) => Ok(Notice::new(done.words).on(to(&done.to))),
        Err(Error::Findings(findings)) => {
            let answers = &posted.answers;
            show_log(&app, &signed, id, &form, answers, Some(&posted), &findings).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "missing/one.html")]
struct OnePage {
    frame: Frame,
    top: ChildTop,
    seen: MissingSeen,
    pushes: String,
    pulls: String,
    name: String,
    once: String,
}

impl OnePage {
    fn kind(&self) -> &'static str {
        kind_words(&self.seen.missing.kind)
    }

    fn since(&self) -> String {
        plain::date_time(time::local(self.seen.missing.started_at))
    }

    fn until(&self) -> String {
        let at = self.seen.missing.ended_at;
        at.map_or_else(
            || "Not back yet".to_owned(),
            |at| plain::date_time(time::local(at)),
        )
    }

    fn or_none(&self, words: &Option<String>) -> String {
        words.clone().unwrap_or_default()
    }
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Missing>) -> WebResult {
    let seen = app
        .casework
        .missing_seen(&signed.viewer, id, Asked::to_read("missing"))
        .await?;
    let words = |set: &str, list: &serde_json::Value| {
        let list = list.as_array().into_iter().flatten();
        let words: Vec<String> = list
            .filter_map(|code| Some(app.casework.label(set, code.as_str()?)))
            .collect();
        plain::list(&words)
    };
    let name = seen.child.first_name();
    Ok(Page(OnePage {
        frame: signed
            .frame(format!("{name}: a time missing"))
            .with_back("Missing", "/missing"),
        top: ChildTop::new(app.casework.header(&seen.child).await?, Part::Care),
        pushes: words("missing-push", &seen.missing.pushes),
        pulls: words("missing-pull", &seen.missing.pulls),
        seen,
        name,
        once: once(),
    })
    .into_response())
}

async fn ask_back(State(app): State<App>, signed: Signed, At(id): At<ids::Missing>) -> WebResult {
    let asking = app.casework.ask_back(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn back(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Missing>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_back(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_back(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_interview(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Missing>,
) -> WebResult {
    let asking = app.casework.ask_interview(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn interview(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Missing>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_interview(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_interview(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "missing/patterns.html")]
struct PatternsPage {
    frame: Frame,
    patterns: Patterns,
}

impl PatternsPage {
    fn parts(&self) -> [(&'static str, &'static str, &Listed<Pattern>); 2] {
        [
            ("places", "Places", &self.patterns.places),
            ("people", "People", &self.patterns.people),
        ]
    }
}

async fn patterns(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(PatternsPage {
        patterns: app.casework.missing_patterns(&signed.viewer).await?,
        frame: signed
            .frame("Places and people")
            .with_back("Missing", "/missing"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "missing/panel.html")]
struct PanelPage {
    frame: Frame,
    rows: Listed<PanelRow>,
}

async fn panel(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(PanelPage {
        rows: app.casework.panel_list(&signed.viewer).await?,
        frame: signed
            .frame("Exploitation panel")
            .with_back("Missing", "/missing"),
    })
    .into_response())
}

async fn ask_panel(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_panel(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn refer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_panel(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_panel(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_decision(State(app): State<App>, signed: Signed, At(id): At<ids::Part>) -> WebResult {
    let asking = app.casework.ask_panel_decision(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn decide(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_panel_decision(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_panel_decision(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

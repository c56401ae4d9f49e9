//! Pages of a plan: what should be different, who does what by when, how it
//! turned out.

mod action;
mod asks;
mod child;
mod close;
mod edit;
pub(crate) mod packages;
mod page;
mod remind;

pub(crate) use edit::{ActionForm, action_form};

use axum::Router;
use axum::routing::{get, post};
use casework::Guarded;
use casework::model::Person;
use packs::{Finding, Severity};

use crate::app::{App, WebResult};
use crate::ui::{ChildTop, Part};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/people/{person}/plan",
    "/people/{person}/plan/new",
    "/plans/{plan}",
    "/plans/{plan}/goals/new",
    "/plans/{plan}/actions/new",
    "/plans/{plan}/close",
    "/actions/{action}",
    "/actions/{action}/state",
    "/actions/{action}/date",
    "/actions/{action}/link",
    "/actions/{action}/link/withdraw",
    "/plans/{plan}/asks/new",
    "/asks/{ask}",
    "/actions/{action}/remind",
    "/actions/{action}/reminded",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/plan", get(child::show))
        .route("/people/{id}/plan/new", get(child::new).post(child::start))
        .route("/plans/{id}", get(page::show))
        .route(
            "/plans/{id}/goals/new",
            get(edit::new_goal).post(edit::add_goal),
        )
        .route(
            "/plans/{id}/actions/new",
            get(edit::new_action).post(edit::add_action),
        )
        .route("/plans/{id}/asks/new", get(asks::ask).post(asks::add))
        .route("/asks/{id}", get(asks::ask_answer).post(asks::answer))
        .route("/plans/{id}/close", get(close::new).post(close::send))
        .route("/actions/{id}", get(action::show))
        .route("/actions/{id}/state", post(action::set_state))
        .route("/actions/{id}/date", post(action::set_date))
        .route(
            "/actions/{id}/link",
            get(action::ask_whom).post(action::make_link),
        )
        .route("/actions/{id}/link/withdraw", post(action::withdraw))
        .route("/actions/{id}/remind", get(remind::ask).post(remind::make))
        .route("/actions/{id}/reminded", post(remind::told))
}

/// The top of a page about a plan.
pub(crate) async fn top(app: &App, child: &Guarded<Person>) -> WebResult<ChildTop> {
    Ok(ChildTop::new(app.casework.header(child).await?, Part::Plan))
}

/// The value of a posted field; empty if it is not there.
pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value.as_str())
}

/// All values of a posted field.
pub(crate) fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .collect()
}

/// Whether the form must be shown again: something stops, or a reason is asked
/// for the first time. Asked once and left empty, the work goes on.
pub(crate) fn ask_again(findings: &[Finding], pairs: &[(String, String)]) -> bool {
    let stops = findings.iter().any(|f| f.severity == Severity::Stop);
    stops || (!findings.is_empty() && value(pairs, ASKED).is_empty())
}

/// The hidden field that says reasons were asked for once.
pub(crate) const ASKED: &str = "asked_why";

//! The team's page, allocation with its picker, handing over, and complexity.

mod allocate;
mod complexity;
mod handover;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casework::allocation::TeamPage;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{Frame, Page};

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/team",
    "/team/{team}",
    "/allocate/{family}",
    "/allocate/{family}/transfer",
    "/allocate/{family}/handover",
    "/people/{person}/complexity",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/team", get(mine))
        .route("/team/{id}", get(one))
        .route("/allocate/{id}", get(allocate::ask).post(allocate::save))
        .route("/allocate/{id}/transfer", post(allocate::transfer))
        .route(
            "/allocate/{id}/handover",
            get(handover::show).post(handover::finish),
        )
        .route(
            "/people/{id}/complexity",
            get(complexity::ask).post(complexity::save),
        )
}

#[derive(Template)]
#[template(path = "team/teams.html")]
struct TeamsPage {
    frame: Frame,
    teams: Vec<(Id<ids::Team>, String)>,
}

#[derive(Template)]
#[template(path = "team/team.html")]
struct TeamView {
    frame: Frame,
    team: TeamPage,
}

impl TeamView {
    /// Children against the limit, for the bar: the words beside it say it.
    fn share(&self, points: &f64, limit: &Option<f64>) -> u32 {
        let limit = limit.unwrap_or(100.0).max(1.0);
        (points / limit * 100.0).round().clamp(0.0, 100.0) as u32
    }
}

/// A manager's own team; a list for whoever has several or oversees them all.
async fn mine(State(app): State<App>, signed: Signed) -> WebResult {
    let viewer = &signed.viewer;
    if !viewer.can("case.allocate") {
        return Err(casework::Error::NotFound.into());
    }
    let own = &viewer.principal.teams_supervised;
    if let ([only], false) = (own.as_slice(), viewer.can("case.oversee")) {
        let team = app.casework.team_page(viewer, *only).await?;
        return Ok(page(&signed, team));
    }
    let teams = app.casework.teams().await?;
    let all = viewer.can("case.oversee");
    Ok(Page(TeamsPage {
        teams: teams
            .into_iter()
            .filter(|t| all || own.contains(&t.id))
            .map(|t| (t.id, t.name))
            .collect(),
        frame: signed.frame("Teams"),
    })
    .into_response())
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Team>) -> WebResult {
    let team = app.casework.team_page(&signed.viewer, id).await?;
    Ok(page(&signed, team))
}

fn page(signed: &Signed, team: TeamPage) -> axum::response::Response {
    Page(TeamView {
        frame: signed.frame(match team.team.name.to_lowercase().ends_with("team") {
            true => team.team.name.clone(),
            false => format!("{} team", team.team.name),
        }),
        team,
    })
    .into_response()
}

/// The value of a posted field, as typed.
pub(crate) fn value(pairs: &[(String, String)], name: &str) -> String {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// All values of a posted field.
pub(crate) fn values<T: std::str::FromStr>(pairs: &[(String, String)], name: &str) -> Vec<T> {
    let found = pairs.iter().filter(|(key, _)| key == name);
    found.filter_map(|(_, value)| value.parse().ok()).collect()
}

/// A day from three boxes, or from one that holds it whole.
pub(crate) fn day(pairs: &[(String, String)], name: &str) -> Option<chrono::NaiveDate> {
    let part = |p: &str| value(pairs, &format!("{name}.{p}"));
    plain::read_date_parts(&part("day"), &part("month"), &part("year"))
        .or_else(|| plain::read_date(&part("day")))
        .or_else(|| plain::read_date(&value(pairs, name)))
}

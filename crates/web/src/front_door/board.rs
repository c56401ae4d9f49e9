//! The board: what waits at the front door, and who still has to hear from us.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use casework::Listed;
use casework::front_door::Route;
use casework::front_door::board::{Board, Filter, Today};
use casework::front_door::telling::ToTell;
use casework::model::Team;
use casework::time;
use serde::Deserialize;
use vocabulary::plain;

use crate::app::{App, Signed, WebResult};
use crate::ui::{Frame, Page};

#[derive(Template)]
#[template(path = "front_door/board.html")]
struct BoardPage {
    frame: Frame,
    board: Board,
    to_tell: Listed<ToTell>,
    passed: Listed<ToTell>,
    asked: Asked,
    teams: Vec<Team>,
    filtered: bool,
    at_risk: usize,
    families: Option<i64>,
    told: Option<i64>,
    can_take: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    route: String,
    #[serde(default)]
    team: String,
}

impl BoardPage {
    fn routes(&self) -> [(&'static str, &'static str); 6] {
        Route::ALL.map(|route| (route.code(), route.label()))
    }

    fn at(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        let at = time::local(*at);
        if at.date() == time::today() {
            return plain::time(at.time());
        }
        format!(
            "{} {}",
            plain::short_date(at.date()),
            plain::time(at.time())
        )
    }
}

/// What waits, first things first.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> WebResult {
    let filter = Filter {
        mine: asked.who == "mine",
        unassigned: asked.who == "nobody",
        route: Route::from_code(&asked.route).map(|route| route.code().to_owned()),
        team: asked.team.parse().ok(),
        urgent: false,
    };
    let viewer = &signed.viewer;
    let board = app.casework.board(viewer, &filter).await?;
    let today = board.today;
    Ok(Page(BoardPage {
        frame: signed.frame("Front door"),
        at_risk: board.waiting.iter().filter(|w| w.priority == 1).count(),
        to_tell: app.casework.people_to_tell(viewer).await?,
        passed: app.casework.passed_not_acknowledged(viewer).await?,
        teams: app.casework.teams_at_the_door().await?,
        filtered: filter != Filter::default(),
        families: Today::share(today.from_families, today.in_28_days),
        told: Today::share(today.told_in_time, today.to_tell),
        can_take: viewer.can("contact.take"),
        asked,
        board,
    })
    .into_response())
}

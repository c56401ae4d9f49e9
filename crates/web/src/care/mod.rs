//! Children in care: the board, one child's page, and a page for each form.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::care::CareForm;
use casework::care::board::{CareBoard, ON_PAGE, Which};
use casework::care::view::ChildCare;
use serde::Deserialize;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/in-care",
    "/in-care?show=mine",
    "/in-care?show=outside",
    "/in-care?show=not-told",
    "/in-care?show=alone",
    "/in-care?show=leave",
    "/in-care?show=visits",
    "/in-care?show=reviews",
    "/in-care?show=permanence",
    "/in-care?show=unregistered",
    "/people/{person}/care",
    "/people/{person}/care/start",
    "/people/{person}/care/move",
    "/people/{person}/care/legal",
    "/people/{person}/care/plan",
    "/people/{person}/care/living-here",
    "/people/{person}/care/told",
    "/people/{person}/care/review",
    "/people/{person}/care/health",
    "/people/{person}/care/education",
    "/people/{person}/care/important",
    "/people/{person}/care/alone",
    "/people/{person}/care/officer",
    "/people/{person}/care/adoption",
    "/people/{person}/care/end",
    "/people/{person}/care/locked",
    "/episodes/{episode}/correct",
];

pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/in-care", get(board))
        .route("/people/{id}/care", get(child))
        .route("/episodes/{id}/correct", get(ask_correct).post(correct));
    CareForm::ALL.into_iter().fold(router, |router, what| {
        let ask =
            move |app: State<App>, signed: Signed, id: At<ids::Person>| ask(app, signed, id, what);
        let save = move |app: State<App>, signed: Signed, id: At<ids::Person>, body: Bytes| {
            save(app, signed, id, what, body)
        };
        let path = format!("/people/{{id}}/care/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

/// Which part of a list, in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub show: String,
    #[serde(default)]
    pub page: String,
}

impl Asked {
    /// The page's number, from 1.
    pub fn number(&self) -> i64 {
        self.page.parse().ok().filter(|n| *n > 0).unwrap_or(1)
    }
}

#[derive(Template)]
#[template(path = "care/board.html")]
struct BoardPage {
    frame: Frame,
    board: CareBoard,
    asked: Asked,
    title: &'static str,
    chosen: Which,
}

impl BoardPage {
    fn choices(&self) -> [(Which, &'static str, &'static str); 10] {
        Which::ALL
    }

    fn pages(&self) -> i64 {
        (self.board.of + ON_PAGE - 1) / ON_PAGE
    }

    fn next(&self) -> Option<i64> {
        let next = self.asked.number() + 1;
        (next <= self.pages()).then_some(next)
    }

    fn before(&self) -> Option<i64> {
        let before = self.asked.number() - 1;
        (before >= 1).then_some(before)
    }
}

async fn board(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> WebResult {
    let chosen = Which::of(&asked.show);
    let board = app
        .casework
        .care_board(&signed.viewer, chosen, asked.number())
        .await?;
    let found = Which::ALL.iter().find(|(which, _, _)| *which == chosen);
    let title = match chosen {
        Which::All => "In care",
        _ => found.map_or("In care", |(_, _, label)| *label),
    };
    let pages = (board.of + ON_PAGE - 1) / ON_PAGE;
    let heading = match pages {
        ..=1 => title.to_owned(),
        pages => format!("{title} (page {} of {pages})", asked.number()),
    };
    Ok(Page(BoardPage {
        frame: signed.frame(heading),
        board,
        asked,
        title,
        chosen,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "care/child.html")]
struct ChildPage {
    frame: Frame,
    top: ChildTop,
    care: ChildCare,
    id: Id<ids::Person>,
    name: String,
    case: Option<Id<ids::CourtCase>>,
    writes: bool,
}

async fn child(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let care = app.casework.child_care(&signed.viewer, id).await?;
    let name = care.child.first_name();
    Ok(Page(ChildPage {
        frame: signed.frame(format!("{name}: home and care")),
        top: ChildTop::new(app.casework.header(&care.child).await?, Part::Care),
        case: app.casework.case_of(id).await?,
        writes: signed.viewer.can("case.record"),
        care,
        id,
        name,
    })
    .into_response())
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    what: CareForm,
) -> WebResult {
    let asking = app.casework.ask_care(&signed.viewer, id, what).await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    what: CareForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_care(viewer, id, what).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_care(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_correct(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Episode>,
) -> WebResult {
    let asking = app.casework.ask_correct(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn correct(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Episode>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_correct(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_correct(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

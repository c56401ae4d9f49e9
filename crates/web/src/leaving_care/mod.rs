//! Leaving care: the board, one young person's page, and a page for each form.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::leaving_care::LeaverForm;
use casework::leaving_care::board::{LeaverBoard, LeaverRow, ON_PAGE, Which};
use casework::leaving_care::view::LeaverPage;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::care::Asked;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/leaving-care",
    "/leaving-care?show=mine",
    "/leaving-care?show=not-in-touch",
    "/leaving-care?show=home",
    "/leaving-care?show=activity",
    "/leaving-care?show=late",
    "/leaving-care?show=offer",
    "/people/{person}/leaving-care",
    "/people/{person}/leaving-care/start",
    "/people/{person}/leaving-care/needs",
    "/people/{person}/leaving-care/plan",
    "/people/{person}/leaving-care/in-touch",
    "/people/{person}/leaving-care/home",
    "/people/{person}/leaving-care/offer",
];

pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/leaving-care", get(board))
        .route("/people/{id}/leaving-care", get(person));
    LeaverForm::ALL.into_iter().fold(router, |router, what| {
        let ask =
            move |app: State<App>, signed: Signed, id: At<ids::Person>| ask(app, signed, id, what);
        let save = move |app: State<App>, signed: Signed, id: At<ids::Person>, body: Bytes| {
            save(app, signed, id, what, body)
        };
        let path = format!("/people/{{id}}/leaving-care/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

#[derive(Template)]
#[template(path = "leaving_care/board.html")]
struct BoardPage {
    frame: Frame,
    board: LeaverBoard,
    asked: Asked,
    chosen: Which,
}

impl BoardPage {
    fn choices(&self) -> [(Which, &'static str, &'static str); 7] {
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

    fn offer(&self, row: &LeaverRow) -> String {
        match row.offer_waits {
            0 => "All offered".into(),
            n => format!("{n} not offered"),
        }
    }
}

async fn board(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> WebResult {
    let chosen = Which::of(&asked.show);
    let board = app
        .casework
        .leaver_board(&signed.viewer, chosen, asked.number())
        .await?;
    let pages = (board.of + ON_PAGE - 1) / ON_PAGE;
    let heading = match pages {
        ..=1 => "Leaving care".to_owned(),
        pages => format!("Leaving care (page {} of {pages})", asked.number()),
    };
    Ok(Page(BoardPage {
        frame: signed.frame(heading),
        board,
        asked,
        chosen,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "leaving_care/person.html")]
struct PersonPage {
    frame: Frame,
    top: ChildTop,
    page: LeaverPage,
    id: Id<ids::Person>,
    name: String,
}

async fn person(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let page = app.casework.leaver_page(&signed.viewer, id).await?;
    let name = page.child.first_name();
    Ok(Page(PersonPage {
        frame: signed.frame(format!("{name}: leaving care")),
        top: ChildTop::new(app.casework.header(&page.child).await?, Part::Care),
        page,
        id,
        name,
    })
    .into_response())
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    what: LeaverForm,
) -> WebResult {
    let asking = app.casework.ask_leaving(&signed.viewer, id, what).await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    what: LeaverForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_leaving(viewer, id, what).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_leaving(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

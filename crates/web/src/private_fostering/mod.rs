//! Private fostering: the board, the notice from a child's page, one
//! arrangement, and a page for each form about it.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::private_fostering::ArrangementForm;
use casework::private_fostering::board::ArrangementBoard;
use casework::private_fostering::view::ArrangementPage;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/private-fostering",
    "/private-fostering/{arrangement}",
    "/private-fostering/{arrangement}/visit",
    "/private-fostering/{arrangement}/decision",
    "/private-fostering/{arrangement}/end",
    "/people/{person}/private-fostering",
];

pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/private-fostering", get(board))
        .route("/private-fostering/{id}", get(one))
        .route(
            "/people/{id}/private-fostering",
            get(ask_notice).post(notice),
        );
    ArrangementForm::ALL
        .into_iter()
        .fold(router, |router, what| {
            let ask = move |app: State<App>, signed: Signed, id: At<ids::Arrangement>| {
                ask(app, signed, id, what)
            };
            let save =
                move |app: State<App>, signed: Signed, id: At<ids::Arrangement>, body: Bytes| {
                    save(app, signed, id, what, body)
                };
            let path = format!("/private-fostering/{{id}}/{}", what.word());
            router.route(&path, get(ask).post(save))
        })
}

#[derive(Template)]
#[template(path = "private_fostering/board.html")]
struct BoardPage {
    frame: Frame,
    board: ArrangementBoard,
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.private_fostering_board(&signed.viewer).await?,
        frame: signed.frame("Private fostering"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "private_fostering/one.html")]
struct OnePage {
    frame: Frame,
    top: ChildTop,
    page: ArrangementPage,
    id: Id<ids::Arrangement>,
    name: String,
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Arrangement>) -> WebResult {
    let page = app.casework.arrangement_page(&signed.viewer, id).await?;
    let name = page.seen.child.first_name();
    Ok(Page(OnePage {
        frame: signed
            .frame(format!("{name}: private fostering"))
            .with_back("Private fostering", "/private-fostering"),
        top: ChildTop::new(app.casework.header(&page.seen.child).await?, Part::Care),
        page,
        id,
        name,
    })
    .into_response())
}

async fn ask_notice(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app
        .casework
        .ask_private_fostering(&signed.viewer, id)
        .await?;
    asking::show(&app, &signed, asking).await
}

async fn notice(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_private_fostering(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_private_fostering(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Arrangement>,
    what: ArrangementForm,
) -> WebResult {
    let (asking, _) = app
        .casework
        .ask_arrangement(&signed.viewer, id, what)
        .await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Arrangement>,
    what: ArrangementForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (asking, _) = casework.ask_arrangement(viewer, id, what).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_arrangement(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

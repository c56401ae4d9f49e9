//! The editor's home: what needs somebody now.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use casework::services::Board;

use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{Frame, Notice, Page, to};

#[derive(Template)]
#[template(path = "upkeep/board.html")]
struct BoardPage {
    frame: Frame,
    board: Board,
}

pub(super) async fn page(State(app): State<App>, signed: Signed) -> WebResult {
    let board = app.casework.directory_board(&signed.viewer).await?;
    Ok(Page(BoardPage {
        frame: signed.frame("Services directory"),
        board,
    })
    .into_response())
}

pub(super) async fn again(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Mail>,
) -> WebResult {
    let done = app.casework.send_mail_again(&signed.viewer, id).await?;
    Ok(Notice::new(done.words).on(to(&done.to)))
}

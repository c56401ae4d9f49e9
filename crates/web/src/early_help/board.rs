//! The early help board.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use casework::early_help::board::{HelpBoard, HelpRow, Next};

use crate::app::{App, Signed, WebResult};
use crate::ui::{Frame, Page};

#[derive(Template)]
#[template(path = "early_help/board.html")]
struct BoardPage {
    frame: Frame,
    board: HelpBoard,
}

impl BoardPage {
    /// The groups that have somebody in them.
    fn groups(&self) -> Vec<(Next, Vec<&HelpRow>)> {
        Next::ALL
            .into_iter()
            .map(|next| (next, self.board.of(next)))
            .filter(|(_, rows)| !rows.is_empty())
            .collect()
    }
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.early_help_board(&signed.viewer).await?,
        frame: signed.frame("Early help"),
    })
    .into_response())
}

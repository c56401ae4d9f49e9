//! Takes a file as it arrives and checks it on the way: pieces go from the
//! network to the checking thread, so that the file is never whole in memory
//! or on disk.

use std::io::{self, Read};

use ::returns::cin::{Options, check as check_cin};
use ::returns::core::report::Report;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart};
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::mpsc::{Receiver, channel};

use super::{AskPage, ask_page};
use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{FieldError, Page, once, to};

/// The census year whose rules are checked: 2025-26.
const YEAR: u16 = 2026;

/// The pieces of a file as a reader.
struct Arriving {
    pieces: Receiver<Result<Bytes, String>>,
    piece: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
        let count = self.piece.len().min(to.len());
        to[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}

/// Checks a file while it arrives.
async fn checked(mut field: Field<'_>) -> Result<Report, String> {
    let name = field.file_name().unwrap_or("the file").to_owned();
    let (send, pieces) = channel(8);
    let checking = tokio::task::spawn_blocking(move || {
        let arriving = Arriving {
            pieces,
            piece: Bytes::new(),
        };
        check_cin(&name, arriving, Options { year: YEAR }, &|_| {})
    });
    loop {
        let (piece, ended) = match field.chunk().await {
            Ok(Some(piece)) => (Ok(piece), false),
            Ok(None) => break,
            Err(error) => (Err(format!("the file did not arrive whole: {error}")), true),
        };
        // The checking thread may have seen enough of a file that is no census.
        if send.send(piece).await.is_err() || ended {
            break;
        }
    }
    drop(send);
    checking.await.map_err(|error| error.to_string())?
}

/// Checks the file of the form, notes it, and shows its findings.
pub(super) async fn check(
    State(app): State<App>,
    signed: Signed,
    mut form: Multipart,
) -> WebResult<Response> {
    app.casework.may_check_returns(&signed.viewer)?;
    let again = |message: &str| {
        let errors = vec![FieldError::new("file", message)];
        let frame = ask_page(&signed).with_errors(errors);
        Ok(Page(AskPage { frame }).with_status(StatusCode::UNPROCESSABLE_ENTITY))
    };
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return again("Choose the census file"),
            Err(error) => return again(&format!("The file could not be read: {error}")),
        };
        let given = field.file_name().is_some_and(|name| !name.is_empty());
        if field.name() != Some("file") || !given {
            continue;
        }
        let report = checked(field).await;
        let report = report.map_err(|error| WebError(casework::Error::Page(error)))?;
        let number = once();
        let findings = report.findings.len() + report.whole.len();
        app.casework
            .note_return_checked(
                &signed.viewer,
                &number,
                &report.title,
                report.children,
                findings,
            )
            .await?;
        let address = format!("/returns/{number}");
        app.kept.keep(number, &signed.viewer, report);
        return Ok(to(&address));
    }
}

//! `/open-referral`: the eleven endpoints of Open Referral UK 3.0, open to all
//! and to every origin. The engine answers; here it is written down.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use directory::api::{Answer, answer};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::{App, WebResult};

/// Bytes gathered before they are sent: one write for many short lines.
const PIECE: usize = 64 << 10;

type Pairs = Query<Vec<(String, String)>>;

pub(super) async fn root(app: State<App>, headers: HeaderMap, query: Pairs) -> WebResult {
    reply(&app, &headers, String::new(), query.0).await
}

pub(super) async fn below(
    app: State<App>,
    headers: HeaderMap,
    Path(path): Path<String>,
    query: Pairs,
) -> WebResult {
    reply(&app, &headers, path, query.0).await
}

/// The public address of the feed, from the address that was asked.
fn base(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST);
    let host = host.and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let scheme = if app.secure { "https" } else { "http" };
    format!("{scheme}://{host}/open-referral")
}

async fn reply(
    app: &App,
    headers: &HeaderMap,
    path: String,
    query: Vec<(String, String)>,
) -> WebResult {
    let catalogue = app.casework.catalogue().await?;
    let postcodes = app.casework.postcodes();
    let base = base(app, headers);
    let (first, answered) = tokio::sync::oneshot::channel();
    let (lines, mut sent) = mpsc::channel::<Bytes>(4);
    // Away from the threads that serve pages: a whole feed takes a while.
    tokio::task::spawn_blocking(move || {
        match answer(&catalogue, &postcodes, &base, &path, &query) {
            Answer::Json(value) => tell(first, Some((StatusCode::OK, value))),
            Answer::NotFound => tell(first, Some((StatusCode::NOT_FOUND, nothing()))),
            Answer::Bad(bad) => tell(first, Some((StatusCode::BAD_REQUEST, json!(bad)))),
            Answer::Lines(items) => {
                tell(first, None);
                send_lines(items, &lines);
            }
        }
    });
    let mut response = match answered.await {
        Ok(Some((status, value))) => (status, axum::Json(value)).into_response(),
        Ok(None) => {
            let stream = futures_util::stream::poll_fn(move |context| {
                sent.poll_recv(context)
                    .map(|piece| piece.map(Ok::<Bytes, Infallible>))
            });
            let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
            (kind, Body::from_stream(stream)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    open_to_all(&mut response);
    Ok(response)
}

type First = tokio::sync::oneshot::Sender<Option<(StatusCode, Value)>>;

fn tell(first: First, what: Option<(StatusCode, Value)>) {
    if first.send(what).is_err() {
        tracing::debug!("whoever asked for the feed is gone");
    }
}

fn nothing() -> Value {
    json!({ "message": "Nothing has that address." })
}

fn send_lines(items: impl Iterator<Item = Value>, lines: &mpsc::Sender<Bytes>) {
    let mut piece = Vec::with_capacity(PIECE + 4096);
    for item in items {
        piece.extend_from_slice(item.to_string().as_bytes());
        piece.push(b'\n');
        if piece.len() >= PIECE
            && lines
                .blocking_send(std::mem::take(&mut piece).into())
                .is_err()
        {
            // Whoever read has gone away: nobody waits for the rest.
            return;
        }
    }
    if lines.blocking_send(piece.into()).is_err() {
        tracing::debug!("whoever read the feed is gone");
    }
}

/// Any page of any origin may read what is public anyway.
fn open_to_all(response: &mut Response) {
    const HEADERS: [(&str, &str); 3] = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, OPTIONS"),
        ("cache-control", "public, max-age=60"),
    ];
    for (name, value) in HEADERS {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
}

//! The pages for when something is not there, not allowed, or broken.
//!
//! "Not there" and "not for you" are one page, the same bytes for everybody,
//! so that nobody learns from the difference that a record exists.

use std::fmt::Display;
use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::Frame;

#[derive(Template)]
#[template(path = "ui/error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    lines: &'a [&'a str],
    reference: &'a str,
}

/// Nothing here, or nothing for you: 404, always the same bytes.
pub fn not_found() -> Response {
    static BODY: LazyLock<String> = LazyLock::new(|| {
        html(
            "Page not found",
            &[
                "Check the address, or search for the person by name.",
                "If the record is there but restricted, or you do not work with this child, you will also see this page. Ask your manager if you need it for your work.",
            ],
            "",
        )
    });
    (StatusCode::NOT_FOUND, Html(BODY.as_str())).into_response()
}

/// The fallback for addresses that no area knows, with the same page.
pub(super) async fn absent() -> Response {
    not_found()
}

/// Something broke on our side: 500 with a reference to quote. The cause goes
/// to the log beside the reference, never to the page.
pub fn broken(cause: &dyn Display) -> Response {
    let reference = hex::encode(rand::random::<[u8; 4]>()).to_uppercase();
    tracing::error!(%reference, %cause, "a page could not be made");
    let lines = [
        "Nothing you saved before is lost. Go back, and try again.",
        "If it happens again, tell your helpdesk this reference:",
    ];
    let page = html("Sorry, something went wrong", &lines, &reference);
    (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
}

/// A form that could not be read at all (400): says so in plain words.
pub fn unreadable(what: &str) -> Response {
    let page = html(
        "We could not read what was sent",
        &[what, "Go back, and try again."],
        "",
    );
    (StatusCode::BAD_REQUEST, Html(page)).into_response()
}

/// One of the few hard gates of law or safety (403): says which, and why.
pub fn refused(why: &str) -> Response {
    let page = html("This cannot be done", &[why], "");
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

/// Someone else saved first, and the page could not show both (409).
pub fn stale() -> Response {
    let lines = [
        "Someone else changed this while you were working on it. Nothing of theirs was overwritten.",
        "Go back to copy what you typed, then open the page again.",
    ];
    let page = html("Someone else saved first", &lines, "");
    (StatusCode::CONFLICT, Html(page)).into_response()
}

/// Too many tries in a short time (429).
pub fn too_many() -> Response {
    let lines = [
        "There were too many tries in a short time.",
        "Wait a minute, then try again.",
    ];
    (
        StatusCode::TOO_MANY_REQUESTS,
        Html(html("Please wait a minute", &lines, "")),
    )
        .into_response()
}

/// A change that another site asked for (403).
pub(super) fn other_site() -> Response {
    let lines = [
        "The form came from another website, so nothing was changed. This protects you from sites that act in your name.",
        "If you did this yourself, open the page here again and send it from there.",
    ];
    let page = html("This was not sent from our own page", &lines, "");
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

fn html(title: &str, lines: &[&str], reference: &str) -> String {
    let page = ErrorPage {
        frame: Frame::public("Throughline", title),
        lines,
        reference,
    };
    page.render().unwrap_or_else(|problem| {
        tracing::error!(%problem, "the error page itself could not be made");
        format!("<!DOCTYPE html><html lang=\"en\"><title>{title}</title><h1>{title}</h1>")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn denied_and_absent_are_the_same_bytes() {
        let app = crate::ui::finish(Router::new().route("/denied", get(async || not_found())));
        let mut seen = Vec::new();
        for path in ["/denied", "/absent"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            let headers = format!("{:?}", answer.headers());
            seen.push((
                headers,
                to_bytes(answer.into_body(), 1 << 20).await.unwrap(),
            ));
        }
        assert_eq!(seen[0], seen[1]);
    }

    #[tokio::test]
    async fn the_cause_of_a_fault_stays_off_the_page() {
        let answer = broken(&"secret table name");
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let page = String::from_utf8(body.to_vec()).unwrap();
        assert!(!page.contains("secret"));
        assert!(page.contains("tell your helpdesk this reference"));
    }
}

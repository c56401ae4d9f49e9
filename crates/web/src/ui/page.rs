//! Turning a filled template into an answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::errors;

/// A page: any askama template. A template that cannot be rendered becomes
/// the plain page with a reference, and its cause goes to the log.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    /// The page with another status than 200, such as 422 for a form that was
    /// shown again with its messages.
    pub fn with_status(self, status: StatusCode) -> Response {
        match self.0.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(problem) => errors::broken(&problem),
        }
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        self.with_status(StatusCode::OK)
    }
}

/// A fresh token for a form's hidden `once` field: the same token twice is the
/// same submission, so a double click makes one record. 128 random bits as hex.
pub fn once() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// A moment as people say it: "21 November 2026 at 2:05pm".
pub fn moment(at: &chrono::DateTime<chrono::Utc>) -> String {
    vocabulary::plain::date_time(casework::time::local(*at))
}

/// A telephone number as a link that dials it.
pub fn tel(number: &str) -> String {
    let digits = number.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    format!("tel:{}", digits.collect::<String>())
}

/// After a post: go and see the result (303), so that reloading does not send
/// the form again.
pub fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_once_token_is_new() {
        let (one, two) = (once(), once());
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
    }

    #[test]
    fn a_redirect_after_a_post_is_a_see_other() {
        let answer = to("/people");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], "/people");
    }
}

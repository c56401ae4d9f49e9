//! "Note saved.": what was just done, carried over one redirect and shown once.
//!
//! It travels in a short-lived cookie that scripts cannot read, so that it
//! survives on any server of several. Say what was done, not about whom.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const COOKIE: &str = "tl-notice";

/// One line on top of the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The words, such as "Visit saved.".
    pub text: String,
}

impl Notice {
    /// A notice with these words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Sends the notice along with an answer (a redirect).
    pub fn on(&self, mut answer: Response) -> Response {
        let words = utf8_percent_encode(&self.text, NON_ALPHANUMERIC);
        let cookie = format!("{COOKIE}={words}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
        match HeaderValue::from_str(&cookie) {
            Ok(value) => {
                answer.headers_mut().append(SET_COOKIE, value);
            }
            // Percent-encoding leaves only plain letters, so this is a fault of
            // ours; the work itself is done and must still be shown.
            Err(problem) => tracing::error!(%problem, "a notice could not be sent"),
        }
        answer
    }

    /// Takes the notice that came with a request. Send [`Notice::taken`] with
    /// the page so that it is not shown again.
    pub fn from(jar: &CookieJar) -> Option<Self> {
        let words = jar.get(COOKIE)?.value();
        let text = percent_decode_str(words).decode_utf8().ok()?;
        Some(Self::new(text.chars().take(300).collect::<String>()))
    }

    /// Marks the notice as shown, on the page that shows it.
    pub fn taken(mut answer: Response) -> Response {
        let gone =
            HeaderValue::from_static("tl-notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
        answer.headers_mut().append(SET_COOKIE, gone);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;
    use axum::http::header::COOKIE as COOKIE_HEADER;

    #[test]
    fn words_in_any_script_come_through() {
        let sent = Notice::new("Visit saved; Zoë – été").on(Response::default());
        let cookie = sent.headers()[SET_COOKIE].to_str().unwrap();
        let pair = cookie.split(';').next().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE_HEADER, pair.parse().unwrap());
        let got = Notice::from(&CookieJar::from_headers(&headers)).unwrap();
        assert_eq!(got.text, "Visit saved; Zoë – été");
    }
}

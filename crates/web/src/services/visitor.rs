//! Who reads a public page: nobody is known. Two cookies may come with them,
//! each because they asked: the language they chose, and their list of
//! services. Both end with the browser's session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use casework::time;
use url::form_urlencoded;

use super::words::Words;
use crate::app::App;

const LANGUAGE: &str = "tl_language";
const LIST: &str = "tl_list";
/// So many services fit on a list: a cookie is small, and so is a week.
pub(super) const MOST: usize = 30;

/// What a visitor brings.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub words: Words,
    /// The services on their list, in the order in which they were added.
    pub list: Vec<String>,
    /// They chose a language in this address: it is kept.
    chose: bool,
    secure: bool,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "lang")
            .map(|(_, code)| code.into_owned());
        let jar = CookieJar::from_headers(&parts.headers);
        let kept = jar.get(LANGUAGE).map(|c| c.value().to_owned());
        let code = asked.clone().or(kept).unwrap_or_else(|| "en".into());
        let list = jar.get(LIST).map_or("", |c| c.value());
        Ok(Visitor {
            words: Words::of(app.casework.pack(), &code, time::today()),
            list: read_list(list),
            chose: asked.is_some(),
            secure: app.secure,
        })
    }
}

/// The services of a list as a cookie or an address holds it.
pub(super) fn read_list(text: &str) -> Vec<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut list: Vec<String> = Vec::new();
    for id in text.split('.').take(MOST) {
        let whole = (1..=64).contains(&id.len()) && id.chars().all(plain);
        if whole && !list.iter().any(|known| known == id) {
            list.push(id.to_owned());
        }
    }
    list
}

impl Visitor {
    /// Whether a service is on their list.
    pub fn has(&self, service: &str) -> bool {
        self.list.iter().any(|id| id == service)
    }

    /// Keeps the language with an answer, when they chose one.
    pub fn keep_language(&self, answer: Response) -> Response {
        if self.chose {
            self.cookie(answer, LANGUAGE, self.words.code())
        } else {
            answer
        }
    }

    /// Keeps the list with an answer.
    pub fn keep_list(&self, answer: Response) -> Response {
        self.cookie(answer, LIST, &self.list.join("."))
    }

    fn cookie(&self, mut answer: Response, name: &str, value: &str) -> Response {
        let secure = if self.secure { "; Secure" } else { "" };
        let gone = if value.is_empty() { "; Max-Age=0" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{gone}");
        match HeaderValue::from_str(&text) {
            Ok(header) => {
                answer.headers_mut().append(header::SET_COOKIE, header);
            }
            Err(problem) => tracing::error!(%problem, "a cookie could not be written"),
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_plain_ids_once_each() {
        assert_eq!(read_list("a-1.b2.a-1.;drop.<x>"), ["a-1", "b2"]);
        assert!(read_list("").is_empty());
        let long = vec!["x1"; 90].join(".");
        assert_eq!(read_list(&long).len(), 1);
    }
}

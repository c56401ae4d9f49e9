//! What every handler has at hand: the council, and who is signed in.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use casework::{Casework, Viewer};
use vocabulary::Id;

use crate::session::SignInLimit;
use crate::ui::{Frame, NavItem, Notice, Who, errors};

/// The running web application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The council.
    pub casework: Casework,
    /// Cookies go over HTTPS only. Off for a demonstration on this machine.
    pub secure: bool,
    /// Where people reach the service, such as `https://throughline.larkmere.gov.uk`:
    /// what links that leave it are made of. Without it they name the host that
    /// the browser asked for, which a stranger can choose.
    address: Option<Arc<str>>,
    pub(crate) limit: Arc<SignInLimit>,
    pub(crate) kept: Arc<crate::returns::Kept>,
}

impl App {
    /// An application for one council.
    pub fn new(casework: Casework, secure: bool) -> App {
        App {
            casework,
            secure,
            address: None,
            limit: Arc::new(SignInLimit::new()),
            kept: Arc::default(),
        }
    }

    /// The same with the address at which people reach it: a scheme and a host,
    /// and a port if it is not the usual one.
    ///
    /// # Errors
    /// What is wrong with the address, in words.
    pub fn reached_at(mut self, address: &str) -> Result<App, String> {
        let wrong = |why: &str| {
            format!(
                "The address \"{address}\" {why}. Write it like https://throughline.larkmere.gov.uk"
            )
        };
        let url = url::Url::parse(address).map_err(|_| wrong("is not an address"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong("does not begin with https:// and a host"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has more than a host in it"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("has a name or a password in it"));
        }
        self.address = Some(url.origin().ascii_serialization().into());
        Ok(self)
    }

    /// What a link begins with: the address that was set, else the host of the
    /// request.
    pub(crate) fn link_base(&self, headers: &HeaderMap) -> String {
        if let Some(address) = &self.address {
            return address.to_string();
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }
}

impl App {
    /// Whether this worker's password may be tried again now, as at sign-in.
    pub(crate) fn may_prove(&self, viewer: &Viewer) -> bool {
        let worker = viewer.principal.worker;
        self.limit.may_try(&format!("again {worker}"))
    }
}

/// Someone who is signed in, taken from the request by the sign-in layer.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who looks.
    pub viewer: Viewer,
    /// Their post, for the header.
    pub post: String,
    /// The council's name.
    pub council: String,
    /// The notice that came with the request.
    pub notice: Option<Notice>,
    /// The address asked for, to mark the navigation.
    pub path: String,
}

impl Signed {
    /// The frame of a page.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let who = Who {
            name: self.viewer.name.clone(),
            post: self.post.clone(),
        };
        let mut frame = Frame::signed_in(&self.council, title, who, self.nav())
            .with_notice(self.notice.clone());
        frame.emergency = self.viewer.emergency.map(|until| crate::ui::moment(&until));
        frame
    }

    /// Only what the role can use: a link that leads to "not found" is a trap.
    fn nav(&self) -> Vec<NavItem> {
        let all = [
            ("My work", "/", true),
            ("Find", "/find", self.viewer.can("people.search")),
            (
                "Front door",
                "/front-door",
                self.viewer.can("contact.screen"),
            ),
            (
                "Early help",
                "/early-help",
                self.viewer.can(casework::early_help::CAPABILITY),
            ),
            (
                "Who is this child?",
                "/index",
                self.viewer.can(casework::index::CAPABILITY),
            ),
            ("Checks", "/mash/checks", self.viewer.can("contact.send")),
            ("My team", "/team", self.viewer.can("case.allocate")),
            ("Boards", "/boards", crate::boards::can_open(&self.viewer)),
            ("Carers", "/carers", carers(&self.viewer)),
            ("Panels", "/panels", carers(&self.viewer)),
            ("Returns", "/returns", self.viewer.can("returns.check")),
            (
                "Directory",
                "/directory",
                self.viewer.can(casework::services::CAPABILITY),
            ),
            (
                "Access reviews",
                "/access",
                self.viewer.can("access.review"),
            ),
            (
                "What families look for",
                "/directory/learning",
                casework::services::learning::may_learn(&self.viewer),
            ),
        ];
        all.into_iter()
            .filter(|(_, _, can)| *can)
            .map(|(text, href, _)| NavItem {
                text: text.to_owned(),
                href: href.to_owned(),
                current: under(&self.path, href)
                    || (href == "/boards" && crate::boards::holds(&self.path)),
            })
            .collect()
    }
}

/// Whether an address is that of a page, or of one below it.
pub(crate) fn under(path: &str, page: &str) -> bool {
    let rest = path.strip_prefix(page);
    rest.is_some_and(|rest| rest.is_empty() || (page != "/" && rest.starts_with('/')))
}

/// Posts whose own work is with carers, or with panels about them.
fn carers(viewer: &Viewer) -> bool {
    viewer.can("carers.record") || casework::carers::sits_with_panels(viewer)
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Signed, Response> {
        // The layer puts it there; without the layer the page is for nobody.
        parts
            .extensions
            .get::<Signed>()
            .cloned()
            .ok_or_else(errors::not_found)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Signed>, Response> {
        Ok(parts.extensions.get::<Signed>().cloned())
    }
}

/// The result of a handler.
pub type WebResult<T = Response> = Result<T, WebError>;

/// What a handler could not do, as a page. Handlers deal with findings and
/// stale saves themselves, because only they can show the form again.
#[derive(Debug)]
pub struct WebError(pub casework::Error);

impl From<casework::Error> for WebError {
    fn from(error: casework::Error) -> WebError {
        WebError(error)
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> WebError {
        WebError(casework::Error::Page(error.to_string()))
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        match self.0 {
            casework::Error::NotFound => errors::not_found(),
            casework::Error::Already(location) => crate::ui::to(&location),
            casework::Error::Refused(why) => errors::refused(&why),
            casework::Error::Findings(findings) => {
                let lines: Vec<String> = findings.into_iter().map(|f| f.message).collect();
                errors::unreadable(&lines.join(" "))
            }
            casework::Error::Stale => errors::stale(),
            casework::Error::Page(problem) => errors::broken(&problem),
            casework::Error::Record(error) => errors::broken(&error),
        }
    }
}

/// The one identifier in a page's address. An address that holds none is an
/// address that is not there.
#[derive(Debug, Clone, Copy)]
pub struct At<T>(pub Id<T>);

impl<T: 'static, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At<T>, Response> {
        let Path(text) = <Path<String> as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map_err(|_| errors::not_found())?;
        text.parse().map(At).map_err(|_| errors::not_found())
    }
}

/// The two identifiers in the address of a thing of something else, such as a
/// name of a person.
#[derive(Debug, Clone, Copy)]
pub struct AtPart<A, B>(pub Id<A>, pub Id<B>);

impl<A: 'static, B: 'static, S: Send + Sync> FromRequestParts<S> for AtPart<A, B> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<AtPart<A, B>, Response> {
        let Path((whole, part)) =
            <Path<(String, String)> as FromRequestParts<S>>::from_request_parts(parts, state)
                .await
                .map_err(|_| errors::not_found())?;
        match (whole.parse(), part.parse()) {
            (Ok(whole), Ok(part)) => Ok(AtPart(whole, part)),
            _ => Err(errors::not_found()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casework::testing::councils;

    /// A link that leaves the service names the council's own address, whatever
    /// host the request claims to be for.
    #[tokio::test]
    async fn a_link_is_made_of_the_address_that_was_set() {
        let councils = councils().await;
        let app = App::new(councils[0].casework.clone(), true);
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "evil.example".parse().unwrap());
        assert_eq!(app.link_base(&headers), "https://evil.example");
        let set = app
            .clone()
            .reached_at("https://larkmere.example:8443/")
            .unwrap();
        assert_eq!(set.link_base(&headers), "https://larkmere.example:8443");
        for wrong in [
            "larkmere.example",
            "ftp://larkmere.example",
            "https://larkmere.example/app",
            "https://jo:secret@larkmere.example",
            "",
        ] {
            let Err(words) = app.clone().reached_at(wrong) else {
                panic!("{wrong} was taken");
            };
            assert!(words.contains("Write it like https://"), "{words}");
        }
    }
}

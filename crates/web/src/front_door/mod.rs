//! The front door for those who work there: the board, a call, a contact, the
//! search for the child, the threshold decision, and telling the referrer.

mod board;
mod contact;
mod decision;
mod matching;
mod phone;
mod tell;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use vocabulary::{Id, ids};

use crate::app::{App, WebError};
use crate::ask;
use crate::forms::Posted;
use crate::ui::errors;

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/front-door",
    "/front-door/new",
    "/front-door/hints",
    "/contacts/{contact}",
    "/contacts/{contact}/screen",
    "/contacts/{contact}/immediate-risk",
    "/contacts/{contact}/pass",
    "/contacts/{contact}/acknowledged",
    "/contacts/{contact}/children",
    "/contacts/{contact}/children/{part}/match",
    "/contacts/{contact}/decision",
    "/contacts/{contact}/tell",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/front-door", get(board::show))
        .route("/front-door/new", get(phone::new).post(phone::take))
        .route("/front-door/hints", post(phone::hints))
        .route("/contacts/{id}", get(contact::show))
        .route("/contacts/{id}/screen", post(contact::screen))
        .route(
            "/contacts/{id}/immediate-risk",
            post(contact::immediate_risk),
        )
        .route("/contacts/{id}/pass", post(contact::pass))
        .route("/contacts/{id}/acknowledged", post(contact::acknowledged))
        .route("/contacts/{id}/children", post(contact::add_child))
        .route(
            "/contacts/{id}/children/{part}/match",
            get(matching::show).post(matching::act),
        )
        .route(
            "/contacts/{id}/decision",
            get(decision::show).post(decision::decide),
        )
        .route("/contacts/{id}/tell", get(tell::show).post(tell::tell))
        .layer(DefaultBodyLimit::max(ask::MOST))
}

/// A body that may be too long; [`read`] says so in plain words.
type Body = Result<Bytes, BytesRejection>;

/// A posted body as its pairs, for small forms that are not the pack's.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn read(body: Body) -> Result<Pairs, WebError> {
        let body = ask::whole(body)?;
        Ok(Pairs(serde_urlencoded::from_bytes(&body).map_err(
            |_| ask::unreadable("What was sent is not one of our forms."),
        )?))
    }

    /// A field's text; empty if it is not there.
    fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = move |pair: &&(String, String)| pair.0 == name;
        self.0.iter().filter(of_name).map(|(_, v)| v.as_str())
    }
}

/// A posted form of the pack.
fn read(form: &packs::Form, body: Body) -> Result<Posted, WebError> {
    Ok(Posted::read(form, &ask::whole(body)?))
}

/// The two identifiers in the address of a child of a contact.
struct OfContact(Id<ids::Contact>, Id<ids::Part>);

impl<S: Send + Sync> FromRequestParts<S> for OfContact {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Path((contact, part)): Path<(String, String)> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| errors::not_found())?;
        match (contact.parse(), part.parse()) {
            (Ok(contact), Ok(part)) => Ok(OfContact(contact, part)),
            _ => Err(errors::not_found()),
        }
    }
}

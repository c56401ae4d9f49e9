//! A step's pages: its list of sections, one section as a form, two versions
//! side by side, sending, authorising, reading; and all the work about a child.
//!
//! The recording contract (ux.md section 6) is kept here: what was typed is
//! kept before it is checked, a stale save shows both texts, and everything
//! works without script.

mod authorise;
mod compare;
mod overview;
mod section;
mod send;
mod work;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use casework::Guarded;
use casework::model::Person;
use casework::steps::StepSeen;
use vocabulary::{Id, ids};

use crate::app::{App, WebResult};
use crate::ui::{ChildTop, Part, errors};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/steps/{step}",
    "/steps/{step}/read",
    "/steps/{step}/checkpoint",
    "/steps/{step}/submit",
    "/steps/{step}/skip",
    "/steps/{step}/authorise",
    "/steps/{step}/{section}",
    "/steps/{step}/{section}/compare",
    "/steps/{step}/{section}/leave-out",
    "/clocks/{clock}/reason",
    "/people/{person}/work",
    "/decisions/{decision}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/steps/{id}", get(overview::show))
        .route("/steps/{id}/read", get(overview::read))
        .route("/steps/{id}/checkpoint", post(overview::checkpoint))
        .route("/steps/{id}/submit", get(send::ask).post(send::send))
        .route("/steps/{id}/skip", get(send::ask_skip).post(send::skip))
        .route(
            "/steps/{id}/authorise",
            get(authorise::ask).post(authorise::decide),
        )
        .route(
            "/steps/{id}/{section}",
            get(section::ask).post(section::save),
        )
        .route(
            "/steps/{id}/{section}/compare",
            get(compare::show).post(compare::choose),
        )
        .route("/steps/{id}/{section}/leave-out", post(section::leave_out))
        .route("/clocks/{id}/reason", get(send::ask_late).post(send::late))
        .route("/people/{id}/work", get(work::show).post(work::start))
        .route("/decisions/{id}", get(work::decision))
}

/// The two parts of a section's address.
pub(crate) struct AtSection(Id<ids::Step>, String);

impl<S: Send + Sync> FromRequestParts<S> for AtSection {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<AtSection, Response> {
        use axum::extract::Path;
        let found = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((id, section)) = found.map_err(|_| errors::not_found())?;
        let id = id.parse().map_err(|_| errors::not_found())?;
        Ok(AtSection(id, section))
    }
}

/// The header of the child whom a page is first about.
async fn top(app: &App, person: &Guarded<Person>) -> WebResult<ChildTop> {
    Ok(ChildTop::new(
        app.casework.header(person).await?,
        Part::Work,
    ))
}

/// "About Maya, 13, and Idris, 9".
fn about(seen: &StepSeen) -> String {
    let today = casework::time::today();
    let each: Vec<String> = seen
        .children
        .iter()
        .map(|child| match child.birth_date() {
            Some(born) => format!("{} ({})", child.first_name(), born.words_on(today)),
            None => child.first_name(),
        })
        .collect();
    format!("About {}", vocabulary::plain::list(&each))
}

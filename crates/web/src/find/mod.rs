//! Finding people: the field in the header, the longer form, and the hints
//! while somebody new is typed in. Names are posted, never in an address.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::Listed;
use casework::find::{Match, Wanted};
use vocabulary::plain;

use crate::app::{App, Signed, WebResult};
use crate::ui::{FieldError, Frame, Page};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/find", "/find/hints"];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/find", get(ask).post(find))
        .route("/find/hints", post(hints))
}

#[derive(Template)]
#[template(path = "find/find.html")]
struct FindPage {
    frame: Frame,
    typed: Typed,
    found: Option<Listed<Match>>,
    may_add: bool,
    /// The viewer’s post has the right to override a restriction: said to them
    /// on every search, so that it tells nothing.
    overrides: bool,
}

/// The fields as typed.
#[derive(Default)]
struct Typed {
    q: String,
    given: String,
    family: String,
    born: String,
    postcode: String,
}

impl Typed {
    fn read(pairs: &[(String, String)]) -> Typed {
        let value = |name: &str| {
            let found = pairs.iter().find(|(n, _)| n == name);
            found.map_or_else(String::new, |(_, v)| v.trim().chars().take(200).collect())
        };
        let born = [value("born.day"), value("born.month"), value("born.year")];
        Typed {
            q: value("q"),
            given: value("given"),
            family: value("family"),
            born: Some(value("born"))
                .filter(|b| !b.is_empty())
                .unwrap_or_else(|| born.join(" ").trim().to_owned()),
            postcode: value("postcode"),
        }
    }

    /// What to look for. A date that is no date joins the free text: a year
    /// alone is worth something.
    fn wanted(&self) -> Wanted {
        let born = plain::read_date(&self.born);
        let mut text = self.q.clone();
        if born.is_none() && !self.born.is_empty() {
            text = format!("{text} {}", self.born);
        }
        Wanted {
            given: self.given.clone(),
            family: self.family.clone(),
            born,
            postcode: self.postcode.clone(),
            text,
        }
    }
}

async fn ask(signed: Signed) -> WebResult {
    need_search(&signed)?;
    Ok(Page(FindPage {
        frame: signed.frame("Find someone"),
        typed: Typed::default(),
        found: None,
        may_add: signed.viewer.can("people.create"),
        overrides: signed.viewer.can("access.override"),
    })
    .into_response())
}

async fn find(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    need_search(&signed)?;
    let mut typed = Typed::read(&pairs);
    let wanted = typed.wanted();
    let mut frame = signed.frame("Find someone");
    // Words from the field in the header stay there; the long form keeps its own.
    if !pairs.iter().any(|(name, _)| name == "given") {
        frame.search = std::mem::take(&mut typed.q);
    }
    if wanted.is_empty() {
        let nothing = FieldError::new(
            "given",
            "Write a name, a date of birth, a postcode or a reference",
        );
        return Ok(Page(FindPage {
            frame: frame.with_errors(vec![nothing]),
            typed,
            found: None,
            may_add: signed.viewer.can("people.create"),
            overrides: signed.viewer.can("access.override"),
        })
        .with_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let found = app.casework.find(&signed.viewer, &wanted, "find").await?;
    frame.title = match found.len() {
        0 => "Nobody found".into(),
        n => format!("{} found", plain::count(n as i64, "person", "people")),
    };
    Ok(Page(FindPage {
        frame,
        typed,
        found: Some(found),
        may_add: signed.viewer.can("people.create"),
        overrides: signed.viewer.can("access.override"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "find/hints.html")]
struct Hints {
    matches: Vec<Match>,
}

/// People who may be meant while somebody new is typed in: a piece of a page,
/// or nothing.
async fn hints(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    need_search(&signed)?;
    let wanted = Typed::read(&pairs).wanted();
    if wanted.given.is_empty() || wanted.family.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let matches = app.casework.alike(&signed.viewer, &wanted).await?;
    if matches.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Page(Hints { matches }).into_response())
}

/// A role without search has no such page.
fn need_search(signed: &Signed) -> WebResult<()> {
    if signed.viewer.can("people.search") {
        return Ok(());
    }
    Err(casework::Error::NotFound.into())
}

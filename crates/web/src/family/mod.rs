//! The family's page with its genogram, and adding someone to the family.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use casework::family::FamilyPage;
use casework::find::Match;
use packs::Finding;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Posted};
use crate::people::{stops, unseen};
use crate::ui::{Frame, Notice, Page, to};

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/families/{family}",
    "/families/{family}/genogram",
    "/families/{family}/add",
    "/families/{family}/join",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/families/{id}", get(family))
        .route("/families/{id}/genogram", get(genogram))
        .route("/families/{id}/add", get(ask_add).post(add))
        .route("/families/{id}/join", post(join))
}

#[derive(Template)]
#[template(path = "family/family.html")]
struct FamilyView {
    frame: Frame,
    id: Id<ids::Family>,
    name: String,
    page: FamilyPage,
    typed: Typed,
    once: String,
    matches: Vec<Match>,
    adding: bool,
}

/// The short form as typed: what the form `person` needs, and where they live.
#[derive(Default)]
struct Typed {
    kind: String,
    given: String,
    family: String,
    born: [String; 3],
    elsewhere: bool,
}

impl Typed {
    fn of(posted: &Posted) -> Typed {
        let text = |name: &str| posted.answers.text(name).to_owned();
        Typed {
            kind: text("kind"),
            given: text("given"),
            family: text("family"),
            born: posted.answers.date_parts("born"),
            elsewhere: posted.other("lives") == "elsewhere",
        }
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: Id<ids::Family>,
    typed: Typed,
    findings: &[Finding],
    matches: Vec<Match>,
    adding: bool,
) -> WebResult<FamilyView> {
    let page = app.casework.family_page(&signed.viewer, id).await?;
    let name = page.seen.family.name.clone();
    let title = format!("The {name} family");
    let mut frame = signed.frame(title).with_errors(forms::errors(findings));
    if frame.errors.is_empty() && !matches.is_empty() {
        frame.title = format!("Is it one of these? The {name} family");
    }
    Ok(FamilyView {
        frame,
        id,
        name,
        page,
        typed,
        once: crate::ui::once(),
        matches,
        adding,
    })
}

async fn family(State(app): State<App>, signed: Signed, At(id): At<ids::Family>) -> WebResult {
    let typed = Typed::default();
    let view = view(&app, &signed, id, typed, &[], vec![], false).await?;
    Ok(Page(view).into_response())
}

/// The family's page with the form for a new person open.
async fn ask_add(State(app): State<App>, signed: Signed, At(id): At<ids::Family>) -> WebResult {
    let typed = Typed::default();
    let view = view(&app, &signed, id, typed, &[], vec![], true).await?;
    Ok(Page(view).into_response())
}

async fn add(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form("person")?;
    let mut posted = Posted::read(form, &body);
    posted
        .answers
        .set("lives", posted.other("lives").to_owned());
    let findings = form.check(&posted.answers, None);
    let again = async |findings: &[Finding], matches: Vec<Match>| -> WebResult<Response> {
        let typed = Typed::of(&posted);
        let view = view(&app, &signed, id, typed, findings, matches, true).await?;
        Ok(Page(view).with_status(StatusCode::UNPROCESSABLE_ENTITY))
    };
    if stops(&findings) {
        return again(&findings, vec![]).await;
    }
    let matches = unseen(&app, &signed, &posted).await?;
    if !matches.is_empty() {
        return again(&[], matches).await;
    }
    app.casework
        .add_to_family(&signed.viewer, id, &posted.answers, &posted.once)
        .await?;
    let name = posted.answers.text("given").to_owned();
    Ok(Notice::new(format!("{name} was added to the family.")).on(to(&format!("/families/{id}"))))
}

/// Someone who is known already joins the family.
async fn join(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Family>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> WebResult {
    let value = |name: &str| {
        let found = pairs.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    };
    let person = value("person")
        .parse()
        .map_err(|_| casework::Error::NotFound)?;
    let household = value("lives") != "elsewhere";
    app.casework
        .join(&signed.viewer, id, person, household, value("once"))
        .await?;
    Ok(Notice::new("Added to the family.").on(to(&format!("/families/{id}"))))
}

#[derive(Template)]
#[template(path = "family/genogram.html")]
struct GenogramView {
    frame: Frame,
    picture: genogram::Picture,
}

/// The genogram alone, for a large family or for print.
async fn genogram(State(app): State<App>, signed: Signed, At(id): At<ids::Family>) -> WebResult {
    let page = app.casework.family_page(&signed.viewer, id).await?;
    let name = &page.seen.family.name;
    Ok(Page(GenogramView {
        frame: signed
            .frame(format!("Genogram of the {name} family"))
            .with_back("Back to the family", format!("/families/{id}")),
        picture: page.genogram,
    })
    .into_response())
}

//! Where a worker lives: told once, never shown, so that looks at neighbours are
//! found.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{FieldError, Frame, Notice, Page, to};

type Pairs = Vec<(String, String)>;

const KEPT: &str = "It is kept as a mark that nobody can read. It is not shown again.";
const GONE: &str = "No address of this worker is kept any more.";

#[derive(Template)]
#[template(path = "access/home.html")]
struct HomePage {
    frame: Frame,
    whose: String,
    kept: String,
    address: String,
    line1: String,
    postcode: String,
}

async fn page(
    app: &App,
    signed: &Signed,
    worker: Id<ids::Worker>,
    (line1, postcode): (&str, &str),
    errors: Vec<FieldError>,
) -> WebResult<Page<HomePage>> {
    let kept = app.casework.homes_kept(&signed.viewer, worker).await?;
    let own = worker == signed.viewer.principal.worker;
    let address = match own {
        true => "/access/home".to_owned(),
        false => format!("/access/workers/{worker}/home"),
    };
    let title = match own {
        true => "Where I live".to_owned(),
        false => format!("Where {} lives", app.casework.worker_name(worker).await?),
    };
    Ok(Page(HomePage {
        whose: if own { "you" } else { "they" }.to_owned(),
        frame: signed.frame(title).with_errors(errors),
        kept: kept.unwrap_or_default(),
        address,
        line1: line1.to_owned(),
        postcode: postcode.to_owned(),
    }))
}

pub(super) async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    let me = signed.viewer.principal.worker;
    Ok(page(&app, &signed, me, ("", ""), Vec::new())
        .await?
        .into_response())
}

pub(super) async fn keep(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let me = signed.viewer.principal.worker;
    save(app, signed, me, pairs, "/access/home".to_owned()).await
}

pub(super) async fn keep_theirs(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    save(app, signed, id, pairs, format!("/access/workers/{id}")).await
}

async fn save(
    app: App,
    signed: Signed,
    worker: Id<ids::Worker>,
    pairs: Pairs,
    next: String,
) -> WebResult<Response> {
    let (line1, postcode) = (value(&pairs, "line1"), value(&pairs, "postcode"));
    let viewer = &signed.viewer;
    match app
        .casework
        .keep_home(viewer, worker, &line1, &postcode)
        .await
    {
        Ok(()) => Ok(Notice::new(KEPT).on(to(&next))),
        Err(Error::Findings(findings)) => {
            let (typed, errors) = (
                (line1.as_str(), postcode.as_str()),
                forms::errors(&findings),
            );
            let page = page(&app, &signed, worker, typed, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn forget(State(app): State<App>, signed: Signed) -> WebResult<Response> {
    let me = signed.viewer.principal.worker;
    app.casework.forget_homes(&signed.viewer, me).await?;
    Ok(Notice::new(GONE).on(to("/access/home")))
}

pub(super) async fn forget_theirs(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
) -> WebResult<Response> {
    app.casework.forget_homes(&signed.viewer, id).await?;
    Ok(Notice::new(GONE).on(to(&format!("/access/workers/{id}"))))
}

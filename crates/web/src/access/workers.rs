//! Looking after workers: the list, adding one, leaving, a new password.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::access_control::{NewWorker, WorkerRow, WorkerView};
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::value;
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Debug, Deserialize)]
pub(super) struct Narrow {
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "access/workers.html")]
struct WorkersPage {
    frame: Frame,
    name: String,
    rows: Vec<WorkerRow>,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(narrow): Query<Narrow>,
) -> WebResult {
    Ok(Page(WorkersPage {
        rows: app
            .casework
            .worker_list(&signed.viewer, &narrow.name)
            .await?,
        frame: signed.frame("Workers").with_back("My work", "/"),
        name: narrow.name,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "access/worker.html")]
struct WorkerPage {
    frame: Frame,
    view: WorkerView,
    password: String,
    number: String,
}

impl WorkerPage {
    fn access(&self) -> &'static str {
        if self.view.worker.active {
            "Can sign in"
        } else {
            "Has left"
        }
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Worker>,
    password: String,
) -> WebResult<Page<WorkerPage>> {
    let view = app.casework.worker_view(&signed.viewer, id).await?;
    let number = view.worker.social_work_number.clone();
    Ok(Page(WorkerPage {
        frame: signed
            .frame(view.worker.name.clone())
            .with_back("Workers", "/access/workers"),
        view,
        password,
        number: number.unwrap_or_default(),
    }))
}

pub(super) async fn one(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
) -> WebResult {
    Ok(page(&app, &signed, id, String::new())
        .await?
        .into_response())
}

#[derive(Template)]
#[template(path = "access/worker_new.html")]
struct NewPage {
    frame: Frame,
    once: String,
    roles: Vec<(String, String)>,
    teams: Vec<(String, String)>,
    typed: Pairs,
}

impl NewPage {
    fn typed(&self, name: &str) -> String {
        value(&self.typed, name)
    }

    fn chosen(&self, name: &str, id: &str) -> bool {
        self.typed(name) == id
    }
}

async fn new_page(
    app: &App,
    signed: &Signed,
    typed: Pairs,
    errors: Vec<FieldError>,
) -> WebResult<Page<NewPage>> {
    if !signed.viewer.can("admin.workers") {
        return Err(Error::NotFound.into());
    }
    let roles = app.casework.pack().roles(signed.viewer.today);
    let teams = app.casework.teams().await?;
    Ok(Page(NewPage {
        frame: signed
            .frame("Add a worker")
            .with_back("Workers", "/access/workers")
            .with_errors(errors),
        once: once(),
        roles: roles.map_or_else(Vec::new, |roles| {
            let all = roles.roles.iter();
            all.map(|r| (r.id.clone(), r.title.clone())).collect()
        }),
        teams: teams
            .into_iter()
            .map(|t| (t.id.to_string(), t.name))
            .collect(),
        typed,
    }))
}

pub(super) async fn ask(State(app): State<App>, signed: Signed) -> WebResult {
    let page = new_page(&app, &signed, Vec::new(), Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let new = NewWorker {
        name: value(&pairs, "name"),
        username: value(&pairs, "username"),
        job_title: value(&pairs, "job_title"),
        role: value(&pairs, "role"),
        team: value(&pairs, "team"),
        phone: value(&pairs, "phone"),
        email: value(&pairs, "email"),
        percent: value(&pairs, "percent"),
        newly_qualified: !value(&pairs, "newly_qualified").is_empty(),
        social_work_number: value(&pairs, "social_work_number"),
        once: value(&pairs, "once"),
    };
    match app.casework.add_worker(&signed.viewer, &new).await {
        // The password stands on this answer and nowhere else, so there is no
        // redirect: it would have to be carried.
        Ok((id, password)) => Ok(page(&app, &signed, id, password).await?.into_response()),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = new_page(&app, &signed, pairs, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn leave(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let why = value(&pairs, "why");
    app.casework.worker_leaves(&signed.viewer, id, &why).await?;
    let done = "Their access has ended. What they hold is listed for their manager.";
    Ok(Notice::new(done).on(to(&format!("/access/workers/{id}"))))
}

pub(super) async fn reset(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
) -> WebResult<Response> {
    let password = app.casework.reset_password(&signed.viewer, id).await?;
    Ok(page(&app, &signed, id, password).await?.into_response())
}

/// The number of registration; a wrong one stays in the field with its reason.
pub(super) async fn number(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Worker>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let typed = value(&pairs, "social_work_number");
    let viewer = &signed.viewer;
    match app
        .casework
        .set_social_work_number(viewer, id, &typed)
        .await
    {
        Ok(()) => Ok(Notice::new("Number saved.").on(to(&format!("/access/workers/{id}")))),
        Err(Error::Findings(findings)) => {
            let mut page = page(&app, &signed, id, String::new()).await?;
            page.0.number = typed;
            let frame = signed.frame(page.0.view.worker.name.clone());
            let frame = frame.with_back("Workers", "/access/workers");
            page.0.frame = frame.with_errors(forms::errors(&findings));
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

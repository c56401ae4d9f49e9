//! Restricting a record, keeping or lifting the restriction.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access_control::{NewRestriction, RestrictionView};
use casework::{Error, Result};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::team::{value, values};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, Part, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "access/restrict.html")]
struct RestrictPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    view: RestrictionView,
    reason_now: String,
    reasons: Vec<(String, String, String)>,
    once: String,
    typed: Pairs,
}

impl RestrictPage {
    fn typed(&self, name: &str) -> String {
        value(&self.typed, name)
    }

    fn chosen(&self, name: &str, id: &impl ToString) -> bool {
        let id = id.to_string();
        self.typed.iter().any(|(key, v)| key == name && *v == id)
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    typed: Pairs,
    errors: Vec<FieldError>,
) -> WebResult<Page<RestrictPage>> {
    let view = app.casework.restriction(&signed.viewer, id).await?;
    let header = app.casework.header(&view.person).await?;
    let name = header.first_name.clone();
    let codes = app
        .casework
        .pack()
        .codes("restriction-reason", signed.viewer.today);
    let reasons = codes.map_or_else(Vec::new, |codes| {
        codes
            .on(signed.viewer.today)
            .map(|c| (c.code.clone(), c.label.clone(), c.hint.clone()))
            .collect()
    });
    let title = match view.now {
        Some(_) => format!("{name}’s record is restricted"),
        None => format!("Restrict {name}’s record"),
    };
    Ok(Page(RestrictPage {
        frame: signed.frame(title).with_errors(errors),
        top: ChildTop::new(header, Part::Other),
        id,
        name,
        reason_now: view.now.as_ref().map_or_else(String::new, |now| {
            app.casework.label("restriction-reason", &now.reason)
        }),
        view,
        reasons,
        once: once(),
        typed,
    }))
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let page = page(&app, &signed, id, Vec::new(), Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let wanted = NewRestriction {
        reason: value(&pairs, "reason"),
        allow: values(&pairs, "allow"),
        once: value(&pairs, "once"),
    };
    let done = app.casework.restrict(&signed.viewer, id, &wanted).await;
    answer(&app, &signed, id, pairs, done, "The record is restricted.").await
}

pub(super) async fn lift(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let why = value(&pairs, "why");
    let done = app
        .casework
        .lift_restriction(&signed.viewer, id, &why)
        .await;
    answer(&app, &signed, id, pairs, done, "The restriction is lifted.").await
}

pub(super) async fn keep(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Pairs>,
) -> WebResult<Response> {
    let why = value(&pairs, "why");
    let done = app
        .casework
        .keep_restriction(&signed.viewer, id, &why)
        .await;
    answer(
        &app,
        &signed,
        id,
        pairs,
        done,
        "The restriction is kept for 90 days.",
    )
    .await
}

async fn answer(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    pairs: Pairs,
    done: Result<()>,
    words: &str,
) -> WebResult<Response> {
    match done {
        Ok(()) => Ok(Notice::new(words).on(to(&format!("/people/{id}/restrict")))),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = page(app, signed, id, pairs, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

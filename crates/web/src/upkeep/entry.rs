//! The entries: a list to search, one entry, its form, when it is shown, and
//! the link for its owner.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use casework::Error;
use casework::asking::Sheet;
use casework::services::{EntrySeen, Found, MadeLink};
use serde::Deserialize;
use vocabulary::ids;

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::forms;
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "upkeep/list.html")]
struct ListPage {
    frame: Frame,
    q: String,
    found: Vec<Found>,
    of: usize,
}

#[derive(Template)]
#[template(path = "upkeep/entry.html")]
struct EntryPage {
    frame: Frame,
    entry: EntrySeen,
    once: String,
    to: String,
}

#[derive(Template)]
#[template(path = "upkeep/link.html")]
struct LinkPage {
    frame: Frame,
    link: MadeLink,
    address: String,
    body: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Words {
    q: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LinkForm {
    to: String,
    once: String,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(words): Query<Words>,
) -> WebResult {
    let (found, of) = app
        .casework
        .directory_entries(&signed.viewer, &words.q)
        .await?;
    Ok(Page(ListPage {
        frame: signed
            .frame("Entries of the directory")
            .with_back("Services directory", "/directory"),
        q: words.q,
        found,
        of,
    })
    .into_response())
}

pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    show(&app, &signed, &id, None).await
}

async fn show(app: &App, signed: &Signed, id: &str, wrong: Option<(Error, String)>) -> WebResult {
    let entry = app.casework.directory_entry(&signed.viewer, id).await?;
    let (errors, typed) = match wrong {
        Some((Error::Findings(findings), typed)) => (forms::errors(&findings), Some(typed)),
        Some((other, _)) => return Err(other.into()),
        None => (Vec::new(), None),
    };
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(EntryPage {
        frame: signed
            .frame(entry.found.name.clone())
            .with_back("Services directory", "/directory")
            .with_errors(errors),
        to: typed.unwrap_or_else(|| entry.owner_email.clone()),
        entry,
        once: once(),
    })
    .with_status(status))
}

async fn sheet(app: &App, signed: &Signed, id: &str) -> WebResult<Sheet> {
    let (name, form) = app.casework.service_form(&signed.viewer, id).await?;
    let back = format!("/directory/services/{id}");
    let mut sheet = Sheet::new(&form.form, format!("{back}/edit"), back);
    sheet.title = format!("Change: {name}");
    sheet.answers = form.answers;
    sheet.button = "Save".into();
    Ok(sheet)
}

pub(super) async fn edit(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    let sheet = sheet(&app, &signed, &id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

pub(super) async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    body: Bytes,
) -> WebResult {
    let sheet = sheet(&app, &signed, &id).await?;
    let (casework, viewer) = (&app.casework, &signed.viewer);
    asking::send(
        &app,
        &signed,
        Shown::alone(sheet),
        body,
        |posted| async move {
            casework
                .change_service(viewer, &id, &posted.answers, &posted.once)
                .await
        },
    )
    .await
}

pub(super) async fn times(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    let sheet = app.casework.times_form(&signed.viewer, &id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

pub(super) async fn set_times(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    body: Bytes,
) -> WebResult {
    let sheet = app.casework.times_form(&signed.viewer, &id).await?;
    let (casework, viewer) = (&app.casework, &signed.viewer);
    asking::send(
        &app,
        &signed,
        Shown::alone(sheet),
        body,
        |posted| async move { casework.time_entry(viewer, &id, &posted.answers).await },
    )
    .await
}

pub(super) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    let done = app.casework.confirm_entry(&signed.viewer, &id).await?;
    Ok(Notice::new(done.words).on(to(&done.to)))
}

pub(super) async fn link(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(form): Form<LinkForm>,
) -> WebResult {
    let made = app
        .casework
        .make_owner_link(&signed.viewer, &id, &form.to, &form.once)
        .await;
    match made {
        Ok(link) => Ok(to(&format!("/directory/links/{link}"))),
        Err(findings @ Error::Findings(_)) => {
            show(&app, &signed, &id, Some((findings, form.to))).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    app.casework
        .withdraw_owner_links(&signed.viewer, &id)
        .await?;
    let words = "Withdrawn: no link of this entry opens any more.";
    Ok(Notice::new(words).on(to(&format!("/directory/services/{id}"))))
}

pub(super) async fn one_link(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Link>,
    headers: HeaderMap,
) -> WebResult {
    let link = app.casework.owner_link(&signed.viewer, id).await?;
    let address = format!("{}{}", app.link_base(&headers), link.path);
    Ok(Page(LinkPage {
        frame: signed.frame("The link for the owner").with_back(
            "Back to the entry",
            format!("/directory/services/{}", link.service),
        ),
        body: link.body.replace("{link}", &address),
        address,
        link,
    })
    .into_response())
}

//! A copy of the record for whoever asked for it, as a page and as one file that
//! needs no network (R001-09).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use casework::access_control::copy::CopyGiven;
use vocabulary::{ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let form = app.casework.ask_copy(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking::Shown::on(form, Part::Looks)).await
}

pub(super) async fn make(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let form = casework.ask_copy(viewer, id).await?;
    let shown = asking::Shown::on(form, Part::Looks);
    asking::send(&app, &signed, shown, body, |posted| async move {
        casework
            .make_copy(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "access/copy.html")]
struct CopyPage {
    frame: Frame,
    top: ChildTop,
    name: String,
    of: CopyGiven,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    let of = app.casework.copy_given(&signed.viewer, id).await?;
    let name = of.person.first_name();
    Ok(Page(CopyPage {
        frame: signed
            .frame(format!("A copy of {name}’s record"))
            .with_back("Who has looked", format!("/people/{}/looks", of.person.id)),
        top: ChildTop::new(app.casework.header(&of.person).await?, Part::Looks),
        name,
        of,
    })
    .into_response())
}

impl CopyPage {
    fn asked_on(&self) -> String {
        plain::date(self.of.copy.asked_on)
    }
}

impl CopyFile {
    fn asked_on(&self) -> String {
        plain::date(self.of.copy.asked_on)
    }
}

/// The file: no styles of ours, no script, nothing from elsewhere.
#[derive(Template)]
#[template(path = "access/copy_file.html")]
struct CopyFile {
    name: String,
    council: String,
    of: CopyGiven,
}

pub(super) async fn file(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    let of = app.casework.copy_given(&signed.viewer, id).await?;
    // The name of a file is seen in lists and mails: it names nobody.
    let name = format!("attachment; filename=\"copy-{}.html\"", of.copy.asked_on);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    let page = CopyFile {
        name: of.person.name(),
        council: app.casework.name().to_owned(),
        of,
    };
    Ok((headers, page.render()?).into_response())
}

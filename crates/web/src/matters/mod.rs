//! Allegations, complaints and serious incidents: for each its board, the page
//! on which anybody tells of one, one matter, and a page for each form about it.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::matters::board::MatterBoard;
use casework::matters::kinds::MatterKind;
use casework::matters::view::MatterPage;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::ui::{Frame, Page, errors};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/allegations",
    "/allegations/new",
    "/allegations/{allegation}",
    "/allegations/{allegation}/{allegation_page}",
    "/complaints",
    "/complaints/new",
    "/complaints/{complaint}",
    "/complaints/{complaint}/{complaint_page}",
    "/serious-incidents",
    "/serious-incidents/new",
    "/serious-incidents/{incident}",
    "/serious-incidents/{incident}/{incident_page}",
    "/people/{person}/allegation",
    "/people/{person}/complaint",
    "/people/{person}/incident",
];

pub(crate) fn routes() -> Router<App> {
    MatterKind::ALL
        .into_iter()
        .fold(Router::new(), |router, kind| {
            let folder = kind.folder();
            let at_child = format!("/people/{{id}}/{}", kind.word());
            let show = move |app: State<App>, signed: Signed| board(app, signed, kind);
            let ask_new = move |app: State<App>, signed: Signed| ask_new(app, signed, kind, None);
            let save_new = move |app: State<App>, signed: Signed, body: Bytes| {
                save_new(app, signed, kind, None, body)
            };
            let ask_child = move |app: State<App>, signed: Signed, At(id): At<ids::Person>| {
                self::ask_new(app, signed, kind, Some(id))
            };
            let save_child =
                move |app: State<App>, signed: Signed, At(id): At<ids::Person>, body: Bytes| {
                    self::save_new(app, signed, kind, Some(id), body)
                };
            let one = move |app: State<App>, signed: Signed, id: At<ids::Matter>| {
                one(app, signed, id, kind)
            };
            let ask = move |app: State<App>, signed: Signed, path: Path<(String, String)>| {
                ask(app, signed, path, kind)
            };
            let save =
                move |app: State<App>,
                      signed: Signed,
                      path: Path<(String, String)>,
                      body: Bytes| { save(app, signed, path, kind, body) };
            router
                .route(&format!("/{folder}"), get(show))
                .route(&format!("/{folder}/new"), get(ask_new).post(save_new))
                .route(&format!("/{folder}/{{id}}"), get(one))
                .route(&format!("/{folder}/{{id}}/{{what}}"), get(ask).post(save))
                .route(&at_child, get(ask_child).post(save_child))
        })
}

#[derive(Template)]
#[template(path = "matters/board.html")]
struct BoardPage {
    frame: Frame,
    board: MatterBoard,
    kind: MatterKind,
}

async fn board(State(app): State<App>, signed: Signed, kind: MatterKind) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.matter_board(&signed.viewer, kind).await?,
        frame: signed.frame(kind.board()),
        kind,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "matters/one.html")]
struct OnePage {
    frame: Frame,
    page: MatterPage,
    kind: MatterKind,
    id: Id<ids::Matter>,
}

async fn one(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Matter>,
    kind: MatterKind,
) -> WebResult {
    let page = app.casework.matter_page(&signed.viewer, kind, id).await?;
    Ok(Page(OnePage {
        frame: signed
            .frame(format!("{}: {}", kind.one(), page.matter.title))
            .with_back(kind.board(), format!("/{}", kind.folder())),
        page,
        kind,
        id,
    })
    .into_response())
}

async fn ask_new(
    State(app): State<App>,
    signed: Signed,
    kind: MatterKind,
    child: Option<Id<ids::Person>>,
) -> WebResult {
    let (_, sheet) = app
        .casework
        .ask_matter_new(&signed.viewer, kind, child)
        .await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn save_new(
    State(app): State<App>,
    signed: Signed,
    kind: MatterKind,
    child: Option<Id<ids::Person>>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (_, sheet) = casework.ask_matter_new(viewer, kind, child).await?;
    let shown = Shown::alone(sheet);
    asking::send(&app, &signed, shown, body, |posted| async move {
        casework
            .save_matter_new(viewer, kind, child, &posted.answers, &posted.once)
            .await
    })
    .await
}

/// The page of a matter's form, and where the matter's own page is.
async fn about(
    app: &App,
    signed: &Signed,
    kind: MatterKind,
    id: Id<ids::Matter>,
    what: &str,
) -> Result<Shown, casework::Error> {
    let (matter, sheet, _) = app
        .casework
        .ask_matter(&signed.viewer, kind, id, what)
        .await?;
    let page = sheet.back.clone();
    Ok(Shown::household(sheet, &matter.title, page))
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    kind: MatterKind,
) -> WebResult {
    let Ok(id) = id.parse() else {
        return Ok(errors::not_found());
    };
    let shown = about(&app, &signed, kind, id, &what).await?;
    asking::show(&app, &signed, shown).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<(String, String)>,
    kind: MatterKind,
    body: Bytes,
) -> WebResult {
    let Ok(id) = id.parse() else {
        return Ok(errors::not_found());
    };
    let shown = about(&app, &signed, kind, id, &what).await?;
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let what = what.as_str();
    asking::send(&app, &signed, shown, body, |posted| async move {
        casework
            .save_matter(viewer, kind, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

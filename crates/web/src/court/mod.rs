//! Court: the tracker, one case, a page for each form, and the register of
//! orders that deprive of liberty.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::Listed;
use casework::court::CourtForm;
use casework::court::board::{CaseRow, CourtBoard};
use casework::court::deprivation::DeprivationRow;
use casework::court::view::CasePage;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking;
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/court",
    "/court/deprivation",
    "/court/{court_case}",
    "/court/{court_case}/letter",
    "/court/{court_case}/meeting",
    "/court/{court_case}/issue",
    "/court/{court_case}/hearing",
    "/court/{court_case}/task",
    "/court/{court_case}/delay",
    "/court/{court_case}/stop",
    "/court/{court_case}/end",
    "/people/{person}/court",
    "/people/{person}/deprivation",
];

pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/court", get(board))
        .route("/court/deprivation", get(register))
        .route("/court/{id}", get(case))
        .route("/people/{id}/court", get(ask_gateway).post(gateway))
        .route(
            "/people/{id}/deprivation",
            get(ask_deprivation).post(deprivation),
        );
    CourtForm::ALL.into_iter().fold(router, |router, what| {
        let ask = move |app: State<App>, signed: Signed, id: At<ids::CourtCase>| {
            ask(app, signed, id, what)
        };
        let save = move |app: State<App>, signed: Signed, id: At<ids::CourtCase>, body: Bytes| {
            save(app, signed, id, what, body)
        };
        let path = format!("/court/{{id}}/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

#[derive(Template)]
#[template(path = "court/board.html")]
struct BoardPage {
    frame: Frame,
    board: CourtBoard,
}

impl BoardPage {
    /// The parts of the tracker: id, heading, what is said when there is none.
    fn parts(&self) -> [(&'static str, &'static str, &'static str, &Listed<CaseRow>); 3] {
        [
            (
                "in-court",
                "In court",
                "No case that is open to you is in court.",
                &self.board.in_court,
            ),
            (
                "before",
                "Before court",
                "No case that is open to you is in pre-proceedings.",
                &self.board.before,
            ),
            (
                "ended",
                "Ended in the last year",
                "No case that is open to you has ended.",
                &self.board.ended,
            ),
        ]
    }

    fn over(&self) -> usize {
        let over = |row: &&CaseRow| row.weeks.as_ref().is_some_and(|w| w.state == "late");
        self.board.in_court.iter().filter(over).count()
    }
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.court_board(&signed.viewer).await?,
        frame: signed.frame("Court"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "court/case.html")]
struct CaseTemplate {
    frame: Frame,
    top: ChildTop,
    page: CasePage,
    id: Id<ids::CourtCase>,
    names: String,
}

async fn case(State(app): State<App>, signed: Signed, At(id): At<ids::CourtCase>) -> WebResult {
    let page = app.casework.case_page(&signed.viewer, id).await?;
    let names = page.seen.names();
    Ok(Page(CaseTemplate {
        frame: signed
            .frame(format!("Court: {names}"))
            .with_back("Court", "/court"),
        top: ChildTop::new(app.casework.header(&page.seen.child).await?, Part::Care),
        page,
        id,
        names,
    })
    .into_response())
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CourtCase>,
    what: CourtForm,
) -> WebResult {
    let asking = app.casework.ask_court(&signed.viewer, id, what).await?;
    asking::show(&app, &signed, asking).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CourtCase>,
    what: CourtForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_court(viewer, id, what).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_court(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_gateway(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let asking = app.casework.ask_gateway(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn gateway(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_gateway(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_gateway(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "court/register.html")]
struct RegisterPage {
    frame: Frame,
    rows: Listed<DeprivationRow>,
}

async fn register(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(RegisterPage {
        rows: app.casework.deprivation_register(&signed.viewer).await?,
        frame: signed.frame("Deprivation of liberty"),
    })
    .into_response())
}

async fn ask_deprivation(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let asking = app.casework.ask_deprivation(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking).await
}

async fn deprivation(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_deprivation(viewer, id).await?;
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_deprivation(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

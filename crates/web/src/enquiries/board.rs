//! The board of what families ask of services, and one request with a page for
//! each form about it.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::enquiries::board::{EnquiryBoard, EnquiryPage};
use casework::enquiries::desk::{EnquiryForm, SentLink};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::plans::value;
use crate::ui::{Frame, Page, once};

pub(super) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/requests", get(board))
        .route("/requests/{id}", get(one))
        .route("/requests/{id}/link", post(link));
    EnquiryForm::ALL.into_iter().fold(router, |router, what| {
        let ask =
            move |app: State<App>, signed: Signed, id: At<ids::Enquiry>| ask(app, signed, id, what);
        let save = move |app: State<App>, signed: Signed, id: At<ids::Enquiry>, body: Bytes| {
            save(app, signed, id, what, body)
        };
        let path = format!("/requests/{{id}}/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

#[derive(Template)]
#[template(path = "enquiries/board.html")]
struct BoardPage {
    frame: Frame,
    board: EnquiryBoard,
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.enquiry_board(&signed.viewer).await?,
        frame: signed.frame("Requests from families"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "enquiries/one.html")]
struct OnePage {
    frame: Frame,
    page: EnquiryPage,
    id: Id<ids::Enquiry>,
    once: String,
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Enquiry>) -> WebResult {
    let page = app.casework.enquiry_page(&signed.viewer, id).await?;
    Ok(Page(OnePage {
        frame: signed
            .frame(format!("{}, {}", page.row.service, page.row.reference))
            .with_back("Requests from families", "/requests"),
        page,
        id,
        once: once(),
    })
    .into_response())
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Enquiry>,
    what: EnquiryForm,
) -> WebResult {
    let sheet = app
        .casework
        .ask_of_enquiry(&signed.viewer, id, what)
        .await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Enquiry>,
    what: EnquiryForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = Shown::alone(casework.ask_of_enquiry(viewer, id, what).await?);
    asking::send(&app, &signed, sheet, body, |posted| async move {
        casework
            .save_of_enquiry(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

/// A link for a service that was just made, and its letter.
#[derive(Template)]
#[template(path = "enquiries/link.html")]
pub(crate) struct LinkPage {
    pub frame: Frame,
    pub link: SentLink,
    pub back: String,
}

async fn link(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Enquiry>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let (site, token) = (app.link_base(&headers), value(&pairs, "once"));
    let link = app
        .casework
        .send_to_service(&signed.viewer, id, &site, token)
        .await?;
    let back = casework::enquiries::path(id);
    Ok(Page(LinkPage {
        frame: signed
            .frame("The link for the service")
            .with_back("Back to the request", back.clone()),
        link,
        back,
    })
    .into_response())
}

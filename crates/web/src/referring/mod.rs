//! Pages of referrals to services: choosing one for a plan in two clicks, the
//! referral itself with a page for each form about it, the board, and a whole
//! waiting list that moves to another service.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::referring::ReferralForm;
use casework::referring::board::{ReferralBoard, ReferralPage};
use casework::referring::choose::Choices;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::enquiries::LinkPage;
use crate::plans::{top, value};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/plans/{plan}/services",
    "/plans/{plan}/services/add",
    "/plans/{plan}/unmet-need",
    "/service-referrals",
    "/service-referrals/handover",
    "/service-referrals/{service_referral}",
    "/service-referrals/{service_referral}/answer",
    "/service-referrals/{service_referral}/move",
    "/service-referrals/{service_referral}/result",
    "/service-referrals/{service_referral}/link",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/plans/{id}/services", get(choose).post(choose_by))
        .route("/plans/{id}/services/add", post(add))
        .route("/plans/{id}/unmet-need", get(ask_unmet).post(unmet))
        .route("/service-referrals", get(board))
        .route(
            "/service-referrals/handover",
            get(ask_handover).post(handover),
        )
        .route("/service-referrals/{id}", get(one))
        .route("/service-referrals/{id}/link", post(link));
    ReferralForm::ALL.into_iter().fold(router, |router, what| {
        let ask = move |app: State<App>, signed: Signed, id: At<ids::ServiceReferral>| {
            ask(app, signed, id, what)
        };
        let save = move |app: State<App>,
                         signed: Signed,
                         id: At<ids::ServiceReferral>,
                         body: Bytes| { save(app, signed, id, what, body) };
        let path = format!("/service-referrals/{{id}}/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

#[derive(Template)]
#[template(path = "referring/choose.html")]
struct ChoosePage {
    frame: Frame,
    top: ChildTop,
    choices: Choices,
    plan: Id<ids::Plan>,
    once: String,
    name: String,
}

async fn choose(state: State<App>, signed: Signed, id: At<ids::Plan>) -> WebResult {
    choosing(state, signed, id, None).await
}

/// Words about a child never stand in an address: they are posted.
async fn choose_by(
    state: State<App>,
    signed: Signed,
    id: At<ids::Plan>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let text = value(&pairs, "q").to_owned();
    choosing(state, signed, id, Some(text)).await
}

async fn choosing(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    text: Option<String>,
) -> WebResult {
    let choices = app
        .casework
        .services_for(&signed.viewer, id, text.as_deref())
        .await?;
    let name = choices.seen.child.first_name();
    Ok(Page(ChoosePage {
        frame: signed
            .frame(format!("Find a service for {name}"))
            .with_back("Back to the plan", format!("/plans/{id}")),
        top: top(&app, &choices.seen.child).await?,
        choices,
        plan: id,
        once: once(),
        name,
    })
    .into_response())
}

async fn add(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let (service, token) = (value(&pairs, "service"), value(&pairs, "once"));
    let who = pairs.iter().filter(|(name, _)| name == "who");
    let who: Vec<&str> = who.map(|(_, id)| id.as_str()).collect();
    let done = app
        .casework
        .refer_to_service(&signed.viewer, id, service, &who, token)
        .await?;
    Ok(Notice::new(done.words).on(to(&done.to)))
}

async fn ask_unmet(State(app): State<App>, signed: Signed, At(id): At<ids::Plan>) -> WebResult {
    let asking = app.casework.ask_unmet(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::on(asking, Part::Plan)).await
}

async fn unmet(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = Shown::on(casework.ask_unmet(viewer, id).await?, Part::Plan);
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_unmet(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "referring/board.html")]
struct BoardPage {
    frame: Frame,
    board: ReferralBoard,
}

async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.referral_board(&signed.viewer).await?,
        frame: signed.frame("Referrals to services"),
    })
    .into_response())
}

async fn ask_handover(State(app): State<App>, signed: Signed) -> WebResult {
    let sheet = app.casework.ask_handover(&signed.viewer).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn handover(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = Shown::alone(casework.ask_handover(viewer).await?);
    asking::send(&app, &signed, sheet, body, |posted| async move {
        casework
            .save_handover(viewer, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "referring/one.html")]
struct OnePage {
    frame: Frame,
    top: ChildTop,
    page: ReferralPage,
    id: Id<ids::ServiceReferral>,
    once: String,
    name: String,
}

/// The link by which the service answers, shown once.
async fn link(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::ServiceReferral>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let (site, token) = (app.link_base(&headers), value(&pairs, "once"));
    let link = app
        .casework
        .send_referral(&signed.viewer, id, &site, token)
        .await?;
    let back = casework::referring::path(id);
    Ok(Page(LinkPage {
        frame: signed
            .frame("The link for the service")
            .with_back("Back to the referral", back.clone()),
        link,
        back,
    })
    .into_response())
}

async fn one(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::ServiceReferral>,
) -> WebResult {
    let page = app.casework.referral_page(&signed.viewer, id).await?;
    let name = page.seen.child();
    let plan = page.seen.row.plan_id;
    Ok(Page(OnePage {
        frame: signed
            .frame(format!("{} for {name}", page.seen.row.service))
            .with_back("Back to the plan", format!("/plans/{plan}")),
        top: top(&app, &page.seen.plan.child).await?,
        page,
        id,
        once: once(),
        name,
    })
    .into_response())
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::ServiceReferral>,
    what: ReferralForm,
) -> WebResult {
    let asking = app
        .casework
        .ask_of_referral(&signed.viewer, id, what)
        .await?;
    asking::show(&app, &signed, Shown::on(asking, Part::Plan)).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::ServiceReferral>,
    what: ReferralForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_of_referral(viewer, id, what).await?;
    let asking = Shown::on(asking, Part::Plan);
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_of_referral(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

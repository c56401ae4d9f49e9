//! The pages of those who work in a family centre: today's sessions, the
//! register on a telephone, new sessions.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::Error;
use casework::centres::book::{Booked, FORM};
use casework::centres::register::{Mark, Register};
use casework::centres::{CAPABILITY, CentrePage, SessionRow};
use casework::model::{Booking, FamilyCentre};
use casework::time;
use packs::{Answers, Finding};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebError, WebResult};
use crate::asking::{self, Shown};
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::value;
use crate::ui::{Frame, Notice, Page, once, to};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/centres", get(list))
        .route("/centres/{id}", get(one))
        .route("/centres/{id}/sessions/new", get(ask_new).post(save_new))
        .route("/centres/sessions/{id}", get(register))
        .route("/centres/sessions/{id}/mark", post(mark))
        .route("/centres/sessions/{id}/book", post(book))
        .route("/centres/sessions/{id}/call-off", post(call_off))
}

#[derive(Template)]
#[template(path = "centres/board.html")]
struct BoardPage {
    frame: Frame,
    centres: Vec<(FamilyCentre, Vec<SessionRow>)>,
}

fn only_there(signed: &Signed) -> Result<(), WebError> {
    match signed.viewer.can(CAPABILITY) {
        true => Ok(()),
        false => Err(WebError(Error::NotFound)),
    }
}

async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    only_there(&signed)?;
    Ok(Page(BoardPage {
        centres: app.casework.family_centres().await?,
        frame: signed.frame("Family centres"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "centres/centre.html")]
struct CentreStaffPage {
    frame: Frame,
    page: CentrePage,
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Centre>) -> WebResult {
    only_there(&signed)?;
    let page = app.casework.family_centre(id).await?;
    Ok(Page(CentreStaffPage {
        frame: signed
            .frame(page.centre.name.clone())
            .with_back("Family centres", "/centres"),
        page,
    })
    .into_response())
}

async fn ask_new(State(app): State<App>, signed: Signed, At(id): At<ids::Centre>) -> WebResult {
    let sheet = app.casework.ask_session(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn save_new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Centre>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = Shown::alone(casework.ask_session(viewer, id).await?);
    asking::send(&app, &signed, sheet, body, |posted| async move {
        casework
            .save_session(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Template)]
#[template(path = "centres/register.html")]
struct RegisterPage {
    frame: Frame,
    page: Register,
    fields: Option<Html>,
    once: String,
}

impl RegisterPage {
    /// How to ring a family, in short words.
    fn ring(&self, booking: &Booking) -> &'static str {
        match booking.message.as_deref() {
            Some("no") => "Leave no message",
            Some("plain") => "In a message do not say who you are",
            _ => "",
        }
    }

    fn children(&self, booking: &Booking) -> String {
        vocabulary::plain::count(booking.places, "child", "children")
    }

    fn came(&self, booking: &Booking) -> bool {
        booking.came == Some(true)
    }

    fn missed(&self, booking: &Booking) -> bool {
        booking.came == Some(false)
    }
}

async fn register(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CentreSession>,
) -> WebResult {
    show(&app, &signed, id, &Answers::new(), &[], once()).await
}

async fn show(
    app: &App,
    signed: &Signed,
    id: vocabulary::Id<ids::CentreSession>,
    typed: &Answers,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let page = app.casework.register(&signed.viewer, id).await?;
    let fields = match page.session.is_open() {
        true => Some(
            Fields::new(app.casework.form(FORM)?, typed, time::today())
                .section("answer")
                .findings(findings)
                .html()?,
        ),
        false => None,
    };
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(RegisterPage {
        frame: signed
            .frame(format!(
                "{}, {}",
                page.session.programme,
                page.session.day()
            ))
            .with_back(
                page.session.centre.clone(),
                format!("/centres/{}", page.session.row.centre_id),
            )
            .with_errors(forms::errors(findings)),
        page,
        fields,
        once,
    })
    .with_status(status))
}

async fn mark(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CentreSession>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let booking = value(&pairs, "booking").parse();
    let booking = booking.map_err(|_| WebError(Error::NotFound))?;
    let mark = Mark::from_word(value(&pairs, "what")).ok_or(WebError(Error::NotFound))?;
    app.casework.mark(&signed.viewer, id, booking, mark).await?;
    Ok(to(&format!("/centres/sessions/{id}#b-{booking}")))
}

async fn book(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CentreSession>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let booked = app
        .casework
        .book_for(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match booked {
        Ok(booked) => {
            let words = match booked {
                Booked::Place => "They have a place.",
                Booked::Waits => "There is no place left: they are on the waiting list.",
            };
            Ok(Notice::new(words).on(to(&format!("/centres/sessions/{id}"))))
        }
        Err(Error::Findings(findings)) => {
            show(&app, &signed, id, &posted.answers, &findings, posted.once).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn call_off(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::CentreSession>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    app.casework
        .call_off(&signed.viewer, id, value(&pairs, "why"))
        .await?;
    Ok(Notice::new("It is called off. Ring those who booked.")
        .on(to(&format!("/centres/sessions/{id}"))))
}

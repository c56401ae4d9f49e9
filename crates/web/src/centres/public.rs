//! What families see: the centres, today's sessions and the places left, a page
//! to book, and their own booking.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use axum_extra::extract::CookieJar;
use casework::Error;
use casework::centres::book::{Booked, FORM, MyBooking};
use casework::centres::{CentrePage, SessionRow};
use casework::model::FamilyCentre;
use casework::time;
use packs::{Answers, Finding};
use vocabulary::ids;

use crate::app::{App, At, WebResult};
use crate::ask::{EVERYDAY, may_send};
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::value;
use crate::ui::{Frame, Notice, Page, errors, once, to};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/family-centres", get(list))
        .route("/family-centres/{centre}", get(one))
        .route("/family-centres/sessions/{session}", get(ask).post(book))
        .route("/family-centres/bookings/{token}", get(mine).post(change))
}

#[derive(Template)]
#[template(path = "centres/list.html")]
struct ListPage {
    frame: Frame,
    centres: Vec<(FamilyCentre, Vec<SessionRow>)>,
}

async fn list(State(app): State<App>) -> WebResult {
    Ok(Page(ListPage {
        frame: Frame::public(app.casework.name(), "Family centres")
            .with_back("Find help for your family", "/services"),
        centres: app.casework.family_centres().await?,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "centres/one.html")]
struct OnePage {
    frame: Frame,
    page: CentrePage,
}

async fn one(State(app): State<App>, At(id): At<ids::Centre>) -> WebResult {
    let page = app.casework.family_centre(id).await?;
    Ok(Page(OnePage {
        frame: Frame::public(app.casework.name(), page.centre.name.clone())
            .with_back("Family centres", "/family-centres"),
        page,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "centres/book.html")]
struct BookPage {
    frame: Frame,
    session: SessionRow,
    fields: Option<Html>,
    once: String,
}

async fn ask(State(app): State<App>, jar: CookieJar, At(id): At<ids::CentreSession>) -> WebResult {
    let session = app.casework.centre_session(id).await?;
    let notice = Notice::from(&jar);
    let shown = show(&app, session, &Answers::new(), &[], once(), notice.as_ref())?;
    Ok(match notice {
        Some(_) => Notice::taken(shown),
        None => shown,
    })
}

fn show(
    app: &App,
    session: SessionRow,
    typed: &Answers,
    findings: &[Finding],
    once: String,
    notice: Option<&Notice>,
) -> WebResult {
    let fields = match session.is_open() {
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
    let title = match session.is_full() {
        true => format!("Wait for a place: {}", session.programme),
        false => format!("Book a place: {}", session.programme),
    };
    Ok(Page(BookPage {
        frame: Frame::public(app.casework.name(), title)
            .with_back(
                session.centre.clone(),
                format!("/family-centres/{}", session.row.centre_id),
            )
            .with_exit(EVERYDAY)
            .with_notice(notice.cloned())
            .with_errors(forms::errors(findings)),
        session,
        fields,
        once,
    })
    .with_status(status))
}

async fn book(State(app): State<App>, At(id): At<ids::CentreSession>, body: Bytes) -> WebResult {
    if !may_send() {
        return Ok(errors::too_many());
    }
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    match app.casework.book(id, &posted.answers, &posted.once).await {
        Ok((booked, token)) => {
            let words = match booked {
                Booked::Place => "You have a place.",
                Booked::Waits => "There is no place left. You are on the waiting list.",
            };
            Ok(Notice::new(words).on(to(&format!("/family-centres/bookings/{token}"))))
        }
        // The button was pressed twice: the first press counts.
        Err(Error::Already(to_page)) => {
            let words = "That was sent already, and counts once. If you did not see your booking, ring the centre.";
            Ok(Notice::new(words).on(to(&to_page)))
        }
        Err(Error::Findings(findings)) => {
            let session = app.casework.centre_session(id).await?;
            show(&app, session, &posted.answers, &findings, posted.once, None)
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "centres/mine.html")]
struct MinePage {
    frame: Frame,
    page: MyBooking,
    token: String,
}

impl MinePage {
    fn stands(&self) -> &'static str {
        match self.page.row.state.as_str() {
            _ if self.page.session.row.called_off.is_some() => "This session is called off.",
            "booked" => "You have a place.",
            "offered" => "A place has fallen free, and it is held for you.",
            "waiting" => "You are on the waiting list.",
            _ => "You have given your place up.",
        }
    }

    fn is_open(&self) -> bool {
        self.page.session.is_open()
    }

    fn before(&self) -> String {
        vocabulary::plain::count(self.page.before, "family has", "families have")
    }
}

async fn mine(State(app): State<App>, jar: CookieJar, Path(token): Path<String>) -> WebResult {
    let page = match app.casework.my_booking(&token).await {
        Ok(page) => page,
        Err(Error::NotFound) => return Ok(dead()),
        Err(other) => return Err(other.into()),
    };
    let notice = Notice::from(&jar);
    let shown = Page(MinePage {
        frame: Frame::public(app.casework.name(), "Your booking")
            .with_back(
                page.session.centre.clone(),
                format!("/family-centres/{}", page.session.row.centre_id),
            )
            .with_exit(EVERYDAY)
            .with_notice(notice.clone()),
        page,
        token,
    })
    .into_response();
    Ok(match notice {
        Some(_) => Notice::taken(shown),
        None => shown,
    })
}

async fn change(
    State(app): State<App>,
    Path(token): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let takes = value(&pairs, "what") == "take";
    match app.casework.change_my_booking(&token, takes).await {
        Ok(()) => {
            let words = match takes {
                true => "You have the place.",
                false => "You have given your place up.",
            };
            Ok(Notice::new(words).on(to(&format!("/family-centres/bookings/{token}"))))
        }
        Err(Error::NotFound) => Ok(dead()),
        Err(other) => Err(other.into()),
    }
}

/// Every link that does not open looks alike; whoever tries many waits.
fn dead() -> Response {
    match crate::enquiries::may_miss() {
        true => errors::not_found(),
        false => errors::too_many(),
    }
}

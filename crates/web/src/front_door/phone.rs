//! Taking a contact by telephone: one page, five answers that are needed, and
//! the child may be unknown for now (UX03).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::find::{Match, Wanted};
use casework::front_door::Route;
use casework::front_door::incoming::PHONE_DRAFT;
use casework::{Listed, time};
use packs::{Answers, Finding};

use super::{Body, read};
use crate::app::{App, Signed, WebResult};
use crate::drafts;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "front_door/phone.html")]
struct PhonePage {
    frame: Frame,
    fields: Html,
    once: String,
    restored: bool,
    draft: &'static str,
}

/// The empty page, or what was being written.
pub(super) async fn new(State(app): State<App>, signed: Signed) -> WebResult {
    if !signed.viewer.can("contact.take") {
        return Ok(errors::not_found());
    }
    let form = app.casework.form(Route::Phone.form())?;
    let draft = app.casework.my_draft(&signed.viewer, PHONE_DRAFT).await?;
    let answers = match &draft {
        Some(draft) => Answers::from_pairs(form, drafts::pairs_of(draft)),
        None => Answers::new(),
    };
    page(&app, &signed, &answers, &[], None, draft.is_some())
}

fn page(
    app: &App,
    signed: &Signed,
    answers: &Answers,
    findings: &[Finding],
    posted: Option<&Posted>,
    restored: bool,
) -> WebResult {
    let form = app.casework.form(Route::Phone.form())?;
    let fields = Fields::new(form, answers, time::today())
        .findings(findings)
        .adding(posted.and_then(Posted::adding))
        .html();
    let page = Page(PhonePage {
        frame: signed
            .frame("Take a call")
            .with_back("Front door", "/front-door")
            .with_errors(forms::errors(findings)),
        fields: match fields {
            Ok(fields) => fields,
            Err(problem) => return Ok(errors::broken(&problem)),
        },
        once: posted.map_or_else(once, |posted| posted.once.clone()),
        restored,
        draft: PHONE_DRAFT,
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// Saves the contact; it is on the board at once.
pub(super) async fn take(State(app): State<App>, signed: Signed, body: Body) -> WebResult {
    let form = app.casework.form(Route::Phone.form())?;
    let posted = read(form, body)?;
    if posted.reshape.is_some() {
        return page(&app, &signed, &posted.answers, &[], Some(&posted), false);
    }
    if posted.then == "later" {
        drafts::keep_draft(&app, &signed.viewer, PHONE_DRAFT, &posted.pairs).await?;
        return Ok(
            Notice::new("Kept for later. You find it under unfinished writing.").on(to("/")),
        );
    }
    let taken = app
        .casework
        .take_call(&signed.viewer, &posted.answers, &posted.once)
        .await;
    match taken {
        Ok(received) => {
            let words = format!(
                "Contact saved. The reference for the caller is {}.",
                received.reference
            );
            Ok(Notice::new(words).on(to(&format!("/contacts/{}", received.contact))))
        }
        Err(Error::Findings(findings)) => page(
            &app,
            &signed,
            &posted.answers,
            &findings,
            Some(&posted),
            false,
        ),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "front_door/hints.html")]
struct Hints {
    matches: Listed<Match>,
}

/// While the name is typed: who may be known already, and who works with them.
/// A piece of a page; 204 when nobody is found.
pub(super) async fn hints(State(app): State<App>, signed: Signed, body: Body) -> WebResult {
    let form = app.casework.form(Route::Phone.form())?;
    let posted = read(form, body)?;
    if !signed.viewer.can("contact.take") || !signed.viewer.can("people.search") {
        return Ok(errors::not_found());
    }
    let Some(child) = posted.answers.groups("children").pop() else {
        return Ok(nobody());
    };
    let wanted = Wanted {
        given: child.text("given").to_owned(),
        family: child.text("family").to_owned(),
        born: child.date("born"),
        postcode: posted.answers.text("postcode").to_owned(),
        text: String::new(),
    };
    let matches = app
        .casework
        .find(&signed.viewer, &wanted, "front-door/new")
        .await?;
    if matches.is_empty() {
        return Ok(nobody());
    }
    Ok(Page(Hints { matches }).into_response())
}

fn nobody() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

//! Telling the person who made contact what was decided, and putting on record
//! that they were told (R001-11).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::front_door::contact::ContactView;
use casework::front_door::telling::tell_draft;
use casework::model::ContactState;
use casework::time;
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use super::{Body, read};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts;
use crate::forms::{self, Fields, Html};
use crate::ui::{Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "front_door/tell.html")]
struct TellPage {
    frame: Frame,
    view: ContactView,
    fields: Html,
    once: String,
    draft: String,
    safe: Option<String>,
}

/// The pack's letter, ready to be changed and said.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    let view = app.casework.contact_view(&signed.viewer, id).await?;
    if view.contact.state != ContactState::Decided {
        let words = "There is nothing to tell yet: this contact is not decided.";
        return Ok(Notice::new(words).on(to(&format!("/contacts/{id}"))));
    }
    let form = app.casework.form("tell-referrer")?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &tell_draft(id))
        .await?;
    let answers = match draft {
        Some(draft) => Answers::from_pairs(form, drafts::pairs_of(&draft)),
        None => {
            let mut answers = Answers::new();
            let words = app
                .casework
                .words_for_referrer(&signed.viewer, &view.contact)
                .await?;
            answers.set("said", words);
            answers
        }
    };
    page(&app, &signed, view, &answers, &[], once())
}

fn page(
    app: &App,
    signed: &Signed,
    view: ContactView,
    answers: &Answers,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let form = app.casework.form("tell-referrer")?;
    let fields = Fields::new(form, answers, time::today())
        .findings(findings)
        .html();
    let id: Id<ids::Contact> = view.contact.id;
    let safe = view.told.iter().flat_map(|section| &section.lines);
    let safe = safe
        .filter(|(name, _, _)| name == "safe_contact" || name == "safe_when")
        .map(|(_, _, answer)| answer.as_str())
        .collect::<Vec<_>>()
        .join("; ");
    let page = Page(TellPage {
        frame: signed
            .frame("Tell the person who made contact")
            .with_back("Contact", format!("/contacts/{id}"))
            .with_errors(forms::errors(findings)),
        fields: match fields {
            Ok(fields) => fields,
            Err(problem) => return Ok(errors::broken(&problem)),
        },
        draft: tell_draft(id),
        safe: Some(safe).filter(|words| !words.is_empty()),
        once,
        view,
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// Records that they were told, or why that was not possible.
pub(super) async fn tell(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let form = app.casework.form("tell-referrer")?;
    let posted = read(form, body)?;
    let here = format!("/contacts/{id}");
    if posted.then == "later" {
        drafts::keep_draft(&app, &signed.viewer, &tell_draft(id), &posted.pairs).await?;
        let words = "Kept for later. You find it under unfinished writing.";
        return Ok(Notice::new(words).on(to(&here)));
    }
    let told = app
        .casework
        .tell_referrer(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match told {
        Ok(()) => Ok(Notice::new("It is on record that they were told.").on(to(&here))),
        Err(Error::Findings(findings)) => {
            let view = app.casework.contact_view(&signed.viewer, id).await?;
            page(&app, &signed, view, &posted.answers, &findings, posted.once)
        }
        Err(other) => Err(other.into()),
    }
}

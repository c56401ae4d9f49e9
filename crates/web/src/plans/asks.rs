//! What the family asked of a plan, and its answer: one small page each.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::plans::PlanSeen;
use casework::plans::asks::{ANSWER_FORM, FORM};
use casework::{Error, time};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use super::top;
use crate::app::{App, At, Signed, WebError, WebResult};
use crate::forms::{self, Fields, Html, PersonChoice, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "plans/ask.html")]
struct AskPage {
    frame: Frame,
    top: ChildTop,
    title: String,
    /// What was asked, when it is answered.
    asked: Option<(String, String)>,
    fields: Html,
    once: String,
    button: String,
}

/// What the page says, beside the form.
struct Words {
    title: String,
    asked: Option<(String, String)>,
    button: String,
}

async fn show(
    app: &App,
    signed: &Signed,
    seen: &PlanSeen,
    (form, people): (&str, &[PersonChoice]),
    (answers, findings): (&Answers, &[Finding]),
    words: Words,
) -> WebResult {
    let fields = Fields::new(app.casework.form(form)?, answers, time::today())
        .findings(findings)
        .people(people)
        .html()
        .map_err(|e| WebError(Error::Refused(e.to_string())))?;
    let status = match findings {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(AskPage {
        frame: signed
            .frame(words.title.clone())
            .with_back("Back to the plan", format!("/plans/{}", seen.plan.id))
            .with_errors(forms::errors(findings)),
        top: top(app, &seen.child).await?,
        title: words.title,
        asked: words.asked,
        fields,
        once: once(),
        button: words.button,
    })
    .with_status(status))
}

async fn asking(
    app: &App,
    signed: &Signed,
    plan: Id<ids::Plan>,
    typed: (&Answers, &[Finding]),
) -> WebResult {
    let (seen, family) = app.casework.who_asks(&signed.viewer, plan).await?;
    let people: Vec<PersonChoice> = family
        .members
        .iter()
        .map(|(_, person)| PersonChoice {
            id: person.id.to_string(),
            name: person.name(),
            note: String::new(),
            child: person.kind != casework::model::PersonKind::Adult,
        })
        .collect();
    let words = Words {
        title: "What did they ask for?".into(),
        asked: None,
        button: format!("Keep it on the plan for {}", seen.names()),
    };
    show(app, signed, &seen, (FORM, &people), typed, words).await
}

/// GET /plans/{id}/asks/new
pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(plan): At<ids::Plan>,
) -> WebResult {
    asking(&app, &signed, plan, (&Answers::new(), &[])).await
}

/// POST /plans/{id}/asks/new
pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    At(plan): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let added = app
        .casework
        .add_ask(&signed.viewer, plan, &posted.answers, &posted.once)
        .await;
    match added {
        Ok(()) => Ok(Notice::new("It stands on the plan.").on(to(&format!("/plans/{plan}#asks")))),
        Err(Error::Findings(findings)) => {
            asking(&app, &signed, plan, (&posted.answers, &findings)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn answering(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    typed: (&Answers, &[Finding]),
) -> WebResult {
    let (seen, ask) = app.casework.ask_to_answer(&signed.viewer, id).await?;
    let words = Words {
        title: format!("Answer {}", ask.asked_by),
        button: format!("Save the answer to {}", ask.asked_by),
        asked: Some((ask.asked_by, ask.words)),
    };
    show(app, signed, &seen, (ANSWER_FORM, &[]), typed, words).await
}

/// GET /asks/{id}
pub(super) async fn ask_answer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    answering(&app, &signed, id, (&Answers::new(), &[])).await
}

/// POST /asks/{id}
pub(super) async fn answer(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(ANSWER_FORM)?, &body);
    let saved = app
        .casework
        .answer_ask(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match saved {
        Ok(plan) => {
            let goes = to(&format!("/plans/{plan}#asks"));
            Ok(Notice::new("The answer stands on the plan.").on(goes))
        }
        Err(Error::Findings(findings)) => {
            answering(&app, &signed, id, (&posted.answers, &findings)).await
        }
        Err(other) => Err(other.into()),
    }
}

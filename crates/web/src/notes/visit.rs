//! A visit: five short answers and the words, on a telephone too (UX06).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::notes::{NewVisit, VisitForm, visit_draft};
use casework::{Error, time};
use packs::{Answers, Finding, Severity};
use vocabulary::{Id, ids, plain};

use super::note::{DraftLine, later};
use crate::app::{App, At, Signed, WebError, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "notes/visit_new.html")]
struct VisitPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    button: String,
    plain_button: String,
    target: String,
    fields: Html,
    warned: bool,
    once: String,
    draft: Option<DraftLine>,
}

pub(super) async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &visit_draft(id))
        .await?;
    let (person, visit) = app.casework.visit_form(&signed.viewer, id).await?;
    let mut answers = Answers::from_pairs(
        &visit.form,
        draft.as_ref().map(pairs_of).unwrap_or_default(),
    );
    if draft.is_none() {
        let now = time::now_local().format("%Y-%m-%dT%H:%M").to_string();
        answers.set("happened_at", now);
    }
    let header = app.casework.header(&person).await?;
    let top = ChildTop::new(header, Part::Other);
    let line = draft.as_ref().map(DraftLine::of);
    let page = page(&signed, top, &visit, &answers, &[], once(), line)?;
    Ok(Page(page).into_response())
}

fn page(
    signed: &Signed,
    top: ChildTop,
    visit: &VisitForm,
    answers: &Answers,
    findings: &[Finding],
    once: String,
    draft: Option<DraftLine>,
) -> WebResult<VisitPage> {
    let me = &visit.circle.me;
    let fields = Fields::new(&visit.form, answers, time::today())
        .findings(findings)
        .html()?;
    let others = visit.circle.children().next().is_some();
    Ok(VisitPage {
        frame: signed
            .frame(format!("Record a visit: {}", me.name))
            .with_errors(forms::errors(findings)),
        top,
        id: me.id,
        name: me.first_name.clone(),
        button: match others {
            true => format!("Save visit to {}, and those ticked", me.with_age()),
            false => format!("Save visit to {}", me.with_age()),
        },
        plain_button: format!("Save visit to {}", me.with_age()),
        target: visit_draft(me.id),
        fields,
        warned: findings.iter().any(|f| f.severity == Severity::Warn),
        once,
        draft,
    })
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (person, visit) = app.casework.visit_form(&signed.viewer, id).await?;
    let posted = Posted::read(&visit.form, &body);
    if posted.then == "later" {
        return later(&app, &signed, &visit_draft(id), &posted).await;
    }
    let new = NewVisit {
        person: id,
        answers: posted.answers.clone(),
        warned: !posted.other("warned").is_empty(),
        once: posted.once.clone(),
    };
    match app.casework.save_visit(&signed.viewer, &new).await {
        Ok(saved) => {
            let words = format!("Visit saved for {}.", plain::list(&saved.children));
            Ok(Notice::new(words).on(to(&format!("/people/{id}/story"))))
        }
        Err(Error::Findings(findings)) => {
            let header = app.casework.header(&person).await?;
            let top = ChildTop::new(header, Part::Other);
            let shown = page(
                &signed,
                top,
                &visit,
                &posted.answers,
                &findings,
                posted.once,
                None,
            )?;
            Ok(Page(shown).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(WebError(other)),
    }
}

//! Ending a plan: what is different for the child, how each goal turned out,
//! then to a manager.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::model::StepState;
use casework::plans::close::{Closing, closure_of};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use super::{ask_again, top};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "plans/close.html")]
struct ClosePage {
    frame: Frame,
    top: ChildTop,
    closing: Closing,
    fields: Html,
    asked: bool,
    once: String,
}

impl ClosePage {
    fn plan(&self) -> Id<ids::Plan> {
        self.closing.seen.plan.id
    }

    fn waits(&self) -> bool {
        let state = self.closing.step.as_ref().map(|s| s.state);
        state == Some(StepState::Submitted)
    }

    /// The manager's words, when it was sent back.
    fn sent_back(&self) -> Option<&str> {
        let step = self.closing.step.as_ref()?;
        (step.state == StepState::SentBack).then(|| {
            step.settled_words
                .as_deref()
                .unwrap_or("No reason was given.")
        })
    }

    fn names(&self) -> String {
        self.closing.seen.names()
    }
}

pub(super) async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
) -> WebResult {
    let target = format!("close:{id}");
    let draft = app.casework.my_draft(&signed.viewer, &target).await?;
    let closing = app.casework.plan_to_close(&signed.viewer, id).await?;
    let form = app.casework.form(closure_of(&closing.seen.plan.kind).1)?;
    let typed = draft.as_ref().map(|draft| {
        let pairs = pairs_of(draft);
        Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)))
    });
    show(&app, &signed, closing, typed, None, &[], once()).await
}

pub(super) async fn send(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let closing = app.casework.plan_to_close(&signed.viewer, id).await?;
    let form = app.casework.form(closure_of(&closing.seen.plan.kind).1)?;
    let posted = Posted::read(form, &body);
    let token = match posted.once.as_str() {
        "" => once(),
        token => token.to_owned(),
    };
    if posted.reshape.is_some() {
        let adding = posted.adding().map(str::to_owned);
        return show(
            &app,
            &signed,
            closing,
            Some(posted.answers),
            adding,
            &[],
            token,
        )
        .await;
    }
    let findings = form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        return show(
            &app,
            &signed,
            closing,
            Some(posted.answers),
            None,
            &findings,
            token,
        )
        .await;
    }
    let sent = app
        .casework
        .ask_to_close(&signed.viewer, id, &posted.answers, &token)
        .await;
    match sent {
        Ok(_) => Ok(
            Notice::new("Sent to your manager. The plan goes on until they agree.")
                .on(to(&format!("/plans/{id}"))),
        ),
        Err(Error::Findings(findings)) => {
            show(
                &app,
                &signed,
                closing,
                Some(posted.answers),
                None,
                &findings,
                token,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    closing: Closing,
    typed: Option<Answers>,
    adding: Option<String>,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let id = closing.seen.plan.id;
    let form = app.casework.form(closure_of(&closing.seen.plan.kind).1)?;
    let answers = typed.unwrap_or_else(|| closing.answers.clone());
    let fields = Fields::new(form, &answers, signed.viewer.today)
        .findings(findings)
        .adding(adding.as_deref())
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(ClosePage {
        frame: signed
            .frame(format!("End the plan for {}", closing.seen.names()))
            .with_back("Back to the plan", format!("/plans/{id}"))
            .with_errors(forms::errors(findings)),
        top: top(app, &closing.seen.child).await?,
        fields,
        asked: !findings.is_empty(),
        once,
        closing,
    })
    .with_status(status))
}

//! A strategy discussion on one page: the partners, what is known, the
//! decision (UX08, UX09).

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::protection::{From, Seated, StrategyPage};
use casework::time;
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use super::table::{seated, table};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{top, value};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "protection/strategy.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    of: StrategyPage,
    fields: Html,
    table: Html,
    once: String,
}

impl View {
    /// "Held 1 hour and 35 minutes after the contact."
    fn took(&self) -> Option<String> {
        let minutes = self.of.minutes?;
        let words = match minutes {
            0..120 => plain::count(minutes, "minute", "minutes"),
            _ => plain::count(minutes / 60, "hour", "hours"),
        };
        Some(format!("Held {words} after the contact."))
    }

    fn state(&self) -> &'static str {
        casework::steps::state_words(self.of.seen.step.state)
    }

    fn when(&self) -> String {
        match self.of.meeting.state.as_str() {
            "held" => plain::date_time(time::local(self.of.meeting.held_at)),
            _ => String::new(),
        }
    }
}

async fn begin(app: &App, signed: &Signed, from: From, pairs: &Pairs) -> WebResult {
    let token = value(pairs, "once");
    let step = app
        .casework
        .start_strategy(&signed.viewer, from, token)
        .await?;
    Ok(to(&format!("/strategy/{step}")))
}

pub(super) async fn from_contact(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    begin(&app, &signed, From::Contact(id), &pairs).await
}

pub(super) async fn from_child(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    begin(&app, &signed, From::Child(id), &pairs).await
}

pub(super) async fn from_step(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    begin(&app, &signed, From::Step(id), &pairs).await
}

pub(super) async fn from_plan(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    begin(&app, &signed, From::Plan(id), &pairs).await
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let of = app.casework.strategy(&signed.viewer, id).await?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("strategy:{id}"))
        .await?;
    let pairs = draft.as_ref().map(pairs_of).unwrap_or_default();
    let mut answers = match pairs.is_empty() {
        true => of.answers.clone(),
        false => Answers::from_pairs(&of.form, pairs.iter().map(|(k, v)| (k, v))),
    };
    if answers.text("held_at").is_empty() {
        answers.set("held_at", now());
    }
    page(&app, &signed, of, &answers, &seated(&pairs), &[], once()).await
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    body: Bytes,
) -> WebResult {
    let of = app.casework.strategy(&signed.viewer, id).await?;
    let posted = Posted::read(&of.form, &body);
    let seats = seated(&posted.pairs);
    let saved = app
        .casework
        .record_strategy(&signed.viewer, id, &posted.answers, &seats, &posted.once)
        .await;
    match saved {
        Ok(begun) => {
            let words = match begun.is_empty() {
                true => "The decision is on record.",
                false => "The decision is on record, and the enquiries have begun.",
            };
            Ok(Notice::new(words).on(to(&format!("/strategy/{id}"))))
        }
        Err(Error::Findings(found)) => {
            page(
                &app,
                &signed,
                of,
                &posted.answers,
                &seats,
                &found,
                posted.once,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    of: StrategyPage,
    answers: &Answers,
    seats: &[Seated],
    findings: &[Finding],
    once: String,
) -> WebResult {
    let fields = Fields::new(&of.form, answers, signed.viewer.today)
        .findings(findings)
        .html()?;
    let errors = forms::errors(findings);
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(View {
        table: table(app, &of.seats, seats, &errors, false)?,
        frame: signed
            .frame(format!("Strategy discussion for {}", of.seen.names()))
            .with_errors(errors),
        top: top(app, &of.seen.first).await?,
        fields,
        of,
        once,
    })
    .with_status(status))
}

/// Now, as a form posts a moment.
pub(super) fn now() -> String {
    time::now_local().format("%Y-%m-%dT%H:%M").to_string()
}

/// Where a step's page goes when it has one of its own.
pub(crate) fn own_page(kind: &str, id: Id<ids::Step>) -> Option<String> {
    let path = casework::steps::path_of_kind(kind, id);
    (!path.starts_with("/steps/")).then_some(path)
}

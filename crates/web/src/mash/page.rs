//! The partners' part of a contact.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::mash::MashView;
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::value;
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "mash/page.html")]
struct View {
    frame: Frame,
    of: MashView,
    ask: Html,
    analysis: Html,
    asking: bool,
    changing: bool,
    urgencies: Vec<(String, String)>,
    once: String,
    other: String,
    third: String,
}

impl View {
    fn urgency(&self, code: &str) -> &str {
        let found = self.urgencies.iter().find(|(known, _)| known == code);
        found.map_or("", |(_, label)| label.as_str())
    }

    fn colour(&self, code: &str) -> &'static str {
        match code {
            "red" => "red",
            "amber" => "orange",
            _ => "green",
        }
    }

    /// "Still waiting for Police and Health."
    fn waiting(&self) -> String {
        format!("Still waiting for {}", plain::list(&self.of.waiting))
    }
}

/// What was typed in one of the forms of the page.
#[derive(Default)]
struct Typed {
    ask: Answers,
    analysis: Option<Answers>,
    asking: bool,
    changing: bool,
    findings: Vec<Finding>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    page(&app, &signed, id, Typed::default()).await
}

async fn page(app: &App, signed: &Signed, id: Id<ids::Contact>, typed: Typed) -> WebResult {
    let of = app.casework.mash(&signed.viewer, id).await?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("mash:{id}"))
        .await?;
    let drafted = draft.as_ref().map(pairs_of);
    let written = match (typed.analysis, drafted) {
        (Some(answers), _) => answers,
        (None, Some(pairs)) => Answers::from_pairs(&of.form, pairs.iter().map(|(k, v)| (k, v))),
        (None, None) => of.analysis.clone(),
    };
    let mut ask = of.ask.clone();
    if of.rag.is_some() {
        // One urgency for the whole contact: it is changed in its own place.
        for section in &mut ask.sections {
            section.fields.retain(|field| field.name != "rag");
        }
    }
    let of_ask: &[Finding] = if typed.asking { &typed.findings } else { &[] };
    let of_analysis: &[Finding] = match typed.asking || typed.changing {
        true => &[],
        false => &typed.findings,
    };
    let today = signed.viewer.today;
    let urgencies = app
        .casework
        .pack()
        .codes("mash-urgency", today)
        .map(|set| {
            let codes = set.codes.iter();
            codes.map(|c| (c.code.clone(), c.label.clone())).collect()
        })
        .unwrap_or_default();
    let status = match typed.findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(View {
        ask: Fields::new(&ask, &typed.ask, today)
            .findings(of_ask)
            .html()?,
        analysis: Fields::new(&of.form, &written, today)
            .findings(of_analysis)
            .html()?,
        frame: signed
            .frame(format!("Partners on contact {}", of.contact.reference))
            .with_back("Back to the contact", format!("/contacts/{id}"))
            .with_errors(forms::errors(&typed.findings)),
        asking: typed.asking,
        changing: typed.changing,
        urgencies,
        once: once(),
        other: once(),
        third: once(),
        of,
    })
    .with_status(status))
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Bytes,
) -> WebResult {
    let of = app.casework.mash(&signed.viewer, id).await?;
    let mut posted = Posted::read(&of.ask, &body);
    if let Some(rag) = &of.rag {
        posted.answers.set("rag", rag.clone());
    }
    let done = app
        .casework
        .ask_partners(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let typed = Typed {
        ask: posted.answers,
        asking: true,
        ..Typed::default()
    };
    after(
        &app,
        &signed,
        id,
        done,
        typed,
        "The partners are asked, and the clock runs.",
    )
    .await
}

pub(super) async fn urgency(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let (rag, reason) = (value(&pairs, "rag"), value(&pairs, "rag_reason"));
    let done = app
        .casework
        .change_urgency(&signed.viewer, id, rag, reason, value(&pairs, "once"))
        .await;
    let typed = Typed {
        changing: true,
        ..Typed::default()
    };
    after(
        &app,
        &signed,
        id,
        done,
        typed,
        "The urgency is changed, with your reason.",
    )
    .await
}

pub(super) async fn analysis(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form("mash-analysis")?, &body);
    let done = app
        .casework
        .write_analysis(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let typed = Typed {
        analysis: Some(posted.answers),
        ..Typed::default()
    };
    after(
        &app,
        &signed,
        id,
        done,
        typed,
        "The analysis is saved. A manager decides.",
    )
    .await
}

async fn after(
    app: &App,
    signed: &Signed,
    id: Id<ids::Contact>,
    done: Result<(), Error>,
    typed: Typed,
    words: &str,
) -> WebResult {
    match done {
        Ok(()) => Ok(Notice::new(words).on(to(&format!("/contacts/{id}/mash")))),
        Err(Error::Findings(findings)) => page(app, signed, id, Typed { findings, ..typed }).await,
        Err(other) => Err(other.into()),
    }
}

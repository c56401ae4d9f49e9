//! Questions about a child between practitioners: ask, read, write back.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Router};
use casework::questions::{ANSWER, QuestionLine, QuestionView};
use casework::{Error, Listed};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::team::value;
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/questions",
    "/questions/{question}",
    "/questions/{question}/end",
    "/people/{person}/questions",
    "/people/{person}/questions/new",
    "/index/{look_up}/ask",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/questions", get(mine))
        .route("/questions/{id}", get(show).post(write))
        .route("/questions/{id}/end", post(end))
        .route("/people/{id}/questions", get(of_child))
        .route("/people/{id}/questions/new", get(ask).post(send))
        .route("/index/{id}/ask", get(ask_from_index).post(send_from_index))
}

#[derive(Template)]
#[template(path = "questions/list.html")]
struct ListPage {
    frame: Frame,
    top: Option<ChildTop>,
    title: String,
    lines: Vec<QuestionLine>,
    new: Option<(String, String)>,
}

async fn mine(State(app): State<App>, signed: Signed) -> WebResult {
    let lines: Listed<QuestionLine> = app
        .casework
        .my_questions(&signed.viewer, "questions")
        .await?;
    Ok(Page(ListPage {
        frame: signed.frame("Questions"),
        top: None,
        title: "Questions about children".into(),
        lines: lines.into_iter().collect(),
        new: None,
    })
    .into_response())
}

async fn of_child(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let (child, reads, lines) = app.casework.questions_of(&signed.viewer, id).await?;
    let title = format!("Questions about {}", child.first_name());
    let may_ask = casework::questions::asks_about(&signed.viewer)
        && child.kind != casework::model::PersonKind::Adult;
    Ok(Page(ListPage {
        frame: signed.frame(title.clone()),
        top: match reads {
            true => Some(ChildTop::new(
                app.casework.header(&child).await?,
                Part::Other,
            )),
            false => None,
        },
        title,
        lines,
        new: may_ask.then(|| {
            let words = format!("Ask somebody about {}", child.first_name());
            (words, format!("/people/{id}/questions/new"))
        }),
    })
    .into_response())
}

async fn ask(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let shown = asked(&app, &signed, id).await?;
    asking::show(&app, &signed, shown).await
}

/// The form: with the child's header for whoever reads the record.
async fn asked(app: &App, signed: &Signed, id: Id<ids::Person>) -> WebResult<Shown> {
    let asking = app.casework.ask_question(&signed.viewer, id).await?;
    let read = casework::Asked::to_read("questions");
    let gate = app.casework.gate();
    Ok(match gate.allows(&signed.viewer, &asking.child, read) {
        true => Shown::from(asking),
        false => Shown::alone(asking.sheet),
    })
}

async fn send(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let shown = asked(&app, &signed, id).await?;
    let (casework, viewer) = (&app.casework, &signed.viewer);
    asking::send(&app, &signed, shown, body, |posted| async move {
        casework
            .send_question(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_from_index(
    State(app): State<App>,
    signed: Signed,
    At(look): At<ids::Part>,
) -> WebResult {
    let asker = app.casework.ask_from_index(&signed.viewer, look).await?;
    asking::show(&app, &signed, Shown::alone(asker.sheet)).await
}

async fn send_from_index(
    State(app): State<App>,
    signed: Signed,
    At(look): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asker = casework.ask_from_index(viewer, look).await?;
    asking::send(
        &app,
        &signed,
        Shown::alone(asker.sheet),
        body,
        |posted| async move {
            casework
                .send_from_index(viewer, look, &posted.answers, &posted.once)
                .await
        },
    )
    .await
}

#[derive(Template)]
#[template(path = "questions/one.html")]
struct OnePage {
    frame: Frame,
    top: Option<ChildTop>,
    name: String,
    of: QuestionView,
    fields: Html,
    once: String,
}

async fn page(
    app: &App,
    signed: &Signed,
    of: QuestionView,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult {
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(OnePage {
        fields: Fields::new(&of.sheet.form, answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame("A question about a child")
            .with_back("All questions", "/questions")
            .with_errors(forms::errors(findings)),
        top: match of.reads {
            true => Some(ChildTop::new(
                app.casework.header(&of.child).await?,
                Part::Other,
            )),
            false => None,
        },
        name: of.child.name(),
        once: once(),
        of,
    })
    .with_status(status))
}

async fn show(State(app): State<App>, signed: Signed, At(id): At<ids::Part>) -> WebResult {
    let of = app.casework.question(&signed.viewer, id).await?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &of.sheet.draft())
        .await?;
    let answers = match draft.as_ref().map(pairs_of) {
        Some(pairs) => Answers::from_pairs(&of.sheet.form, pairs.iter().map(|(k, v)| (k, v))),
        None => Answers::new(),
    };
    page(&app, &signed, of, &answers, &[]).await
}

async fn write(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let posted = Posted::read(casework.form(ANSWER)?, &body);
    match casework
        .write_back(viewer, id, &posted.answers, &posted.once)
        .await
    {
        Ok(()) => Ok(Notice::new("Sent.").on(to(&format!("/questions/{id}")))),
        Err(Error::Findings(findings)) => {
            let of = casework.question(viewer, id).await?;
            page(&app, &signed, of, &posted.answers, &findings).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn end(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    app.casework
        .end_question(&signed.viewer, id, &value(&pairs, "once"))
        .await?;
    Ok(Notice::new("Over. It stays in the record.").on(to("/questions")))
}

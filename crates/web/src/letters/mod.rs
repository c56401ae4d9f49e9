//! Letters to children and families: writing one from a first draft, reading
//! and printing it, and saying how it was given.

use askama::Template;
use axum::Form;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use casework::letters::{LetterLine, LetterSeen, LetterStart, NewLetter, Post, draft_of};
use casework::steps::DecisionPage;
use casework::{Asked, Error};
use serde::Deserialize;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms;
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, Part, once, to};

/// The addresses of this area, for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/people/{person}/letters",
    "/people/{person}/letters/new",
    "/letters/{letter}",
    "/letters/{letter}/given",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}/letters", get(list))
        .route("/people/{id}/letters/new", get(ask).post(keep))
        .route("/letters/{id}", get(show))
        .route("/letters/{id}/given", post(given))
}

type Pairs = Vec<(String, String)>;

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value.as_str())
}

#[derive(Template)]
#[template(path = "letters/list.html")]
struct ListPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    first: String,
    letters: Vec<LetterLine>,
    writes: bool,
}

/// GET /people/{id}/letters
async fn list(State(app): State<App>, signed: Signed, At(id): At<ids::Person>) -> WebResult {
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_read("letter"))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    Ok(Page(ListPage {
        frame: signed.frame(format!("Letters: {}", person.name())),
        top: ChildTop::new(app.casework.header(&person).await?, Part::Other),
        id,
        first: person.first_name(),
        letters: app.casework.letters_of(&person).await?,
        writes: signed.viewer.can("case.record"),
    })
    .into_response())
}

/// The form of a letter, as a page's part: on its own page, and folded under
/// the decision it is about (UX15).
#[derive(Template)]
#[template(path = "letters/form.html")]
struct LetterForm {
    start: LetterStart,
    target: String,
    subject: String,
    body: String,
    errors: Vec<FieldError>,
    once: String,
}

impl LetterForm {
    fn of(start: LetterStart, typed: &[(String, String)], errors: Vec<FieldError>) -> LetterForm {
        let typed = |name: &str, first: &str| match typed.iter().find(|(key, _)| key == name) {
            Some((_, words)) => words.clone(),
            None => first.to_owned(),
        };
        LetterForm {
            target: draft_of(start.person.id, start.decision),
            subject: typed("subject", &start.subject),
            body: typed("body", &start.body),
            start,
            errors,
            once: once(),
        }
    }

    fn error(&self, name: &str) -> &str {
        let found = self.errors.iter().find(|e| e.field == name);
        found.map_or("", |e| &e.message)
    }

    fn address(&self) -> String {
        format!("/people/{}/letters/new", self.start.person.id)
    }
}

/// The folded form under a decision, for whoever writes letters; empty for
/// others.
pub(crate) async fn fold(app: &App, signed: &Signed, page: &DecisionPage) -> WebResult<String> {
    match app.casework.letter_about(&signed.viewer, page).await? {
        Some(start) => Ok(LetterForm::of(start, &[], Vec::new()).render()?),
        None => Ok(String::new()),
    }
}

#[derive(Template)]
#[template(path = "letters/new.html")]
struct NewPage {
    frame: Frame,
    top: ChildTop,
    name: String,
    others: Vec<(String, String)>,
    form: LetterForm,
}

#[derive(Debug, Default, Deserialize)]
struct About {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    to: String,
}

/// GET /people/{id}/letters/new
async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Query(about): Query<About>,
) -> WebResult {
    let decision = about.decision.parse().ok();
    let target = draft_of(id, decision);
    let draft = app.casework.my_draft(&signed.viewer, &target).await?;
    let typed = draft.as_ref().map(pairs_of).unwrap_or_default();
    let reader = match about.to.parse() {
        Ok(reader) => Some(reader),
        Err(_) => value(&typed, "to").parse().ok(),
    };
    new_page(&app, &signed, (id, reader, decision), &typed, Vec::new()).await
}

async fn new_page(
    app: &App,
    signed: &Signed,
    (id, reader, decision): (
        Id<ids::Person>,
        Option<Id<ids::Person>>,
        Option<Id<ids::Decision>>,
    ),
    typed: &[(String, String)],
    errors: Vec<FieldError>,
) -> WebResult {
    let start = app
        .casework
        .letter_to_write(&signed.viewer, id, reader, decision)
        .await?;
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let others = start
        .others
        .iter()
        .map(|r| {
            let of = decision.map_or_else(String::new, |d| format!("&decision={d}"));
            (
                r.name.clone(),
                format!("/people/{id}/letters/new?to={}{of}", r.id),
            )
        })
        .collect();
    Ok(Page(NewPage {
        frame: signed
            .frame(format!("Write to {}", start.to.name))
            .with_back("Back to the letters", format!("/people/{id}/letters"))
            .with_errors(errors.clone()),
        top: ChildTop::new(app.casework.header(&start.person).await?, Part::Other),
        name: start.to.name.clone(),
        others,
        form: LetterForm::of(start, typed, errors),
    })
    .with_status(status))
}

/// POST /people/{id}/letters/new
async fn keep(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let decision = value(&pairs, "decision").parse().ok();
    if value(&pairs, "then") == "later" {
        crate::drafts::keep_draft(&app, &signed.viewer, &draft_of(id, decision), &pairs).await?;
        return Ok(
            Notice::new("Kept for later. You find it under unfinished writing.").on(to("/")),
        );
    }
    let reader: Id<ids::Person> = value(&pairs, "to").parse().map_err(|_| Error::NotFound)?;
    let new = NewLetter {
        person: id,
        to: reader,
        decision,
        subject: value(&pairs, "subject").to_owned(),
        body: value(&pairs, "body").to_owned(),
        once: value(&pairs, "once").to_owned(),
    };
    match app.casework.keep_letter(&signed.viewer, &new).await {
        Ok(letter) => {
            let goes = to(&format!("/letters/{letter}"));
            Ok(Notice::new("The letter is kept. Nobody has it yet.").on(goes))
        }
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            new_page(&app, &signed, (id, Some(reader), decision), &pairs, errors).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "letters/letter.html")]
struct LetterPage {
    frame: Frame,
    seen: LetterSeen,
    by_hand: bool,
    writes: bool,
    once: String,
}

impl LetterPage {
    /// The lines of the address, where the letter may carry them.
    fn lines(&self) -> &[String] {
        match &self.seen.post {
            Post::To(lines) if !self.by_hand => lines,
            _ => &[],
        }
    }

    /// Why it may not go by post; empty where it may.
    fn never(&self) -> &str {
        match &self.seen.post {
            Post::Never(why) => why,
            Post::To(_) => "",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct How {
    #[serde(default)]
    by: String,
}

/// GET /letters/{id}
async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Message>,
    Query(how): Query<How>,
) -> WebResult {
    let seen = app.casework.letter_seen(&signed.viewer, id).await?;
    Ok(Page(LetterPage {
        frame: signed.frame(seen.letter.subject.clone()).with_back(
            "Back to the letters",
            format!("/people/{}/letters", seen.person.id),
        ),
        by_hand: how.by == "hand",
        writes: signed.viewer.can("case.record"),
        once: once(),
        seen,
    })
    .into_response())
}

/// POST /letters/{id}/given
async fn given(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Message>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    app.casework
        .give_letter(
            &signed.viewer,
            id,
            value(&pairs, "how"),
            value(&pairs, "once"),
        )
        .await?;
    Ok(Notice::new("It is on record how the letter was given.").on(to(&format!("/letters/{id}"))))
}

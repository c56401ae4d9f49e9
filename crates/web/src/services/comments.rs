//! "You said, we did": what families say of the local offer, published with
//! the council's answers; and the pages on which those who keep the offer read,
//! answer and publish.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::model::OfferComment;
use casework::services::comments::{Board, Decision, Said, Wrong, may_moderate};

use super::door;
use super::visitor::Visitor;
use super::words::{Tongue, Words};
use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

/// The door that takes comments.
const OFFER: &str = "/local-offer";
const HERE: &str = "/local-offer/comments";

#[derive(Template)]
#[template(path = "services/comments.html")]
struct CommentsPage {
    frame: Frame,
    w: Words,
    tongues: Vec<(Tongue, String)>,
    others: Vec<(String, String)>,
    on_list: usize,
    said: Vec<Said>,
    typed: String,
    sent: bool,
    once: String,
}

pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> WebResult {
    show(&app, &visitor, String::new(), None, false).await
}

async fn show(
    app: &App,
    visitor: &Visitor,
    typed: String,
    wrong: Option<Wrong>,
    sent: bool,
) -> WebResult {
    let door = door::at(app, OFFER)?;
    if !door.comments {
        return Err(WebError(Error::NotFound));
    }
    let words = visitor.words.clone();
    let errors = wrong.map(|wrong| {
        let key = match wrong {
            Wrong::Length => "comments.words.short",
            Wrong::Private => "comments.private",
        };
        FieldError::new("words", words.say(key))
    });
    let bad = errors.is_some();
    let title = words.of_door(&door, "title", &door.title).to_owned();
    let tongues = words.tongues().into_iter().map(|t| {
        let href = format!("{HERE}?lang={}", t.code);
        (t, href)
    });
    let page = Page(CommentsPage {
        frame: words
            .frame(app.casework.name(), words.say("comments.title"))
            .with_back(title, door.address.clone())
            .with_errors(errors.into_iter().collect()),
        tongues: tongues.collect(),
        others: door::others(app, &door, &words),
        on_list: visitor.list.len(),
        said: app.casework.published_comments(&door.id).await?,
        typed,
        sent,
        once: once(),
        w: words,
    });
    let status = match bad {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok(visitor.keep_language(page.with_status(status)))
}

pub(super) async fn send(
    State(app): State<App>,
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let door = door::at(&app, OFFER)?;
    if !door.comments {
        return Err(WebError(Error::NotFound));
    }
    let (words, token) = (value(&pairs, "words"), value(&pairs, "once"));
    let wrong = app.casework.send_comment(&door.id, words, token).await?;
    match wrong {
        Some(wrong) => show(&app, &visitor, words.to_owned(), Some(wrong), false).await,
        None => show(&app, &visitor, String::new(), None, true).await,
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(n, _)| n == name);
    found.map_or("", |(_, v)| v.as_str())
}

#[derive(Template)]
#[template(path = "services/comment_board.html")]
struct BoardPage {
    frame: Frame,
    board: Board,
}

pub(super) async fn board(State(app): State<App>, signed: Signed) -> WebResult {
    Ok(Page(BoardPage {
        board: app.casework.comment_board(&signed.viewer).await?,
        frame: signed.frame("Comments on the local offer"),
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "services/comment.html")]
struct CommentPage {
    frame: Frame,
    comment: OfferComment,
    typed: Decision,
}

pub(super) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> WebResult {
    let comment = app.casework.comment(&signed.viewer, &id).await?;
    let text = |words: &Option<String>| words.clone().unwrap_or_default();
    let typed = Decision {
        publish: true,
        published: comment
            .published
            .clone()
            .unwrap_or_else(|| text(&comment.words)),
        answer: text(&comment.answer),
        action: text(&comment.action),
        why_not: text(&comment.refused_why),
    };
    Ok(comment_page(&signed, comment, typed, String::new()).into_response())
}

fn comment_page(
    signed: &Signed,
    comment: OfferComment,
    typed: Decision,
    wrong: String,
) -> Page<CommentPage> {
    let errors = match wrong.is_empty() {
        true => Vec::new(),
        false => vec![FieldError::new("published", wrong)],
    };
    Page(CommentPage {
        frame: signed
            .frame("A comment on the local offer")
            .with_back("All comments", "/directory/comments")
            .with_errors(errors),
        comment,
        typed,
    })
}

pub(super) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    if !may_moderate(&signed.viewer) {
        return Err(WebError(Error::NotFound));
    }
    let typed = Decision {
        publish: value(&pairs, "decision") != "refuse",
        published: value(&pairs, "published").to_owned(),
        answer: value(&pairs, "answer").to_owned(),
        action: value(&pairs, "action").to_owned(),
        why_not: value(&pairs, "why_not").to_owned(),
    };
    let version = value(&pairs, "version").parse().unwrap_or_default();
    let done = app
        .casework
        .decide_comment(&signed.viewer, &id, version, &typed)
        .await;
    let wrong = match done {
        Ok(()) => {
            let words = match typed.publish {
                true => "The comment is published.",
                false => "The comment is not published, and its words are removed.",
            };
            return Ok(Notice::new(words).on(to("/directory/comments")));
        }
        Err(Error::Refused(why)) => why,
        Err(Error::Stale) => {
            "Somebody else changed this comment meanwhile. What you wrote is still here: look at \
             it again, and send it again."
                .to_owned()
        }
        Err(other) => return Err(other.into()),
    };
    let comment = app.casework.comment(&signed.viewer, &id).await?;
    let page = comment_page(&signed, comment, typed, wrong);
    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

//! Pages of one form each about a child: shown, sent, asked again with
//! everything typed kept, saved. The areas say which form and which command.

use std::future::Future;

use askama::Template;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::asking::{Asking, Done};
use packs::{Answers, Finding};

use crate::app::{App, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, PersonChoice, Posted};
use crate::plans::ask_again;
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "asking/asking.html")]
struct AskingPage {
    frame: Frame,
    top: ChildTop,
    title: String,
    words: String,
    button: String,
    address: String,
    target: String,
    fields: Html,
    asked: bool,
    once: String,
}

/// Shows the form, with what was being written before if there is any.
pub(crate) async fn show(app: &App, signed: &Signed, asking: Asking) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &asking.draft())
        .await?;
    let answers = match &draft {
        Some(draft) => Answers::from_pairs(&asking.form, pairs_of(draft)),
        None => asking.answers.clone(),
    };
    page(app, signed, &asking, &answers, None, &[]).await
}

/// Reads the form, asks again or saves it with `save`, and goes where that leads.
pub(crate) async fn send<'a, F>(
    app: &App,
    signed: &Signed,
    asking: Asking,
    body: Bytes,
    save: impl FnOnce(Posted) -> F,
) -> WebResult
where
    F: Future<Output = Result<Done, Error>> + Send + 'a,
{
    let posted = Posted::read(&asking.form, &body);
    if posted.reshape.is_some() {
        return page(app, signed, &asking, &posted.answers, Some(&posted), &[]).await;
    }
    let findings = asking.form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        return page(
            app,
            signed,
            &asking,
            &posted.answers,
            Some(&posted),
            &findings,
        )
        .await;
    }
    match save(posted.clone()).await {
        Ok(done) => Ok(Notice::new(done.words).on(to(&done.to))),
        Err(Error::Findings(findings)) => {
            page(
                app,
                signed,
                &asking,
                &posted.answers,
                Some(&posted),
                &findings,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(
    app: &App,
    signed: &Signed,
    asking: &Asking,
    answers: &Answers,
    posted: Option<&Posted>,
    findings: &[Finding],
) -> WebResult {
    let people: Vec<PersonChoice> = asking
        .people
        .iter()
        .map(|(id, name, note)| PersonChoice {
            id: id.clone(),
            name: name.clone(),
            note: note.clone(),
            child: true,
        })
        .collect();
    let fields = Fields::new(&asking.form, answers, signed.viewer.today)
        .people(&people)
        .findings(findings)
        .adding(posted.and_then(Posted::adding))
        .html()?;
    let page = Page(AskingPage {
        frame: signed
            .frame(asking.title.clone())
            .with_back("Back", asking.back.clone())
            .with_errors(forms::errors(findings)),
        top: ChildTop::new(app.casework.header(&asking.child).await?, Part::Care),
        title: asking.title.clone(),
        words: asking.words.clone(),
        button: asking.button.clone(),
        address: asking.address.clone(),
        target: asking.draft(),
        fields,
        asked: !findings.is_empty(),
        once: match posted.map(|p| p.once.as_str()) {
            None | Some("") => once(),
            Some(token) => token.to_owned(),
        },
    });
    Ok(match findings.is_empty() {
        true => page.into_response(),
        false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

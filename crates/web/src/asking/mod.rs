//! Pages of one form each about a child: shown, sent, asked again with
//! everything typed kept, saved. The areas say which form and which command.

use std::future::Future;

use askama::Template;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::asking::{Asking, Done, Sheet};
use casework::{Guarded, model::Person};
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
    top: Option<ChildTop>,
    about: Option<(String, String)>,
    title: String,
    words: String,
    button: String,
    address: String,
    target: String,
    fields: Html,
    asked: bool,
    once: String,
}

/// A form on its page, and whom it is about.
pub(crate) struct Shown {
    sheet: Sheet,
    about: About,
}

enum About {
    Child(Box<Guarded<Person>>, Part),
    Household(String, String),
    Nobody,
}

impl From<Asking> for Shown {
    fn from(asking: Asking) -> Shown {
        Shown::on(asking, Part::Care)
    }
}

impl Shown {
    /// About a child, under one of the headings at the top of their page.
    pub(crate) fn on(asking: Asking, part: Part) -> Shown {
        Shown {
            sheet: asking.sheet,
            about: About::Child(Box::new(asking.child), part),
        }
    }

    /// About a household: its name, and the page of its record.
    pub(crate) fn household(sheet: Sheet, name: &str, href: String) -> Shown {
        Shown {
            sheet,
            about: About::Household(name.to_owned(), href),
        }
    }

    /// About nobody yet.
    pub(crate) fn alone(sheet: Sheet) -> Shown {
        Shown {
            sheet,
            about: About::Nobody,
        }
    }
}

/// Shows the form, with what was being written before if there is any.
pub(crate) async fn show(app: &App, signed: &Signed, shown: impl Into<Shown>) -> WebResult {
    let Shown { sheet, about } = shown.into();
    let asking = (&sheet, &about);
    let draft = app
        .casework
        .my_draft(&signed.viewer, &sheet.draft())
        .await?;
    let answers = match &draft {
        Some(draft) => Answers::from_pairs(&sheet.form, pairs_of(draft)),
        None => sheet.answers.clone(),
    };
    page(app, signed, asking, &answers, None, &[]).await
}

/// Reads the form, asks again or saves it with `save`, and goes where that leads.
pub(crate) async fn send<'a, F>(
    app: &App,
    signed: &Signed,
    shown: impl Into<Shown>,
    body: Bytes,
    save: impl FnOnce(Posted) -> F,
) -> WebResult
where
    F: Future<Output = Result<Done, Error>> + Send + 'a,
{
    let Shown { sheet, about } = shown.into();
    let asking = (&sheet, &about);
    let posted = Posted::read(&sheet.form, &body);
    if posted.reshape.is_some() {
        return page(app, signed, asking, &posted.answers, Some(&posted), &[]).await;
    }
    let findings = sheet.form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        return page(
            app,
            signed,
            asking,
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
                asking,
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
    (asking, about): (&Sheet, &About),
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
    let (top, about) = match about {
        About::Child(child, part) => {
            let header = app.casework.header(child).await?;
            (Some(ChildTop::new(header, *part)), None)
        }
        About::Household(name, href) => (None, Some((name.clone(), href.clone()))),
        About::Nobody => (None, None),
    };
    let page = Page(AskingPage {
        frame: signed
            .frame(asking.title.clone())
            .with_back("Back", asking.back.clone())
            .with_errors(forms::errors(findings)),
        top,
        about,
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

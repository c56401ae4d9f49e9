//! What is kept about a person, a page for each: names, addresses, ways to
//! reach them, languages, and how they belong to others. A list with its
//! history; adding and changing are small pages of one form.

pub(super) mod homes;
pub(super) mod languages;
pub(super) mod names;
pub(super) mod profile;
pub(super) mod reach;
pub(super) mod ties;

use askama::Template;
use axum::response::IntoResponse;
use casework::model::Person;
use casework::people::Kept;
use casework::{Error, Guarded};
use packs::Form;
use vocabulary::{Id, ids};

use super::edit::{About, page};
use crate::app::{App, Signed, WebResult};
use crate::forms::Posted;
use crate::ui::{ChildTop, Frame, Notice, Page, Part, to};

#[derive(Template)]
#[template(path = "people/kept.html")]
struct KeptPage {
    frame: Frame,
    top: ChildTop,
    title: String,
    intro: &'static str,
    none: &'static str,
    /// The button that adds one.
    add: Option<(&'static str, String)>,
    /// The address that a thing's id is added to.
    base: String,
    /// What a thing's links say, and what stands behind its id.
    changes: &'static [(&'static str, &'static str)],
    now: Vec<Kept>,
    before: Vec<Kept>,
}

/// The words of a list.
struct Words {
    title: String,
    intro: &'static str,
    none: &'static str,
    add: (&'static str, &'static str),
    base: &'static str,
    changes: &'static [(&'static str, &'static str)],
}

async fn list(
    app: &App,
    signed: &Signed,
    person: &Guarded<Person>,
    kept: Vec<Kept>,
    words: Words,
) -> WebResult {
    let may_edit = signed.viewer.can("case.record") || signed.viewer.can("people.create");
    let (now, before) = kept.into_iter().partition(|one| one.current);
    let here = format!("/people/{}", person.id);
    Ok(Page(KeptPage {
        frame: signed.frame(words.title.clone()),
        top: ChildTop::new(app.casework.header(person).await?, Part::Other),
        title: words.title,
        intro: words.intro,
        none: words.none,
        add: may_edit.then(|| (words.add.0, format!("{here}{}", words.add.1))),
        base: format!("{here}{}", words.base),
        changes: if may_edit { words.changes } else { &[] },
        now,
        before,
    })
    .into_response())
}

/// What follows when a small page was sent: the list with a word of success,
/// or the page again with what was typed and what is wrong.
fn after(
    signed: &Signed,
    form: &Form,
    posted: &Posted,
    saved: casework::Result<()>,
    (said, goes): (&str, String),
    about: About,
) -> WebResult {
    match saved {
        Ok(()) => Ok(Notice::new(said).on(to(&goes))),
        Err(Error::Findings(findings)) => page(signed, form, &posted.answers, &findings, about),
        Err(other) => Err(other.into()),
    }
}

fn about(person: &Person, title: String, button: String, list: &str) -> About {
    About {
        title,
        button,
        back: (
            "Back to the list".into(),
            format!("/people/{}/{list}", person.id),
        ),
        version: person.version,
        ..About::default()
    }
}

async fn editing(app: &App, signed: &Signed, id: Id<ids::Person>) -> WebResult<Guarded<Person>> {
    let page = "people.kept";
    Ok(app
        .casework
        .person_to_edit(&signed.viewer, id, page)
        .await?)
}

async fn reading(app: &App, signed: &Signed, id: Id<ids::Person>) -> WebResult<Guarded<Person>> {
    let page = casework::Asked::to_read("people.kept");
    let seen = app.casework.gate().person(&signed.viewer, id, page);
    Ok(seen.await.map_err(Error::from)?.ok_or(Error::NotFound)?)
}

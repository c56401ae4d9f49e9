//! Two versions of a section side by side: keep one, or go on with a text made
//! of both.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use casework::steps::{Compared, SaveSection};
use casework::{Error, time};
use packs::{Answers, Form};

use super::section::{choices, to_save};
use super::{AtSection, about, top};
use crate::app::{App, Signed, WebResult};
use crate::drafts;
use crate::forms::{self, Fields, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "steps/compare.html")]
struct ComparePage {
    frame: Frame,
    top: ChildTop,
    about: String,
    of: Compared,
    fields: forms::Html,
    saver: String,
    saved: String,
    kept: String,
    /// Words of the viewer that lost before, question by question.
    earlier: Vec<(String, String)>,
    once: String,
}

impl ComparePage {
    fn path(&self) -> String {
        format!("{}/{}", self.of.page.seen.path(), self.of.page.section.id)
    }
}

fn words_of(form: &Form, draft: &casework::drafts::Draft) -> Answers {
    Answers::from_pairs(form, drafts::pairs_of(draft))
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    AtSection(id, section): AtSection,
) -> WebResult {
    let compared = app
        .casework
        .compare_section(&signed.viewer, id, &section, words_of)
        .await;
    match compared {
        Ok(of) => page(&app, &signed, of).await,
        // Both versions were settled meanwhile: the section has what there is.
        Err(Error::NotFound) => Ok(to(&format!("/steps/{id}/{section}"))),
        Err(other) => Err(other.into()),
    }
}

async fn page(app: &App, signed: &Signed, of: Compared) -> WebResult<Response> {
    let people = choices(&of.page);
    let mut answers = of.page.answers.clone();
    answers.replace_section(&of.page.seen.form, &of.page.section.id, &of.merged);
    let fields = Fields::new(&of.page.seen.form, &answers, time::today())
        .section(&of.page.section.id)
        .people(&people)
        .html();
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let at = |at| vocabulary::plain::date_time(time::local(at));
    let saved = of.page.saved();
    let mut earlier = Vec::new();
    for draft in &of.page.earlier {
        for (name, words) in drafts::pairs_of(draft) {
            if let Some(field) = of.page.seen.form.field(&name) {
                earlier.push((field.label.clone(), words));
            }
        }
    }
    let title = format!("Two versions of {}", of.page.section.title.to_lowercase());
    Ok(Page(ComparePage {
        frame: signed
            .frame(title)
            .with_back("Back to the list of sections", of.page.seen.path()),
        top: top(app, &of.page.seen.first).await?,
        about: about(&of.page.seen),
        saver: saved.map_or_else(|| "Nobody".into(), |s| s.saver.clone()),
        saved: saved.map_or_else(String::new, |s| at(s.saved_at)),
        kept: at(of.mine.saved_at),
        fields,
        earlier,
        once: once(),
        of,
    })
    .into_response())
}

pub(super) async fn choose(
    State(app): State<App>,
    signed: Signed,
    AtSection(id, section): AtSection,
    body: Bytes,
) -> WebResult {
    let compared = app
        .casework
        .compare_section(&signed.viewer, id, &section, words_of)
        .await;
    let of = match compared {
        Ok(of) => of,
        Err(Error::NotFound) => return Ok(to(&format!("/steps/{id}/{section}"))),
        Err(other) => return Err(other.into()),
    };
    let posted = Posted::read(&of.page.seen.form, &body);
    let back = format!("{}/{section}", of.page.seen.path());
    let save = match posted.other("keep") {
        "theirs" => {
            app.casework
                .keep_theirs(&signed.viewer, id, &section)
                .await?;
            return Ok(Notice::new("The text in the record stays.").on(to(&back)));
        }
        "mine" => SaveSection {
            answers: words_of(&of.page.seen.form, &of.mine),
            words: kept_again(&of, posted.other("version")),
            ..to_save(&of.page, &posted, true)
        },
        _ => to_save(&of.page, &posted, true),
    };
    let save = SaveSection {
        finished: false,
        ..save
    };
    match app.casework.save_section(&signed.viewer, save).await {
        Ok(()) => Ok(Notice::new("Your choice is saved.").on(to(&back))),
        Err(Error::Already(_)) => Ok(to(&back)),
        // Saved by someone again meanwhile: both texts once more.
        Err(Error::Stale) => Ok(to(&format!("{back}/compare"))),
        Err(other) => Err(other.into()),
    }
}

/// The viewer's own words, to be kept if this save is refused too.
fn kept_again(of: &Compared, version: &str) -> casework::drafts::NewDraft {
    casework::drafts::NewDraft {
        target: of.page.seen.target(&of.page.section.id),
        title: of.mine.title.clone(),
        path: of.mine.path.clone(),
        body: of.mine.body.clone(),
        page: "compare".into(),
        seq: of.mine.seq,
        base_version: version.parse().ok(),
    }
}

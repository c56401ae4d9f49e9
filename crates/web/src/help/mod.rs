//! Help that everybody can open: how things work here, accessibility, privacy,
//! the words we use, where rules come from.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::time;
use packs::Code;
use vocabulary::plain;

use crate::app::{App, WebResult};
use crate::ui::{Frame, Page};

/// The addresses of this area, for the matrix of access. They need no sign-in.
pub const ROUTES: &[&str] = &[
    "/help",
    "/help/accessibility",
    "/help/privacy",
    "/help/glossary",
    "/help/learning",
    "/help/practice",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/help", get(help))
        .route("/help/accessibility", get(accessibility))
        .route("/help/privacy", get(privacy))
        .route("/help/glossary", get(glossary))
        .route("/help/learning", get(learning))
        .route("/help/practice", get(practice))
}

#[derive(Template)]
#[template(path = "help/help.html")]
struct HelpPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "help/accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "help/privacy.html")]
struct PrivacyPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "help/words.html")]
struct WordsPage {
    frame: Frame,
    intro: &'static str,
    words: Vec<Code>,
}

#[derive(Template)]
#[template(path = "help/practice.html")]
struct PracticePage {
    frame: Frame,
    title: String,
    clocks: Vec<[String; 4]>,
    forms: Vec<[String; 3]>,
    warnings: Vec<String>,
}

fn frame(app: &App, title: &str) -> Frame {
    let back = if title == "Help" { "/" } else { "/help" };
    let words = if title == "Help" { "Home" } else { "Help" };
    Frame::public(app.casework.name(), title).with_back(words, back)
}

async fn help(State(app): State<App>) -> WebResult {
    let frame = frame(&app, "Help");
    Ok(Page(HelpPage { frame }).into_response())
}

async fn accessibility(State(app): State<App>) -> WebResult {
    let frame = frame(&app, "Accessibility");
    Ok(Page(AccessibilityPage { frame }).into_response())
}

async fn privacy(State(app): State<App>) -> WebResult {
    let frame = frame(&app, "How we look after your information");
    Ok(Page(PrivacyPage { frame }).into_response())
}

fn codes(app: &App, set: &str) -> Vec<Code> {
    let today = time::today();
    let found = app.casework.pack().codes(set, today);
    found.map_or_else(Vec::new, |codes| codes.on(today).cloned().collect())
}

async fn glossary(State(app): State<App>) -> WebResult {
    let mut words = codes(&app, "glossary");
    words.sort_by_key(|word| word.label.to_lowercase());
    Ok(Page(WordsPage {
        frame: frame(&app, "Words we use"),
        intro: "What words and letters mean here. If one is missing, tell your helpdesk.",
        words,
    })
    .into_response())
}

async fn learning(State(app): State<App>) -> WebResult {
    Ok(Page(WordsPage {
        frame: frame(&app, "One thing to learn"),
        intro: "One of these stands on your home page each week.",
        words: codes(&app, "learning"),
    })
    .into_response())
}

async fn practice(State(app): State<App>) -> WebResult {
    let pack = app.casework.pack();
    let today = time::today();
    let clocks = pack.clocks(today).map(|rule| {
        let due = rule.due(time::now_local(), pack.working_days());
        [
            rule.title.clone(),
            due.rule,
            due.source,
            due.strength.label().to_owned(),
        ]
    });
    let mut ids: Vec<&str> = pack.forms().map(|form| form.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let forms = ids.into_iter().filter_map(|id| pack.form(id, today));
    let forms = forms.map(|form| {
        [
            form.title.clone(),
            plain::date(form.version),
            form.source.clone(),
        ]
    });
    Ok(Page(PracticePage {
        frame: frame(&app, "Forms, clocks and where they come from"),
        title: pack.title().to_owned(),
        clocks: clocks.collect(),
        forms: forms.collect(),
        warnings: pack.warnings().iter().map(ToString::to_string).collect(),
    })
    .into_response())
}

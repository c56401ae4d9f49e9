//! Languages and interpreter, with what was recorded before.

use axum::body::Bytes;
use axum::extract::State;
use casework::model::Person;
use vocabulary::ids;

use super::super::edit::{About, page};
use super::{Words, about, after, editing, list, reading};
use crate::app::{App, At, Signed, WebResult};
use crate::forms::Posted;

/// GET /people/{id}/languages
pub(in crate::people) async fn languages(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let words = Words {
        title: format!("Languages of {}", person.name()),
        intro: "Recorded once: letters, meetings and visits use it.",
        none: "Nothing is recorded.",
        add: ("Change languages and interpreter", "/languages/change"),
        base: "/languages",
        changes: &[],
    };
    let kept = app.casework.languages_kept(&person).await?;
    list(&app, &signed, &person, kept, words).await
}

fn speaking(person: &Person) -> About {
    let title = format!("Languages of {}", person.name());
    let button = format!("Save languages of {}", person.first_name());
    about(person, title, button, "languages")
}

/// GET /people/{id}/languages/change
pub(in crate::people) async fn ask_languages(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let answers = app.casework.languages_to_change(&person).await?;
    let form = app.casework.form("languages")?;
    page(&signed, form, &answers, &[], speaking(&person))
}

/// POST /people/{id}/languages/change
pub(in crate::people) async fn save_languages(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("languages")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .save_languages(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let done = ("Saved.", format!("/people/{id}/languages"));
    after(&signed, form, &posted, saved, done, speaking(&person))
}

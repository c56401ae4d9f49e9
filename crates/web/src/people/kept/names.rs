//! Other names: the list, adding one, and ending one.

use axum::body::Bytes;
use axum::extract::State;
use casework::model::Person;
use packs::Answers;
use vocabulary::ids;

use super::super::edit::{About, page};
use super::{Words, about, after, editing, list, reading};
use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::forms::Posted;

/// GET /people/{id}/names
pub(in crate::people) async fn names(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let words = Words {
        title: format!("Other names of {}", person.name()),
        intro: "They are found by each of these, and by a name that is not used any more.",
        none: "No other name is recorded.",
        add: ("Add a name", "/names/new"),
        base: "/names",
        changes: &[("Change", "")],
    };
    let kept = app.casework.other_names(&person).await?;
    list(&app, &signed, &person, kept, words).await
}

fn naming(person: &Person) -> About {
    let title = format!("Another name of {}", person.name());
    let button = format!("Save name of {}", person.first_name());
    about(person, title, button, "names")
}

/// GET /people/{id}/names/new
pub(in crate::people) async fn ask_name(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("other-name")?;
    page(&signed, form, &Answers::new(), &[], naming(&person))
}

/// POST /people/{id}/names/new
pub(in crate::people) async fn add_name(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("other-name")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .add_name(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let done = ("The name was saved.", format!("/people/{id}/names"));
    after(&signed, form, &posted, saved, done, naming(&person))
}

fn ending_name(person: &Person) -> About {
    let title = format!("A name of {} has changed", person.name());
    let button = format!("Save for {}", person.first_name());
    about(person, title, button, "names")
}

/// GET /people/{id}/names/{name}
pub(in crate::people) async fn ask_name_end(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, _): AtPart<ids::Person, ids::Part>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("name-end")?;
    page(&signed, form, &Answers::new(), &[], ending_name(&person))
}

/// POST /people/{id}/names/{name}
pub(in crate::people) async fn end_name(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, name): AtPart<ids::Person, ids::Part>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("name-end")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .end_name(&signed.viewer, id, name, &posted.answers, &posted.once)
        .await;
    let done = ("Saved.", format!("/people/{id}/names"));
    after(&signed, form, &posted, saved, done, ending_name(&person))
}

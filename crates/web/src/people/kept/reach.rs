//! Ways to reach someone: the list, adding, changing and ending one.

use axum::body::Bytes;
use axum::extract::State;
use casework::model::Person;
use packs::Answers;
use vocabulary::{Id, ids};

use super::super::edit::{About, page};
use super::{Words, about, after, editing, list, reading};
use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::forms::Posted;

/// GET /people/{id}/reach
pub(in crate::people) async fn reach(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let words = Words {
        title: format!("How to reach {}", person.name()),
        intro: "Ask if it is safe before you use it: who else could see it, hear it or answer?",
        none: "No number or email address is recorded.",
        add: ("Add a number or an email address", "/reach/new"),
        base: "/reach",
        changes: &[("Change", ""), ("End", "/end")],
    };
    let kept = app.casework.reach_kept(&person).await?;
    list(&app, &signed, &person, kept, words).await
}

fn reaching(person: &Person) -> About {
    let title = format!("How to reach {}", person.name());
    let button = format!("Save for {}", person.first_name());
    about(person, title, button, "reach")
}

/// GET /people/{id}/reach/new
pub(in crate::people) async fn ask_reach(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("reach")?;
    page(&signed, form, &Answers::new(), &[], reaching(&person))
}

/// GET /people/{id}/reach/{part}
pub(in crate::people) async fn ask_reach_change(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, part): AtPart<ids::Person, ids::Part>,
) -> WebResult {
    let (person, answers) = app
        .casework
        .reach_to_change(&signed.viewer, id, part)
        .await?;
    let form = app.casework.form("reach")?;
    page(&signed, form, &answers, &[], reaching(&person))
}

/// POST /people/{id}/reach/new
pub(in crate::people) async fn add_reach(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    save_reach(app, signed, id, None, body).await
}

/// POST /people/{id}/reach/{part}
pub(in crate::people) async fn change_reach(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, part): AtPart<ids::Person, ids::Part>,
    body: Bytes,
) -> WebResult {
    save_reach(app, signed, id, Some(part), body).await
}

async fn save_reach(
    app: App,
    signed: Signed,
    id: Id<ids::Person>,
    instead: Option<Id<ids::Part>>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("reach")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .save_reach(&signed.viewer, id, instead, &posted.answers, &posted.once)
        .await;
    let done = ("Saved.", format!("/people/{id}/reach"));
    after(&signed, form, &posted, saved, done, reaching(&person))
}

fn ending_reach(person: &Person) -> About {
    let title = format!("A way to reach {} has ended", person.name());
    let button = format!("Save for {}", person.first_name());
    about(person, title, button, "reach")
}

/// GET /people/{id}/reach/{part}/end
pub(in crate::people) async fn ask_reach_end(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, _): AtPart<ids::Person, ids::Part>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("reach-end")?;
    page(&signed, form, &Answers::new(), &[], ending_reach(&person))
}

/// POST /people/{id}/reach/{part}/end
pub(in crate::people) async fn end_reach(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, part): AtPart<ids::Person, ids::Part>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("reach-end")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .end_reach(&signed.viewer, id, part, &posted.answers, &posted.once)
        .await;
    let done = ("Saved.", format!("/people/{id}/reach"));
    after(&signed, form, &posted, saved, done, ending_reach(&person))
}

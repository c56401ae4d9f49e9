//! Addresses: the list, adding one, and what has changed about one.

use axum::body::Bytes;
use axum::extract::State;
use casework::model::Person;
use packs::Answers;
use vocabulary::ids;

use super::super::edit::{About, page};
use super::{Words, about, after, editing, list, reading};
use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::forms::Posted;

/// GET /people/{id}/addresses
pub(in crate::people) async fn addresses(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let words = Words {
        title: format!("Where {} lives", person.name()),
        intro: "For a move, add the new address: the home before it ends by itself.",
        none: "No address is recorded.",
        add: ("Add an address or a move", "/address"),
        base: "/addresses",
        changes: &[("Change", "")],
    };
    let kept = app.casework.addresses_kept(&signed.viewer, &person).await?;
    list(&app, &signed, &person, kept, words).await
}

fn moving(person: &Person) -> About {
    let title = format!("Where {} lives", person.name());
    let button = format!("Save address of {}", person.first_name());
    about(person, title, button, "addresses")
}

/// GET /people/{id}/address
pub(in crate::people) async fn ask_address(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("address")?;
    page(&signed, form, &Answers::new(), &[], moving(&person))
}

/// POST /people/{id}/address
pub(in crate::people) async fn save_address(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("address")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .save_address(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let done = ("The address was saved.", format!("/people/{id}"));
    after(&signed, form, &posted, saved, done, moving(&person))
}

fn changing_address(person: &Person) -> About {
    let title = format!("An address of {} has changed", person.name());
    let button = format!("Save for {}", person.first_name());
    about(person, title, button, "addresses")
}

/// GET /people/{id}/addresses/{address}
pub(in crate::people) async fn ask_address_change(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, _): AtPart<ids::Person, ids::Address>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("address-change")?;
    page(
        &signed,
        form,
        &Answers::new(),
        &[],
        changing_address(&person),
    )
}

/// POST /people/{id}/addresses/{address}
pub(in crate::people) async fn change_address(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, address): AtPart<ids::Person, ids::Address>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("address-change")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .change_address(&signed.viewer, id, address, &posted.answers, &posted.once)
        .await;
    let done = ("Saved.", format!("/people/{id}/addresses"));
    after(
        &signed,
        form,
        &posted,
        saved,
        done,
        changing_address(&person),
    )
}

//! How people belong together: the list, adding, changing and ending.

use axum::body::Bytes;
use axum::extract::State;
use casework::model::Person;
use casework::people::TieToChange;
use casework::{Error, Guarded};
use packs::Answers;
use vocabulary::ids;

use super::super::edit::{About, page};
use super::{Words, about, after, editing, list, reading};
use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::forms::{PersonChoice, Posted};
use crate::ui::{Notice, to};

/// GET /people/{id}/relationships
pub(in crate::people) async fn ties(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let words = Words {
        title: format!("How {} belongs to others", person.name()),
        intro: "The genogram and the family’s page are drawn from these.",
        none: "Nothing is recorded.",
        add: ("Add how they belong to someone", "/relationship"),
        base: "/relationships",
        changes: &[("Change or end", "")],
    };
    let kept = app.casework.ties_of(&signed.viewer, &person).await?;
    list(&app, &signed, &person, kept, words).await
}

async fn relating(app: &App, signed: &Signed, person: &Guarded<Person>) -> WebResult<About> {
    let related = app.casework.related(&signed.viewer, person).await?;
    let first = person.first_name();
    let title = format!("How {} belongs to someone", person.name());
    let choice = |r: &casework::people::related::Related| PersonChoice {
        id: r.id.to_string(),
        name: r.name.clone(),
        note: r.age.clone(),
        child: r.child,
    };
    Ok(About {
        intro: format!(
            "Say what the other person is to {first}: “mother” means that they are {first}’s mother. Is the person not in the list? Add them to the family first."
        ),
        people: related.iter().map(choice).collect(),
        ..about(person, title, format!("Save for {first}"), "relationships")
    })
}

/// GET /people/{id}/relationship
pub(in crate::people) async fn ask_relationship(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let about = relating(&app, &signed, &person).await?;
    let form = app.casework.form("relationship")?;
    page(&signed, form, &Answers::new(), &[], about)
}

/// POST /people/{id}/relationship
pub(in crate::people) async fn save_relationship(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("relationship")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .save_relationship(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let about = relating(&app, &signed, &person).await?;
    let done = ("Saved.", format!("/people/{id}"));
    after(&signed, form, &posted, saved, done, about)
}

fn changing_tie(tie: &TieToChange) -> About {
    let first = tie.person.first_name();
    About {
        intro: format!("{}, for {}", tie.words, tie.person.name()),
        ..about(
            &tie.person,
            "What has changed between them?".into(),
            format!("Save for {first}"),
            "relationships",
        )
    }
}

/// GET /people/{id}/relationships/{tie}
pub(in crate::people) async fn ask_tie(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, tie): AtPart<ids::Person, ids::Relationship>,
) -> WebResult {
    let tie = app.casework.tie_to_change(&signed.viewer, id, tie).await?;
    page(&signed, &tie.form, &Answers::new(), &[], changing_tie(&tie))
}

/// POST /people/{id}/relationships/{tie}
pub(in crate::people) async fn change_tie(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, tie): AtPart<ids::Person, ids::Relationship>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form("relationship-change")?, &body);
    let saved = app
        .casework
        .change_tie(&signed.viewer, id, tie, &posted.answers, &posted.once)
        .await;
    match saved {
        Err(Error::Findings(findings)) => {
            let tie = app.casework.tie_to_change(&signed.viewer, id, tie).await?;
            let about = changing_tie(&tie);
            page(&signed, &tie.form, &posted.answers, &findings, about)
        }
        Err(other) => Err(other.into()),
        Ok(()) => {
            let goes = to(&format!("/people/{id}/relationships"));
            Ok(Notice::new("Saved.").on(goes))
        }
    }
}

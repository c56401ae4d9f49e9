//! One page about a child in its own words, and writing the next one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use casework::model::Person;
use casework::people::profile_draft;
use packs::Answers;
use vocabulary::ids;

use super::super::edit::{About, back_to, page};
use super::{about, after, editing, reading};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::Posted;
use crate::ui::{ChildTop, Frame, Page, Part};

#[derive(Template)]
#[template(path = "people/profile.html")]
struct ProfilePage {
    frame: Frame,
    top: ChildTop,
    first: String,
    now: Option<casework::people::ProfileView>,
    before: Vec<casework::people::ProfileView>,
    may_edit: bool,
    button: String,
    write: String,
}

/// GET /people/{id}/profile
pub(in crate::people) async fn profile(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = reading(&app, &signed, id).await?;
    let mut pages = app.casework.profiles(&person, 20).await?.into_iter();
    let now = pages.next();
    Ok(Page(ProfilePage {
        frame: signed.frame(format!("One page about {}", person.name())),
        top: ChildTop::new(app.casework.header(&person).await?, Part::Other),
        first: person.first_name(),
        button: match &now {
            Some(_) => "Write a new page together".into(),
            None => "Write it together".into(),
        },
        now,
        before: pages.collect(),
        may_edit: signed.viewer.can("case.record") || signed.viewer.can("people.create"),
        write: format!("/people/{id}/profile/new"),
    })
    .into_response())
}

fn writing(person: &Person) -> About {
    About {
        back: back_to(&person.name(), person.id),
        draft: Some((
            profile_draft(person.id),
            format!("/people/{}/profile/new", person.id),
        )),
        intro: "The words of the page before are here to go on from. It stays as it was.".into(),
        ..about(
            person,
            format!("One page about {}", person.name()),
            format!("Keep this page about {}", person.first_name()),
            "profile",
        )
    }
}

/// GET /people/{id}/profile/new
pub(in crate::people) async fn ask_profile(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("profile")?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &profile_draft(id))
        .await?;
    let answers = match draft {
        Some(draft) => Answers::from_pairs(form, pairs_of(&draft)),
        None => app.casework.profile_to_write(&person).await?,
    };
    page(&signed, form, &answers, &[], writing(&person))
}

/// POST /people/{id}/profile/new
pub(in crate::people) async fn save_profile(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let person = editing(&app, &signed, id).await?;
    let form = app.casework.form("profile")?;
    let posted = Posted::read(form, &body);
    let saved = app
        .casework
        .save_profile(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    let done = ("The page was kept.", format!("/people/{id}/profile"));
    after(&signed, form, &posted, saved, done, writing(&person))
}

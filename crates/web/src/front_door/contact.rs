//! One contact: everything that was told, in the referrer's own words, and
//! what can be done with it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::front_door::contact::{ContactView, Working};
use casework::front_door::{ToldChild, for_how_long};
use casework::model::{ContactState, Team};
use casework::time;
use chrono::{DateTime, Utc};
use vocabulary::{Id, ids, plain};

use super::{Body, Pairs};
use crate::app::{App, At, Signed, WebError, WebResult};
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "front_door/contact.html")]
struct ContactPage {
    frame: Frame,
    view: ContactView,
    teams: Vec<Team>,
    typed: Typed,
    once: String,
    can_screen: bool,
    can_decide: bool,
    /// A request for early help that the viewer may take up.
    can_take_up: bool,
    mine: bool,
}

/// What was typed into the small forms of the page, to show it again.
#[derive(Debug, Clone, Default)]
struct Typed {
    danger: String,
    team: String,
    reason: String,
    acknowledged_by: String,
    given: String,
    family: String,
    born: String,
}

impl ContactPage {
    fn open(&self) -> bool {
        self.view.contact.state != ContactState::Decided
    }

    fn stage(&self) -> String {
        let contact = &self.view.contact;
        match (contact.state, contact.screening_started_at) {
            (ContactState::Decided, _) => "Decided".into(),
            (_, Some(since)) => format!("In screening {}", for_how_long(since, Utc::now())),
            _ => format!(
                "Not opened {}",
                for_how_long(contact.received_at, Utc::now())
            ),
        }
    }

    fn at(&self, at: &DateTime<Utc>) -> String {
        plain::date_time(time::local(*at))
    }

    /// What was told, without the long account that stands first.
    fn rest(&self) -> Vec<(&str, Vec<(&str, &str)>)> {
        // What early help wrote has its own place on the page.
        let told = self.view.told.iter().filter(|s| s.id != "carried");
        let sections = told.map(|section| {
            let lines = section
                .lines
                .iter()
                .filter(|(name, _, _)| name != "what")
                .map(|(_, label, answer)| (label.as_str(), answer.as_str()))
                .collect::<Vec<_>>();
            (section.title.as_str(), lines)
        });
        sections.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// What early help wrote: about what, the words, where they come from.
    fn carried(&self) -> Vec<(String, String, String)> {
        let answers = self.view.contact.answers.as_object().cloned();
        let answers = packs::Answers::from_map(answers.unwrap_or_default());
        let parts = answers.groups("carried").into_iter();
        parts
            .map(|part| {
                let text = |name: &str| part.text(name).to_owned();
                (text("part"), text("words"), text("source"))
            })
            .collect()
    }

    fn told_by(&self) -> String {
        let contact = &self.view.contact;
        let parts = [
            contact.referrer_name.as_deref(),
            contact.referrer_role.as_deref(),
            contact.referrer_agency.as_deref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => "Someone who did not give a name".into(),
            false => parts.join(", "),
        }
    }

    fn workers(&self, person: &Id<ids::Person>) -> Vec<&Working> {
        let all = self.view.working.iter();
        all.filter(|w| w.person_id == *person).collect()
    }

    /// Partners cannot look for somebody without a name.
    fn may_discuss(&self) -> bool {
        self.can_decide && self.view.children.iter().any(|c| c.person.is_some())
    }

    fn all_matched(&self) -> bool {
        !self.view.children.is_empty() && self.view.children.iter().all(|c| c.person.is_some())
    }

    /// "Suggested team: North (postcode)" until somebody has chosen one.
    fn suggested(&self) -> bool {
        self.view.names.team_kind.as_deref() == Some("locality")
            && self.open()
            && !self
                .view
                .history
                .iter()
                .any(|h| h.what.starts_with("Passed to "))
    }

    fn wrong(&self, field: &str) -> &str {
        let found = self.frame.errors.iter().find(|e| e.field == field);
        found.map_or("", |e| e.message.as_str())
    }
}

/// The contact.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    page(&app, &signed, id, Typed::default(), Vec::new()).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Contact>,
    typed: Typed,
    wrong: Vec<FieldError>,
) -> WebResult {
    let viewer = &signed.viewer;
    let view = app.casework.contact_view(viewer, id).await?;
    let can_screen = viewer.can("contact.screen");
    let mut frame = signed.frame(format!("Contact {}", view.contact.reference));
    if can_screen {
        frame = frame.with_back("Front door", "/front-door");
    }
    let refused = !wrong.is_empty();
    let page = Page(ContactPage {
        frame: frame.with_errors(wrong),
        teams: app.casework.teams_at_the_door().await?,
        mine: view.contact.screener_id == Some(viewer.principal.worker),
        can_decide: can_screen && viewer.can("contact.decide"),
        can_take_up: app.casework.takes_up_early_help(viewer, &view.contact),
        can_screen,
        once: once(),
        typed,
        view,
    });
    Ok(match refused {
        false => page.into_response(),
        true => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// After a small form: back to the contact with a notice, or the page again
/// with what was typed and what is wrong.
async fn settled(
    app: &App,
    signed: &Signed,
    id: Id<ids::Contact>,
    done: Result<(), Error>,
    notice: &str,
    typed: Typed,
) -> WebResult {
    match done {
        Ok(()) => Ok(Notice::new(notice).on(to(&format!("/contacts/{id}")))),
        Err(Error::Findings(findings)) => {
            let wrong = crate::forms::errors(&findings);
            page(app, signed, id, typed, wrong).await
        }
        Err(other) => Err(WebError(other)),
    }
}

fn pairs(body: Body) -> Result<Pairs, WebError> {
    Pairs::read(body)
}

/// The viewer takes the contact.
pub(super) async fn screen(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    app.casework.start_screening(&signed.viewer, id).await?;
    Ok(Notice::new("You are screening this contact.").on(to(&format!("/contacts/{id}"))))
}

/// Someone may be in danger now.
pub(super) async fn immediate_risk(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let sent = pairs(body)?;
    let danger = sent.text("danger").to_owned();
    let done = app
        .casework
        .raise_immediate_risk(&signed.viewer, id, &danger, sent.text("once"))
        .await;
    let typed = Typed {
        danger,
        ..Typed::default()
    };
    let notice = "Immediate risk is raised. It stands on the manager’s home page, and the clock runs. Call them as well.";
    settled(&app, &signed, id, done, notice, typed).await
}

/// To another team for checks, or back.
pub(super) async fn pass(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let sent = pairs(body)?;
    let typed = Typed {
        team: sent.text("team").to_owned(),
        reason: sent.text("reason").to_owned(),
        ..Typed::default()
    };
    // A team that is none gets the same message as no choice at all.
    let team = typed.team.parse().unwrap_or_else(|_| Id::new());
    let done = app
        .casework
        .pass_to_team(&signed.viewer, id, team, &typed.reason, sent.text("once"))
        .await;
    settled(
        &app,
        &signed,
        id,
        done,
        "The contact is with the other team.",
        typed,
    )
    .await
}

/// The other council has it.
pub(super) async fn acknowledged(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let sent = pairs(body)?;
    let typed = Typed {
        acknowledged_by: sent.text("acknowledged_by").to_owned(),
        ..Typed::default()
    };
    let done = app
        .casework
        .acknowledged(
            &signed.viewer,
            id,
            &typed.acknowledged_by,
            sent.text("once"),
        )
        .await;
    let notice = "It is on record that the other council has this contact.";
    settled(&app, &signed, id, done, notice, typed).await
}

/// A child whom nobody had named when the contact came in.
pub(super) async fn add_child(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let sent = pairs(body)?;
    let typed = Typed {
        given: sent.text("given").to_owned(),
        family: sent.text("family").to_owned(),
        born: sent.text("born").to_owned(),
        ..Typed::default()
    };
    let born = plain::read_date(&typed.born);
    if born.is_none() && !typed.born.trim().is_empty() {
        let wrong = FieldError::new("born", "Date of birth must be a real date, like 27 3 2019");
        return page(&app, &signed, id, typed, vec![wrong]).await;
    }
    let told = ToldChild {
        given: typed.given.clone(),
        family: typed.family.clone(),
        born: born.map(|day| day.to_string()).unwrap_or_default(),
        school: String::new(),
    };
    let added = app
        .casework
        .add_told_child(&signed.viewer, id, &told, sent.text("once"))
        .await;
    match added {
        Ok(part) => Ok(to(&format!("/contacts/{id}/children/{part}/match"))),
        Err(problem) => settled(&app, &signed, id, Err(problem), "", typed).await,
    }
}

//! One action: what was said about it, where it stands, its date, and the
//! one-time link for whoever answers.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::plans::PlanSeen;
use casework::plans::actions::ActionHistory;
use casework::plans::links::{LinkTo, MadeLink};
use casework::plans::view::is_open;
use vocabulary::{Id, ids, plain};

use super::{top, value};
use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "plans/action.html")]
struct ActionPage {
    frame: Frame,
    top: ChildTop,
    history: ActionHistory,
    writes: bool,
    pairs: Pairs,
    errors: Vec<FieldError>,
    once: String,
}

impl ActionPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn error(&self, name: &str) -> &str {
        self.errors
            .iter()
            .find(|e| e.field == name)
            .map_or("", |e| &e.message)
    }

    fn open(&self) -> bool {
        is_open(self.history.view.action.state)
    }

    fn open_link(&self) -> bool {
        self.history.links.iter().any(|l| l.open)
    }

    fn states(&self) -> [(&'static str, &'static str); 4] {
        [
            ("to_do", "To do"),
            ("under_way", "Under way"),
            ("done", "Done"),
            ("cannot", "Cannot be done"),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
) -> WebResult {
    page(&app, &signed, id, Vec::new(), Vec::new()).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Action>,
    pairs: Pairs,
    errors: Vec<FieldError>,
) -> WebResult<Response> {
    let history = app.casework.action(&signed.viewer, id).await?;
    let child = &history.seen.child;
    let writes = history.seen.is_open() && app.casework.may_plan(&signed.viewer, child);
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(ActionPage {
        frame: signed
            .frame(format!("Action for {}", history.seen.names()))
            .with_back(
                "Back to the plan",
                format!("/plans/{}", history.seen.plan.id),
            )
            .with_errors(errors.clone()),
        top: top(app, &history.seen.child).await?,
        once: match value(&pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        history,
        writes,
        pairs,
        errors,
    })
    .with_status(status))
}

pub(super) async fn set_state(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let (state, words) = (value(&pairs, "state"), value(&pairs, "words"));
    let set = app
        .casework
        .update_action(&signed.viewer, id, state, words, value(&pairs, "once"))
        .await;
    settled(&app, &signed, id, pairs, set, "The action is up to date.").await
}

pub(super) async fn set_date(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let typed = ["due.day", "due.month", "due.year"].map(|name| value(&pairs, name));
    // A whole date in the first box is a date.
    let day =
        plain::read_date_parts(typed[0], typed[1], typed[2]).or_else(|| plain::read_date(typed[0]));
    let reason = value(&pairs, "reason");
    let set = app
        .casework
        .move_action(&signed.viewer, id, day, reason, value(&pairs, "once"))
        .await;
    settled(&app, &signed, id, pairs, set, "The date has changed.").await
}

async fn settled(
    app: &App,
    signed: &Signed,
    id: Id<ids::Action>,
    pairs: Pairs,
    set: Result<Id<ids::Plan>, Error>,
    words: &str,
) -> WebResult {
    match set {
        Ok(plan) => Ok(Notice::new(words).on(to(&format!("/plans/{plan}")))),
        Err(Error::Findings(findings)) => {
            page(app, signed, id, pairs, forms::errors(&findings)).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "plans/link_new.html")]
struct AskPage {
    frame: Frame,
    top: ChildTop,
    history: ActionHistory,
    known: Vec<LinkTo>,
    pairs: Pairs,
    errors: Vec<FieldError>,
    once: String,
}

impl AskPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn error(&self, name: &str) -> &str {
        self.errors
            .iter()
            .find(|e| e.field == name)
            .map_or("", |e| &e.message)
    }
}

pub(super) async fn ask_whom(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
) -> WebResult {
    ask_page(&app, &signed, id, Vec::new(), Vec::new()).await
}

async fn ask_page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Action>,
    pairs: Pairs,
    errors: Vec<FieldError>,
) -> WebResult {
    let (history, known) = app.casework.can_be_asked(&signed.viewer, id).await?;
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(AskPage {
        frame: signed
            .frame("Ask a partner how it is going")
            .with_back("Back to the action", format!("/actions/{id}"))
            .with_errors(errors.clone()),
        top: top(app, &history.seen.child).await?,
        history,
        known,
        pairs,
        errors,
        once: once(),
    })
    .with_status(status))
}

#[derive(Template)]
#[template(path = "plans/link.html")]
struct LinkPage {
    frame: Frame,
    top: ChildTop,
    made: MadeLink,
    action: Id<ids::Action>,
    plan: Id<ids::Plan>,
}

/// Makes the link and shows it in the answer to the post: it is kept nowhere,
/// so there is no page to go to where it would be shown again.
pub(super) async fn make_link(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let link_to = match value(&pairs, "to").split_once(" <") {
        Some((name, email)) => LinkTo {
            name: name.to_owned(),
            email: email.trim_end_matches('>').to_owned(),
        },
        None => LinkTo {
            name: value(&pairs, "name").to_owned(),
            email: value(&pairs, "email").to_owned(),
        },
    };
    let site = app.link_base(&headers);
    let made = app
        .casework
        .make_link(&signed.viewer, id, &link_to, &site, value(&pairs, "once"))
        .await;
    match made {
        Ok(made) => link_page(&app, &signed, id, made).await,
        Err(Error::Findings(findings)) => {
            ask_page(&app, &signed, id, pairs, forms::errors(&findings)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The link with its message, shown once.
pub(super) async fn link_page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Action>,
    made: MadeLink,
) -> WebResult {
    let seen: PlanSeen = app.casework.action(&signed.viewer, id).await?.seen;
    Ok(Page(LinkPage {
        frame: signed.frame("The link is ready to send"),
        top: top(app, &seen.child).await?,
        made,
        action: id,
        plan: seen.plan.id,
    })
    .into_response())
}

pub(super) async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Action>,
) -> WebResult {
    app.casework.withdraw_link(&signed.viewer, id).await?;
    Ok(Notice::new("The link does not work any more.").on(to(&format!("/actions/{id}"))))
}

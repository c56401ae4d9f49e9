//! Adding a goal and adding an action: each a small form of the pack.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::plans::{PlanSeen, actions, goals};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use super::{top, value};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, PersonChoice, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

/// The form of an action, in a page of its own or folded into another.
#[derive(Template)]
#[template(path = "plans/action_form.html")]
pub(crate) struct ActionForm {
    plan: Id<ids::Plan>,
    fields: Html,
    goals: Vec<(String, String)>,
    goal: String,
    back: String,
    once: String,
    button: String,
    /// An unfinished action was found.
    pub(crate) drafted: bool,
}

/// What was typed into the form of an action.
pub(crate) struct TypedAction<'a> {
    pairs: &'a [(String, String)],
    findings: &'a [Finding],
}

/// The form with the network's names offered; unfinished typing comes back.
pub(crate) async fn action_form(
    app: &App,
    signed: &Signed,
    seen: &PlanSeen,
    goals: &[(String, String)],
    typed: Option<TypedAction<'_>>,
) -> WebResult<ActionForm> {
    let plan = seen.plan.id;
    let form = app.casework.form(actions::FORM)?;
    let draft = match &typed {
        Some(_) => None,
        None => {
            let target = format!("action:{plan}");
            app.casework.my_draft(&signed.viewer, &target).await?
        }
    };
    let drafted = draft.as_ref().map(pairs_of);
    let pairs = match (&typed, &drafted) {
        (Some(typed), _) => typed.pairs,
        (None, Some(pairs)) => pairs,
        (None, None) => &[],
    };
    let answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    let network = app.casework.network(&signed.viewer, seen).await?;
    let names: Vec<String> = network
        .iter()
        .map(|k| match k.person {
            Some(_) => k.name.clone(),
            None => format!("{}, {}", k.name, k.role),
        })
        .collect();
    let fields = Fields::new(form, &answers, signed.viewer.today)
        .section("action")
        .findings(typed.as_ref().map_or(&[], |t| t.findings))
        .list("owner", &names)
        .html()?;
    Ok(ActionForm {
        plan,
        fields,
        goals: goals.to_vec(),
        goal: value(pairs, "goal").to_owned(),
        back: value(pairs, "back").to_owned(),
        once: match value(pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        button: format!("Add action for {}", seen.names()),
        drafted: drafted.is_some(),
    })
}

impl ActionForm {
    /// Comes back to another page than the plan's after saving.
    pub(crate) fn coming_back_to(mut self, address: String) -> ActionForm {
        self.back = address;
        self
    }
}

#[derive(Template)]
#[template(path = "plans/action_new.html")]
struct ActionPage {
    frame: Frame,
    top: ChildTop,
    form: ActionForm,
}

pub(super) async fn new_action(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
) -> WebResult {
    let seen = changed(&app, &signed, id, "add an action").await?;
    let form = action_form(&app, &signed, &seen, &goal_names(&app, &seen).await?, None).await?;
    Ok(action_page(&app, &signed, &seen, form)
        .await?
        .into_response())
}

async fn action_page(
    app: &App,
    signed: &Signed,
    seen: &PlanSeen,
    form: ActionForm,
) -> WebResult<Page<ActionPage>> {
    Ok(Page(ActionPage {
        frame: signed
            .frame(format!("Add an action for {}", seen.names()))
            .with_back("Back to the plan", format!("/plans/{}", seen.plan.id)),
        top: top(app, &seen.child).await?,
        form,
    }))
}

pub(super) async fn add_action(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form(actions::FORM)?;
    let posted = Posted::read(form, &body);
    let goal = match posted.other("goal") {
        "" => None,
        goal => Some(goal.parse().map_err(|_| Error::NotFound)?),
    };
    let added = app
        .casework
        .add_action(&signed.viewer, id, &posted.answers, goal, &posted.once)
        .await;
    match added {
        Ok(_) => {
            // Only back to a meeting of ours.
            let back = match posted.other("back") {
                back if back.starts_with("/meetings/") => back.to_owned(),
                _ => format!("/plans/{id}"),
            };
            Ok(Notice::new("Action added.").on(to(&back)))
        }
        Err(Error::Findings(findings)) => {
            let seen = changed(&app, &signed, id, "add an action").await?;
            let typed = TypedAction {
                pairs: &posted.pairs,
                findings: &findings,
            };
            let goals = goal_names(&app, &seen).await?;
            let form = action_form(&app, &signed, &seen, &goals, Some(typed)).await?;
            let mut page = action_page(&app, &signed, &seen, form).await?;
            page.0.frame = page.0.frame.with_errors(forms::errors(&findings));
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "plans/goal_new.html")]
struct GoalPage {
    frame: Frame,
    top: ChildTop,
    plan: Id<ids::Plan>,
    fields: Html,
    once: String,
    button: String,
}

pub(super) async fn new_goal(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("goal:{id}"))
        .await?;
    let pairs = draft.as_ref().map(pairs_of).unwrap_or_default();
    goal_page(&app, &signed, id, &pairs, &[]).await
}

pub(super) async fn add_goal(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form(goals::FORM)?;
    let posted = Posted::read(form, &body);
    let added = app
        .casework
        .add_goal(&signed.viewer, id, &posted.answers, &posted.once)
        .await;
    match added {
        Ok(()) => Ok(Notice::new("Goal added.").on(to(&format!("/plans/{id}")))),
        Err(Error::Findings(findings)) => {
            goal_page(&app, &signed, id, &posted.pairs, &findings).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn goal_page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Plan>,
    pairs: &[(String, String)],
    findings: &[Finding],
) -> WebResult<Response> {
    let seen = changed(app, signed, id, "add a goal").await?;
    let form = app.casework.form(goals::FORM)?;
    let answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    let today = signed.viewer.today;
    let people: Vec<PersonChoice> = seen
        .children
        .iter()
        .map(|c| PersonChoice {
            id: c.id.to_string(),
            name: c.first_name(),
            note: c
                .birth_date()
                .map(|b| b.words_on(today))
                .unwrap_or_default(),
            child: true,
        })
        .collect();
    let fields = Fields::new(form, &answers, today)
        .section("goal")
        .findings(findings)
        .people(&people)
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(GoalPage {
        frame: signed
            .frame(format!("Add a goal for {}", seen.names()))
            .with_back("Back to the plan", format!("/plans/{id}"))
            .with_errors(forms::errors(findings)),
        top: top(app, &seen.child).await?,
        plan: id,
        fields,
        once: match value(pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        button: format!("Add goal for {}", seen.names()),
    })
    .with_status(status))
}

/// A plan that the viewer may change, for the pages that change it.
async fn changed(app: &App, signed: &Signed, id: Id<ids::Plan>, page: &str) -> WebResult<PlanSeen> {
    Ok(app
        .casework
        .plan_to_change(&signed.viewer, id, page)
        .await?)
}

async fn goal_names(app: &App, seen: &PlanSeen) -> WebResult<Vec<(String, String)>> {
    Ok(app.casework.goal_names(seen).await?)
}

//! The page of a plan, on screen and on paper.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use casework::model::Decision;
use casework::plans::goals::short;
use casework::plans::view::{MeetingLine, PlanView};
use casework::time;
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use super::{ActionForm, action_form, top};
use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, Frame, Page};

#[derive(Template)]
#[template(path = "plans/plan.html")]
struct PlanPage {
    frame: Frame,
    top: ChildTop,
    view: PlanView,
    names: String,
    writes: bool,
    add: Option<ActionForm>,
    printed: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct OnPageOf {
    #[serde(default)]
    child: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    Query(on): Query<OnPageOf>,
) -> WebResult {
    let child: Option<Id<ids::Person>> = on.child.parse().ok();
    let view = app.casework.plan(&signed.viewer, id, child).await?;
    let writes = view.seen.is_open() && app.casework.may_plan(&signed.viewer, &view.seen.child);
    let add = match writes {
        true => Some(action_form(&app, &signed, &view.seen, &view.goal_names(), None).await?),
        false => None,
    };
    let names = view.seen.names();
    Ok(Page(PlanPage {
        frame: signed.frame(format!("{} for {names}", view.title)),
        top: top(&app, &view.seen.child).await?,
        printed: format!(
            "{}, by {}",
            plain::date_time(time::now_local()),
            signed.viewer.name
        ),
        names,
        writes,
        add,
        view,
    })
    .into_response())
}

impl PlanPage {
    fn next_meeting(&self) -> Option<&MeetingLine> {
        self.view.meetings.iter().rev().find(|m| m.planned)
    }

    fn since(&self) -> String {
        let plan = &self.view.seen.plan;
        match plan.ended_on {
            None => format!("Since {}", plain::date(plan.started_on)),
            Some(end) => format!("{} to {}", plain::date(plan.started_on), plain::date(end)),
        }
    }

    fn packages(&self) -> String {
        match self.view.seen.packages.unwrap_or_default() {
            0 => "none".to_owned(),
            1 => "one".to_owned(),
            more => more.to_string(),
        }
    }

    fn late(&self) -> usize {
        self.view.agencies.iter().map(|a| a.late).sum()
    }

    fn nothing_yet(&self) -> bool {
        self.view.goals.is_empty() && self.view.other_actions.is_empty()
    }

    /// "Why the plan began": the heading of a decision.
    fn heading(decision: &Decision) -> String {
        let day = plain::date(time::local(decision.decided_at).date());
        match decision.kind.as_str() {
            "plan" => format!("Why the plan began, {day}"),
            "closure" => format!("Why the plan ended, {day}"),
            _ => format!("What the review found, {day}"),
        }
    }

    /// An answer that the decision kept.
    fn kept<'a>(decision: &'a Decision, name: &str) -> &'a str {
        decision
            .answers
            .get(name)
            .and_then(|v| v.as_str())
            .unwrap_or_default()
    }
}

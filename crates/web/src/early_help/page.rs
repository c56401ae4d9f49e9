//! The page of a period of early help, and what a child has had of it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::early_help::path;
use casework::early_help::view::{ChildHelp, HelpView};
use casework::model::StepState;
use packs::Finding;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::plans::top;
use crate::ui::{ChildTop, Frame, Page, once, to};

#[derive(Template)]
#[template(path = "early_help/page.html")]
struct HelpPage {
    frame: Frame,
    top: ChildTop,
    view: HelpView,
    /// The member whose leaving was refused for want of a reason.
    leaving: Option<Id<ids::Involvement>>,
    once: String,
}

/// What there is to do next: its words and its page.
struct NextStep {
    words: &'static str,
    text: String,
    href: String,
}

impl HelpPage {
    fn here(&self) -> String {
        path(self.view.seen.help.id)
    }

    fn since(&self) -> String {
        plain::date(self.view.seen.help.began_on)
    }

    fn ended(&self) -> Option<String> {
        self.view.seen.help.ended_on.map(plain::date)
    }

    fn is_leaving(&self, id: &Id<ids::Involvement>) -> bool {
        self.leaving.as_ref() == Some(id)
    }

    fn assessment_words(&self) -> &'static str {
        match self.view.assessment {
            Some((_, state)) => casework::steps::state_words(state),
            None => "None: it goes on from social care’s work",
        }
    }

    fn waits_for_social_care(&self) -> bool {
        self.view
            .step_up
            .as_ref()
            .is_some_and(|s| s.outcome.is_none())
    }

    /// The one thing that is next.
    fn next(&self) -> Option<NextStep> {
        if !self.view.writes {
            return None;
        }
        let here = self.here();
        let step = |words, text: &str, href: String| {
            Some(NextStep {
                words,
                text: text.to_owned(),
                href,
            })
        };
        match self.view.consent() {
            "given" => {}
            "withdrawn" | "refused" => {
                return step(
                    "The family does not agree now. Talk with them, then say what happens: they agree after all, early help ends, or social care is needed. Nothing more is shared until then.",
                    "Record what the family says",
                    format!("{here}/consent"),
                );
            }
            _ => {
                return step(
                    "The family has not said yet whether it agrees.",
                    "Record what the family says",
                    format!("{here}/consent"),
                );
            }
        }
        if self.view.lead.is_none() {
            return step(
                "Nobody leads yet. The family needs one person to ring.",
                "Agree who leads",
                format!("{here}/lead"),
            );
        }
        match (self.view.assessment, self.view.seen.help.plan_id) {
            (Some((id, StepState::Open | StepState::SentBack)), None) => step(
                "The assessment is being written with the family.",
                "Carry on with the assessment",
                format!("/steps/{id}"),
            ),
            (_, None) if self.view.assessed.as_deref() == Some("step_up") => step(
                "The assessment says that social care is needed.",
                "Ask social care",
                format!("{here}/step-up"),
            ),
            (_, None) => step(
                "There is no plan yet.",
                "Start the plan",
                format!("{here}/plan"),
            ),
            (_, Some(plan)) if self.view.meeting.is_none() => step(
                "No meeting of the team is planned.",
                "Plan the team’s meeting",
                format!("/plans/{plan}/meetings/new"),
            ),
            (_, Some(plan)) => step(
                "The plan is under way.",
                "Open the plan",
                format!("/plans/{plan}"),
            ),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    page(&app, &signed, id, &[], None).await
}

pub(super) async fn with_errors(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    findings: &[Finding],
    leaving: Id<ids::Involvement>,
) -> WebResult<Response> {
    page(app, signed, id, findings, Some(leaving)).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    findings: &[Finding],
    leaving: Option<Id<ids::Involvement>>,
) -> WebResult<Response> {
    let view = app.casework.early_help_view(&signed.viewer, id).await?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(HelpPage {
        frame: signed
            .frame(format!("Early help for {}", view.seen.names()))
            .with_errors(forms::errors(findings)),
        top: top(app, &view.seen.child).await?,
        once: once(),
        leaving,
        view,
    })
    .with_status(status))
}

#[derive(Template)]
#[template(path = "early_help/child.html")]
struct ChildPage {
    frame: Frame,
    top: ChildTop,
    of: ChildHelp,
    starts: bool,
}

impl ChildPage {
    fn starting(&self) -> String {
        format!("/people/{}/early-help/new", self.of.child.id)
    }
}

/// The child's early help that is open; else what there was.
pub(super) async fn of_child(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let of = app.casework.early_help_of(&signed.viewer, id).await?;
    if let Some(open) = of.open {
        return Ok(to(&path(open)));
    }
    let name = of.child.first_name();
    Ok(Page(ChildPage {
        frame: signed.frame(format!("Early help for {name}")),
        top: top(&app, &of.child).await?,
        starts: signed.viewer.can("case.record"),
        of,
    })
    .into_response())
}

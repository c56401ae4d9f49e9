//! One meeting: who is coming, the interpreter, views sent before, what was
//! said and decided.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::meetings::MeetingView;
use casework::model::{MeetingPerson, MeetingState};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms;
use crate::plans::{ActionForm, action_form, top, value};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "meetings/one.html")]
struct MeetingPage {
    frame: Frame,
    top: ChildTop,
    view: MeetingView,
    add: Option<ActionForm>,
    writes: bool,
    agencies: Vec<String>,
    pairs: Pairs,
    errors: Vec<FieldError>,
    once: String,
}

impl MeetingPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn error(&self, name: &str) -> &str {
        self.errors
            .iter()
            .find(|e| e.field == name)
            .map_or("", |e| &e.message)
    }

    fn record_page(&self) -> String {
        format!("/meetings/{}/record", self.view.seen.meeting.id)
    }

    fn held(&self) -> bool {
        self.view.seen.meeting.state == MeetingState::Held
    }

    fn part(person: &MeetingPerson) -> &'static str {
        match (person.came.as_deref(), person.invited) {
            (Some("came"), _) => "Came",
            (Some("sent_views"), _) => "Sent their views",
            (Some("absent"), _) => "Did not come",
            (_, true) => "Invited",
            _ => "",
        }
    }

    /// What became of the interpreter, once it is settled.
    fn interpreter(&self) -> Option<String> {
        match self.view.seen.meeting.interpreter.as_deref()? {
            "booked" => Some("An interpreter is booked.".to_owned()),
            words => words
                .strip_prefix("declined: ")
                .map(|why| format!("No interpreter: {why}")),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
) -> WebResult {
    // The look at a strategy discussion or a conference is recorded there.
    if let Some(path) = app.casework.page_of_meeting(id).await? {
        return Ok(to(&path));
    }
    page(&app, &signed, id, Vec::new(), Vec::new()).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Meeting>,
    pairs: Pairs,
    errors: Vec<FieldError>,
) -> WebResult {
    let view = app.casework.meeting(&signed.viewer, id).await?;
    let plan = view.seen.meeting.plan_id;
    let writes = signed.viewer.can("meeting.record");
    let add = match view.seen.plan_seen() {
        Some(seen) if view.plan_open && signed.viewer.can("case.record") => {
            let goals = app.casework.goal_names(&seen).await?;
            let form = action_form(app, signed, &seen, &goals, None).await?;
            Some(form.coming_back_to(format!("/meetings/{id}")))
        }
        _ => None,
    };
    let back = match plan {
        Some(plan) => format!("/plans/{plan}"),
        None => format!("/people/{}/plan", view.seen.child.id),
    };
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(MeetingPage {
        frame: signed
            .frame(format!("{}, {}", view.kind, view.when))
            .with_back("Back to the plan", back)
            .with_errors(errors.clone()),
        top: top(app, &view.seen.child).await?,
        agencies: view
            .people
            .iter()
            .map(|p| match p.agency.as_str() {
                "" => p.role.clone(),
                code => app.casework.label("agencies", code),
            })
            .collect(),
        once: match value(&pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        view,
        add,
        writes,
        pairs,
        errors,
    })
    .with_status(status))
}

pub(super) async fn interpreter(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let choice = value(&pairs, "interpreter");
    let reason = value(&pairs, "interpreter_reason");
    let done = app
        .casework
        .settle_interpreter(&signed.viewer, id, choice, reason)
        .await;
    after(
        &app,
        &signed,
        id,
        pairs,
        done,
        "The interpreter is settled.",
    )
    .await
}

pub(super) async fn views(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let (who, words) = (value(&pairs, "who"), value(&pairs, "views"));
    let done = app
        .casework
        .add_views(&signed.viewer, id, who, words, value(&pairs, "once"))
        .await;
    after(
        &app,
        &signed,
        id,
        pairs,
        done,
        "The views are with the meeting.",
    )
    .await
}

pub(super) async fn cancel(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let done = app
        .casework
        .cancel_meeting(&signed.viewer, id, value(&pairs, "cancel_reason"))
        .await
        .map(|_| ());
    after(&app, &signed, id, pairs, done, "The meeting is called off.").await
}

async fn after(
    app: &App,
    signed: &Signed,
    id: Id<ids::Meeting>,
    pairs: Pairs,
    done: Result<(), Error>,
    words: &str,
) -> WebResult {
    match done {
        Ok(()) => Ok(Notice::new(words).on(to(&format!("/meetings/{id}")))),
        Err(Error::Findings(findings)) => {
            page(app, signed, id, pairs, forms::errors(&findings)).await
        }
        Err(other) => Err(other.into()),
    }
}

//! A child's plans, and starting one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::Error;
use casework::plans::goals::short;
use casework::plans::start::{FORM, NewPlan, StartPlan, Started, draft_target};
use casework::plans::view::ChildPlans;
use packs::{Answers, Finding};
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use super::{ask_again, top, value, values};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "plans/child.html")]
struct ChildPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    plans: ChildPlans,
    writes: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    all: String,
}

/// The child's plan; with several, or none, the list of them.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Query(which): Query<Which>,
) -> WebResult {
    let plans = app.casework.plans_of(&signed.viewer, id).await?;
    let open: Vec<_> = plans.plans.iter().filter(|p| p.open).collect();
    if let ([only], true) = (open.as_slice(), which.all.is_empty()) {
        return Ok(to(&format!("/plans/{}?child={id}", only.id)));
    }
    let writes = app.casework.may_plan(&signed.viewer, &plans.child);
    let name = plans.child.first_name();
    Ok(Page(ChildPage {
        frame: signed.frame(format!("Plans for {name}")),
        top: top(&app, &plans.child).await?,
        id,
        name,
        writes,
        plans,
    })
    .into_response())
}

impl ChildPage {
    fn has_open(&self) -> bool {
        self.plans.plans.iter().any(|p| p.open)
    }

    fn new_plan(&self) -> String {
        format!("/people/{}/plan/new", self.id)
    }

    fn assessed(&self) -> Option<String> {
        self.plans.assessment.map(|(_, day)| plain::date(day))
    }
}

#[derive(Template)]
#[template(path = "plans/start.html")]
struct StartPage {
    frame: Frame,
    top: ChildTop,
    new: NewPlan,
    fields: Html,
    pairs: Vec<(String, String)>,
    asked: bool,
    once: String,
    target: String,
    error: String,
}

impl StartPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn ticked(&self, name: &str, id: &str) -> bool {
        values(&self.pairs, name).contains(&id)
    }

    fn assessed(&self) -> Option<String> {
        self.new.assessment.map(|(_, day)| plain::date(day))
    }

    fn name(&self) -> String {
        self.new.child.first_name()
    }
}

pub(super) async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &draft_target(id))
        .await?;
    let pairs = draft.as_ref().map(pairs_of).unwrap_or_default();
    show_start(&app, &signed, id, pairs, Vec::new(), Vec::new()).await
}

pub(super) async fn start(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form(FORM)?;
    let posted = Posted::read(form, &body);
    let findings = form.check(&posted.answers, None);
    if ask_again(&findings, &posted.pairs) {
        let errors = forms::errors(&findings);
        return show_start(&app, &signed, id, posted.pairs, findings, errors).await;
    }
    let start = StartPlan {
        also: read_ids(&values(&posted.pairs, "also"))?,
        carry: read_ids(&values(&posted.pairs, "carry"))?,
        reason: posted.other("reason").to_owned(),
        once: posted.once.clone(),
        answers: posted.answers,
    };
    match app.casework.start_plan(&signed.viewer, id, &start).await {
        Ok(Started::Plan(plan)) => Ok(Notice::new(
            "The plan has started. Add its goals and its actions, and plan the first meeting.",
        )
        .on(to(&format!("/plans/{plan}?child={id}")))),
        Ok(Started::Decided) => Ok(Notice::new(
            "The decision is on record. Tell your manager what happens now.",
        )
        .on(to(&format!("/people/{id}/plan")))),
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            show_start(&app, &signed, id, posted.pairs, findings, errors).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn show_start(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    pairs: Vec<(String, String)>,
    findings: Vec<Finding>,
    errors: Vec<FieldError>,
) -> WebResult<Response> {
    let new = app.casework.new_plan(&signed.viewer, id).await?;
    if let Some(open) = new.open {
        return Ok(to(&format!("/plans/{open}?child={id}")));
    }
    let form = app.casework.form(FORM)?;
    let answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    let fields = Fields::new(form, &answers, signed.viewer.today)
        .section("plan")
        .findings(&findings)
        .html()?;
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let of = |name: &str| {
        findings
            .iter()
            .find(|f| f.field == name)
            .map(|f| f.message.clone())
    };
    let name = new.child.first_name();
    Ok(Page(StartPage {
        frame: signed
            .frame(format!("Start a child in need plan for {name}"))
            .with_errors(errors),
        top: top(app, &new.child).await?,
        fields,
        asked: !findings.is_empty(),
        error: of("reason").unwrap_or_default(),
        once: match value(&pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        target: draft_target(id),
        pairs,
        new,
    })
    .with_status(status))
}

/// Identifiers as posted. One that is none can only be forged: not found.
pub(super) fn read_ids<T>(texts: &[&str]) -> Result<Vec<Id<T>>, Error> {
    texts
        .iter()
        .map(|text| text.parse().map_err(|_| Error::NotFound))
        .collect()
}

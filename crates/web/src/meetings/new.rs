//! Planning a meeting. The network is offered; nobody is ticked beforehand.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::meetings::plan::PlanMeeting;
use casework::meetings::{FORM, languages};
use casework::plans::PlanSeen;
use casework::plans::network::Known;
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{top, value, values};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

/// How many others can be invited on the page; more are added when recording.
const OTHERS: usize = 3;

#[derive(Template)]
#[template(path = "meetings/new.html")]
struct NewPage {
    frame: Frame,
    top: ChildTop,
    seen: PlanSeen,
    network: Vec<Known>,
    fields: Html,
    agencies: Vec<(String, String)>,
    pairs: Vec<(String, String)>,
    once: String,
}

impl NewPage {
    fn typed(&self, name: &str) -> &str {
        value(&self.pairs, name)
    }

    fn other(&self, n: &usize, part: &str) -> &str {
        value(&self.pairs, &format!("other.{n}.{part}"))
    }

    fn ticked(&self, key: &str) -> bool {
        values(&self.pairs, "invite").contains(&key)
    }

    fn others(&self) -> std::ops::Range<usize> {
        0..OTHERS
    }

    fn interpreters(&self) -> Vec<String> {
        languages(&self.network)
    }

    fn names(&self) -> String {
        self.seen.names()
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("meeting:{id}"))
        .await?;
    let pairs = draft.as_ref().map(pairs_of).unwrap_or_default();
    show(&app, &signed, id, pairs, &[]).await
}

pub(super) async fn plan(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let others = (0..OTHERS).map(|n| {
        let part = |part: &str| posted.other(&format!("other.{n}.{part}")).to_owned();
        (part("name"), part("agency"))
    });
    let wanted = PlanMeeting {
        purpose: posted.other("purpose").to_owned(),
        invite: values(&posted.pairs, "invite")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        others: others.collect(),
        once: posted.once.clone(),
        answers: posted.answers,
    };
    match app.casework.plan_meeting(&signed.viewer, id, &wanted).await {
        Ok(meeting) => {
            Ok(Notice::new("The meeting is planned.").on(to(&format!("/meetings/{meeting}"))))
        }
        Err(Error::Findings(findings)) => show(&app, &signed, id, posted.pairs, &findings).await,
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Plan>,
    pairs: Vec<(String, String)>,
    findings: &[Finding],
) -> WebResult {
    let (seen, network) = app.casework.new_meeting(&signed.viewer, id).await?;
    let form = app.casework.form(FORM)?;
    let today = signed.viewer.today;
    let mut answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    if seen.plan.kind == "early_help" && pairs.is_empty() {
        // Nearly always this one; any other can be chosen.
        answers.set("kind", "team_around_family");
    }
    let fields = Fields::new(form, &answers, today)
        .section("meeting")
        .findings(findings)
        .html()?;
    let agencies = app
        .casework
        .pack()
        .codes("agencies", today)
        .map(|set| {
            set.codes
                .iter()
                .map(|c| (c.code.clone(), c.label.clone()))
                .collect()
        })
        .unwrap_or_default();
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(NewPage {
        frame: signed
            .frame(format!("Plan a meeting about {}", seen.names()))
            .with_back("Back to the plan", format!("/plans/{id}"))
            .with_errors(forms::errors(findings)),
        top: top(app, &seen.child).await?,
        seen,
        network,
        fields,
        agencies,
        once: match value(&pairs, "once") {
            "" => once(),
            token => token.to_owned(),
        },
        pairs,
    })
    .with_status(status))
}

//! Recording a meeting on one page: who took part, what was said, what was
//! decided, when the next one is.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::meetings::MeetingSeen;
use packs::{Answers, Finding, Form};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{ask_again, top};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "meetings/record.html")]
struct RecordPage {
    frame: Frame,
    top: ChildTop,
    seen: MeetingSeen,
    fields: Html,
    asked: bool,
    once: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
) -> WebResult {
    let (seen, planned) = app.casework.meeting_to_record(&signed.viewer, id).await?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("held:{id}"))
        .await?;
    let pairs = draft.as_ref().map(pairs_of);
    let form = form_for(&app, &seen.meeting.kind)?;
    let answers = match &pairs {
        Some(pairs) => Answers::from_pairs(&form, pairs.iter().map(|(k, v)| (k, v))),
        None => planned,
    };
    show(&app, &signed, seen, &form, &answers, None, &[], once()).await
}

/// The form of a kind of meeting. A kind that was not chosen yet asks what
/// every meeting asks.
fn form_for(app: &App, kind: &str) -> WebResult<Form> {
    Ok(app.casework.meeting_form(kind)?)
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Meeting>,
    body: Bytes,
) -> WebResult {
    // The kind decides which questions are asked, so it is read first.
    let kind = Posted::read(&form_for(&app, "")?, &body);
    let form = form_for(&app, kind.answers.text("kind"))?;
    let posted = Posted::read(&form, &body);
    let token = match posted.once.as_str() {
        "" => once(),
        token => token.to_owned(),
    };
    let findings = match posted.reshape {
        Some(_) => Vec::new(),
        None => form.check(&posted.answers, None),
    };
    let again = posted.reshape.is_some() || ask_again(&findings, &posted.pairs);
    let saved = match again {
        true => Err(Error::Findings(findings)),
        false => {
            app.casework
                .record_meeting(&signed.viewer, id, &posted.answers, &token)
                .await
        }
    };
    match saved {
        Ok(_) => Ok(
            Notice::new("The meeting is recorded. Add the actions that were agreed.")
                .on(to(&format!("/meetings/{id}"))),
        ),
        Err(Error::Findings(findings)) => {
            let (seen, _) = app.casework.meeting_to_record(&signed.viewer, id).await?;
            let adding = posted.adding().map(str::to_owned);
            show(
                &app,
                &signed,
                seen,
                &form,
                &posted.answers,
                adding,
                &findings,
                token,
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

#[allow(clippy::too_many_arguments)] // The page's parts, each named once.
async fn show(
    app: &App,
    signed: &Signed,
    seen: MeetingSeen,
    form: &Form,
    answers: &Answers,
    adding: Option<String>,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let fields = Fields::new(form, answers, signed.viewer.today)
        .findings(findings)
        .adding(adding.as_deref())
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(RecordPage {
        frame: signed
            .frame(format!("Record the meeting about {}", names(&seen)))
            .with_back(
                "Back to the meeting",
                format!("/meetings/{}", seen.meeting.id),
            )
            .with_errors(forms::errors(findings)),
        top: top(app, &seen.child).await?,
        fields,
        asked: !findings.is_empty(),
        once,
        seen,
    })
    .with_status(status))
}

fn names(seen: &MeetingSeen) -> String {
    let names: Vec<String> = seen.children.iter().map(|c| c.first_name()).collect();
    vocabulary::plain::list(&names)
}

impl RecordPage {
    fn id(&self) -> Id<ids::Meeting> {
        self.seen.meeting.id
    }

    fn names(&self) -> String {
        names(&self.seen)
    }
}

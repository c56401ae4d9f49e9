//! The threshold decision, with the threshold document beside it. Nothing is
//! chosen beforehand; the decision-maker is who is signed in (UX11).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::front_door::contact::ContactView;
use casework::front_door::decision::{Deciding, THRESHOLD, decision_draft};
use casework::model::{ContactState, Team};
use casework::time;
use packs::{Answers, Finding, Threshold};
use vocabulary::{Id, ids, plain};

use super::{Body, read};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts;
use crate::forms::{self, Fields, Html};
use crate::ui::{FieldError, Frame, Notice, Page, errors, once, to};

#[derive(Template)]
#[template(path = "front_door/decision.html")]
struct DecisionPage {
    frame: Frame,
    view: ContactView,
    fields: Html,
    guide: Option<Threshold>,
    teams: Vec<Team>,
    team: String,
    suggested: bool,
    team_wrong: String,
    once: String,
    version: i64,
    draft: String,
    restored: bool,
    who: String,
    button: String,
}

impl DecisionPage {
    fn day(&self, at: &chrono::DateTime<chrono::Utc>) -> String {
        plain::date(time::local(*at).date())
    }

    fn guide_day(&self, guide: &Threshold) -> String {
        plain::date(guide.version)
    }
}

/// What is on the page besides the form's answers.
struct Typed {
    once: String,
    version: Option<i64>,
    team: Option<String>,
    restored: bool,
}

/// The empty decision, or what was being written.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
) -> WebResult {
    let form = app.casework.form("threshold-decision")?;
    let draft = app
        .casework
        .my_draft(&signed.viewer, &decision_draft(id))
        .await?;
    let pairs = draft.as_ref().map(drafts::pairs_of).unwrap_or_default();
    let team = pairs.iter().find(|(n, _)| n == "team").map(|p| p.1.clone());
    let answers = Answers::from_pairs(form, pairs);
    let typed = Typed {
        once: once(),
        version: None,
        team,
        restored: draft.is_some(),
    };
    page(&app, &signed, id, &answers, &[], typed, Vec::new()).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Contact>,
    answers: &Answers,
    findings: &[Finding],
    typed: Typed,
    more: Vec<FieldError>,
) -> WebResult {
    let viewer = &signed.viewer;
    let view = app.casework.contact_view(viewer, id).await?;
    if !viewer.can("contact.decide") {
        return Err(Error::Refused(
            "Only people whom the council trusts with threshold decisions can make one. Ask your manager."
                .into(),
        )
        .into());
    }
    if view.contact.state == ContactState::Decided && more.is_empty() {
        return Ok(
            Notice::new("This contact is decided already.").on(to(&format!("/contacts/{id}")))
        );
    }
    let form = app.casework.form("threshold-decision")?;
    let today = time::today();
    let fields = Fields::new(form, answers, today).findings(findings).html();
    let mut teams = app.casework.teams_at_the_door().await?;
    teams.retain(|team| team.kind == "locality");
    let suggested = view
        .contact
        .team_id
        .filter(|id| teams.iter().any(|t| t.id == *id));
    let names: Vec<&str> = view.children.iter().map(|c| c.name.as_str()).collect();
    let button = match names.is_empty() {
        true => "Record this decision".to_owned(),
        false => format!("Record this decision for {}", plain::list(&names)),
    };
    let mut wrong = forms::errors(findings);
    wrong.extend(more);
    let refused = !wrong.is_empty();
    let page = Page(DecisionPage {
        frame: signed
            .frame("Threshold decision")
            .with_back("Contact", format!("/contacts/{id}"))
            .with_errors(wrong),
        fields: match fields {
            Ok(fields) => fields,
            Err(problem) => return Ok(errors::broken(&problem)),
        },
        guide: app.casework.pack().threshold(THRESHOLD, today).cloned(),
        team: typed
            .team
            .or_else(|| suggested.map(|id| id.to_string()))
            .unwrap_or_default(),
        suggested: suggested.is_some(),
        team_wrong: findings
            .iter()
            .find(|f| f.field == "team")
            .map(|f| f.message.clone())
            .unwrap_or_default(),
        once: typed.once,
        version: typed.version.unwrap_or(view.contact.version),
        draft: decision_draft(id),
        restored: typed.restored,
        who: format!("{}, {}", viewer.name, signed.post.to_lowercase()),
        button,
        teams,
        view,
    });
    Ok(match refused {
        false => page.into_response(),
        true => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// Records the decision, and what follows from it.
pub(super) async fn decide(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Contact>,
    body: Body,
) -> WebResult {
    let form = app.casework.form("threshold-decision")?;
    let posted = read(form, body)?;
    let target = decision_draft(id);
    if posted.then == "later" {
        drafts::keep_draft(&app, &signed.viewer, &target, &posted.pairs).await?;
        let words = "Kept for later. You find it under unfinished writing.";
        return Ok(Notice::new(words).on(to(&format!("/contacts/{id}"))));
    }
    let version: i64 = posted.other("version").parse().unwrap_or(0);
    let deciding = Deciding {
        version,
        team: posted.other("team").parse().ok(),
        once: posted.once.clone(),
    };
    let mut typed = Typed {
        once: posted.once.clone(),
        version: Some(version),
        team: Some(posted.other("team").to_owned()),
        restored: false,
    };
    let decided = app
        .casework
        .decide_contact(&signed.viewer, id, &posted.answers, &deciding)
        .await;
    match decided {
        Ok(()) => {
            let (words, next) = match posted.answers.text("outcome") {
                "immediate_risk" => (
                    "Decision recorded. The manager is told; call them as well.",
                    format!("/contacts/{id}"),
                ),
                _ => (
                    "Decision recorded. Now tell the person who made contact.",
                    format!("/contacts/{id}/tell"),
                ),
            };
            Ok(Notice::new(words).on(to(&next)))
        }
        Err(Error::Findings(findings)) => {
            page(
                &app,
                &signed,
                id,
                &posted.answers,
                &findings,
                typed,
                Vec::new(),
            )
            .await
        }
        Err(Error::Stale) => {
            // The words are kept, in the page and as a draft; the new version
            // lets the decision be sent again once it has been looked at.
            drafts::keep_draft(&app, &signed.viewer, &target, &posted.pairs).await?;
            typed.version = None;
            typed.once = once();
            let words = "Someone changed or decided this contact while you were writing. Look at its history on the right first. Your words are still here, and kept as a draft";
            let changed = vec![FieldError::new("what-changed", words)];
            page(&app, &signed, id, &posted.answers, &[], typed, changed).await
        }
        Err(other) => Err(other.into()),
    }
}

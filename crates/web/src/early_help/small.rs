//! The small forms of early help, each a form of the pack on one page: consent,
//! the lead practitioner, a member of the team, a plan that starts now, an end.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::early_help::{HelpSeen, consent, end as ends, path, plan as plans, team};
use casework::plans::network::Known;
use casework::{Asked, Error};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{top, value};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "early_help/small.html")]
struct SmallPage {
    frame: Frame,
    top: ChildTop,
    intro: &'static str,
    fields: Html,
    action: String,
    button: String,
    back: String,
    once: String,
}

/// Which of the small forms.
#[derive(Debug, Clone, Copy)]
enum Small {
    Consent,
    Lead,
    Member,
    Plan,
    End,
}

impl Small {
    fn form(self) -> &'static str {
        match self {
            Small::Consent => consent::FORM,
            Small::Lead => team::LEAD_FORM,
            Small::Member => team::MEMBER_FORM,
            Small::Plan => plans::FORM,
            Small::End => ends::FORM,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Small::Consent => "consent",
            Small::Lead => "lead",
            Small::Member => "team",
            Small::Plan => "plan",
            Small::End => "end",
        }
    }

    fn title(self, names: &str) -> String {
        match self {
            Small::Consent => format!("Consent to early help for {names}"),
            Small::Lead => format!("Who leads early help for {names}?"),
            Small::Member => format!("Team around {names}"),
            Small::Plan => format!("Start the early help plan for {names}"),
            Small::End => format!("End early help for {names}"),
        }
    }

    fn intro(self) -> &'static str {
        match self {
            Small::Consent => {
                "Each answer is kept beside the ones before. When consent is taken back, partners’ links stop at once and planned meetings are called off; the plan stays until somebody decides what happens."
            }
            Small::Lead => {
                "One person whom the family knows and rings, from any agency. Choose somebody who works with the family already, or write who it is."
            }
            Small::Member => "Somebody who helps the family and comes to its meetings.",
            Small::Plan => {
                "A plan usually starts when the assessment is finished: then its goals become the plan’s. It can start now, with the reason."
            }
            Small::End => "There is no plan yet, so it ends with the reason alone.",
        }
    }

    fn button(self, names: &str) -> String {
        match self {
            Small::Consent => format!("Save consent for {names}"),
            Small::Lead => format!("Save who leads for {names}"),
            Small::Member => format!("Add to the team around {names}"),
            Small::Plan => format!("Start the plan for {names}"),
            Small::End => format!("End early help for {names}"),
        }
    }

    fn done(self) -> &'static str {
        match self {
            Small::Consent => "What the family said is on record.",
            Small::Lead => "The lead practitioner is on record.",
            Small::Member => "They are in the team now.",
            Small::Plan => "The plan has started. Add its actions, and plan the first meeting.",
            Small::End => "Early help has ended.",
        }
    }
}

macro_rules! pages {
    ($($which:ident: $ask:ident, $save:ident;)*) => {
        $(
            pub(super) async fn $ask(
                State(app): State<App>,
                signed: Signed,
                At(id): At<ids::Part>,
            ) -> WebResult {
                show(&app, &signed, id, Small::$which, &Answers::new(), &[]).await
            }

            pub(super) async fn $save(
                State(app): State<App>,
                signed: Signed,
                At(id): At<ids::Part>,
                body: Bytes,
            ) -> WebResult {
                send(&app, &signed, id, Small::$which, &body).await
            }
        )*
    };
}

pages! {
    Consent: ask_consent, consent;
    Lead: ask_lead, lead;
    Member: ask_member, member;
    Plan: ask_plan, plan;
    End: ask_end, end;
}

async fn send(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    which: Small,
    body: &[u8],
) -> WebResult {
    let posted = Posted::read(app.casework.form(which.form())?, body);
    let (viewer, answers, token) = (&signed.viewer, &posted.answers, posted.once.as_str());
    let casework = &app.casework;
    let saved = match which {
        Small::Consent => casework.record_consent(viewer, id, answers, token).await,
        Small::Lead => casework.agree_lead(viewer, id, answers, token).await,
        Small::Member => casework.add_to_team(viewer, id, answers, token).await,
        Small::Plan => casework
            .start_help_plan(viewer, id, answers, token)
            .await
            .map(drop),
        Small::End => casework
            .end_early_help(viewer, id, answers, token)
            .await
            .map(drop),
    };
    match saved {
        Ok(()) => Ok(Notice::new(which.done()).on(to(&path(id)))),
        Err(Error::Findings(found)) => show(app, signed, id, which, answers, &found).await,
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    which: Small,
    answers: &Answers,
    findings: &[Finding],
) -> WebResult<Response> {
    let (seen, known) = seen(app, signed, id, which).await?;
    let form = app.casework.form(which.form())?;
    let names: Vec<String> = known.iter().map(|k| k.name.clone()).collect();
    let fields = Fields::new(form, answers, signed.viewer.today)
        .findings(findings)
        .list("name", &names)
        .html()?;
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let children = seen.names();
    Ok(Page(SmallPage {
        frame: signed
            .frame(which.title(&children))
            .with_back("Back to early help", path(id))
            .with_errors(forms::errors(findings)),
        top: top(app, &seen.child).await?,
        intro: which.intro(),
        fields,
        action: format!("{}/{}", path(id), which.word()),
        button: which.button(&children),
        back: path(id),
        once: once(),
    })
    .with_status(status))
}

/// The period, and for the team those who can be chosen.
async fn seen(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    which: Small,
) -> WebResult<(HelpSeen, Vec<Known>)> {
    let casework = &app.casework;
    Ok(match which {
        Small::Lead | Small::Member => casework.early_help_network(&signed.viewer, id).await?,
        _ => {
            let page = Asked::to_write("early help").page;
            let seen = casework
                .early_help_to_change(&signed.viewer, id, page)
                .await?;
            (seen, Vec::new())
        }
    })
}

/// Somebody leaves the team.
pub(super) async fn leave(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let member = value(&pairs, "member")
        .parse()
        .map_err(|_| Error::NotFound)?;
    let (reason, token) = (value(&pairs, "reason"), value(&pairs, "once"));
    let left = app
        .casework
        .leave_team(&signed.viewer, id, member, reason, token)
        .await;
    match left {
        Ok(()) => Ok(Notice::new("They are no longer in the team.").on(to(&path(id)))),
        Err(Error::Findings(found)) => {
            super::page::with_errors(&app, &signed, id, &found, member).await
        }
        Err(other) => Err(other.into()),
    }
}

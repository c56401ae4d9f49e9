//! One note: what it says, what it said before, and how to put it right
//! (UX26).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::drafts::Draft;
use casework::notes::{Correction, NoteSeen, correction_draft};
use casework::{Error, time};
use chrono::{DateTime, Utc};
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use super::note::DraftLine;
use crate::app::{App, At, Signed, WebError, WebResult};
use crate::drafts::{from_pairs, pairs_of};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "notes/one.html")]
struct NotePage {
    frame: Frame,
    top: ChildTop,
    seen: NoteSeen,
    title: &'static str,
    visit: Vec<(&'static str, String)>,
    childs_words: Option<String>,
    correct: Option<Correct>,
    mine: Option<String>,
}

/// The folded form for a correction.
struct Correct {
    open: bool,
    fields: Html,
    words: String,
    only_here: String,
    happened: [String; 4],
    copies_too: bool,
    copies: Vec<String>,
    target: String,
    once: String,
    version: i64,
    draft: Option<DraftLine>,
    words_error: String,
}

fn shown(at: &DateTime<Utc>) -> String {
    plain::date_time(time::local(*at))
}

/// What a correction says, as typed or as the note stands.
struct Typed {
    pairs: Vec<(String, String)>,
    findings: Vec<Finding>,
    draft: Option<DraftLine>,
}

impl Typed {
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Note>,
) -> WebResult {
    page(&app, &signed, id, None, false).await
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Note>,
) -> WebResult {
    page(&app, &signed, id, None, true).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Note>,
    typed: Option<Typed>,
    open: bool,
) -> WebResult {
    let seen = app.casework.note(&signed.viewer, id).await?;
    let target = correction_draft(id);
    let mut typed = typed;
    if typed.is_none() && seen.corrects {
        let draft = app.casework.my_draft(&signed.viewer, &target).await?;
        typed = draft.map(|draft| Typed {
            pairs: pairs_of(&draft),
            findings: Vec::new(),
            draft: Some(DraftLine::of(&draft)),
        });
    }
    let mine = app.casework.my_refused(&signed.viewer, &target).await?;
    let findings = typed
        .as_ref()
        .map(|t| t.findings.clone())
        .unwrap_or_default();
    let header = app.casework.header(&seen.person).await?;
    let title = match seen.note.kind.as_str() {
        "visit" => "Visit",
        "supervision" => "Supervision",
        "message" => "Message",
        _ => "Note",
    };
    let correct = match seen.corrects {
        true => Some(correction(app, &seen, typed, open)?),
        false => None,
    };
    let wrong = !findings.is_empty();
    let page = NotePage {
        frame: signed
            .frame(format!("{title}: {}", header.name))
            .with_errors(forms::errors(&findings)),
        top: ChildTop::new(header, Part::Other),
        title,
        visit: visit_rows(app, &seen)?,
        childs_words: seen
            .note
            .visit
            .as_ref()
            .and_then(|v| v["childs_words"].as_str())
            .map(str::to_owned),
        correct,
        mine: mine.as_ref().map(refused_words),
        seen,
    };
    Ok(match wrong {
        true => Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY),
        false => Page(page).into_response(),
    })
}

fn refused_words(draft: &Draft) -> String {
    pairs_of(draft)
        .into_iter()
        .find(|(name, _)| name == "text")
        .map(|(_, words)| words)
        .unwrap_or_default()
}

fn correction(app: &App, seen: &NoteSeen, typed: Option<Typed>, open: bool) -> WebResult<Correct> {
    let form = app.casework.form("correction")?;
    let open = open || typed.is_some();
    let typed = typed.unwrap_or(Typed {
        pairs: Vec::new(),
        findings: Vec::new(),
        draft: None,
    });
    let answers = Answers::from_pairs(form, typed.pairs.iter().map(|(k, v)| (k, v)));
    let fields = Fields::new(form, &answers, time::today())
        .section("correction")
        .findings(&typed.findings)
        .html()?;
    let happened = time::local(seen.note.happened_at);
    let was = [
        ("happened_at.day", happened.format("%-d").to_string()),
        ("happened_at.month", happened.format("%-m").to_string()),
        ("happened_at.year", happened.format("%Y").to_string()),
        ("happened_at.time", happened.format("%H:%M").to_string()),
    ];
    let given = |name: &str, now: &str| typed.get(name).unwrap_or(now).to_owned();
    Ok(Correct {
        open,
        fields,
        words: given("text", &seen.note.words),
        only_here: given("only_here", seen.note.only_here.as_deref().unwrap_or("")),
        happened: was.map(|(name, now)| given(name, &now)),
        copies_too: typed.get("copies_too").is_some(),
        copies: seen
            .copies
            .iter()
            .filter(|c| c.corrects)
            .map(|c| c.name.clone())
            .collect(),
        target: correction_draft(seen.note.id),
        once: typed.get("once").map_or_else(once, str::to_owned),
        version: seen.note.version,
        words_error: typed
            .findings
            .iter()
            .find(|f| f.field == "text")
            .map(|f| f.message.clone())
            .unwrap_or_default(),
        draft: typed.draft,
    })
}

/// The answers of a visit in the words of the pack's form.
fn visit_rows(app: &App, seen: &NoteSeen) -> WebResult<Vec<(&'static str, String)>> {
    let Some(visit) = &seen.note.visit else {
        return Ok(Vec::new());
    };
    let form = app.casework.form("visit")?;
    let label = |field: &str| {
        let code = visit[field].as_str().unwrap_or_default();
        form.field(field)
            .and_then(|f| f.kind.options())
            .map_or(code, |options| options.label(code))
            .to_owned()
    };
    let text = |field: &str| visit[field].as_str().unwrap_or_default().to_owned();
    let purpose = match &seen.goal {
        Some(goal) => format!("Goal of the plan: {goal}"),
        None => label("purpose"),
    };
    let rows = [
        ("Why", purpose),
        ("Seen", label("seen")),
        ("Seen alone", label("alone")),
        ("Why not seen, and what we will do", text("not_seen_why")),
        ("Where", label("where")),
        (
            "Why there is nothing from the child",
            text("childs_words_why_none"),
        ),
        ("What happens next", text("next")),
    ];
    Ok(rows.into_iter().filter(|(_, v)| !v.is_empty()).collect())
}

/// The four boxes of a moment as one; `None` when nothing was typed.
fn typed_moment(posted: &Posted) -> Result<Option<chrono::NaiveDateTime>, Error> {
    let part = |name: &str| {
        posted
            .other(&format!("happened_at.{name}"))
            .trim()
            .to_owned()
    };
    let (day, month, year, at) = (part("day"), part("month"), part("year"), part("time"));
    if [&day, &month, &year, &at].iter().all(|p| p.is_empty()) {
        return Ok(None);
    }
    let date = plain::read_date_parts(&day, &month, &year);
    let time = plain::read_time(&at);
    match (date, time) {
        (Some(date), Some(time)) => Ok(Some(date.and_time(time))),
        _ => Err(Error::finding(
            "happened_at",
            "When did it happen?",
            "This must be a real date and time, like 27 3 2026 and 2:05pm",
        )),
    }
}

pub(super) async fn correct(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Note>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form("correction")?;
    let posted = Posted::read(form, &body);
    let target = correction_draft(id);
    if posted.then == "later" {
        return super::note::later(&app, &signed, &target, &posted).await;
    }
    match put_right(&app, &signed, id, &posted).await {
        Ok(()) => {
            let words = "Corrected. The earlier words are kept below.";
            Ok(Notice::new(words).on(to(&format!("/notes/{id}"))))
        }
        Err(Error::Findings(findings)) => {
            let typed = Typed {
                pairs: posted.pairs,
                findings,
                draft: None,
            };
            page(&app, &signed, id, Some(typed), true).await
        }
        Err(Error::Stale) => {
            // Nothing typed is lost and nothing wins silently: both are shown.
            let refused = from_pairs(&target, &posted.pairs);
            app.casework.keep_refused(&signed.viewer, &refused).await?;
            let wrong = Error::finding(
                "text",
                "The words",
                "Someone else corrected this note while you were writing. Both texts are below: \
                 put yours together with theirs and save again.",
            );
            let findings = match wrong {
                Error::Findings(findings) => findings,
                other => return Err(WebError(other)),
            };
            let mut pairs = posted.pairs;
            pairs.retain(|(name, _)| name != "version" && name != "once");
            let typed = Typed {
                pairs,
                findings,
                draft: None,
            };
            page(&app, &signed, id, Some(typed), true).await
        }
        Err(other) => Err(WebError(other)),
    }
}

async fn put_right(
    app: &App,
    signed: &Signed,
    id: Id<ids::Note>,
    posted: &Posted,
) -> Result<(), Error> {
    let new = Correction {
        note: id,
        version: posted.other("version").parse().unwrap_or(0),
        words: posted.other("text").to_owned(),
        only_here: posted.other("only_here").to_owned(),
        happened_at: typed_moment(posted)?,
        reason: posted.answers.text("reason").to_owned(),
        copies_too: !posted.other("copies_too").is_empty(),
        once: posted.once.clone(),
    };
    app.casework.correct_note(&signed.viewer, &new).await
}

/// Throws away the text that lost against someone else's correction.
pub(super) async fn discard_refused(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Note>,
) -> WebResult<Response> {
    let refused = app
        .casework
        .my_refused(&signed.viewer, &correction_draft(id))
        .await?;
    if let Some(draft) = refused {
        app.casework.discard_draft(&signed.viewer, draft.id).await?;
    }
    Ok(Notice::new("Your other text was thrown away.").on(to(&format!("/notes/{id}"))))
}

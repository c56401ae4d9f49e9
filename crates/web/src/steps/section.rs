//! One section as a form from the pack, in the version that the step began on.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::model::PersonKind;
use casework::steps::{SaveSection, SectionPage};
use casework::{Error, time};
use packs::{Answers, Finding};
use serde::Deserialize;

use super::{AtSection, about, top};
use crate::app::{App, Signed, WebResult};
use crate::drafts;
use crate::forms::{self, Fields, PersonChoice, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, errors, once, to};

/// What is shown in the form, and where it comes from.
struct Typed {
    answers: Answers,
    finished: bool,
    /// The version that these words were written over.
    base: i64,
    findings: Vec<Finding>,
    adding: Option<String>,
    reason: String,
}

#[derive(Template)]
#[template(path = "steps/section.html")]
struct SectionForm {
    frame: Frame,
    top: ChildTop,
    about: String,
    of: SectionPage,
    fields: forms::Html,
    finished: bool,
    base: i64,
    restored: Option<(String, String)>,
    once: String,
    number: usize,
    reason: String,
}

impl SectionForm {
    fn path(&self) -> String {
        format!("{}/{}", self.of.seen.path(), self.of.section.id)
    }

    fn target(&self) -> String {
        self.of.seen.target(&self.of.section.id)
    }

    /// For the list of unfinished writing: names nobody.
    fn draft_title(&self) -> String {
        format!("{}: {}", self.of.seen.def.title, self.of.section.title)
    }

    fn left_out(&self) -> Option<&str> {
        self.of.saved().and_then(|saved| saved.left_out())
    }

    fn two_versions(&self) -> bool {
        self.of.refused.is_some() || self.of.draft_is_behind()
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    AtSection(id, section): AtSection,
) -> WebResult {
    let of = app
        .casework
        .section_page(&signed.viewer, id, &section)
        .await?;
    if !of.writes {
        return Ok(to(&format!("{}/read#part-{section}", of.seen.path())));
    }
    let typed = as_kept(&of);
    show(&app, &signed, of, typed, StatusCode::OK).await
}

/// The viewer's own unsaved words if there are any, else what is saved.
fn as_kept(of: &SectionPage) -> Typed {
    let mut answers = of.answers.clone();
    let mut finished = of.saved().is_some_and(|saved| saved.finished);
    let mut base = of.version;
    if let Some(draft) = &of.draft {
        let pairs = drafts::pairs_of(draft);
        let own = Answers::from_pairs(&of.seen.form, pairs.iter().map(|(n, v)| (n, v)));
        answers.replace_section(&of.seen.form, &of.section.id, &own);
        finished = pairs.iter().any(|(name, _)| name == "finished");
        base = draft.base_version.unwrap_or(0);
    }
    Typed {
        answers,
        finished,
        base,
        findings: Vec::new(),
        adding: None,
        reason: String::new(),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    of: SectionPage,
    typed: Typed,
    status: StatusCode,
) -> WebResult<Response> {
    let people = choices(&of);
    let form = of.seen.form.clone();
    let fields = Fields::new(&form, &typed.answers, time::today())
        .section(&of.section.id)
        .findings(&typed.findings)
        .people(&people)
        .adding(typed.adding.as_deref())
        .html();
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => return Ok(errors::broken(&problem)),
    };
    let restored = of
        .draft
        .as_ref()
        .filter(|_| status == StatusCode::OK)
        .map(|draft| {
            let kept = vocabulary::plain::date_time(time::local(draft.saved_at));
            (draft.id.to_string(), kept)
        });
    let at = |s: &packs::Section| s.id == of.section.id;
    let number = of
        .seen
        .form
        .sections
        .iter()
        .position(at)
        .map_or(1, |i| i + 1);
    let title = format!("{}: {}", of.section.title, of.seen.names());
    let page = SectionForm {
        frame: signed
            .frame(title)
            .with_back("Back to the list of sections", of.seen.path())
            .with_errors(forms::errors(&typed.findings)),
        top: top(app, &of.seen.first).await?,
        about: about(&of.seen),
        fields,
        finished: typed.finished,
        base: typed.base,
        restored,
        once: once(),
        number,
        reason: typed.reason,
        of,
    };
    Ok(Page(page).with_status(status))
}

/// The people of the family, for questions about people.
pub(super) fn choices(of: &SectionPage) -> Vec<PersonChoice> {
    let today = time::today();
    of.people
        .iter()
        .map(|person| PersonChoice {
            id: person.id.to_string(),
            name: person.name(),
            note: person
                .birth_date()
                .map_or_else(String::new, |born| born.words_on(today)),
            child: person.kind != PersonKind::Adult,
        })
        .collect()
}

/// A posted section, ready to be saved.
pub(super) fn to_save(of: &SectionPage, posted: &Posted, settles: bool) -> SaveSection {
    let words = drafts::from_pairs(&of.seen.target(&of.section.id), &posted.pairs);
    SaveSection {
        step: of.seen.step.id,
        section: of.section.id.clone(),
        answers: posted.answers.clone(),
        finished: !posted.other("finished").is_empty(),
        base: posted.other("version").parse().unwrap_or(0),
        once: posted.once.clone(),
        words,
        settles,
    }
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    AtSection(id, section): AtSection,
    body: Bytes,
) -> WebResult {
    let of = app
        .casework
        .section_page(&signed.viewer, id, &section)
        .await?;
    let posted = Posted::read(&of.seen.form, &body);
    let save = to_save(&of, &posted, false);
    let mut answers = of.answers.clone();
    answers.replace_section(&of.seen.form, &section, &posted.answers);
    let typed = |findings: Vec<Finding>| Typed {
        answers: answers.clone(),
        finished: save.finished,
        base: save.base,
        findings,
        adding: posted.adding().map(str::to_owned),
        reason: String::new(),
    };
    if posted.reshape.is_some() {
        app.casework.keep_draft(&signed.viewer, &save.words).await?;
        return show(&app, &signed, of, typed(Vec::new()), StatusCode::OK).await;
    }
    if posted.then == "later" {
        app.casework.keep_draft(&signed.viewer, &save.words).await?;
        let notice = "Kept as your draft. Only you see it until you save it. It is in your unfinished writing.";
        return Ok(Notice::new(notice).on(to(&of.seen.path())));
    }
    let next = match &of.next {
        Some(next) => format!("{}/{next}", of.seen.path()),
        None => of.seen.path(),
    };
    match app
        .casework
        .save_section(&signed.viewer, save.clone())
        .await
    {
        Ok(()) => {
            let notice = format!("“{}” is saved.", of.section.title);
            Ok(Notice::new(notice).on(to(&next)))
        }
        Err(Error::Already(_)) => Ok(to(&next)),
        Err(Error::Stale) => Ok(to(&format!("{}/{section}/compare", of.seen.path()))),
        Err(Error::Findings(findings)) => {
            let typed = typed(findings);
            show(&app, &signed, of, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct LeaveOut {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    back: String,
}

/// Leaves an optional section out, or takes it back in.
pub(super) async fn leave_out(
    State(app): State<App>,
    signed: Signed,
    AtSection(id, section): AtSection,
    Form(given): Form<LeaveOut>,
) -> WebResult {
    let reason = given.back.is_empty().then_some(given.reason.as_str());
    let done = app
        .casework
        .leave_out(&signed.viewer, id, &section, reason)
        .await;
    match done {
        Ok(()) if reason.is_some() => {
            let notice = "The section is left out. You can take it back at any time.";
            Ok(Notice::new(notice).on(to(&format!("/steps/{id}"))))
        }
        Ok(()) => Ok(Notice::new("The section is back.").on(to(&format!("/steps/{id}/{section}")))),
        Err(Error::Findings(findings)) => {
            let of = app
                .casework
                .section_page(&signed.viewer, id, &section)
                .await?;
            let mut typed = as_kept(&of);
            typed.findings = findings;
            typed.reason = given.reason;
            show(&app, &signed, of, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}

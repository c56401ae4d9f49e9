//! A case note: one box, one tick for all brothers and sisters, one button
//! that names them (UX04, UX05).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::drafts::Draft;
use casework::header::ChildHeader;
use casework::model::Person;
use casework::notes::{Circle, Member, NewNote, note_draft};
use casework::{Asked, Error, Guarded, time};
use packs::{Answers, Finding, Severity};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebError, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

/// The fields and the button of a note, the same on its own page and folded
/// into the pages of the record.
#[derive(Template)]
#[template(path = "notes/note_form.html")]
struct NoteForm<'a> {
    circle: &'a Circle,
    words: Html,
    more: Html,
    when: String,
    more_open: bool,
    sensitive: bool,
    all: bool,
    also: Vec<Id<ids::Person>>,
    asked: Vec<String>,
    named: Vec<String>,
    once: String,
}

#[derive(Template)]
#[template(path = "notes/note_new.html")]
struct NotePage {
    frame: Frame,
    top: ChildTop,
    name: String,
    form: String,
    draft: Option<DraftLine>,
}

#[derive(Template)]
#[template(path = "notes/quick.html")]
struct Quick {
    name: String,
    form: String,
}

/// What the page says about a draft that it filled the form from.
pub(super) struct DraftLine {
    pub id: String,
    pub saved: String,
}

impl DraftLine {
    pub(super) fn of(draft: &Draft) -> DraftLine {
        DraftLine {
            id: draft.id.to_string(),
            saved: plain::date_time(time::local(draft.saved_at)),
        }
    }
}

/// What is shown in the form: as typed, as drafted, or fresh.
#[derive(Default)]
struct Typed {
    pairs: Vec<(String, String)>,
    findings: Vec<Finding>,
    named: Vec<Id<ids::Person>>,
    fresh: bool,
}

impl Typed {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn ids(&self, name: &str) -> Vec<Id<ids::Person>> {
        self.values(name).filter_map(|id| id.parse().ok()).collect()
    }
}

impl NoteForm<'_> {
    fn is_ticked(&self, member: &Member) -> bool {
        self.all || self.also.contains(&member.id)
    }

    /// "Save note to Maya, 13, and those ticked": true without script; the
    /// script says the names.
    fn button(&self) -> String {
        let me = format!("Save note to {}", self.circle.me.with_age());
        let ticked: Vec<&Member> = self
            .circle
            .children()
            .filter(|m| self.is_ticked(m))
            .collect();
        match (ticked.as_slice(), self.circle.children().next()) {
            ([], None) => me,
            _ => format!("{me}, and those ticked"),
        }
    }

    fn others(&self) -> String {
        match self.circle.me.child {
            true => format!(
                "Also about {}’s brothers and sisters",
                self.circle.me.first_name
            ),
            false => "Also about the children of this family".to_owned(),
        }
    }

    fn all_names(&self) -> String {
        let names: Vec<&str> = self
            .circle
            .children()
            .map(|m| m.first_name.as_str())
            .collect();
        plain::list(&names)
    }

    fn target(&self) -> String {
        note_draft(self.circle.me.id)
    }
}

fn form_html(app: &App, circle: &Circle, typed: &Typed) -> WebResult<String> {
    let form = app.casework.form("note")?;
    let mut answers = Answers::from_pairs(form, typed.pairs.iter().map(|(k, v)| (k, v)));
    let now = time::now_local();
    if typed.fresh && answers.text("happened_at").is_empty() {
        answers.set("happened_at", now.format("%Y-%m-%dT%H:%M").to_string());
    }
    let fields = |section: &'static str| {
        Fields::new(form, &answers, now.date())
            .section(section)
            .findings(&typed.findings)
            .html()
    };
    let when = match answers.date_time("happened_at") {
        Some(at) if at.date() == now.date() => format!("today at {}", plain::time(at.time())),
        Some(at) => plain::date_time(at),
        None => "now".to_owned(),
    };
    let named: Vec<String> = typed
        .named
        .iter()
        .filter_map(|id| circle.member(*id))
        .map(|m| m.first_name.clone())
        .collect();
    let more_open = typed.findings.iter().any(|f| f.field != "text")
        || !answers.text("only_here").is_empty()
        || typed.values("sensitive").next().is_some();
    let html = NoteForm {
        words: fields("note")?,
        more: fields("more")?,
        when,
        more_open,
        sensitive: typed.values("sensitive").next().is_some(),
        all: typed.values("all").next().is_some(),
        also: typed.ids("also"),
        asked: typed.named.iter().map(ToString::to_string).collect(),
        named,
        once: typed.values("once").next().map_or_else(once, str::to_owned),
        circle,
    };
    Ok(html.render()?)
}

/// The form folded into a page of the record, so that a note costs one load:
/// open, write, save (UX04). Empty for someone who may not write there. An
/// unfinished note is carried on here.
pub(crate) async fn quick(
    app: &App,
    signed: &Signed,
    person: &Guarded<Person>,
    circle: &Circle,
) -> WebResult<String> {
    if !circle.me.writes || !signed.viewer.can("case.record") {
        return Ok(String::new());
    }
    let draft = app
        .casework
        .my_draft(&signed.viewer, &note_draft(person.id))
        .await?;
    let typed = match &draft {
        Some(draft) => Typed {
            pairs: pairs_of(draft),
            ..Typed::default()
        },
        None => Typed {
            fresh: true,
            ..Typed::default()
        },
    };
    let quick = Quick {
        name: circle.me.with_age(),
        form: form_html(app, circle, &typed)?,
    };
    Ok(quick.render()?)
}

/// The person, for writing in their record, with the header and the circle.
pub(super) async fn writing_in(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    page: &str,
) -> WebResult<(ChildHeader, Circle)> {
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_write(page))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    if !signed.viewer.can("case.record") {
        return Err(WebError(Error::Refused(
            "Your post reads records but does not write notes and visits. Ask the child’s worker."
                .to_owned(),
        )));
    }
    let header = app.casework.header(&person).await?;
    let circle = app.casework.circle(&signed.viewer, &person, page).await?;
    Ok((header, circle))
}

pub(super) async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let draft = app
        .casework
        .my_draft(&signed.viewer, &note_draft(id))
        .await?;
    let typed = Typed {
        fresh: draft.is_none(),
        pairs: draft.as_ref().map(pairs_of).unwrap_or_default(),
        ..Typed::default()
    };
    let line = draft.as_ref().map(DraftLine::of);
    page(&app, &signed, id, &typed, line).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    typed: &Typed,
    draft: Option<DraftLine>,
) -> WebResult {
    let (header, circle) = writing_in(app, signed, id, "notes/new").await?;
    let wrong = !typed.findings.is_empty();
    let page = NotePage {
        frame: signed
            .frame(format!("Add a note: {}", header.name))
            .with_errors(forms::errors(&typed.findings)),
        name: circle.me.first_name.clone(),
        form: form_html(app, &circle, typed)?,
        top: ChildTop::new(header, Part::Other),
        draft,
    };
    Ok(match wrong {
        true => Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY),
        false => Page(page).into_response(),
    })
}

pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.form("note")?;
    let posted = Posted::read(form, &body);
    if posted.then == "later" {
        return later(&app, &signed, &note_draft(id), &posted).await;
    }
    let mut typed = Typed {
        pairs: posted.pairs.clone(),
        ..Typed::default()
    };
    let findings = form.check(&posted.answers, None);
    if findings.iter().any(|f| f.severity == Severity::Stop) {
        typed.findings = findings;
        return page(&app, &signed, id, &typed, None).await;
    }
    let new = NewNote {
        person: id,
        words: posted.answers.text("text").to_owned(),
        only_here: posted.answers.text("only_here").to_owned(),
        happened_at: posted.answers.date_time("happened_at"),
        sensitive: !posted.other("sensitive").is_empty(),
        all_children: !posted.other("all").is_empty(),
        also: typed.ids("also"),
        once: posted.once.clone(),
    };
    if !new.all_children {
        // Asked once; saving again says that it was meant so.
        let (_, circle) = writing_in(&app, &signed, id, "notes/new").await?;
        let mut fine = new.also.clone();
        fine.extend(typed.ids("asked"));
        let named = circle.named_but_not(&new.words, &fine);
        if !named.is_empty() {
            typed.named = named.iter().map(|m| m.id).collect();
            return page(&app, &signed, id, &typed, None).await;
        }
    }
    match app.casework.save_note(&signed.viewer, &new).await {
        Ok(saved) => {
            let names = plain::list(&saved.children);
            let words = format!("Note saved for {names}.");
            Ok(Notice::new(words).on(to(&format!("/people/{id}/story"))))
        }
        Err(Error::Findings(findings)) => {
            typed.findings = findings;
            page(&app, &signed, id, &typed, None).await
        }
        Err(other) => Err(WebError(other)),
    }
}

/// "Save for later": kept as typed, unchecked.
pub(super) async fn later(
    app: &App,
    signed: &Signed,
    target: &str,
    posted: &Posted,
) -> WebResult<Response> {
    crate::drafts::keep_draft(app, &signed.viewer, target, &posted.pairs).await?;
    Ok(Notice::new("Kept for later. You find it under unfinished writing.").on(to("/")))
}

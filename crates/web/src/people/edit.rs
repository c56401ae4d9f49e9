//! Changing what is known of a person: one small page a change. What was typed
//! is shown again with its messages; nothing is lost.

use askama::Template;
use axum::Form as Posting;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::find::Match;
use casework::people::{DuplicateView, new_person};
use casework::{Listed, time};
use packs::{Answers, Finding, Form};
use vocabulary::ids;

use crate::app::{App, At, Signed, WebError, WebResult};
use crate::forms::{self, Fields, Html, PersonChoice, Posted};
use crate::ui::{Frame, Notice, Page, to};

/// A page with one of the pack's forms about a person.
#[derive(Template)]
#[template(path = "people/form.html")]
struct FormPage {
    frame: Frame,
    title: String,
    intro: String,
    fields: Html,
    button: String,
    once: String,
    version: i64,
    matches: Vec<Match>,
    /// Where what is being written is kept, and the page's address; nothing
    /// for a form of a few answers.
    draft: Option<(String, String)>,
}

/// What a form page needs beside the form.
#[derive(Default)]
pub(super) struct About {
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) button: String,
    pub(super) back: (String, String),
    pub(super) version: i64,
    pub(super) people: Vec<PersonChoice>,
    pub(super) matches: Vec<Match>,
    /// The draft's target and the address of the page it belongs to.
    pub(super) draft: Option<(String, String)>,
}

pub(super) fn page(
    signed: &Signed,
    form: &Form,
    answers: &Answers,
    findings: &[Finding],
    about: About,
) -> WebResult {
    let fields = Fields::new(form, answers, time::today())
        .findings(findings)
        .people(&about.people)
        .html()
        .map_err(|e| WebError(casework::Error::Refused(e.to_string())))?;
    let frame = signed
        .frame(about.title.clone())
        .with_back(about.back.0, about.back.1)
        .with_errors(forms::errors(findings));
    let status = if findings.is_empty() && about.matches.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(Page(FormPage {
        frame,
        title: about.title,
        intro: about.intro,
        fields,
        button: about.button,
        once: crate::ui::once(),
        version: about.version,
        matches: about.matches,
        draft: about.draft,
    })
    .with_status(status))
}

pub(super) fn back_to(name: &str, id: vocabulary::Id<ids::Person>) -> (String, String) {
    (format!("Back to {name}"), format!("/people/{id}"))
}

/// GET /people/new
pub(super) async fn ask_new(State(app): State<App>, signed: Signed) -> WebResult {
    if !signed.viewer.can("people.create") {
        return Err(casework::Error::NotFound.into());
    }
    page(
        &signed,
        app.casework.form("person")?,
        &Answers::new(),
        &[],
        adding(vec![]),
    )
}

fn adding(matches: Vec<Match>) -> About {
    About {
        title: "Add a person".into(),
        intro: "They get a family page of their own. To add someone to a family that we know, open the family and add them there.".into(),
        button: "Add person".into(),
        back: ("Back to Find".into(), "/find".into()),
        version: 0,
        people: Vec::new(),
        matches,
        draft: None,
    }
}

/// POST /people/new
pub(super) async fn add_new(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    if !signed.viewer.can("people.create") {
        return Err(casework::Error::NotFound.into());
    }
    let form = app.casework.form("person")?;
    let posted = Posted::read(form, &body);
    let findings = form.check(&posted.answers, None);
    if stops(&findings) {
        return page(
            &signed,
            app.casework.form("person")?,
            &posted.answers,
            &findings,
            adding(vec![]),
        );
    }
    let matches = unseen(&app, &signed, &posted).await?;
    if !matches.is_empty() {
        return page(
            &signed,
            app.casework.form("person")?,
            &posted.answers,
            &[],
            adding(matches),
        );
    }
    let added = app
        .casework
        .add_alone(&signed.viewer, &posted.answers, &posted.once)
        .await?;
    let name = posted.answers.text("given").to_owned();
    Ok(Notice::new(format!("{name} was added.")).on(to(&format!("/people/{added}"))))
}

/// People who may be meant and whom the page has not shown yet. Shown once,
/// before saving; never in the way a second time.
pub(crate) async fn unseen(app: &App, signed: &Signed, posted: &Posted) -> WebResult<Vec<Match>> {
    if posted.other("someone_new") == "yes" {
        return Ok(Vec::new());
    }
    let wanted = new_person(&posted.answers).wanted();
    let seen: Vec<&str> = posted
        .pairs
        .iter()
        .filter(|(name, _)| name == "seen")
        .map(|(_, value)| value.as_str())
        .collect();
    let matches = app.casework.alike(&signed.viewer, &wanted).await?;
    Ok(matches
        .into_iter()
        .filter(|m| !seen.contains(&m.person.as_str()))
        .collect())
}

pub(crate) fn stops(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == packs::Severity::Stop)
}

/// GET /people/{id}/edit
pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = app
        .casework
        .person_to_edit(&signed.viewer, id, "people.edit")
        .await?;
    let answers = app.casework.particulars(&person);
    let form = app.casework.particulars_form()?;
    page(&signed, &form, &answers, &[], changing(&person))
}

fn changing(person: &casework::model::Person) -> About {
    let name = person.name();
    About {
        title: format!("What we know about {name}"),
        intro: "An earlier name is kept, so that they are still found by it. Addresses, ways to reach them, and languages have pages of their own.".into(),
        button: format!("Save what we know about {}", person.first_name()),
        back: back_to(&name, person.id),
        version: person.version,
        people: Vec::new(),
        matches: Vec::new(),
        draft: None,
    }
}

/// POST /people/{id}/edit
pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.particulars_form()?;
    let posted = Posted::read(&form, &body);
    let version = posted.other("version").parse().unwrap_or(0);
    let saved = app
        .casework
        .save_particulars(&signed.viewer, id, &posted.answers, version, &posted.once)
        .await;
    let findings = match saved {
        Ok(()) => {
            return Ok(Notice::new("Saved.").on(to(&format!("/people/{id}"))));
        }
        Err(casework::Error::Findings(findings)) => findings,
        Err(casework::Error::Stale) => {
            let message = "Someone else changed this record since you opened it. Look at it in another window, put right what is needed here and save again.";
            vec![finding("given", message)]
        }
        Err(other) => return Err(other.into()),
    };
    let person = app
        .casework
        .person_to_edit(&signed.viewer, id, "people.edit")
        .await?;
    page(
        &signed,
        &form,
        &posted.answers,
        &findings,
        changing(&person),
    )
}

fn finding(field: &str, message: &str) -> Finding {
    Finding {
        field: field.into(),
        label: String::new(),
        message: message.into(),
        severity: packs::Severity::Stop,
    }
}

#[derive(Template)]
#[template(path = "people/duplicates.html")]
struct DuplicatesPage {
    frame: Frame,
    id: vocabulary::Id<ids::Person>,
    name: String,
    duplicates: Listed<DuplicateView>,
}

/// GET /people/{id}/duplicates
pub(super) async fn duplicates(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = app
        .casework
        .person_to_edit(&signed.viewer, id, "people.duplicates")
        .await?;
    let (text, href) = back_to(&person.name(), id);
    Ok(Page(DuplicatesPage {
        frame: signed.frame("Is it the same person?").with_back(text, href),
        id,
        name: person.name(),
        duplicates: app.casework.duplicates_of(&signed.viewer, &person).await?,
    })
    .into_response())
}

/// POST /people/{id}/duplicates/settle
pub(super) async fn settle_duplicate(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Posting(pairs): Posting<Vec<(String, String)>>,
) -> WebResult {
    let value = |name: &str| {
        let found = pairs.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    };
    let duplicate = value("duplicate")
        .parse()
        .map_err(|_| casework::Error::NotFound)?;
    app.casework
        .settle_duplicate(&signed.viewer, id, duplicate, value("answer"))
        .await?;
    let said = match value("answer") {
        "same" => "Recorded: the same person. You can join the two records.",
        _ => "Recorded: not the same person. You are not asked again.",
    };
    Ok(Notice::new(said).on(to(&format!("/people/{id}/duplicates"))))
}

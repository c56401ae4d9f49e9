//! A public form of the pack, one section a page, then the answers to check:
//! shared by everything that people without an account fill in. The areas say
//! which form, where it stands, and what sending it does.
//!
//! Nothing is kept in the browser but an opaque cookie that goes when it
//! closes; the answers wait sealed on the server for two hours.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use casework::front_door::contact::answer_words;
use casework::front_door::incoming::too_long;
use casework::front_door::public::Kept;
use casework::time;
use packs::{Answers, Finding, Form, Section, Severity};
use serde::Deserialize;

use super::{EVERYDAY, limit, whole};
use crate::app::{App, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{FieldError, Frame, Page, errors, to};

const COOKIE: &str = "tl-ask";

/// A public form and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The form of the pack.
    pub form: &'static str,
    /// The address of its first page.
    pub base: String,
    /// What is said above each page's title; the form's own title if nothing.
    pub caption: Option<String>,
    /// The page that one leaves to from the first.
    pub back: Option<(String, String)>,
    /// It has a way to leave at once.
    pub leaves: bool,
    /// Each page says where to turn when a child is in danger.
    pub signpost: bool,
    /// What is said before it is sent.
    pub before: &'static str,
    /// What the form itself cannot find.
    pub check: fn(&App, &Answers) -> Vec<Finding>,
}

/// Nothing that the form itself cannot find.
pub(crate) fn nothing_more(_: &App, _: &Answers) -> Vec<Finding> {
    Vec::new()
}

#[derive(Template)]
#[template(path = "ask/question.html")]
struct Question {
    frame: Frame,
    /// What the whole form is called, above the page's own title.
    caption: String,
    /// "Part 2 of 8".
    part: String,
    intro: String,
    gone: bool,
    danger: bool,
    can_skip: bool,
    action: String,
    from_check: bool,
    warned: bool,
    fields: Html,
    phone: String,
    signpost: bool,
}

#[derive(Template)]
#[template(path = "ask/check.html")]
struct Check {
    frame: Frame,
    danger: bool,
    action: String,
    sections: Vec<CheckedSection>,
    before: &'static str,
    signpost: bool,
}

struct CheckedSection {
    title: String,
    rows: Vec<CheckedRow>,
}

struct CheckedRow {
    name: String,
    label: String,
    answer: String,
    change: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    /// "check": after this page, back to the answers.
    #[serde(default)]
    from: String,
    /// The answers are no longer kept.
    #[serde(default)]
    gone: String,
}

/// One visit to one page of a form.
struct Visit<'a> {
    app: &'a App,
    place: &'a Place,
    form: &'a Form,
    answers: Answers,
}

impl Place {
    /// The frame of one of its pages.
    pub(crate) fn frame(&self, app: &App, title: &str, back: Option<String>) -> Frame {
        let mut frame = Frame::public(app.casework.name(), title);
        if let Some(back) = back {
            frame = frame.with_back("Back", back);
        }
        if self.leaves {
            frame = frame.with_exit(format!("{}/leave", self.base));
        }
        frame
    }

    /// What is kept under the visit's cookie.
    pub(crate) async fn kept(&self, app: &App, jar: &CookieJar) -> WebResult<Option<Kept>> {
        Ok(match jar.get(COOKIE) {
            Some(cookie) => {
                app.casework
                    .public_answers(self.form, cookie.value())
                    .await?
            }
            None => None,
        })
    }

    /// The cookie of a visit that may send now: without one the answers are
    /// gone, and too many wait.
    pub(crate) fn may_send(&self, jar: &CookieJar) -> Result<String, Response> {
        let Some(cookie) = jar.get(COOKIE) else {
            return Err(self.gone());
        };
        match limit::may_go_on(cookie.value()) && limit::may_send() {
            true => Ok(cookie.value().to_owned()),
            false => Err(errors::too_many()),
        }
    }

    /// The first page, saying that what was typed is not here any more.
    pub(crate) fn gone(&self) -> Response {
        to(&format!("{}?gone=yes", self.base))
    }

    /// An opaque cookie for this form alone, which goes when the browser closes.
    fn cookie(&self, app: &App, token: String) -> Cookie<'static> {
        let mut cookie = Cookie::new(COOKIE, token);
        cookie.set_path(self.base.clone());
        cookie.set_http_only(true);
        cookie.set_secure(app.secure);
        cookie.set_same_site(SameSite::Lax);
        cookie
    }

    fn visit<'a>(&'a self, app: &'a App, kept: Option<Kept>) -> WebResult<Visit<'a>> {
        Ok(Visit {
            app,
            place: self,
            form: app.casework.form(self.form)?,
            answers: match kept {
                Some(Kept::Answers(answers)) => answers,
                _ => Answers::new(),
            },
        })
    }
}

impl Visit<'_> {
    /// The sections that are asked, given the answers so far.
    fn asked(&self) -> Vec<&Section> {
        let sections = self.form.sections.iter();
        sections
            .filter(|section| self.form.shows_section(section, &self.answers))
            .collect()
    }

    /// The page of a section, with what was found wrong with it.
    async fn show(
        &self,
        section: &Section,
        findings: &[Finding],
        posted: Option<&Posted>,
        from: &From,
    ) -> WebResult {
        let asked = self.asked();
        let at = asked.iter().position(|s| s.id == section.id).unwrap_or(0);
        let from_check = from.from == "check";
        let base = &self.place.base;
        let back = match (from_check, at) {
            (true, _) => Some(format!("{base}/check")),
            (false, 0) => None,
            (false, 1) => Some(base.clone()),
            (false, _) => Some(format!("{base}/{}", asked[at - 1].id)),
        };
        let fields = Fields::new(self.form, &self.answers, time::today())
            .section(&section.id)
            .findings(findings)
            .adding(posted.and_then(Posted::adding))
            .html();
        let mut frame = self
            .place
            .frame(self.app, &section.title, back)
            .with_errors(forms::errors(findings));
        if let (0, false, Some((words, href))) = (at, from_check, &self.place.back) {
            frame = frame.with_back(words.clone(), href.clone());
        }
        let page = Page(Question {
            frame,
            caption: self
                .place
                .caption
                .clone()
                .unwrap_or_else(|| self.form.title.clone()),
            part: format!("Part {} of {}", at + 1, asked.len()),
            intro: match at {
                0 => self.form.intro.clone(),
                _ => String::new(),
            },
            gone: !from.gone.is_empty(),
            danger: at > 0 && self.answers.text("danger") == "yes",
            can_skip: section.optional,
            action: format!("{base}/{}", section.id),
            from_check,
            warned: findings.iter().any(|f| f.severity == Severity::Warn),
            fields: match fields {
                Ok(fields) => fields,
                Err(problem) => return Ok(errors::broken(&problem)),
            },
            phone: self.app.casework.front_door_phone().await?,
            signpost: self.place.signpost,
        });
        Ok(match findings.is_empty() {
            true => page.into_response(),
            false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
        })
    }

    fn show_check(&self, findings: &[Finding]) -> Response {
        let base = &self.place.base;
        let sections = self.asked();
        let last = sections.last().map(|s| format!("{base}/{}", s.id));
        // A message about one child of several leads to the children's row.
        let wrong = findings
            .iter()
            .map(|f| FieldError::new(f.field.split('.').next().unwrap_or_default(), &f.message))
            .collect();
        let page = Page(Check {
            frame: self
                .place
                .frame(self.app, "Check your answers", last)
                .with_errors(wrong),
            danger: self.answers.text("danger") == "yes",
            action: format!("{base}/check"),
            sections: sections
                .iter()
                .map(|section| CheckedSection {
                    title: section.title.clone(),
                    rows: self.rows(section),
                })
                .collect(),
            before: self.place.before,
            signpost: self.place.signpost,
        });
        match findings.is_empty() {
            true => page.into_response(),
            false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
        }
    }

    fn rows(&self, section: &Section) -> Vec<CheckedRow> {
        let shown = section
            .fields
            .iter()
            .filter(|field| self.form.shows_field(field, &self.answers));
        shown
            .map(|field| CheckedRow {
                name: field.name.clone(),
                label: field.label.clone(),
                answer: answer_words(field, &self.answers),
                change: format!("{}/{}?from=check", self.place.base, section.id),
            })
            .collect()
    }
}

/// The first page.
pub(crate) async fn first(app: &App, jar: &CookieJar, from: &From, place: &Place) -> WebResult {
    let kept = place.kept(app, jar).await?;
    let visit = place.visit(app, kept)?;
    let Some(section) = visit.form.sections.first() else {
        return Ok(errors::not_found());
    };
    visit.show(section, &[], None, from).await
}

/// The page of one section.
pub(crate) async fn section(
    app: &App,
    jar: &CookieJar,
    id: &str,
    from: &From,
    place: &Place,
) -> WebResult {
    let kept = place.kept(app, jar).await?;
    let known = matches!(kept, Some(Kept::Answers(_)));
    let visit = place.visit(app, kept)?;
    let Some(section) = visit.form.section(id) else {
        return Ok(errors::not_found());
    };
    let is_first = visit.form.sections.first().is_some_and(|s| s.id == id);
    if !known && !is_first {
        return Ok(place.gone());
    }
    visit.show(section, &[], None, from).await
}

/// Keeps what was answered on a page, and goes on to the next.
pub(crate) async fn answer(
    app: &App,
    jar: CookieJar,
    id: &str,
    body: Result<Bytes, BytesRejection>,
    place: &Place,
) -> WebResult {
    let body = whole(body)?;
    let token = jar.get(COOKIE).map(|cookie| cookie.value().to_owned());
    if !token.as_deref().is_none_or(limit::may_go_on) {
        return Ok(errors::too_many());
    }
    let kept = place.kept(app, &jar).await?;
    let mut visit = place.visit(app, kept)?;
    let form = visit.form;
    let Some(section) = form.section(id) else {
        return Ok(errors::not_found());
    };
    let posted = Posted::read(form, &body);
    let from = From {
        from: posted.other("from").to_owned(),
        gone: String::new(),
    };
    visit.answers.replace_section(form, id, &posted.answers);
    if posted.reshape.is_some() {
        return visit.show(section, &[], Some(&posted), &from).await;
    }
    let mut findings = form.check(&visit.answers, Some(id));
    findings.extend(too_long(form, &posted.answers));
    let more = (place.check)(app, &visit.answers);
    findings.extend(
        more.into_iter()
            .filter(|f| section.fields.iter().any(|field| field.name == f.field)),
    );
    // A reason is asked for once and never stops anybody.
    let warned = posted.other("warned") == "yes";
    if findings
        .iter()
        .any(|f| f.severity == Severity::Stop || !warned)
    {
        return visit.show(section, &findings, Some(&posted), &from).await;
    }
    let token = app
        .casework
        .keep_public_page(place.form, token.as_deref(), id, &posted.answers)
        .await?;
    let asked = visit.asked();
    let at = asked.iter().position(|s| s.id == id).unwrap_or(0);
    let next = match asked.get(at + 1) {
        Some(next) if from.from != "check" => format!("{}/{}", place.base, next.id),
        _ => format!("{}/check", place.base),
    };
    Ok((jar.add(place.cookie(app, token)), to(&next)).into_response())
}

/// The answers to check before they are sent.
pub(crate) async fn check(app: &App, jar: &CookieJar, place: &Place) -> WebResult {
    match place.kept(app, jar).await? {
        None => Ok(place.gone()),
        Some(Kept::Sent(_)) => Ok(to(&format!("{}/done", place.base))),
        kept => Ok(place.visit(app, kept)?.show_check(&[])),
    }
}

/// Where sending led: the last page, or the answers again with what is missing.
pub(crate) async fn sent(
    app: &App,
    jar: &CookieJar,
    place: &Place,
    sent: casework::Result<bool>,
) -> WebResult {
    match sent {
        Err(casework::Error::Findings(findings)) => {
            let kept = place.kept(app, jar).await?;
            Ok(place.visit(app, kept)?.show_check(&findings))
        }
        Err(other) => Err(other.into()),
        // Sent now, or by a press of the button before: the last page knows.
        Ok(_) => Ok(to(&format!("{}/done", place.base))),
    }
}

/// Someone must leave at once: what they typed can no longer be reached from
/// this browser, and an everyday page opens.
pub(crate) async fn leave(app: &App, jar: CookieJar, place: &Place) -> WebResult {
    if let Some(cookie) = jar.get(COOKIE) {
        app.casework.forget_public_answers(cookie.value()).await?;
    }
    let jar = jar.remove(Cookie::build(COOKIE).path(place.base.clone()));
    Ok((jar, to(EVERYDAY)).into_response())
}

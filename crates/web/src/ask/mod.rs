//! Public pages for people without an account: asking for help, and the pages
//! on which a school and the police tell us about a child (R000-23, UX18) and
//! any partner starts early help (R001-20).
//!
//! Each section of the pack's form is one page; then come the answers to check
//! and the reference. Nothing is kept in the browser but an opaque cookie that
//! goes when it closes; the answers wait sealed on the server for two hours.

mod limit;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use casework::front_door::Route;
use casework::front_door::contact::answer_words;
use casework::front_door::incoming::too_long;
use casework::front_door::public::{Kept, LastPage};
use casework::time;
use packs::{Answers, Form, Section, Severity};
use serde::Deserialize;

use crate::app::{App, WebError, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::guard::TOO_LONG;
use crate::ui::{FieldError, Frame, Page, errors, to};

/// The most that is read of one page: a million characters in any alphabet, so
/// that even far too long a text comes back with a plain message.
pub(crate) const MOST: usize = 8 << 20;

/// Where "Exit this page" leads in the end: a page that anybody might look at.
const EVERYDAY: &str = "https://www.bbc.co.uk/weather";

const COOKIE: &str = "tl-ask";

/// The addresses of this area, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/ask-for-help",
    "/ask-for-help/check",
    "/ask-for-help/done",
    "/ask-for-help/leave",
    "/ask-for-help/{section}",
    "/tell-us/school",
    "/tell-us/school/check",
    "/tell-us/school/done",
    "/tell-us/school/leave",
    "/tell-us/school/{section}",
    "/tell-us/police",
    "/tell-us/police/check",
    "/tell-us/police/done",
    "/tell-us/police/leave",
    "/tell-us/police/{section}",
    "/tell-us/early-help",
    "/tell-us/early-help/check",
    "/tell-us/early-help/done",
    "/tell-us/early-help/leave",
    "/tell-us/early-help/{section}",
];

/// The routes of all four pages.
pub(crate) fn routes() -> Router<App> {
    let pages = [
        Route::Public,
        Route::School,
        Route::Police,
        Route::EarlyHelp,
    ];
    pages
        .into_iter()
        .fold(Router::new(), |all, route| all.merge(pages_of(route)))
        .layer(DefaultBodyLimit::max(MOST))
}

fn base(route: Route) -> &'static str {
    match route {
        Route::School => "/tell-us/school",
        Route::Police => "/tell-us/police",
        Route::EarlyHelp => "/tell-us/early-help",
        // The other two are written by people who sign in.
        Route::Public | Route::Phone | Route::StepUp => "/ask-for-help",
    }
}

fn pages_of(route: Route) -> Router<App> {
    let base = base(route);
    Router::new()
        .route(
            base,
            get(move |app, jar, from| first(app, jar, from, route)),
        )
        .route(
            &format!("{base}/check"),
            get(move |app, jar| check(app, jar, route)).post(move |app, jar| send(app, jar, route)),
        )
        .route(
            &format!("{base}/done"),
            get(move |app, jar| done(app, jar, route)),
        )
        .route(
            &format!("{base}/leave"),
            get(move |app, jar| leave(app, jar, route)),
        )
        .route(
            &format!("{base}/{{section}}"),
            get(move |app, jar, at, from| section(app, jar, at, from, route))
                .post(move |app, jar, at, body| answer(app, jar, at, body, route)),
        )
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
}

#[derive(Template)]
#[template(path = "ask/check.html")]
struct Check {
    frame: Frame,
    danger: bool,
    action: String,
    sections: Vec<CheckedSection>,
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

#[derive(Template)]
#[template(path = "ask/done.html")]
struct Done {
    frame: Frame,
    last: LastPage,
    public: bool,
    phone: String,
}

#[derive(Debug, Default, Deserialize)]
struct From {
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
    route: Route,
    form: &'a Form,
    answers: Answers,
}

impl Visit<'_> {
    /// The sections that are asked, given the answers so far.
    fn asked(&self) -> Vec<&Section> {
        let sections = self.form.sections.iter();
        sections
            .filter(|section| self.form.shows_section(section, &self.answers))
            .collect()
    }

    fn frame(&self, title: &str, back: Option<String>) -> Frame {
        let mut frame = Frame::public(self.app.casework.name(), title);
        if let Some(back) = back {
            frame = frame.with_back("Back", back);
        }
        if self.route == Route::Public {
            frame = frame.with_exit(format!("{}/leave", base(self.route)));
        }
        frame
    }

    /// The page of a section, with what was found wrong with it.
    async fn show(
        &self,
        section: &Section,
        findings: &[packs::Finding],
        posted: Option<&Posted>,
        from: &From,
    ) -> WebResult {
        let asked = self.asked();
        let place = asked.iter().position(|s| s.id == section.id).unwrap_or(0);
        let from_check = from.from == "check";
        let base = base(self.route);
        let back = match (from_check, place) {
            (true, _) => Some(format!("{base}/check")),
            (false, 0) => None,
            (false, 1) => Some(base.to_owned()),
            (false, _) => Some(format!("{base}/{}", asked[place - 1].id)),
        };
        let fields = Fields::new(self.form, &self.answers, time::today())
            .section(&section.id)
            .findings(findings)
            .adding(posted.and_then(Posted::adding))
            .html();
        let page = Page(Question {
            frame: self
                .frame(&section.title, back)
                .with_errors(forms::errors(findings)),
            caption: self.form.title.clone(),
            part: format!("Part {} of {}", place + 1, asked.len()),
            intro: match place {
                0 => self.form.intro.clone(),
                _ => String::new(),
            },
            gone: !from.gone.is_empty(),
            danger: place > 0 && self.answers.text("danger") == "yes",
            can_skip: section.optional,
            action: format!("{base}/{}", section.id),
            from_check,
            warned: findings.iter().any(|f| f.severity == Severity::Warn),
            fields: match fields {
                Ok(fields) => fields,
                Err(problem) => return Ok(errors::broken(&problem)),
            },
            phone: self.app.casework.front_door_phone().await?,
        });
        Ok(match findings.is_empty() {
            true => page.into_response(),
            false => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
        })
    }

    fn show_check(&self, findings: &[packs::Finding]) -> Response {
        let base = base(self.route);
        let sections = self.asked();
        let last = sections.last().map(|s| format!("{base}/{}", s.id));
        // A message about one child of several leads to the children's row.
        let wrong = findings
            .iter()
            .map(|f| FieldError::new(f.field.split('.').next().unwrap_or_default(), &f.message))
            .collect();
        let page = Page(Check {
            frame: self.frame("Check your answers", last).with_errors(wrong),
            danger: self.answers.text("danger") == "yes",
            action: format!("{base}/check"),
            sections: sections
                .iter()
                .map(|section| CheckedSection {
                    title: section.title.clone(),
                    rows: self.rows(section),
                })
                .collect(),
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
                change: format!("{}/{}?from=check", base(self.route), section.id),
            })
            .collect()
    }
}

async fn visit<'a>(app: &'a App, route: Route, kept: Option<Kept>) -> WebResult<Visit<'a>> {
    Ok(Visit {
        app,
        route,
        form: app.casework.form(route.form())?,
        answers: match kept {
            Some(Kept::Answers(answers)) => answers,
            _ => Answers::new(),
        },
    })
}

async fn kept(app: &App, jar: &CookieJar, route: Route) -> WebResult<Option<Kept>> {
    Ok(match jar.get(COOKIE) {
        Some(cookie) => app.casework.public_answers(route, cookie.value()).await?,
        None => None,
    })
}

async fn first(
    State(app): State<App>,
    jar: CookieJar,
    Query(from): Query<From>,
    route: Route,
) -> WebResult {
    let kept = kept(&app, &jar, route).await?;
    let visit = visit(&app, route, kept).await?;
    let Some(section) = visit.form.sections.first() else {
        return Ok(errors::not_found());
    };
    visit.show(section, &[], None, &from).await
}

async fn section(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<String>,
    Query(from): Query<From>,
    route: Route,
) -> WebResult {
    let kept = kept(&app, &jar, route).await?;
    let known = matches!(kept, Some(Kept::Answers(_)));
    let visit = visit(&app, route, kept).await?;
    let Some(section) = visit.form.section(&id) else {
        return Ok(errors::not_found());
    };
    let is_first = visit.form.sections.first().is_some_and(|s| s.id == id);
    if !known && !is_first {
        return Ok(to(&format!("{}?gone=yes", base(route))));
    }
    visit.show(section, &[], None, &from).await
}

/// A body that is no form, as the plain page that says so.
pub(crate) fn unreadable(words: &str) -> WebError {
    casework::Error::finding("", "", words).into()
}

/// What was sent, or a plain page that says that it was too much to read.
pub(crate) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, WebError> {
    body.map_err(|problem| {
        tracing::warn!(%problem, "a form could not be read");
        unreadable(TOO_LONG)
    })
}

async fn answer(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
    route: Route,
) -> WebResult {
    let body = whole(body)?;
    let token = jar.get(COOKIE).map(|cookie| cookie.value().to_owned());
    if !token.as_deref().is_none_or(limit::may_go_on) {
        return Ok(errors::too_many());
    }
    let kept = kept(&app, &jar, route).await?;
    let mut visit = visit(&app, route, kept).await?;
    let form = visit.form;
    let Some(section) = form.section(&id) else {
        return Ok(errors::not_found());
    };
    let posted = Posted::read(form, &body);
    let from = From {
        from: posted.other("from").to_owned(),
        gone: String::new(),
    };
    visit.answers.replace_section(form, &id, &posted.answers);
    if posted.reshape.is_some() {
        return visit.show(section, &[], Some(&posted), &from).await;
    }
    let mut findings = form.check(&visit.answers, Some(&id));
    findings.extend(too_long(form, &posted.answers));
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
        .keep_public_page(route, token.as_deref(), &id, &posted.answers)
        .await?;
    let asked = visit.asked();
    let place = asked.iter().position(|s| s.id == id).unwrap_or(0);
    let next = match asked.get(place + 1) {
        Some(next) if from.from != "check" => format!("{}/{}", base(route), next.id),
        _ => format!("{}/check", base(route)),
    };
    Ok((jar.add(cookie(&app, route, token)), to(&next)).into_response())
}

/// An opaque cookie for this form alone, which goes when the browser closes.
fn cookie(app: &App, route: Route, token: String) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, token);
    cookie.set_path(base(route));
    cookie.set_http_only(true);
    cookie.set_secure(app.secure);
    cookie.set_same_site(SameSite::Lax);
    cookie
}

async fn check(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    let kept = kept(&app, &jar, route).await?;
    match kept {
        None => Ok(to(&format!("{}?gone=yes", base(route)))),
        Some(Kept::Sent(_)) => Ok(to(&format!("{}/done", base(route)))),
        kept => Ok(visit(&app, route, kept).await?.show_check(&[])),
    }
}

async fn send(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    let Some(cookie) = jar.get(COOKIE) else {
        return Ok(to(&format!("{}?gone=yes", base(route))));
    };
    if !limit::may_go_on(cookie.value()) || !limit::may_send() {
        return Ok(errors::too_many());
    }
    match app.casework.send_public(route, cookie.value()).await {
        Err(casework::Error::Findings(findings)) => {
            let kept = kept(&app, &jar, route).await?;
            Ok(visit(&app, route, kept).await?.show_check(&findings))
        }
        Err(other) => Err(other.into()),
        // Sent now, or by a press of the button before: the last page knows.
        Ok(_) => Ok(to(&format!("{}/done", base(route)))),
    }
}

async fn done(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    match kept(&app, &jar, route).await? {
        None => Ok(to(&format!("{}?gone=yes", base(route)))),
        Some(Kept::Answers(_)) => Ok(to(&format!("{}/check", base(route)))),
        Some(Kept::Sent(last)) => {
            let visit = visit(&app, route, None).await?;
            Ok(Page(Done {
                frame: visit.frame("We have your message", None),
                last,
                public: route == Route::Public,
                phone: app.casework.front_door_phone().await?,
            })
            .into_response())
        }
    }
}

/// Someone must leave at once: what they typed can no longer be reached from
/// this browser, and an everyday page opens.
async fn leave(State(app): State<App>, jar: CookieJar, route: Route) -> WebResult {
    if let Some(cookie) = jar.get(COOKIE) {
        app.casework.forget_public_answers(cookie.value()).await?;
    }
    let jar = jar.remove(Cookie::build(COOKIE).path(base(route)));
    Ok((jar, to(EVERYDAY)).into_response())
}

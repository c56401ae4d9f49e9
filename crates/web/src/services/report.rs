//! "Something is wrong here": a short form on each service's page, without an
//! account and without script, and the page behind the link of whoever told us.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::services::{Told, WRONG};
use casework::{Error, time};
use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use packs::{Answers, Finding};

use crate::app::{App, WebError, WebResult};
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{Frame, Page, errors, to};

/// Reports a minute over all services: a busy town sends a few a day.
const ALL: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Reports an hour about one service.
const ONE: NonZeroU32 = NonZeroU32::new(10).unwrap();

static OVER_ALL: LazyLock<RateLimiter<NotKeyed, InMemoryState, DefaultClock>> =
    LazyLock::new(|| RateLimiter::direct(Quota::per_minute(ALL)));
static OF_ONE: LazyLock<RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_hour(ONE)));

/// A field that people do not see and that programs fill in.
pub(super) const TRAP: &str = "website";

#[derive(Template)]
#[template(path = "services/wrong.html")]
struct WrongPage {
    frame: Frame,
    name: String,
    id: String,
    fields: Html,
}

#[derive(Template)]
#[template(path = "services/told.html")]
struct ToldPage {
    frame: Frame,
    told: Told,
    address: String,
}

pub(super) async fn ask(State(app): State<App>, Path(id): Path<String>) -> WebResult {
    show(&app, &id, &Answers::new(), &[]).await
}

async fn show(app: &App, id: &str, answers: &Answers, findings: &[Finding]) -> WebResult {
    let catalogue = app.casework.catalogue().await?;
    let entry = catalogue.directory.public(id, catalogue.today);
    let entry = entry.ok_or(WebError(Error::NotFound))?;
    let fields = Fields::new(app.casework.form(WRONG)?, answers, time::today())
        .findings(findings)
        .html()?;
    let name = entry.service.name.clone();
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(WrongPage {
        frame: Frame::public(app.casework.name(), format!("Something is wrong: {name}"))
            .with_back(name.clone(), format!("/services/{id}"))
            .with_errors(forms::errors(findings)),
        name,
        id: id.to_owned(),
        fields,
    })
    .with_status(status))
}

pub(super) async fn send(State(app): State<App>, Path(id): Path<String>, body: Bytes) -> WebResult {
    let posted = Posted::read(app.casework.form(WRONG)?, &body);
    if !posted.other(TRAP).is_empty() {
        // A program filled it in: it is thanked, and nothing is kept.
        tracing::info!("a report that a program filled in was not kept");
        return Ok(to(&format!("/services/{id}")));
    }
    if !may_send(&id) {
        return Ok(errors::too_many());
    }
    match app.casework.report_service(&id, &posted.answers).await {
        Ok(token) => Ok(to(&format!("/told-us/{token}"))),
        Err(Error::Findings(findings)) => show(&app, &id, &posted.answers, &findings).await,
        Err(other) => Err(other.into()),
    }
}

/// Whether another report about this is taken now.
pub(super) fn may_send(id: &str) -> bool {
    if OF_ONE.len() > 10_000 {
        OF_ONE.retain_recent();
    }
    OVER_ALL.check().is_ok() && OF_ONE.check_key(&id.chars().take(64).collect()).is_ok()
}

pub(super) async fn told(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> WebResult {
    let told = match app.casework.told_about(&token).await {
        Ok(told) => told,
        Err(Error::NotFound) => return Ok(dead()),
        Err(other) => return Err(other.into()),
    };
    let title = match told.answer.is_empty() {
        true => "Thank you: we look at it",
        false => "Our answer",
    };
    Ok(Page(ToldPage {
        frame: Frame::public(app.casework.name(), title)
            .with_back("Find help for your family", "/services"),
        address: format!("{}/told-us/{token}", app.link_base(&headers)),
        told,
    })
    .into_response())
}

/// An invented token is an address that is not there; whoever tries many waits.
fn dead() -> Response {
    match crate::answer::limit::may_miss() {
        true => errors::not_found(),
        false => errors::too_many(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_report_in_an_hour_about_one_service_waits() {
        assert!((0..10).all(|_| may_send("one")));
        assert!(!may_send("one"));
        assert!(may_send("another"));
    }
}

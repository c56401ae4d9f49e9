//! The list of who has looked that a family asks for: made, decided, printed,
//! and its one-time link (R001-27).

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use casework::Error;
use casework::access_control::for_family::{
    Decide, FamilyLine, LooksGiven, LooksRequestLine, MadeLooksLink,
};
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::team::value;
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, Part, once, to};
use crate::{asking, forms};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "access/family.html")]
struct ListPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    rows: Vec<LooksRequestLine>,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let (requests, _) = app.casework.looks_requests(&signed.viewer, id).await?;
    let name = requests.person.first_name();
    Ok(Page(ListPage {
        frame: signed
            .frame("The family asks who has looked")
            .with_back("Who has looked", format!("/people/{id}/looks")),
        top: ChildTop::new(app.casework.header(&requests.person).await?, Part::Looks),
        id,
        name,
        rows: requests.rows,
    })
    .into_response())
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let (_, form) = app.casework.looks_requests(&signed.viewer, id).await?;
    asking::show(&app, &signed, asking::Shown::on(form, Part::Looks)).await
}

pub(super) async fn make(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (_, form) = casework.looks_requests(viewer, id).await?;
    let shown = asking::Shown::on(form, Part::Looks);
    asking::send(&app, &signed, shown, body, |posted| async move {
        casework
            .prepare_looks(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Size {
    #[serde(default)]
    size: String,
}

#[derive(Template)]
#[template(path = "access/family_given.html")]
struct GivenPage {
    frame: Frame,
    top: ChildTop,
    name: String,
    span: String,
    days: Vec<(String, Vec<FamilyLine>)>,
    /// Whom the family may ask; empty for "your worker".
    ask_whom: String,
    seen: LooksGiven,
    large: bool,
    typed: Pairs,
    once: String,
}

impl GivenPage {
    /// Each line with its place and whether it is ticked.
    fn choices(&self) -> Vec<(usize, bool, &FamilyLine)> {
        let ticked = places(&self.typed);
        let lines = self.seen.lines.iter().enumerate();
        lines
            .map(|(place, line)| match self.typed.is_empty() {
                true => (place, line.left_out, line),
                false => (place, ticked.contains(&place), line),
            })
            .collect()
    }

    fn asked_on(&self) -> String {
        plain::date(self.seen.request.asked_on)
    }

    fn counted(&self) -> String {
        let (all, out) = (self.seen.lines.len(), self.seen.left_out());
        format!("{all}, of which {out} left out")
    }

    fn why(&self) -> String {
        let reason = self.seen.request.reason.clone();
        reason.unwrap_or_else(|| "Nothing spoke against it.".to_owned())
    }

    fn typed(&self, name: &str) -> String {
        value(&self.typed, name)
    }
}

fn places(pairs: &Pairs) -> Vec<usize> {
    let ticked = pairs.iter().filter(|(name, _)| name == "left_out");
    ticked.filter_map(|(_, place)| place.parse().ok()).collect()
}

/// The lines under their days.
pub(crate) fn by_day(lines: Vec<FamilyLine>) -> Vec<(String, Vec<FamilyLine>)> {
    let mut days: Vec<(String, Vec<FamilyLine>)> = Vec::new();
    for line in lines {
        let day = line.day_words();
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, lines)) => lines.push(line),
            None => days.push((day, vec![line])),
        }
    }
    days
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    large: bool,
    typed: Pairs,
    errors: Vec<FieldError>,
) -> WebResult<Page<GivenPage>> {
    let seen = app.casework.looks_given(&signed.viewer, id).await?;
    let name = seen.person.first_name();
    Ok(Page(GivenPage {
        frame: signed
            .frame(format!("Who has looked: the list for {name}"))
            .with_back(
                "All lists",
                format!("/people/{}/looks/family", seen.person.id),
            )
            .with_errors(errors),
        top: ChildTop::new(app.casework.header(&seen.person).await?, Part::Looks),
        name,
        span: seen.span(),
        days: by_day(seen.shown().into_iter().cloned().collect()),
        ask_whom: String::new(),
        seen,
        large,
        typed,
        once: once(),
    }))
}

pub(super) async fn one(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Query(size): Query<Size>,
) -> WebResult {
    let large = size.size == "large";
    let page = page(&app, &signed, id, large, Vec::new(), Vec::new()).await?;
    Ok(page.into_response())
}

pub(super) async fn decide(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let decide = Decide {
        answer: value(&pairs, "answer"),
        left_out: places(&pairs),
        reason: value(&pairs, "reason"),
        once: value(&pairs, "once"),
    };
    let done = app.casework.decide_looks(&signed.viewer, id, &decide);
    match done.await {
        Ok(()) => {
            let words = match decide.answer.as_str() {
                "give" => "The list may be given. Print it, or make a link.",
                _ => "The list is held back, with your reason.",
            };
            Ok(Notice::new(words).on(to(&format!("/looks-given/{id}"))))
        }
        Err(Error::Findings(findings)) => {
            let errors = forms::errors(&findings);
            let page = page(&app, &signed, id, false, pairs, errors).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "access/family_link.html")]
struct LinkPage {
    frame: Frame,
    id: Id<ids::Part>,
    made: MadeLooksLink,
}

/// The link stands on this answer and nowhere else, so there is no redirect: it
/// would have to be carried.
pub(super) async fn link(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let site = app.link_base(&headers);
    let made = app
        .casework
        .make_looks_link(&signed.viewer, id, &site, &value(&pairs, "once"))
        .await?;
    Ok(Page(LinkPage {
        frame: signed.frame("The link is ready to send"),
        id,
        made,
    })
    .into_response())
}

pub(super) async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    app.casework.withdraw_looks_link(&signed.viewer, id).await?;
    Ok(Notice::new("The link does not open any more.").on(to(&format!("/looks-given/{id}"))))
}

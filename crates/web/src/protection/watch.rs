//! The watch after a step-down, and the list of them.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::model::WatchState;
use casework::protection::{WatchPage, WatchRow};
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::forms::{self, Fields, Html};
use crate::plans::{top, value};
use crate::ui::{ChildTop, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "protection/watch.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    of: WatchPage,
    fields: Html,
    once: String,
    other: String,
}

impl View {
    fn since(&self) -> String {
        plain::date(self.of.watch.began_on)
    }

    fn day(&self, day: &chrono::NaiveDate) -> String {
        plain::date(*day)
    }

    fn state(&self) -> &'static str {
        match self.of.watch.state {
            WatchState::Watching => "Being watched",
            WatchState::Ended => "It lasted the year",
            WatchState::Back => "More help again",
        }
    }

    fn holding(&self, code: &str) -> String {
        let field = self.of.form.field("holding");
        let options = field.and_then(|f| f.kind.options());
        options.map_or_else(|| code.to_owned(), |o| o.label(code).to_lowercase())
    }

    fn button(&self) -> String {
        format!("Save what you see of {}", self.of.child.first_name())
    }
}

#[derive(Template)]
#[template(path = "protection/watches.html")]
struct ListView {
    frame: Frame,
    rows: Vec<WatchRow>,
    numbers: Vec<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
) -> WebResult {
    page(&app, &signed, id, Vec::new(), &[]).await
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Part>,
    pairs: Pairs,
    findings: &[Finding],
) -> WebResult {
    let of = app.casework.watch(&signed.viewer, id).await?;
    let answers = Answers::from_pairs(&of.form, pairs.iter().map(|(k, v)| (k, v)));
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(View {
        fields: Fields::new(&of.form, &answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame(format!("After the step-down of {}", of.child.first_name()))
            .with_back("All that are watched", "/step-downs")
            .with_errors(forms::errors(findings)),
        top: top(app, &of.child).await?,
        once: once(),
        other: once(),
        of,
    })
    .with_status(status))
}

pub(super) async fn look(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let form = app.casework.form("watch-look")?;
    let answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    let token = value(&pairs, "once").to_owned();
    match app
        .casework
        .look_again(&signed.viewer, id, &answers, &token)
        .await
    {
        Ok(()) => Ok(Notice::new("What you see is on record.").on(to(&format!("/watch/{id}")))),
        Err(Error::Findings(found)) => page(&app, &signed, id, pairs, &found).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> WebResult {
    let works = [
        "case.record",
        "case.authorise",
        "case.review",
        "case.oversee",
    ];
    if !works.iter().any(|capability| signed.viewer.can(capability)) {
        return Err(Error::NotFound.into());
    }
    let rows = app.casework.watches(&signed.viewer).await?;
    let mut numbers = Vec::new();
    if signed.viewer.can("data.view_counts") {
        for months in [6, 12] {
            let (all, back) = app.casework.re_escalated(&signed.viewer, months).await?;
            if all > 0 {
                numbers.push(format!(
                    "Within {months} months of {}, {} needed more help again",
                    plain::count(all, "step-down", "step-downs"),
                    plain::number(back)
                ));
            }
        }
    }
    Ok(Page(ListView {
        frame: signed.frame("After a step-down"),
        rows,
        numbers,
    })
    .into_response())
}

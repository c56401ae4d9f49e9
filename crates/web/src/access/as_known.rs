//! The record as it was known on a day, with a banner nobody can miss.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use casework::access_control::KnownRecord;
use chrono::NaiveDate;
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{FieldError, Frame, Page};

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    on: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    year: String,
}

impl Asked {
    fn date(&self) -> Option<NaiveDate> {
        plain::read_date_parts(&self.day, &self.month, &self.year)
            .or_else(|| plain::read_date(&self.on))
    }

    fn is_empty(&self) -> bool {
        [&self.on, &self.day, &self.month, &self.year]
            .iter()
            .all(|part| part.trim().is_empty())
    }
}

#[derive(Template)]
#[template(path = "access/as_known.html")]
struct AsKnownPage {
    frame: Frame,
    id: Id<ids::Person>,
    record: KnownRecord,
    on: String,
    day: [String; 3],
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let today = signed.viewer.today;
    let date = asked.date();
    let mut errors = Vec::new();
    if date.is_none() && !asked.is_empty() {
        let message = "The day must be a real date, like 27 3 2026";
        errors.push(FieldError::new("day", message));
    }
    if date.is_some_and(|d| d > today) {
        errors.push(FieldError::new("day", "The day must be today or before"));
    }
    let on = date.filter(|d| *d <= today).unwrap_or(today);
    let record = app.casework.as_known(&signed.viewer, id, on).await?;
    let typed = [asked.day, asked.month, asked.year];
    let name = record.now.name();
    let words = plain::date(on);
    Ok(Page(AsKnownPage {
        frame: signed
            .frame(format!("{name}: as known on {words}"))
            .with_back(format!("{name} today"), format!("/people/{id}"))
            .with_errors(errors),
        id,
        record,
        day: match typed.iter().all(String::is_empty) {
            true => parts(on),
            false => typed,
        },
        on: words,
    })
    .into_response())
}

fn parts(on: NaiveDate) -> [String; 3] {
    [
        on.format("%-d").to_string(),
        on.format("%-m").to_string(),
        on.format("%Y").to_string(),
    ]
}

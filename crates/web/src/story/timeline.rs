//! The timeline: everything that happened, newest first, filtered without
//! script.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use casework::story::{Asking, Entry, KINDS, Month, Story};
use casework::{Asked, Error, time};
use chrono::{Datelike, NaiveDate};
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebResult};
use crate::notes::quick;
use crate::ui::{ChildTop, FieldError, Frame, Page, Part};

#[derive(Template)]
#[template(path = "story/timeline.html")]
struct TimelinePage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    family: bool,
    has_family: bool,
    kinds: Vec<(&'static str, &'static str, bool)>,
    from: String,
    to: String,
    filtered: bool,
    story: Story,
    groups: Vec<(String, Vec<Entry>)>,
    query: String,
    quick: String,
}

impl TimelinePage {
    /// The tallest month of the strip, at least one.
    fn most(&self) -> i64 {
        self.story
            .months
            .iter()
            .map(|m| m.all)
            .max()
            .unwrap_or(1)
            .max(1)
    }

    /// A month's bars: height of everything and of the contacts, of 60.
    fn bar(&self, n: i64) -> i64 {
        n * 60 / self.most()
    }

    fn strip_words(&self) -> String {
        let contacts: i64 = self.story.months.iter().map(|m| m.contacts).sum();
        let visits: i64 = self.story.months.iter().map(|m| m.visits).sum();
        format!(
            "{} and {} in two years",
            plain::count(contacts, "contact", "contacts"),
            plain::count(visits, "visit", "visits")
        )
    }

    fn page_address(&self, page: usize) -> String {
        let start = if self.query.is_empty() {
            String::new()
        } else {
            format!("{}&", self.query)
        };
        format!("/people/{}/story?{start}page={page}", self.id)
    }
}

fn month_words(month: &Month) -> String {
    plain::short_date(month.first)
        .split_once(' ')
        .map_or(String::new(), |(_, rest)| rest.to_owned())
}

/// "21 November 2026 at 2:05pm", or only the day when that is all we know.
fn when(entry: &Entry) -> String {
    match entry.at {
        Some(at) => plain::date_time(time::local(at)),
        None => plain::date(entry.day),
    }
}

fn recorded(at: &chrono::DateTime<chrono::Utc>) -> String {
    plain::date_time(time::local(*at))
}

/// What was asked in the address: kinds, whose, dates, page.
fn asking(query: &str) -> (Asking, String, String, Vec<FieldError>) {
    let mut asking = Asking::default();
    let (mut from, mut to) = (String::new(), String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "kind" => asking.kinds.push(value.into_owned()),
            "whose" => asking.family = value == "family",
            "from" => from = value.trim().to_owned(),
            "to" => to = value.trim().to_owned(),
            "page" => asking.page = value.parse().unwrap_or(1),
            _ => {}
        }
    }
    let mut errors = Vec::new();
    let mut read = |name: &str, text: &str| {
        let date = plain::read_date(text);
        if date.is_none() && !text.is_empty() {
            let words = "Write a real date, like 27 3 2026";
            errors.push(FieldError::new(name, words));
        }
        date
    };
    asking.from = read("from", &from);
    asking.to = read("to", &to);
    (asking, from, to, errors)
}

fn by_month(entries: Vec<Entry>) -> Vec<(String, Vec<Entry>)> {
    let mut groups: Vec<((i32, u32), Vec<Entry>)> = Vec::new();
    for entry in entries {
        let month = (entry.day.year(), entry.day.month());
        match groups.last_mut() {
            Some((last, group)) if *last == month => group.push(entry),
            _ => groups.push((month, vec![entry])),
        }
    }
    let words = |(year, month)| {
        let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
        plain::date(first)
            .split_once(' ')
            .map_or(String::new(), |(_, rest)| rest.to_owned())
    };
    groups
        .into_iter()
        .map(|(month, group)| (words(month), group))
        .collect()
}

/// The address without its page, to page on with the same filter.
fn without_page(query: &str) -> String {
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, value)| name != "page" && !value.is_empty());
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish()
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    RawQuery(query): RawQuery,
) -> WebResult {
    let query = query.unwrap_or_default();
    let (asking, from, to, errors) = asking(&query);
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_read("story"))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    let header = app.casework.header(&person).await?;
    let circle = app
        .casework
        .circle(&signed.viewer, &person, "story")
        .await?;
    let mut story = app
        .casework
        .timeline(&signed.viewer, &person, &circle, &asking)
        .await?;
    let quick = quick(&app, &signed, &person, &circle).await?;
    let title = match story.pages {
        1 => format!("Story: {}", header.name),
        pages => format!("Story: {} (page {} of {pages})", header.name, story.page),
    };
    let query = without_page(&query);
    let groups = by_month(std::mem::take(&mut story.entries));
    let mut top = ChildTop::new(header, Part::Story);
    if !quick.is_empty() {
        top = top.noting_here();
    }
    Ok(Page(TimelinePage {
        frame: signed.frame(title).with_errors(errors),
        top,
        id,
        name: person.first_name(),
        family: asking.family,
        has_family: !circle.others.is_empty(),
        kinds: KINDS
            .iter()
            .map(|(word, label, _)| (*word, *label, asking.kinds.iter().any(|k| k == word)))
            .collect(),
        from,
        to,
        filtered: !query.is_empty(),
        story,
        groups,
        query,
        quick,
    })
    .into_response())
}

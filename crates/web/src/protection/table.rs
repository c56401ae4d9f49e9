//! The table of a meeting as a page shows and posts it.

use askama::Template;
use casework::protection::{Seat, Seated};

use crate::app::App;
use crate::forms::Html;
use crate::plans::value;
use crate::ui::FieldError;

/// How many empty places there are for guests nobody thought of.
const GUESTS: usize = 2;

/// The table, ready to be written.
#[derive(Template)]
#[template(path = "protection/table.html")]
pub(super) struct Table {
    seats: Vec<SeatView>,
    agencies: Vec<(String, String)>,
    views: bool,
}

impl Table {
    fn asks_views(&self) -> bool {
        self.views
    }
}

/// One place.
pub(super) struct SeatView {
    number: usize,
    row: String,
    title: String,
    why: String,
    asked: bool,
    guest: bool,
    name: String,
    agency: String,
    came: String,
    absent_why: String,
    views: String,
    dissent: String,
    name_error: String,
    came_error: String,
    why_error: String,
}

impl SeatView {
    const CHOICES: [(&'static str, &'static str); 3] = [
        ("came", "Took part"),
        ("sent_views", "Sent information"),
        ("absent", "Not there"),
    ];

    fn wrong(&self) -> bool {
        [&self.name_error, &self.came_error, &self.why_error]
            .iter()
            .any(|error| !error.is_empty())
    }
}

/// The table as HTML: what was posted wins over what is on record. `views`
/// also asks what each thinks.
pub(super) fn table(
    app: &App,
    seats: &[Seat],
    posted: &[Seated],
    errors: &[FieldError],
    views: bool,
) -> Result<Html, askama::Error> {
    let all = seats.len().max(posted.len().saturating_sub(GUESTS)) + GUESTS;
    let shown = (0..all).map(|i| view(i, seats.get(i), posted.get(i), errors));
    let agencies = app
        .casework
        .pack()
        .codes("agencies", casework::time::today())
        .map(|set| {
            let codes = set.codes.iter();
            codes.map(|c| (c.code.clone(), c.label.clone())).collect()
        })
        .unwrap_or_default();
    let table = Table {
        seats: shown.collect(),
        agencies,
        views,
    };
    Ok(Html::of(table.render()?))
}

fn view(i: usize, seat: Option<&Seat>, posted: Option<&Seated>, errors: &[FieldError]) -> SeatView {
    let error = |part: &str| {
        let id = format!("seat.{i}.{part}");
        let found = errors.iter().find(|e| e.field == id);
        found.map(|e| e.message.clone()).unwrap_or_default()
    };
    let row = seat.map(|s| &s.row);
    let kept = |text: Option<&String>| text.cloned().unwrap_or_default();
    let word = |posted: Option<&String>, before: Option<&String>| {
        posted.cloned().unwrap_or_else(|| kept(before))
    };
    SeatView {
        number: i,
        row: row.map(|r| r.id.to_string()).unwrap_or_default(),
        title: seat.map_or_else(|| "Someone else".to_owned(), |s| s.title.clone()),
        why: seat.map(|s| s.why.clone()).unwrap_or_default(),
        asked: seat.is_some_and(|s| s.asked),
        guest: seat.is_none(),
        name: word(posted.map(|p| &p.name), row.map(|r| &r.name)),
        agency: word(posted.map(|p| &p.agency), row.map(|r| &r.agency)),
        came: word(posted.map(|p| &p.came), row.and_then(|r| r.came.as_ref())),
        absent_why: word(
            posted.map(|p| &p.absent_why),
            row.and_then(|r| r.absent_why.as_ref()),
        ),
        views: word(posted.map(|p| &p.views), row.and_then(|r| r.views.as_ref())),
        dissent: word(
            posted.map(|p| &p.dissent),
            row.and_then(|r| r.dissent.as_ref()),
        ),
        name_error: error("name"),
        came_error: error("came"),
        why_error: error("absent_why"),
    }
}

/// The places as posted, by their numbers.
pub(super) fn seated(pairs: &[(String, String)]) -> Vec<Seated> {
    let number = |name: &str| -> Option<usize> {
        let rest = name.strip_prefix("seat.")?;
        rest.split('.').next()?.parse().ok()
    };
    let most = pairs.iter().filter_map(|(name, _)| number(name)).max();
    // Nobody sits at a table of more than a hundred.
    let Some(most) = most.filter(|n| *n < 100) else {
        return Vec::new();
    };
    (0..=most)
        .map(|i| {
            let part = |part: &str| value(pairs, &format!("seat.{i}.{part}")).to_owned();
            Seated {
                row: part("row").parse().ok(),
                name: part("name"),
                agency: part("agency"),
                came: part("came"),
                absent_why: part("absent_why"),
                views: part("views"),
                dissent: part("dissent"),
            }
        })
        .collect()
}

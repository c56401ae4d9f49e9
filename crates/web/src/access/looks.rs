//! "Who has looked at this record" (R001-27, UX27).

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use casework::access_control::{LookRow, Which};
use serde::Deserialize;
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::ui::{ChildTop, Frame, Page, Part};

/// How many lines stand on one page.
const ON_PAGE: usize = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    show: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    page: usize,
}

#[derive(Template)]
#[template(path = "access/looks.html")]
struct LooksPage {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    rows: Vec<LookRow>,
    people: Vec<(String, String)>,
    show: String,
    by: String,
    page: usize,
    pages: usize,
    total: usize,
    more: bool,
    restricts: bool,
    tells: bool,
    copies: bool,
    today: chrono::NaiveDate,
}

impl LooksPage {
    fn kinds(&self) -> [(&'static str, &'static str); 4] {
        [
            ("", "Looks and changes"),
            ("looks", "Only looks"),
            ("changes", "Only changes"),
            ("refused", "Only what was refused"),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Query(filter): Query<Filter>,
) -> WebResult {
    let which = match filter.show.as_str() {
        "looks" => Which::Looks,
        "changes" => Which::Changes,
        "refused" => Which::Refused,
        _ => Which::All,
    };
    let viewer = &signed.viewer;
    let looks = app.casework.looks(viewer, id, which, &filter.by).await?;
    let header = app.casework.header(&looks.person).await?;
    let name = header.first_name.clone();
    let total = looks.rows.len();
    let pages = total.div_ceil(ON_PAGE).max(1);
    let page = filter.page.clamp(1, pages);
    let mut title = format!("Who has looked at {name}’s record");
    if page > 1 {
        title = format!("{title} (page {page} of {pages})");
    }
    let rows = looks.rows.into_iter().skip((page - 1) * ON_PAGE);
    Ok(Page(LooksPage {
        frame: signed.frame(title),
        top: ChildTop::new(header, Part::Looks),
        id,
        name,
        rows: rows.take(ON_PAGE).collect(),
        people: looks.people,
        show: filter.show,
        by: filter.by,
        page,
        pages,
        total,
        more: looks.more,
        restricts: viewer.can("case.allocate"),
        tells: viewer.can("case.record"),
        copies: viewer.can("case.authorise"),
        today: viewer.today,
    })
    .into_response())
}

//! What the council learns from its directory: tables, each with a file, and
//! a chart that repeats the first of them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use casework::Error;
use casework::services::learning::Learning;

use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{Frame, Page};

/// One pair of bars of the chart.
struct Bar {
    label: String,
    y: usize,
    all: i64,
    none: i64,
}

/// A need to choose.
struct Need {
    code: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "services/learning.html")]
struct LearningPage {
    frame: Frame,
    learning: Learning,
    needs: Vec<Need>,
    chosen: String,
    bars: Vec<Bar>,
    high: usize,
}

/// How long the longest bar is.
const LONGEST: i64 = 380;
/// How high a row of the chart is.
const ROW: usize = 30;

pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let need = chosen(&pairs);
    let learning = app.casework.learning(&signed.viewer, need).await?;
    let most = learning.needs.iter().map(|n| n.searches.rounded()).max();
    let most = most.unwrap_or_default().max(1);
    let bars: Vec<Bar> = learning
        .needs
        .iter()
        .filter(|n| n.searches.rounded() > 0)
        .enumerate()
        .map(|(at, n)| Bar {
            label: n.label.clone(),
            y: at * ROW,
            all: n.searches.rounded() * LONGEST / most,
            none: n.nothing.rounded() * LONGEST / most,
        })
        .collect();
    let needs: Vec<Need> = learning
        .needs
        .iter()
        .map(|n| Need {
            chosen: need == Some(&n.code),
            code: n.code.clone(),
            label: n.label.clone(),
        })
        .collect();
    let named = needs.iter().find(|n| n.chosen);
    Ok(Page(LearningPage {
        frame: signed.frame("What families look for"),
        chosen: named.map(|n| n.label.clone()).unwrap_or_default(),
        high: bars.len() * ROW + 4,
        bars,
        needs,
        learning,
    })
    .into_response())
}

fn chosen(pairs: &[(String, String)]) -> Option<&str> {
    let need = pairs.iter().find(|(name, _)| name == "need");
    need.map(|(_, code)| code.as_str())
        .filter(|code| !code.is_empty())
}

/// A table as a file.
pub(super) async fn table(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let learning = app
        .casework
        .learning(&signed.viewer, chosen(&pairs))
        .await?;
    let which = name.strip_suffix(".csv").unwrap_or(&name);
    let file = learning.csv(which).ok_or(WebError(Error::NotFound))?;
    let kept = format!(
        "attachment; filename=\"{which}-{}.csv\"",
        signed.viewer.today
    );
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, kept),
    ];
    Ok((headers, file).into_response())
}

//! Foster carers and adopters: the dashboard, the record of a household, and a
//! page for each form.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::get;
use casework::carers::CarerForm;
use casework::carers::board::{CarerBoard, ON_PAGE, Which};
use casework::carers::view::{CarerRecord, Entry};
use casework::model::Person;
use vocabulary::{Id, ids};

use crate::app::{App, At, AtPart, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::care::Asked;
use crate::ui::{Frame, Page, errors};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &[
    "/carers",
    "/carers?show=all",
    "/carers?show=free",
    "/carers?show=applying",
    "/carers/new",
    "/carers/{carer}",
    "/carers/{carer}/{what}",
    "/carers/{carer}/concerns/{concern}",
    "/carers/{carer}/panel",
    "/adopters",
    "/adopters?show=applying",
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/carers", get(foster))
        .route("/adopters", get(adopt))
        .route("/carers/new", get(ask_enquiry).post(enquiry))
        .route("/carers/{id}", get(one))
        .route("/carers/{id}/{what}", get(ask).post(save))
        .route("/carers/{id}/panel", get(ask_panel).post(panel))
        .route(
            "/carers/{id}/concerns/{concern}",
            get(ask_concern).post(concern),
        )
}

#[derive(Template)]
#[template(path = "carers/board.html")]
struct BoardPage {
    frame: Frame,
    board: CarerBoard,
    asked: Asked,
    here: &'static str,
    title: &'static str,
    chosen: Which,
    adds: bool,
}

impl BoardPage {
    fn choices(&self) -> [(Which, &'static str, &'static str); 6] {
        Which::ALL
    }

    fn pages(&self) -> i64 {
        (self.board.of + ON_PAGE - 1) / ON_PAGE
    }

    fn next(&self) -> Option<i64> {
        let next = self.asked.number() + 1;
        (next <= self.pages()).then_some(next)
    }

    fn before(&self) -> Option<i64> {
        let before = self.asked.number() - 1;
        (before >= 1).then_some(before)
    }
}

async fn foster(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> WebResult {
    board(app, signed, asked, ("foster", "/carers", "Foster carers")).await
}

async fn adopt(State(app): State<App>, signed: Signed, Query(asked): Query<Asked>) -> WebResult {
    board(app, signed, asked, ("adopt", "/adopters", "Adopters")).await
}

async fn board(
    app: App,
    signed: Signed,
    asked: Asked,
    (kind, here, title): (&str, &'static str, &'static str),
) -> WebResult {
    let chosen = Which::of(&asked.show);
    let board = app
        .casework
        .carer_board(&signed.viewer, kind, chosen, asked.number())
        .await?;
    let heading = match asked.number() {
        1 => title.to_owned(),
        page => format!("{title} (page {page})"),
    };
    Ok(Page(BoardPage {
        frame: signed.frame(heading),
        adds: signed.viewer.can("carers.record"),
        board,
        asked,
        here,
        title,
        chosen,
    })
    .into_response())
}

async fn ask_enquiry(State(app): State<App>, signed: Signed) -> WebResult {
    let sheet = app.casework.ask_enquiry(&signed.viewer)?;
    asking::show(&app, &signed, Shown::alone(sheet)).await
}

async fn enquiry(State(app): State<App>, signed: Signed, body: Bytes) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let sheet = casework.ask_enquiry(viewer)?;
    asking::send(&app, &signed, Shown::alone(sheet), body, |p| async move {
        casework.save_enquiry(viewer, &p.answers, &p.once).await
    })
    .await
}

#[derive(Template)]
#[template(path = "carers/one.html")]
struct OnePage {
    frame: Frame,
    record: CarerRecord,
    id: Id<ids::Carer>,
    name: String,
}

impl OnePage {
    fn role(&self, role: &str) -> &'static str {
        match role {
            "carer" => "Carer",
            "adult" => "Other adult in the home",
            _ => "Child of the household",
        }
    }

    fn age(&self, person: &Person) -> String {
        person.birth_date().map_or_else(String::new, |born| {
            format!(", {}", born.words_on(casework::time::today()))
        })
    }

    /// The lines that are open, and those that are one press away.
    fn parts<'a>(&self, lines: &'a [Entry]) -> [&'a [Entry]; 2] {
        let (open, rest) = lines.split_at(lines.len().min(6));
        [open, rest]
    }
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Carer>) -> WebResult {
    let record = app.casework.carer_record(&signed.viewer, id).await?;
    let name = record.seen.carer.name.clone();
    let (text, href) = match record.seen.carer.kind == "foster" {
        true => ("Foster carers", "/carers"),
        false => ("Adopters", "/adopters"),
    };
    Ok(Page(OnePage {
        frame: signed.frame(name.clone()).with_back(text, href),
        record,
        id,
        name,
    })
    .into_response())
}

fn about(sheet: casework::asking::Sheet, name: &str, id: Id<ids::Carer>) -> Shown {
    Shown::household(sheet, name, format!("/carers/{id}"))
}

type CarerAnd = (String, String);

async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<CarerAnd>,
) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), CarerForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (seen, sheet) = app.casework.ask_carer(&signed.viewer, id, what).await?;
    asking::show(&app, &signed, about(sheet, &seen.carer.name, id)).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    Path((id, what)): Path<CarerAnd>,
    body: Bytes,
) -> WebResult {
    let (Ok(id), Some(what)) = (id.parse(), CarerForm::of(&what)) else {
        return Ok(errors::not_found());
    };
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (seen, sheet) = casework.ask_carer(viewer, id, what).await?;
    let shown = about(sheet, &seen.carer.name, id);
    asking::send(&app, &signed, shown, body, |p| async move {
        casework
            .save_carer(viewer, id, what, &p.answers, &p.once)
            .await
    })
    .await
}

async fn ask_panel(State(app): State<App>, signed: Signed, At(id): At<ids::Carer>) -> WebResult {
    let (seen, sheet) = app.casework.ask_item(&signed.viewer, id).await?;
    asking::show(&app, &signed, about(sheet, &seen.carer.name, id)).await
}

async fn panel(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Carer>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (seen, sheet) = casework.ask_item(viewer, id).await?;
    let shown = about(sheet, &seen.carer.name, id);
    asking::send(&app, &signed, shown, body, |p| async move {
        casework.save_item(viewer, id, &p.answers, &p.once).await
    })
    .await
}

async fn ask_concern(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, concern): AtPart<ids::Carer, ids::Part>,
) -> WebResult {
    let (seen, _, sheet) = app
        .casework
        .ask_concern_end(&signed.viewer, id, concern)
        .await?;
    asking::show(&app, &signed, about(sheet, &seen.carer.name, id)).await
}

async fn concern(
    State(app): State<App>,
    signed: Signed,
    AtPart(id, concern): AtPart<ids::Carer, ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let (seen, _, sheet) = casework.ask_concern_end(viewer, id, concern).await?;
    let shown = about(sheet, &seen.carer.name, id);
    asking::send(&app, &signed, shown, body, |p| async move {
        casework
            .save_concern_end(viewer, id, concern, &p.answers, &p.once)
            .await
    })
    .await
}

//! The boards: one page that leads to every list of the whole service. An area
//! that adds a board adds a line to [`BOARDS`].

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::Viewer;
use casework::matters::kinds::MatterKind;

use crate::app::{App, Signed, WebResult, under};
use crate::ui::{Frame, Page, errors};

/// Addresses for the matrix of access.
pub const ROUTES: &[&str] = &["/boards"];

/// A board: its address, its name, and what it answers.
const BOARDS: &[(&str, &str, &str)] = &[
    (
        "/in-care",
        "In care",
        "Where each child lives, which visit and review is due",
    ),
    (
        "/missing",
        "Missing",
        "Who is missing now, and who waits for a return interview",
    ),
    (
        "/missing/patterns",
        "Places and people",
        "What comes up again when children go missing",
    ),
    (
        "/missing/panel",
        "Exploitation panel",
        "Who is on its list, and what it decided",
    ),
    (
        "/private-fostering",
        "Private fostering",
        "Who lives with somebody else, when they were seen alone, and what is due",
    ),
    (
        "/service-referrals",
        "Referrals to services",
        "Did the family get help, who waits longest, and what there is none of",
    ),
    (
        "/requests",
        "Requests from families",
        "Who asked a service by themselves, what waits for us, and if it helped",
    ),
    (
        "/centres",
        "Family centres",
        "Today’s sessions, who comes, who came, and who waits",
    ),
    (
        "/no-health-visitor",
        "No health visitor",
        "Children under five whom no health visitor is recorded for",
    ),
    (
        "/same-person",
        "Is it the same person?",
        "Records that may be one, and rows of partners’ lists that wait",
    ),
    (
        "/step-downs",
        "After a step-down",
        "Children whose plan was stepped down, watched at 3, 6 and 12 months",
    ),
    (
        "/leaving-care",
        "Leaving care",
        "In touch, a suitable home, education or work, and what is due",
    ),
    (
        "/court",
        "Court",
        "Cases before and in court, their weeks and their delays",
    ),
    (
        "/court/deprivation",
        "Deprivation of liberty",
        "Orders, their reviews, and homes that are not registered",
    ),
    (
        "/your-data",
        "Your data",
        "What the rules of the census find in the record, and where to mend it",
    ),
    (
        "/carers",
        "Foster carers",
        "What runs out or was missed, and where there is room",
    ),
    (
        "/adopters",
        "Adopters",
        "Who is on the way to approval, and who waits for a child",
    ),
    (
        "/panels",
        "Panels",
        "Agendas, recommendations and decisions",
    ),
];

#[derive(Template)]
#[template(path = "boards/boards.html")]
struct BoardsPage {
    frame: Frame,
    carers: bool,
    children: bool,
    /// Boards of [`OF_POSTS`] that this post opens.
    of_post: Vec<&'static str>,
    /// Matters whose board is the viewer’s work.
    deals: Vec<MatterKind>,
}

/// Boards for those who work with carers or oversee the service.
const OF_CARERS: [&str; 3] = ["/carers", "/adopters", "/panels"];
/// Boards that hang on a post, with the capability that opens them.
const OF_POSTS: [(&str, &str); 2] = [("/requests", "services.ask"), ("/centres", "centres.work")];

impl BoardsPage {
    /// Only what the post can open: a link that leads nowhere is a trap.
    fn boards(&self) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
        let (carers, children) = (self.carers, self.children);
        BOARDS.iter().filter(move |(href, ..)| {
            if OF_POSTS.iter().any(|(board, _)| board == href) {
                return self.of_post.contains(href);
            }
            match OF_CARERS.contains(href) {
                true => carers,
                false => children,
            }
        })
    }

    fn tell(&self) -> [MatterKind; 3] {
        MatterKind::ALL
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/boards", get(show))
}

/// Whether the page has something for a post: boards of children, or matters
/// that it deals with.
pub(crate) fn can_open(viewer: &Viewer) -> bool {
    works_with_children(viewer)
        || [
            "allegations.manage",
            "complaints.manage",
            "incidents.manage",
        ]
        .iter()
        .any(|capability| viewer.can(capability))
        || OF_POSTS
            .iter()
            .any(|(_, capability)| viewer.can(capability))
}

fn works_with_children(viewer: &Viewer) -> bool {
    [
        "case.record",
        "case.review",
        "case.allocate",
        "case.oversee",
    ]
    .iter()
    .any(|capability| viewer.can(capability))
}

/// Whether an address is that of a board, to mark the navigation.
pub(crate) fn holds(path: &str) -> bool {
    BOARDS.iter().any(|(board, _, _)| under(path, board))
        || MatterKind::ALL
            .iter()
            .any(|kind| under(path, &format!("/{}", kind.folder())))
}

async fn show(State(app): State<App>, signed: Signed) -> WebResult {
    if !can_open(&signed.viewer) {
        return Ok(errors::not_found());
    }
    Ok(Page(BoardsPage {
        frame: signed.frame("Boards"),
        carers: casework::carers::works_with_carers(&signed.viewer),
        children: works_with_children(&signed.viewer),
        of_post: OF_POSTS
            .iter()
            .filter(|(_, capability)| signed.viewer.can(capability))
            .map(|(board, _)| *board)
            .collect(),
        deals: MatterKind::ALL
            .into_iter()
            .filter(|kind| app.casework.deals_with(&signed.viewer, *kind))
            .collect(),
    })
    .into_response())
}

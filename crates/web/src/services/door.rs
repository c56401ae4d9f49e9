//! The front doors: which one a reader came through, and what it says. All
//! lead to one store; each has its own address, words, order and filters,
//! from the pack.

use axum::http::HeaderMap;
use casework::{Error, time};
use directory::search::Catalogue;
use packs::Door;

use super::words::Words;
use crate::app::{App, WebError};

/// Where "Exit this page" leads.
pub(super) const EXIT: &str = "https://www.bbc.co.uk/weather";
/// The door through which everything is found.
const FIRST: &str = "/services";
/// The door whose categories say what is for children with special needs.
const SEND: &str = "/local-offer";

/// The door at an address.
///
/// # Errors
/// Not found, when the pack opens none there today.
pub(super) fn at(app: &App, address: &str) -> Result<Door, WebError> {
    let doors = app.casework.pack().doors(time::today());
    let door = doors.into_iter().find(|d| d.address == address);
    match door {
        Some(door) => Ok(door.clone()),
        // A pack without doors still has the first one.
        None if address == FIRST => Ok(first(app)),
        None => Err(WebError(Error::NotFound)),
    }
}

/// The door with an id, or the first.
pub(super) fn named(app: &App, id: &str) -> Door {
    let doors = app.casework.pack().doors(time::today());
    let door = doors.into_iter().find(|d| d.id == id);
    door.cloned().unwrap_or_else(|| first(app))
}

fn first(app: &App) -> Door {
    let doors = app.casework.pack().doors(time::today());
    let door = doors.iter().find(|d| d.address == FIRST).or(doors.first());
    door.map_or_else(
        || Door {
            id: "family-hub".into(),
            title: "Find help for your family".into(),
            version: time::today(),
            until: None,
            source: String::new(),
            strength: packs::Strength::Local,
            place: packs::Place::default(),
            address: FIRST.into(),
            name: "Find help".into(),
            intro: String::new(),
            order: 0,
            categories: Vec::new(),
            ages: None,
            sort: packs::DoorSort::Nearest,
            exit: false,
            exit_categories: Vec::new(),
            comments: false,
            topics: Vec::new(),
            notes: Vec::new(),
        },
        |door| (*door).clone(),
    )
}

/// The names of the categories that are for children with special educational
/// needs or disabilities, as the local offer says.
pub(super) fn send_names(app: &App) -> Vec<String> {
    let doors = app.casework.pack().doors(time::today());
    let door = doors.iter().find(|d| d.address == SEND);
    door.map(|d| d.categories.clone()).unwrap_or_default()
}

/// The other doors: name and address.
pub(super) fn others(app: &App, here: &Door, words: &Words) -> Vec<(String, String)> {
    let doors = app.casework.pack().doors(time::today());
    let others = doors.into_iter().filter(|d| d.id != here.id);
    others
        .map(|d| {
            let name = words.of_door(d, "name", &d.name).to_owned();
            (name, d.address.clone())
        })
        .collect()
}

/// Whether a page through this door that shows these services needs a way to
/// leave at once.
pub(super) fn needs_exit<'a>(
    door: &Door,
    catalogue: &Catalogue,
    mut shown: impl Iterator<Item = &'a str>,
) -> bool {
    if door.exit {
        return true;
    }
    let terms = catalogue.terms_named(&door.exit_categories);
    !door.exit_categories.is_empty() && shown.any(|id| catalogue.is_under(id, &terms))
}

/// The scheme and host of a link that somebody else is given.
pub(super) fn link(app: &App, headers: &HeaderMap, path: &str) -> String {
    format!("{}{path}", app.link_base(headers))
}

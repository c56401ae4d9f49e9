//! Making a return from the record: read it, write it, check it with the same
//! rules that check a file, and write to the journal who had it made before
//! anything of it is handed over.
//!
//! A return is the council's duty and holds every child whom it is about, also
//! those whose record is restricted; it names nobody. Each of its children's
//! histories says that it was made.

use ::returns::annex_a::Book;
use ::returns::cin::write::Writer;
use ::returns::core::report::Report;
use chrono::NaiveDate;
use record::journal::{Deed, Event};
use record::{Actor, Viewer};
use serde_json::json;

use super::cin::{Census, Year, census};
use crate::dataset::Dataset;
use crate::{Casework, Error, Result, time};

/// The capability that making a return needs.
pub const MAKES: &str = "returns.make";

/// A return that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// What it is called: "Children in need census 2025-26".
    pub title: String,
    /// The name of its file.
    pub file: String,
    /// Its type, for a browser.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What the rules found in it.
    pub report: Report,
    /// How many children are in it.
    pub children: usize,
    /// How many of them have a restricted record.
    pub restricted: usize,
    /// The last day that counts.
    pub until: NaiveDate,
    /// The lists of Annex A, when it is that.
    pub lists: Option<Book>,
}

/// Who has a return made.
#[derive(Debug, Clone, Copy)]
pub enum Maker<'a> {
    /// Someone who is signed in.
    Viewer(&'a Viewer),
    /// Whoever runs the program at the council's own machine.
    Console,
}

impl Maker<'_> {
    pub(super) fn actor(self) -> Result<Actor> {
        match self {
            Maker::Viewer(viewer) if viewer.can(MAKES) => Ok(viewer.actor()),
            Maker::Viewer(_) => Err(Error::NotFound),
            Maker::Console => Ok(Actor::system("returns")),
        }
    }
}

impl Casework {
    /// Whether the viewer may have returns made from the record; for everyone
    /// else there is no such page.
    ///
    /// # Errors
    /// `NotFound` when they may not.
    pub fn may_make_returns(&self, viewer: &Viewer) -> Result<()> {
        Maker::Viewer(viewer).actor().map(drop)
    }

    /// Makes the children in need census of the year that ends on 31 March.
    /// Before that day it stands as the record stands today.
    ///
    /// # Errors
    /// `NotFound` when the maker may not; [`Error::Refused`] for a year that
    /// has no rules or has not begun.
    pub async fn make_cin(&self, maker: Maker<'_>, year: u16) -> Result<Made> {
        let actor = maker.actor()?;
        let of = Year::ending(year)
            .filter(|of| of.from <= time::today())
            .ok_or_else(|| Error::Refused(format!("The census year {year} has not begun.")))?;
        let dataset = self.dataset(of.until).await?;
        let made = self.census_of(&dataset, of);
        let children = made.message.children.len();
        let restricted = made.restricted;
        let of_whom = subjects(&dataset, &made);
        let (bytes, report) = off_thread(move || checked(&made, year)).await?;
        self.note_made(&actor, "cin", &year.to_string(), children, of_whom)
            .await?;
        Ok(Made {
            title: format!("{} {}", report.title, report.year),
            file: format!("cin-{year}.xml"),
            kind: "application/xml",
            bytes,
            report,
            children,
            restricted,
            until: of.until.min(time::today()),
            lists: None,
        })
    }

    /// The census of a dataset.
    pub(crate) fn census_of(&self, dataset: &Dataset, year: Year) -> Census {
        census(
            dataset,
            self.pack(),
            year,
            &self.authority(),
            time::now_local(),
        )
    }

    /// The three digits by which returns know the council, from its pack.
    pub fn authority(&self) -> String {
        let set = self.pack().codes("authority", time::today());
        let first = set.and_then(|set| set.on(time::today()).next());
        first.map_or_else(|| "999".to_owned(), |code| code.code.clone())
    }

    /// Writes down that a return was made: which, of whom. Nothing of it is
    /// handed over before.
    pub(super) async fn note_made(
        &self,
        actor: &Actor,
        what: &str,
        which: &str,
        children: usize,
        of_whom: Vec<String>,
    ) -> Result<()> {
        let mut tx = self.store().begin(actor).await?;
        let mut event = Event::new(Deed::Listed, "return", format!("{what} {which}"));
        event.purpose = Some("share".to_owned());
        event.plain = Some(json!({ "return": what, "of": which, "children": children }));
        event.subjects = of_whom;
        tx.note(event).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whom a census is about, as the journal writes it.
fn subjects(dataset: &Dataset, made: &Census) -> Vec<String> {
    let known = super::cin::by_number(dataset);
    let children = made.message.children.iter();
    children
        .filter_map(|child| known.get(child.id()))
        .map(|id| format!("person:{id}"))
        .collect()
}

/// The message's bytes.
pub(super) fn bytes(made: &Census) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::begin(Vec::new(), made.message.header.as_ref())?;
    for child in &made.message.children {
        writer.child(child)?;
    }
    writer.end()
}

/// The message's bytes, and what the rules of the year find in them.
pub(crate) fn checked(made: &Census, year: u16) -> std::result::Result<(Vec<u8>, Report), String> {
    let bytes = bytes(made).map_err(|e| e.to_string())?;
    let options = ::returns::cin::Options { year };
    let report = ::returns::cin::check("the record", bytes.as_slice(), options, &|_| {})?;
    Ok((bytes, report))
}

/// Does work that keeps a core busy where it holds up nobody.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, String> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(words)) => Err(Error::Refused(words)),
        Err(broken) => Err(Error::Page(broken.to_string())),
    }
}

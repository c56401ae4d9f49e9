//! A council's history from the returns that it sent: the children in need
//! census and the tables of children looked after, brought into the record.
//!
//! What is brought in keeps its own days. It starts no clock, has no worker
//! and no team, and so stands on nobody's list: what was open at the end of
//! the file is open, and waits until somebody takes it up. Every row remembers
//! the file, the record of it and the collection year (`imported_record`), and
//! so does every event in the journal. The same file again changes nothing; a
//! later one fills in what has happened since; what was changed here in the
//! meantime is left as it is.
//!
//! [`run`] goes through a file in batches, [`children`] finds or makes the
//! child, [`bring`] writes a row once, and [`census`], [`episodes`] and
//! [`looked_after`] say what a record of the file becomes.

mod bring;
mod census;
mod children;
mod conferences;
mod episodes;
mod health;
mod looked_after;
mod run;

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// Which return a history comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// The children in need census.
    Census,
    /// The tables of children looked after, SSDA903.
    LookedAfter,
}

/// Where a history comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Which return.
    pub what: Return,
    /// The file or folder, as it is named in the record.
    pub file: String,
    /// The year in which the collection ends.
    pub year: u16,
    /// Its last day: what is open then is open.
    pub as_at: NaiveDate,
    /// The source under which `import people` brought this council's people,
    /// so that the same number is the same child.
    pub people: String,
}

impl Origin {
    /// The source of its keys: the same for every year of a return.
    pub fn source(&self) -> &'static str {
        match self.what {
            Return::Census => "cin-census",
            Return::LookedAfter => "ssda903",
        }
    }

    /// "the children in need census of 2025-26".
    pub fn title(&self) -> String {
        let name = match self.what {
            Return::Census => "the children in need census",
            Return::LookedAfter => "the return of children looked after",
        };
        format!(
            "{name} of {}-{:02}",
            self.year.saturating_sub(1),
            self.year % 100
        )
    }
}

/// What was not taken, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The record: "CINdetails 12", "episodes, line 14".
    pub record: String,
    /// The child's number, where it is known.
    pub child: String,
    /// The field.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// Why, and what to do.
    pub why: String,
    /// The rest of the record was taken without this field.
    pub rest_taken: bool,
}

/// How many of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// New in the record.
    pub added: usize,
    /// In the record already, and filled in.
    pub changed: usize,
    /// In the record already, and the same.
    pub same: usize,
}

/// What an import of history did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// By kind, in the words of the report: "referrals".
    pub kinds: BTreeMap<&'static str, Tally>,
    /// Children of the file who had a record that another file or a worker
    /// began.
    pub found: usize,
    /// Records of children who were adopted: closed to everybody but those who
    /// look after restricted records.
    pub sealed: usize,
    /// Possible duplicates raised for someone to settle.
    pub duplicates: i64,
    /// What was not taken.
    pub refused: Vec<Refused>,
}

impl History {
    /// How many rows were added or changed.
    pub fn done(&self) -> usize {
        self.kinds.values().map(|one| one.added + one.changed).sum()
    }
}

//! Annex A: the eleven lists of children and adopters that Ofsted asks for
//! when it inspects a council's children's services.
//!
//! The lists' columns and values stand in `data/annex_a.toml`. `read` takes a
//! workbook or a folder of CSV files, `write` makes both, `check` runs our own
//! rules over them (`rules/annex_a`): Ofsted publishes none.

pub mod check;
pub mod layout;
pub mod read;
mod rules;
pub mod write;

pub use check::{Options, check};
pub use layout::{Column, Kind, List, layout};

/// One filled list: its rows in the columns of the layout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Each row has as many cells as the list has columns; `None` is blank.
    /// Dates stand as YYYY-MM-DD when they could be understood.
    pub rows: Vec<Vec<Option<Box<str>>>>,
}

/// The eleven lists. A list that was not there is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Lists 1 to 11 in order.
    pub lists: [Option<Filled>; 11],
}

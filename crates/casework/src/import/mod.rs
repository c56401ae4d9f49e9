//! Bringing people in from another system's table: columns are mapped, every
//! row is checked, good rows are kept, bad rows are handed back with what is
//! wrong in them, and the same file may be run again without harm.
//!
//! [`table`] reads the file, [`mapping`] says which column is what, [`reading`]
//! makes a person of a row, and [`Casework::import_people`] writes them, a
//! batch at a time. [`history`] brings in what earlier returns tell.

mod dates;
mod history;
mod involvements;
mod list_row;
mod mapping;
mod reading;
mod run;
mod table;

pub use history::{History, Refused, Tally};
pub use involvements::ListReport;
pub(crate) use involvements::add_from_list;
pub use list_row::COLUMNS;
pub use mapping::{FIELDS, Mapping};
pub use run::{Progress, Rejected, Report};
pub use table::{Table, read};

/// Why a file cannot be taken at all. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file as a whole is wrong; says what and what to do.
    #[error("{0}")]
    File(String),
    /// The record failed.
    #[error(transparent)]
    Casework(#[from] crate::Error),
}

impl From<record::Error> for Error {
    fn from(error: record::Error) -> Error {
        Error::Casework(error.into())
    }
}

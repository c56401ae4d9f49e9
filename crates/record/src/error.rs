//! What can go wrong between a command and the disk.

/// The result of anything that touches the record.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the record. Messages are for an operator's log, not for the
/// page: they name no person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The row was changed by someone else since it was read. Nothing was
    /// written; the caller keeps the refused text as a draft.
    #[error("the {table} was changed by someone else since it was read")]
    Stale {
        /// The table of the row.
        table: &'static str,
    },
    /// The row that a change needs is not there.
    #[error("no such {table}")]
    Absent {
        /// The table of the row.
        table: &'static str,
    },
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row or an event did not have the shape this version expects.
    #[error("stored data could not be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// The master key, a subject's key or a signature did not fit.
    #[error("{0}")]
    Key(String),
    /// A file beside the database could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Settings that cannot work.
    #[error("{0}")]
    Settings(String),
    /// The look could not be recorded, so nothing was shown.
    #[error("the look could not be recorded, so nothing was shown: {0}")]
    LookNotRecorded(String),
}

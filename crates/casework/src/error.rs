//! What a command answers when it cannot do what was asked.

use packs::Finding;

/// The result of a command or a query.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or it is not for this viewer: nobody can tell
    /// which.
    #[error("not found")]
    NotFound,
    /// The form needs something put right. Everything typed is shown again.
    #[error("the form needs {} things put right", .0.len())]
    Findings(Vec<Finding>),
    /// Someone else saved first. The caller keeps the text as a draft and shows
    /// both.
    #[error("someone else saved first")]
    Stale,
    /// One of the few hard gates of law or safety; says which and why, in words
    /// for the page.
    #[error("{0}")]
    Refused(String),
    /// This submission was already made, and led here.
    #[error("already done")]
    Already(String),
    /// A page of the program itself could not be written; the words are for
    /// the log, never for the screen.
    #[error("a page could not be written: {0}")]
    Page(String),
    /// The record failed.
    #[error(transparent)]
    Record(record::Error),
}

impl From<record::Error> for Error {
    fn from(error: record::Error) -> Error {
        match error {
            record::Error::Stale { .. } => Error::Stale,
            record::Error::Absent { .. } => Error::NotFound,
            other => Error::Record(other),
        }
    }
}

impl Error {
    /// A finding of a rule that the pack's form cannot know.
    pub fn finding(field: &str, label: &str, message: &str) -> Error {
        Error::Findings(vec![Finding {
            field: field.to_owned(),
            label: label.to_owned(),
            message: message.to_owned(),
            severity: packs::Severity::Stop,
        }])
    }
}

//! Trouble in reading a file: what is wrong, where (file, line, column) and
//! what to do. Reading goes on after most of them, so that everything that
//! can be checked is checked.

use std::fmt;

/// A place in a file. Lines and columns count from 1; 0 means unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1. For CSV: the field's number.
    pub column: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}", self.file),
            (line, 0) => write!(f, "{}, line {line}", self.file),
            (line, column) => write!(f, "{}, line {line}, column {column}", self.file),
        }
    }
}

/// One trouble in reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong and what to do, in plain words.
    pub message: String,
    /// Whether part of the file could not be read because of it. The findings
    /// are then incomplete, and rules about the whole return are not run.
    pub stops: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

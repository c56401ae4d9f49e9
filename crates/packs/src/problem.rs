//! What is wrong with a pack, told so that the person who wrote the file can
//! find the place and mend it.

use std::fmt;
use std::sync::Arc;

/// A place in a pack's file. Lines and columns count from 1; 0 means the file
/// as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was named when loading.
    pub file: Arc<str>,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// One thing wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it was named when loading.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl Problem {
    /// A problem at a place.
    pub fn at(place: &Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            file: place.file.to_string(),
            line: place.line,
            column: place.column,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place {
            file: self.file.as_str().into(),
            line: self.line,
            column: self.column,
        };
        write!(f, "{place}: {}", self.message)?;
        if self.help.is_empty() {
            Ok(())
        } else {
            write!(f, "\n    {}", self.help)
        }
    }
}

/// A file's text with the means to turn a byte range into a place.
pub(crate) struct Source {
    pub file: Arc<str>,
    pub text: String,
}

impl Source {
    pub fn place(&self, range: std::ops::Range<usize>) -> Place {
        let mut start = range.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    pub fn whole(&self) -> Place {
        Place {
            file: self.file.clone(),
            line: 0,
            column: 0,
        }
    }
}

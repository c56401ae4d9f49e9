//! Trouble met while reading, kept in bounds: a damaged column of 50,000 rows
//! is one thing to mend, not 50,000 lines to scroll through.

use std::collections::HashMap;

use crate::core::{Place, Problem};

/// How many troubles of one kind in one column are kept one by one.
const EACH: u32 = 25;

/// Trouble of one file or of a whole return.
#[derive(Debug, Clone, Default)]
pub struct Troubles {
    /// What is kept, in the order in which it was met.
    pub kept: Vec<Problem>,
    /// How many more there were.
    pub more: u64,
    seen: HashMap<(String, u64, &'static str), u32>,
}

impl Troubles {
    /// Notes a trouble of a kind at a place (columns count from 1, 0 unknown).
    pub fn note(
        &mut self,
        kind: &'static str,
        (file, line, column): (&str, u64, u64),
        message: impl FnOnce() -> String,
    ) {
        let seen = self
            .seen
            .entry((file.to_owned(), column, kind))
            .or_default();
        *seen += 1;
        if *seen > EACH {
            self.more += 1;
            return;
        }
        self.kept.push(Problem {
            place: Place {
                file: file.to_owned(),
                line,
                column,
            },
            message: message(),
            stops: false,
        });
    }

    /// Notes that the rest of a file cannot be read.
    pub fn stop(&mut self, file: &str, line: u64, message: String) {
        self.kept.push(Problem {
            place: Place {
                file: file.to_owned(),
                line,
                column: 0,
            },
            message,
            stops: true,
        });
    }

    /// Adds another file's troubles.
    pub fn add(&mut self, other: Troubles) {
        self.kept.extend(other.kept);
        self.more += other.more;
    }
}

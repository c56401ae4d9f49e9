//! Code sets: the short lists that returns and decisions need, each code with
//! the words people see.

use chrono::NaiveDate;

use crate::dated::dated;

dated! {
    /// A list of codes.
    pub struct CodeSet {
        /// The codes, in the order they are offered.
        pub codes: Vec<Code>,
    }
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The code as returns have it.
    pub code: String,
    /// The words on a page.
    pub label: String,
    /// A line of help under the words.
    pub hint: String,
    /// The words of the official list, where ours are plainer.
    pub official: String,
    /// A heading under which it is offered in a long list.
    pub group: String,
    /// The code of the other side, for a relationship: "parent" for "child".
    pub inverse: String,
    /// The first day it may be chosen.
    pub from: Option<NaiveDate>,
    /// The last day it may be chosen. Old answers keep their words.
    pub to: Option<NaiveDate>,
    /// Chosen alone or not at all ("none of these").
    pub alone: bool,
    /// Whether parental responsibility is asked, for a relationship.
    pub asks_parental_responsibility: bool,
}

impl CodeSet {
    /// The code with this value, also one that may no longer be chosen.
    pub fn code(&self, value: &str) -> Option<&Code> {
        self.codes.iter().find(|code| code.code == value)
    }

    /// The words for a value; the value itself when it is not in the list.
    pub fn label<'a>(&'a self, value: &'a str) -> &'a str {
        self.code(value).map_or(value, |code| &code.label)
    }

    /// The codes that may be chosen on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| {
            code.from.is_none_or(|from| from <= day) && code.to.is_none_or(|to| day <= to)
        })
    }
}

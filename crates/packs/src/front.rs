//! What the public meets: the front doors on the one services directory, the
//! words of its pages in each language, and the needs that searches are
//! counted by.

use std::collections::BTreeMap;

use crate::dated::dated;

dated! {
    /// A front door: one view of the directory with its own address and words.
    pub struct Door {
        /// Where it opens: "/local-offer".
        pub address: String,
        /// Its short name in links from the other doors.
        pub name: String,
        /// The first words under the title.
        pub intro: String,
        /// Its place among the doors.
        pub order: i64,
        /// Only services in categories whose names hold one of these; all when empty.
        pub categories: Vec<String>,
        /// Only services that say they are for these ages, in years.
        pub ages: Option<(f64, f64)>,
        /// In which order services stand when no words were typed.
        pub sort: DoorSort,
        /// Every page has "Exit this page".
        pub exit: bool,
        /// Pages that show services of these categories have it too.
        pub exit_categories: Vec<String>,
        /// Takes comments, and publishes them with the council's answers.
        pub comments: bool,
        /// Searches to begin with, in order.
        pub topics: Vec<Topic>,
        /// What must stand on the page besides: who helps, how to complain.
        pub notes: Vec<Note>,
    }
}

/// In which order services stand when no words were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DoorSort {
    /// The nearest first; without a place, by name.
    #[default]
    Nearest,
    /// By name.
    Name,
}

/// A search to begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// The words of the link.
    pub label: String,
    /// What is searched for.
    pub ask: String,
}

/// A paragraph with its heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The heading.
    pub title: String,
    /// The text; blank lines part paragraphs.
    pub text: String,
}

dated! {
    /// The words of the public pages in one language; the id is its code, "pl".
    pub struct Language {
        /// It is written from right to left.
        pub right_to_left: bool,
        /// The words, by key.
        pub words: BTreeMap<String, String>,
    }
}

impl Language {
    /// A council's words over England's.
    pub(crate) fn over(&self, under: &Self) -> Self {
        let mut words = under.words.clone();
        words.extend(self.words.clone());
        Self {
            words,
            ..self.clone()
        }
    }

    /// The keys of another language that this one has no words for.
    pub fn lacks<'a>(&self, whole: &'a Language) -> Vec<&'a str> {
        let keys = whole.words.keys();
        keys.filter(|key| !self.words.contains_key(*key))
            .map(String::as_str)
            .collect()
    }
}

dated! {
    /// The needs that searches and gaps are counted by.
    pub struct Needs {
        /// Each need.
        pub needs: Vec<NeedWords>,
    }
}

/// The words by which a need is known in a search, and the categories of the
/// services that meet it.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedWords {
    /// A code of the set "unmet-need", so that searches and what workers note
    /// stand in one table.
    pub code: String,
    /// Words and phrases.
    pub words: Vec<String>,
    /// Services in categories whose names hold one of these meet it.
    pub categories: Vec<String>,
}

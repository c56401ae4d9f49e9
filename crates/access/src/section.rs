//! What can be seen, how far a look reaches, and what it is for.
//!
//! A record is opened by *section class*, never whole: knowing who works with a
//! child is not the same as reading the notes, and reading the notes is not the
//! same as knowing where a protected family sleeps.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A class of things about one person that are opened together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Name, age, who works with them and how to reach that worker.
    Index,
    /// Status, the header of the record, dates of plans.
    Summary,
    /// Notes, assessments, plans: the record itself.
    Record,
    /// Restricted notes and adoption.
    Sensitive,
    /// An address that must not reach somebody.
    ProtectedAddress,
}

impl Section {
    /// Every section class, from the least to the most guarded.
    pub const ALL: [Section; 5] = [
        Section::Index,
        Section::Summary,
        Section::Record,
        Section::Sensitive,
        Section::ProtectedAddress,
    ];

    /// The word used in `policies/access.toml` and in `access_grant.section`.
    pub fn as_str(self) -> &'static str {
        match self {
            Section::Index => "index",
            Section::Summary => "summary",
            Section::Record => "record",
            Section::Sensitive => "sensitive",
            Section::ProtectedAddress => "protected_address",
        }
    }

    /// Reads the word back; `None` for a word that is no section.
    pub fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// Whether a grant given for this section also opens `wanted`.
    ///
    /// A grant for the record opens the summary and the index on the way to it.
    /// A grant for a protected address opens the index and that address only.
    pub fn reaches(self, wanted: Section) -> bool {
        match self {
            Section::ProtectedAddress => {
                matches!(wanted, Section::Index | Section::ProtectedAddress)
            }
            _ => wanted <= self,
        }
    }

    /// What must be open too before this section makes sense. The policy file
    /// is refused when a rule opens a section without it.
    pub fn rests_on(self) -> Option<Section> {
        match self {
            Section::Index => None,
            Section::Summary | Section::ProtectedAddress => Some(Section::Index),
            Section::Record => Some(Section::Summary),
            Section::Sensitive => Some(Section::Record),
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Section::Index => "name, age and who works with them",
            Section::Summary => "status and dates",
            Section::Record => "the record",
            Section::Sensitive => "restricted notes",
            Section::ProtectedAddress => "the protected address",
        })
    }
}

/// How far into a person's record a worker reaches, as one word for a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing: the person is absent.
    None,
    /// [`Section::Index`].
    Index,
    /// [`Section::Summary`].
    Summary,
    /// [`Section::Record`].
    Full,
}

/// What a look is for. A tie that lets somebody read may not let them send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Reading on screen.
    Look,
    /// Adding to the record or changing it.
    Write,
    /// Printing, exporting or sending out of the system.
    Share,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 3] = [Purpose::Look, Purpose::Write, Purpose::Share];

    /// The word used in `policies/access.toml` and in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Look => "look",
            Purpose::Write => "write",
            Purpose::Share => "share",
        }
    }

    /// Reads the word back; `None` for a word that is no purpose.
    pub fn parse(word: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

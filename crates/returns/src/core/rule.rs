//! A rule as an analyst reads it: the official words, plain words, how to
//! mend what it finds, and examples that are run as tests. The texts stand in
//! `rules/`; the function that checks is named by the same code.

use serde::Deserialize;

use super::case::Case;

/// How bad a finding is, as the department's validators say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Must be mended before the return is accepted.
    Error,
    /// Must be mended or explained.
    Query,
    /// The sources do not say which of the two (SSDA903).
    Untyped,
}

impl Severity {
    /// The word in outputs: "error", "query" or "untyped".
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Query => "query",
            Self::Untyped => "untyped",
        }
    }
}

/// What a rule needs besides the return itself. Absent: the rule is not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The national postcode directory (`--postcodes`).
    Postcodes,
    /// Ofsted's list of providers (`--providers`).
    Providers,
    /// Last year's return (`--previous`).
    LastYear,
}

impl Need {
    /// Why a rule was not run without it, and what to do.
    pub fn cause(self) -> &'static str {
        match self {
            Self::Postcodes => "Needs the postcode directory: give it with --postcodes FILE",
            Self::Providers => "Needs Ofsted's list of providers: give it with --providers FILE",
            Self::LastYear => {
                "Needs last year's files: give them with --previous DIR, or put them in DIR/prev"
            }
        }
    }
}

/// The text of one rule, from `rules/<return>/<edition>.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The department's code: "8620", "2886Q", "SW01STG1".
    pub code: String,
    /// Error, query or not said.
    pub kind: Severity,
    /// The tables that it looks at, the one to mend first.
    pub tables: Vec<String>,
    /// The fields that it looks at.
    pub fields: Vec<String>,
    /// The official message, word for word.
    pub message: String,
    /// When it fails, in one exact sentence.
    pub condition: String,
    /// What it is for and what it means, in plain words.
    pub explain: String,
    /// What to look at and what to change.
    pub mend: String,
    /// Where the rule comes from.
    pub source: String,
    /// What it needs besides the return.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Examples, run as tests: at least one that fails and one that passes.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
}

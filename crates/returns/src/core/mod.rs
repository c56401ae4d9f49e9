//! What all returns share: rules as texts with checks, findings, reports,
//! code sets by year, reference data, and helpers for dates and identifiers.
//!
//! A rule is a text in `rules/<return>/<code>.toml` that an analyst can read,
//! with examples that are run as tests, and one small function beside it.
//! `rules/<return>/<year>.toml` says which rules a year has.

pub mod case;
pub mod catalogue;
pub mod codes;
pub mod dates;
pub mod finding;
pub mod guard;
pub mod identifiers;
pub mod problem;
pub mod reference;
pub mod report;
pub mod rule;
pub mod source;
pub mod table;

pub use case::{Case, CaseRow};
pub use catalogue::{Catalogue, Checked, RuleState};
pub use codes::CodeSets;
pub use finding::{Cell, Finding, NotRun, Touched, WholeFinding};
pub use problem::{Place, Problem};
pub use reference::Reference;
pub use report::Report;
pub use rule::{Need, Rule, Severity};

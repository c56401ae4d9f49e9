//! Principals, ties and bars in; a decision with its reason out. Pure.
//!
//! Read [`facts`] for what can be true between a worker and a person,
//! `policies/access.toml` for what that opens, [`Policy::decide`] for one record
//! and [`sql`] for lists: the same rules as a condition the database applies.
//! A property test holds the two equal.

#![forbid(unsafe_code)]

pub mod decision;
pub mod facts;
pub mod matters;
pub mod policy;
pub mod section;
pub mod sql;

pub use decision::Decision;
pub use facts::{Bar, FactRow, Facts, Moment, Principal, SHIELD, Tie, TieKind, UnknownFact};
pub use matters::{MATTERS, MatterRule};
pub use policy::{Policy, Problem, Rule};
pub use section::{Level, Purpose, Section};

//! The children in need census: an XML message of one council's children in
//! need in a year, with its referrals, assessments, enquiries and plans.
//!
//! `read` streams a file child by child, `rules` are its 109 checks, `check`
//! runs them over a file with all cores, `write` writes a message.

pub mod check;
pub mod invent;
pub mod model;
pub mod read;
mod read_records;
pub mod rules;
pub mod write;
mod xml;

pub use check::{Options, check};
pub use model::{Child, Header, Message};
pub use read::Reader;

//! The department's daily push: each child's record as JSON, sent in full the
//! first time and as changes after that, in batches, with a log of what was
//! sent and a hash of each child's content.
//!
//! `record` is the payload, `check` what must hold before it leaves, `delta`
//! finds what changed, `log` remembers, `send` makes batches and tries again.
//! Sending itself (HTTPS) is given as a function, so that all is tested
//! against a receiver that follows the published behaviour.
//!
//! Source: the public working material of the early adopters (specification
//! 0.8 to 0.9). The department's own specification is to be compared.
//! It sends home and placement postcodes of every child, protected ones
//! included: a council decides that on purpose.

pub mod check;
pub mod delta;
pub mod log;
pub mod record;
pub mod send;

pub use check::check;
pub use delta::{Change, changes, hash};
pub use log::Log;
pub use record::ChildRecord;
pub use send::{Outcome, Response, submit};

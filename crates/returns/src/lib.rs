//! The statutory returns of English children's services: reads their files,
//! checks every rule, says what to mend, and writes them.
//!
//! Begin with `core`: what a rule, a finding and a report are. Each return is
//! a folder beside it with its own model, reader, writer and checks.
#![forbid(unsafe_code)]

pub mod annex_a;
pub mod cin;
pub mod core;
pub mod daily;
pub mod report;
pub mod ssda903;

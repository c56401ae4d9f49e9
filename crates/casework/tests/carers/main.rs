//! Foster carers, panels, matching, adopters and the adoption firewall.

#[path = "../small_family/mod.rs"]
mod small_family;

mod adopting;
mod foster;
mod help;
mod matching;
mod panel;

//! Foster carers, panels, matching, adopters and the adoption firewall.

mod adopting;
mod foster;
mod help;
mod matching;
mod panel;

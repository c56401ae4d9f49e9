//! The front door on both databases, by the rules of the requirements.

mod coming_in;
mod deciding;
mod finding;
mod help;
mod telling;

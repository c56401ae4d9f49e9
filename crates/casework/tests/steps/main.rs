//! An assessment from its opening to its authorisation: written by two people,
//! refused where the law or safety demands it, and never losing a word.

mod editing;
mod journey;
mod place;

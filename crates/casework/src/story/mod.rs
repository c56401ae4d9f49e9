//! The story of a child: the timeline is everything that happened, newest
//! first; the chronology is what mattered, oldest first (ux.md section 7).
//!
//! The timeline is read from the rows that other areas write. Chronology
//! entries propose themselves from significant events; a worker takes them in,
//! changes the wording, or leaves them out.

mod chronology;
pub mod court;
mod events;
mod timeline;
mod titles;

pub use chronology::{
    Choice, ChronologyPage, EntrySeen, NewEntry, Settling, SourceLink, draft_of as entry_draft,
    significance_words,
};
pub use timeline::{Asking, Entry, KINDS, Month, Story};

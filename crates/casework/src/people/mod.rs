//! People: adding them, changing what is known of them, and showing who works
//! with them. Adults are full people with needs and services of their own
//! (R000-13), never fields of a child.

mod add;
pub mod couple;
mod duplicates;
mod edit;
mod homes;
mod join;
pub(crate) mod kept;
mod languages;
mod names;
pub mod network;
pub mod overview;
mod profile;
mod reach;
pub mod related;
mod ties;

pub use add::{NewAddress, NewName, NewPerson};
pub use duplicates::DuplicateView;
pub(crate) use duplicates::sentences;
pub use edit::new_person;
pub use kept::Kept;
pub use profile::{ProfileView, draft_of as profile_draft};
pub use ties::TieToChange;

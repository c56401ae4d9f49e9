//! People: adding them, changing what is known of them, and showing who works
//! with them. Adults are full people with needs and services of their own
//! (R000-13), never fields of a child.

mod add;
mod duplicates;
mod edit;
pub mod network;
pub mod overview;
pub mod related;

pub use add::{NewAddress, NewName, NewPerson};
pub use duplicates::DuplicateView;
pub use edit::new_person;

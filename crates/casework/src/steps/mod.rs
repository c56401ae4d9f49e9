//! Steps of the practice pack: a referral, an assessment. Opened on the form of
//! the day, written section by section by one or more workers, sent, authorised
//! by a manager who is not the author, and readable for ever as they were.
//!
//! A step belongs to a family and is about some of its children. Whoever may
//! see one of these children may read the step.

mod open;

pub use open::OpenStep;

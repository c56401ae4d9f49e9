//! Steps of the practice pack: a referral, an assessment. Opened on the form of
//! the day, written section by section by one or more workers, sent, authorised
//! by a manager who is not the author, and readable for ever as they were.
//!
//! A step belongs to a family and is about some of its children. Whoever may
//! see all of these children may read the step.

mod authorise;
mod compare;
mod decision;
mod document;
mod late;
mod open;
mod overview;
mod save;
mod section;
mod seen;
mod settle;
mod submit;
mod work;

pub use authorise::{Authorisation, AuthorisePage};
pub use compare::{Compared, FieldPair, Piece, compare_words};
pub use decision::DecisionPage;
pub(crate) use document::answered;
pub use document::{Answered, Document, Part, Shown};
pub use late::LatePage;
pub use open::{OpenStep, path_of_kind};
pub(crate) use open::{about_step, path_of, subjects};
pub use overview::{Glance, Missing, Overview, Task, TaskState};
pub use save::SaveSection;
pub use section::SectionPage;
pub(crate) use seen::all_answers;
pub use seen::{SectionSeen, StepSeen};
pub use settle::state_words;
pub use submit::{SubmitPage, Submitted};
pub use work::{DecisionCard, Startable, WorkPage, WorkRow};

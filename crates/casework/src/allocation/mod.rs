//! Who works with which family: caseloads and their weight, the picker, the
//! allocation itself, handing over, moving to another team, and the team's page.
//!
//! An allocation is an involvement whose role is `allocated`. How work is
//! weighed is the council's choice, in the pack's `workload.toml`; a limit warns
//! and asks for a reason and never blocks (R003-12, R004-42).

mod allocate;
mod caseload;
mod complexity;
mod handover;
mod picker;
mod rows;
mod team;
mod transfer;
mod unallocated;

pub use allocate::Allocate;
pub use caseload::{Caseload, Held, points_words};
pub use complexity::SetComplexity;
pub use handover::Handover;
pub use picker::{Choice, Picker};
pub use team::{TeamDraft, TeamPage, TeamRow};
pub use transfer::Transfer;
pub use unallocated::Waiting;

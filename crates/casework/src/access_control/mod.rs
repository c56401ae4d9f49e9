//! Who may open what, and who did: the looks at a record, emergency access and
//! its review, restricted records, a record as it was known on a day, and the
//! workers themselves.
//!
//! Emergency access (break-glass) supplies a missing reason to see and never
//! lifts a bar. A restriction makes a record absent for everyone who is not on
//! its list; the few with the right to override open one such record for an
//! hour. Who administers never reads case content for it: reviews are by
//! reference and reason.

mod as_known;
mod break_glass;
pub mod copy;
pub mod for_family;
mod homes;
mod looks;
mod overriding;
mod papers;
mod restrict;
mod shield;
mod unusual;
mod workers;

pub use as_known::{KnownAction, KnownRecord, KnownSection};
pub use break_glass::{EmergencyUse, OpenFor, Reviewed};
pub use looks::{LookRow, Looks, Which};
pub use overriding::Sought;
pub use restrict::{NewRestriction, RestrictionRow, RestrictionView, Someone};
pub use shield::{ShieldedPair, Side};
pub use unusual::{Outcome, Sign, UnusualRow};
pub use workers::{NewWorker, WorkerRow, WorkerView};

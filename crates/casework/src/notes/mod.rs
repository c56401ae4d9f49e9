//! Case notes and visits: written once, kept in each child's own record.
//!
//! A note about brothers and sisters is one row in each child's record, joined
//! by a group; what belongs to one child alone stays in that child's row
//! (UX05). A child whose record the writer may not write is never offered and
//! never written, and nothing says that the child exists.

mod circle;
mod correct;
mod one;
mod visit;
mod write;

pub use circle::{Circle, Member};
pub use correct::{Correction, draft_of as correction_draft};
pub use one::{Copy, NoteSeen, Version};
pub use visit::{Goal, NewVisit, VisitForm, draft_of as visit_draft};
pub use write::{NewNote, Saved, draft_of as note_draft};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::{Error, Result, time};

/// How far ahead a clock may be before a note counts as about the future.
const SLACK: TimeDelta = TimeDelta::minutes(10);

/// How long after it happened something may be written down before both times
/// are shown.
const LATE: TimeDelta = TimeDelta::days(1);

/// Whether something was written down more than a day after it happened: then
/// a page shows both times (security T9).
pub fn is_late(happened_at: DateTime<Utc>, recorded_at: DateTime<Utc>) -> bool {
    recorded_at - happened_at > LATE
}

/// When it happened, from what was typed; nothing typed means now.
fn happened(typed: Option<NaiveDateTime>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let at = typed.map_or(now, time::from_local);
    if at > now + SLACK {
        return Err(Error::finding(
            "happened_at",
            "When did it happen?",
            "This date is in the future. Write when it happened.",
        ));
    }
    Ok(at)
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

//! The rows that allocating writes for each child: the worker's place beside
//! the child, the proposal for the chronology, and the handover note.

use chrono::{DateTime, NaiveDate, Utc};
use record::Viewer;
use record::model::{Chronology, ChronologyState, Involvement, Note, Worker};
use vocabulary::{Id, ids, plain};

use super::allocate::{Allocate, Going};
use crate::time;

/// The worker's place beside the child from today on.
pub(super) fn allocated(
    child: Id<ids::Person>,
    worker: &Worker,
    team: Option<Id<ids::Team>>,
    today: NaiveDate,
) -> Involvement {
    Involvement {
        id: Id::new(),
        person_id: child,
        worker_id: Some(worker.id),
        team_id: team,
        role: "allocated".into(),
        name: worker.name.clone(),
        job_title: worker.job_title.clone(),
        agency: worker.agency.clone(),
        phone: worker.phone.clone(),
        email: worker.email.clone(),
        lead: true,
        sensitive: false,
        started_on: today,
        ended_on: None,
        change_reason: None,
        version: 1,
    }
}

/// A change of worker proposes itself to the chronology.
pub(super) fn change_of_worker(
    one: &Going,
    worker: &Worker,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Chronology {
    let title = worker.job_title.to_lowercase();
    let name = one.child.first_name();
    let wording = match &one.before {
        Some(before) => format!(
            "{} became {name}’s {title}. Before that it was {}.",
            worker.name, before.name
        ),
        None => format!("{} became {name}’s {title}.", worker.name),
    };
    Chronology {
        id: Id::new(),
        person_id: one.child.id,
        happened_on: today,
        kind: "change_of_worker".into(),
        wording,
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("involvement".into()),
        source_id: one.before.as_ref().map(|b| b.id.to_string()),
        reported_by: None,
        made_at: now,
        settled_by: None,
        settled_at: None,
        version: 1,
    }
}

/// What the next worker must know, as a note in the child's record.
pub(super) fn handover_note(
    one: &Going,
    viewer: &Viewer,
    wanted: &Allocate,
    worker: &Worker,
    group: Id<ids::Note>,
    now: DateTime<Utc>,
) -> Note {
    let from = one.before.as_ref().map_or_else(
        || format!("For {}", worker.name),
        |before| format!("Handover from {} to {}", before.name, worker.name),
    );
    let day = plain::date(time::local(now).date());
    Note {
        id: Id::new(),
        person_id: one.child.id,
        family_id: Some(wanted.family),
        group_id: group,
        kind: "handover".into(),
        happened_at: now,
        recorded_at: now,
        author_id: viewer.principal.worker,
        words: format!("{from}, {day}:\n{}", wanted.handover.trim()),
        only_here: None,
        visit: None,
        goal_id: None,
        seen: None,
        seen_alone: None,
        sensitive: false,
        pinned: false,
        corrected_at: None,
        correction_reason: None,
        version: 1,
    }
}

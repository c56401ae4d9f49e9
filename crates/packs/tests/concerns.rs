//! Every clock of private fostering, allegations, complaints and serious
//! incidents: trigger, what stops it, and the day it is due, with Easter and
//! Christmas in between.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use packs::Pack;

fn england() -> Pack {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/england");
    Pack::load(dir).unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)))
}

/// (clock, what starts it, what stops it, begins, due)
///
/// Bank holidays on the way: Good Friday 3 April and Easter Monday 6 April
/// 2026; Christmas Day and Boxing Day 2026 (the latter on Monday 28 December),
/// and New Year's Day 2027.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    // Private fostering.
    (
        "private-fostering-first-visit",
        "private_fostering.told",
        "private_fostering.visited",
        "2026-04-01",
        "2026-04-14",
    ),
    (
        "private-fostering-first-visit",
        "private_fostering.told",
        "private_fostering.ended",
        "2026-12-21",
        "2027-01-04",
    ),
    (
        "private-fostering-visit-first-year",
        "private_fostering.visited_first_year",
        "private_fostering.visited",
        "2026-11-16",
        "2026-12-28",
    ),
    (
        "private-fostering-visit-later",
        "private_fostering.visited_later",
        "private_fostering.visited",
        "2026-01-12",
        "2026-04-06",
    ),
    (
        "private-fostering-decision",
        "private_fostering.told",
        "private_fostering.decided",
        "2026-03-02",
        "2026-05-07",
    ),
    // Allegations.
    (
        "allegation-told",
        "allegation.known",
        "allegation.told",
        "2026-04-02",
        "2026-04-07",
    ),
    (
        "allegation-evaluation",
        "allegation.told",
        "allegation.evaluated",
        "2026-12-24",
        "2026-12-29",
    ),
    (
        "allegation-meeting",
        "allegation.meeting_wanted",
        "allegation.met",
        "2026-12-23",
        "2027-01-04",
    ),
    (
        "allegation-review",
        "allegation.evaluated",
        "allegation.reviewed",
        "2026-11-27",
        "2026-12-25",
    ),
    (
        "allegation-review",
        "allegation.reviewed",
        "allegation.closed",
        "2026-03-09",
        "2026-04-06",
    ),
    (
        "allegation-end",
        "allegation.told",
        "allegation.closed",
        "2026-11-30",
        "2027-02-28",
    ),
    // Complaints.
    (
        "complaint-stage-1",
        "complaint.made",
        "complaint.stage_1_answered",
        "2026-03-26",
        "2026-04-13",
    ),
    (
        "complaint-stage-1-more",
        "complaint.stage_1_extended",
        "complaint.stage_1_answered",
        "2026-12-10",
        "2027-01-12",
    ),
    (
        "complaint-stage-2",
        "complaint.stage_2_asked",
        "complaint.stage_2_answered",
        "2026-03-20",
        "2026-04-28",
    ),
    (
        "complaint-stage-2-more",
        "complaint.stage_2_extended",
        "complaint.stage_2_answered",
        "2026-10-01",
        "2027-01-05",
    ),
    (
        "complaint-panel",
        "complaint.stage_3_asked",
        "complaint.panel_met",
        "2026-11-30",
        "2027-01-14",
    ),
    (
        "complaint-panel-report",
        "complaint.panel_met",
        "complaint.panel_reported",
        "2026-03-31",
        "2026-04-09",
    ),
    (
        "complaint-response",
        "complaint.panel_reported",
        "complaint.responded",
        "2026-12-17",
        "2027-01-12",
    ),
    // Serious incidents.
    (
        "incident-notified",
        "incident.known",
        "incident.notified",
        "2026-04-01",
        "2026-04-10",
    ),
    (
        "incident-leaver-died",
        "incident.leaver_died",
        "incident.notified",
        "2026-12-24",
        "2026-12-29",
    ),
    (
        "incident-review",
        "incident.notified",
        "incident.reviewed",
        "2026-12-10",
        "2027-01-05",
    ),
];

/// Every clock of these processes is in the table: a new one is not forgotten.
#[test]
fn no_clock_of_these_processes_is_left_out() {
    let pack = england();
    let on: NaiveDate = "2026-11-22".parse().unwrap();
    let begins = [
        "private_fostering.",
        "allegation.",
        "complaint.",
        "incident.",
    ];
    for rule in pack.clocks(on) {
        let ours = packs::TRIGGERS.iter().any(|(event, _)| {
            rule.is_started_by(event) && begins.iter().any(|word| event.starts_with(word))
        });
        let listed = TABLE.iter().any(|(id, ..)| *id == rule.id);
        assert!(!ours || listed, "{} is not in the table", rule.id);
    }
}

#[test]
fn every_clock_is_due_when_its_source_says() {
    let pack = england();
    for (id, trigger, stop, begins, due) in TABLE {
        let start: NaiveDateTime = format!("{begins}T09:30:00").parse().unwrap();
        let rule = pack
            .clock(id, start.date())
            .unwrap_or_else(|| panic!("no clock {id}"));
        assert!(
            rule.is_started_by(trigger),
            "{id} is not started by {trigger}"
        );
        assert!(rule.is_stopped_by(stop), "{id} is not stopped by {stop}");
        let found = pack.due(id, start).unwrap().at;
        let end: NaiveDate = due.parse().unwrap();
        assert_eq!(found.date(), end, "{id} from {begins}");
        assert_eq!(found.time().to_string(), "23:59:59", "{id}");
        assert!(!rule.source.is_empty() && !rule.rule.is_empty(), "{id}");
    }
}

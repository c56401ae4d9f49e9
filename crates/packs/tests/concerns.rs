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
];

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

//! Every clock of carers, panels and adopters: trigger, what stops it, and the
//! day it is due, with Easter and Christmas in between.

use std::path::Path;

use chrono::NaiveDateTime;
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
#[rustfmt::skip]
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    ("carer-first-visit", "carer.enquired", "carer.visited", "2026-03-30", "2026-04-15"),
    ("carer-recommendation", "carer.applied", "sitting.recommended_approval", "2026-06-30", "2027-02-28"),
    ("carer-review", "carer.approved", "carer.reviewed", "2024-02-29", "2025-02-28"),
    ("carer-review", "carer.reviewed", "carer.reviewed", "2026-01-15", "2027-01-15"),
    ("carer-review", "carer.approved", "carer.ended", "2026-01-15", "2027-01-15"),
    ("carer-first-review-panel", "carer.first_reviewed", "sitting.recommended_review", "2026-12-31", "2027-02-28"),
    ("carer-check-dbs", "carer_check.dbs", "carer_check.dbs", "2024-02-29", "2027-02-28"),
    ("carer-check-medical", "carer_check.medical", "carer_check.medical", "2026-05-01", "2029-05-01"),
    ("carer-check-home-safety", "carer_check.home_safety", "carer_check.home_safety", "2026-05-01", "2027-05-01"),
    ("carer-visit", "carer.approved", "carer.supervised", "2026-03-20", "2026-05-01"),
    ("carer-visit", "carer.supervised", "carer.supervised", "2026-11-30", "2027-01-11"),
    ("carer-unannounced", "carer.unannounced", "carer.unannounced", "2026-03-20", "2027-03-20"),
    ("carer-standards", "carer.approved", "carer.standards_met", "2026-03-20", "2027-03-20"),
    ("carer-officer-told", "carer.allegation", "carer.officer_told", "2026-12-24", "2026-12-29"),
    ("panel-decision", "sitting.minutes_sent", "sitting.decided", "2026-04-01", "2026-04-14"),
    ("panel-decision", "sitting.minutes_sent", "sitting.decided", "2026-12-21", "2027-01-04"),
    ("panel-told-in-person", "sitting.decided", "sitting.told_in_person", "2026-04-02", "2026-04-08"),
    ("panel-told", "sitting.decided", "sitting.told", "2026-12-23", "2027-01-04"),
    ("panel-representations", "sitting.determination_sent", "sitting.answered", "2026-03-20", "2026-04-17"),
    ("panel-independent-papers", "sitting.independent_review", "sitting.finished", "2026-03-30", "2026-04-15"),
    ("adopter-stage-1", "adopter.registered", "adopter.stage_1_decided", "2026-12-31", "2027-02-28"),
    ("adopter-notice", "adopter.stage_1_passed", "adopter.stage_2_began", "2026-08-31", "2027-02-28"),
    ("adopter-stage-2", "adopter.stage_2_began", "sitting.decided_adopters", "2026-10-31", "2027-02-28"),
    ("adopter-review", "adopter.approved", "adopter.reviewed", "2026-04-03", "2027-04-03"),
    ("adopter-review", "adopter.reviewed", "match.agreed", "2026-04-03", "2027-04-03"),
    ("match-decision", "match.recommended", "match.decided", "2026-03-30", "2026-04-15"),
    ("adoption-visit-first", "match.placed", "match.visited", "2026-12-21", "2026-12-28"),
    ("adoption-visit", "match.visited_before_review", "match.visited", "2026-12-28", "2027-01-04"),
    ("adoption-review-first", "match.placed", "match.reviewed", "2026-03-20", "2026-04-17"),
    ("adoption-review-second", "match.first_reviewed", "match.reviewed", "2026-11-30", "2027-02-28"),
    ("adoption-review-later", "match.later_reviewed", "match.reviewed", "2026-08-31", "2027-02-28"),
];

/// R001-02: every clock is due on the day that its rule says, whatever lies in
/// between, is started and stopped by what it should be, and says its source.
#[test]
fn each_clock_is_due_on_its_day() {
    let pack = england();
    for (id, trigger, stop, begins, due) in TABLE {
        let at: NaiveDateTime = format!("{begins}T09:30:00").parse().unwrap();
        let rule = pack.clock(id, at.date()).unwrap_or_else(|| panic!("{id}"));
        assert!(rule.is_started_by(trigger), "{id} is started by {trigger}");
        assert!(rule.is_stopped_by(stop), "{id} is stopped by {stop}");
        let found = rule.due(at, pack.working_days());
        assert_eq!(found.at.date().to_string(), *due, "{id} from {begins}");
        assert!(!rule.source.is_empty(), "{id} says its source");
    }
}

/// Nothing of this area is left out of the table.
#[test]
fn no_clock_of_carers_is_untested() {
    let pack = england();
    let day = "2026-11-22".parse().unwrap();
    let ours = ["carer-", "panel-", "adopter-", "adoption-", "match-"];
    for rule in pack.clocks(day) {
        if ours.iter().any(|start| rule.id.starts_with(start)) {
            let there = TABLE.iter().any(|(id, ..)| *id == rule.id);
            assert!(there, "{} is in the table", rule.id);
        }
    }
}

/// R002-08: three foster children are the usual limit, five members a quorum.
#[test]
fn r002_08_the_numbers_of_fostering_are_standards() {
    let pack = england();
    let day = "2026-11-22".parse().unwrap();
    let amount = |id: &str| pack.standard(id, day).map(|s| s.amount);
    assert_eq!(amount("fostering-limit"), Some(3));
    assert_eq!(amount("panel-quorum"), Some(5));
    assert_eq!(amount("carer-away-warning"), Some(90));
}

//! Every clock of care, missing, leaving care and court: trigger, what stops
//! it, and the day it is due, with Easter and Christmas in between.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use packs::{ClockState, Pack};

fn england() -> Pack {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/england");
    Pack::load(dir).unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)))
}

fn at(text: &str) -> NaiveDateTime {
    match text.split_once(' ') {
        Some((day, time)) => format!("{day}T{time}:00").parse().unwrap(),
        None => format!("{text}T09:30:00").parse().unwrap(),
    }
}

/// (clock, what starts it, what stops it, begins, due)
///
/// Bank holidays on the way: Good Friday 3 April and Easter Monday 6 April
/// 2026; Christmas Day and Boxing Day 2026 (the latter on Monday 28 December),
/// and New Year's Day 2027.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    // Looked after: the plans, who is told, health and school.
    (
        "care-plan",
        "care.started",
        "care_plan.made",
        "2026-03-30",
        "2026-04-15",
    ),
    (
        "care-plan",
        "care.started",
        "care_plan.made",
        "2026-12-21",
        "2027-01-07",
    ),
    (
        "placement-plan",
        "placement.started",
        "placement_plan.made",
        "2026-04-01",
        "2026-04-10",
    ),
    (
        "placement-notice",
        "placement.started",
        "placement.all_told",
        "2026-12-23",
        "2027-01-04",
    ),
    (
        "area-notice",
        "placement.outside",
        "placement.area_told",
        "2026-04-02",
        "2026-04-13",
    ),
    (
        "health-first",
        "care.started",
        "health.assessed",
        "2026-03-20",
        "2026-04-21",
    ),
    (
        "health-under-5",
        "health.assessed_under_5",
        "health.assessed",
        "2026-08-31",
        "2027-02-28",
    ),
    (
        "health-from-5",
        "health.assessed_from_5",
        "health.assessed",
        "2026-03-20",
        "2027-03-20",
    ),
    (
        "health-questionnaire",
        "health.questionnaire_wanted",
        "health.questionnaire",
        "2024-02-29",
        "2025-02-28",
    ),
    (
        "health-dentist",
        "health.dentist_wanted",
        "health.dentist",
        "2026-03-20",
        "2027-03-20",
    ),
    (
        "education-plan",
        "care.schooled",
        "education.planned",
        "2026-12-18",
        "2027-01-06",
    ),
    (
        "education-review",
        "education.planned",
        "education.planned",
        "2026-09-10",
        "2027-01-10",
    ),
    // Homes with terms of their own.
    (
        "relatives-approval",
        "placement.relatives",
        "placement.ended",
        "2026-01-05",
        "2026-04-27",
    ),
    (
        "emergency-stay",
        "placement.emergency",
        "placement.ended",
        "2026-04-01",
        "2026-04-13",
    ),
    (
        "short-break",
        "placement.short_break",
        "placement.ended",
        "2026-12-18",
        "2027-01-04",
    ),
    (
        "secure-review-first",
        "placement.secure",
        "secure_review.held",
        "2026-01-31",
        "2026-02-28",
    ),
    (
        "secure-review",
        "secure_review.held",
        "secure_review.held",
        "2026-11-30",
        "2027-02-28",
    ),
    // Legal statuses that the law ends by itself, holidays or not.
    (
        "emergency-order",
        "legal_status.emergency_order",
        "legal_status.changed",
        "2026-12-21",
        "2026-12-29",
    ),
    (
        "emergency-order-extended",
        "legal_status.emergency_extended",
        "legal_status.changed",
        "2026-12-29",
        "2027-01-05",
    ),
    (
        "child-assessment-order",
        "legal_status.assessment_order",
        "legal_status.changed",
        "2026-04-02",
        "2026-04-09",
    ),
    // Visits by regulation 28: weeks and months of the calendar, holidays or not.
    (
        "care-visit-first",
        "placement.started",
        "visit.made",
        "2026-12-21",
        "2026-12-28",
    ),
    (
        "care-visit-first-year",
        "care_visit.first_year",
        "visit.made",
        "2026-11-16",
        "2026-12-28",
    ),
    (
        "care-visit-to-18",
        "care_visit.to_18",
        "visit.made",
        "2026-11-30",
        "2027-02-28",
    ),
    (
        "care-visit-later",
        "care_visit.later",
        "visit.made",
        "2026-03-01",
        "2026-04-12",
    ),
    (
        "care-visit-parents-weekly",
        "care_visit.parents_before_review",
        "visit.made",
        "2026-03-30",
        "2026-04-06",
    ),
    (
        "care-visit-parents",
        "care_visit.parents_after_review",
        "visit.made",
        "2026-03-30",
        "2026-05-11",
    ),
    (
        "care-visit-relatives-weekly",
        "care_visit.relatives_before_review",
        "visit.made",
        "2026-12-25",
        "2027-01-01",
    ),
    (
        "care-visit-relatives",
        "care_visit.relatives_after_review",
        "visit.made",
        "2026-12-25",
        "2027-01-22",
    ),
    (
        "care-visit-order-first",
        "care_visit.order_made",
        "visit.made",
        "2026-04-03",
        "2026-04-10",
    ),
    (
        "care-visit-order",
        "care_visit.order_at_home",
        "visit.made",
        "2026-04-03",
        "2026-05-15",
    ),
    // Reviews by regulation 33, and permanence by the second.
    (
        "care-review-first",
        "care.started",
        "care_review.held",
        "2026-03-20",
        "2026-04-21",
    ),
    (
        "care-review-first",
        "care.started",
        "care_review.held",
        "2026-12-10",
        "2027-01-12",
    ),
    (
        "care-review-second",
        "care_review.first",
        "care_review.held",
        "2026-11-30",
        "2027-02-28",
    ),
    (
        "care-review-later",
        "care_review.later",
        "care_review.held",
        "2026-08-31",
        "2027-02-28",
    ),
    (
        "care-permanence",
        "care_review.first",
        "permanence.planned",
        "2026-04-21",
        "2026-07-21",
    ),
    (
        "leave-to-remain",
        "leave.expires_in_180_days",
        "leave.renewed",
        "2026-06-28",
        "2026-12-25",
    ),
    // Missing.
    (
        "exploitation-panel",
        "panel.referred",
        "panel.decided",
        "2026-12-10",
        "2027-01-07",
    ),
    // Leaving care.
    (
        "leaver-assessment",
        "leaver.eligible",
        "leaver.assessed",
        "2026-11-30",
        "2027-02-28",
    ),
    (
        "pathway-plan",
        "leaver.assessed",
        "pathway_plan.made",
        "2026-12-10",
        "2027-01-07",
    ),
    (
        "pathway-review",
        "pathway_plan.made",
        "pathway_plan.made",
        "2026-08-31",
        "2027-02-28",
    ),
    (
        "adviser-visit-first",
        "leaver.housed",
        "adviser.visited",
        "2026-12-21",
        "2026-12-28",
    ),
    (
        "adviser-visit",
        "adviser.visited",
        "adviser.visited",
        "2026-12-31",
        "2027-02-28",
    ),
    (
        "leaver-in-touch",
        "leaver.reached",
        "leaver.reached",
        "2026-11-02",
        "2026-12-28",
    ),
    (
        "leaver-offer",
        "leaver.seventeen",
        "leaver.offered",
        "2026-04-03",
        "2027-04-03",
    ),
    // Court.
    (
        "court-letter",
        "court.gateway",
        "court.letter_sent",
        "2026-04-01",
        "2026-04-10",
    ),
    (
        "court-meeting",
        "court.letter_sent",
        "court.meeting_held",
        "2026-12-18",
        "2027-01-06",
    ),
    (
        "court-pre-proceedings",
        "court.letter_sent",
        "court.pre_proceedings_ended",
        "2026-10-05",
        "2026-12-28",
    ),
    (
        "court-issue",
        "court.gateway",
        "court.pre_proceedings_ended",
        "2026-01-05",
        "2026-04-27",
    ),
    (
        "court-case-management",
        "court.issued",
        "court.case_management_held",
        "2026-03-26",
        "2026-04-23",
    ),
    (
        "court-26-weeks",
        "court.issued",
        "court.ended",
        "2026-06-29",
        "2026-12-28",
    ),
    (
        "deprivation-review",
        "deprivation.review_in_28_days",
        "deprivation.reviewed",
        "2026-11-27",
        "2026-12-25",
    ),
];

#[test]
fn every_statutory_clock_is_due_when_its_source_says() {
    let pack = england();
    for (id, trigger, stop, begins, due) in TABLE {
        let start = at(begins);
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

/// R002-05: 72 hours day and night, over Christmas as well.
#[test]
fn r002_05_a_return_interview_is_due_after_72_hours() {
    let pack = england();
    let start = at("2026-12-24 18:30");
    let due = pack.due("return-interview", start).unwrap();
    assert_eq!(due.at, at("2026-12-27 18:30"));
    let days = pack.working_days();
    let after_60 = at("2026-12-27 06:30");
    assert_eq!(due.words(after_60, days), "in 12 hours");
    assert_eq!(
        due.state(at("2026-12-27 18:31"), days),
        ClockState::Late { by: 1 }
    );
    assert!(
        pack.clock("return-interview", start.date())
            .unwrap()
            .is_started_by("missing.returned")
    );
}

/// Section 46: police protection ends after 72 hours, over Easter as well.
#[test]
fn police_protection_ends_after_72_hours() {
    let pack = england();
    let start = at("2026-04-03 22:15");
    assert_eq!(
        pack.due("police-protection", start).unwrap().at,
        at("2026-04-06 22:15")
    );
    let rule = pack.clock("police-protection", start.date()).unwrap();
    assert!(rule.is_started_by("legal_status.police_protection"));
    assert!(rule.is_stopped_by("legal_status.changed"));
}

/// R000-41: leave that ends in 180 days is a task from today.
#[test]
fn r000_41_leave_to_remain_warns_180_days_before() {
    let pack = england();
    let start = at("2026-06-28 00:00");
    let due = pack.due("leave-to-remain", start).unwrap();
    let days = pack.working_days();
    assert_eq!(due.state(at("2026-06-28"), days), ClockState::DueSoon);
    assert_eq!(due.state(at("2026-12-25"), days), ClockState::DueToday);
    assert_eq!(due.state(at("2026-06-27"), days), ClockState::OnTime);
}

/// Every clock of these processes is in the table: a new one is not forgotten.
#[test]
fn no_clock_of_these_processes_is_left_out() {
    let pack = england();
    let begins = [
        "care",
        "placement",
        "permanence",
        "health",
        "education",
        "secure",
        "leave",
        "panel",
        "leaver",
        "pathway",
        "adviser",
        "court",
        "deprivation",
        "legal_status",
    ];
    let on: NaiveDate = "2026-11-22".parse().unwrap();
    for rule in pack.clocks(on) {
        let ours = begins.iter().any(|word| {
            packs::TRIGGERS.iter().any(|(event, _)| {
                rule.is_started_by(event)
                    && (event.starts_with(&format!("{word}."))
                        || event.starts_with(&format!("{word}_")))
            })
        });
        let hours = ["return-interview", "police-protection"];
        let listed =
            hours.contains(&rule.id.as_str()) || TABLE.iter().any(|(id, ..)| *id == rule.id);
        assert!(!ours || listed, "{} is not in the table", rule.id);
    }
}

/// The codes of the return are all there, with the years of those withdrawn.
#[test]
fn codes_of_the_return_keep_their_years() {
    let pack = england();
    let on: NaiveDate = "2026-11-22".parse().unwrap();
    let homes = pack.codes("care-home", on).unwrap();
    assert_eq!(homes.codes.len(), 32);
    let code = |value: &str| homes.code(value).unwrap();
    assert!(code("H5").to.is_some() && code("Z1").to.is_some() && code("P2").to.is_some());
    assert_eq!(code("K3").from.unwrap().to_string(), "2023-04-01");
    for (set, codes) in [
        ("care-legal-status", 13),
        ("care-need", 8),
        ("care-provider", 6),
        ("care-end", 22),
        ("care-move-reason", 12),
        ("care-review-part", 8),
        ("leaver-in-touch", 6),
        ("leaver-activity", 12),
        ("leaver-home", 31),
    ] {
        assert_eq!(pack.codes(set, on).unwrap().codes.len(), codes, "{set}");
    }
}

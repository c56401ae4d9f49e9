//! The clocks of protection, the front door and children in need, each on days
//! that try the calendar: an ordinary week, Easter and Christmas.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use packs::{Circumstances, Measure, Need, Pack, Strength};

fn england() -> Pack {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/england");
    Pack::load(dir).unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)))
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn moment(text: &str) -> NaiveDateTime {
    text.parse().expect("a moment")
}

/// Clock, what starts it, the moment it starts, and the day it is due.
const DUE: &[(&str, &str, &str, &str)] = &[
    // An ordinary week.
    (
        "contact-decision",
        "contact.received",
        "2026-11-19T10:00:00",
        "2026-11-20",
    ),
    (
        "tell-referrer",
        "contact.decided",
        "2026-11-20T16:30:00",
        "2026-11-23",
    ),
    (
        "assessment",
        "referral.made",
        "2026-09-01T09:00:00",
        "2026-11-03",
    ),
    (
        "strategy-discussion",
        "strategy-discussion.started",
        "2026-11-19T16:50:00",
        "2026-11-19",
    ),
    (
        "initial-conference",
        "strategy-discussion.section47",
        "2026-11-02T14:00:00",
        "2026-11-23",
    ),
    (
        "conference-request",
        "section-47.conference",
        "2026-11-20T15:00:00",
        "2026-11-23",
    ),
    (
        "outline-plan",
        "meeting.initial_conference.held",
        "2026-11-19T10:00:00",
        "2026-11-20",
    ),
    (
        "first-core-group",
        "meeting.initial_conference.held",
        "2026-11-02T10:00:00",
        "2026-11-16",
    ),
    (
        "core-group",
        "meeting.core_group.held",
        "2026-11-16T10:00:00",
        "2026-12-16",
    ),
    (
        "protection-visit",
        "plan.started",
        "2026-11-02T10:00:00",
        "2026-11-12",
    ),
    (
        "protection-visit",
        "visit.made",
        "2026-11-12T10:00:00",
        "2026-11-22",
    ),
    (
        "protection-not-seen",
        "visit.made",
        "2026-11-02T10:00:00",
        "2026-11-30",
    ),
    (
        "first-review-conference",
        "meeting.initial_conference.held",
        "2026-11-02T10:00:00",
        "2027-02-02",
    ),
    (
        "review-conference",
        "meeting.review_conference.held",
        "2027-02-02T10:00:00",
        "2027-08-02",
    ),
    (
        "after-birth-review",
        "child.born",
        "2026-11-02T03:10:00",
        "2026-11-16",
    ),
    (
        "transfer-conference",
        "transfer-in.conference",
        "2026-11-02T09:00:00",
        "2026-11-23",
    ),
    (
        "first-child-in-need-meeting",
        "assessment.authorised",
        "2026-11-02T09:00:00",
        "2026-11-12",
    ),
    (
        "child-in-need-review",
        "meeting.held",
        "2026-11-02T09:00:00",
        "2026-11-30",
    ),
    (
        "child-in-need-aim",
        "plan.started",
        "2026-11-02T09:00:00",
        "2027-01-25",
    ),
    (
        "cross-border-acknowledgement",
        "cross_border.passed",
        "2026-11-19T09:00:00",
        "2026-11-20",
    ),
    (
        "watch-3-months",
        "step_down.decided",
        "2026-11-30T09:00:00",
        "2027-02-28",
    ),
    (
        "watch-6-months",
        "step_down.decided",
        "2026-11-30T09:00:00",
        "2027-05-30",
    ),
    (
        "watch-12-months",
        "step_down.decided",
        "2026-11-30T09:00:00",
        "2027-11-30",
    ),
    // Over Easter 2027: Good Friday 26 March, Easter Monday 29 March.
    (
        "contact-decision",
        "contact.received",
        "2027-03-25T16:00:00",
        "2027-03-30",
    ),
    (
        "assessment",
        "referral.made",
        "2027-03-01T09:00:00",
        "2027-05-06",
    ),
    (
        "initial-conference",
        "strategy-discussion.section47",
        "2027-03-15T14:00:00",
        "2027-04-07",
    ),
    (
        "first-core-group",
        "meeting.initial_conference.held",
        "2027-03-22T10:00:00",
        "2027-04-07",
    ),
    (
        "conference-request",
        "section-47.conference",
        "2027-03-25T15:00:00",
        "2027-03-30",
    ),
    (
        "after-birth-review",
        "child.born",
        "2027-03-25T23:50:00",
        "2027-04-12",
    ),
    (
        "transfer-conference",
        "transfer-in.conference",
        "2027-03-25T09:00:00",
        "2027-04-19",
    ),
    (
        "transfer-out-conference",
        "transfer-out.waiting",
        "2027-03-25T09:00:00",
        "2027-04-19",
    ),
    (
        "protection-visit",
        "visit.made",
        "2027-03-19T09:00:00",
        "2027-03-29",
    ),
    // Over Christmas 2026: 25 December and, for Boxing Day, Monday 28 December.
    (
        "contact-decision",
        "contact.received",
        "2026-12-24T15:00:00",
        "2026-12-29",
    ),
    (
        "initial-conference",
        "strategy-discussion.section47",
        "2026-12-14T14:00:00",
        "2027-01-07",
    ),
    (
        "first-core-group",
        "meeting.initial_conference.held",
        "2026-12-18T10:00:00",
        "2027-01-06",
    ),
    (
        "outline-plan",
        "meeting.initial_conference.held",
        "2026-12-24T10:00:00",
        "2026-12-29",
    ),
    (
        "strategy-discussion",
        "strategy-discussion.started",
        "2026-12-25T20:00:00",
        "2026-12-25",
    ),
    (
        "core-group",
        "meeting.core_group.held",
        "2026-11-25T10:00:00",
        "2026-12-25",
    ),
];

#[test]
fn each_clock_is_due_on_the_day_its_source_says() {
    let pack = england();
    for (clock, trigger, start, due) in DUE {
        let start = moment(start);
        let rule = pack.clock(clock, start.date()).expect(clock);
        assert!(
            rule.is_started_by(trigger),
            "{clock} is not started by {trigger}"
        );
        let found = rule.due(start, pack.working_days());
        assert_eq!(found.at.date(), day(due), "{clock} from {start}");
    }
}

/// R003-14: with red at 4 hours, an answer after 4 hours and 1 minute is late.
#[test]
fn r003_14_the_urgency_sets_the_clock_of_a_partner() {
    let pack = england();
    let asked = moment("2026-12-24T23:00:00");
    for (rag, hours) in [("red", 4), ("amber", 24), ("green", 72)] {
        let now = Circumstances::default().with("rag", rag);
        let running: Vec<_> = pack
            .clocks_started_by("mash.check_asked", asked.date())
            .filter(|rule| rule.runs_under(&now))
            .collect();
        assert_eq!(running.len(), 1, "{rag}");
        let due = running[0].due(asked, pack.working_days());
        assert_eq!(due.at, asked + chrono::Duration::hours(hours));
        let late = due.at + chrono::Duration::minutes(1);
        assert!(matches!(
            due.state(late, pack.working_days()),
            packs::ClockState::Late { .. }
        ));
        assert!(!matches!(
            due.state(due.at, pack.working_days()),
            packs::ClockState::Late { .. }
        ));
        assert_eq!(
            due.strength,
            Strength::Unverified,
            "no source was seen, and it says so"
        );
    }
}

#[test]
fn a_clock_of_one_kind_of_plan_leaves_the_others_alone() {
    let pack = england();
    let today = day("2026-11-22");
    let of = |kind: &str| -> Vec<&str> {
        let now = Circumstances::default().with("plan", kind);
        pack.clocks_started_by("plan.started", today)
            .filter(|rule| rule.runs_under(&now))
            .map(|rule| rule.id.as_str())
            .collect()
    };
    assert_eq!(of("child_in_need"), ["child-in-need-aim"]);
    assert_eq!(
        of("protection_plan"),
        ["protection-not-seen", "protection-visit"]
    );
    assert_eq!(of("early_help"), ["early-help-first-meeting"]);
}

/// R003-24: who belongs at a strategy discussion, and whose absence asks for a
/// reason.
#[test]
fn r003_24_three_partners_are_asked_for() {
    let pack = england();
    let meeting = pack
        .meeting("strategy_discussion", day("2026-11-22"))
        .expect("it is there");
    let asked: Vec<&str> = meeting
        .partners
        .iter()
        .filter(|p| p.need == Need::Reason)
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(asked, ["social_care", "police", "health"]);
    let conference = pack
        .meeting("initial_conference", day("2026-11-22"))
        .expect("it is there");
    assert!(!conference.is_quorate(["social_care", "police", "family"]));
    assert!(conference.is_quorate(["social_care", "police", "health"]));
    assert!(
        !conference.is_quorate(["police", "police"]),
        "two of one agency are one"
    );
}

#[test]
fn standards_are_numbers_with_their_source() {
    let pack = england();
    let standard = pack
        .standard("step-down-evidence", day("2026-11-22"))
        .expect("it is there");
    assert_eq!((standard.days(), standard.measure), (84, Measure::Weeks));
    assert_eq!(standard.strength, Strength::Local);
}

/// An outcome that begins a step names one that may follow it, so that nobody
/// is left without a next thing to do (R001-32).
#[test]
fn r001_32_no_outcome_of_protection_is_a_dead_end() {
    let pack = england();
    let today = day("2026-11-22");
    for id in [
        "strategy-discussion",
        "section-47",
        "initial-conference",
        "review-conference",
        "transfer-in",
        "transfer-out",
        "step-down",
    ] {
        let step = pack.step(id, today).expect(id);
        for outcome in &step.outcomes {
            assert!(!outcome.next.is_empty(), "{id}: {}", outcome.id);
        }
    }
    let strategy = pack
        .step("strategy-discussion", today)
        .expect("it is there");
    assert_eq!(
        strategy.outcome("section47").expect("there").start,
        ["section-47"]
    );
}

/// The picture says what the pack says: every step, every outcome, every clock
/// with its strength.
#[test]
fn pictures_are_drawn_from_the_pack() {
    let pack = england();
    let today = day("2026-11-22");
    for process in pack.processes(today) {
        let svg = packs::picture(&pack, process, today);
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{}",
            process.id
        );
        for id in &process.steps {
            let step = pack.step(id, today).expect(id);
            assert!(svg.contains(&step.title), "{}: {id}", process.id);
        }
    }
    let protection = pack
        .processes(today)
        .find(|p| p.id == "protection")
        .expect("it is there");
    let svg = packs::picture(&pack, protection, today);
    assert!(svg.contains("15 working days") && svg.contains("Published procedure"));
    assert!(svg.contains("if absent, the reason is asked"));
}

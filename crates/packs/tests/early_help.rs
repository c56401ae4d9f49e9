//! Early help in England's pack: its clocks on the days their rules say, its
//! budgets, strengths first, and no dead end.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use packs::{Circumstances, Layer, Pack, Strength};

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

/// Clock, what starts it, the moment it starts, and the day it is due: an
/// ordinary week, over Easter 2027 (26 and 29 March) and over Christmas 2026.
const DUE: &[(&str, &str, &str, &str)] = &[
    (
        "early-help-consent",
        "early_help.asked",
        "2026-11-02T10:00:00",
        "2026-11-16",
    ),
    (
        "early-help-consent",
        "early_help.asked",
        "2027-03-22T10:00:00",
        "2027-04-07",
    ),
    (
        "early-help-consent",
        "early_help.asked",
        "2026-12-21T10:00:00",
        "2027-01-07",
    ),
    (
        "early-help-lead",
        "early_help.started",
        "2026-11-02T10:00:00",
        "2026-11-16",
    ),
    (
        "early-help-lead",
        "early_help.started",
        "2026-12-24T16:00:00",
        "2027-01-12",
    ),
    (
        "early-help-withdrawn",
        "early_help.consent_withdrawn",
        "2026-11-02T10:00:00",
        "2026-11-09",
    ),
    (
        "early-help-withdrawn",
        "early_help.consent_withdrawn",
        "2027-03-25T10:00:00",
        "2027-04-05",
    ),
    (
        "early-help-assessment",
        "early-help-assessment.started",
        "2026-11-02T10:00:00",
        "2026-12-14",
    ),
    (
        "early-help-assessment",
        "early-help-assessment.started",
        "2026-12-01T10:00:00",
        "2027-01-15",
    ),
    (
        "early-help-first-meeting",
        "plan.started",
        "2026-11-02T10:00:00",
        "2026-11-30",
    ),
    (
        "early-help-review",
        "meeting.team_around_family.held",
        "2026-11-02T10:00:00",
        "2026-12-14",
    ),
    (
        "early-help-review",
        "meeting.team_around_family.held",
        "2026-12-07T10:00:00",
        "2027-01-18",
    ),
];

#[test]
fn each_clock_is_due_on_the_day_its_rule_says() {
    let pack = england();
    for (clock, trigger, start, due) in DUE {
        let start = moment(start);
        let rule = pack.clock(clock, start.date()).expect(clock);
        assert!(rule.is_started_by(trigger), "{clock} by {trigger}");
        let found = rule.due(start, pack.working_days());
        assert_eq!(found.at.date(), day(due), "{clock} from {start}");
        assert_eq!(rule.strength, Strength::Local, "{clock}: no law says it");
    }
}

/// The clocks of an early help plan leave other plans alone, and theirs it.
#[test]
fn an_early_help_plan_has_its_own_clocks() {
    let pack = england();
    let today = day("2026-11-22");
    let of = |kind: &str| -> Vec<String> {
        let case = Circumstances::default().with("plan", kind);
        pack.clocks_started_by("plan.started", today)
            .filter(|rule| rule.runs_under(&case))
            .map(|rule| rule.id.clone())
            .collect()
    };
    assert_eq!(of("early_help"), ["early-help-first-meeting"]);
    assert!(!of("child_in_need").contains(&"early-help-first-meeting".to_owned()));
}

/// R001-20: the start asks for the reason and the consent, and a partner's page
/// for the child and who asks besides.
#[test]
fn r001_20_the_start_is_short() {
    let pack = england();
    let today = day("2026-11-22");
    let start = pack.form("early-help-start", today).expect("there");
    assert_eq!(start.insists_on(), 1);
    let asked: Vec<&str> = start.fields().map(|f| f.name.as_str()).collect();
    assert_eq!(asked, ["reason", "consent", "consent_by", "consent_on"]);
    let request = pack.form("early-help-request", today).expect("there");
    assert!(request.insists_on() <= 6 && request.sections.len() == 3);
}

/// R001-23 and R000-18: strengths come before needs, and the other parent is
/// asked for; UX section 5: at most six answers that it insists on.
#[test]
fn r001_23_strengths_come_first() {
    let pack = england();
    let form = pack
        .form("early-help-assessment", day("2026-11-22"))
        .expect("there");
    let place = |id: &str| form.sections.iter().position(|s| s.id == id).expect(id);
    assert!(place("strengths") < place("needs"));
    assert!(form.insists_on() <= 6, "{}", form.insists_on());
    let other = form.field("other_parent").expect("asked");
    let options = other.kind.options().expect("choices");
    assert!(options.choices.iter().any(|c| c.value == "unknown"));
}

/// R001-32: whatever a step leads to, it can be skipped, or something follows.
#[test]
fn r001_32_each_step_can_be_passed_over() {
    let pack = england();
    let today = day("2026-11-22");
    for id in ["early-help-assessment", "early-help-closure"] {
        assert!(pack.step(id, today).expect(id).skip_with_reason, "{id}");
    }
    let process = pack
        .processes(today)
        .find(|p| p.id == "early-help")
        .expect("the process");
    let svg = packs::picture(&pack, process, today);
    for words in [
        "Early help assessment",
        "Team around the family",
        "every 6 weeks",
    ] {
        assert!(svg.contains(words), "{words}");
    }
}

/// A mistake in a file of early help is told with its file and line.
#[test]
fn a_mistake_is_told_with_its_place() {
    let clock = |trigger: &str| {
        format!(
            "id = \"c\"\ntitle = \"C\"\nversion = 2026-01-01\nsource = \"S\"\nstrength = \"LOCAL\"\nrule = \"R\"\ntrigger = \"{trigger}\"\nstop = \"early_help.ended\"\namount = 1\nunit = \"weeks\"\n"
        )
    };
    let head = "version = 2026-01-01\nsource = \"S\"\nstrength = \"LOCAL\"\n";
    let layer = |text: String| {
        Layer::new("test")
            .with("pack.toml", format!("id = \"t\"\ntitle = \"T\"\n{head}"))
            .with("clocks/c.toml", text)
    };
    assert!(Pack::from_layers(&[layer(clock("early_help.started"))]).is_ok());
    let problems =
        Pack::from_layers(&[layer(clock("early_help.begun"))]).expect_err("no such event");
    let text = Pack::problems_text(&problems);
    assert!(text.contains("clocks/c.toml:7"), "{text}");
    assert!(text.contains("early_help.started"), "{text}");
}

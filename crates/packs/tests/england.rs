//! England's pack loads without a problem and asks no more than it may.

use std::path::Path;

use chrono::NaiveDate;
use packs::{Answers, Pack, Required, Severity};
use vocabulary::Agency;

fn england() -> Pack {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/england");
    Pack::load(dir).unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)))
}

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    d("2026-11-21")
}

fn answers(form: &str, pairs: &[(&str, &str)]) -> Answers {
    Answers::from_pairs(
        england().form(form, today()).unwrap(),
        pairs.iter().copied(),
    )
}

fn stops(form: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    findings(form, pairs, Severity::Stop)
}

fn findings(form: &str, pairs: &[(&str, &str)], severity: Severity) -> Vec<String> {
    let pack = england();
    let found = pack
        .form(form, today())
        .unwrap()
        .check(&answers(form, pairs), None);
    found
        .into_iter()
        .filter(|f| f.severity == severity)
        .map(|f| f.field)
        .collect()
}

#[test]
fn england_has_no_problem_and_no_warning() {
    assert_eq!(england().warnings(), []);
}

#[test]
fn every_part_of_the_journey_is_there() {
    let pack = england();
    for form in [
        "ask-for-help",
        "school-contact",
        "police-contact",
        "phone-contact",
        "threshold-decision",
        "tell-referrer",
        "note",
        "visit",
        "child-and-family-assessment",
        "authorisation",
        "plan-goal",
        "plan-action",
        "action-answer",
        "meeting",
        "plan-closure",
        "person",
        "relationship",
        "late-reason",
        "break-glass",
        "correction",
    ] {
        assert!(pack.form(form, today()).is_some(), "{form}");
    }
    for step in [
        "contact",
        "referral",
        "child-and-family-assessment",
        "child-in-need-plan",
        "child-in-need-review",
        "closure",
    ] {
        assert!(pack.step(step, today()).is_some(), "{step}");
    }
    for letter in ["tell-referrer", "action-request"] {
        assert!(pack.letter(letter, today()).is_some(), "{letter}");
    }
}

/// The budgets of the user experience goals, by form.
#[test]
fn forms_keep_their_budgets() {
    let pack = england();
    for (form, budget) in [
        ("note", 1),
        ("phone-contact", 5),
        ("school-contact", 5),
        ("police-contact", 5),
        ("visit", 5),
        ("child-and-family-assessment", 7),
        ("plan-action", 5),
        ("ask-for-help", 6),
    ] {
        let form = pack.form(form, today()).unwrap();
        assert_eq!(form.budget, Some(budget), "{}", form.id);
        assert!(
            form.insists_on() <= budget,
            "{} insists on {}",
            form.id,
            form.insists_on()
        );
    }
    for form in pack.forms() {
        assert!(form.budget.is_some(), "{} has no budget", form.id);
    }
}

/// UX18: at most nine pages of questions with the page to check the answers.
#[test]
fn ux18_asking_for_help_is_short() {
    let pack = england();
    let form = pack.form("ask-for-help", today()).unwrap();
    assert!(form.sections.len() < 9);
    assert_eq!(form.sections[0].id, "danger");
    assert!(form.sections[0].warning.contains("999"));
}

/// UX03: five needed answers, and the child may be unknown.
#[test]
fn ux03_a_phone_contact_can_be_saved_without_the_child() {
    let five = [
        ("source", "2A"),
        ("caller_name", "Mr Oakes, head"),
        ("danger", "no"),
        ("what", "Sami was hungry again"),
        ("child_known", "not_yet"),
    ];
    assert_eq!(stops("phone-contact", &five), [""; 0]);
    assert_eq!(stops("phone-contact", &[]).len(), 5);
    let mut known = five;
    known[4].1 = "yes";
    assert_eq!(stops("phone-contact", &known), ["children"]);
}

/// R000-18
#[test]
fn r000_18_an_assessment_needs_the_other_parents_status() {
    let other = |pairs: &[(&str, &str)]| -> Vec<String> {
        stops("child-and-family-assessment", pairs)
            .into_iter()
            .filter(|field| field.starts_with("other_parent"))
            .collect()
    };
    assert_eq!(other(&[]), ["other_parent"]);
    for allowed in ["unknown", "not_safe"] {
        assert_eq!(other(&[("other_parent", allowed)]), ["other_parent_why"]);
        assert_eq!(
            other(&[
                ("other_parent", allowed),
                ("other_parent_why", "Dana does not say")
            ]),
            [""; 0]
        );
    }
    assert_eq!(other(&[("other_parent", "took_part")]), [""; 0]);
}

/// R001-31
#[test]
fn r001_31_each_domain_has_an_entry_or_a_reason() {
    let warned =
        |pairs: &[(&str, &str)]| findings("child-and-family-assessment", pairs, Severity::Warn);
    let none = warned(&[]);
    for domain in ["development", "parenting", "family", "grey_areas"] {
        assert!(none.iter().any(|field| field == domain), "{domain}");
    }
    let some = warned(&[
        ("development", "Growing well"),
        ("parenting_reason", "Not met yet"),
        ("grey_areas.0.unknown", "Who has a key"),
    ]);
    assert_eq!(some, ["family", "childs_words", "tell_child"]);
}

/// R001-06 and R003-25
#[test]
fn r003_25_an_action_needs_all_five() {
    let all = [
        ("what", "Weigh Sami"),
        ("agency", "health"),
        ("owner", "School nurse"),
        ("due", "27 3 2027"),
        ("measure", "Weight on the line"),
    ];
    assert_eq!(stops("plan-action", &all), [""; 0]);
    for missing in 0..all.len() {
        let mut some = all.to_vec();
        let (name, _) = some.remove(missing);
        assert_eq!(stops("plan-action", &some), [name]);
    }
}

/// R001-13
#[test]
fn r001_13_a_plan_cannot_end_without_its_outcome() {
    let found = stops("plan-closure", &[("outcome", "close"), ("reason", "RC7")]);
    assert_eq!(found, ["different", "goals"]);
    let found = stops(
        "plan-closure",
        &[
            ("outcome", "close"),
            ("reason", "RC7"),
            ("different", "He sleeps"),
            ("goals.0.goal", "Sleep"),
        ],
    );
    assert_eq!(found, ["goals.0.result"]);
}

/// R000-11
#[test]
fn r000_11_every_household_meets_neglect_and_substance_misuse() {
    let pack = england();
    let threshold = pack.threshold("continuum", today()).unwrap();
    assert_eq!(threshold.levels.len(), 4);
    for id in [
        "3-absent",
        "3-substances-parent",
        "3-substances-child",
        "4-neglect",
    ] {
        assert!(threshold.indicator(id).is_some(), "{id}");
    }
    let factors = pack
        .form("child-and-family-assessment", today())
        .unwrap()
        .field("factors")
        .unwrap();
    assert!(factors.show_if.is_none());
    let offered: Vec<&str> = factors
        .kind
        .options()
        .unwrap()
        .on(today())
        .map(|c| c.value.as_str())
        .collect();
    for code in ["2A", "2B", "16A"] {
        assert!(offered.contains(&code), "{code}");
    }
    assert!(!offered.contains(&"18A"), "replaced by 18B and 18C");
}

#[test]
fn no_factors_stands_alone() {
    let has = |list: &[(&str, &str)]| {
        stops("child-and-family-assessment", list).contains(&"factors".to_owned())
    };
    assert!(!has(&[("factors", "21")]));
    assert!(has(&[("factors", "21"), ("factors", "16A")]));
    assert!(has(&[("factors", "99")]));
}

#[test]
fn the_break_glass_reason_has_twenty_characters() {
    assert_eq!(stops("break-glass", &[("reason", "because")]), ["reason"]);
    assert_eq!(
        stops(
            "break-glass",
            &[("reason", "Police at the door, Maya is at risk")]
        ),
        [""; 0]
    );
}

#[test]
fn clocks_are_due_as_their_sources_say() {
    let pack = england();
    let friday: chrono::NaiveDateTime = "2026-11-20T16:30:00".parse().unwrap();
    for (clock, due) in [
        ("contact-decision", "2026-11-23"),
        ("tell-referrer", "2026-11-23"),
        ("immediate-risk", "2026-11-20"),
        ("cross-border-acknowledgement", "2026-11-23"),
        ("assessment", "2027-01-27"), // 45 weekdays and 3 bank holidays
        ("assessment-checkpoint", "2026-12-04"),
        ("first-child-in-need-meeting", "2026-11-30"),
        ("child-in-need-review", "2026-12-18"),
        ("break-glass-review", "2026-11-23"),
    ] {
        assert_eq!(
            pack.due(clock, friday).unwrap().at.date(),
            d(due),
            "{clock}"
        );
    }
}

/// R004-37 and R001-42
#[test]
fn r004_37_homes_are_short() {
    let pack = england();
    let roles = pack.roles(today()).unwrap();
    assert_eq!(roles.roles.len(), 22);
    assert!(
        roles
            .roles
            .iter()
            .all(|role| (1..=7).contains(&role.home.len()))
    );
    assert!(roles.role("team_manager").unwrap().can("case.authorise"));
    assert!(!roles.role("social_worker").unwrap().can("case.authorise"));
}

#[test]
fn agencies_are_those_of_the_program() {
    let pack = england();
    let codes: Vec<&str> = pack
        .codes("agencies", today())
        .unwrap()
        .codes
        .iter()
        .map(|c| c.code.as_str())
        .collect();
    let known: Vec<&str> = Agency::ALL.iter().map(|agency| agency.code()).collect();
    assert_eq!(codes, known);
}

#[test]
fn relationships_have_two_sides() {
    let pack = england();
    let kinds = pack.codes("relationships", today()).unwrap();
    for kind in &kinds.codes {
        assert!(kinds.code(&kind.inverse).is_some(), "{}", kind.code);
    }
}

/// A field that stops says why in its own words, not the program's.
#[test]
fn needed_answers_have_their_own_words() {
    for form in england().forms() {
        for field in form
            .fields()
            .flat_map(|f| std::iter::once(f).chain(f.group_fields()))
        {
            let needs_words = field.required == Required::Yes;
            assert!(
                !needs_words || !field.missing.is_empty(),
                "{}: {}",
                form.id,
                field.name
            );
        }
    }
}

#[test]
fn letters_fill() {
    let pack = england();
    let letter = pack.letter("action-request", today()).unwrap();
    let words: Vec<(&str, &str)> = letter.gaps.iter().map(|gap| (gap.as_str(), "x")).collect();
    let (subject, body) = letter.fill(&words).unwrap();
    assert!(!subject.contains('{') && !body.contains('{'));
    assert!(letter.fill(&words[1..]).is_err());
}

#[test]
fn brothers_and_sisters_weigh_half() {
    let pack = england();
    let workload = pack.workload(today()).unwrap();
    let mut load = packs::Load {
        status: "child_in_need".into(),
        weeks_allocated: 10,
        ..packs::Load::default()
    };
    assert_eq!(workload.weigh(&load).total, 5.0);
    load.further_sibling = true;
    load.weeks_allocated = 0;
    let weight = workload.weigh(&load);
    assert_eq!(weight.total, 3.5);
    assert_eq!(
        weight.parts.iter().map(|(_, points)| points).sum::<f64>(),
        3.5
    );
    assert_eq!(workload.ceiling("social_worker", true), Some(90.0));
}

//! The shipped policy says what it must, and a broken one is refused with its line.

use access::{Bar, Decision, Facts, Level, Policy, Principal, Purpose, Section, Tie, TieKind};
use chrono::{TimeZone, Utc};
use vocabulary::Id;

const TEXT: &str = include_str!("../../../policies/access.toml");

fn policy() -> Policy {
    Policy::parse("policies/access.toml", TEXT).expect("the shipped policy is sound")
}

fn worker(role: &str, capabilities: &[&str]) -> Principal {
    Principal {
        worker: Id::new(),
        role: role.to_owned(),
        capabilities: capabilities.iter().map(|c| (*c).to_owned()).collect(),
        team: None,
        teams_supervised: Vec::new(),
        active: true,
    }
}

fn social_worker() -> Principal {
    worker(
        "social_worker",
        &["case.record", "people.search", "access.break_glass"],
    )
}

fn tied(ties: &[Tie]) -> Facts {
    Facts {
        ties: ties.to_vec(),
        bars: Vec::new(),
    }
}

fn look(who: &Principal, facts: &Facts, section: Section) -> Decision {
    policy().decide(who, facts, Purpose::Look, section)
}

fn emergency() -> Tie {
    let until = Utc.with_ymd_and_hms(2026, 11, 22, 9, 0, 0).unwrap();
    Tie::granted(TieKind::BreakGlass, Section::Record, until)
}

#[test]
fn nothing_is_open_without_a_tie_and_a_capability() {
    let nobody = worker("social_worker", &[]);
    for section in Section::ALL {
        let decision = look(&nobody, &tied(&[Tie::of(TieKind::Allocated)]), section);
        assert!(!decision.allowed, "{section:?}");
        assert_eq!(decision.level, Level::None);
    }
    let decision = look(&social_worker(), &Facts::default(), Section::Record);
    assert!(!decision.allowed);
    assert_eq!(decision.level, Level::Index);
}

#[test]
fn the_allocated_worker_opens_every_section_and_is_told_why() {
    let facts = tied(&[Tie::of(TieKind::Allocated)]);
    for section in Section::ALL {
        let decision = look(&social_worker(), &facts, section);
        assert!(decision.allowed, "{section:?}");
        assert_eq!(decision.level, Level::Full);
        assert_eq!(decision.because, "You are their allocated worker.");
    }
}

#[test]
fn every_bar_beats_every_tie_even_emergency_access_and_oversight() {
    let all = worker(
        "director",
        &[
            "case.record",
            "case.allocate",
            "contact.screen",
            "access.break_glass",
            "case.oversee",
            "people.search",
        ],
    );
    let ties: Vec<Tie> = TieKind::ALL
        .into_iter()
        .map(Tie::of)
        .chain([emergency()])
        .collect();
    for bar in [Bar::Left, Bar::Conflict, Bar::Restricted { allowed: false }] {
        let facts = Facts {
            ties: ties.clone(),
            bars: vec![Bar::Restricted { allowed: true }, bar],
        };
        for section in Section::ALL {
            let decision = look(&all, &facts, section);
            assert!(!decision.allowed, "{bar:?} {section:?}");
            assert_eq!(decision.level, Level::None, "{bar:?}");
        }
    }
}

#[test]
fn a_place_on_the_list_lifts_a_restriction_but_is_no_tie() {
    let listed = Bar::Restricted { allowed: true };
    let tie = Facts {
        ties: vec![Tie::of(TieKind::Allocated)],
        bars: vec![listed],
    };
    assert!(look(&social_worker(), &tie, Section::Record).allowed);
    let none = Facts {
        ties: Vec::new(),
        bars: vec![listed],
    };
    assert!(!look(&social_worker(), &none, Section::Record).allowed);
}

#[test]
fn emergency_access_supplies_a_missing_tie_for_looking_only_and_tells_the_owner() {
    let facts = tied(&[emergency()]);
    let decision = look(&social_worker(), &facts, Section::Record);
    assert!(decision.allowed && decision.tell_owner);
    assert!(!look(&social_worker(), &facts, Section::Sensitive).allowed);
    for purpose in [Purpose::Write, Purpose::Share] {
        assert!(
            !policy()
                .decide(&social_worker(), &facts, purpose, Section::Record)
                .allowed
        );
    }
}

#[test]
fn duty_sees_the_summary_of_anybody_and_the_record_while_a_contact_is_open() {
    let screener = worker("screener", &["contact.screen"]);
    assert_eq!(
        look(&screener, &Facts::default(), Section::Index).level,
        Level::Summary
    );
    assert!(!look(&screener, &Facts::default(), Section::Record).allowed);
    let open = tied(&[Tie::of(TieKind::OpenContact)]);
    assert_eq!(look(&screener, &open, Section::Record).level, Level::Full);
}

#[test]
fn a_partner_sees_the_index_and_only_with_a_grant_or_a_meeting() {
    let partner = worker("police_partner", &["contact.send"]);
    assert_eq!(
        look(&partner, &Facts::default(), Section::Index).level,
        Level::None
    );
    let until = emergency().until.unwrap();
    for kind in [TieKind::Partner, TieKind::Meeting] {
        let facts = tied(&[Tie::granted(kind, Section::Record, until)]);
        let decision = look(&partner, &facts, Section::Index);
        assert!(decision.allowed, "{kind:?}");
        assert_eq!(decision.level, Level::Index, "{kind:?}");
    }
}

#[test]
fn analysts_administrators_and_councillors_see_no_case_content() {
    let every: Vec<String> = policy()
        .capabilities()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let ties: Vec<Tie> = TieKind::ALL
        .into_iter()
        .map(Tie::of)
        .chain([emergency()])
        .collect();
    for role in ["analyst", "administrator", "councillor"] {
        for section in Section::ALL {
            assert!(
                !look(&worker(role, &every), &tied(&ties), section).allowed,
                "{role}"
            );
        }
    }
}

#[test]
fn a_household_tie_reaches_the_record_but_not_the_sensitive_sections() {
    let facts = tied(&[Tie::family(TieKind::Allocated)]);
    assert!(look(&social_worker(), &facts, Section::Record).allowed);
    assert!(!look(&social_worker(), &facts, Section::Sensitive).allowed);
    assert!(!look(&social_worker(), &facts, Section::ProtectedAddress).allowed);
    // A tie the worker could not use themselves reaches nobody else.
    let facts = tied(&[Tie::family(TieKind::Supervising)]);
    assert!(!look(&social_worker(), &facts, Section::Record).allowed);
}

/// Who looks after restricted records is stopped by no restriction, and sees
/// of them no more than of others; a personal connection stops them as anybody.
#[test]
fn a_restriction_is_no_bar_to_who_looks_after_restricted_records() {
    let keeper = worker("shield", &["people.search", access::SHIELD]);
    assert!(keeper.keeps_shields());
    let mut facts = tied(&[]);
    facts.bars.push(Bar::Restricted { allowed: true });
    assert!(look(&keeper, &facts, Section::Index).allowed);
    assert!(!look(&keeper, &facts, Section::Summary).allowed);
    facts.bars.push(Bar::Conflict);
    assert!(!look(&keeper, &facts, Section::Index).allowed);
}

/// Caldicott 4: who screens a contact learns who is in that family, and reads
/// nobody's record but that of the child whom the contact is about.
#[test]
fn an_open_contact_shows_who_the_family_is_and_not_their_records() {
    let screener = worker("screener", &["contact.screen"]);
    let family = tied(&[Tie::family(TieKind::OpenContact)]);
    let decision = look(&screener, &family, Section::Index);
    assert_eq!(
        decision.because,
        "A contact about somebody in their family is open at the front door."
    );
    assert!(!look(&screener, &family, Section::Record).allowed);
    assert!(!look(&social_worker(), &family, Section::Record).allowed);
    let child = tied(&[Tie::of(TieKind::OpenContact)]);
    assert!(look(&screener, &child, Section::Record).allowed);
}

/// Security, chapter 6: an open contact lets the front door read the child's
/// record and correct who the child is. Nobody writes in another team's record,
/// or sends it, because a contact came in.
#[test]
fn an_open_contact_opens_no_record_for_writing() {
    let roles = [
        worker("screener", &["contact.screen"]),
        worker(
            "team_manager",
            &["contact.screen", "case.record", "case.allocate"],
        ),
    ];
    let child = tied(&[Tie::of(TieKind::OpenContact)]);
    for who in &roles {
        assert!(look(who, &child, Section::Record).allowed);
        let may = |purpose, section| policy().decide(who, &child, purpose, section).allowed;
        assert!(may(Purpose::Write, Section::Index), "{}", who.role);
        for section in [Section::Summary, Section::Record, Section::Sensitive] {
            assert!(!may(Purpose::Write, section), "{} {section:?}", who.role);
        }
        assert!(!may(Purpose::Share, Section::Record), "{}", who.role);
    }
}

/// Breaks the shipped file in one place and returns the first problem.
fn broken(from: &str, to: &str) -> (usize, String) {
    assert!(TEXT.contains(from), "{from}");
    let text = TEXT.replacen(from, to, 1);
    let problems = Policy::parse("access.toml", &text).expect_err("it is broken");
    let words = problems[0].to_string();
    assert!(words.starts_with("access.toml:"), "{words}");
    (problems[0].line, words)
}

#[test]
fn a_mistake_is_reported_with_its_line_and_what_to_do() {
    let line = |needle: &str| 1 + TEXT.lines().position(|l| l.contains(needle)).unwrap();
    let (at, words) = broken("tie = \"co_worker\"", "tie = \"coworker\"");
    assert_eq!(at, line("tie = \"co_worker\""));
    assert!(
        words.contains("\"coworker\" is not a tie. Use one of: allocated,"),
        "{words}"
    );

    let (at, words) = broken("opens = [\"index\"]", "opens = [\"summary\"]");
    assert_eq!(at, line("opens = [\"index\"]"));
    assert!(
        words.contains("\"summary\" is opened without \"index\""),
        "{words}"
    );

    let (at, words) = broken("tie = \"oversight\"", "tie = \"oversight\"\ntied = 1");
    assert_eq!(at, 1 + line("tie = \"oversight\""));
    assert!(words.contains("tied"), "{words}");

    let (_, words) = broken("tie = \"oversight\"", "tie = \"duty\"");
    assert!(
        words.contains("No rule speaks of the tie \"oversight\""),
        "{words}"
    );
    let (_, words) = broken("needs = [\"case.oversee\"]", "needs = []");
    assert!(words.contains("\"needs\" is empty"), "{words}");
    let (_, words) = broken(
        "needs = [\"case.record\", \"case.review\"]\nopens = [\"index\", \"summary\"]",
        "needs = [\"contact.send\"]\nopens = [\"index\", \"summary\"]",
    );
    assert!(
        words.contains("A second rule for \"meeting\" and \"contact.send\""),
        "{words}"
    );
    let (_, words) = broken("through = [", "through = [\"duty\", ");
    assert!(
        words.contains("\"duty\" is not a tie that reaches a household"),
        "{words}"
    );
    let (_, words) = broken("version = 2026-11-01", "version = soon");
    assert!(words.contains("access.toml:"), "{words}");
}

/// A capability or role that the pack does not know is a rule nobody can use,
/// or a ban that bans nobody.
#[test]
fn the_policy_speaks_of_roles_and_capabilities_that_the_pack_has() {
    let roles: toml::Table = toml::from_str(include_str!("../../../packs/england/roles.toml"))
        .expect("roles.toml reads");
    let ids = |table: &str| -> Vec<String> {
        let rows = roles[table].as_array().expect("a list").iter();
        rows.map(|row| row["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let (known, roles) = (ids("capability"), ids("role"));
    for capability in policy().capabilities() {
        assert!(known.iter().any(|k| k == capability), "{capability}");
    }
    for never in policy().nevers {
        for role in never.roles {
            assert!(roles.contains(&role), "{role}");
        }
    }
}

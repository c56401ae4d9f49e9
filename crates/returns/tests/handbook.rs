//! The handbook's tables of rules are those of the program.

use std::path::Path;

use returns::core::table::markdown;

/// Compares a page of `docs/` with what the program says. To renew it:
/// `throughline returns rules --markdown --return cin > docs/returns-rules-cin.md`,
/// and the like for the others.
fn is_current(page: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(page);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == made {
        return;
    }
    let differs = kept.lines().zip(made.lines()).find(|(a, b)| a != b);
    panic!("docs/{page} is not current; the first difference is {differs:?}");
}

#[test]
fn the_table_of_cin_rules_is_current() {
    let rules = returns::cin::rules::catalogue(2026).unwrap();
    is_current("returns-rules-cin.md", &markdown("CIN census", &rules));
}

#[test]
fn the_table_of_ssda903_rules_is_current() {
    let rules = returns::ssda903::run::catalogue(2026).unwrap();
    is_current("returns-rules-ssda903.md", &markdown("SSDA903", &rules));
}

#[test]
fn the_table_of_our_checks_of_annex_a_is_current() {
    let rules = returns::annex_a::check::catalogue().unwrap();
    is_current("returns-rules-annex-a.md", &markdown("Annex A", &rules));
}

//! The table of all rules of a return with their state in a year, for the
//! handbook and the screen. Made from the texts; a test holds the handbook's
//! copy to it.

use std::fmt::Write as _;

use super::catalogue::{Catalogue, RuleState};
use super::rule::Need;

/// A rule's state in words.
pub fn state(state: &RuleState) -> String {
    match state {
        RuleState::Checked => "checked".to_owned(),
        RuleState::Needs(needs) => {
            let names: Vec<&str> = needs
                .iter()
                .map(|need| match need {
                    Need::Postcodes => "postcodes",
                    Need::Providers => "providers",
                    Need::LastYear => "last year's files",
                })
                .collect();
            format!("needs reference data: {}", names.join(", "))
        }
        RuleState::NotInYear => "not in this year".to_owned(),
    }
}

/// The table in Markdown, with its heading.
pub fn markdown<F: Copy>(title: &str, catalogue: &Catalogue<F>) -> String {
    let set = &catalogue.set;
    let states = catalogue.states();
    let mut text = format!(
        "# {title} {}: the rules and their state\n\nMade by `throughline returns rules --markdown`; a test keeps it current. Source: {}.\n\nRules in this year: {}. Each has a text with examples that are run as tests in `crates/returns/rules/`.\n\n| rule | kind | state | message | when it fails |\n|---|---|---|---|---|\n",
        set.label,
        set.source,
        catalogue.rules.len(),
    );
    for (rule, of) in states {
        let cell = |words: &str| words.replace('|', "\\|").replace('\n', " ");
        // Writing into a String cannot fail; a failure would only cut the table.
        if writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            rule.code,
            rule.kind.word(),
            state(&of),
            cell(&rule.message),
            cell(&rule.condition)
        )
        .is_err()
        {
            break;
        }
    }
    text
}

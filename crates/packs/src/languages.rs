//! Every language has the same words: what one lacks is shown in English and
//! said by the check; what no page asks for, or whose gaps differ, is a mistake.

use std::collections::BTreeSet;

use crate::dated::Versions;
use crate::front::Language;
use crate::letter::next_gap;
use crate::pack::Inner;
use crate::problem::Problem;

/// The language that all others are held against.
const WHOLE: &str = "en";

pub(crate) fn check(inner: &mut Inner, problems: &mut Vec<Problem>) {
    let newest = |versions: &Versions<Language>| versions.all().last().cloned();
    let Some(whole) = inner.languages.get(WHOLE).and_then(newest) else {
        for language in inner.languages.values().flat_map(Versions::all) {
            problems.push(Problem::at(
                &language.place,
                "there is no file of the English words to hold this language against",
                "Lay this pack over one that has languages/en.toml",
            ));
        }
        return;
    };
    for language in inner.languages.values().filter_map(newest) {
        if language.id == WHOLE {
            continue;
        }
        for (key, words) in &language.words {
            match whole.words.get(key) {
                // A door's own words are asked for by its id.
                None if key.starts_with("door.") => {}
                None => problems.push(Problem::at(
                    &language.place,
                    format!("no page has words called “{key}”"),
                    "Use the keys of languages/en.toml",
                )),
                Some(english) if gaps(english) != gaps(words) => problems.push(Problem::at(
                    &language.place,
                    format!("“{key}” has other gaps than the English words: {english}"),
                    "Write each {gap} of the English words once",
                )),
                Some(_) => {}
            }
        }
        let lacks = language.lacks(&whole);
        if !lacks.is_empty() {
            inner.warnings.push(Problem::at(
                &language.place,
                format!(
                    "{} of {} words are missing: {}",
                    lacks.len(),
                    whole.words.len(),
                    lacks.join(", ")
                ),
                "Pages show the English words in their place",
            ));
        }
    }
}

fn gaps(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, gap, after)) = next_gap(rest) {
        found.insert(gap);
        rest = after;
    }
    found
}

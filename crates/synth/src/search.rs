//! Names as people misspell them, and 200 such queries with the right child.

use serde::Serialize;

use crate::dice::Dice;
use crate::{BirthKind, Family, PersonNo};

/// A query with a mistake in it, and the child it is about (UX02: the right
/// child in the first three for 95 in 100).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Misspelt {
    /// Given name as typed.
    pub given: String,
    /// Family name as typed.
    pub family: String,
    /// Year of birth, where the searcher knew it.
    pub year: Option<i32>,
    /// The right child.
    pub child: PersonNo,
}

/// A name with one mistake: a sound written another way where there is one,
/// else a letter doubled, dropped or swapped. Never the name itself.
pub(crate) fn misspell(name: &str, dice: &mut Dice) -> String {
    const SOUNDS: [(&str, &str); 16] = [
        ("ph", "f"),
        ("ck", "k"),
        ("ee", "ie"),
        ("ei", "ie"),
        ("oh", "o"),
        ("ou", "u"),
        ("y", "i"),
        ("kh", "k"),
        ("ss", "s"),
        ("ll", "l"),
        ("sh", "ch"),
        ("z", "s"),
        ("w", "v"),
        ("aa", "a"),
        ("c", "k"),
        ("i", "y"),
    ];
    let start = dice.below(SOUNDS.len());
    if dice.chance(60) {
        for i in 0..SOUNDS.len() {
            let (right, wrong) = SOUNDS[(start + i) % SOUNDS.len()];
            // The first letter stays: people seldom get it wrong.
            if let Some(at) = name
                .char_indices()
                .nth(1)
                .and_then(|(one, _)| name[one..].find(right).map(|f| one + f))
            {
                return format!("{}{wrong}{}", &name[..at], &name[at + right.len()..]);
            }
        }
    }
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 {
        letters.push('e');
        return letters.into_iter().collect();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 => letters.insert(at, letters[at]),
        1 => {
            letters.remove(at);
        }
        _ if letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

/// `n` misspelt queries for children spread over the borough.
pub(crate) fn queries(families: &[Family], n: usize, dice: &mut Dice) -> Vec<Misspelt> {
    use chrono::Datelike;
    let children: Vec<&crate::Person> = families
        .iter()
        .flat_map(Family::children)
        .filter(|c| c.born_kind != BirthKind::Expected && c.restricted.is_none())
        .collect();
    let step = (children.len() / n).max(1);
    children
        .iter()
        .step_by(step)
        .take(n)
        .map(|child| {
            let (wrong_given, wrong_family) = match dice.below(4) {
                0 => (false, true),
                1 => (true, true),
                _ => (true, false),
            };
            let mut name = |text: &str, wrong: bool| {
                if wrong {
                    misspell(text, dice)
                } else {
                    text.to_string()
                }
            };
            let given = name(&child.given, wrong_given);
            let family = name(&child.family, wrong_family);
            Misspelt {
                given,
                family,
                year: dice.chance(70).then(|| child.born.year()),
                child: child.no,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_is_never_the_name_itself_and_keeps_its_first_letter() {
        let mut dice = Dice::new(3, 3);
        for name in [
            "Maya",
            "Ana",
            "Jo",
            "Hoi-Yan",
            "Oluwaseun",
            "Stefan",
            "Anna",
            "Ayşe",
        ] {
            for _ in 0..200 {
                let wrong = misspell(name, &mut dice);
                assert_ne!(wrong, name);
                assert_eq!(wrong.chars().next(), name.chars().next());
            }
        }
    }
}

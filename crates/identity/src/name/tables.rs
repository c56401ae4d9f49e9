//! Short names and spellings that belong together, from common knowledge of
//! names in England and in the countries people come from.
//!
//! One line of a file is one family of names, all normalised keys. In
//! `short_names.txt` the first is the whole name and the others are what people
//! are called; a short name may stand in several lines. In `spellings.txt` all
//! names of a line are one name written in several ways or languages.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// The groups that words belong to.
pub struct Tables {
    groups: FxHashMap<&'static str, Vec<u16>>,
    lines: [Vec<&'static str>; 2],
}

/// The tables: read once.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let lines = [
            include_str!("spellings.txt"),
            include_str!("short_names.txt"),
        ]
        .map(|text| text.lines().collect::<Vec<_>>());
        let mut groups: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        for (table, lines) in lines.iter().enumerate() {
            for (i, line) in lines.iter().enumerate() {
                for word in line.split(' ') {
                    groups.entry(word).or_default().push((i * 2 + table) as u16);
                }
            }
        }
        Tables { groups, lines }
    })
}

impl Tables {
    /// The groups of a word: even numbers are spellings, odd ones short names.
    pub fn groups(&self, word: &str) -> &[u16] {
        self.groups.get(word).map_or(&[], Vec::as_slice)
    }

    /// The words of a group.
    pub fn words(&self, group: u16) -> impl Iterator<Item = &'static str> {
        self.lines[usize::from(group % 2)][usize::from(group / 2)].split(' ')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_key_and_stands_once_in_its_line() {
        for lines in &tables().lines {
            for line in lines {
                let words: Vec<&str> = line.split(' ').collect();
                assert!(words.len() > 1, "{line}");
                for (i, word) in words.iter().enumerate() {
                    assert_eq!(vocabulary::name_key(word), *word, "{line}");
                    assert!(!words[..i].contains(word), "{word} twice in: {line}");
                }
            }
        }
    }
}

//! Which needs a search names. What is kept of a search is a need, never a
//! word: so no name and no trouble of anybody's can stand in a count.

use std::collections::{BTreeSet, HashMap};

use super::Found;
use super::words::{Stems, is_stop, split};

/// The most words of one phrase.
const LONGEST: usize = 4;

/// Phrases, as stems, with the needs that they name.
#[derive(Debug, Default)]
pub struct NeedWords {
    phrases: HashMap<Vec<String>, BTreeSet<usize>>,
}

impl NeedWords {
    /// From the words of each need, in the order of the needs.
    pub fn of<'a>(needs: impl IntoIterator<Item = &'a [String]>) -> NeedWords {
        let stems = Stems::default();
        let mut made = NeedWords::default();
        for (at, words) in needs.into_iter().enumerate() {
            for phrase in words {
                let cut = cut(phrase, &stems);
                if !cut.is_empty() && cut.len() <= LONGEST {
                    made.phrases.entry(cut).or_default().insert(at);
                }
            }
        }
        made
    }

    /// The needs that a search names, by their place in the list. Mistyped
    /// words count as what they were read as.
    pub fn named(&self, text: &str, found: &Found) -> BTreeSet<usize> {
        let stems = Stems::default();
        let mended: Vec<String> = split(text)
            .map(|word| {
                let read = found.read_as.iter().find(|(typed, _)| *typed == word);
                read.map_or(word.clone(), |(_, meant)| meant.clone())
            })
            .collect();
        let words = cut(&mended.join(" "), &stems);
        let mut named = BTreeSet::new();
        let mut at = 0;
        while at < words.len() {
            let longest = LONGEST.min(words.len() - at);
            let hit = (1..=longest)
                .rev()
                .find_map(|length| Some((length, self.phrases.get(&words[at..at + length])?)));
            match hit {
                Some((length, needs)) => {
                    named.extend(needs);
                    at += length;
                }
                None => at += 1,
            }
        }
        named
    }
}

fn cut(phrase: &str, stems: &Stems) -> Vec<String> {
    let words = split(phrase).filter(|word| !is_stop(word));
    words.map(|word| stems.of(&word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_known_by_its_needs_and_by_nothing_else() {
        let money = ["food bank".to_owned(), "debt".to_owned()];
        let activities = ["swimming".to_owned()];
        let book = NeedWords::of([money.as_slice(), activities.as_slice()]);
        let found = Found {
            read_as: vec![("swiming".into(), "swimming".into())],
            ..Found::default()
        };
        let named = book.named("Dana Qandili swiming and food banks please", &found);
        assert_eq!(named.into_iter().collect::<Vec<_>>(), [0, 1]);
        assert!(book.named("Dana Qandili", &found).is_empty());
    }
}

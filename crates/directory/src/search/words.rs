//! Words as people type them: without accents or capitals, cut to their stem,
//! joined to what means the same.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

/// Words that say nothing of what is wanted.
const STOP: &[&str] = &[
    "a",
    "about",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "by",
    "can",
    "do",
    "for",
    "from",
    "get",
    "has",
    "have",
    "help",
    "i",
    "in",
    "is",
    "it",
    "like",
    "me",
    "my",
    "near",
    "need",
    "needs",
    "of",
    "on",
    "or",
    "our",
    "please",
    "service",
    "services",
    "some",
    "somewhere",
    "support",
    "that",
    "the",
    "their",
    "there",
    "they",
    "this",
    "to",
    "us",
    "want",
    "we",
    "what",
    "where",
    "who",
    "with",
    "you",
    "your",
];

/// Splits a text into words: lower case, no accents, no punctuation. An
/// apostrophe joins ("children's" is "childrens").
pub fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(|word| {
            let plain = any_ascii::any_ascii(word).to_lowercase();
            plain.chars().filter(char::is_ascii_alphanumeric).collect()
        })
        .filter(|word: &String| !word.is_empty())
}

/// Whether a word says nothing of what is wanted.
pub fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// Cuts words to their stems.
pub struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Stems {
        Stems(Stemmer::create(Algorithm::English))
    }
}

impl Stems {
    /// The stem of a word: "meals" is "meal", "swimming" is "swim".
    pub fn of(&self, word: &str) -> String {
        self.0.stem(word).into_owned()
    }
}

/// What means the same: phrases of stems, by the first stem of each.
#[derive(Debug, Default, Clone)]
pub struct Synonyms {
    /// The words of each phrase, as written, and its stems.
    phrases: Vec<(String, Vec<String>)>,
    /// The groups that each phrase belongs to.
    groups: Vec<Vec<usize>>,
    by_first: HashMap<String, Vec<(usize, usize)>>,
}

/// A phrase: as it is written, and its stems.
pub type Phrase<'a> = (&'a str, &'a [String]);

impl Synonyms {
    /// From groups of words, as a practice pack holds them.
    pub fn of(groups: &[Vec<String>]) -> Synonyms {
        let stems = Stems::default();
        let mut found = Synonyms::default();
        for group in groups {
            let mut members = Vec::new();
            for phrase in group {
                let cut: Vec<String> = split(phrase).map(|w| stems.of(&w)).collect();
                let Some(first) = cut.first().cloned() else {
                    continue;
                };
                let number = found.phrases.len();
                found.phrases.push((phrase.clone(), cut));
                members.push(number);
                let places = found.by_first.entry(first).or_default();
                places.push((number, found.groups.len()));
            }
            found.groups.push(members);
        }
        // The longest phrase first: "mental health" before "health".
        for places in found.by_first.values_mut() {
            places.sort_by_key(|(phrase, _)| std::cmp::Reverse(found.phrases[*phrase].1.len()));
        }
        found
    }

    /// Every word of every phrase.
    pub fn words(&self) -> Vec<String> {
        let phrases = self.phrases.iter();
        phrases
            .flat_map(|(phrase, _)| split(phrase).collect::<Vec<_>>())
            .collect()
    }

    /// The longest phrase that begins at the front of these stems: how many
    /// stems it takes, and everything that means the same, as words and stems.
    pub fn at<'a>(&'a self, stems: &[String]) -> Option<(usize, Vec<Phrase<'a>>)> {
        let places = self.by_first.get(stems.first()?)?;
        let length = places
            .iter()
            .map(|(phrase, _)| &self.phrases[*phrase].1)
            .find(|cut| stems.starts_with(cut))?
            .len();
        let mut same: Vec<usize> = places
            .iter()
            .filter(|(phrase, _)| {
                let cut = &self.phrases[*phrase].1;
                cut.len() == length && stems.starts_with(cut)
            })
            .flat_map(|(_, group)| self.groups[*group].iter().copied())
            .collect();
        same.sort_unstable();
        same.dedup();
        let told = same
            .into_iter()
            .map(|i| (self.phrases[i].0.as_str(), self.phrases[i].1.as_slice()))
            .collect();
        Some((length, told))
    }
}

/// Minutes after midnight of a time as people write it: "9:30", "09.30",
/// "9.30am", "7pm", "19:00:00".
pub fn minutes(text: &str) -> Option<u16> {
    let plain = text.trim().to_lowercase().replace('.', ":");
    let clock = plain.split(['+', 'z']).next()?.trim();
    let (digits, half) = match clock.strip_suffix("pm") {
        Some(rest) => (rest, Some(12)),
        None => match clock.strip_suffix("am") {
            Some(rest) => (rest, Some(0)),
            None => (clock, None),
        },
    };
    let mut parts = digits.trim().split(':');
    let hour: u16 = parts.next()?.trim().parse().ok()?;
    let minute: u16 = match parts.next() {
        Some(m) => m.trim().parse().ok()?,
        None if half.is_some() => 0,
        None => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(add) => hour % 12 + add,
        None => hour,
    };
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_stand_in_order() {
        assert!(STOP.is_sorted());
    }

    #[test]
    fn words_lose_accents_capitals_and_punctuation() {
        let words: Vec<String> = split("Crèche & Children’s Café, 0-5s").collect();
        assert_eq!(words, ["creche", "childrens", "cafe", "0", "5s"]);
    }

    #[test]
    fn a_phrase_wins_over_its_first_word() {
        let same = Synonyms::of(&[
            vec!["food".into()],
            vec!["food bank".into(), "meals".into()],
        ]);
        let stems = Stems::default();
        let asked: Vec<String> = split("food bank").map(|w| stems.of(&w)).collect();
        let (length, told) = same.at(&asked).unwrap();
        assert_eq!(length, 2);
        assert!(told.iter().any(|(words, _)| *words == "meals"));
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("9:30", Some(570)),
            ("09.30", Some(570)),
            ("9.30am", Some(570)),
            ("7pm", Some(1140)),
            ("12am", Some(0)),
            ("12pm", Some(720)),
            ("19:00:00", Some(1140)),
            ("25:00", None),
            ("13pm", None),
            ("9", None),
            ("noon", None),
        ] {
            assert_eq!(minutes(text), wanted, "{text}");
        }
    }
}

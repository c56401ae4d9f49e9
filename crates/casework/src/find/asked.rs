//! What someone typed into the search field, taken apart: "maya quil 2013",
//! a date, a postcode, a number, a reference.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use vocabulary::{NhsNumber, Postcode, Upn, plain};

use super::Wanted;
use super::keys;

/// A question in parts. Empty parts were not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Words of the name in any order.
    pub words: Vec<String>,
    /// How many of them, from the front, are given names; `None` when the
    /// order says nothing.
    pub given: Option<usize>,
    /// The date of birth.
    pub born: Option<NaiveDate>,
    /// Only the year of birth.
    pub year: Option<i32>,
    /// The postcode.
    pub postcode: Option<Postcode>,
    /// NHS number, ten digits.
    pub nhs: Option<String>,
    /// Unique pupil number.
    pub upn: Option<String>,
    /// Words that may be the reference of a person or a contact.
    pub references: Vec<String>,
}

impl Asked {
    /// Takes a question apart.
    pub fn from(wanted: &Wanted) -> Asked {
        let mut asked = Asked::default();
        let given = keys::words(&wanted.given);
        if !given.is_empty() {
            asked.given = Some(given.len());
        }
        asked.words = given;
        asked.words.extend(keys::words(&wanted.family));
        asked.born = wanted.born;
        asked.read_postcode(&wanted.postcode);
        asked.read_text(&wanted.text);
        asked.words.truncate(8);
        asked
    }

    /// Whether anything was asked at all.
    pub fn is_empty(&self) -> bool {
        self == &Asked::default()
    }

    fn read_postcode(&mut self, text: &str) {
        if let Ok(postcode) = text.parse() {
            self.postcode = Some(postcode);
        }
    }

    fn read_text(&mut self, text: &str) {
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .filter(|w| !w.is_empty())
            .take(16)
            .collect();
        let mut at = 0;
        while at < words.len() {
            at += self.take(&words[at..]);
        }
    }

    /// Takes the longest thing that stands at the front, and says how many
    /// words it took.
    fn take(&mut self, words: &[&str]) -> usize {
        for n in (1..=words.len().min(3)).rev() {
            let text = words[..n].join(" ");
            if self.take_number(&text) {
                return n;
            }
        }
        let word = words[0];
        if let Some(year) = year(word) {
            self.year = Some(year);
        } else {
            let short_id = word.len() == 8 && word.chars().all(|c| c.is_ascii_hexdigit());
            if short_id || (word.len() >= 6 && word.chars().any(|c| c.is_ascii_digit())) {
                self.references.push(word.to_uppercase());
            }
            self.words.extend(keys::words(word));
        }
        1
    }

    fn take_number(&mut self, text: &str) -> bool {
        if let Some(day) = plain::read_date(text) {
            self.born = Some(day);
        } else if let Ok(number) = text.parse::<NhsNumber>() {
            self.nhs = Some(number.digits());
        } else if let Ok(number) = text.parse::<Upn>() {
            self.upn = Some(number.as_str().to_owned());
        } else if let Ok(postcode) = text.parse::<Postcode>() {
            self.postcode = Some(postcode);
        } else {
            return false;
        }
        true
    }

    /// The keys that make a candidate.
    pub fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for word in &self.words {
            keys::of_word(word, &mut keys);
        }
        if self.words.len() > 1 {
            for pair in self.words.windows(2) {
                keys::of_word(&pair.concat(), &mut keys);
            }
        }
        if let Some(born) = self.born {
            keys::of_birth_asked(born, &mut keys);
        }
        if let Some(year) = self.year {
            keys.insert(format!("y:{year}"));
        }
        if let Some(nhs) = &self.nhs {
            keys.insert(format!("n:{nhs}"));
        }
        if let Some(upn) = &self.upn {
            keys.insert(format!("u:{upn}"));
        }
        for reference in &self.references {
            keys.insert(format!("r:{reference}"));
        }
        keys
    }
}

/// A year in which someone alive may be born.
fn year(word: &str) -> Option<i32> {
    let this_year = crate::time::today().year();
    let year: i32 = word.parse().ok()?;
    (word.len() == 4 && (1900..=this_year + 1).contains(&year)).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Asked {
        Asked::from(&Wanted {
            text: text.into(),
            ..Wanted::default()
        })
    }

    #[test]
    fn free_text_is_taken_apart() {
        let asked = text("maya quil 2013");
        assert_eq!(asked.words, ["maya", "quil"]);
        assert_eq!(asked.year, Some(2013));
        let asked = text("Maya 27 3 2013 lk1 4ab");
        assert_eq!(asked.words, ["maya"]);
        assert_eq!(asked.born, NaiveDate::from_ymd_opt(2013, 3, 27));
        assert_eq!(
            asked.postcode.map(|p| p.to_string()).as_deref(),
            Some("LK1 4AB")
        );
        let asked = text("27/03/2013");
        assert!(asked.words.is_empty() && asked.born.is_some());
        let number = NhsNumber::invented(1).expect("an invented number");
        assert_eq!(text(&number.to_string()).nhs, Some(number.digits()));
        assert_eq!(text("3f9a01bc").references, ["3F9A01BC"]);
        assert!(text("  ").is_empty());
    }
}

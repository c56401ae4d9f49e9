//! The keys under which a person is found: sounds, beginnings and one-letter
//! slips of every name, the parts of the date of birth, and numbers.
//!
//! A key is a letter that says what it is, a colon, and the text. Both sides
//! make keys the same way; what is shared makes a candidate when somebody is
//! added, and the identity engine decides.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use record::model::{Person, PersonName};
use rphonetic::DoubleMetaphone;
use vocabulary::name_key;

/// How much of a name makes slip keys: mistakes behind it change nothing.
const SLIP: usize = 6;

/// The parts of a name as they are compared: "Zoë O’Connor-Łuck" is zoe,
/// oconnor and luck.
pub fn words(name: &str) -> Vec<String> {
    name_key(name)
        .split(' ')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How a word sounds: two codes, which are often the same. Empty for a word
/// without letters.
pub fn sounds(word: &str) -> Vec<String> {
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.is_empty() {
        return Vec::new();
    }
    let sound = DoubleMetaphone::default().double_metaphone(&letters);
    let mut codes = vec![sound.primary(), sound.alternate()];
    codes.dedup();
    codes.retain(|c| !c.is_empty());
    codes
}

/// The keys of one word of a name.
pub fn of_word(word: &str, keys: &mut BTreeSet<String>) {
    for code in sounds(word) {
        keys.insert(format!("s:{code}"));
    }
    let letters: Vec<char> = word.chars().collect();
    if letters.len() >= 3 {
        keys.insert(format!("p:{}", letters[..3].iter().collect::<String>()));
    }
    // Two names that differ by one letter share the name without that letter.
    let short = &letters[..letters.len().min(SLIP)];
    keys.insert(format!("d:{}", short.iter().collect::<String>()));
    if letters.len() >= 3 {
        for out in 0..short.len() {
            let left = letters
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != out)
                .map(|(_, c)| *c);
            keys.insert(format!("d:{}", left.take(SLIP - 1).collect::<String>()));
        }
        keys.insert(format!(
            "d:{}",
            letters.iter().take(SLIP - 1).collect::<String>()
        ));
    }
}

/// The keys of a date of birth.
pub fn of_birth(born: NaiveDate, keys: &mut BTreeSet<String>) {
    keys.insert(format!("b:{born}"));
    keys.insert(format!("m:{}", born.format("%m-%d")));
    keys.insert(format!("y:{}", born.year()));
}

/// The keys of a date as someone gave it: also with day and month swapped, and
/// with one digit off.
pub fn of_birth_asked(born: NaiveDate, keys: &mut BTreeSet<String>) {
    of_birth(born, keys);
    if let Some(swapped) = swapped(born) {
        of_birth(swapped, keys);
    }
    for near in one_digit_off(born) {
        keys.insert(format!("b:{near}"));
    }
}

/// Day and month changed for one another, where that is another real day.
pub fn swapped(born: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(born.year(), born.day(), born.month()).filter(|other| *other != born)
}

/// Every real day that differs in one digit, or has two neighbouring digits of
/// its year changed for one another.
pub fn one_digit_off(born: NaiveDate) -> Vec<NaiveDate> {
    let digits: Vec<char> = born.format("%Y%m%d").to_string().chars().collect();
    let mut near = Vec::new();
    let mut read = |digits: &[char]| {
        let text: String = digits.iter().collect();
        if let Ok(day) = NaiveDate::parse_from_str(&text, "%Y%m%d")
            && day != born
        {
            near.push(day);
        }
    };
    for at in 0..digits.len() {
        for digit in '0'..='9' {
            let mut other = digits.clone();
            other[at] = digit;
            read(&other);
        }
    }
    for at in 0..3 {
        let mut other = digits.clone();
        other.swap(at, at + 1);
        read(&other);
    }
    near
}

/// Every key of a person and their other names.
pub fn of_person(person: &Person, also: &[PersonName]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut names = vec![person.given.as_str(), person.family_name.as_str()];
    names.extend(person.known_as.as_deref());
    for name in also {
        names.push(&name.given);
        names.push(&name.family_name);
    }
    for name in names {
        let parts = words(name);
        for word in &parts {
            of_word(word, &mut keys);
        }
        if parts.len() > 1 {
            of_word(&parts.concat(), &mut keys);
        }
    }
    if let Some(born) = person.born_on {
        of_birth(born, &mut keys);
    }
    if let Some(number) = &person.nhs_number {
        keys.insert(format!("n:{}", digits(number)));
    }
    if let Some(number) = &person.upn {
        keys.insert(format!("u:{}", number.trim().to_uppercase()));
    }
    keys.insert(format!("r:{}", reference(person)));
    keys
}

/// The short reference to read out on the telephone, as the child's header
/// shows it: the last eight characters of the identifier.
pub fn reference(person: &Person) -> String {
    reference_of(person.id.as_str())
}

/// The same of an identifier.
pub fn reference_of(id: &str) -> String {
    id.get(28..).unwrap_or(id).to_uppercase()
}

/// Only the digits of a number that people write with spaces.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(one: &str, other: &str) -> bool {
        let (mut a, mut b) = (BTreeSet::new(), BTreeSet::new());
        of_word(one, &mut a);
        of_word(other, &mut b);
        a.intersection(&b).next().is_some()
    }

    #[test]
    fn names_that_sound_alike_or_differ_by_a_slip_share_a_key() {
        for (right, wrong) in [
            ("quill", "kwil"),
            ("stephen", "stefen"),
            ("shanice", "chanice"),
            ("ana", "aana"),
            ("maya", "amya"),
            ("wanda", "vanda"),
            ("okonkwo", "okonkow"),
            ("maya", "mya"),
        ] {
            assert!(share(right, wrong), "{right} {wrong}");
        }
        assert!(!share("maya", "desmond"));
    }

    #[test]
    fn a_day_has_its_neighbours() {
        let born = NaiveDate::from_ymd_opt(2013, 4, 5).unwrap_or_default();
        let near = one_digit_off(born);
        for day in [(2013, 4, 6), (2014, 4, 5), (2013, 5, 5), (2031, 4, 5)] {
            let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap_or_default();
            assert!(near.contains(&day), "{day}");
        }
        assert!(!near.contains(&born));
        let twin = NaiveDate::from_ymd_opt(2013, 5, 4);
        assert_eq!(swapped(born), twin);
        let none = NaiveDate::from_ymd_opt(2013, 4, 25).unwrap_or_default();
        assert_eq!(swapped(none), None);
    }
}

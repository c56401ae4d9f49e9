//! What a search needs not know. People type their whole trouble into a search
//! box: a postcode, a telephone number, an e-mail address. None of them finds
//! a service, and none of them may stand in an address, a log or a count.

use vocabulary::Postcode;

/// So many digits in a row, spaces and dashes left out, are a number of
/// somebody's: a telephone, an NHS number, a date of birth.
const A_NUMBER: usize = 6;

/// Words without what is private in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// What is left.
    pub text: String,
    /// The first full postcode among what was taken out.
    pub postcode: Option<Postcode>,
    /// Whether anything was taken out.
    pub taken: bool,
}

/// Takes full postcodes, e-mail addresses and long numbers out of what
/// somebody typed.
pub fn scrub(typed: &str) -> Scrubbed {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut found = Scrubbed::default();
    let mut at = 0;
    while at < words.len() {
        let (length, postcode) = private(&words[at..]);
        if length == 0 {
            kept.push(words[at]);
            at += 1;
        } else {
            found.taken = true;
            found.postcode = found.postcode.or(postcode);
            at += length;
        }
    }
    found.text = if found.taken {
        kept.join(" ")
    } else {
        typed.trim().to_owned()
    };
    found
}

/// How many words at the front are private.
fn private(words: &[&str]) -> (usize, Option<Postcode>) {
    let bare =
        |word: &str| -> String { word.chars().filter(char::is_ascii_alphanumeric).collect() };
    let mut joined = String::new();
    for (count, word) in words.iter().take(2).enumerate() {
        joined.push_str(&bare(word));
        if let Ok(code) = joined.parse::<Postcode>() {
            return (count + 1, Some(code));
        }
    }
    if words[0].contains('@') {
        return (1, None);
    }
    let is_number = |word: &&&str| {
        word.chars().any(|c| c.is_ascii_digit())
            && word
                .chars()
                .all(|c| c.is_ascii_digit() || "+()-./,:#".contains(c))
    };
    let run = words.iter().take_while(is_number).count();
    let digits: usize = words[..run]
        .iter()
        .map(|w| w.chars().filter(char::is_ascii_digit).count())
        .sum();
    if digits >= A_NUMBER {
        return (run, None);
    }
    // Digits grown into a word: "tel:01632960001".
    let grown = words[0].chars().filter(char::is_ascii_digit).count();
    (usize::from(grown >= A_NUMBER), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_numbers_and_addresses_are_taken_out() {
        for (typed, left, code) in [
            (
                "food near LK5 5AB please",
                "food near please",
                Some("LK5 5AB"),
            ),
            ("lk55ab", "", Some("LK5 5AB")),
            (
                "ring me on 01632 960 001 about sleep",
                "ring me on about sleep",
                None,
            ),
            ("tel:01632960001 sleep", "sleep", None),
            ("my baby born 12/03/2026", "my baby born", None),
            ("943 476 5919", "", None),
            ("write to dana@example.org, debt", "write to debt", None),
        ] {
            let found = scrub(typed);
            assert_eq!(found.text, left, "{typed}");
            assert_eq!(
                found.postcode.as_ref().map(Postcode::as_str),
                code,
                "{typed}"
            );
            assert!(found.taken);
        }
    }

    #[test]
    fn what_finds_a_service_stays() {
        for typed in [
            "ages 5 to 11",
            "LK5",
            "under 5s",
            "key stage 2",
            "0-19 team",
            "stay and play",
        ] {
            let found = scrub(typed);
            assert_eq!(found.text, typed);
            assert!(!found.taken, "{typed}");
        }
    }
}

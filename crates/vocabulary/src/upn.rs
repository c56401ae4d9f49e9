//! The unique pupil number: a check letter, three digits of the council that
//! gave it, and nine more characters. The last may be a letter when the number
//! is temporary. The rule is the CIN census's rule 1510 (check letter) with
//! 1540 and 1550 (shape).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The check letters in the order of the remainders 0 to 22: no I, O or S.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// A valid unique pupil number, 13 characters in upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Upn([u8; 13]);

/// Why a text is not a unique pupil number, in words for who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadUpn {
    /// Not one letter and twelve digits (the last may be a letter).
    #[error("A unique pupil number is one letter and 12 digits, like H801200001001")]
    Shape,
    /// The first letter does not follow from the other twelve characters.
    #[error("This unique pupil number has a mistake in it: check each character")]
    CheckLetter,
}

impl Upn {
    /// The check letter for the twelve characters after it; `None` when they
    /// have the wrong shape.
    fn check_letter(twelve: &[u8]) -> Option<u8> {
        let mut sum = 0usize;
        for (i, c) in twelve.iter().enumerate() {
            let position = i + 2;
            let value = match c {
                b'0'..=b'9' => usize::from(c - b'0'),
                _ if position == 13 => LETTERS.iter().position(|letter| letter == c)?,
                _ => return None,
            };
            sum += value * position;
        }
        (twelve.len() == 12).then(|| LETTERS[sum % 23])
    }

    /// The number for a council's three-digit code and a running number, for
    /// invented data. `None` when either is too big.
    pub fn invented(council: u16, n: u32) -> Option<Self> {
        if council > 999 || n > 999_999_999 {
            return None;
        }
        let rest = format!("{council:03}{n:09}");
        let letter = Self::check_letter(rest.as_bytes())?;
        format!("{}{rest}", char::from(letter)).parse().ok()
    }

    /// The number's text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a pupil number is ASCII")
    }

    /// The three-digit code of the council that gave the number.
    pub fn council(&self) -> &str {
        &self.as_str()[1..4]
    }

    /// Whether the number is temporary (ends in a letter).
    pub fn is_temporary(&self) -> bool {
        self.0[12].is_ascii_alphabetic()
    }
}

impl FromStr for Upn {
    type Err = BadUpn;

    /// Reads a number in either case; spaces are ignored.
    fn from_str(text: &str) -> Result<Self, BadUpn> {
        let mut characters = [0u8; 13];
        let mut count = 0;
        for c in text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}')) {
            if count == 13 || !c.is_ascii_alphanumeric() {
                return Err(BadUpn::Shape);
            }
            characters[count] = c.to_ascii_uppercase() as u8;
            count += 1;
        }
        if count != 13 || !characters[0].is_ascii_alphabetic() {
            return Err(BadUpn::Shape);
        }
        match Self::check_letter(&characters[1..]) {
            None => Err(BadUpn::Shape),
            Some(letter) if letter == characters[0] => Ok(Self(characters)),
            Some(_) => Err(BadUpn::CheckLetter),
        }
    }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl TryFrom<String> for Upn {
    type Error = BadUpn;
    fn try_from(text: String) -> Result<Self, BadUpn> {
        text.parse()
    }
}
impl From<Upn> for String {
    fn from(upn: Upn) -> String {
        upn.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn worked_example() {
        // 8x2 + 0x3 + 1x4 + 2x5 + 1x10 + 1x13 = 53; 53 mod 23 = 7, the eighth letter.
        let upn: Upn = "h801200001001".parse().unwrap();
        assert_eq!(upn.to_string(), "H801200001001");
        assert_eq!(upn.council(), "801");
        assert!(!upn.is_temporary());
    }

    #[test]
    fn mistakes_are_found() {
        assert_eq!("A801200001001".parse::<Upn>(), Err(BadUpn::CheckLetter));
        assert_eq!("H80120000100".parse::<Upn>(), Err(BadUpn::Shape));
        assert_eq!("1801200001001".parse::<Upn>(), Err(BadUpn::Shape));
        assert_eq!("H8012000A1001".parse::<Upn>(), Err(BadUpn::Shape));
        assert_eq!("H80120000100S".parse::<Upn>(), Err(BadUpn::Shape));
    }

    proptest! {
        #[test]
        fn invented_numbers_read_back(council in 0u16..1000, n in 0u32..1_000_000_000) {
            let upn = Upn::invented(council, n).unwrap();
            prop_assert_eq!(upn.as_str().parse(), Ok(upn));
        }

        #[test]
        fn one_wrong_digit_is_always_found(n in 0u32..1_000_000_000, place in 1usize..13, add in 1u8..10) {
            let upn = Upn::invented(925, n).unwrap();
            let mut text = upn.as_str().as_bytes().to_vec();
            text[place] = b'0' + (text[place] - b'0' + add) % 10;
            prop_assert_eq!(String::from_utf8(text).unwrap().parse::<Upn>(), Err(BadUpn::CheckLetter));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,30}") {
            if let Ok(upn) = text.parse::<Upn>() {
                prop_assert_eq!(upn.as_str().len(), 13);
            }
        }
    }
}

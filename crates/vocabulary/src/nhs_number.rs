//! The NHS number: ten digits, the last a check digit by weights 10 to 2
//! modulo 11 (NHS Data Dictionary, "NHS NUMBER").

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A valid NHS number. Shown in the usual 3-3-4 groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NhsNumber([u8; 10]);

/// Why a text is not an NHS number, in words for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNhsNumber {
    /// Something other than ten digits was typed.
    #[error("An NHS number has 10 digits, like 485 777 3456")]
    Shape,
    /// The tenth digit does not follow from the first nine.
    #[error("This NHS number has a mistake in it: check each digit")]
    CheckDigit,
}

impl NhsNumber {
    /// The number with this nine-digit beginning; `None` when no NHS number
    /// begins so (about one beginning in eleven has no check digit).
    fn from_nine(nine: [u8; 9]) -> Option<Self> {
        let sum: u32 = nine
            .iter()
            .zip((2..=10).rev())
            .map(|(d, weight)| u32::from(*d) * weight)
            .sum();
        let check = match 11 - sum % 11 {
            11 => 0,
            10 => return None,
            digit => digit as u8,
        };
        let mut digits = [0; 10];
        digits[..9].copy_from_slice(&nine);
        digits[9] = check;
        Some(Self(digits))
    }

    /// An invented number in the 999 range, which is kept for testing and
    /// never given to anyone. `None` for the few that have no check digit and
    /// for `n` over 999,999.
    pub fn invented(n: u32) -> Option<Self> {
        if n > 999_999 {
            return None;
        }
        let mut nine = [9; 9];
        let mut rest = n;
        for place in (3..9).rev() {
            nine[place] = (rest % 10) as u8;
            rest /= 10;
        }
        Self::from_nine(nine)
    }

    /// Whether the number is in the range kept for testing.
    pub fn is_for_testing(&self) -> bool {
        self.0[..3] == [9, 9, 9]
    }

    /// The ten digits without spaces, as they are stored and compared.
    pub fn digits(&self) -> String {
        self.0.iter().map(|d| char::from(b'0' + d)).collect()
    }
}

impl FromStr for NhsNumber {
    type Err = BadNhsNumber;

    /// Reads ten digits; spaces and dashes between them are ignored.
    fn from_str(text: &str) -> Result<Self, BadNhsNumber> {
        let mut digits = [0u8; 10];
        let mut count = 0;
        for c in text.chars() {
            match c {
                '0'..='9' if count < 10 => {
                    digits[count] = c as u8 - b'0';
                    count += 1;
                }
                ' ' | '-' | '\u{a0}' | '\u{2011}' => {}
                _ => return Err(BadNhsNumber::Shape),
            }
        }
        if count != 10 {
            return Err(BadNhsNumber::Shape);
        }
        let mut nine = [0; 9];
        nine.copy_from_slice(&digits[..9]);
        match Self::from_nine(nine) {
            Some(number) if number.0 == digits && digits != [0; 10] => Ok(number),
            _ => Err(BadNhsNumber::CheckDigit),
        }
    }
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.digits();
        write!(f, "{} {} {}", &d[..3], &d[3..6], &d[6..])
    }
}

impl TryFrom<String> for NhsNumber {
    type Error = BadNhsNumber;
    fn try_from(text: String) -> Result<Self, BadNhsNumber> {
        text.parse()
    }
}
impl From<NhsNumber> for String {
    fn from(number: NhsNumber) -> String {
        number.digits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_example_is_valid() {
        // 943 476 5919 is the NHS Data Dictionary's worked example.
        let number: NhsNumber = "943-476 5919".parse().unwrap();
        assert_eq!(number.to_string(), "943 476 5919");
        assert_eq!(number.digits(), "9434765919");
    }

    #[test]
    fn mistakes_are_found() {
        assert_eq!(
            "943 476 5918".parse::<NhsNumber>(),
            Err(BadNhsNumber::CheckDigit)
        );
        assert_eq!("943 476 591".parse::<NhsNumber>(), Err(BadNhsNumber::Shape));
        assert_eq!(
            "943 476 59199".parse::<NhsNumber>(),
            Err(BadNhsNumber::Shape)
        );
        assert_eq!(
            "0000000000".parse::<NhsNumber>(),
            Err(BadNhsNumber::CheckDigit)
        );
        assert_eq!("९४३४७६५९१९".parse::<NhsNumber>(), Err(BadNhsNumber::Shape));
    }

    proptest! {
        #[test]
        fn invented_numbers_are_valid_and_read_back(n in 0u32..1_000_000) {
            if let Some(number) = NhsNumber::invented(n) {
                prop_assert!(number.is_for_testing());
                prop_assert_eq!(number.to_string().parse(), Ok(number));
            }
        }

        // Weights modulo a prime find every single wrong digit and every swap
        // of two neighbours.
        #[test]
        fn one_wrong_digit_is_always_found(n in 0u32..1_000_000, place in 0usize..10, add in 1u8..10) {
            if let Some(number) = NhsNumber::invented(n) {
                let mut digits = number.digits().into_bytes();
                digits[place] = b'0' + (digits[place] - b'0' + add) % 10;
                let text = String::from_utf8(digits).unwrap();
                prop_assert!(text.parse::<NhsNumber>().is_err());
            }
        }
    }
}

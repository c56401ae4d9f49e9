//! The postcode: its shape by the Royal Mail's rules (which letters may stand
//! where), not whether it exists. Always shown in upper case with one space.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A postcode of the right shape, such as "SW1A 1AA".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

/// The text is not shaped like a postcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Enter a full postcode, like LM4 7QT")]
pub struct BadPostcode;

impl Postcode {
    /// The first half: "SW1A".
    pub fn outcode(&self) -> &str {
        &self.0[..self.0.len() - 4]
    }

    /// The second half: "1AA".
    pub fn incode(&self) -> &str {
        &self.0[self.0.len() - 3..]
    }

    /// The sector: the first half and the next digit, "SW1A 1". Some hundreds
    /// of homes, so it can be counted by but not used to find one.
    pub fn sector(&self) -> &str {
        &self.0[..self.0.len() - 2]
    }

    /// The text, as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the first half has one of the six shapes, and the letters that may
/// stand there.
fn outcode_is_good(out: &[u8]) -> bool {
    let first = |c: &u8| c.is_ascii_uppercase() && !b"QVX".contains(c);
    let second = |c: &u8| c.is_ascii_uppercase() && !b"IJZ".contains(c);
    let digit = u8::is_ascii_digit;
    match out {
        b"GIR" => true,
        [a, d] => first(a) && digit(d),
        [a, d, x] if digit(d) => first(a) && (digit(x) || b"ABCDEFGHJKPSTUW".contains(x)),
        [a, b, d] => first(a) && second(b) && digit(d),
        [a, b, d, x] => {
            first(a) && second(b) && digit(d) && (digit(x) || b"ABEHMNPRVWXY".contains(x))
        }
        _ => false,
    }
}

impl FromStr for Postcode {
    type Err = BadPostcode;

    /// Reads a postcode in any case, with spaces anywhere or none.
    fn from_str(text: &str) -> Result<Self, BadPostcode> {
        let mut plain = String::with_capacity(8);
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if !c.is_ascii_alphanumeric() || plain.len() == 7 {
                return Err(BadPostcode);
            }
            plain.push(c.to_ascii_uppercase());
        }
        if plain.len() < 5 {
            return Err(BadPostcode);
        }
        let (out, inner) = plain.split_at(plain.len() - 3);
        let letter = |c: &u8| c.is_ascii_uppercase() && !b"CIKMOV".contains(c);
        let inner_is_good =
            matches!(inner.as_bytes(), [d, a, b] if d.is_ascii_digit() && letter(a) && letter(b));
        if !inner_is_good || !outcode_is_good(out.as_bytes()) {
            return Err(BadPostcode);
        }
        Ok(Self(format!("{out} {inner}")))
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Postcode {
    type Error = BadPostcode;
    fn try_from(text: String) -> Result<Self, BadPostcode> {
        text.parse()
    }
}
impl From<Postcode> for String {
    fn from(postcode: Postcode) -> String {
        postcode.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_shape_is_read() {
        for (typed, shown, sector) in [
            ("m11ae", "M1 1AE", "M1 1"),
            ("B33 8TH", "B33 8TH", "B33 8"),
            (" cr2 6xh ", "CR2 6XH", "CR2 6"),
            ("DN551PT", "DN55 1PT", "DN55 1"),
            ("w1a1hq", "W1A 1HQ", "W1A 1"),
            ("EC1A 1BB", "EC1A 1BB", "EC1A 1"),
            ("GIR 0AA", "GIR 0AA", "GIR 0"),
        ] {
            let postcode: Postcode = typed.parse().unwrap();
            assert_eq!(postcode.as_str(), shown);
            assert_eq!(postcode.sector(), sector);
            assert_eq!(
                format!("{} {}", postcode.outcode(), postcode.incode()),
                shown
            );
        }
    }

    #[test]
    fn what_cannot_be_a_postcode_is_refused() {
        for bad in [
            "",
            "M1",
            "Q1 1AA",
            "M1 1CE",
            "1M1 1AE",
            "M111 1AE",
            "AA1I 1AA",
            "SW1A-1AA",
            "ＳＷ1A 1AA",
        ] {
            assert_eq!(bad.parse::<Postcode>(), Err(BadPostcode), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_stable(text in "[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}") {
            if let Ok(postcode) = text.parse::<Postcode>() {
                prop_assert_eq!(postcode.to_string().parse(), Ok(postcode.clone()));
                prop_assert_eq!(postcode.as_str().replace(' ', "").to_lowercase().parse(), Ok(postcode));
            }
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,20}") {
            if let Ok(postcode) = text.parse::<Postcode>() {
                prop_assert!(postcode.sector().len() >= 4);
            }
        }
    }
}

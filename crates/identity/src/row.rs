//! One record as numbers: what is compared, 64 bytes, the same in memory and
//! in the files of an index.

use vocabulary::{NhsNumber, Sex, Upn};

use crate::dob::Dob;
use crate::home::Home;
use crate::name::{NameId, Names};

/// One record, or one name and home of a child in time. It fills one line of
/// the processor's cache and never two: linking waits for little else than for
/// rows to come from memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(align(64))]
pub struct Row {
    /// Given names as one field.
    pub given: NameId,
    /// Middle names or initials.
    pub middle: NameId,
    /// Family name.
    pub family: NameId,
    /// Date of birth.
    pub dob: Dob,
    /// NHS number: packed by [`nhs`], 0 if none.
    pub nhs: u64,
    /// Unique pupil number: packed by [`upn`], 0 if none.
    pub upn: u64,
    /// Home.
    pub home: Home,
    /// School, 0 if not known.
    pub school: u32,
    /// Names of up to two parents or carers.
    pub parents: [NameId; 2],
    /// 0 not known, 1 female, 2 male.
    pub sex: u8,
}

/// The names that rows refer to.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Given, middle and family names.
    pub names: Names,
    /// Streets, schools.
    pub streets: Names,
}

/// What a source says of one record, as text. Empty is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source<'a> {
    /// Given names.
    pub given: &'a [u8],
    /// Middle names or initials.
    pub middle: &'a [u8],
    /// Family name.
    pub family: &'a [u8],
    /// Date of birth.
    pub dob: &'a [u8],
    /// Sex or gender: M, F, male, 1, 2.
    pub sex: &'a [u8],
    /// Address line.
    pub address: &'a [u8],
    /// Postcode.
    pub postcode: &'a [u8],
    /// NHS number.
    pub nhs: &'a [u8],
    /// Unique pupil number.
    pub upn: &'a [u8],
    /// School, by any stable text.
    pub school: &'a [u8],
    /// A parent's whole name.
    pub parent: &'a [u8],
    /// Another parent's.
    pub parent2: &'a [u8],
}

/// Packs an NHS number: the ten digits, and bit 40 when the check digit is
/// right. Anything that has not ten digits is no number.
pub fn nhs(text: &[u8]) -> u64 {
    let mut digits = [0u8; 10];
    let mut n = 0;
    for b in text {
        match b {
            b'0'..=b'9' if n < 10 => {
                digits[n] = b - b'0';
                n += 1;
            }
            b' ' | b'-' => {}
            _ => return 0,
        }
    }
    if n != 10 {
        return 0;
    }
    let number = digits.iter().fold(0u64, |v, d| v * 10 + u64::from(*d));
    // The sum that NhsNumber::from_str computes; here without its allocations,
    // and held equal to it by a test.
    let sum: u32 = digits
        .iter()
        .zip((1..=10).rev())
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    if number == 0 {
        return 0;
    }
    number | u64::from(sum.is_multiple_of(11)) << 40
}

/// Packs a typed NHS number.
pub fn nhs_of(number: &NhsNumber) -> u64 {
    nhs(number.digits().as_bytes())
}

/// Whether a packed number has its check digit right.
pub fn nhs_is_valid(packed: u64) -> bool {
    packed >> 40 == 1
}

/// Packs a unique pupil number: its thirteen characters in base 36; 0 unless
/// its check letter is right.
pub fn upn(text: &[u8]) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return 0;
    };
    match text.parse::<Upn>() {
        Ok(upn) => upn_of(&upn),
        Err(_) => 0,
    }
}

/// Packs a typed unique pupil number: the letter and the last character six
/// bits each, the eleven digits between them 37.
pub fn upn_of(upn: &Upn) -> u64 {
    let text = upn.as_str().as_bytes();
    let digits = text[1..12]
        .iter()
        .fold(0u64, |v, b| v * 10 + u64::from(b - b'0'));
    u64::from(text[0] - b'0') << 48 | u64::from(text[12] - b'0') << 40 | digits
}

/// A sex as 0, 1 or 2.
pub fn sex(text: &[u8]) -> u8 {
    match text.trim_ascii().first().map(|b| b.to_ascii_lowercase()) {
        Some(b'f' | b'w' | b'g' | b'2') => 1,
        Some(b'm' | b'b' | b'1') => 2,
        _ => 0,
    }
}

/// A typed sex as 0, 1 or 2.
pub fn sex_of(sex: Sex) -> u8 {
    match sex {
        Sex::Unknown => 0,
        Sex::Female => 1,
        Sex::Male => 2,
    }
}

impl Row {
    /// Reads a source. A date of birth that is no date reads as not known;
    /// callers that must tell use [`Dob::read`] themselves.
    pub fn read(source: &Source<'_>, lists: &mut Lists) -> Self {
        let [given, middle, family, parent, parent2] = lists.names.read_all([
            source.given,
            source.middle,
            source.family,
            source.parent,
            source.parent2,
        ]);
        Self {
            given,
            middle,
            family,
            dob: Dob::read(source.dob).unwrap_or_default(),
            nhs: nhs(source.nhs),
            upn: upn(source.upn),
            home: Home::read(source.address, source.postcode, &mut lists.streets),
            school: lists.streets.read(source.school),
            parents: [parent, parent2],
            sex: sex(source.sex),
        }
    }

    /// The row as it is kept in files.
    pub fn to_words(&self) -> [u64; 8] {
        let pair = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
        [
            pair(self.given, self.middle),
            pair(self.family, self.dob.0),
            self.nhs | u64::from(self.sex) << 48,
            self.upn,
            self.home.postcode,
            pair(
                self.home.street,
                u32::from(self.home.number) << 16 | u32::from(self.home.flat),
            ),
            pair(self.school, self.parents[0]),
            u64::from(self.parents[1]),
        ]
    }

    /// The row from a file.
    pub fn from_words(words: &[u64; 8]) -> Self {
        let high = |w: u64| (w >> 32) as u32;
        let low = |w: u64| w as u32;
        Self {
            given: high(words[0]),
            middle: low(words[0]),
            family: high(words[1]),
            dob: Dob(low(words[1])),
            nhs: words[2] & 0xffff_ffff_ffff,
            upn: words[3],
            home: Home {
                street: high(words[5]),
                number: (low(words[5]) >> 16) as u16,
                flat: low(words[5]) as u16,
                postcode: words[4],
            },
            school: high(words[6]),
            parents: [low(words[6]), low(words[7])],
            sex: (words[2] >> 48) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_check_of_a_number_is_the_vocabulary_s(digits in "[0-9]{10}", shift in 0u32..1_000_000) {
            prop_assert_eq!(nhs_is_valid(nhs(digits.as_bytes())), digits.parse::<NhsNumber>().is_ok());
            if let Some(number) = NhsNumber::invented(shift) {
                prop_assert!(nhs_is_valid(nhs(number.to_string().as_bytes())));
                prop_assert_eq!(nhs_of(&number), nhs(number.digits().as_bytes()));
            }
        }

        #[test]
        fn pupil_numbers_stay_distinct(a in 0u32..1000, b in 0u32..1000) {
            let (x, y) = (Upn::invented(801, a), Upn::invented(801, b));
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert_eq!(upn_of(&x) == upn_of(&y), x == y);
            }
        }

        #[test]
        fn rows_read_back(given: u32, dob: u32, nhs in 0u64..1 << 41, number: u16, flat: u16, street: u32, sex in 0u8..3, parents: [u32; 2]) {
            let row = Row { given, dob: Dob(dob), nhs, sex, parents, school: given,
                home: Home { street, number, flat, postcode: nhs }, upn: nhs, middle: dob, family: street };
            prop_assert_eq!(Row::from_words(&row.to_words()), row);
        }
    }
}

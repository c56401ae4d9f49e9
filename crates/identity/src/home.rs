//! Where somebody lives, as it is compared: flat, house number, street and
//! postcode, however the line was written.

use serde::{Deserialize, Serialize};

use crate::name::{How, NameId, Names};

/// A home taken apart. Zeros are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Home {
    /// The street (or whatever words the line has), in a [`Names`].
    pub street: NameId,
    /// House number; with a letter behind it, the letter is in the upper bits.
    pub number: u16,
    /// Flat number or letter.
    pub flat: u16,
    /// Postcode: packed by [`postcode`].
    pub postcode: u64,
}

/// How two homes stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeLevel {
    /// One of them is not known.
    Missing,
    /// The same house and postcode.
    Same,
    /// The same house; the postcode is missing, part of the other or one slip off.
    SameHouse,
    /// The same house number and street with another postcode.
    SameLine,
    /// The same postcode; the line is missing or its number is a slip off.
    SamePostcode,
    /// The same street or building, another number or flat.
    Neighbour,
    /// The same postcode, another street.
    PostcodeOnly,
    /// Only the first part of the postcode is the same.
    Area,
    /// Different.
    Different,
}

impl HomeLevel {
    /// All levels, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Missing,
        Self::Same,
        Self::SameHouse,
        Self::SameLine,
        Self::SamePostcode,
        Self::Neighbour,
        Self::PostcodeOnly,
        Self::Area,
        Self::Different,
    ];

    /// Whether it is one household, as far as addresses can tell.
    pub fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Same | Self::SameHouse | Self::SameLine | Self::SamePostcode
        )
    }
}

/// Packs a postcode: the inner three characters in the low 18 bits, the outer
/// ones above them, six bits a character. Any letters and digits will do, so
/// that other countries' codes compare too. O and 0, I and 1 are one where a
/// hand mixes them up.
pub fn postcode(text: &[u8]) -> u64 {
    let mut plain = [0u8; 8];
    let mut n = 0;
    for b in text.iter().filter(|b| b.is_ascii_alphanumeric()) {
        if n == plain.len() {
            return 0;
        }
        plain[n] = b.to_ascii_uppercase();
        n += 1;
    }
    let plain = &mut plain[..n];
    if n < 2 {
        return 0;
    }
    // Digit first, then two letters: the inner part of a British postcode.
    let british_inner = n >= 5
        && matches!(plain[n - 3], b'0'..=b'9' | b'O' | b'I')
        && plain[n - 2].is_ascii_alphabetic()
        && plain[n - 1].is_ascii_alphabetic();
    if british_inner {
        for at in [n - 3, n - 4] {
            match plain[at] {
                b'O' => plain[at] = b'0',
                b'I' => plain[at] = b'1',
                _ => {}
            }
        }
    }
    let outer_len = if british_inner {
        n - 3
    } else if plain[0].is_ascii_alphabetic() && n <= 4 {
        n
    } else {
        n.saturating_sub(3)
    };
    let pack = |part: &[u8]| {
        part.iter().fold(0u64, |code, b| {
            let value = match b {
                b'0'..=b'9' => b - b'0' + 1,
                _ => b - b'A' + 11,
            };
            code << 6 | u64::from(value)
        })
    };
    pack(&plain[..outer_len]) << 18 | pack(&plain[outer_len..])
}

/// The outer part, 0 if there is none.
pub fn outer(postcode: u64) -> u64 {
    postcode >> 18
}

fn inner(postcode: u64) -> u64 {
    postcode & 0x3_ffff
}

/// Whether the codes differ in one character, or two neighbours are swapped.
fn one_slip(a: u64, b: u64) -> bool {
    let differ = a ^ b;
    let mut places = [0usize; 3];
    let mut n = 0;
    for i in 0..8 {
        if differ >> (6 * i) & 0x3f != 0 {
            if n == 2 {
                return false;
            }
            places[n] = i;
            n += 1;
        }
    }
    let at = |code: u64, i: usize| code >> (6 * i) & 0x3f;
    n == 1
        || (n == 2
            && places[1] == places[0] + 1
            && at(a, places[0]) == at(b, places[1])
            && at(a, places[1]) == at(b, places[0]))
}

/// Short forms of what streets are called, and the whole word.
const STREETS: [(&str, &str); 24] = [
    ("rd", "road"),
    ("st", "street"),
    ("str", "street"),
    ("ave", "avenue"),
    ("av", "avenue"),
    ("ln", "lane"),
    ("cl", "close"),
    ("clo", "close"),
    ("ct", "court"),
    ("crt", "court"),
    ("cres", "crescent"),
    ("cresc", "crescent"),
    ("dr", "drive"),
    ("drv", "drive"),
    ("gdns", "gardens"),
    ("gdn", "garden"),
    ("gr", "grove"),
    ("grv", "grove"),
    ("pl", "place"),
    ("sq", "square"),
    ("ter", "terrace"),
    ("terr", "terrace"),
    ("wy", "way"),
    ("pk", "park"),
];

impl Home {
    /// Takes an address line and a postcode apart. `line` may hold the flat,
    /// the number, the street and more, in the usual order.
    pub fn read(line: &[u8], code: &[u8], streets: &mut Names) -> Self {
        let mut home = Self {
            postcode: postcode(code),
            ..Self::default()
        };
        let mut key = [0u8; 96];
        let mut n = 0;
        let mut flat_next = false;
        let ascii;
        let line = if line.is_ascii() {
            line
        } else {
            ascii = vocabulary::name_key(&String::from_utf8_lossy(line)).into_bytes();
            &ascii[..]
        };
        for word in line
            .split(|b| !b.is_ascii_alphanumeric() && *b != b'\'')
            .filter(|w| !w.is_empty())
        {
            if word.eq_ignore_ascii_case(b"flat")
                || word.eq_ignore_ascii_case(b"apartment")
                || word.eq_ignore_ascii_case(b"apt")
                || word.eq_ignore_ascii_case(b"unit")
                || word.eq_ignore_ascii_case(b"room")
            {
                flat_next = true;
                continue;
            }
            if word.eq_ignore_ascii_case(b"no") && flat_next {
                continue;
            }
            let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 || (flat_next && word.len() == 1) {
                let mut value = word[..digits].iter().fold(0u16, |v, b| {
                    v.wrapping_mul(10).wrapping_add(u16::from(b - b'0'))
                });
                let rest = &word[digits..];
                if rest.len() == 1 {
                    value |= u16::from((rest[0] | 0x20) - b'a' + 1) << 11;
                }
                if flat_next {
                    home.flat = value;
                    flat_next = false;
                } else if home.number == 0 {
                    home.number = value;
                }
                if rest.len() > 1 {
                    n = append(&mut key, n, rest);
                }
                continue;
            }
            flat_next = false;
            n = append(&mut key, n, word);
        }
        home.street = match n {
            0 => 0,
            _ => streets.read(&key[..n]),
        };
        home
    }

    /// Whether nothing is known.
    pub fn is_none(&self) -> bool {
        self.street == 0 && self.postcode == 0
    }

    /// How two homes stand to one another.
    pub fn compare(&self, other: &Self, streets: &Names) -> HomeLevel {
        if self.is_none() || other.is_none() {
            return HomeLevel::Missing;
        }
        let (p, q) = (self.postcode, other.postcode);
        let same_code = p == q && p != 0;
        let unclear = p == 0
            || q == 0
            || (outer(p) == outer(q) && (inner(p) == 0 || inner(q) == 0))
            || one_slip(p, q);
        let line = self.line(other, streets, same_code || unclear);
        if same_code {
            return match line {
                Line::Same => HomeLevel::Same,
                Line::Missing | Line::Slip => HomeLevel::SamePostcode,
                Line::Street => HomeLevel::Neighbour,
                Line::Different => HomeLevel::PostcodeOnly,
            };
        }
        match line {
            Line::Same if unclear => HomeLevel::SameHouse,
            Line::Same => HomeLevel::SameLine,
            Line::Slip if unclear && p != 0 && q != 0 => HomeLevel::SameHouse,
            Line::Missing if p == 0 || q == 0 => HomeLevel::Missing,
            Line::Street if unclear => HomeLevel::Neighbour,
            _ if outer(p) == outer(q) && p != 0 => HomeLevel::Area,
            _ => HomeLevel::Different,
        }
    }

    fn line(&self, other: &Self, streets: &Names, near: bool) -> Line {
        if self.street == 0 || other.street == 0 {
            return Line::Missing;
        }
        let number = match (self.number, other.number) {
            (a, b) if a == b => 2,
            (a, b) if a & 0x7ff == b & 0x7ff && (a >> 11 == 0 || b >> 11 == 0) => 2,
            (a, b) if slip_of_number(a & 0x7ff, b & 0x7ff) => 1,
            _ => 0,
        };
        if number == 0 && !near {
            return Line::Different;
        }
        let exact = self.street == other.street;
        let street = exact
            || matches!(
                streets.alike(self.street, other.street),
                How::Same | How::Spelling | How::Slip | How::Near
            );
        let flats_differ = self.flat != other.flat && self.flat != 0 && other.flat != 0;
        match (street, number) {
            (true, 2) if flats_differ => Line::Street,
            (true, 2) => Line::Same,
            // A letter that split the number ("1e4 Mill Lane") or a digit typed twice.
            (true, 1) if exact && (self.flat == other.flat && self.flat != 0) => Line::Same,
            (true, 1) => Line::Slip,
            (true, _) => Line::Street,
            _ => Line::Different,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Missing,
    Same,
    Slip,
    Street,
    Different,
}

/// Whether a digit was left out, doubled or added.
fn slip_of_number(a: u16, b: u16) -> bool {
    let (low, high) = (a.min(b), a.max(b));
    if low == 0 {
        return high > 0;
    }
    let last = high / 10;
    let middle = high / 100 * 10 + high % 10;
    let first = high % 100;
    high != low && (last == low || (low > 9 && (middle == low || first == low)))
}

fn append(key: &mut [u8; 96], mut n: usize, word: &[u8]) -> usize {
    let whole = STREETS
        .iter()
        .find(|(short, _)| n > 0 && word.eq_ignore_ascii_case(short.as_bytes()))
        .map_or(word, |(_, whole)| whole.as_bytes());
    if n + whole.len() + 1 > key.len() {
        return n;
    }
    if n > 0 {
        key[n] = b' ';
        n += 1;
    }
    for b in whole {
        key[n] = b.to_ascii_lowercase();
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(a: (&str, &str), b: (&str, &str)) -> HomeLevel {
        let mut streets = Names::default();
        let mut read =
            |(line, code): (&str, &str)| Home::read(line.as_bytes(), code.as_bytes(), &mut streets);
        let (a, b) = (read(a), read(b));
        assert_eq!(a.compare(&b, &streets), b.compare(&a, &streets));
        a.compare(&b, &streets)
    }

    #[test]
    fn one_home_written_in_many_ways() {
        let home = ("Flat 12, 48 Park Drive", "OL1 7ZS");
        for (line, code, expected) in [
            ("FLAT No 12, 48 park dr", "ol17zs", HomeLevel::Same),
            ("48 Park Drive", "OL1 7ZS", HomeLevel::Same),
            ("Flat 12, 48 Prak Drive", "OL1 7ZS", HomeLevel::Same),
            ("Flat 12, 48 Park Drive", "", HomeLevel::SameHouse),
            ("Flat 12, 48 Park Drive", "OL1", HomeLevel::SameHouse),
            ("Flat 12, 48 Park Drive", "OL1 7SZ", HomeLevel::SameHouse),
            ("Flat 12, 48 Park Drive", "M14 5SX", HomeLevel::SameLine),
            ("", "OL1 7ZS", HomeLevel::SamePostcode),
            ("Flat 11, 48 Park Drive", "OL1 7ZS", HomeLevel::Neighbour),
            ("3 Mill Lane", "OL1 7ZS", HomeLevel::PostcodeOnly),
            ("3 Mill Lane", "OL1 2AB", HomeLevel::Area),
            ("3 Mill Lane", "M14 5SX", HomeLevel::Different),
            ("", "", HomeLevel::Missing),
        ] {
            assert_eq!(level(home, (line, code)), expected, "{line}, {code}");
        }
    }

    #[test]
    fn postcodes_of_any_country_compare() {
        assert_eq!(postcode(b"OL1O 3DD"), postcode(b"ol10 3dd"));
        assert_ne!(postcode(b"2906"), postcode(b"2907"));
        assert_eq!(outer(postcode(b"OL12")), outer(postcode(b"OL12 2EB")));
        assert_eq!(postcode(b"-"), 0);
    }
}

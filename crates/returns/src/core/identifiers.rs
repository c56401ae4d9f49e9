//! Pieces of identifiers that rules look at one by one: the pupil number's
//! check letter and authority, and postcodes as a key for looking up.

/// The check letters in the order of the remainders 0 to 22 (rule 1510).
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// The letter that must stand first in a pupil number whose other twelve
/// characters are digits; `None` for any other text.
pub fn upn_letter(upn: &str) -> Option<char> {
    let bytes = upn.as_bytes();
    if bytes.len() != 13 || !bytes[1..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: usize = bytes[1..]
        .iter()
        .zip(2usize..)
        .map(|(digit, place)| usize::from(digit - b'0') * place)
        .sum();
    Some(char::from(LETTERS[sum % 23]))
}

/// A set of three-digit authority numbers, written as "001-005,201,213".
#[derive(Debug, Clone)]
pub struct Authorities(Vec<(u16, u16)>);

impl Authorities {
    /// Reads ranges.
    ///
    /// # Errors
    /// A part that is neither a number nor a range.
    pub fn read(text: &str) -> Result<Self, String> {
        let bad = |part: &str| format!("\"{part}\" is no range of authority numbers");
        let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
        let ranges: Result<Vec<_>, String> = parts
            .map(|part| {
                let (from, to) = part.split_once('-').unwrap_or((part, part));
                match (from.parse(), to.parse()) {
                    (Ok(from), Ok(to)) => Ok((from, to)),
                    _ => Err(bad(part)),
                }
            })
            .collect();
        Ok(Self(ranges?))
    }

    /// Whether the three digits are one of the numbers.
    pub fn has(&self, code: &str) -> bool {
        let digits = code.len() == 3 && code.bytes().all(|c| c.is_ascii_digit());
        let number = digits.then(|| code.parse::<u16>().ok()).flatten();
        number.is_some_and(|n| self.0.iter().any(|(from, to)| (*from..=*to).contains(&n)))
    }
}

/// A postcode without spaces, in upper case, padded with zero bytes: a key.
/// `None` when it cannot be a postcode (more than 7 or fewer than 5 letters
/// and digits, or other characters).
pub fn postcode_key(text: &str) -> Option<[u8; 7]> {
    let mut key = [0u8; 7];
    let mut length = 0;
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace()) {
        if length == 7 || !c.is_ascii_alphanumeric() {
            return None;
        }
        key[length] = c.to_ascii_uppercase();
        length += 1;
    }
    (length >= 5).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_letter_follows_from_the_digits() {
        assert_eq!(upn_letter("X801200001001"), Some('H'));
        assert_eq!(upn_letter("H80120000100A"), None);
        assert_eq!(upn_letter("H80120000100"), None);
    }

    #[test]
    fn authorities_are_ranges_of_three_digits() {
        let some = Authorities::read("001-005,201").unwrap();
        assert!(some.has("003") && some.has("201"));
        assert!(!some.has("3") && !some.has("006") && !some.has("2O1"));
        assert!(Authorities::read("1-x").is_err());
    }

    #[test]
    fn postcodes_have_one_key_however_typed() {
        assert_eq!(postcode_key("b1 1aa"), postcode_key("B11AA"));
        assert_eq!(postcode_key("B1"), None);
        assert_eq!(postcode_key("B1 1AA!"), None);
    }
}

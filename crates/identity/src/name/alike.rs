//! How alike two words of a name are, in the steps that people would name:
//! the same, another spelling, a short name, a slip of the hand, the same
//! sound, nearly, a beginning, an initial, different.

use serde::{Deserialize, Serialize};

/// How two words of a name stand to one another, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Letter for letter, after accents, case and spaces.
    Same,
    /// Another spelling, or the name's form in another language.
    Spelling,
    /// A short or pet name of the other.
    Short,
    /// One letter typed wrongly, left out, added or swapped.
    Slip,
    /// The same sound.
    Sound,
    /// Alike in most letters.
    Near,
    /// One is the beginning of the other.
    Begins,
    /// One is only an initial of the other.
    Initial,
    /// Different.
    Different,
}

/// Whether one slip of the hand makes one word of the other: a letter wrong,
/// missing, added, or two neighbours swapped.
pub fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[front..], &b[front..]);
    if a.len() == b.len() {
        return match a.len() {
            0 => true,
            1 => true,
            _ => a[1..] == b[1..] || (a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]),
        };
    }
    a == &b[1..]
}

/// Whether at most two slips lie between the words.
fn two_slips(a: &[u8], b: &[u8]) -> bool {
    const MOST: usize = 24;
    if a.len() > MOST || b.len() > MOST || a.len().abs_diff(b.len()) > 2 {
        return false;
    }
    let mut before: [u8; MOST + 1] = [0; MOST + 1];
    let mut row: [u8; MOST + 1] = std::array::from_fn(|i| i as u8);
    for (i, x) in a.iter().enumerate() {
        let older = before;
        before = row;
        row[0] = i as u8 + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (before[j] + u8::from(x != y))
                .min(before[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(older[j - 1] + 1);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if least > 2 {
            return false;
        }
    }
    row[b.len()] <= 2
}

/// The Jaro-Winkler likeness of two short words, 0 to 1.
pub fn jaro_winkler(a: &[u8], b: &[u8]) -> f32 {
    let (n, m) = (a.len().min(64), b.len().min(64));
    if n == 0 || m == 0 {
        return 0.0;
    }
    let (a, b) = (&a[..n], &b[..m]);
    let reach = (n.max(m) / 2).saturating_sub(1);
    let (mut used_a, mut used_b) = (0u64, 0u64);
    let mut matches = 0u32;
    for (i, x) in a.iter().enumerate() {
        let low = i.saturating_sub(reach);
        let high = (i + reach + 1).min(m);
        for (j, y) in b.iter().enumerate().take(high).skip(low) {
            if used_b >> j & 1 == 0 && x == y {
                used_a |= 1 << i;
                used_b |= 1 << j;
                matches += 1;
                break;
            }
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let mut swaps = 0u32;
    let mut rest_b = used_b;
    for (i, x) in a.iter().enumerate() {
        if used_a >> i & 1 == 1 {
            let j = rest_b.trailing_zeros() as usize;
            rest_b &= rest_b - 1;
            swaps += u32::from(*x != b[j]);
        }
    }
    let share = matches as f32;
    let jaro = (share / n as f32 + share / m as f32 + (share - (swaps / 2) as f32) / share) / 3.0;
    let front = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f32;
    jaro + front * 0.1 * (1.0 - jaro)
}

/// No less than [`jaro_winkler`], from which letters occur at all: most pairs
/// of names need no more.
fn most_likeness(a: &[u8], b: &[u8]) -> f32 {
    let letters = |word: &[u8]| word.iter().fold(0u64, |all, c| all | 1 << (c & 63));
    let shared = letters(a) & letters(b);
    let count = |word: &[u8]| word.iter().filter(|c| shared >> (*c & 63) & 1 == 1).count();
    let matches = count(a).min(count(b)) as f32;
    let jaro = (matches / a.len().min(64) as f32 + matches / b.len().min(64) as f32 + 1.0) / 3.0;
    let front = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f32;
    jaro + front * 0.1 * (1.0 - jaro)
}

/// Which letters a word has, and how many: enough to know of most pairs of
/// words that they are different, without looking at either.
#[derive(Debug, Clone, Copy)]
pub struct Letters {
    which: u64,
    n: u8,
    first: u8,
}

impl Letters {
    /// The letters of a word.
    pub fn of(word: &[u8]) -> Self {
        Self {
            which: word.iter().fold(0, |all, c| all | 1 << (c & 63)),
            n: word.len().min(255) as u8,
            first: word.first().copied().unwrap_or_default(),
        }
    }

    /// Whether [`letters`] can only say that the words are different.
    pub fn rule_out(self, other: Self, same_sound: bool) -> bool {
        let mine = (self.which & !other.which).count_ones();
        let theirs = (other.which & !self.which).count_ones();
        // A beginning has no letter of its own, and one slip changes two letters
        // at most. Only so much of a long word is looked at.
        if mine == 0 || theirs == 0 || mine + theirs < 3 || self.n.max(other.n) > 64 {
            return false;
        }
        // No less than the likeness can be: every letter that both have fits.
        let (n, m) = (f32::from(self.n), f32::from(other.n));
        let matches = (n - mine as f32).min(m - theirs as f32);
        let jaro = (matches / n + matches / m + 1.0) / 3.0;
        let front = if self.first == other.first { 0.4 } else { 0.0 };
        let short = usize::from(self.n.min(other.n));
        jaro + front * (1.0 - jaro) < least_likeness(same_sound, short) - 0.001
    }
}

/// The likeness below which words are different, whatever else they are.
fn least_likeness(same_sound: bool, short: usize) -> f32 {
    match (same_sound, short) {
        (true, _) => 0.7,
        (false, 6..) => 0.8,
        (false, _) => 0.9,
    }
}

/// Compares the letters of two different words; what tables and codes say has
/// been asked before (`same_sound`).
pub fn letters(a: &[u8], b: &[u8], same_sound: bool) -> How {
    let short = a.len().min(b.len());
    if short <= 1 {
        return match (a.first(), b.first()) {
            (Some(x), Some(y)) if x == y => How::Initial,
            _ => How::Different,
        };
    }
    if short >= 3 && one_slip(a, b) {
        return How::Slip;
    }
    let least = least_likeness(same_sound, short);
    let likeness = if most_likeness(a, b) < least - 0.001 {
        0.0
    } else {
        jaro_winkler(a, b)
    };
    if same_sound && likeness >= 0.7 {
        return How::Sound;
    }
    if short >= 3 && (a.starts_with(b) || b.starts_with(a)) {
        return How::Begins;
    }
    if likeness >= 0.9 || (short >= 6 && likeness >= 0.8 && two_slips(a, b)) {
        return How::Near;
    }
    How::Different
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slips() {
        for (a, b) in [
            ("maya", "maay"),
            ("maya", "mya"),
            ("maya", "mayya"),
            ("maya", "mata"),
            ("ocar", "oscar"),
        ] {
            assert!(one_slip(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
        assert!(!one_slip(b"maya", b"idri"));
        assert!(!one_slip(b"abcd", b"badc"));
        assert!(two_slips(b"winburn", b"winebrun"));
    }

    #[test]
    fn likeness_of_the_published_example() {
        // Winkler's own example: MARTHA and MARHTA.
        assert!((jaro_winkler(b"martha", b"marhta") - 0.961).abs() < 0.001);
        assert!((jaro_winkler(b"dixon", b"dicksonx") - 0.813).abs() < 0.001);
    }

    proptest! {
        #[test]
        fn order_does_not_matter(a in "[a-e]{1,9}", b in "[a-e]{1,9}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            prop_assert_eq!(one_slip(a, b), one_slip(b, a));
            prop_assert_eq!(two_slips(a, b), two_slips(b, a));
            prop_assert!(jaro_winkler(a, b) <= 1.0);
            prop_assert!(jaro_winkler(a, b) <= most_likeness(a, b) + 0.0001);
        }

        #[test]
        fn what_letters_rule_out_is_different(a in "[a-h0-9]{1,9}", b in "[a-h0-9]{1,9}", same_sound: bool) {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            if Letters::of(a).rule_out(Letters::of(b), same_sound) {
                prop_assert_eq!(letters(a, b, same_sound), How::Different);
            }
        }

        #[test]
        fn one_letter_changed_is_a_slip(a in "[a-z]{3,9}", at in 0usize..9, letter in b'a'..=b'z') {
            let mut b = a.clone().into_bytes();
            let at = at % b.len();
            b[at] = letter;
            prop_assert!(one_slip(a.as_bytes(), &b));
        }
    }
}

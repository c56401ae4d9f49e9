//! How a name sounds and how it is spelt, as two small codes: one keeps only
//! consonants (for finding), one keeps the vowels that matter (for judging).
//!
//! Made for the names of England's children, whatever language they come from:
//! "ph" and "f", "sz" and "sh", "w" and "v", "Xasan" and "Hassan" come out
//! alike. Not Soundex, which fits English surnames only.

/// The codes of a word of plain lower-case letters: by sound (at most six
/// consonants, five bits each) and by spelling (a hash). Zero for no letters.
pub fn codes(word: &str) -> (u32, u32) {
    let simple = simplify(word.as_bytes());
    (sound(&simple), spelling(&simple))
}

/// One letter for each sound: digraphs resolved, doubles made single.
fn simplify(word: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(word.len());
    let at = |i: usize| word.get(i).copied().unwrap_or(0);
    let mut i = 0;
    while i < word.len() {
        let (a, b, c) = (word[i], at(i + 1), at(i + 2));
        let first = out.is_empty();
        let (letters, used): (&[u8], usize) = match (a, b, c) {
            (b'k' | b'g', b'n', _) if first => (b"n", 2),
            (b'w', b'r', _) if first => (b"r", 2),
            (b'p', b's', _) if first => (b"s", 2),
            (b'x', ..) if first => (b"h", 1),
            (b's', b'c', b'h') | (b't', b'c', b'h') => (b"S", 3),
            (b's', b'h' | b'z', _) | (b'c', b'h' | b'z', _) => (b"S", 2),
            (b't', b's' | b'z', _) => (b"s", 2),
            (b'p', b'h', _) => (b"f", 2),
            (b'c', b'k', _) => (b"k", 2),
            (b'd', b'g', b'e') => (b"j", 2),
            (b'd', b'z', _) | (b'z', b'h', _) => (b"j", 2),
            (b't' | b'd' | b'k' | b'b', b'h', _) => (std::slice::from_ref(&word[i]), 2),
            (b'g', b'h', _) if first => (b"g", 2),
            (b'g', b'h', _) => (b"", 2),
            (b'c', b'e' | b'i' | b'y', _) => (b"s", 1),
            (b'q', b'u', b'a' | b'e' | b'i') | (b'k', b'w', _) => (b"k", 2),
            (b'c' | b'q', ..) => (b"k", 1),
            (b'x', ..) => (b"ks", 1),
            (b'z', ..) => (b"s", 1),
            (b'w', ..) if !first || !is_vowel(b) => (b"v", 1),
            (b'w', ..) => (b"v", 1),
            (b'e', b'e' | b'a' | b'i' | b'y', _)
            | (b'i', b'e' | b'i', _)
            | (b'a', b'y' | b'i', _) => (b"i", 2),
            (b'o', b'o' | b'u', _) => (b"u", 2),
            (b'y', ..) if !first || !is_vowel(b) => (b"i", 1),
            (b'h', ..) if !first => (b"", 1),
            _ => (std::slice::from_ref(&word[i]), 1),
        };
        for letter in letters {
            if out.last() != Some(letter) {
                out.push(*letter);
            }
        }
        i += used;
    }
    if out.len() > 3 && out.last() == Some(&b'e') {
        out.pop();
    }
    out
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn sound(simple: &[u8]) -> u32 {
    let mut code = 0u32;
    let mut n = 0;
    let mut last = 0u8;
    for (i, letter) in simple.iter().enumerate() {
        let value = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => {
                if i > 0 {
                    last = 0;
                    continue;
                }
                1
            }
            b'b'..=b'z' => letter - b'a' + 1,
            b'S' => 27,
            _ => continue,
        };
        if value == last && value != 1 {
            continue;
        }
        last = value;
        code = code << 5 | u32::from(value);
        n += 1;
        if n == 6 {
            break;
        }
    }
    code
}

fn spelling(simple: &[u8]) -> u32 {
    if simple.is_empty() {
        return 0;
    }
    let mut hash = 0x811c_9dc5u32;
    for letter in simple {
        hash = (hash ^ u32::from(*letter)).wrapping_mul(0x0100_0193);
    }
    hash.max(1)
}

/// A family name without the ending that says whose it is: Kowalska and
/// Kowalski, Petrova and Petrov, Kazlauskienė and Kazlauskas.
pub fn without_gender(word: &str) -> Option<String> {
    if word.len() < 6 || !word.is_ascii() {
        return None;
    }
    for (ending, instead) in [
        ("ska", "ski"),
        ("cka", "cki"),
        ("dzka", "dzki"),
        ("ovna", "ov"),
        ("ova", "ov"),
        ("eva", "ev"),
        ("owa", "ow"),
        ("skiene", "skas"),
        ("skaite", "skas"),
        ("aite", "as"),
        ("iene", "as"),
        ("yte", "is"),
    ] {
        if let Some(stem) = word.strip_suffix(ending) {
            return Some(format!("{stem}{instead}"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_share_a_code() {
        for (a, b) in [
            ("philip", "filip"),
            ("sofia", "sophia"),
            ("xasan", "hassan"),
            ("szymon", "shimon"),
            ("wright", "right"),
            ("catherine", "kathryn"),
            ("mohammed", "muhammad"),
            ("jaxon", "jackson"),
            ("lewandowski", "levandovski"),
            ("quillfeather", "kwilfether"),
        ] {
            assert_eq!(codes(a).0, codes(b).0, "{a} {b}");
        }
        assert_ne!(codes("maya").0, codes("idris").0);
        assert_ne!(codes("anna").1, codes("oni").1);
    }

    #[test]
    fn spellings_of_one_sound_share_a_spelling() {
        for (a, b) in [
            ("sofia", "sophia"),
            ("alfie", "alfy"),
            ("lilly", "lily"),
            ("amina", "ameena"),
        ] {
            assert_eq!(codes(a).1, codes(b).1, "{a} {b}");
        }
        assert_ne!(codes("leah").1, codes("lola").1);
    }

    #[test]
    fn endings_that_follow_the_bearer() {
        assert_eq!(without_gender("kowalska").as_deref(), Some("kowalski"));
        assert_eq!(without_gender("petrova").as_deref(), Some("petrov"));
        assert_eq!(
            without_gender("kazlauskaite").as_deref(),
            Some("kazlauskas")
        );
        assert_eq!(without_gender("eva"), None);
    }
}

//! Names as they are compared, not as they are shown. A name is always shown
//! exactly as the person writes it.

use any_ascii::any_ascii_char;
use unicode_normalization::UnicodeNormalization;

/// The key by which names are compared: any script to plain letters, no
/// accents, lower case, apostrophes gone, dashes and dots as single spaces.
/// "Zoë O’Connor-Łuck" and "zoe oconnor luck" have one key.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for c in name.nfkc() {
        match c {
            '\'' | '’' | '‘' | '`' | 'ʼ' | 'ʹ' | '´' => {}
            _ => {
                for plain in any_ascii_char(c).chars() {
                    match plain {
                        'A'..='Z' => key.push(plain.to_ascii_lowercase()),
                        'a'..='z' | '0'..='9' => key.push(plain),
                        '\'' | '`' | '"' => {}
                        _ => push_space(&mut key),
                    }
                }
            }
        }
    }
    if key.ends_with(' ') {
        key.pop();
    }
    key
}

fn push_space(key: &mut String) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
}

/// The name with "’s" or "’": "Maya’s", "Idris’".
pub fn possessive(name: &str) -> String {
    if name.ends_with(['s', 'S']) {
        format!("{name}’")
    } else {
        format!("{name}’s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_key_for_the_ways_a_name_is_written() {
        for (name, key) in [
            ("Zoë O’Connor-Łuck", "zoe oconnor luck"),
            ("ZOE  O'CONNOR LUCK", "zoe oconnor luck"),
            ("Müller", "muller"),
            ("José\u{301}", "jose"),
            ("Мария", "mariya"),
            ("Ｍａｙａ", "maya"),
            ("  St. John ", "st john"),
            ("", ""),
        ] {
            assert_eq!(name_key(name), key, "{name}");
        }
    }

    #[test]
    fn possessives() {
        assert_eq!(possessive("Maya"), "Maya’s");
        assert_eq!(possessive("Idris"), "Idris’");
    }

    proptest! {
        #[test]
        fn keys_are_plain_and_stable(name in ".{0,40}") {
            let key = name_key(&name);
            prop_assert!(key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' '));
            prop_assert!(!key.contains("  ") && key.trim() == key);
            prop_assert_eq!(name_key(&key), key);
        }
    }
}

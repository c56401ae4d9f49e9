//! Access needs: what families ask for, and the words in which places say that
//! they have it. A place that says "no" or "not" has it not.

use super::words::split;

/// An access need.
#[derive(Debug)]
pub struct Need {
    /// Its id in addresses.
    pub id: &'static str,
    /// In words.
    pub label: &'static str,
    /// The words in which places say it: all words of one of these.
    says: &'static [&'static str],
}

/// Every need that can be asked for; the first is bit 0 of a place's mask.
pub const NEEDS: &[Need] = &[
    Need {
        id: "step-free",
        label: "Step-free way in",
        says: &[
            "step free",
            "level access",
            "wheelchair",
            "ramp",
            "no steps",
        ],
    },
    Need {
        id: "toilet",
        label: "Accessible toilet",
        says: &["accessible toilet", "disabled toilet", "changing places"],
    },
    Need {
        id: "hearing-loop",
        label: "Hearing loop",
        says: &["hearing loop", "induction loop"],
    },
    Need {
        id: "sign-language",
        label: "Sign language",
        says: &["sign language", "bsl", "makaton"],
    },
    Need {
        id: "quiet",
        label: "Quiet room or quiet times",
        says: &[
            "quiet room",
            "quiet space",
            "quiet time",
            "quiet hour",
            "sensory",
            "calm room",
        ],
    },
    Need {
        id: "parking",
        label: "Blue Badge parking",
        says: &["blue badge", "accessible parking", "disabled parking"],
    },
];

/// The bit of a need, or of words that someone typed for one; `None` when
/// nothing here is meant.
pub(super) fn bit(asked: &str) -> Option<u16> {
    if let Some(at) = NEEDS.iter().position(|need| need.id == asked) {
        return Some(1 << at);
    }
    Some(mask(asked)).filter(|mask| *mask != 0)
}

/// Which needs one feature of a place meets, by what it says.
pub(super) fn mask(said: &str) -> u16 {
    let words: Vec<String> = split(said).collect();
    let has = |word: &str| {
        words
            .iter()
            .any(|w| w == word || w.strip_suffix('s') == Some(word))
    };
    let denies = words
        .iter()
        .any(|w| matches!(w.as_str(), "no" | "not" | "without" | "unfortunately"));
    let meets = |need: &Need| {
        need.says.iter().any(|way| {
            let mut ways = way.split(' ');
            ways.all(has) && (!denies || way.starts_with("no "))
        })
    };
    let met = NEEDS.iter().enumerate().filter(|(_, need)| meets(need));
    met.fold(0, |mask, (at, _)| mask | 1 << at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_say_the_same_in_many_words_and_no_is_no() {
        let step_free = bit("step-free").unwrap();
        for said in [
            "Step-free way in",
            "Ramp at the side door",
            "Wheelchair accessible",
            "There are no steps",
        ] {
            assert_eq!(mask(said) & step_free, step_free, "{said}");
        }
        for said in [
            "Not wheelchair accessible",
            "No ramp",
            "Two steps at the door",
        ] {
            assert_eq!(mask(said) & step_free, 0, "{said}");
        }
        assert_eq!(bit("hearing loop"), bit("hearing-loop"));
        assert_eq!(bit("helicopter"), None);
    }
}

//! One confident answer only when it leads clearly, else a short list, else
//! none: a wrong child shown with confidence is worse than no answer.

use crate::find::Match;

/// From how many per cent somebody is shown at all.
pub(super) const SHOWN: u8 = 75;
/// How many are shown at most when none leads.
pub(super) const MOST: usize = 5;
/// From how many per cent the first can be the one.
const ONE: u8 = 92;
/// How many bits the next must be behind: a twin with the same date of birth
/// whose name is nearly the same is six or seven.
const LEAD: f32 = 8.0;

/// Whether the first of these, best first, leads clearly. Each is how likely,
/// in per cent, and the bits that it was made from.
pub(super) fn leads(found: &[(u8, f32)]) -> bool {
    match found {
        [] => false,
        [one] => one.0 >= ONE,
        [one, next, ..] => one.0 >= ONE && one.1 - next.1 >= LEAD,
    }
}

/// Whether the first may be taken for a twin: there is one, and the first is
/// not called what was asked for, letter by letter.
pub(super) fn may_be_a_twin(given: &str, found: &[Match]) -> bool {
    let called = found.first().map_or("", |first| &first.name);
    let called = called.split(' ').next().unwrap_or_default();
    let exact = called.to_lowercase() == given.trim().to_lowercase();
    !exact && found.iter().any(|other| other.twin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_lead_is_one_answer() {
        assert!(leads(&[(98, 12.0)]));
        assert!(leads(&[(98, 12.0), (60, 1.0)]));
        assert!(!leads(&[]));
        assert!(!leads(&[(90, 3.0)]), "fits, but not well enough");
        assert!(!leads(&[(98, 12.0), (97, 9.0)]), "two fit nearly as well");
        assert!(!leads(&[(97, 5.0), (30, -1.2)]), "the next is close behind");
    }
}

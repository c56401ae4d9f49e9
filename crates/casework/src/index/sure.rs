//! One confident answer only when it leads clearly, else a short list, else
//! none: a wrong child shown with confidence is worse than no answer.

/// From how many per cent somebody is shown at all.
pub(super) const SHOWN: u8 = 75;
/// How many are shown at most when none leads.
pub(super) const MOST: usize = 5;
/// From how many per cent the first can be the one.
const ONE: u8 = 92;
/// How far the next must be behind: a twin with the same date of birth is not.
const LEAD: u8 = 14;

/// Whether the first of these, best first, leads clearly.
pub(super) fn leads(likely: &[u8]) -> bool {
    match likely {
        [] => false,
        [one] => *one >= ONE,
        [one, next, ..] => *one >= ONE && one - next >= LEAD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_lead_is_one_answer() {
        assert!(leads(&[98]));
        assert!(leads(&[98, 83]));
        assert!(!leads(&[]));
        assert!(!leads(&[90]), "fits, but not well enough");
        assert!(!leads(&[98, 97]), "two fit as well as one another");
        assert!(!leads(&[98, 85]), "the next is close behind");
    }
}

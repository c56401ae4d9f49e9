//! How often a sign-in may be tried: per name, because a whole council shares
//! one network address.

use std::num::NonZeroU32;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Ten tries at once, then one every six seconds.
const BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// The limit on sign-in tries.
pub(crate) struct SignInLimit {
    names: RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>,
}

impl SignInLimit {
    pub(crate) fn new() -> SignInLimit {
        SignInLimit {
            names: RateLimiter::keyed(Quota::per_minute(BURST)),
        }
    }

    /// Whether this name may be tried now.
    pub(crate) fn may_try(&self, name: &str) -> bool {
        let name: String = name.trim().to_lowercase().chars().take(100).collect();
        // Names that were tried long ago need not be remembered.
        if self.names.len() > 10_000 {
            self.names.retain_recent();
        }
        self.names.check_key(&name).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_in_a_minute_waits_and_other_names_do_not() {
        let limit = SignInLimit::new();
        assert!((0..10).all(|_| limit.may_try("Jo")));
        assert!(!limit.may_try(" jo "));
        assert!(limit.may_try("priya"));
    }
}

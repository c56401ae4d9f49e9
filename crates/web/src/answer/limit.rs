//! How many links that do not open are answered in a minute, by the whole
//! service: only misses count, so nobody can lock out a partner whose link
//! works.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::clock::DefaultClock;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// Sixty misses at once, then one a second: old links in many mailboxes pass,
/// a search for tokens does not.
const MISSES: NonZeroU32 = NonZeroU32::new(60).unwrap();

type Limit = RateLimiter<NotKeyed, InMemoryState, DefaultClock>;

/// Whether another miss is answered now.
pub(crate) fn may_miss() -> bool {
    static LIMIT: LazyLock<Limit> = LazyLock::new(new);
    LIMIT.check().is_ok()
}

fn new() -> Limit {
    RateLimiter::direct(Quota::per_minute(MISSES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixty_first_miss_in_a_minute_waits() {
        let limit = new();
        assert!((0..60).all(|_| limit.check().is_ok()));
        assert!(limit.check().is_err());
    }
}

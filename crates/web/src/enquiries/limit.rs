//! How many links, references and words that do not open are answered: by the
//! whole service, and for one reference. Only misses count, so nobody can lock
//! out an asker whose word is right on its first try.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// Misses at once and then in a minute, of everybody together.
const MISSES: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Tries of one reference at once; then one every ten minutes.
const TRIES: NonZeroU32 = NonZeroU32::new(6).unwrap();

type Whole = RateLimiter<NotKeyed, InMemoryState, DefaultClock>;
type Each = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>;

static WHOLE: LazyLock<Whole> = LazyLock::new(|| RateLimiter::direct(Quota::per_minute(MISSES)));
static EACH: LazyLock<Each> = LazyLock::new(each);

fn each() -> Each {
    RateLimiter::keyed(Quota::per_hour(TRIES))
}

/// Whether another miss is answered now.
pub(crate) fn may_miss() -> bool {
    WHOLE.check().is_ok()
}

/// Whether this reference may be tried now.
pub(super) fn may_try(reference: &str) -> bool {
    let letters = reference.chars().filter(|c| c.is_alphanumeric()).take(40);
    let key: String = letters.flat_map(char::to_lowercase).collect();
    if EACH.len() > 10_000 {
        EACH.retain_recent();
    }
    EACH.check_key(&key).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seventh_try_of_one_reference_waits_and_others_do_not() {
        assert!((0..6).all(|_| may_try("H7KQ-3MPT")));
        assert!(!may_try("h7kq 3mpt"));
        assert!(may_try("H7KQ-3MPX"));
    }
}

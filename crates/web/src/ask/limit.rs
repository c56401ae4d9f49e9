//! How often a public page may be sent. Counted by the page's own cookie and
//! over all, never by address: a school or a whole town shares one.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

/// Pages of one visit: far more than anybody fills by hand.
const PAGES: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// New contacts a minute from all pages together: a council has a hundred a day.
const SENT: NonZeroU32 = NonZeroU32::new(120).unwrap();

static VISITS: LazyLock<RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(PAGES)));
static SENDS: LazyLock<RateLimiter<NotKeyed, InMemoryState, DefaultClock>> =
    LazyLock::new(|| RateLimiter::direct(Quota::per_minute(SENT)));

/// Whether this visit may send another page now.
pub(super) fn may_go_on(cookie: &str) -> bool {
    // Visits of long ago need not be remembered.
    if VISITS.len() > 10_000 {
        VISITS.retain_recent();
    }
    let cookie: String = cookie.chars().take(64).collect();
    VISITS.check_key(&cookie).is_ok()
}

/// Whether another contact may come in now.
pub(crate) fn may_send() -> bool {
    SENDS.check().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_that_sends_without_end_must_wait_and_others_need_not() {
        assert!((0..60).all(|_| may_go_on("one")));
        assert!(!may_go_on("one"));
        assert!(may_go_on("another"));
    }
}

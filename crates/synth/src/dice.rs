//! Chance that repeats: one ChaCha stream for each family, from one seed.
//!
//! A family's stream depends on the seed and its number only, so that a change
//! in the story of one family leaves all others as they were.

use chrono::{Duration, NaiveDate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A repeatable source of choices.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of this number under this seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Dice {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Dice(rng)
    }

    /// A number below `n`, which must not be 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// A number from `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent as usize
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of several, each with its weight.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(T, u32)]) -> T {
        let total: u32 = from.iter().map(|(_, w)| w).sum();
        let mut at = self.below(total as usize) as u32;
        for (value, weight) in from {
            if at < *weight {
                return *value;
            }
            at -= weight;
        }
        from[from.len() - 1].0
    }

    /// A day from `low` to `high` days before `day`.
    pub(crate) fn days_before(&mut self, day: NaiveDate, low: i64, high: i64) -> NaiveDate {
        day - Duration::days(self.between(low, high))
    }
}

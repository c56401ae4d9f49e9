//! Standards: the numbers of practice that are no deadline. How long evidence
//! of change must span, how many contacts call for an assessment. A council
//! lays its own over England's.

use crate::dated::dated;

dated! {
    /// One number, with its rule in words.
    pub struct Standard {
        /// The rule in words: "evidence of at least 12 weeks".
        pub rule: String,
        /// How many.
        pub amount: u32,
        /// Of what.
        pub measure: Measure,
    }
}

/// What a standard counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Things.
    #[default]
    Count,
    /// Days of the calendar.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Parts of a hundred.
    Percent,
}

impl Standard {
    /// So many days; months count as 30 and weeks as 7.
    pub fn days(&self) -> i64 {
        let amount = i64::from(self.amount);
        match self.measure {
            Measure::Weeks => amount * 7,
            Measure::Months => amount * 30,
            Measure::Days | Measure::Count | Measure::Percent => amount,
        }
    }
}

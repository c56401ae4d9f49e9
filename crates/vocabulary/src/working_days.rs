//! Counting in working days: Monday to Friday, without the bank holidays of
//! England and without days that a council closes.
//!
//! The day of the event is day 0: a decision within one working day of a
//! contact on Friday is due on Monday.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::bank_holidays::{bank_holidays, is_weekend};

/// The years kept ready. Others are worked out by the same rule when asked.
const READY: std::ops::RangeInclusive<i32> = 2000..=2040;

/// A calendar of working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays {
    holidays: BTreeMap<NaiveDate, String>,
    closed: BTreeMap<NaiveDate, String>,
}

impl WorkingDays {
    /// England's calendar.
    pub fn england() -> Self {
        let holidays = READY
            .flat_map(bank_holidays)
            .map(|day| (day.date, day.name.to_owned()))
            .collect();
        Self {
            holidays,
            closed: BTreeMap::new(),
        }
    }

    /// The same calendar with one more day off: a closure of the council's
    /// own, or a new bank holiday before the program knows it.
    #[must_use]
    pub fn with_day_off(mut self, date: NaiveDate, name: impl Into<String>) -> Self {
        self.closed.insert(date, name.into());
        self
    }

    /// The name of the bank holiday or closure on a date, if there is one.
    pub fn day_off(&self, date: NaiveDate) -> Option<String> {
        if let Some(name) = self.closed.get(&date).or_else(|| self.holidays.get(&date)) {
            return Some(name.clone());
        }
        if READY.contains(&date.year()) {
            return None;
        }
        bank_holidays(date.year())
            .into_iter()
            .find(|day| day.date == date)
            .map(|day| day.name.to_owned())
    }

    /// Whether people work on this date.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !is_weekend(date) && self.day_off(date).is_none()
    }

    /// The date itself when it is a working day, otherwise the next one.
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date;
        while !self.is_working_day(day) {
            day = day + Days::new(1);
        }
        day
    }

    /// The date `n` working days after `from`; before it when `n` is negative.
    /// The day itself does not count. With 0, `from` itself.
    pub fn add_working_days(&self, from: NaiveDate, n: i64) -> NaiveDate {
        let mut day = from;
        for _ in 0..n.unsigned_abs() {
            loop {
                day = if n > 0 {
                    day + Days::new(1)
                } else {
                    day - Days::new(1)
                };
                if self.is_working_day(day) {
                    break;
                }
            }
        }
        day
    }

    /// How many working days lie after `from` up to and with `to`. Negative
    /// when `to` is earlier. The inverse of [`Self::add_working_days`].
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            // Going back, the later day is the one that does not count.
            return -(to
                .iter_days()
                .take_while(|day| *day < from)
                .filter(|day| self.is_working_day(*day))
                .count() as i64);
        }
        from.iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            .filter(|day| self.is_working_day(*day))
            .count() as i64
    }
}

impl Default for WorkingDays {
    fn default() -> Self {
        Self::england()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn across_weekends_and_holidays() {
        let england = WorkingDays::england();
        for (from, n, to) in [
            ("2026-11-20", 1, "2026-11-23"),  // a Friday
            ("2026-12-24", 1, "2026-12-29"),  // Christmas Friday, Boxing Day kept on Monday
            ("2026-04-02", 1, "2026-04-07"),  // Maundy Thursday over Easter
            ("2022-09-16", 1, "2022-09-20"),  // the state funeral
            ("2026-04-03", 45, "2026-06-10"), // from Good Friday over two May holidays
            ("2026-11-23", -1, "2026-11-20"),
            ("2026-11-21", 0, "2026-11-21"),
        ] {
            assert_eq!(england.add_working_days(d(from), n), d(to), "{from} + {n}");
        }
    }

    #[test]
    fn a_council_can_add_its_own_closure() {
        let larkmere = WorkingDays::england().with_day_off(d("2026-12-29"), "Council closed");
        assert_eq!(
            larkmere.add_working_days(d("2026-12-24"), 1),
            d("2026-12-30")
        );
        assert_eq!(
            larkmere.day_off(d("2026-12-29")).as_deref(),
            Some("Council closed")
        );
        assert_eq!(larkmere.on_or_after(d("2026-12-25")), d("2026-12-30"));
    }

    #[test]
    fn years_outside_the_ready_range_still_know_their_holidays() {
        let england = WorkingDays::england();
        assert!(!england.is_working_day(d("1998-12-25")));
        assert_eq!(
            england.day_off(d("2041-04-22")).as_deref(),
            Some("Easter Monday")
        );
    }

    proptest! {
        #[test]
        fn between_undoes_adding(from in 0u64..14_600, n in -120i64..120) {
            let england = WorkingDays::england();
            let start = england.on_or_after(d("2000-01-01") + Days::new(from));
            let end = england.add_working_days(start, n);
            prop_assert!(england.is_working_day(end));
            prop_assert_eq!(england.between(start, end), n);
        }
    }
}

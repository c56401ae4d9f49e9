//! Dates as returns write them, and the collection period. Reading is strict
//! about real days and knows the other shapes people's systems write, so that
//! a wrong shape is told and the date can still be checked.

use chrono::{Datelike, Months, NaiveDate};
use vocabulary::WorkingDays;

/// The shape in which a date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 2025-05-06
    Iso,
    /// 06/05/2025 (also with one digit, or dashes or dots between)
    Slashes,
    /// 2025-05-06T10:00:00, or with a space: the time is dropped
    WithTime,
    /// 20250506
    Plain,
}

fn number(text: &str, most: usize) -> Option<u32> {
    let good = !text.is_empty() && text.len() <= most && text.bytes().all(|c| c.is_ascii_digit());
    good.then(|| text.parse().ok()).flatten()
}

fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = (year.len() == 4).then(|| number(year, 4)).flatten()?;
    NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        number(month, 2)?,
        number(day, 2)?,
    )
}

/// A date as YYYY-MM-DD and nothing else (XML returns).
pub fn iso(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    day(text.get(..4)?, text.get(5..7)?, text.get(8..)?)
}

/// A date as DD/MM/YYYY and nothing else (SSDA903's CSV).
pub fn uk(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[2] != b'/' || bytes[5] != b'/' {
        return None;
    }
    day(text.get(6..)?, text.get(3..5)?, text.get(..2)?)
}

/// A date in any shape that has one meaning, with the shape it had.
pub fn any_shape(text: &str) -> Option<(NaiveDate, Shape)> {
    let text = text.trim();
    if let Some(date) = iso(text) {
        return Some((date, Shape::Iso));
    }
    if let Some((date, time)) = text.split_once(['T', ' '])
        && time.contains(':')
    {
        return any_shape(date).map(|(date, _)| (date, Shape::WithTime));
    }
    if text.len() == 8
        && let (Some(y), Some(m), Some(d)) = (text.get(..4), text.get(4..6), text.get(6..))
        && let Some(date) = day(y, m, d)
    {
        return Some((date, Shape::Plain));
    }
    let mut parts = text.split(['/', '-', '.']);
    let (d, m, y) = (parts.next()?, parts.next()?, parts.next()?);
    let date = parts
        .next()
        .is_none()
        .then(|| day(y, m, d).or_else(|| day(d, m, y)));
    date.flatten().map(|date| (date, Shape::Slashes))
}

/// The date some years later; 29 February becomes 28 February.
pub fn add_years(date: NaiveDate, years: u32) -> Option<NaiveDate> {
    date.checked_add_months(Months::new(years.checked_mul(12)?))
}

/// The date some years earlier; 29 February becomes 28 February.
pub fn less_years(date: NaiveDate, years: u32) -> Option<NaiveDate> {
    date.checked_sub_months(Months::new(years.checked_mul(12)?))
}

/// The day that lies so many working days before `date` (England's calendar).
pub fn working_days_before(
    calendar: &WorkingDays,
    date: NaiveDate,
    days: u32,
) -> Option<NaiveDate> {
    let mut at = date;
    let mut left = days;
    while left > 0 {
        at = at.pred_opt()?;
        if calendar.is_working_day(at) {
            left -= 1;
        }
    }
    Some(at)
}

/// The days of a collection, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// 1 April.
    pub start: NaiveDate,
    /// 31 March.
    pub end: NaiveDate,
}

impl Period {
    /// The collection that ends on 31 March of a year.
    pub fn of(year: u16) -> Option<Self> {
        Self::ending(NaiveDate::from_ymd_opt(i32::from(year), 3, 31)?)
    }

    /// From 1 April of the year before to this day.
    pub fn ending(end: NaiveDate) -> Option<Self> {
        let start = NaiveDate::from_ymd_opt(end.year().checked_sub(1)?, 4, 1)?;
        Some(Self { start, end })
    }

    /// Whether the day lies in the period.
    pub fn has(&self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        iso(text).unwrap()
    }

    #[test]
    fn strict_shapes_refuse_all_else() {
        assert_eq!(iso("2025-05-06"), NaiveDate::from_ymd_opt(2025, 5, 6));
        assert_eq!(uk("06/05/2025"), NaiveDate::from_ymd_opt(2025, 5, 6));
        for bad in [
            "2025-02-30",
            "2025-5-6",
            "06/05/2025",
            "",
            "2025-05-0é",
            " 2025-05-06",
        ] {
            assert_eq!(iso(bad), None, "{bad}");
        }
        for bad in ["30/02/2025", "6/5/2025", "2025-05-06", "zz/05/2020"] {
            assert_eq!(uk(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_shapes_are_known_by_name() {
        for (text, shape) in [
            ("2025-05-06", Shape::Iso),
            ("06/05/2025", Shape::Slashes),
            ("6.5.2025", Shape::Slashes),
            ("2025/05/06", Shape::Slashes),
            ("2025-05-06T00:00:00", Shape::WithTime),
            ("06/05/2025 00:00", Shape::WithTime),
            ("20250506", Shape::Plain),
        ] {
            assert_eq!(any_shape(text), Some((d("2025-05-06"), shape)), "{text}");
        }
        for bad in ["45783", "May 2025", "06/05/25", "2025-13-01", "é/é/é"] {
            assert_eq!(any_shape(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_period_holds_both_ends() {
        let period = Period::of(2026).unwrap();
        assert!(period.has(d("2025-04-01")) && period.has(d("2026-03-31")));
        assert!(!period.has(d("2025-03-31")) && !period.has(d("2026-04-01")));
    }

    #[test]
    fn working_days_are_counted_back_over_weekends() {
        let calendar = WorkingDays::england();
        // 1 April 2025 is a Tuesday.
        assert_eq!(
            working_days_before(&calendar, d("2025-04-01"), 2),
            Some(d("2025-03-28"))
        );
    }
}

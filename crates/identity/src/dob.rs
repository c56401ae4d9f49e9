//! A date of birth as it is compared: whole, or only its year or month, and
//! with how it is known. Twelve levels of likeness, each a thing that happens:
//! day and month swapped, one digit wrong, the first of January for "about".

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::{BirthDate, BirthDateKind};

/// A date of birth in one number; 0 is not known.
///
/// Bits 0-4 day, 5-8 month, 9-20 year, 21-22 kind (exact, estimated, assessed,
/// expected). Day or month 0 is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dob(pub u32);

/// How two dates of birth stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DobLevel {
    /// One of them is not known.
    Missing,
    /// The same day.
    Same,
    /// The same first of January, which often stands for "about".
    SameDefault,
    /// Day and month are swapped.
    Swapped,
    /// One digit differs.
    OneDigit,
    /// Same day and month, a year apart.
    YearApart,
    /// One is the first of January of the other's year.
    DefaultSameYear,
    /// One is a first of January or an assessed date, within three years.
    DefaultNear,
    /// The same month, or at most 31 days apart.
    Near,
    /// The same day and month of another year.
    SameDay,
    /// The same year.
    SameYear,
    /// Within three years.
    Years,
    /// Different.
    Different,
    /// Only the year or month is known of one, and it is the same.
    PartSame,
    /// Only the year is known of one, and it is one year off.
    PartNear,
}

impl DobLevel {
    /// All levels, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::Missing,
        Self::Same,
        Self::SameDefault,
        Self::Swapped,
        Self::OneDigit,
        Self::YearApart,
        Self::DefaultSameYear,
        Self::DefaultNear,
        Self::Near,
        Self::SameDay,
        Self::SameYear,
        Self::Years,
        Self::Different,
        Self::PartSame,
        Self::PartNear,
    ];
}

impl Dob {
    /// From parts; day and month may be 0.
    pub fn new(year: u32, month: u32, day: u32, kind: BirthDateKind) -> Self {
        let kind = match kind {
            BirthDateKind::Exact => 0,
            BirthDateKind::Estimated => 1,
            BirthDateKind::Assessed => 2,
            BirthDateKind::Expected => 3,
        };
        Self(day | month << 5 | year << 9 | kind << 21)
    }

    /// Reads `2013-03-27`, `27/03/2013`, `27.3.2013`, `20130327`, `2013-03` or
    /// `2013`; a time behind the date is passed over. `None` for anything else
    /// but an empty text, which is not known.
    pub fn read(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Some(Self(0));
        }
        let mut parts = [0u32; 3];
        let mut digits = [0usize; 3];
        let mut n = 0;
        for b in text {
            match b {
                b'0'..=b'9' if digits[n] < 8 => {
                    parts[n] = parts[n] * 10 + u32::from(b - b'0');
                    digits[n] += 1;
                }
                b'-' | b'/' | b'.' if n < 2 && digits[n] > 0 => n += 1,
                b'T' | b' ' if n == 2 && digits[2] > 0 => break,
                _ => return None,
            }
        }
        let (year, month, day) = match (n, digits) {
            (0, [8, ..]) => (parts[0] / 10_000, parts[0] / 100 % 100, parts[0] % 100),
            (0, [4, ..]) => (parts[0], 0, 0),
            (1, [4, 1..=2, _]) => (parts[0], parts[1], 0),
            (2, [4, 1..=2, 1..=2]) => (parts[0], parts[1], parts[2]),
            (2, [1..=2, 1..=2, 4]) => (parts[2], parts[1], parts[0]),
            _ => return None,
        };
        let whole = day > 0 && month > 0;
        if !(1850..=2150).contains(&year)
            || month > 12
            || (whole && NaiveDate::from_ymd_opt(year as i32, month, day).is_none())
            || (n == 2 && !whole)
        {
            return None;
        }
        Some(Self::new(year, month, day, BirthDateKind::Exact))
    }

    /// Whether nothing is known.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The year.
    pub fn year(self) -> u32 {
        self.0 >> 9 & 0xfff
    }

    /// The month, 0 if not known.
    pub fn month(self) -> u32 {
        self.0 >> 5 & 0xf
    }

    /// The day, 0 if not known.
    pub fn day(self) -> u32 {
        self.0 & 0x1f
    }

    /// Whether day, month and year are known.
    pub fn is_whole(self) -> bool {
        self.day() > 0
    }

    /// Without how it is known.
    pub fn date(self) -> u32 {
        self.0 & 0x1f_ffff
    }

    fn kind(self) -> u32 {
        self.0 >> 21 & 3
    }

    /// Whether it stands for "about": the first of January, or estimated or
    /// assessed.
    pub fn is_default(self) -> bool {
        self.date() & 0x1ff == 0x21 || matches!(self.kind(), 1 | 2)
    }

    /// With day and month swapped, where that is a date.
    pub fn swapped(self) -> Option<Self> {
        let (day, month) = (self.day(), self.month());
        (self.is_whole() && day <= 12 && day != month)
            .then_some(Self(self.0 & !0x1ff | month | day << 5))
    }

    /// Days since the year 0, roughly enough to compare (31-day months).
    fn days(self) -> i64 {
        i64::from(self.year()) * 372 + i64::from(self.month()) * 31 + i64::from(self.day())
    }

    /// How two dates stand to one another.
    pub fn compare(self, other: Self) -> DobLevel {
        if self.is_none() || other.is_none() {
            return DobLevel::Missing;
        }
        let years = self.year().abs_diff(other.year());
        if !self.is_whole() || !other.is_whole() {
            let months_fit =
                self.month() == 0 || other.month() == 0 || self.month() == other.month();
            return match years {
                0 if months_fit => DobLevel::PartSame,
                0 => DobLevel::SameYear,
                1 => DobLevel::PartNear,
                2..=3 => DobLevel::Years,
                _ => DobLevel::Different,
            };
        }
        if self.date() == other.date() {
            return if self.date() & 0x1ff == 0x21 {
                DobLevel::SameDefault
            } else {
                DobLevel::Same
            };
        }
        let same_day = (self.date() ^ other.date()) & 0x1ff == 0;
        if years == 0 && self.swapped().is_some_and(|s| s.date() == other.date()) {
            return DobLevel::Swapped;
        }
        let default = self.is_default() || other.is_default();
        if years == 0 && default {
            return DobLevel::DefaultSameYear;
        }
        if years == 1 && same_day && !default {
            return DobLevel::YearApart;
        }
        if self.one_digit(other) {
            return DobLevel::OneDigit;
        }
        if years <= 3 && default {
            return DobLevel::DefaultNear;
        }
        if (self.days() - other.days()).abs() <= 31 || (years == 0 && self.month() == other.month())
        {
            return DobLevel::Near;
        }
        if same_day && years <= 20 {
            return DobLevel::SameDay;
        }
        match years {
            0 => DobLevel::SameYear,
            1..=3 => DobLevel::Years,
            _ => DobLevel::Different,
        }
    }

    /// Whether the dates differ in exactly one digit.
    fn one_digit(self, other: Self) -> bool {
        let parts = |d: Self| [d.year(), d.month(), d.day()];
        let (a, b) = (parts(self), parts(other));
        let mut unlike = a.into_iter().zip(b).filter(|(x, y)| x != y);
        // Two parts that differ are two digits at least: most dates stop here.
        let (Some((mut x, mut y)), None) = (unlike.next(), unlike.next()) else {
            return false;
        };
        let mut differ = 0;
        while x != y {
            differ += u32::from(x % 10 != y % 10);
            (x, y) = (x / 10, y / 10);
        }
        differ == 1
    }

    /// Dates that are one digit off or swapped: where else to look for a child.
    pub fn slips(self) -> Vec<Self> {
        let mut found: Vec<Self> = self.swapped().into_iter().collect();
        if !self.is_whole() {
            return found;
        }
        let (year, month, day) = (self.year(), self.month(), self.day());
        let mut push = |y: u32, m: u32, d: u32| {
            let real = NaiveDate::from_ymd_opt(y as i32, m, d).is_some();
            let slip = Self(d | m << 5 | y << 9);
            if real && slip.date() != self.date() && !found.contains(&slip) {
                found.push(slip);
            }
        };
        push(year - 1, month, day);
        push(year + 1, month, day);
        for digit in 0..10 {
            push(year, month, day / 10 * 10 + digit);
            push(year, month, digit * 10 + day % 10);
            push(year, month / 10 * 10 + digit, day);
            push(year, digit * 10 + month % 10, day);
            push(year / 10 * 10 + digit, month, day);
        }
        for digit in 0..3 {
            push(1990 + digit * 10 + year % 10, month, day);
        }
        push(year, 1, 1);
        found
    }
}

impl From<BirthDate> for Dob {
    fn from(birth: BirthDate) -> Self {
        use chrono::Datelike;
        let year = u32::try_from(birth.date.year()).unwrap_or(0);
        Self::new(year, birth.date.month(), birth.date.day(), birth.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn level(a: &str, b: &str) -> DobLevel {
        let read = |t: &str| Dob::read(t.as_bytes()).expect("a date");
        read(a).compare(read(b))
    }

    #[test]
    fn what_happens_to_dates() {
        for (a, b, expected) in [
            ("2013-03-27", "27/03/2013", DobLevel::Same),
            ("2013-03-27", "20130327", DobLevel::Same),
            ("2013-01-01", "2013-01-01", DobLevel::SameDefault),
            ("2013-03-07", "2013-07-03", DobLevel::Swapped),
            ("2013-03-27", "2013-03-17", DobLevel::OneDigit),
            ("2013-03-27", "2012-03-27", DobLevel::YearApart),
            ("2013-03-27", "2013-01-01", DobLevel::DefaultSameYear),
            ("2011-01-01", "2013-03-27", DobLevel::DefaultNear),
            ("2026-01-30", "2026-02-08", DobLevel::Near),
            ("2013-03-27", "2003-03-27", DobLevel::OneDigit),
            ("2013-03-27", "2009-03-27", DobLevel::SameDay),
            ("2013-03-27", "2013-11-02", DobLevel::SameYear),
            ("2013-03-27", "1998-11-02", DobLevel::Different),
            ("2013", "2013-11-02", DobLevel::PartSame),
            ("2013", "2012-11-02", DobLevel::PartNear),
            ("", "2012-11-02", DobLevel::Missing),
        ] {
            assert_eq!(level(a, b), expected, "{a} {b}");
            assert_eq!(level(b, a), expected, "{b} {a}");
        }
        for bad in [
            "2013-02-30",
            "yesterday",
            "27-03",
            "2013-13-01",
            "20-03-27",
            "1/2/3/4",
        ] {
            assert_eq!(Dob::read(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn comparing_is_even_handed(a in 0u32..6000, b in 0u32..6000) {
            let day = |n: u32| {
                let date = NaiveDate::from_ymd_opt(2008, 1, 1).unwrap() + chrono::Days::new(u64::from(n));
                Dob::from(BirthDate::exact(date))
            };
            prop_assert_eq!(day(a).compare(day(b)), day(b).compare(day(a)));
            for slip in day(a).slips() {
                prop_assert_ne!(slip.compare(day(a)), DobLevel::Same);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..14)) {
            if let Some(dob) = Dob::read(&text) {
                prop_assert!(dob.month() <= 12 && dob.day() <= 31);
            }
        }
    }
}

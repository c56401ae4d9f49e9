//! A date of birth that may be known, estimated, assessed (for a young person
//! whose age is disputed) or still to come, and the age that follows from it
//! in the words people use.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::plain;

/// How a date of birth is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BirthDateKind {
    /// From a certificate, or told by the person or family.
    Exact,
    /// A guess, to be replaced.
    Estimated,
    /// Decided by an age assessment.
    Assessed,
    /// The day a baby is due.
    Expected,
}

impl BirthDateKind {
    /// All kinds, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Estimated, Self::Assessed, Self::Expected];

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimated => "estimated",
            Self::Assessed => "assessed",
            Self::Expected => "expected",
        }
    }

    /// The kind with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word on a page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exact => "Known",
            Self::Estimated => "Estimated",
            Self::Assessed => "Decided by an age assessment",
            Self::Expected => "Due date of an expected baby",
        }
    }
}

/// A date of birth and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BirthDate {
    /// The day.
    pub date: NaiveDate,
    /// How it is known.
    pub kind: BirthDateKind,
}

/// An age on a day, in the unit people would use for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// Not born yet: days until the day the baby is due.
    DueIn(i64),
    /// Not known to be born though the due day has passed by these days.
    DueAgo(i64),
    /// Under two weeks old.
    Days(i64),
    /// Under three months old.
    Weeks(i64),
    /// Under two years old.
    Months(i32),
    /// Two years old or more.
    Years(i32),
}

impl BirthDate {
    /// A known date of birth.
    pub fn exact(date: NaiveDate) -> Self {
        Self {
            date,
            kind: BirthDateKind::Exact,
        }
    }

    /// The age on a day. A date of birth still ahead counts as due.
    pub fn age_on(&self, day: NaiveDate) -> Age {
        let days = (day - self.date).num_days();
        if self.kind == BirthDateKind::Expected && days > 0 {
            return Age::DueAgo(days);
        }
        if days < 0 || self.kind == BirthDateKind::Expected {
            return Age::DueIn(-days);
        }
        let months = whole_months(self.date, day);
        match (days, months) {
            (..14, _) => Age::Days(days),
            (_, ..3) => Age::Weeks(days / 7),
            (_, ..24) => Age::Months(months),
            _ => Age::Years(months / 12),
        }
    }

    /// Whole years on a day: 0 for a baby, `None` before birth. Someone born
    /// on 29 February is a year older on 1 March, as the law of England has it.
    pub fn years_on(&self, day: NaiveDate) -> Option<i32> {
        match self.age_on(day) {
            Age::DueIn(_) | Age::DueAgo(_) => None,
            Age::Days(_) | Age::Weeks(_) => Some(0),
            Age::Months(months) => Some(months / 12),
            Age::Years(years) => Some(years),
        }
    }

    /// Whether the person is under 18 on a day, the unborn included (Children
    /// Act 1989, section 105).
    pub fn is_child_on(&self, day: NaiveDate) -> bool {
        self.years_on(day).is_none_or(|years| years < 18)
    }

    /// The age in words, with how sure it is: "7", "4 months", "about 7",
    /// "15, by age assessment", "due in 6 weeks".
    pub fn words_on(&self, day: NaiveDate) -> String {
        let age = self.age_on(day);
        match (self.kind, age) {
            (_, Age::DueIn(_) | Age::DueAgo(_)) => age.to_string(),
            (BirthDateKind::Estimated, _) => format!("about {age}"),
            (BirthDateKind::Assessed, _) => format!("{age}, by age assessment"),
            _ => age.to_string(),
        }
    }

    /// The date in words, with how sure it is: "27 March 2019", "about 27
    /// March 2019", "due 3 May 2027".
    pub fn date_words(&self) -> String {
        let date = plain::date(self.date);
        match self.kind {
            BirthDateKind::Exact => date,
            BirthDateKind::Estimated => format!("about {date}"),
            BirthDateKind::Assessed => format!("{date}, by age assessment"),
            BirthDateKind::Expected => format!("due {date}"),
        }
    }
}

/// Whole months from one date to a later one.
fn whole_months(from: NaiveDate, to: NaiveDate) -> i32 {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    if to.day() < from.day() {
        months - 1
    } else {
        months
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::DueIn(0) => f.write_str("due today"),
            Self::DueIn(days) => write!(f, "due in {}", plain::days_or_weeks(days)),
            Self::DueAgo(days) => write!(f, "was due {} ago", plain::days_or_weeks(days)),
            Self::Days(0) => f.write_str("born today"),
            Self::Days(days) => f.write_str(&plain::count(days, "day", "days")),
            Self::Weeks(weeks) => f.write_str(&plain::count(weeks, "week", "weeks")),
            Self::Months(months) => {
                f.write_str(&plain::count(i64::from(months), "month", "months"))
            }
            Self::Years(years) => write!(f, "{years}"),
        }
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
    fn ages_in_words() {
        use BirthDateKind::*;
        let today = d("2026-11-21");
        for (born, kind, words) in [
            ("2019-03-27", Exact, "7"),
            ("2019-11-21", Exact, "7"),
            ("2019-11-22", Exact, "6"),
            ("2026-07-20", Exact, "4 months"),
            ("2025-05-21", Exact, "18 months"),
            ("2024-11-21", Exact, "2"),
            ("2026-11-21", Exact, "born today"),
            ("2026-11-20", Exact, "1 day"),
            ("2026-10-21", Exact, "4 weeks"),
            ("2019-06-01", Estimated, "about 7"),
            ("2011-01-01", Assessed, "15, by age assessment"),
            ("2027-01-02", Expected, "due in 6 weeks"),
            ("2026-11-24", Expected, "due in 3 days"),
            ("2026-11-21", Expected, "due today"),
            ("2026-11-19", Expected, "was due 2 days ago"),
        ] {
            let birth = BirthDate {
                date: d(born),
                kind,
            };
            assert_eq!(birth.words_on(today), words, "{born}");
        }
    }

    #[test]
    fn born_on_29_february_is_older_on_1_march() {
        let birth = BirthDate::exact(d("2008-02-29"));
        assert_eq!(birth.years_on(d("2026-02-28")), Some(17));
        assert_eq!(birth.years_on(d("2026-03-01")), Some(18));
        assert!(birth.is_child_on(d("2026-02-28")));
    }

    #[test]
    fn an_expected_baby_is_a_child_without_an_age() {
        let baby = BirthDate {
            date: d("2027-01-02"),
            kind: BirthDateKind::Expected,
        };
        assert_eq!(baby.years_on(d("2026-11-21")), None);
        assert!(baby.is_child_on(d("2026-11-21")));
        assert_eq!(baby.date_words(), "due 2 January 2027");
    }

    proptest! {
        #[test]
        fn years_never_go_down(born in 0i64..20_000, days in 0i64..40_000) {
            let birth = BirthDate::exact(d("1960-01-01") + chrono::Duration::days(born));
            let day = birth.date + chrono::Duration::days(days);
            let years = birth.years_on(day).unwrap();
            let next = birth.years_on(day.succ_opt().unwrap()).unwrap();
            prop_assert!(next == years || next == years + 1);
            prop_assert_eq!(years, day.years_since(birth.date).unwrap() as i32);
        }
    }
}

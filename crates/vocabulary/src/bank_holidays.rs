//! The bank holidays of England and Wales, computed by rule, with the one-off
//! changes that proclamations made.
//!
//! Rules: Banking and Financial Dealings Act 1971, schedule 1, with the common
//! law holidays (Good Friday, Christmas Day) and the yearly proclamations for
//! New Year's Day and early May. One-off changes: proclamations under section
//! 1(2) and (3) of the Act, as listed on gov.uk/bank-holidays.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// One bank holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankHoliday {
    /// The day.
    pub date: NaiveDate,
    /// Its name, in words people know.
    pub name: &'static str,
}

/// A change that a proclamation made in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneOff {
    /// The usual holiday that was not kept, as (year, month, day).
    pub instead_of: Option<(i32, u32, u32)>,
    /// The holiday that was kept, as (year, month, day).
    pub kept: (i32, u32, u32),
    /// Its name.
    pub name: &'static str,
    /// Where the change is written.
    pub source: &'static str,
}

/// Every change from 2000 to now. A new one is a new line here.
pub const ONE_OFFS: &[OneOff] = &[
    OneOff {
        instead_of: Some((2002, 5, 27)),
        kept: (2002, 6, 4),
        name: "Spring bank holiday",
        source: "Proclamation for the Golden Jubilee, 2001",
    },
    OneOff {
        instead_of: None,
        kept: (2002, 6, 3),
        name: "Golden Jubilee",
        source: "Proclamation for the Golden Jubilee, 2001",
    },
    OneOff {
        instead_of: None,
        kept: (2011, 4, 29),
        name: "Royal wedding",
        source: "Proclamation of 15 December 2010",
    },
    OneOff {
        instead_of: Some((2012, 5, 28)),
        kept: (2012, 6, 4),
        name: "Spring bank holiday",
        source: "Proclamation for the Diamond Jubilee, 2010",
    },
    OneOff {
        instead_of: None,
        kept: (2012, 6, 5),
        name: "Diamond Jubilee",
        source: "Proclamation for the Diamond Jubilee, 2010",
    },
    OneOff {
        instead_of: Some((2020, 5, 4)),
        kept: (2020, 5, 8),
        name: "Early May bank holiday (VE Day)",
        source: "Proclamation moving the early May holiday of 2020, 2019",
    },
    OneOff {
        instead_of: Some((2022, 5, 30)),
        kept: (2022, 6, 2),
        name: "Spring bank holiday",
        source: "Proclamation for the Platinum Jubilee, 2021",
    },
    OneOff {
        instead_of: None,
        kept: (2022, 6, 3),
        name: "Platinum Jubilee",
        source: "Proclamation for the Platinum Jubilee, 2021",
    },
    OneOff {
        instead_of: None,
        kept: (2022, 9, 19),
        name: "State funeral of Queen Elizabeth II",
        source: "Proclamation of 10 September 2022",
    },
    OneOff {
        instead_of: None,
        kept: (2023, 5, 8),
        name: "Coronation of King Charles III",
        source: "Proclamation of November 2022",
    },
];

/// Easter Sunday of a year in the Gregorian calendar, by the method of
/// Meeus, Jones and Butcher.
pub fn easter_sunday(year: i32) -> NaiveDate {
    let a = year.rem_euclid(19);
    let b = year.div_euclid(100);
    let c = year.rem_euclid(100);
    let d = b / 4;
    let e = b % 4;
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let i = c / 4;
    let k = c % 4;
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    day_of(year, month as u32, day as u32)
}

/// All bank holidays of England and Wales in a year, in order.
pub fn bank_holidays(year: i32) -> Vec<BankHoliday> {
    let easter = easter_sunday(year);
    let mut days = vec![
        BankHoliday {
            date: off_weekend(day_of(year, 1, 1), &[]),
            name: "New Year’s Day",
        },
        BankHoliday {
            date: easter - Days::new(2),
            name: "Good Friday",
        },
        BankHoliday {
            date: easter + Days::new(1),
            name: "Easter Monday",
        },
        BankHoliday {
            date: first_monday(year, 5),
            name: "Early May bank holiday",
        },
        BankHoliday {
            date: last_monday(year, 5),
            name: "Spring bank holiday",
        },
        BankHoliday {
            date: last_monday(year, 8),
            name: "Summer bank holiday",
        },
    ];
    // A Christmas Day on a Sunday is kept on the Tuesday: the Monday is
    // Boxing Day's own.
    let boxing_day = day_of(year, 12, 26);
    let christmas = off_weekend(day_of(year, 12, 25), &[boxing_day]);
    days.push(BankHoliday {
        date: christmas,
        name: "Christmas Day",
    });
    days.push(BankHoliday {
        date: off_weekend(boxing_day, &[christmas]),
        name: "Boxing Day",
    });

    for change in ONE_OFFS.iter().filter(|change| change.kept.0 == year) {
        if let Some((y, m, d)) = change.instead_of {
            days.retain(|day| day.date != day_of(y, m, d));
        }
        let (y, m, d) = change.kept;
        days.push(BankHoliday {
            date: day_of(y, m, d),
            name: change.name,
        });
    }
    days.sort_by_key(|day| day.date);
    days
}

/// The first weekday from `date` on that is not already another holiday.
fn off_weekend(date: NaiveDate, taken: &[NaiveDate]) -> NaiveDate {
    let mut day = date;
    while is_weekend(day) || (day != date && taken.contains(&day)) {
        day = day + Days::new(1);
    }
    day
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn first_monday(year: i32, month: u32) -> NaiveDate {
    let first = day_of(year, month, 1);
    let ahead = (7 - first.weekday().num_days_from_monday()) % 7;
    first + Days::new(u64::from(ahead))
}

/// The last Monday of a month that has 31 days (May and August have).
fn last_monday(year: i32, month: u32) -> NaiveDate {
    let last = day_of(year, month, 31);
    last - Days::new(u64::from(last.weekday().num_days_from_monday()))
}

/// A date that the rules above always make real. Years outside chrono's range
/// of a quarter of a million fall back to its first day rather than panic.
fn day_of(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_over_the_years() {
        for (year, day) in [
            (2000, "2000-04-23"),
            (2008, "2008-03-23"),
            (2011, "2011-04-24"),
            (2019, "2019-04-21"),
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
            (2040, "2040-04-01"),
        ] {
            assert_eq!(easter_sunday(year), d(day));
        }
    }

    #[test]
    fn published_years_are_exact() {
        // As published for England and Wales on gov.uk/bank-holidays.
        for (year, days) in [
            (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
            (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
            (
                2022,
                "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
            ),
            (
                2023,
                "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
            ),
            (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
            (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
            (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ] {
            let computed: Vec<String> = bank_holidays(year)
                .iter()
                .map(|day| day.date.format("%m-%d").to_string())
                .collect();
            assert_eq!(computed.join(" "), days, "{year}");
        }
    }

    #[test]
    fn one_offs_replace_or_add() {
        let dates = |year| {
            bank_holidays(year)
                .into_iter()
                .map(|day| day.date)
                .collect::<Vec<_>>()
        };
        assert!(dates(2002).contains(&d("2002-06-03")) && dates(2002).contains(&d("2002-06-04")));
        assert!(!dates(2002).contains(&d("2002-05-27")));
        assert!(dates(2011).contains(&d("2011-04-29")) && dates(2011).len() == 9);
        assert!(dates(2012).contains(&d("2012-06-05")) && !dates(2012).contains(&d("2012-05-28")));
        assert!(!dates(2020).contains(&d("2020-05-04")));
        assert!(ONE_OFFS.iter().all(|change| !change.source.is_empty()));
    }

    #[test]
    fn every_year_from_2000_to_2040_has_eight_or_more_weekdays() {
        for year in 2000..=2040 {
            let days = bank_holidays(year);
            assert!(days.len() >= 8, "{year}");
            assert!(days.iter().all(|day| !is_weekend(day.date)), "{year}");
            assert!(
                days.windows(2).all(|pair| pair[0].date < pair[1].date),
                "{year}"
            );
        }
    }
}

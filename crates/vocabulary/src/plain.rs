//! Dates, spans, counts and lists in the words of people, and dates read from
//! the ways people type them. All dates are as on a wall calendar in England.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// "21 November 2026".
pub fn date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// "21 Nov 2026", for tables.
pub fn short_date(date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), &month(date)[..3], date.year())
}

/// "Saturday 21 November 2026".
pub fn date_with_day(day: NaiveDate) -> String {
    format!("{} {}", weekday(day), date(day))
}

/// "2:05pm", "9am", "midday", "midnight".
pub fn time(time: NaiveTime) -> String {
    let (afternoon, hour) = time.hour12();
    let half = if afternoon { "pm" } else { "am" };
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".into(),
        (12, 0) => "midday".into(),
        (_, 0) => format!("{hour}{half}"),
        (_, minute) => format!("{hour}:{minute:02}{half}"),
    }
}

/// "21 November 2026 at 2:05pm".
pub fn date_time(at: NaiveDateTime) -> String {
    format!("{} at {}", date(at.date()), time(at.time()))
}

/// A date beside today: "today", "tomorrow", "yesterday", "in 3 days",
/// "5 weeks ago"; further than eight weeks away, the date itself.
pub fn near(day: NaiveDate, today: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        n @ 2..=56 => format!("in {}", days_or_weeks(n)),
        n @ -56..=-2 => format!("{} ago", days_or_weeks(-n)),
        _ => date(day),
    }
}

/// What is left in working days: "due today", "in 3 working days", "2 working
/// days late".
pub fn working_days_left(left: i64) -> String {
    match left {
        0 => "due today".into(),
        n if n > 0 => format!("in {}", count(n, "working day", "working days")),
        n => format!("{} late", count(-n, "working day", "working days")),
    }
}

/// What is left in days: "due today", "in 3 days", "2 days late".
pub fn days_left(left: i64) -> String {
    match left {
        0 => "due today".into(),
        n if n > 0 => format!("in {}", count(n, "day", "days")),
        n => format!("{} late", count(-n, "day", "days")),
    }
}

/// "3 days" up to two weeks, then whole weeks: "6 weeks".
pub fn days_or_weeks(days: i64) -> String {
    if days < 14 {
        count(days, "day", "days")
    } else {
        count(days / 7, "week", "weeks")
    }
}

/// How long something has lasted: "5 days", "7 weeks", "4 months", "3 years".
pub fn lasting(from: NaiveDate, to: NaiveDate) -> String {
    let days = (to - from).num_days().max(0);
    match days {
        0..=83 => days_or_weeks(days),
        84..=729 => count(days * 12 / 365, "month", "months"),
        _ => count(days * 100 / 36_525, "year", "years"),
    }
}

/// "1 child", "3 children", "1,204 children".
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A whole number with commas: "1,204".
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if n < 0 { format!("−{text}") } else { text }
}

/// "Maya", "Maya and Idris", "Maya, Idris and Sami".
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// A date as someone typed it: "27 3 2019", "27/3/2019", "27.03.2019",
/// "27 March 2019", "27 Mar 2019" or "2019-03-27". Day before month, as in
/// England. `None` when it is no real date or the year has fewer than four
/// digits (a two-digit year could be a child or a grandparent).
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let (day, month, year) = if a.len() == 4 { (c, b, a) } else { (a, b, c) };
    read_date_parts(day, month, year)
}

/// A date from three boxes: day, month (number or name) and year.
pub fn read_date_parts(day: &str, month: &str, year: &str) -> Option<NaiveDate> {
    let (day, month, year) = (day.trim(), month.trim(), year.trim());
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, read_month(month)?, small_number(day)?)
}

/// A time as someone typed it: "14:05", "2:05pm", "2.05 pm", "9am", "1405".
pub fn read_time(text: &str) -> Option<NaiveTime> {
    let lower: String = text
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match lower.as_str() {
        "midnight" => return NaiveTime::from_hms_opt(0, 0, 0),
        "midday" | "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        _ => {}
    }
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(rest), _) => (rest, Some(0)),
        (_, Some(rest)) => (rest, Some(12)),
        _ => (lower.as_str(), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) => (
            small_number(hour)?,
            (minute.len() == 2).then(|| small_number(minute))??,
        ),
        None if digits.len() == 4 && digits.is_ascii() => {
            (small_number(&digits[..2])?, small_number(&digits[2..])?)
        }
        // A bare "9" could be morning or evening.
        None => (half.and_then(|_| small_number(digits))?, 0),
    };
    match half {
        None => NaiveTime::from_hms_opt(hour, minute, 0),
        Some(add) if (1..=12).contains(&hour) => {
            NaiveTime::from_hms_opt(hour % 12 + add, minute, 0)
        }
        Some(_) => None,
    }
}

fn read_month(text: &str) -> Option<u32> {
    if let Some(number) = small_number(text) {
        return Some(number);
    }
    let text = text.to_lowercase();
    let found = MONTHS.iter().position(|name| {
        let name = name.to_lowercase();
        text.len() >= 3 && (name.starts_with(&text) || (name == "september" && text == "sept"))
    })?;
    u32::try_from(found + 1).ok()
}

/// One or two ASCII digits as a number.
fn small_number(text: &str) -> Option<u32> {
    let fine = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok())?
}

fn month(date: NaiveDate) -> &'static str {
    MONTHS[date.month0() as usize]
}

fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_and_times_for_people() {
        assert_eq!(date(d("2026-11-21")), "21 November 2026");
        assert_eq!(short_date(d("2026-05-01")), "1 May 2026");
        assert_eq!(date_with_day(d("2026-11-21")), "Saturday 21 November 2026");
        let t = |h, m| time(NaiveTime::from_hms_opt(h, m, 0).unwrap());
        assert_eq!(
            [t(14, 5), t(9, 0), t(0, 0), t(12, 0), t(0, 30)],
            ["2:05pm", "9am", "midnight", "midday", "12:30am"]
        );
        let today = d("2026-11-21");
        for (day, words) in [
            ("2026-11-21", "today"),
            ("2026-11-22", "tomorrow"),
            ("2026-11-20", "yesterday"),
            ("2026-11-24", "in 3 days"),
            ("2026-10-24", "4 weeks ago"),
            ("2027-03-01", "1 March 2027"),
        ] {
            assert_eq!(near(d(day), today), words);
        }
    }

    #[test]
    fn spans_counts_and_lists() {
        assert_eq!(working_days_left(3), "in 3 working days");
        assert_eq!(working_days_left(-1), "1 working day late");
        assert_eq!(days_left(-2), "2 days late");
        assert_eq!(lasting(d("2026-01-01"), d("2026-11-21")), "10 months");
        assert_eq!(lasting(d("2020-01-01"), d("2026-11-21")), "6 years");
        assert_eq!(count(1204, "child", "children"), "1,204 children");
        assert_eq!(number(-1_000_000), "−1,000,000");
        assert_eq!(list(&["Maya", "Idris", "Sami"]), "Maya, Idris and Sami");
        assert_eq!(list::<&str>(&[]), "");
    }

    #[test]
    fn typed_dates_are_read_the_english_way() {
        for typed in [
            "27 3 2019",
            "27/03/2019",
            "27.3.2019",
            "27 March 2019",
            "27 mar 2019",
            "2019-03-27",
            " 27  3, 2019 ",
        ] {
            assert_eq!(read_date(typed), Some(d("2019-03-27")), "{typed}");
        }
        for bad in [
            "",
            "27 3",
            "31 2 2019",
            "3 27 2019",
            "27 3 19",
            "a b c",
            "27 3 2019 4",
            "२७ 3 2019",
            "27 ma 2019",
        ] {
            assert_eq!(read_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn typed_times_are_read() {
        for (typed, shown) in [
            ("14:05", "2:05pm"),
            ("2.05 PM", "2:05pm"),
            ("9am", "9am"),
            ("0905", "9:05am"),
            ("12am", "midnight"),
            ("noon", "midday"),
        ] {
            assert_eq!(
                read_time(typed).map(time).as_deref(),
                Some(shown),
                "{typed}"
            );
        }
        for bad in ["", "9", "25:00", "14:5", "13pm", "9:60", "éé"] {
            assert_eq!(read_time(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_back(days in 0i64..80_000) {
            let day = d("1900-01-01") + chrono::Duration::days(days);
            prop_assert_eq!(read_date(&date(day)), Some(day));
            prop_assert_eq!(read_date(&short_date(day)), Some(day));
            prop_assert_eq!(read_date(&day.to_string()), Some(day));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,30}") {
            if let Some(day) = read_date(&text) {
                prop_assert_eq!(read_date(&date(day)), Some(day));
            }
            if let Some(at) = read_time(&text) {
                prop_assert_eq!(read_time(&time(at)), Some(at));
            }
        }
    }
}

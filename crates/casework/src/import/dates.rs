//! Dates as other systems and spreadsheets leave them. What cannot be read
//! surely is not guessed: the row is handed back with the reason.

use chrono::NaiveDate;
use vocabulary::plain;

/// The order of day and month in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 27/03/2013.
    DayFirst,
    /// 03/27/2013.
    MonthFirst,
}

/// Finds the order of a column's dates: where one number is over 12 it tells.
/// England's order where nothing tells; an error where both are told.
pub fn order<'a>(
    values: impl Iterator<Item = &'a str>,
    declared: Option<&str>,
) -> Result<Order, String> {
    match declared {
        Some("day-month-year") => return Ok(Order::DayFirst),
        Some("month-day-year") => return Ok(Order::MonthFirst),
        Some(other) => {
            return Err(format!(
                "The order of dates is day-month-year or month-day-year, not “{other}”."
            ));
        }
        None => {}
    }
    let (mut day_first, mut month_first) = (0, 0);
    for value in values {
        if let Some((a, b, _)) = slashed(value) {
            day_first += u32::from(a > 12 && b <= 12);
            month_first += u32::from(b > 12 && a <= 12);
        }
    }
    match (day_first, month_first) {
        (0, 0) => Ok(Order::DayFirst),
        (_, 0) => Ok(Order::DayFirst),
        (0, _) => Ok(Order::MonthFirst),
        (day, month) => Err(format!(
            "The dates contradict one another: {day} have the day first, {month} the month. \
             Say which is right with --dates day-month-year or --dates month-day-year."
        )),
    }
}

fn slashed(value: &str) -> Option<(u32, u32, &str)> {
    let date = value.split([' ', 'T']).next()?;
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let [a, b, year] = *parts.as_slice() else {
        return None;
    };
    Some((a.parse().ok()?, b.parse().ok()?, year)).filter(|_| a.len() <= 2)
}

/// Reads one date, or says what is wrong with it.
pub fn read(value: &str, order: Order) -> Result<NaiveDate, String> {
    if value.starts_with('#') {
        return Err("a spreadsheet saved “####” in place of the date, because the column was too narrow. Widen it and export again".into());
    }
    if let Ok(serial) = value.parse::<i64>()
        && value.len() == 5
    {
        // Day 0 of spreadsheets is 30 December 1899.
        let day = NaiveDate::from_ymd_opt(1899, 12, 30)
            .and_then(|zero| zero.checked_add_signed(chrono::Duration::days(serial)));
        let meant = day.map_or_else(String::new, |d| format!(" It may mean {}.", plain::date(d)));
        return Err(format!(
            "{value} is a spreadsheet’s number, not a date.{meant} Show the column as dates and export again"
        ));
    }
    // A time of day behind the date says nothing here.
    let date = match value.split_once(['T', ' ']) {
        Some((date, time)) if time.contains(':') => date,
        _ => value,
    };
    if let Some((a, b, year)) = slashed(date) {
        if year.len() != 4 {
            return Err(format!(
                "“{value}” has a year of {} digits: it could be a child’s or a grandparent’s. Write four",
                year.len()
            ));
        }
        let (day, month) = match order {
            Order::DayFirst => (a, b),
            Order::MonthFirst => (b, a),
        };
        let found = year
            .parse()
            .ok()
            .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
        return found.ok_or_else(|| format!("“{value}” is no real date"));
    }
    if let Some(day) = eight(date).or_else(|| plain::read_date(date)) {
        return Ok(day);
    }
    let spaced = date.replace('-', " ");
    plain::read_date(&spaced)
        .ok_or_else(|| format!("“{value}” is no date that can be read. Write it like 27/03/2013"))
}

/// "20130327".
fn eight(date: &str) -> Option<NaiveDate> {
    (date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()))
        .then(|| NaiveDate::parse_from_str(date, "%Y%m%d").ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_are_sure_are_read() {
        let want = NaiveDate::from_ymd_opt(2013, 3, 27);
        for (text, order) in [
            ("27/03/2013", Order::DayFirst),
            ("03/27/2013", Order::MonthFirst),
            ("2013-03-27", Order::DayFirst),
            ("2013-03-27T00:00:00", Order::DayFirst),
            ("27.3.2013 00:00", Order::DayFirst),
            ("27-Mar-2013", Order::DayFirst),
            ("27 March 2013", Order::DayFirst),
            ("20130327", Order::DayFirst),
        ] {
            assert_eq!(read(text, order).ok(), want, "{text}");
        }
    }

    #[test]
    fn damage_is_named() {
        for (text, says) in [
            ("41360", "spreadsheet’s number"),
            ("########", "too narrow"),
            ("27/03/13", "2 digits"),
            ("31/02/2013", "no real date"),
            ("soon", "no date that can be read"),
        ] {
            let said = read(text, Order::DayFirst).expect_err(text);
            assert!(said.contains(says), "{text}: {said}");
        }
        assert_eq!(
            order(["01/02/2013", "03/27/2013"].into_iter(), None),
            Ok(Order::MonthFirst)
        );
        assert!(order(["27/02/2013", "03/27/2013"].into_iter(), None).is_err());
    }
}

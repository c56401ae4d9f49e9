//! What was meant to last before: previous adoption, special guardianship or
//! residence of children who start to be looked after.

use chrono::NaiveDate;

use super::super::data::Row;
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, PrevPerm};
use super::help::{code, each};

const ITEMS: [super::super::tables::Field; 3] = [PREV_PERM, LA_PERM, DATE_PERM];

pub const CHECKS: &[(&str, Check)] = &[
    (
        "630",
        check(|c, o| {
            for episode in c.rows(Episodes) {
                if !episode.is(RNE, "S") || episode.date(DECOM).is_none_or(|from| from < c.start())
                {
                    continue;
                }
                if c.rows(PrevPerm).is_empty() {
                    o.hit(&[*episode]);
                }
                for row in c.rows(PrevPerm) {
                    let partly = !row.is(PREV_PERM, "Z1") && !row.has_all(&[LA_PERM, DATE_PERM]);
                    if row.blank(PREV_PERM) || partly {
                        o.hit(&[*episode, *row]);
                    }
                }
            }
        }),
    ),
    ("631", check(|c, o| code(c, o, PrevPerm, PREV_PERM))),
    (
        "632",
        check(|c, o| {
            let first = c.episodes().first();
            let began = first.and_then(|e| e.date(DECOM));
            for row in c.rows(PrevPerm).iter().filter(|p| p.has(DATE_PERM)) {
                let late = match partly_known(row.text(DATE_PERM)) {
                    None => true,
                    Some(earliest) => earliest.zip(began).is_some_and(|(day, began)| day >= began),
                };
                if late {
                    let mut rows = vec![*row];
                    rows.extend(first);
                    o.hit(&rows);
                }
            }
        }),
    ),
    ("633", check(|c, o| code(c, o, PrevPerm, LA_PERM))),
    (
        "634",
        check(|c, o| {
            let latest = c.episodes().last().and_then(|e| e.date(DECOM));
            if latest.is_some_and(|from| from < c.start()) {
                for row in c.rows(PrevPerm).iter().filter(|p| p.has_any(&ITEMS)) {
                    let mut rows: Vec<Row<'_>> = vec![*row];
                    rows.extend(c.rows(Episodes));
                    o.hit(&rows);
                }
            }
        }),
    ),
    (
        "635",
        check(|c, o| {
            each(c, o, PrevPerm, |p| {
                p.has_any(&[LA_PERM, DATE_PERM]) && (p.blank(PREV_PERM) || p.is(PREV_PERM, "Z1"))
            });
        }),
    ),
];

/// A date as DD/MM/YYYY whose parts may be unknown (ZZ, ZZZZ). `None` when it
/// is no such date; else the earliest day that it can mean, if the year is
/// known.
fn partly_known(text: &str) -> Option<Option<NaiveDate>> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || day.len() != 2 || month.len() != 2 || year.len() != 4 {
        return None;
    }
    let number = |part: &str, unknown: &str, stand_in: u32| -> Option<u32> {
        if part == unknown {
            return Some(stand_in);
        }
        part.bytes()
            .all(|c| c.is_ascii_digit())
            .then(|| part.parse().ok())
            .flatten()
    };
    let (d, m) = (number(day, "ZZ", 1)?, number(month, "ZZ", 1)?);
    // Without a year, 29 February is a day too.
    let y = number(year, "ZZZZ", 2000)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, m, d)?;
    Some((year != "ZZZZ").then_some(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_date_may_be_unknown() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(partly_known("05/06/2020"), Some(day(2020, 6, 5)));
        assert_eq!(partly_known("ZZ/05/2020"), Some(day(2020, 5, 1)));
        assert_eq!(partly_known("ZZ/ZZ/1993"), Some(day(1993, 1, 1)));
        assert_eq!(partly_known("ZZ/ZZ/ZZZZ"), Some(None));
        for bad in ["XX/10/2011", "ZZ/ZZ/ZZ", "01/13/2000", "2020-05-01", ""] {
            assert_eq!(partly_known(bad), None, "{bad}");
        }
    }
}

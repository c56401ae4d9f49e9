//! The child's social workers (from 2023-24): each one's time, without gaps,
//! and in step with the child's time in care.

use chrono::{Days, NaiveDate};

use super::super::child::{Child, respite};
use super::super::data::Row;
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, SWEpisodes};
use super::help::{date, each, sorted};
use crate::core::dates::less_years;

/// A handover may take so many days.
const HANDOVER: i64 = 7;

pub const CHECKS: &[(&str, Check)] = &[
    (
        "SW01aSTG1",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                s.blank(SW_DECOM) || before_2023(s) == Some(true) && s.blank(SW_ID)
            });
        }),
    ),
    (
        "SW01bSTG1",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                s.blank(SW_DECOM)
                    || before_2023(s) == Some(false) && !s.has_all(&[SW_ID, SW_REASON])
            });
        }),
    ),
    (
        "SW02STG1",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                !(s.text(SW_ID).starts_with("SW") || s.text(SW_ID).starts_with("XX"))
            });
        }),
    ),
    ("SW04STG1", check(|c, o| date(c, o, SWEpisodes, SW_DECOM))),
    ("SW05STG1", check(|c, o| date(c, o, SWEpisodes, SW_DEC))),
    (
        "SW06STG2",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                s.date(SW_DECOM).is_some_and(|from| from > c.end())
            })
        }),
    ),
    (
        "SW07STG2",
        check(|c, o| {
            let start = less_years(c.start(), 1);
            each(c, o, SWEpisodes, |s| {
                s.date(SW_DEC)
                    .is_some_and(|to| start.is_some_and(|start| to < start) || to > c.end())
            });
        }),
    ),
    (
        "SW08STG2",
        check(|c, o| {
            if let Some((_, earlier)) = in_order(c).split_last() {
                for row in earlier.iter().filter(|s| s.blank(SW_DEC)) {
                    o.hit(&[*row]);
                }
            }
        }),
    ),
    (
        "SW09STG2",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                s.date(SW_DECOM).is_some() && s.date(SW_DECOM) == s.date(SW_DEC)
            });
        }),
    ),
    (
        "SW10STG2",
        check(|c, o| {
            for pair in in_order(c).windows(2) {
                let (before, row) = (pair[0], pair[1]);
                let gap = row
                    .date(SW_DECOM)
                    .zip(before.date(SW_DEC))
                    .map(|(from, to)| (from - to).num_days().abs());
                if !row.is(SW_REASON, "FCONTA") && gap.is_none_or(|days| days > HANDOVER) {
                    o.hit_after(row, before);
                }
            }
        }),
    ),
    (
        "SW11bSTG2",
        check(|c, o| {
            let from = c.end().checked_sub_days(Days::new(5));
            let last = in_order(c).pop();
            if let Some(last) = last
                && last
                    .date(SW_DEC)
                    .is_some_and(|to| from.is_some_and(|from| from <= to) && to <= c.end())
            {
                o.hit(&[last]);
            }
        }),
    ),
    (
        "SW12STG2",
        check(|c, o| {
            for episode in c.rows(Episodes).iter().filter(|e| !respite(**e)) {
                let begins = episode.is(RNE, "S").then(|| episode.date(DECOM)).flatten();
                let left = episode.has(REC) && !episode.is(REC, "X1");
                let ends = left.then(|| episode.date(DEC)).flatten();
                let wanted = begins
                    .into_iter()
                    .chain(ends)
                    .filter(|day| in_window(c, *day));
                if wanted
                    .into_iter()
                    .any(|day| !c.rows(SWEpisodes).iter().any(|s| around(*s, day)))
                {
                    o.hit(&[*episode]);
                }
            }
        }),
    ),
    (
        "SW13STG1",
        check(|c, o| {
            each(c, o, SWEpisodes, |s| {
                let missing = s.blank(SW_REASON) && before_2023(s) == Some(false);
                missing || s.has(SW_REASON) && !c.in_set(s, SW_REASON)
            });
        }),
    ),
    (
        "SW17STG2",
        check(|c, o| {
            if let Some(last) = in_order(c).pop().filter(|s| s.has(SW_DEC)) {
                o.hit(&[last]);
            }
        }),
    ),
];

/// The child's social worker episodes in the order in which they began.
fn in_order<'a>(c: &Child<'a>) -> Vec<Row<'a>> {
    let mut rows = sorted(c.rows(SWEpisodes), SW_DECOM);
    rows.sort_by_key(|s| (s.date(SW_DECOM), s.date(SW_DEC).unwrap_or(NaiveDate::MAX)));
    rows
}

/// Whether it began before 1 April 2023, when reasons were not yet collected;
/// `None` without a date.
fn before_2023(row: Row<'_>) -> Option<bool> {
    let first = NaiveDate::from_ymd_opt(2023, 4, 1)?;
    Some(row.date(SW_DECOM)? < first)
}

/// Whether a day lies in this or the year before it: what is reported of
/// social workers.
fn in_window(c: &Child<'_>, day: NaiveDate) -> bool {
    less_years(c.start(), 1).is_some_and(|start| start <= day) && day <= c.end()
}

/// Whether a social worker had the child on a day, a handover's days before
/// and after counted in.
fn around(row: Row<'_>, day: NaiveDate) -> bool {
    let begun = row
        .date(SW_DECOM)
        .is_some_and(|from| (from - day).num_days() <= HANDOVER);
    begun
        && (row.blank(SW_DEC)
            || row
                .date(SW_DEC)
                .is_some_and(|to| (day - to).num_days() <= HANDOVER))
}

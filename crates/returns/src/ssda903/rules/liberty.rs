//! Orders that deprive a child of liberty (from 2026-27).

use super::super::child::Child;
use super::super::hits::{Check, Hits, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{DoLo, Episodes};
use super::help::{date, each, outside_care, periods_of_care};
use super::missing::in_order;

pub const CHECKS: &[(&str, Check)] = &[
    (
        "700",
        check(|c, o| {
            each(c, o, DoLo, |d| {
                d.blank(DOLO_START) || d.bad_date(DOLO_START)
            })
        }),
    ),
    ("701", check(|c, o| date(c, o, DoLo, DOLO_END))),
    (
        "702",
        check(|c, o| {
            each(c, o, DoLo, |d| {
                d.date(DOLO_END)
                    .zip(d.date(DOLO_START))
                    .is_some_and(|(to, from)| to <= from)
            });
        }),
    ),
    (
        "703",
        check(|c, o| {
            each(c, o, DoLo, |d| {
                d.date(DOLO_START).is_some_and(|from| from > c.end())
            })
        }),
    ),
    (
        "704",
        check(|c, o| {
            each(c, o, DoLo, |d| {
                d.date(DOLO_END).is_some_and(|to| !c.all.period.has(to))
            })
        }),
    ),
    (
        "705",
        check(|c, o| {
            for (order, before) in in_order(c.rows(DoLo), DOLO_START, DOLO_END) {
                o.hit_after(order, before);
            }
        }),
    ),
    (
        "706",
        check(|c, o| {
            for last in c
                .rows_last(DoLo)
                .iter()
                .filter(|d| d.has(DOLO_START) && d.blank(DOLO_END))
            {
                let goes_on = c.rows(DoLo).iter().any(|now| {
                    match (now.date(DOLO_START), last.date(DOLO_START)) {
                        (Some(now), Some(last)) => now == last,
                        _ => now.text(DOLO_START) == last.text(DOLO_START),
                    }
                });
                if !goes_on {
                    o.hit(&[*last]);
                }
            }
        }),
    ),
    (
        "707",
        check(|c, o| {
            let periods = periods_of_care(c);
            each(c, o, DoLo, |d| {
                let known = d.blank(DOLO_END) || d.date(DOLO_END).is_some();
                known
                    && d.date(DOLO_START)
                        .is_some_and(|from| outside_care(&periods, from, d.date(DOLO_END)))
            });
        }),
    ),
    (
        "708",
        check(|c, o| {
            each(c, o, DoLo, |d| {
                d.date(DOLO_START)
                    .zip(d.date(DOB))
                    .is_some_and(|(from, dob)| from <= dob)
            });
        }),
    ),
    (
        "709",
        check(|c, o| placed(c, o, |place| !["K2", "Z12", "Z13"].contains(&place))),
    ),
    (
        "710",
        check(|c, o| placed(c, o, |place| ["K1", "P1", "R5", "K3"].contains(&place))),
    ),
];

/// Each closed order with each episode that has a day in common with it and a
/// placement that the test picks.
fn placed(c: &Child<'_>, o: &mut Hits<'_>, wrong: impl Fn(&str) -> bool) {
    for order in c.rows(DoLo) {
        let Some((start, end)) = order.date(DOLO_START).zip(order.date(DOLO_END)) else {
            continue;
        };
        for episode in c.rows(Episodes) {
            let before_end = episode.date(DECOM).is_some_and(|from| from <= end);
            let after_start = episode.blank(DEC) || episode.date(DEC).is_some_and(|to| start <= to);
            if before_end && after_start && wrong(episode.text(PLACE)) {
                o.hit(&[*order, *episode]);
            }
        }
    }
}

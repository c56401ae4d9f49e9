//! Young people who left care (OC3): their items, their age, and whether
//! their episodes make them care leavers.

use chrono::{Datelike, NaiveDate};

use super::super::child::{Child, aged, birthday, respite};
use super::super::codes::kinds::adopted;
use super::super::data::Row;
use super::super::hits::{Check, Hits, check, check_without};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, OC3};
use super::help::{LEAVER_ITEMS, each};

pub const CHECKS: &[(&str, Check)] = &[
    (
        "131",
        check(|c, o| each(c, o, OC3, |l| !c.in_set(l, IN_TOUCH))),
    ),
    (
        "132",
        check(|c, o| each(c, o, OC3, |l| !c.in_set(l, ACTIV))),
    ),
    (
        "133",
        check(|c, o| each(c, o, OC3, |l| !c.in_set(l, ACCOM))),
    ),
    (
        "153",
        check(|c, o| {
            each(c, o, OC3, |l| {
                l.has_any(&LEAVER_ITEMS) && !l.has_all(&LEAVER_ITEMS)
            })
        }),
    ),
    (
        "344",
        check(|c, o| {
            each(c, o, OC3, |l| {
                l.any(IN_TOUCH, &["DIED", "RHOM"]) && !(l.is(ACTIV, "0") && l.is(ACCOM, "0"))
            });
        }),
    ),
    (
        "345",
        check(|c, o| {
            each(c, o, OC3, |l| {
                l.is(IN_TOUCH, "YES") && (l.is(ACTIV, "0") || l.is(ACCOM, "0"))
            });
        }),
    ),
    (
        "347",
        check(|c, o| {
            each(c, o, OC3, |l| {
                l.any(ACCOM, &["T", "T1", "T2"])
                    && l.date(DOB).is_some_and(|dob| !aged(dob, 18, c.start()))
            });
        }),
    ),
    (
        "348",
        check(|c, o| {
            if let Some(last) = c.rows_last(OC3).iter().find(|l| l.is(IN_TOUCH, "DIED")) {
                for row in c.rows(OC3).iter().filter(|l| !l.is(IN_TOUCH, "DIED")) {
                    o.hit(&[*row, *last]);
                }
            }
        }),
    ),
    (
        "391",
        check(|c, o| {
            each(c, o, OC3, |l| {
                l.has_any(&LEAVER_ITEMS) && l.date(DOB).is_some_and(|dob| !aged(dob, 17, c.end()))
            });
        }),
    ),
    (
        "1000",
        check_without(&["Episodes_last"], |c, o| {
            let episodes = c.rows(Episodes).iter().chain(c.rows_last(Episodes));
            if let Some(died) = episodes.clone().find(|e| e.is(REC, "E2")) {
                together(c, o, *died, |_| true);
            }
        }),
    ),
    (
        "1001",
        check(|c, o| {
            let Some(dob) = c.dob().filter(|dob| !aged(*dob, 20, c.end())) else {
                return;
            };
            let (after_14, after_16, adopted) = care(c, dob);
            each(c, o, OC3, |_| adopted || after_14 < 91 || after_16 < 1);
        }),
    ),
    (
        "1002",
        check(|c, o| {
            let none = c.rows(Episodes).is_empty() && c.rows_last(Episodes).is_empty();
            each(c, o, OC3, |l| none && l.has(CHILD));
        }),
    ),
    (
        "1007",
        check(|c, o| {
            for row in c.rows(OC3).iter().filter(|l| l.has_any(&LEAVER_ITEMS)) {
                let Some(dob) = row
                    .date(DOB)
                    .filter(|dob| aged(*dob, 17, c.end()) && !aged(*dob, 19, c.end()))
                else {
                    continue;
                };
                let Some(birthday) = birthday_in_year(c, dob) else {
                    continue;
                };
                let there = c.rows(Episodes).iter().find(|e| {
                    let begun = e.date(DECOM).is_some_and(|from| from <= birthday);
                    begun && (e.blank(DEC) || e.date(DEC).is_some_and(|to| to > birthday))
                });
                if let Some(there) = there {
                    o.hit(&[*row, *there]);
                }
            }
        }),
    ),
    (
        "1010",
        check(|c, o| {
            if !c.rows(Episodes).is_empty() {
                return;
            }
            if let Some(open) = c.episodes_last().last().filter(|e| e.blank(DEC)) {
                together(c, o, *open, |_| true);
            }
        }),
    ),
    (
        "1011",
        check(|c, o| {
            if let Some(moved) = c.episodes().last().filter(|e| e.is(REC, "E3")) {
                together(c, o, *moved, |l| l.has_any(&LEAVER_ITEMS));
            }
        }),
    ),
    (
        "1016",
        check(|c, o| {
            for row in c.rows(OC3).iter().filter(|l| l.has_any(&LEAVER_ITEMS)) {
                let Some(dob) = row
                    .date(DOB)
                    .filter(|dob| aged(*dob, 17, c.end()) && !aged(*dob, 19, c.end()))
                else {
                    continue;
                };
                // The birthday meant is the one that the young person has had last.
                let Some(birthday) = birthday_in_year(c, dob) else {
                    continue;
                };
                let left = c
                    .rows(Episodes)
                    .iter()
                    .find(|e| !e.is(REC, "X1") && e.date(DEC).is_some_and(|to| to >= birthday));
                if let Some(left) = left {
                    o.hit(&[*row, *left]);
                }
            }
        }),
    ),
    (
        "3001",
        check(|c, o| {
            let seventeen = c.dob().and_then(|dob| birthday(dob, 17));
            let in_year = seventeen.is_some_and(|day| c.all.period.has(day));
            for row in c
                .rows(OC3)
                .iter()
                .filter(|l| in_year && l.any(ACCOM, &["Z1", "Z2"]))
            {
                super::help::with_header(c, o, *row);
            }
        }),
    ),
];

/// Every row of OC3 that the test picks, together with an episode.
fn together(c: &Child<'_>, o: &mut Hits<'_>, episode: Row<'_>, test: impl Fn(Row<'_>) -> bool) {
    for row in c.rows(OC3).iter().filter(|row| test(**row)) {
        o.hit(&[*row, episode]);
    }
}

/// The birthday that lies in the twelve months up to the collection's end.
fn birthday_in_year(c: &Child<'_>, dob: NaiveDate) -> Option<NaiveDate> {
    let years = u32::try_from(c.end().year() - dob.year()).ok()?;
    let this = birthday(dob, years)?;
    if this <= c.end() {
        Some(this)
    } else {
        birthday(dob, years.checked_sub(1)?)
    }
}

/// Days in care after the 14th and after the 16th birthday, in both years'
/// episodes without short breaks, and whether the last episode ended in
/// adoption.
fn care(c: &Child<'_>, dob: NaiveDate) -> (i64, i64, bool) {
    let mut all: Vec<Row<'_>> = c
        .episodes()
        .iter()
        .chain(c.episodes_last())
        .copied()
        .collect();
    // An episode of last year goes on this year with an end: it is kept once.
    all.sort_by_key(|e| (e.date(DECOM), e.blank(DEC)));
    all.dedup_by_key(|e| e.date(DECOM));
    let last = all.len().saturating_sub(1);
    let days = |age: u32| -> i64 {
        let Some(from_age) = birthday(dob, age) else {
            return 0;
        };
        let spells = all.iter().enumerate().filter(|(_, e)| !respite(**e));
        spells
            .filter_map(|(at, e)| {
                let to = e.date(DEC).or((at == last).then_some(c.end()))?;
                let from = e.date(DECOM)?.max(from_age);
                Some((to - from).num_days().max(0))
            })
            .sum()
    };
    (days(14), days(16), all.last().is_some_and(|e| adopted(*e)))
}

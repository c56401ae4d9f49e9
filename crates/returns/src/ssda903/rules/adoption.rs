//! Decisions that a child should be placed for adoption: their dates, their
//! end, and whether episodes and last year's return agree.

use super::super::child::{Child, respite};
use super::super::codes::kinds::{adopted, for_adoption};
use super::super::data::Row;
use super::super::hits::{Check, Hits, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{AD1, Episodes, Header, PlacedAdoption};
use super::help::{ADOPTION_ITEMS, code, date, each, sorted};

const CEASED: [super::super::tables::Field; 2] = [DATE_PLACED_CEASED, REASON_PLACED_CEASED];

pub const CHECKS: &[(&str, Check)] = &[
    ("115", check(|c, o| date(c, o, PlacedAdoption, DATE_PLACED))),
    (
        "116",
        check(|c, o| date(c, o, PlacedAdoption, DATE_PLACED_CEASED)),
    ),
    (
        "117",
        check(|c, o| {
            let latest = c.episodes().iter().rev().find(|e| !e.is(REC, "X1"));
            let left = latest.and_then(|e| e.date(DEC));
            for row in c.rows(PlacedAdoption) {
                let dates = [row.date(DATE_PLACED), row.date(DATE_PLACED_CEASED)];
                let late = dates
                    .into_iter()
                    .flatten()
                    .any(|day| day > c.end() || left.is_some_and(|to| day > to));
                if late {
                    with(o, *row, latest);
                }
            }
        }),
    ),
    (
        "118",
        check(|c, o| {
            let first = c.episodes().iter().find(|e| !respite(**e));
            let from = first.and_then(|e| e.date(DECOM));
            for row in c.rows(PlacedAdoption) {
                let early = row
                    .date(DATE_PLACED_CEASED)
                    .is_some_and(|day| day < c.start() || from.is_some_and(|from| day < from));
                if early {
                    with(o, *row, first);
                }
            }
        }),
    ),
    (
        "119",
        check(|c, o| {
            each(c, o, PlacedAdoption, |p| {
                p.has(DATE_PLACED_CEASED) != p.has(REASON_PLACED_CEASED)
            });
        }),
    ),
    (
        "120",
        check(|c, o| code(c, o, PlacedAdoption, REASON_PLACED_CEASED)),
    ),
    (
        "184",
        check(|c, o| {
            for row in c.rows(PlacedAdoption) {
                if row
                    .date(DATE_PLACED)
                    .is_some_and(|day| c.dob().is_none_or(|dob| day < dob))
                {
                    with(o, *row, c.rows(Header).first());
                }
            }
        }),
    ),
    (
        "522",
        check(|c, o| {
            each(c, o, PlacedAdoption, |p| {
                p.date(DATE_PLACED_CEASED)
                    .zip(p.date(DATE_PLACED))
                    .is_some_and(|(ceased, placed)| ceased < placed)
            });
        }),
    ),
    (
        "523",
        check(|c, o| {
            for row in c.rows(PlacedAdoption) {
                for other in c.rows(AD1) {
                    if row
                        .date(DATE_PLACED)
                        .zip(other.date(DATE_INT))
                        .is_some_and(|(a, b)| a != b)
                    {
                        o.hit(&[*row, *other]);
                    }
                }
            }
        }),
    ),
    (
        "525",
        check(|c, o| {
            for row in c
                .rows(PlacedAdoption)
                .iter()
                .filter(|p| p.has(DATE_PLACED_CEASED))
            {
                for other in c.rows(AD1).iter().filter(|a| a.has_any(&ADOPTION_ITEMS)) {
                    o.hit(&[*row, *other]);
                }
            }
        }),
    ),
    (
        "551",
        check(|c, o| {
            let decisions = c.rows(PlacedAdoption);
            let undated = decisions.iter().find(|p| p.blank(DATE_PLACED));
            if decisions.is_empty() || undated.is_some() {
                for episode in c.rows(Episodes).iter().filter(|e| for_adoption(**e)) {
                    with(o, *episode, undated);
                }
            }
        }),
    ),
    (
        "552",
        check(|c, o| {
            let latest = sorted(c.rows(PlacedAdoption), DATE_PLACED).pop();
            let first = c.episodes().iter().find(|e| for_adoption(**e));
            if let (Some(latest), Some(first)) = (latest, first)
                && latest.date(DATE_PLACED) > first.date(DECOM)
            {
                o.hit(&[latest, *first]);
            }
        }),
    ),
    (
        "553",
        check(|c, o| {
            let decisions = c.rows(PlacedAdoption);
            for episode in c.rows(Episodes).iter().filter(|e| e.is(LS, "E1")) {
                if decisions.is_empty() {
                    o.hit(&[*episode]);
                }
            }
            let open = c
                .rows(Episodes)
                .iter()
                .find(|e| e.is(LS, "E1") && e.blank(DEC));
            for row in decisions.iter().filter(|p| p.has_any(&CEASED)) {
                if open.is_some() {
                    with(o, *row, None);
                }
            }
        }),
    ),
    (
        "554",
        check(|c, o| {
            if let Some(first) = c.episodes().iter().find(|e| e.is(LS, "E1")) {
                for row in c.rows(PlacedAdoption) {
                    if row.date(DATE_PLACED).is_some() && row.date(DATE_PLACED) > first.date(DECOM)
                    {
                        o.hit(&[*row, *first]);
                    }
                }
            }
        }),
    ),
    (
        "557",
        check(|c, o| {
            let decisions = c.rows(PlacedAdoption);
            for episode in c.rows(Episodes) {
                let meant = for_adoption(*episode) || episode.is(LS, "E1");
                let left = episode.has(REC) && !episode.is(REC, "X1") && !adopted(*episode);
                if !(meant && left) {
                    continue;
                }
                if decisions.is_empty() {
                    o.hit(&[*episode]);
                }
                for row in decisions.iter().filter(|p| !p.has_all(&CEASED)) {
                    o.hit(&[*row, *episode]);
                }
            }
        }),
    ),
    (
        "558",
        check(|c, o| {
            let decisions = c.rows(PlacedAdoption);
            if decisions.len() > 1 && decisions.iter().all(|p| p.has(DATE_PLACED_CEASED)) {
                for episode in c.rows(Episodes).iter().filter(|e| adopted(**e)) {
                    let mut rows = vec![*episode];
                    rows.extend(decisions);
                    o.hit(&rows);
                }
            }
        }),
    ),
    (
        "559",
        check(|c, o| {
            let last = c.rows_last(PlacedAdoption);
            let known = last.iter().any(|p| p.date(DATE_PLACED).is_some());
            for row in c.rows(PlacedAdoption) {
                if !known && row.date(DATE_PLACED).is_some_and(|day| day < c.start()) {
                    with(o, *row, last.first());
                }
            }
        }),
    ),
    (
        "560",
        check(|c, o| {
            // A second decision may stand beside last year's; none may replace it.
            against_last(c, o, |now, last| {
                last.has(DATE_PLACED)
                    && last.blank(DATE_PLACED_CEASED)
                    && !same_decision(now, last)
                    && !c
                        .rows(PlacedAdoption)
                        .iter()
                        .any(|other| same_decision(*other, last))
            });
        }),
    ),
    (
        "561",
        check(|c, o| {
            against_last(c, o, |now, last| {
                now.has(DATE_PLACED) && same_decision(now, last) && last.has_any(&CEASED)
            });
        }),
    ),
    (
        "563",
        check(|c, o| {
            each(c, o, PlacedAdoption, |p| {
                p.has_all(&CEASED) && p.blank(DATE_PLACED)
            });
        }),
    ),
    (
        "579",
        check(|c, o| {
            for pair in sorted(c.rows(PlacedAdoption), DATE_PLACED).windows(2) {
                let ceased = pair[0].date(DATE_PLACED_CEASED);
                if ceased.is_none() || pair[1].date(DATE_PLACED) < ceased {
                    o.hit_after(pair[1], pair[0]);
                }
            }
        }),
    ),
    (
        "583",
        check(|c, o| {
            let decisions = sorted(c.rows(PlacedAdoption), DATE_PLACED);
            if let Some((latest, earlier)) = decisions.split_last() {
                for row in earlier.iter().filter(|p| p.blank(DATE_PLACED_CEASED)) {
                    // The later decision is shown when it is open too: one of the
                    // two must end.
                    with(
                        o,
                        *row,
                        Some(latest).filter(|p| p.blank(DATE_PLACED_CEASED)),
                    );
                }
            }
        }),
    ),
    (
        "584",
        check(|c, o| {
            against_last(c, o, |now, last| {
                let later = now.date(DATE_PLACED) > last.date(DATE_PLACED);
                last.has(DATE_PLACED) && last.has_any(&CEASED) && (now.blank(DATE_PLACED) || !later)
            });
        }),
    ),
    (
        "1003",
        check(|c, o| {
            if let Some(first) = c.episodes().iter().find(|e| e.is(RNE, "S")) {
                for row in c.rows(PlacedAdoption) {
                    if row
                        .date(DATE_PLACED)
                        .zip(first.date(DECOM))
                        .is_some_and(|(day, from)| day < from)
                    {
                        o.hit(&[*row, *first]);
                    }
                }
            }
        }),
    ),
];

/// A row and, when there is one, the row that it does not agree with.
fn with(o: &mut Hits<'_>, row: Row<'_>, other: Option<&Row<'_>>) {
    match other {
        Some(other) => o.hit(&[row, *other]),
        None => o.hit(&[row]),
    }
}

fn same_decision(now: Row<'_>, last: Row<'_>) -> bool {
    match (now.date(DATE_PLACED), last.date(DATE_PLACED)) {
        (Some(now), Some(last)) => now == last,
        _ => now.text(DATE_PLACED) == last.text(DATE_PLACED),
    }
}

/// Each decision of this year against each of last year's.
fn against_last(c: &Child<'_>, o: &mut Hits<'_>, wrong: impl Fn(Row<'_>, Row<'_>) -> bool) {
    for now in c.rows(PlacedAdoption) {
        if let Some(last) = c
            .rows_last(PlacedAdoption)
            .iter()
            .find(|last| wrong(*now, **last))
        {
            o.hit(&[*now, *last]);
        }
    }
}

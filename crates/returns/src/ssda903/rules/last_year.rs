//! Episodes against last year's return: an episode that was open on 31 March
//! goes on unchanged, and nobody is forgotten.

use super::super::child::Child;
use super::super::codes::kinds::adopted;
use super::super::data::Row;
use super::super::hits::{Check, Hits, check, check_without};
use super::super::tables::Field::{self, *};
use super::super::tables::Table::Episodes;

pub const CHECKS: &[(&str, Check)] = &[
    (
        "199",
        check_without(&["Episodes_last"], |c, o| {
            let ended = |e: &&Row<'_>| adopted(**e);
            let this = c.episodes().iter().find(ended);
            let last = c.episodes_last().iter().find(ended);
            for episode in c.episodes() {
                let after = |e: &&Row<'_>| e.date(DECOM) < episode.date(DECOM);
                if let Some(last) = last.filter(after) {
                    o.hit(&[*episode, *last]);
                } else if let Some(this) = this.filter(after) {
                    o.hit_after(*episode, *this);
                }
            }
        }),
    ),
    (
        "452",
        check(|c, o| {
            going_on(c, o, |now, last| {
                now.text(RNE) == last.text(RNE) && now.text(PL_LA) != last.text(PL_LA)
            });
        }),
    ),
    (
        "453",
        check(|c, o| {
            going_on(c, o, |now, last| {
                now.text(RNE) == last.text(RNE) && other_distance(now, last)
            });
        }),
    ),
    (
        "502",
        check(|c, o| going_on(c, o, |now, last| now.date(DECOM) != last.date(DECOM))),
    ),
    ("503A", check(|c, o| changed(c, o, RNE))),
    ("503B", check(|c, o| changed(c, o, LS))),
    ("503C", check(|c, o| changed(c, o, CIN))),
    (
        "503D",
        check(|c, o| {
            going_on(c, o, |now, last| {
                let renamed = match c.all.year {
                    2024 | 2025 => last.is(PLACE, "H5") && now.is(PLACE, "K3"),
                    2026 => last.is(PLACE, "Z1") && now.any(PLACE, &["Z11", "Z12", "Z13", "Z14"]),
                    _ => false,
                };
                now.text(PLACE) != last.text(PLACE) && !renamed
            });
        }),
    ),
    ("503E", check(|c, o| changed(c, o, PLACE_PROVIDER))),
    ("503F", check(|c, o| changed(c, o, URN))),
    ("503G", check(|c, o| going_on(c, o, other_distance))),
    ("503H", check(|c, o| changed(c, o, PL_LA))),
    ("503J", check(|c, o| changed(c, o, PL_LOCATION))),
    (
        "562",
        check(|c, o| {
            let Some(first) = c.episodes().first() else {
                return;
            };
            let latest = c.episodes_last().last();
            let same = latest.is_some_and(|latest| latest.date(DECOM) == first.date(DECOM));
            if first.date(DECOM).is_some_and(|from| from < c.start()) && !same {
                match latest {
                    Some(latest) => o.hit(&[*first, *latest]),
                    None => o.hit(&[*first]),
                }
            }
        }),
    ),
    (
        "NoE",
        check(|c, o| {
            if c.rows_last(Episodes).is_empty() {
                super::help::each(c, o, Episodes, |e| {
                    e.date(DECOM).is_some_and(|from| from < c.start())
                });
            }
        }),
    ),
];

/// The first episode of this year against last year's latest one, when that
/// was still open.
fn going_on(c: &Child<'_>, o: &mut Hits<'_>, wrong: impl Fn(Row<'_>, Row<'_>) -> bool) {
    let last = c.episodes_last().last().filter(|last| last.blank(DEC));
    if let (Some(now), Some(last)) = (c.episodes().first(), last)
        && wrong(*now, *last)
    {
        o.hit(&[*now, *last]);
    }
}

fn changed(c: &Child<'_>, o: &mut Hits<'_>, field: Field) {
    going_on(c, o, |now, last| now.text(field) != last.text(field));
}

/// Whether the distance differs by a fifth of a mile or more, or is there
/// only this year.
fn other_distance(now: Row<'_>, last: Row<'_>) -> bool {
    match (now.number(PL_DISTANCE), last.number(PL_DISTANCE)) {
        (Some(now), Some(last)) => (now - last).abs() > 0.199,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

//! Mothers: the mother flag and the first child's date of birth in Header.

use super::super::child::{Child, aged, respite};
use super::super::codes::kinds::{female, male};
use super::super::data::Row;
use super::super::hits::{Check, check, check_without};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, Header, OC3, Reviews};
use super::help::{LEAVER_ITEMS, each};
use super::identity::against_last;

pub const CHECKS: &[(&str, Check)] = &[
    (
        "165",
        check_without(&["OC3"], |c, o| {
            let looked_after = c
                .rows(Episodes)
                .iter()
                .any(|e| !respite(*e) && in_year(c, *e));
            let leaver = c.rows(OC3).iter().any(|l| l.has_any(&LEAVER_ITEMS));
            for header in c.rows(Header) {
                let wrong_code = header.has(MOTHER) && !c.in_set(*header, MOTHER);
                let of_a_male = header.has(MOTHER) && male(*header);
                let left_out = header.blank(MOTHER) && female(*header) && looked_after;
                let not_wanted = header.has(MOTHER) && female(*header) && !looked_after && leaver;
                if wrong_code || of_a_male || left_out || not_wanted {
                    let mut rows = vec![*header];
                    rows.extend(c.rows(OC3));
                    o.hit(&rows);
                }
            }
        }),
    ),
    (
        "174",
        check(|c, o| each(c, o, Header, |h| male(h) && h.has(MC_DOB))),
    ),
    (
        "207",
        check(|c, o| {
            let has_episodes = !c.rows(Episodes).is_empty();
            against_last(c, o, |now, last| {
                has_episodes && last.is(MOTHER, "1") && !now.is(MOTHER, "1")
            });
        }),
    ),
    (
        "399",
        check(|c, o| {
            let episodes = c.rows(Episodes);
            if episodes.is_empty() || !episodes.iter().all(|e| respite(*e)) {
                return;
            }
            let headers = c.rows(Header).iter().filter(|h| h.has(MOTHER));
            let reviews = c
                .rows(Reviews)
                .iter()
                .filter(|r| r.has_any(&[REVIEW, REVIEW_CODE]));
            let mut rows: Vec<Row<'_>> = headers.chain(reviews).copied().collect();
            if !rows.is_empty() {
                rows.extend(episodes);
                o.hit(&rows);
            }
        }),
    ),
    (
        "607",
        check(|c, o| {
            for header in c
                .rows(Header)
                .iter()
                .filter(|h| female(**h) && h.blank(MOTHER))
            {
                for episode in c.rows(Episodes) {
                    let left = episode.has(REC) && !episode.is(REC, "X1");
                    let this_year = episode.date(DEC).is_some_and(|to| c.all.period.has(to));
                    if left && this_year && !respite(*episode) {
                        o.hit(&[*header, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "611",
        check(|c, o| each(c, o, Header, |h| h.is(MOTHER, "1") && h.blank(MC_DOB))),
    ),
    (
        "612",
        check(|c, o| {
            each(c, o, Header, |h| {
                female(h) && h.has(MC_DOB) && (h.blank(MOTHER) || h.is(MOTHER, "0"))
            });
        }),
    ),
    (
        "620",
        check(|c, o| {
            each(c, o, Header, |h| {
                h.is(MOTHER, "1") && h.date(DOB).is_some_and(|dob| !aged(dob, 11, c.start()))
            });
        }),
    ),
    (
        "621",
        check(|c, o| {
            each(c, o, Header, |h| {
                h.date(MC_DOB)
                    .zip(h.date(DOB))
                    .is_some_and(|(first, own)| first <= own)
            });
        }),
    ),
    (
        "624",
        check(|c, o| {
            against_last(c, o, |now, last| {
                last.has(MC_DOB)
                    && match (now.date(MC_DOB), last.date(MC_DOB)) {
                        (Some(now), Some(last)) => now != last,
                        _ => now.text(MC_DOB) != last.text(MC_DOB),
                    }
            });
        }),
    ),
    (
        "625",
        check(|c, o| {
            let closed = c.rows(Episodes).iter().filter(|e| e.date(DEC).is_some());
            let latest = closed.max_by_key(|e| e.date(DEC));
            for header in c.rows(Header) {
                let Some(birth) = header.date(MC_DOB) else {
                    continue;
                };
                match latest {
                    Some(latest)
                        if birth > c.end() || latest.date(DEC).is_some_and(|to| birth > to) =>
                    {
                        o.hit(&[*header, *latest]);
                    }
                    None if birth > c.end() => o.hit(&[*header]),
                    _ => {}
                }
            }
        }),
    ),
    (
        "626",
        check(|c, o| {
            against_last(c, o, |now, last| {
                let before = now.date(MC_DOB).is_some_and(|birth| birth < c.start());
                now.is(MOTHER, "1") && last.is(MOTHER, "0") && before
            });
        }),
    ),
    (
        "628",
        check(|c, o| {
            let leaver = c.rows(OC3).iter().find(|l| l.has_any(&LEAVER_ITEMS));
            if let Some(leaver) = leaver.filter(|_| c.rows(Episodes).is_empty()) {
                for header in c.rows(Header).iter().filter(|h| h.has(MOTHER)) {
                    o.hit(&[*header, *leaver]);
                }
            }
        }),
    ),
];

/// Whether an episode has a day in the collection.
pub fn in_year(c: &Child<'_>, episode: Row<'_>) -> bool {
    let begun = episode.date(DECOM).is_some_and(|from| from <= c.end());
    begun && episode.date(DEC).is_none_or(|to| to >= c.start())
}

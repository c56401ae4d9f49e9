//! Episodes one after another: what ends must go on as it says, and what
//! changes must be said.

use chrono::NaiveDate;

use super::super::child::Child;
use super::super::codes::kinds::temporary;
use super::super::data::Row;
use super::super::hits::{Check, Hits, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, Header};
use super::help::{each, steps};

const PLACEMENT: [super::super::tables::Field; 4] = [PLACE, PL_POST, URN, PLACE_PROVIDER];

pub const CHECKS: &[(&str, Check)] = &[
    (
        "142",
        check(|c, o| {
            if let Some((_, earlier)) = c.episodes().split_last() {
                for episode in earlier.iter().filter(|e| !e.has_all(&[DEC, REC])) {
                    o.hit(&[*episode]);
                }
            }
        }),
    ),
    (
        "225",
        check(|c, o| {
            for (episode, next) in c.steps() {
                let moved =
                    next.any(RNE, &["P", "B", "T", "U"]) && !temporary(episode) && !temporary(next);
                if episode.is(REC, "X1") && moved && episode.blank(REASON_PLACE_CHANGE) {
                    o.hit(&[episode]);
                }
            }
        }),
    ),
    (
        "226",
        check(|c, o| {
            for (at, episode) in c
                .episodes()
                .iter()
                .enumerate()
                .filter(|(_, e)| temporary(**e))
            {
                let before = at.checked_sub(1).map(|at| c.episodes()[at]);
                match before {
                    Some(before) if before.has(REASON_PLACE_CHANGE) => {
                        o.hit_after(*episode, before)
                    }
                    _ if episode.has(REASON_PLACE_CHANGE) => o.hit(&[*episode]),
                    _ => {}
                }
            }
        }),
    ),
    (
        "302",
        check(|c, o| {
            if let (Some(first), Some(header)) = (c.episodes().first(), c.rows(Header).first())
                && first
                    .date(DECOM)
                    .zip(header.date(DOB))
                    .is_some_and(|(from, dob)| from < dob)
            {
                o.hit(&[*first, *header]);
            }
        }),
    ),
    (
        "336",
        check(|c, o| {
            steps(c, o, |e, before| {
                let family = ["U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6"];
                e.any(PLACE, &["A3", "A4"]) && !before.any(PLACE, &family)
            });
        }),
    ),
    (
        "357",
        check(|c, o| {
            if let Some(first) = c.episodes().first()
                && first.date(DECOM).is_some_and(|from| from >= c.start())
                && !first.is(RNE, "S")
            {
                o.hit(&[*first]);
            }
        }),
    ),
    ("361", check(|c, o| runs(c, o, "L1", 3))),
    ("362", check(|c, o| runs(c, o, "L2", 21))),
    ("363", check(|c, o| runs(c, o, "L3", 7))),
    ("364", check(|c, o| runs(c, o, "J2", 21))),
    (
        "367",
        check(|c, o| {
            let days = |e: &Row<'_>| -> i64 {
                let to = e.date(DEC).map_or(c.end(), |to| to.min(c.end()));
                let from = e.date(DECOM).map_or(to, |from| from.max(c.start()));
                (to - from).num_days().max(0)
            };
            let breaks = c
                .episodes()
                .iter()
                .filter(|e| e.is(LS, "V3") && days(e) > 0);
            let rows: Vec<Row<'_>> = breaks.copied().collect();
            if rows.iter().map(days).sum::<i64>() > 75 {
                o.hit(&rows);
            }
        }),
    ),
    (
        "377",
        check(|c, o| {
            let stays = c.rows(Episodes).iter().filter(|e| e.is(PLACE, "T3"));
            let rows: Vec<Row<'_>> = stays.copied().collect();
            if rows.len() > 2 {
                o.hit(&rows);
            }
        }),
    ),
    (
        "383",
        check(|c, o| {
            for three in c.episodes().windows(3) {
                let (before, away, back) = (three[0], three[1], three[2]);
                let same = back.text(PLACE) == before.text(PLACE) && post(back) == post(before);
                if temporary(away) && !(back.is(RNE, "P") && same) {
                    o.hit_after(back, before);
                }
            }
        }),
    ),
    (
        "388",
        check(|c, o| {
            for (episode, next) in c.steps() {
                let joined = episode.date(DEC).is_some() && episode.date(DEC) == next.date(DECOM);
                let gap = episode.is(REC, "X1") && episode.date(DEC).is_some() && !joined;
                let goes_on = episode.has(REC) && !episode.is(REC, "X1") && joined;
                if gap || goes_on {
                    o.hit(&[episode]);
                }
            }
            if let Some(last) = c
                .episodes()
                .last()
                .filter(|e| e.is(REC, "X1") && e.has(DEC))
            {
                o.hit(&[*last]);
            }
        }),
    ),
    (
        "426",
        check(|c, o| {
            let of = |code: &'static str| c.rows(Episodes).iter().filter(move |e| e.is(LS, code));
            if of("V3").next().is_some() && of("V4").next().is_some() {
                let rows: Vec<Row<'_>> = of("V3").chain(of("V4")).copied().collect();
                o.hit(&rows);
            }
        }),
    ),
    (
        "431",
        check(|c, o| {
            steps(c, o, |e, before| {
                e.is(RNE, "S") && before.date(DEC).is_some() && e.date(DECOM) <= before.date(DEC)
            });
        }),
    ),
    (
        "432",
        check(|c, o| {
            steps(c, o, |e, before| {
                before.has(REC) && !before.is(REC, "X1") && !e.is(RNE, "S")
            });
        }),
    ),
    (
        "433",
        check(|c, o| {
            steps(c, o, |e, before| {
                e.any(RNE, &["P", "L", "T", "U", "B"]) && e.date(DECOM) != before.date(DEC)
            });
        }),
    ),
    (
        "434",
        check(|c, o| {
            steps(c, o, |e, before| {
                e.is(RNE, "L") && (same_status(e, before) || !same_placement(e, before))
            });
        }),
    ),
    (
        "435",
        check(|c, o| {
            steps(c, o, |e, before| {
                e.any(RNE, &["P", "T"]) && (!same_status(e, before) || same_placement(e, before))
            });
        }),
    ),
    (
        "436",
        check(|c, o| {
            steps(c, o, |e, before| {
                e.any(RNE, &["B", "U"]) && (same_status(e, before) || same_placement(e, before))
            });
        }),
    ),
    (
        "437",
        check(|c, o| {
            if let Some((_, earlier)) = c.episodes().split_last() {
                for episode in earlier.iter().filter(|e| e.any(REC, &["E2", "E15"])) {
                    o.hit(&[*episode]);
                }
            }
        }),
    ),
    (
        "501",
        check(|c, o| {
            steps(c, o, |e, before| {
                before.date(DEC).is_some_and(|to| e.date(DECOM) < Some(to))
            });
        }),
    ),
    (
        "504",
        check(|c, o| {
            steps(c, o, |e, before| {
                let joined = before.date(DEC).is_some() && before.date(DEC) == e.date(DECOM);
                before.is(REC, "X1") && joined && e.text(CIN) != before.text(CIN)
            });
        }),
    ),
    (
        "222",
        check(|c, o| {
            use super::super::codes::kinds::without_urn;
            use super::super::providers::real;
            each(c, o, Episodes, |e| real(e.text(URN)) && without_urn(c, e));
        }),
    ),
];

fn same_status(a: Row<'_>, b: Row<'_>) -> bool {
    a.text(LS) == b.text(LS)
}

fn same_placement(a: Row<'_>, b: Row<'_>) -> bool {
    PLACEMENT.iter().all(|field| match field {
        PL_POST => post(a) == post(b),
        field => a.text(*field) == b.text(*field),
    })
}

/// The placement's postcode without spaces.
fn post(row: Row<'_>) -> String {
    row.text(PL_POST).split_whitespace().collect()
}

/// Episodes of one legal status that follow without a break and together last
/// longer than so many days; an open one counts up to the collection's end.
fn runs(c: &Child<'_>, o: &mut Hits<'_>, status: &str, most: i64) {
    let end = |e: &Row<'_>| -> Option<NaiveDate> {
        if e.blank(DEC) {
            Some(c.end())
        } else {
            e.date(DEC)
        }
    };
    let mut run: Vec<Row<'_>> = Vec::new();
    let mut close = |run: &mut Vec<Row<'_>>| {
        let from = run.first().and_then(|e| e.date(DECOM));
        let to = run.iter().filter_map(end).max();
        if from
            .zip(to)
            .is_some_and(|(from, to)| (to - from).num_days() > most)
        {
            o.hit(run);
        }
        run.clear();
    };
    for episode in c.episodes() {
        let follows = run
            .last()
            .is_some_and(|before| end(before) == episode.date(DECOM));
        if !follows || !episode.is(LS, status) {
            close(&mut run);
        }
        if episode.is(LS, status) {
            run.push(*episode);
        }
    }
    close(&mut run);
}

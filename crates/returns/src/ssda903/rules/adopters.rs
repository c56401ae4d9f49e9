//! Adopted in the year (AD1): who adopted, when the child was matched, and
//! whether the episodes tell the same.

use super::super::codes::kinds::{adopted, for_adoption};
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{AD1, Episodes, OC3};
use super::help::{ADOPTION_ITEMS, LEAVER_ITEMS, code, date, each, sorted};

const COUPLES: [&str; 3] = ["MM", "FF", "MF"];

pub const CHECKS: &[(&str, Check)] = &[
    ("112", check(|c, o| date(c, o, AD1, DATE_INT))),
    ("113", check(|c, o| date(c, o, AD1, DATE_MATCH))),
    ("114", check(|c, o| code(c, o, AD1, FOSTER_CARE))),
    (
        "134",
        check(|c, o| {
            let leaver = c.rows(OC3).iter().find(|l| l.has_any(&LEAVER_ITEMS));
            for row in c.rows(AD1).iter().filter(|a| a.has_any(&ADOPTION_ITEMS)) {
                if let Some(leaver) = leaver {
                    o.hit(&[*row, *leaver]);
                }
            }
        }),
    ),
    (
        "151",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.has_any(&ADOPTION_ITEMS) && !a.has_all(&ADOPTION_ITEMS)
            });
        }),
    ),
    ("175", check(|c, o| code(c, o, AD1, NB_ADOPTR))),
    ("176", check(|c, o| code(c, o, AD1, SEX_ADOPTR))),
    ("177", check(|c, o| code(c, o, AD1, LS_ADOPTR))),
    (
        "331",
        check(|c, o| {
            for row in c.rows(AD1) {
                for episode in c.rows(Episodes).iter().filter(|e| adopted(**e)) {
                    let late = row.date(DATE_MATCH).zip(episode.date(DECOM));
                    if late.is_some_and(|(matched, from)| matched > from) {
                        o.hit(&[*row, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "333",
        check(|c, o| {
            each(c, o, AD1, |a| {
                let matched = a.date(DATE_MATCH);
                matched.is_some() && (a.blank(DATE_INT) || a.date(DATE_INT) > matched)
            });
        }),
    ),
    (
        "334",
        check(|c, o| {
            let starts = c.episodes().iter().rev();
            if let Some(start) = starts.clone().find(|e| e.is(RNE, "S")) {
                for row in c.rows(AD1) {
                    if row
                        .date(DATE_INT)
                        .zip(start.date(DECOM))
                        .is_some_and(|(day, from)| day < from)
                    {
                        o.hit(&[*row, *start]);
                    }
                }
            }
        }),
    ),
    (
        "335",
        check(|c, o| {
            for row in c.rows(AD1) {
                for episode in c
                    .rows(Episodes)
                    .iter()
                    .filter(|e| adopted(**e) || e.is(REC, "E1"))
                {
                    let same_carer =
                        episode.any(PLACE, &["A2", "A3", "A5"]) && row.is(FOSTER_CARE, "0");
                    let other_carer =
                        episode.any(PLACE, &["A1", "A4", "A6"]) && row.is(FOSTER_CARE, "1");
                    if same_carer || other_carer {
                        o.hit(&[*row, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "511",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(NB_ADOPTR, "2") && a.any(SEX_ADOPTR, &["M1", "F1"])
            });
        }),
    ),
    (
        "514",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L0") && !a.any(SEX_ADOPTR, &["M1", "F1"])
            });
        }),
    ),
    (
        "517",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L3") && !a.is(SEX_ADOPTR, "MF")
            })
        }),
    ),
    (
        "518",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L4") && !a.any(SEX_ADOPTR, &["MM", "FF"])
            });
        }),
    ),
    (
        "519",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L2") && !a.any(SEX_ADOPTR, &COUPLES)
            })
        }),
    ),
    (
        "520",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L11") && !a.is(SEX_ADOPTR, "MF")
            })
        }),
    ),
    (
        "521",
        check(|c, o| {
            for row in c.rows(AD1) {
                for episode in c.rows(Episodes).iter().filter(|e| for_adoption(**e)) {
                    if row
                        .date(DATE_INT)
                        .zip(episode.date(DECOM))
                        .is_some_and(|(day, from)| day > from)
                    {
                        o.hit(&[*row, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "524",
        check(|c, o| {
            each(c, o, AD1, |a| {
                a.is(LS_ADOPTR, "L12") && !a.any(SEX_ADOPTR, &["MM", "FF"])
            });
        }),
    ),
    (
        "582",
        check(|c, o| {
            for episode in c
                .rows(Episodes)
                .iter()
                .filter(|e| adopted(**e) && e.date(DEC).is_some())
            {
                for row in c.rows(AD1) {
                    if row.date(DATE_MATCH) == episode.date(DEC) {
                        o.hit(&[*episode, *row]);
                    }
                }
            }
        }),
    ),
    (
        "601",
        check(|c, o| {
            for episode in c.rows(Episodes).iter().filter(|e| adopted(**e)) {
                let this_year = episode.date(DEC).is_some_and(|to| c.all.period.has(to));
                for row in c.rows(AD1) {
                    if this_year && !row.has_all(&ADOPTION_ITEMS) {
                        o.hit(&[*row, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "602",
        check(|c, o| {
            let adopted_now = sorted(c.rows(Episodes), DEC)
                .into_iter()
                .any(|e| adopted(e) && e.date(DEC).is_some_and(|to| c.all.period.has(to)));
            each(c, o, AD1, |a| !adopted_now && a.has_any(&ADOPTION_ITEMS));
        }),
    ),
];

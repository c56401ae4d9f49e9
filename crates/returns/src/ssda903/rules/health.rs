//! Health and offending of children looked after all year (OC2).

use chrono::NaiveDate;

use super::super::child::{Child, aged, birthday};
use super::super::data::Row;
use super::super::hits::{Check, Hits, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{AD1, Episodes, OC2, OC3};
use super::help::{ADOPTION_ITEMS, LEAVER_ITEMS, NEEDED_ITEMS, YES_NO_ITEMS, code, each};

const SDQ: [super::super::tables::Field; 2] = [SDQ_SCORE, SDQ_REASON];
const INTERVENTIONS: [super::super::tables::Field; 2] =
    [INTERVENTION_RECEIVED, INTERVENTION_OFFERED];

pub const CHECKS: &[(&str, Check)] = &[
    (
        "157",
        check(|c, o| {
            all_year(c, o, |r, dob| {
                aged(dob, 4, c.start())
                    && birthday(dob, 16).is_some_and(|day| day >= c.end())
                    && r.blank(SDQ_SCORE)
                    && r.is(SDQ_REASON, "SDQ1")
            });
        }),
    ),
    (
        "158",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.is(INTERVENTION_RECEIVED, "1") && r.has(INTERVENTION_OFFERED)
            });
        }),
    ),
    (
        "159",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.is(SUBSTANCE_MISUSE, "1")
                    && r.is(INTERVENTION_RECEIVED, "0")
                    && r.blank(INTERVENTION_OFFERED)
            });
        }),
    ),
    (
        "180",
        check(|c, o| {
            each(c, o, OC2, |r| {
                let score = r.text(SDQ_SCORE);
                let whole = score.bytes().all(|c| c.is_ascii_digit());
                r.has(SDQ_SCORE) && !(whole && score.parse::<u8>().is_ok_and(|score| score <= 40))
            });
        }),
    ),
    (
        "181",
        check(|c, o| {
            each(c, o, OC2, |r| {
                YES_NO_ITEMS
                    .iter()
                    .any(|item| r.has(*item) && !r.any(*item, &["0", "1"]))
            });
        }),
    ),
    (
        "182",
        check(|c, o| {
            each(c, o, OC2, |r| {
                let others = r.has_any(&[CONVICTED, HEALTH_CHECK]) || r.has_any(&INTERVENTIONS);
                others && !r.has_all(&NEEDED_ITEMS)
            });
        }),
    ),
    (
        "185",
        check(|c, o| {
            let all_year = c.all_year();
            each(c, o, OC2, |r| !all_year && r.has(SDQ_SCORE));
        }),
    ),
    (
        "186",
        check(|c, o| {
            all_year(c, o, |r, dob| {
                aged(dob, 4, c.start()) && !aged(dob, 17, c.end()) && !r.has_any(&SDQ)
            });
        }),
    ),
    (
        "187",
        check(|c, o| {
            if c.all_year() {
                each(c, o, AD1, |a| a.has_any(&ADOPTION_ITEMS));
                each(c, o, OC3, |l| l.has_any(&LEAVER_ITEMS));
            }
        }),
    ),
    (
        "188",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.has_any(&SDQ) && r.date(DOB).is_some_and(|dob| !aged(dob, 4, c.end()))
            });
        }),
    ),
    (
        "189",
        check(|c, o| {
            each(c, o, OC2, |r| {
                let seventeen = r.date(DOB).and_then(|dob| birthday(dob, 17));
                r.has_any(&SDQ) && seventeen.is_some_and(|day| day < c.start())
            });
        }),
    ),
    (
        "190",
        check(|c, o| {
            let all_year = c.all_year();
            each(c, o, OC2, |r| !all_year && r.has_any(&YES_NO_ITEMS));
        }),
    ),
    (
        "191",
        check(|c, o| {
            if !c.all_year() {
                return;
            }
            each(c, o, OC2, |r| !r.has_all(&NEEDED_ITEMS));
            if c.rows(OC2).is_empty() {
                let first = c.episodes().first().or(c.rows(Episodes).first());
                o.hit(first.map_or(&[], std::slice::from_ref));
            }
        }),
    ),
    (
        "192",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.is(SUBSTANCE_MISUSE, "1") && r.blank(INTERVENTION_RECEIVED)
            });
        }),
    ),
    (
        "193",
        check(|c, o| {
            each(c, o, OC2, |r| {
                (r.blank(SUBSTANCE_MISUSE) || r.is(SUBSTANCE_MISUSE, "0"))
                    && r.has_any(&INTERVENTIONS)
            });
        }),
    ),
    ("196", check(|c, o| code(c, o, OC2, SDQ_REASON))),
    (
        "197B",
        check(|c, o| {
            all_year(c, o, |r, dob| {
                let in_year = |age| birthday(dob, age).is_some_and(|day| c.all.period.has(day));
                (in_year(4) || in_year(17)) && !r.has_any(&SDQ)
            });
        }),
    ),
    ("197a", check(|c, o| each(c, o, OC2, |r| r.has_all(&SDQ)))),
    (
        "198",
        check(|c, o| {
            let all_year = c.all_year();
            each(c, o, OC2, |r| !all_year && r.has(SDQ_REASON));
        }),
    ),
    (
        "215",
        check(|c, o| {
            let leaver = c.rows(OC3).iter().find(|l| l.has_any(&LEAVER_ITEMS));
            for row in c.rows(OC2).iter().filter(|r| r.has_any(&YES_NO_ITEMS)) {
                if let Some(leaver) = leaver {
                    o.hit(&[*row, *leaver]);
                }
            }
        }),
    ),
    (
        "542",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.has(CONVICTED) && r.date(DOB).is_some_and(|dob| !aged(dob, 10, c.end()))
            });
        }),
    ),
    (
        "543",
        check(|c, o| {
            all_year(c, o, |r, dob| {
                birthday(dob, 10).is_some_and(|day| day < c.end()) && r.blank(CONVICTED)
            });
        }),
    ),
    (
        "544",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.is(CONVICTED, "1") && !r.has_all(&NEEDED_ITEMS)
            })
        }),
    ),
    (
        "545",
        check(|c, o| {
            all_year(c, o, |r, dob| {
                !aged(dob, 5, c.end()) && r.blank(HEALTH_CHECK)
            });
        }),
    ),
    (
        "546",
        check(|c, o| {
            all_year(c, o, |r, dob| aged(dob, 5, c.end()) && r.has(HEALTH_CHECK));
        }),
    ),
    (
        "547",
        check(|c, o| {
            each(c, o, OC2, |r| {
                r.is(HEALTH_CHECK, "1") && !r.has_all(&NEEDED_ITEMS)
            })
        }),
    ),
];

/// Every row of OC2 of a child looked after all year for which the test,
/// given the date of birth in OC2, holds.
fn all_year(c: &Child<'_>, o: &mut Hits<'_>, test: impl Fn(Row<'_>, NaiveDate) -> bool) {
    if c.rows(OC2).is_empty() || !c.all_year() {
        return;
    }
    each(c, o, OC2, |row| {
        row.date(DOB).is_some_and(|dob| test(row, dob))
    });
}

//! One episode taken alone: its codes, its dates, and what may not stand
//! together in it.

use chrono::NaiveDate;

use super::super::child::{aged, birthday, respite};
use super::super::codes::kinds::{adopted, other_placement, temporary};
use super::super::data::Row;
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::Episodes;
use super::help::{by_birth, code, date, each};

const FOSTER: [&str; 6] = ["U1", "U2", "U3", "U4", "U5", "U6"];

/// A placement of a kind that has an age limit, closed, begun too young.
macro_rules! too_young {
    ($place:literal, $age:literal) => {
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                let early = birthday(dob, $age)
                    .zip(e.date(DECOM))
                    .is_some_and(|(day, from)| from < day);
                e.is(PLACE, $place) && e.date(DEC).is_some() && early
            });
        })
    };
}

/// A temporary placement that lasted longer than so many days.
macro_rules! too_long {
    ($place:literal, $days:literal) => {
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.is(PLACE, $place) && days(e, None).is_some_and(|days| days > $days)
            });
        })
    };
}

/// A kind of provider that does not go with some placements.
macro_rules! not_together {
    ($provider:literal, $places:expr) => {
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.is(PLACE_PROVIDER, $provider) && e.any(PLACE, $places)
            })
        })
    };
}

pub const CHECKS: &[(&str, Check)] = &[
    ("141", check(|c, o| date(c, o, Episodes, DECOM))),
    ("143", check(|c, o| code(c, o, Episodes, RNE))),
    ("144", check(|c, o| code(c, o, Episodes, LS))),
    ("145", check(|c, o| code(c, o, Episodes, CIN))),
    ("146", check(|c, o| code(c, o, Episodes, PLACE))),
    ("147", check(|c, o| date(c, o, Episodes, DEC))),
    (
        "148",
        check(|c, o| each(c, o, Episodes, |e| e.has(DEC) != e.has(REC))),
    ),
    ("149", check(|c, o| code(c, o, Episodes, REC))),
    (
        "178",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                let not_wanted = e.any(PLACE, &["T0", "T1", "T2", "T3"]) || other_placement(c, e);
                e.has(PLACE_PROVIDER) && (not_wanted || !c.in_set(e, PLACE_PROVIDER))
            });
        }),
    ),
    (
        "213",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.has(PLACE_PROVIDER) && (temporary(e) || other_placement(c, e))
            });
        }),
    ),
    (
        "214",
        check(|c, o| each(c, o, Episodes, |e| respite(e) && e.has_any(&[PL_POST, URN]))),
    ),
    (
        "217",
        check(|c, o| {
            let from = NaiveDate::from_ymd_opt(2015, 4, 1);
            each(c, o, Episodes, |e| {
                let since = e.date(DECOM).is_some() && e.date(DECOM) >= from;
                e.any(PLACE, &["A3", "A5"]) && since && !e.any(RNE, &["S", "T", "U"])
            });
        }),
    ),
    (
        "233",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.blank(DEC) && e.has(REASON_PLACE_CHANGE)
            });
        }),
    ),
    (
        "234",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                e.is(REASON_PLACE_CHANGE, "CUSTOD")
                    && e.date(DECOM).is_some_and(|from| !aged(dob, 10, from))
            });
        }),
    ),
    (
        "352",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                e.is(RNE, "S") && e.date(DECOM).is_some_and(|from| aged(dob, 18, from))
            });
        }),
    ),
    (
        "353",
        check(|c, o| {
            let first = NaiveDate::from_ymd_opt(1991, 10, 14);
            each(c, o, Episodes, |e| {
                e.date(DECOM).is_some() && e.date(DECOM) < first
            });
        }),
    ),
    (
        "354",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.date(DECOM).is_some_and(|from| from > c.end())
            })
        }),
    ),
    (
        "355",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.date(DECOM).is_some() && e.date(DECOM) == e.date(DEC)
            });
        }),
    ),
    (
        "356",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.date(DEC)
                    .zip(e.date(DECOM))
                    .is_some_and(|(to, from)| to < from)
            });
        }),
    ),
    (
        "358",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                let ten = birthday(dob, 10);
                e.any(LS, &["J1", "J2", "J3"])
                    && e.date(DECOM)
                        .zip(ten)
                        .is_some_and(|(from, ten)| from <= ten)
            });
        }),
    ),
    (
        "359",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                let over = birthday(dob, 18).is_some_and(|day| day < c.end());
                over && e.blank(DEC) && !(e.is(LS, "V2") && e.is(PLACE, "K2"))
            });
        }),
    ),
    (
        "365",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.is(LS, "V3") && days(e, Some(c.end())).is_some_and(|days| days > 17)
            });
        }),
    ),
    (
        "366",
        check(|c, o| each(c, o, Episodes, |e| e.is(LS, "V3") && !e.is(RNE, "S"))),
    ),
    ("371", too_young!("K3", 16)),
    ("372", too_young!("R5", 10)),
    ("373", too_young!("S1", 4)),
    ("374", too_young!("P3", 14)),
    ("375", too_long!("T1", 42)),
    ("376", too_long!("T3", 21)),
    (
        "378",
        check(|c, o| each(c, o, Episodes, |e| e.is(PLACE, "P1") && e.is(LS, "V2"))),
    ),
    ("379", too_long!("T4", 7)),
    (
        "380",
        check(|c, o| each(c, o, Episodes, |e| temporary(e) && !e.any(RNE, &["P", "B"]))),
    ),
    (
        "381",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                temporary(e) && e.has(REC) && !e.is(REC, "X1")
            })
        }),
    ),
    (
        "382",
        check(|c, o| each(c, o, Episodes, |e| respite(e) && temporary(e))),
    ),
    (
        "384",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                respite(e) && e.any(PLACE, &["U1", "U4"])
            })
        }),
    ),
    (
        "385",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.date(DEC).is_some_and(|to| to > c.end())
            })
        }),
    ),
    (
        "386",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                adopted(e) && e.date(DEC).is_some_and(|to| aged(dob, 18, to))
            });
        }),
    ),
    (
        "387",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                e.any(REC, &["E5", "E6"]) && e.date(DEC).is_some_and(|to| !aged(dob, 14, to))
            });
        }),
    ),
    (
        "389",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                e.is(REC, "E7") && e.date(DEC).is_some_and(|to| !aged(dob, 16, to))
            });
        }),
    ),
    (
        "390",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                adopted(e) && !e.any(PLACE, &["A3", "A4", "A5", "A6"])
            });
        }),
    ),
    (
        "398",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                respite(e) && e.has_any(&[HOME_POST, PL_POST])
            })
        }),
    ),
    (
        "407",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                let eighteen = birthday(dob, 18);
                let late = e
                    .date(DEC)
                    .zip(eighteen)
                    .is_some_and(|(to, eighteen)| to > eighteen);
                e.any(REC, &["E45", "E46", "E47", "E48"]) && late
            });
        }),
    ),
    (
        "408",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.any(PLACE, &["A5", "A6"]) && !e.is(LS, "E1")
            })
        }),
    ),
    (
        "446",
        check(|c, o| {
            let first = NaiveDate::from_ymd_opt(2005, 12, 1);
            each(c, o, Episodes, |e| {
                e.is(LS, "E1") && e.date(DECOM).is_some() && e.date(DECOM) < first
            });
        }),
    ),
    (
        "460",
        check(|c, o| {
            by_birth(c, o, |e, dob| {
                e.is(REC, "E17") && e.date(DEC).is_some_and(|to| !aged(dob, 18, to))
            });
        }),
    ),
    (
        "516",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.any(REC, &["E45", "E46"]) && !e.any(PLACE, &FOSTER)
            })
        }),
    ),
    (
        "526",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.blank(PLACE_PROVIDER) && e.has(PLACE) && !temporary(e) && !other_placement(c, e)
            });
        }),
    ),
    ("527", not_together!("PR1", &["P1", "R2", "R5"])),
    ("528", not_together!("PR2", &["P1", "R2", "R5"])),
    (
        "529",
        not_together!(
            "PR3",
            &[
                "A3", "A4", "A5", "A6", "K1", "K2", "P1", "U1", "U2", "U3", "U4", "U5", "U6"
            ]
        ),
    ),
    ("530", not_together!("PR4", &["P1"])),
    ("531", not_together!("PR5", &["P1"])),
    (
        "550",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.is(PLACE_PROVIDER, "PR0") && !e.is(PLACE, "P1")
            })
        }),
    ),
    (
        "1009",
        check(|c, o| code(c, o, Episodes, REASON_PLACE_CHANGE)),
    ),
];

/// How many days an episode lasted; an open one counts up to `open_to`, when
/// given.
fn days(episode: Row<'_>, open_to: Option<NaiveDate>) -> Option<i64> {
    let to = if episode.blank(DEC) {
        open_to
    } else {
        episode.date(DEC)
    };
    Some((to? - episode.date(DECOM)?).num_days())
}

//! Missing, or away from placement without authorisation: the periods
//! themselves, and against the child's time in care.

use super::super::child::birthday;
use super::super::data::Row;
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, Missing};
use super::help::{code, date, each, outside_care, periods_of_care, sorted};

pub const CHECKS: &[(&str, Check)] = &[
    (
        "564",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.any(MISSING, &["M", "A"]) && m.blank(MIS_START)
            })
        }),
    ),
    (
        "565",
        check(|c, o| each(c, o, Missing, |m| m.has(MIS_START) && m.blank(MISSING))),
    ),
    (
        "566",
        check(|c, o| each(c, o, Missing, |m| m.has(MIS_END) && m.blank(MISSING))),
    ),
    (
        "567",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.date(MIS_START)
                    .zip(m.date(MIS_END))
                    .is_some_and(|(from, to)| from > to)
            });
        }),
    ),
    (
        "570",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.date(MIS_START).is_some_and(|from| from > c.end())
            })
        }),
    ),
    (
        "571",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.date(MIS_END).is_some_and(|to| !c.all.period.has(to))
            })
        }),
    ),
    (
        "574",
        check(|c, o| {
            for (period, before) in in_order(c.rows(Missing), MIS_START, MIS_END) {
                o.hit_after(period, before);
            }
        }),
    ),
    (
        "575",
        check(|c, o| {
            for period in c.rows(Missing).iter().filter(|m| m.blank(MIS_END)) {
                let ended = c.rows(Episodes).iter().find(|e| {
                    let spell = e.date(DECOM).zip(e.date(DEC));
                    let start = period.date(MIS_START);
                    start
                        .zip(spell)
                        .is_some_and(|(start, (from, to))| from <= start && start <= to)
                });
                if let Some(ended) = ended {
                    o.hit(&[*period, *ended]);
                }
            }
        }),
    ),
    (
        "576",
        check(|c, o| {
            let open = c
                .rows_last(Missing)
                .iter()
                .filter(|m| m.blank(MIS_END) && m.date(MIS_START).is_some());
            let first = sorted(c.rows(Missing), MIS_START)
                .first()
                .copied()
                .or(c.rows(Missing).first().copied());
            for last in open {
                match first {
                    Some(first) if first.date(MIS_START) != last.date(MIS_START) => {
                        o.hit(&[first, *last])
                    }
                    Some(_) => {}
                    None => o.hit(&[*last]),
                }
            }
        }),
    ),
    (
        "577",
        check(|c, o| {
            let periods = periods_of_care(c);
            each(c, o, Missing, |m| {
                let known = m.blank(MIS_END) || m.date(MIS_END).is_some();
                known
                    && m.date(MIS_START)
                        .is_some_and(|from| outside_care(&periods, from, m.date(MIS_END)))
            });
        }),
    ),
    (
        "578",
        check(|c, o| {
            let periods = periods_of_care(c);
            each(c, o, Missing, |m| {
                let out = |day| {
                    periods
                        .iter()
                        .all(|(from, to)| day < *from || to.is_some_and(|to| day > to))
                };
                !periods.is_empty() && m.date(MIS_START).is_some_and(out)
            });
        }),
    ),
    (
        "580",
        check(|c, o| {
            for period in c.rows(Missing) {
                let eighteen = period.date(DOB).and_then(|dob| birthday(dob, 18));
                if eighteen.is_none() || period.date(MIS_END) != eighteen {
                    continue;
                }
                for episode in c.rows(Episodes) {
                    if episode.date(DEC) == eighteen && !episode.is(REC, "E8") {
                        o.hit(&[*episode, *period]);
                    }
                }
            }
        }),
    ),
    (
        "581",
        check(|c, o| {
            each(c, o, Missing, |m| {
                let Some(start) = m.date(MIS_START) else {
                    return false;
                };
                let in_care = c.rows(Episodes).iter().any(|e| {
                    e.date(DECOM).is_some_and(|from| from <= start)
                        && (e.blank(DEC) || e.date(DEC).is_some_and(|to| start <= to))
                });
                !c.rows(Episodes).is_empty() && !in_care
            });
        }),
    ),
    (
        "586",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.date(MIS_START)
                    .zip(m.date(DOB))
                    .is_some_and(|(from, dob)| from <= dob)
            });
        }),
    ),
    (
        "1004",
        check(|c, o| {
            each(c, o, Missing, |m| {
                m.blank(MIS_START) || m.bad_date(MIS_START)
            })
        }),
    ),
    ("1005", check(|c, o| date(c, o, Missing, MIS_END))),
    ("1006", check(|c, o| code(c, o, Missing, MISSING))),
];

/// Each period with the one before it, when that one has no end or ends after
/// this one starts. Periods count in the order in which they end.
pub fn in_order<'a>(
    rows: &[Row<'a>],
    start: super::super::tables::Field,
    end: super::super::tables::Field,
) -> Vec<(Row<'a>, Row<'a>)> {
    let mut periods: Vec<Row<'a>> = rows
        .iter()
        .copied()
        .filter(|row| row.date(start).is_some())
        .collect();
    periods.sort_by_key(|row| {
        (
            row.date(end).or(row.date(start)),
            row.date(start),
            row.index,
        )
    });
    let pairs = periods.windows(2).map(|pair| (pair[1], pair[0]));
    pairs
        .filter(|(this, before)| {
            before.blank(end)
                || before
                    .date(end)
                    .is_some_and(|to| this.date(start) < Some(to))
        })
        .collect()
}

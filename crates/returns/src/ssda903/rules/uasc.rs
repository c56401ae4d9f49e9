//! Unaccompanied asylum-seeking children: the flag, the date it ceased, and
//! both against last year.

use super::super::child::{Child, birthday};
use super::super::data::Row;
use super::super::hits::{Check, check, check_without};
use super::super::tables::Field::{DOB, DUC, UASC as FLAG};
use super::super::tables::Table::{Episodes, Header, OC3, UASC};
use super::help::{LEAVER_ITEMS, each};
use super::mothers::in_year;
use crate::core::dates::{Period, less_years};

pub const CHECKS: &[(&str, Check)] = &[
    (
        "104",
        check(|c, o| {
            each(c, o, UASC, |u| {
                u.bad_date(DUC) || u.date(DUC).is_some_and(|ceased| ceased < c.start())
            });
        }),
    ),
    (
        "105",
        check_without(&["UASC"], |c, o| {
            each(c, o, Header, |h| !h.any(FLAG, &["0", "1"]))
        }),
    ),
    (
        "205A",
        check_without(&["Header", "Header_last"], |c, o| {
            if !c.was_uasc() || c.is_uasc() {
                return;
            }
            let last_ceased = c.rows_last(UASC).iter().find_map(|u| u.date(DUC));
            let in_last_year = last_ceased
                .zip(last_year(c))
                .is_some_and(|(day, year)| year.has(day));
            let now_ceased = c.rows(UASC).iter().any(|u| u.has(DUC));
            if now_ceased || !in_last_year {
                o.hit(&all_rows(c));
            }
        }),
    ),
    (
        "205B",
        check_without(&["Header", "Header_last"], |c, o| {
            if !(c.was_uasc() && c.is_uasc()) {
                return;
            }
            let now = c.rows(UASC).iter().find_map(|u| u.date(DUC));
            let last_row = c.rows_last(UASC).first();
            let last = last_row.and_then(|u| u.date(DUC));
            let dob = c
                .rows(UASC)
                .iter()
                .chain(last_row)
                .find_map(|u| u.date(DOB))
                .or_else(|| c.dob());
            let eighteen = dob.and_then(|dob| birthday(dob, 18));
            // Blank in both years is a child who still is one.
            let now_fits = now.is_some_and(|day| c.all.period.has(day)) || now == last;
            let last_fits = last.is_none() || last == eighteen;
            if !now_fits || !last_fits {
                o.hit(&all_rows(c));
            }
        }),
    ),
    (
        "205C",
        check_without(&["Header", "Header_last"], |c, o| {
            let rows = c.rows(UASC).iter().chain(c.rows_last(UASC));
            if !c.is_uasc() && !c.was_uasc() && rows.clone().any(|u| u.has(DUC)) {
                o.hit(&all_rows(c));
            }
        }),
    ),
    (
        "205D",
        check_without(&["UASC", "UASC_last"], |c, o| {
            if let (Some(now), Some(last)) = (c.header(), c.header_last())
                && c.is_uasc()
                && !c.was_uasc()
            {
                o.hit(&[now, last]);
            }
        }),
    ),
    (
        "303",
        check(|c, o| {
            for row in c.rows(UASC).iter().filter(|u| u.has(DUC)) {
                if let Some(header) = c.header().filter(|h| !h.is(FLAG, "1")) {
                    o.hit(&[*row, header]);
                }
            }
        }),
    ),
    (
        "304",
        check(|c, o| {
            each(c, o, UASC, |u| {
                let eighteen = u.date(DOB).and_then(|dob| birthday(dob, 18));
                u.date(DUC)
                    .zip(eighteen)
                    .is_some_and(|(ceased, eighteen)| ceased > eighteen)
            });
        }),
    ),
    (
        "1014",
        check(|c, o| {
            if c.rows(Episodes).iter().any(|e| in_year(c, *e)) {
                return;
            }
            let leaver = c.rows(OC3).iter().find(|l| l.has_any(&LEAVER_ITEMS));
            for row in c.rows(UASC) {
                if let Some(leaver) = leaver {
                    o.hit(&[*row, *leaver]);
                }
            }
        }),
    ),
];

fn last_year(c: &Child<'_>) -> Option<Period> {
    Some(Period {
        start: less_years(c.start(), 1)?,
        end: less_years(c.end(), 1)?,
    })
}

/// The child's rows of UASC and Header, this year's and last year's.
fn all_rows<'a>(c: &Child<'a>) -> Vec<Row<'a>> {
    let this = c.rows(UASC).iter().chain(c.rows(Header));
    let last = c.rows_last(UASC).iter().chain(c.rows_last(Header));
    this.chain(last).copied().collect()
}

//! Who the child is: sex, date of birth, ethnicity and pupil number in
//! Header, this year and against last year.

use chrono::{Datelike, NaiveDate};

use super::super::child::{Child, aged, birthday, respite};
use super::super::codes::kinds::female;
use super::super::data::Row;
use super::super::hits::{Check, Hits, check, check_without};
use super::super::tables::Field::*;
use super::super::tables::Table::{Episodes, Header};
use super::help::{date, each};

const UNKNOWN: [&str; 5] = ["UN1", "UN2", "UN3", "UN4", "UN5"];

pub const CHECKS: &[(&str, Check)] = &[
    (
        "101",
        check(|c, o| each(c, o, Header, |h| !c.in_set(h, SEX))),
    ),
    (
        "102",
        check(|c, o| each(c, o, Header, |h| h.blank(DOB) || h.bad_date(DOB))),
    ),
    (
        "103",
        check(|c, o| each(c, o, Header, |h| !c.in_set(h, ETHNIC))),
    ),
    (
        "168",
        check(|c, o| each(c, o, Header, |h| h.has(UPN) && !upn_shape(h.text(UPN)))),
    ),
    ("171", check(|c, o| date(c, o, Header, MC_DOB))),
    (
        "202",
        check(|c, o| against_last(c, o, |now, last| now.text(SEX) != last.text(SEX))),
    ),
    (
        "203",
        check(|c, o| {
            against_last(c, o, |now, last| match (now.date(DOB), last.date(DOB)) {
                (Some(now), Some(last)) => now != last,
                _ => now.text(DOB) != last.text(DOB),
            });
        }),
    ),
    (
        "204",
        check(|c, o| against_last(c, o, |now, last| now.text(ETHNIC) != last.text(ETHNIC))),
    ),
    (
        "208",
        check(|c, o| {
            against_last(c, o, |now, last| {
                !upn_may_become(last.text(UPN), now.text(UPN))
            })
        }),
    ),
    (
        "209",
        check(|c, o| {
            let august = NaiveDate::from_ymd_opt(c.start().year() - 1, 8, 31);
            each(c, o, Header, |h| {
                let school_age = h
                    .date(DOB)
                    .zip(august)
                    .is_some_and(|(dob, august)| aged(dob, 4, august));
                h.is(UPN, "UN1") && school_age
            });
        }),
    ),
    (
        "210",
        check(|c, o| {
            let week = NaiveDate::from_ymd_opt(c.end().year(), 3, 24);
            for header in c.rows(Header).iter().filter(|h| h.is(UPN, "UN4")) {
                for episode in c.rows(Episodes) {
                    if episode
                        .date(DECOM)
                        .zip(week)
                        .is_some_and(|(from, week)| from >= week)
                    {
                        o.hit(&[*header, *episode]);
                    }
                }
            }
        }),
    ),
    (
        "231",
        check_without(&["UASC"], |c, o| {
            each(c, o, Header, |h| {
                let young = h
                    .date(DOB)
                    .is_some_and(|dob| birthday(dob, 11).is_some_and(|day| day > c.end()));
                h.is(UASC, "1") && young
            });
        }),
    ),
    ("232", check(|c, o| each(c, o, Header, |h| h.is(SEX, "U")))),
    (
        "301",
        check(|c, o| {
            each(c, o, Header, |h| {
                h.date(DOB).is_some_and(|dob| dob > c.end())
            })
        }),
    ),
    (
        "351",
        check(|c, o| {
            each(c, o, Header, |h| {
                h.date(DOB)
                    .and_then(|dob| birthday(dob, 25))
                    .is_some_and(|day| day < c.start())
            });
        }),
    ),
    (
        "442",
        check(|c, o| {
            let looked_after = c.rows(Episodes).iter().any(|e| !respite(*e));
            each(c, o, Header, |h| looked_after && h.blank(UPN));
        }),
    ),
    (
        "444",
        check(|c, o| each(c, o, Header, |h| c.all.doubled_upns.contains(h.text(UPN)))),
    ),
    (
        "EPI",
        check_without(&["Episodes", "OC3"], |c, o| {
            use super::super::tables::Table::OC3;
            let somewhere = !c.rows(Episodes).is_empty() || !c.rows(OC3).is_empty();
            each(c, o, Header, |h| !somewhere && h.has(CHILD));
        }),
    ),
    (
        "393",
        check(|c, o| {
            let looked_after = c.rows(Episodes).iter().any(|e| !respite(*e));
            each(c, o, Header, |h| {
                looked_after && female(h) && h.blank(MOTHER)
            });
        }),
    ),
];

/// Each row of Header against last year's row of the same child.
pub fn against_last(c: &Child<'_>, o: &mut Hits<'_>, wrong: impl Fn(Row<'_>, Row<'_>) -> bool) {
    if let Some(last) = c.header_last() {
        for now in c.rows(Header) {
            if wrong(*now, last) {
                o.hit(&[*now, last]);
            }
        }
    }
}

/// A letter (not I, O or S), then 12 digits, or 11 digits and a letter; or
/// one of the codes for an unknown number.
fn upn_shape(upn: &str) -> bool {
    if UNKNOWN.contains(&upn) {
        return true;
    }
    let bytes = upn.as_bytes();
    bytes.len() == 13
        && bytes[0].is_ascii_uppercase()
        && !b"IOS".contains(&bytes[0])
        && bytes[1..12].iter().all(u8::is_ascii_digit)
        && (bytes[12].is_ascii_digit() || bytes[12].is_ascii_uppercase())
}

/// Whether a pupil number may change so from one year to the next.
fn upn_may_become(last: &str, now: &str) -> bool {
    let unknown = |upn: &str| upn.is_empty() || UNKNOWN.contains(&upn);
    let known = !unknown(now);
    last == now
        || unknown(last) && known
        || (last.is_empty() || last == "UN1") && UNKNOWN[1..].contains(&now)
        || last.is_empty() && now == "UN1"
}

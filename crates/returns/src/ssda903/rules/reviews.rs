//! Reviews and how the child took part.

use super::super::child::birthday;
use super::super::hits::{Check, check};
use super::super::tables::Field::*;
use super::super::tables::Table::Reviews;
use super::help::each;

pub const CHECKS: &[(&str, Check)] = &[
    (
        "166",
        check(|c, o| each(c, o, Reviews, |r| r.blank(REVIEW) || r.bad_date(REVIEW))),
    ),
    (
        "167",
        check(|c, o| {
            each(c, o, Reviews, |r| {
                let both = r.has(REVIEW) && c.in_set(r, REVIEW_CODE);
                let neither = r.blank(REVIEW) && r.blank(REVIEW_CODE);
                !(both || neither)
            });
        }),
    ),
    (
        "440",
        check(|c, o| {
            each(c, o, Reviews, |r| {
                let four = r.date(DOB).and_then(|dob| birthday(dob, 4));
                r.is(REVIEW_CODE, "PN0")
                    && r.date(REVIEW)
                        .zip(four)
                        .is_some_and(|(day, four)| day > four)
            });
        }),
    ),
    (
        "441",
        check(|c, o| {
            each(c, o, Reviews, |r| {
                let four = r.date(DOB).and_then(|dob| birthday(dob, 4));
                let took_part = c.in_set(r, REVIEW_CODE) && !r.is(REVIEW_CODE, "PN0");
                took_part
                    && r.date(REVIEW)
                        .zip(four)
                        .is_some_and(|(day, four)| day < four)
            });
        }),
    ),
];

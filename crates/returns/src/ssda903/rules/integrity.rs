//! Tables against Header: every child is there once, with one date of birth
//! and one sex. And nothing else is returned for those who only left care.

use super::super::hits::{Check, check, check_without};
use super::super::tables::Field::{CHILD, DOB, SEX};
use super::super::tables::Table::*;
use super::help::each;

/// A child of the table has no row in Header.
macro_rules! in_header {
    ($table:ident) => {
        check(|c, o| {
            each(c, o, $table, |row| {
                row.has(CHILD) && c.rows(Header).is_empty()
            })
        })
    };
}

/// The table's item and Header's are both given and differ.
macro_rules! as_in_header {
    ($table:ident, date $field:ident) => {
        check(|c, o| {
            for row in c.rows($table) {
                for header in c.rows(Header) {
                    if row
                        .date($field)
                        .zip(header.date($field))
                        .is_some_and(|(a, b)| a != b)
                    {
                        o.hit(&[*row, *header]);
                        break;
                    }
                }
            }
        })
    };
    ($table:ident, text $field:ident) => {
        check(|c, o| {
            for row in c.rows($table) {
                let other = |h: &&super::super::data::Row<'_>| {
                    h.has($field) && row.has($field) && h.text($field) != row.text($field)
                };
                if let Some(header) = c.rows(Header).iter().find(other) {
                    o.hit(&[*row, *header]);
                }
            }
        })
    };
}

/// A child has more than one row in the table.
macro_rules! once {
    ($table:ident) => {
        check(|c, o| {
            if c.rows($table).len() > 1 {
                o.hit(c.rows($table));
            }
        })
    };
}

pub const CHECKS: &[(&str, Check)] = &[
    ("INT01", in_header!(AD1)),
    ("INT02", in_header!(PlacedAdoption)),
    ("INT03", in_header!(Episodes)),
    ("INT04", in_header!(Missing)),
    ("INT05", in_header!(OC2)),
    ("INT06", in_header!(OC3)),
    ("INT07", in_header!(PrevPerm)),
    ("INT08", in_header!(Reviews)),
    ("INT09", in_header!(UASC)),
    ("INT11", as_in_header!(AD1, date DOB)),
    ("INT12", as_in_header!(PlacedAdoption, date DOB)),
    ("INT13", as_in_header!(Missing, date DOB)),
    ("INT14", as_in_header!(OC2, date DOB)),
    ("INT15", as_in_header!(OC3, date DOB)),
    ("INT16", as_in_header!(PrevPerm, date DOB)),
    ("INT17", as_in_header!(Reviews, date DOB)),
    ("INT18", as_in_header!(UASC, date DOB)),
    ("INT21", as_in_header!(UASC, text SEX)),
    ("INT31", once!(AD1)),
    ("INT32", once!(Header)),
    ("INT33", once!(OC2)),
    ("INT34", once!(OC3)),
    ("INT35", once!(PrevPerm)),
    ("INT36", once!(UASC)),
    (
        "1012",
        check_without(
            &[
                "Reviews",
                "OC2",
                "AD1",
                "PlacedAdoption",
                "PrevPerm",
                "Missing",
            ],
            |c, o| {
                if c.rows(Episodes).is_empty() {
                    for table in [PlacedAdoption, Missing, Reviews, AD1, PrevPerm, OC2] {
                        each(c, o, table, |row| row.has(CHILD));
                    }
                }
            },
        ),
    ),
];

//! The checks, by family. A check has the code of its text in
//! `rules/ssda903`: read the text first, it says in plain words what the
//! check looks for, and its examples are run as tests.

mod adopters;
mod adoption;
mod care_leavers;
mod episode;
mod episodes;
mod health;
mod help;
mod identity;
mod integrity;
mod last_year;
mod liberty;
mod missing;
mod mothers;
mod permanence;
mod places;
mod reviews;
mod social_workers;
mod uasc;

use super::hits::Check;

/// Checks that compare with the responsible authority's code.
pub const NEED_AUTHORITY: [&str; 3] = ["229", "411", "1015"];

/// Checks that must know who is an unaccompanied asylum-seeking child, from
/// the file UASC or a flag in Header: in either year, or in both.
pub const NEED_STATUS: [(&str, Years); 4] = [
    ("164", Years::Either),
    ("231", Years::This),
    ("406", Years::Either),
    ("205D", Years::Both),
];

/// For which years something must be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Years {
    /// This year.
    This,
    /// This year or last year.
    Either,
    /// This year and last year.
    Both,
}

/// Checks of the UASC flag that only the XML form carries.
pub const NEED_FLAG: [&str; 1] = ["105"];

/// Every check by its edition.
pub fn all() -> Vec<(&'static str, Check)> {
    let families: [&[(&str, Check)]; 17] = [
        identity::CHECKS,
        mothers::CHECKS,
        uasc::CHECKS,
        adopters::CHECKS,
        adoption::CHECKS,
        care_leavers::CHECKS,
        health::CHECKS,
        episode::CHECKS,
        episodes::CHECKS,
        places::CHECKS,
        last_year::CHECKS,
        missing::CHECKS,
        liberty::CHECKS,
        permanence::CHECKS,
        reviews::CHECKS,
        integrity::CHECKS,
        social_workers::CHECKS,
    ];
    families.concat()
}

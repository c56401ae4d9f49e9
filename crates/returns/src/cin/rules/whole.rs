//! Checks on the header and on the return as a whole.

use chrono::{Datelike, NaiveDate};

use super::{Check, Context, Found, Tally};
use crate::cin::model::{Header, Record};
use crate::core::finding::Touched;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("100", Check::Header(rule_100)),
    ("2883", Check::Whole(rule_2883)),
    ("2886Q", Check::Whole(rule_2886q)),
    ("2887Q", Check::Whole(rule_2887q)),
    ("2888Q", Check::Whole(rule_2888q)),
];

fn rule_100(_: &Context, header: Option<&Header>, found: &mut Found<'_>) {
    let fields = &["ReferenceDate", "Year"];
    let Some(header) = header else {
        let empty = Touched::new("Header", 0);
        found.add([empty.with("ReferenceDate", None).with("Year", None)]);
        return;
    };
    let year = header.year.as_deref().and_then(|year| year.parse().ok());
    let right = year.and_then(|year| NaiveDate::from_ymd_opt(year, 3, 31));
    let given = header.reference_date.day;
    if given.is_none() || right.is_none_or(|right| right.year() < 1) || given != right {
        found.add([header.touch(fields)]);
    }
}

fn rule_2883(tally: &Tally) -> Option<String> {
    (tally.plans_started > tally.conferences).then(|| {
        format!(
            "{} protection plans start in the census year, {} initial conferences were held",
            tally.plans_started, tally.conferences
        )
    })
}

fn rule_2886q(tally: &Tally) -> Option<String> {
    // More than 2 in 100, without rounding.
    (tally.without_sex * 50 > tally.children).then(|| {
        format!(
            "{} of {} children have no sex recorded",
            tally.without_sex, tally.children
        )
    })
}

fn rule_2887q(tally: &Tally) -> Option<String> {
    let used = tally.disabilities.len();
    (used < 8).then(|| format!("{used} different disability codes are used"))
}

fn rule_2888q(tally: &Tally) -> Option<String> {
    (tally.with_several == 0)
        .then(|| format!("none of {} children has more than one code", tally.children))
}

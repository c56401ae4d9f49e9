//! Checks on section 47 enquiries and initial child protection conferences.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Check, Context, Found, before};
use crate::cin::model::{Child, Record, Section47, flag};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("1104", Check::Child(rule_1104)),
    ("2884", Check::Child(rule_2884)),
    ("2889", Check::Child(rule_2889)),
    ("8615", Check::Child(rule_8615)),
    ("8675Q", Check::Child(rule_8675q)),
    ("8715", Check::Child(rule_8715)),
    ("8740", Check::Child(rule_8740)),
    ("8839", Check::Child(rule_8839)),
    ("8868", Check::Child(rule_8868)),
    ("8870Q", Check::Child(rule_8870q)),
    ("8875", Check::Child(rule_8875)),
    ("8890", Check::Child(rule_8890)),
];

const START: &str = "S47ActualStartDate";
const CONFERENCE: &str = "DateOfInitialCPC";
const WAIVED: &str = "ICPCnotRequired";

/// One finding for each enquiry that is wrong in itself.
fn each(
    child: &Child,
    found: &mut Found<'_>,
    fields: &[&'static str],
    wrong: impl Fn(&Section47) -> bool,
) {
    for details in &child.details {
        for enquiry in details.section47.iter().filter(|s| wrong(s)) {
            found.add([enquiry.touch(fields)]);
        }
    }
}

/// No conference was held, and the flag does not say that none is needed.
fn undecided(enquiry: &Section47) -> bool {
    enquiry.initial_cpc.day.is_none() && flag(&enquiry.cpc_not_required) != Some(true)
}

/// No conference was held, and the flag says that one is needed.
fn awaited(enquiry: &Section47) -> bool {
    enquiry.initial_cpc.day.is_none() && flag(&enquiry.cpc_not_required) == Some(false)
}

fn on_weekend(day: Option<NaiveDate>) -> bool {
    day.is_some_and(|day| matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
}

fn rule_1104(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for enquiry in &details.section47 {
            if before(&enquiry.initial_cpc, &details.referral_date) {
                found.add([
                    enquiry.touch(&[CONFERENCE]),
                    details.touch(&["CINreferralDate"]),
                ]);
            }
        }
    }
}

fn rule_2884(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let Some(day) = details.initial_cpc.day else {
            continue;
        };
        let enquiries = || child.details.iter().flat_map(|other| &other.section47);
        for enquiry in enquiries().filter(|s| s.initial_cpc.day == Some(day)) {
            found.add([enquiry.touch(&[CONFERENCE]), details.touch(&[CONFERENCE])]);
        }
    }
}

fn rule_2889(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for enquiry in &details.section47 {
            if before(&enquiry.start, &details.referral_date) {
                found.add([enquiry.touch(&[START]), details.touch(&["CINreferralDate"])]);
            }
        }
    }
}

fn rule_8615(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, CONFERENCE], |s| {
        match s.initial_cpc.day {
            Some(held) => s.start.day.is_none_or(|start| start > held),
            None => false,
        }
    });
}

fn rule_8675q(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, CONFERENCE, WAIVED], |s| {
        awaited(s) && s.start.day.is_some_and(|day| day < c.days15_before_end)
    });
}

fn rule_8715(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[CONFERENCE], |s| c.outside(&s.initial_cpc));
}

fn rule_8740(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, CONFERENCE, WAIVED], |s| {
        awaited(s) && c.outside(&s.start)
    });
}

fn rule_8839(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let all = || details.section47.iter().filter(|s| undecided(s));
        if all().count() > 1 {
            found.add(all().map(|s| s.touch(&[CONFERENCE, WAIVED])));
        }
    }
}

fn rule_8868(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let unfinished = || details.section47.iter().filter(|s| undecided(s));
        if details.closure_date.day.is_some() && unfinished().next().is_some() {
            let mut rows = vec![details.touch(&["CINclosureDate"])];
            rows.extend(unfinished().map(|s| s.touch(&[CONFERENCE, WAIVED])));
            found.add(rows);
        }
    }
}

fn rule_8870q(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["InitialCPCtarget"], |s| {
        on_weekend(s.cpc_target.day)
    });
}

fn rule_8875(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[CONFERENCE], |s| {
        on_weekend(s.initial_cpc.day)
    });
}

fn rule_8890(c: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for one in &details.section47 {
            let Some(day) = one.start.day else {
                continue;
            };
            for other in details
                .section47
                .iter()
                .filter(|other| other.row != one.row)
            {
                let until = match other.initial_cpc.day {
                    Some(held) => Some(held),
                    None => undecided(other).then_some(c.period.end),
                };
                let ongoing = other.start.day.is_some_and(|from| from <= day)
                    && until.is_some_and(|until| day <= until);
                if ongoing {
                    found.add([one.touch(&[START]), other.touch(&[START, CONFERENCE])]);
                }
            }
        }
    }
}

//! Checks on episodes of need: the referral, what it led to, and its closure.

use chrono::{Days, NaiveDate};

use super::{Check, Context, Found, before, invalid, is_one_of, missing_or_invalid};
use crate::cin::model::{Child, CinDetails, Record, flag};
use crate::core::finding::Touched;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("2990", Check::Child(rule_2990)),
    ("8555Q", Check::Child(rule_8555q)),
    ("8565", Check::Child(rule_8565)),
    ("8568", Check::Child(rule_8568)),
    ("8569Q", Check::Child(rule_8569q)),
    ("8585Q", Check::Child(rule_8585q)),
    ("8600", Check::Child(rule_8600)),
    ("8606", Check::Child(rule_8606)),
    ("8610", Check::Child(rule_8610)),
    ("8620", Check::Child(rule_8620)),
    ("8630", Check::Child(rule_8630)),
    ("8640", Check::Child(rule_8640)),
    ("8650", Check::Child(rule_8650)),
    ("8805", Check::Child(rule_8805)),
    ("8810", Check::Child(rule_8810)),
    ("8815", Check::Child(rule_8815)),
    ("8816", Check::Child(rule_8816)),
    ("8820", Check::Child(rule_8820)),
    ("8831", Check::Child(rule_8831)),
    ("8866", Check::Child(rule_8866)),
];

/// Closed after assessment: no further action, or referred to early help.
const AFTER_ASSESSMENT: [&str; 2] = ["RC8", "RC9"];

fn rule_2990(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        if !is_one_of(&details.reason_for_closure, &AFTER_ASSESSMENT) {
            continue;
        }
        let mut rows: Vec<Touched> = Vec::new();
        rows.extend(
            details
                .section47
                .iter()
                .map(|s| s.touch(&["S47ActualStartDate"])),
        );
        rows.extend(
            details
                .protection_plans
                .iter()
                .map(|p| p.touch(&["CPPstartDate"])),
        );
        rows.extend(details.plans.iter().map(|p| p.touch(&["CINPlanStartDate"])));
        if !rows.is_empty() || details.initial_cpc.day.is_some() {
            rows.insert(0, details.touch(&["ReasonForClosure", "DateOfInitialCPC"]));
            found.add(rows);
        }
    }
}

fn rule_8555q(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        if before(&child.identifiers.death, &details.referral_date) {
            found.add([
                details.touch(&["CINreferralDate"]),
                child.identifiers.touch(&["PersonDeathDate"]),
            ]);
        }
    }
}

fn rule_8565(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let closed = &details.closure_date;
        let late = |date| before(closed, date);
        let mut rows: Vec<Touched> = Vec::new();
        for a in &details.assessments {
            if late(&a.start) || late(&a.authorisation) {
                rows.push(a.touch(&["AssessmentActualStartDate", "AssessmentAuthorisationDate"]));
            }
        }
        for s in &details.section47 {
            if late(&s.start) || late(&s.initial_cpc) {
                rows.push(s.touch(&["S47ActualStartDate", "DateOfInitialCPC"]));
            }
        }
        for p in &details.protection_plans {
            if late(&p.end) {
                rows.push(p.touch(&["CPPendDate"]));
            }
        }
        for p in &details.plans {
            if late(&p.start) || late(&p.end) {
                rows.push(p.touch(&["CINPlanStartDate", "CINPlanEndDate"]));
            }
        }
        let own = late(&details.initial_cpc);
        if own || !rows.is_empty() {
            let fields: &[&str] = if own {
                &["CINclosureDate", "DateOfInitialCPC"]
            } else {
                &["CINclosureDate"]
            };
            rows.insert(0, details.touch(fields));
            found.add(rows);
        }
    }
}

/// One finding for each episode that is wrong in itself.
fn each(
    child: &Child,
    found: &mut Found<'_>,
    fields: &[&'static str],
    wrong: impl Fn(&CinDetails) -> bool,
) {
    for details in child.details.iter().filter(|details| wrong(details)) {
        found.add([details.touch(fields)]);
    }
}

fn rule_8568(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["ReferralNFA"], |d| {
        flag(&d.referral_nfa).is_none()
    });
}

fn rule_8569q(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["CINreferralDate", "ReferralNFA"], |d| {
        let early = d
            .referral_date
            .day
            .is_some_and(|day| day < c.day_before_start);
        early && flag(&d.referral_nfa) != Some(false)
    });
}

fn rule_8585q(_: &Context, child: &Child, found: &mut Found<'_>) {
    if child.identifiers.death.day.is_some() {
        return;
    }
    for details in &child.details {
        if details.reason_for_closure.as_deref() == Some("RC2") {
            found.add([
                details.touch(&["ReasonForClosure"]),
                child.identifiers.touch(&["PersonDeathDate"]),
            ]);
        }
    }
}

fn rule_8600(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["CINreferralDate"], |d| {
        d.referral_date.day.is_none_or(|day| day > c.period.end)
    });
}

fn rule_8606(_: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    let Some(birth) = who.birth.day.or(who.expected_birth.day) else {
        return;
    };
    // 40 weeks before.
    let Some(earliest) = birth.checked_sub_days(Days::new(280)) else {
        return;
    };
    for details in &child.details {
        if details.referral_date.day.is_some_and(|day| day < earliest) {
            found.add([
                details.touch(&["CINreferralDate"]),
                who.touch(&["PersonBirthDate", "ExpectedPersonBirthDate"]),
            ]);
        }
    }
}

fn rule_8610(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["ReferralNFA", "PrimaryNeedCode"], |d| {
        flag(&d.referral_nfa) == Some(false) && d.primary_need.is_none()
    });
}

fn rule_8620(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["CINclosureDate"], |d| {
        c.outside(&d.closure_date)
    });
}

fn rule_8630(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["CINreferralDate", "CINclosureDate"], |d| {
        before(&d.closure_date, &d.referral_date)
    });
}

fn rule_8640(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["ReasonForClosure"], |d| {
        invalid(&d.reason_for_closure, &c.closure_reason)
    });
}

fn rule_8650(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["PrimaryNeedCode"], |d| {
        invalid(&d.primary_need, &c.primary_need)
    });
}

fn rule_8805(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["CINclosureDate", "ReasonForClosure"], |d| {
        d.closure_date.day.is_some() && d.reason_for_closure.is_none()
    });
}

fn rule_8810(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["ReasonForClosure", "CINclosureDate"], |d| {
        d.reason_for_closure.is_some() && d.closure_date.day.is_none()
    });
}

/// Open, and went further.
fn open(details: &CinDetails) -> bool {
    details.closure_date.day.is_none() && flag(&details.referral_nfa) == Some(false)
}

fn rule_8815(_: &Context, child: &Child, found: &mut Found<'_>) {
    let all = || child.details.iter().filter(|details| open(details));
    if all().count() > 1 {
        found.add(all().map(|details| details.touch(&["CINclosureDate", "ReferralNFA"])));
    }
}

fn rule_8816(_: &Context, child: &Child, found: &mut Found<'_>) {
    let latest = child
        .details
        .iter()
        .filter_map(|d| d.referral_date.day)
        .max();
    let fields = &["CINreferralDate", "CINclosureDate", "ReferralNFA"];
    each(child, found, fields, |d| {
        open(d) && d.referral_date.day != latest
    });
}

fn rule_8820(c: &Context, child: &Child, found: &mut Found<'_>) {
    for one in &child.details {
        let Some(day) = one.referral_date.day else {
            continue;
        };
        for other in child.details.iter().filter(|other| other.row != one.row) {
            let until = match other.closure_date.day {
                Some(closed) => Some(closed),
                None => open(other).then_some(c.period.end),
            };
            let inside = other.referral_date.day.is_some_and(|from| day >= from)
                && until.is_some_and(|until| day < until);
            if inside {
                found.add([
                    one.touch(&["CINreferralDate"]),
                    other.touch(&["CINreferralDate", "CINclosureDate"]),
                ]);
            }
        }
    }
}

fn rule_8831(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in child
        .details
        .iter()
        .filter(|d| flag(&d.referral_nfa) == Some(true))
    {
        let mut rows: Vec<Touched> = Vec::new();
        for a in &details.assessments {
            if a.start.day.is_some() || a.authorisation.day.is_some() {
                rows.push(a.touch(&["AssessmentActualStartDate", "AssessmentAuthorisationDate"]));
            }
        }
        for s in &details.section47 {
            if s.start.day.is_some() || s.initial_cpc.day.is_some() {
                rows.push(s.touch(&["S47ActualStartDate", "DateOfInitialCPC"]));
            }
        }
        if !rows.is_empty() || details.initial_cpc.day.is_some() {
            rows.insert(0, details.touch(&["ReferralNFA", "DateOfInitialCPC"]));
            found.add(rows);
        }
    }
}

fn rule_8866(c: &Context, child: &Child, found: &mut Found<'_>) {
    // The source of a referral is asked for from 1 April 2013.
    let Some(from) = NaiveDate::from_ymd_opt(2013, 4, 1) else {
        return;
    };
    each(child, found, &["CINreferralDate", "ReferralSource"], |d| {
        d.referral_date.day.is_some_and(|day| day >= from)
            && missing_or_invalid(&d.referral_source, &c.referral_source)
    });
}

//! Checks on child in need plans, alone and against protection plans.

use super::children::after_death;
use super::{Check, Context, Found, before, same};
use crate::cin::model::{Child, CinPlan, ProtectionPlan, Record, flag};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("4000", Check::Child(rule_4000)),
    ("4001", Check::Child(rule_4001)),
    ("4003", Check::Child(rule_4003)),
    ("4004", Check::Child(rule_4004)),
    ("4008", Check::Child(rule_4008)),
    ("4009Q", Check::Child(rule_4009q)),
    ("4010", Check::Child(rule_4010)),
    ("4011", Check::Child(rule_4011)),
    ("4012Q", Check::Child(rule_4012q)),
    ("4013", Check::Child(rule_4013)),
    ("4014", Check::Child(rule_4014)),
    ("4015", Check::Child(rule_4015)),
    ("4016", Check::Child(rule_4016)),
    ("4017", Check::Child(rule_4017)),
];

const START: &str = "CINPlanStartDate";
const END: &str = "CINPlanEndDate";

fn plans(child: &Child) -> impl Iterator<Item = &CinPlan> {
    child.details.iter().flat_map(|details| &details.plans)
}

fn protection(child: &Child) -> impl Iterator<Item = &ProtectionPlan> {
    child
        .details
        .iter()
        .flat_map(|details| &details.protection_plans)
}

/// One finding for each plan that is wrong in itself.
fn each(
    child: &Child,
    found: &mut Found<'_>,
    fields: &[&'static str],
    wrong: impl Fn(&CinPlan) -> bool,
) {
    for plan in plans(child).filter(|plan| wrong(plan)) {
        found.add([plan.touch(fields)]);
    }
}

fn rule_4000(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in child
        .details
        .iter()
        .filter(|d| flag(&d.referral_nfa) == Some(true))
    {
        for plan in &details.plans {
            found.add([plan.touch(&[START]), details.touch(&["ReferralNFA"])]);
        }
    }
}

fn rule_4001(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let open = |plan: &&CinPlan| plan.start.day.is_some() && plan.end.day.is_none();
        let protecting = |plan: &&ProtectionPlan| plan.end.day.is_none();
        let plans = || details.plans.iter().filter(open);
        let others = || details.protection_plans.iter().filter(protecting);
        if plans().next().is_some() && others().next().is_some() {
            let plans = plans().map(|plan| plan.touch(&[START, END]));
            let others = others().map(|plan| plan.touch(&["CPPendDate"]));
            found.add(plans.chain(others));
        }
    }
}

fn rule_4003(_: &Context, child: &Child, found: &mut Found<'_>) {
    for protecting in protection(child) {
        for review in &protecting.reviews {
            if same(&review.date, &protecting.end) {
                continue;
            }
            for plan in plans(child) {
                let from = plan
                    .start
                    .day
                    .is_some_and(|from| review.date.day >= Some(from));
                if from && before(&review.date, &plan.end) {
                    found.add([
                        review.touch(&["CPPreviewDate"]),
                        plan.touch(&[START, END]),
                        protecting.touch(&["CPPendDate"]),
                    ]);
                }
            }
        }
    }
}

fn rule_4004(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let open = || details.plans.iter().filter(|plan| plan.end.day.is_none());
        if open().count() > 1 {
            found.add(open().map(|plan| plan.touch(&[START, END])));
        }
    }
}

fn rule_4008(_: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child).filter(|plan| after_death(child, &plan.start)) {
        let death = child.identifiers.touch(&["PersonDeathDate"]);
        found.add([plan.touch(&[START]), death]);
    }
}

fn rule_4009q(_: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child).filter(|plan| after_death(child, &plan.end)) {
        let death = child.identifiers.touch(&["PersonDeathDate"]);
        found.add([plan.touch(&[END]), death]);
    }
}

fn rule_4010(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START], |p| {
        p.start.day.is_none_or(|day| day > c.period.end)
    });
}

fn rule_4011(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |p| before(&p.end, &p.start));
}

fn rule_4012q(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |p| same(&p.end, &p.start));
}

fn rule_4013(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[END], |p| c.outside(&p.end));
}

fn rule_4014(c: &Context, child: &Child, found: &mut Found<'_>) {
    for one in plans(child) {
        let Some(day) = one.start.day else {
            continue;
        };
        for other in plans(child).filter(|other| other.row != one.row) {
            let until = other.end.day.unwrap_or(c.period.end);
            if other.start.day.is_some_and(|from| from <= day) && day <= until {
                found.add([one.touch(&[START]), other.touch(&[START, END])]);
            }
        }
    }
}

fn rule_4015(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for plan in &details.plans {
            if before(&plan.start, &details.referral_date) {
                found.add([plan.touch(&[START]), details.touch(&["CINreferralDate"])]);
            }
        }
    }
}

/// Whether a day lies on or after a start and before an end, or up to the
/// reference date when there is no end.
fn during(
    c: &Context,
    day: &crate::cin::model::Date,
    start: &crate::cin::model::Date,
    end: &crate::cin::model::Date,
) -> bool {
    let (Some(day), Some(start)) = (day.day, start.day) else {
        return false;
    };
    let inside = match end.day {
        Some(end) => day < end,
        None => day <= c.period.end,
    };
    start <= day && inside
}

fn rule_4016(c: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child) {
        for other in protection(child) {
            if during(c, &plan.start, &other.start, &other.end) {
                found.add([
                    plan.touch(&[START]),
                    other.touch(&["CPPstartDate", "CPPendDate"]),
                ]);
            }
        }
    }
}

fn rule_4017(c: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child) {
        for other in protection(child) {
            if during(c, &other.start, &plan.start, &plan.end) {
                found.add([plan.touch(&[START, END]), other.touch(&["CPPstartDate"])]);
            }
        }
    }
}

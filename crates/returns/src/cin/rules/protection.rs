//! Checks on child protection plans and their reviews.

use super::children::after_death;
use super::{Check, Context, Found, before, missing_or_invalid, same};
use crate::cin::model::{Child, ProtectionPlan, Record, flag};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("1105", Check::Child(rule_1105)),
    ("2885", Check::Child(rule_2885)),
    ("8720", Check::Child(rule_8720)),
    ("8730", Check::Child(rule_8730)),
    ("8832", Check::Child(rule_8832)),
    ("8840", Check::Child(rule_8840)),
    ("8841", Check::Child(rule_8841)),
    ("8842Q", Check::Child(rule_8842q)),
    ("8905", Check::Child(rule_8905)),
    ("8910", Check::Child(rule_8910)),
    ("8915", Check::Child(rule_8915)),
    ("8920", Check::Child(rule_8920)),
    ("8925", Check::Child(rule_8925)),
    ("8930", Check::Child(rule_8930)),
    ("8935", Check::Child(rule_8935)),
    ("8940", Check::Child(rule_8940)),
];

const START: &str = "CPPstartDate";
const END: &str = "CPPendDate";

fn plans(child: &Child) -> impl Iterator<Item = &ProtectionPlan> {
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
    wrong: impl Fn(&ProtectionPlan) -> bool,
) {
    for plan in plans(child).filter(|plan| wrong(plan)) {
        found.add([plan.touch(fields)]);
    }
}

fn rule_1105(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for plan in &details.protection_plans {
            if before(&plan.start, &details.referral_date) {
                found.add([plan.touch(&[START]), details.touch(&["CINreferralDate"])]);
            }
        }
    }
}

fn rule_2885(c: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let conferences = || {
            let enquiries = details.section47.iter();
            enquiries.filter(|enquiry| flag(&enquiry.cpc_not_required) != Some(true))
        };
        for plan in &details.protection_plans {
            if !plan.start.day.is_some_and(|day| c.period.has(day)) {
                continue;
            }
            if conferences().next().is_none() {
                if !same(&plan.start, &details.initial_cpc) {
                    found.add([plan.touch(&[START]), details.touch(&["DateOfInitialCPC"])]);
                }
            } else if !conferences().any(|enquiry| same(&plan.start, &enquiry.initial_cpc)) {
                let held = conferences();
                let held = held.map(|s| s.touch(&["DateOfInitialCPC", "ICPCnotRequired"]));
                found.add(std::iter::once(plan.touch(&[START])).chain(held));
            }
        }
    }
}

fn rule_8720(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START], |p| {
        p.start.day.is_none_or(|day| day > c.period.end)
    });
}

fn rule_8730(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["NumberOfPreviousCPP"], |p| {
        let number = p.previous_plans.as_deref();
        number.and_then(|n| n.parse::<u32>().ok()).is_none()
    });
}

fn rule_8832(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in child
        .details
        .iter()
        .filter(|d| flag(&d.referral_nfa) == Some(true))
    {
        for plan in &details.protection_plans {
            found.add([plan.touch(&[START]), details.touch(&["ReferralNFA"])]);
        }
    }
}

fn rule_8840(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |p| same(&p.start, &p.end));
}

fn rule_8841(_: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child) {
        for review in &plan.reviews {
            let (Some(start), Some(held)) = (plan.start.day, review.date.day) else {
                continue;
            };
            if held <= start {
                found.add([review.touch(&["CPPreviewDate"]), plan.touch(&[START])]);
            }
        }
    }
}

fn rule_8842q(_: &Context, child: &Child, found: &mut Found<'_>) {
    let reviews = plans(child).flat_map(|plan| &plan.reviews);
    for review in reviews.filter(|review| review.date.day.is_none()) {
        found.add([review.touch(&["CPPreviewDate"])]);
    }
}

fn rule_8905(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["InitialCategoryOfAbuse"], |p| {
        missing_or_invalid(&p.initial_category, &c.abuse)
    });
}

fn rule_8910(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &["LatestCategoryOfAbuse"], |p| {
        missing_or_invalid(&p.latest_category, &c.abuse)
    });
}

fn rule_8915(_: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child).filter(|plan| after_death(child, &plan.start)) {
        let death = child.identifiers.touch(&["PersonDeathDate"]);
        found.add([plan.touch(&[START]), death]);
    }
}

fn rule_8920(_: &Context, child: &Child, found: &mut Found<'_>) {
    for plan in plans(child).filter(|plan| after_death(child, &plan.end)) {
        let death = child.identifiers.touch(&["PersonDeathDate"]);
        found.add([plan.touch(&[END]), death]);
    }
}

fn rule_8925(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |p| before(&p.end, &p.start));
}

fn rule_8930(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[END], |p| c.outside(&p.end));
}

fn rule_8935(_: &Context, child: &Child, found: &mut Found<'_>) {
    let open = || plans(child).filter(|plan| plan.end.day.is_none());
    if open().count() > 1 {
        found.add(open().map(|plan| plan.touch(&[END])));
    }
}

fn rule_8940(c: &Context, child: &Child, found: &mut Found<'_>) {
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

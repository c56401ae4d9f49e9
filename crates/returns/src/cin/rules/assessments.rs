//! Checks on assessments and the factors found at them.

use super::{Check, Context, Found, before, is_one_of, missing_or_invalid};
use crate::cin::model::{Assessment, Child, CinDetails, Factor, Record};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("1103", Check::Child(rule_1103)),
    ("2991Q", Check::Child(rule_2991q)),
    ("8608", Check::Child(rule_8608)),
    ("8614", Check::Child(rule_8614)),
    ("8670Q", Check::Child(rule_8670q)),
    ("8696", Check::Child(rule_8696)),
    ("8736", Check::Child(rule_8736)),
    ("8825Q", Check::Child(rule_8825q)),
    ("8863Q", Check::Child(rule_8863q)),
    ("8867", Check::Child(rule_8867)),
    ("8869", Check::Child(rule_8869)),
    ("8873Q", Check::Child(rule_8873q)),
    ("8896", Check::Child(rule_8896)),
    ("8897Q", Check::Child(rule_8897q)),
    ("8898", Check::Child(rule_8898)),
    ("8945Q", Check::Child(rule_8945q)),
    ("8950Q", Check::Child(rule_8950q)),
];

const START: &str = "AssessmentActualStartDate";
const END: &str = "AssessmentAuthorisationDate";
const FACTORS: &str = "AssessmentFactors";

/// One finding for each assessment that is wrong in itself.
fn each(
    child: &Child,
    found: &mut Found<'_>,
    fields: &[&'static str],
    wrong: impl Fn(&Assessment) -> bool,
) {
    for details in &child.details {
        for assessment in details.assessments.iter().filter(|a| wrong(a)) {
            found.add([assessment.touch(fields)]);
        }
    }
}

fn open(assessment: &Assessment) -> bool {
    assessment.authorisation.day.is_none()
}

fn after_assessment(details: &CinDetails) -> bool {
    is_one_of(&details.reason_for_closure, &["RC8", "RC9"])
}

fn rule_1103(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for assessment in &details.assessments {
            if before(&assessment.start, &details.referral_date) {
                found.add([
                    assessment.touch(&[START]),
                    details.touch(&["CINreferralDate"]),
                ]);
            }
        }
    }
}

fn rule_2991q(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        if !details.section47.is_empty() && details.assessments.is_empty() {
            let enquiries = details.section47.iter();
            found.add(enquiries.map(|enquiry| enquiry.touch(&["S47ActualStartDate"])));
        }
    }
}

fn rule_8608(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |a| {
        before(&a.authorisation, &a.start)
    });
}

fn rule_8614(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[END, FACTORS], |a| {
        open(a) && a.factor_list.is_some()
    });
}

fn rule_8670q(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |a| {
        open(a) && a.start.day.is_some_and(|day| day < c.days45_before_end)
    });
}

fn rule_8696(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[END], |a| c.outside(&a.authorisation));
}

fn rule_8736(c: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[START, END], |a| {
        open(a) && !a.start.day.is_some_and(|day| c.period.has(day))
    });
}

fn rule_8825q(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        if after_assessment(details) && details.assessments.is_empty() {
            found.add([details.touch(&["ReasonForClosure"])]);
        }
    }
}

fn rule_8863q(c: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for one in &details.assessments {
            let Some(day) = one.start.day else {
                continue;
            };
            for other in details
                .assessments
                .iter()
                .filter(|other| other.row != one.row)
            {
                let until = other.authorisation.day.unwrap_or(c.period.end);
                if other.start.day.is_some_and(|from| from <= day) && day <= until {
                    found.add([one.touch(&[START]), other.touch(&[START, END])]);
                }
            }
        }
    }
}

fn rule_8867(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let unfinished = || details.assessments.iter().filter(|a| open(a));
        if details.closure_date.day.is_some() && unfinished().next().is_some() {
            let mut rows = vec![details.touch(&["CINclosureDate"])];
            rows.extend(unfinished().map(|a| a.touch(&[START, END])));
            found.add(rows);
        }
    }
}

fn rule_8869(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[FACTORS, END], |a| {
        let others = a.factors.iter().filter_map(|f| f.code.as_deref());
        a.has_factor("21") && others.into_iter().any(|code| code != "21")
    });
}

fn rule_8873q(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let [assessment] = details.assessments.as_slice() else {
            continue;
        };
        if assessment.has_factor("21") && !after_assessment(details) {
            found.add([
                assessment.touch(&[FACTORS]),
                details.touch(&["ReasonForClosure"]),
            ]);
        }
    }
}

fn rule_8896(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        let all = || details.assessments.iter().filter(|a| open(a));
        if all().count() > 1 {
            found.add(all().map(|a| a.touch(&[START, END])));
        }
    }
}

fn rule_8897q(c: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for a in &details.assessments {
            if a.authorisation.day.is_none_or(|day| day < c.period.start) {
                continue;
            }
            let wrong = || {
                let factors = a.factors.iter();
                factors.filter(|factor| missing_or_invalid(&factor.code, &c.factors))
            };
            if a.factors.is_empty() || wrong().next().is_some() {
                let mut rows = vec![a.touch(&[END, FACTORS])];
                rows.extend(wrong().map(|factor| factor.touch(&["AssessmentFactor"])));
                found.add(rows);
            }
        }
    }
}

fn rule_8898(_: &Context, child: &Child, found: &mut Found<'_>) {
    for details in &child.details {
        for a in &details.assessments {
            for (at, first) in a.factors.iter().enumerate() {
                let alike = |f: &&Factor| f.code.is_some() && f.code == first.code;
                let earlier = a.factors.iter().take(at).any(|f| alike(&f));
                if !earlier && a.factors.iter().filter(alike).count() > 1 {
                    let mut rows = vec![a.touch(&[FACTORS])];
                    let same = a.factors.iter().filter(alike);
                    rows.extend(same.map(|factor| factor.touch(&["AssessmentFactor"])));
                    found.add(rows);
                }
            }
        }
    }
}

fn rule_8945q(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[FACTORS], |a| a.has_factor("18A"));
}

fn rule_8950q(_: &Context, child: &Child, found: &mut Found<'_>) {
    each(child, found, &[FACTORS], |a| a.has_factor("19A"));
}

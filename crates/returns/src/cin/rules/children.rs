//! Checks on who a child is: identifiers, birth and death, sex, ethnicity,
//! disabilities.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Check, Context, Found, before, is_one_of, missing_or_invalid};
use crate::cin::model::{Child, Record, flag};
use crate::core::dates::add_years;
use crate::core::identifiers::upn_letter;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("1510", Check::Child(rule_1510)),
    (
        "1520",
        Check::Repeats("UPN", |child| &child.identifiers.upn),
    ),
    ("1530", Check::Child(rule_1530)),
    ("1540", Check::Child(rule_1540)),
    ("1550", Check::Child(rule_1550)),
    ("1560Q", Check::Child(rule_1560q)),
    ("1570", Check::Child(rule_1570)),
    ("1580", Check::Child(rule_1580)),
    ("4180", Check::Child(rule_4180)),
    ("4220", Check::Child(rule_4220)),
    ("8500", Check::Child(rule_8500)),
    (
        "8510",
        Check::Repeats("LAchildID", |child| &child.identifiers.la_child_id),
    ),
    ("8520", Check::Child(rule_8520)),
    ("8525Q", Check::Child(rule_8525q)),
    ("8530Q", Check::Child(rule_8530q)),
    ("8535Q", Check::Child(rule_8535q)),
    ("8540", Check::Child(rule_8540)),
    ("8545Q", Check::Child(rule_8545q)),
    ("8590", Check::Child(rule_8590)),
    ("8750", Check::Child(rule_8750)),
    ("8770Q", Check::Child(rule_8770q)),
    ("8772", Check::Child(rule_8772)),
    ("8775Q", Check::Child(rule_8775q)),
    ("8790", Check::Child(rule_8790)),
    ("8794", Check::Child(rule_8794)),
];

/// A pupil number of 13 characters.
fn thirteen(child: &Child) -> Option<Vec<char>> {
    let upn: Vec<char> = child.identifiers.upn.as_deref()?.chars().collect();
    (upn.len() == 13).then_some(upn)
}

fn rule_1510(_: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(upn) = child.identifiers.upn.as_deref() else {
        return;
    };
    if upn_letter(upn).is_some_and(|letter| !upn.starts_with(letter)) {
        found.add([child.identifiers.touch(&["UPN"])]);
    }
}

fn rule_1530(c: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(upn) = thirteen(child) else {
        return;
    };
    let authority: String = upn.iter().skip(1).take(3).collect();
    if !c.authorities.has(&authority) {
        found.add([child.identifiers.touch(&["UPN"])]);
    }
}

fn rule_1540(_: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(upn) = child.identifiers.upn.as_deref() else {
        return;
    };
    let digits = upn.chars().skip(4).take(8);
    // A character that is not there is no digit.
    if digits.filter(char::is_ascii_digit).count() < 8 {
        found.add([child.identifiers.touch(&["UPN"])]);
    }
}

fn rule_1550(_: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(upn) = thirteen(child) else {
        return;
    };
    let good =
        |c: &char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, 'I' | 'O' | 'S'));
    if !upn.last().is_some_and(good) {
        found.add([child.identifiers.touch(&["UPN"])]);
    }
}

fn rule_1560q(_: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(former) = child.identifiers.former_upn.as_deref() else {
        return;
    };
    let mut letters = former.bytes();
    let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    if !(first && former.len() == 13 && letters.all(|c| c.is_ascii_digit())) {
        found.add([child.identifiers.touch(&["FormerUPN"])]);
    }
}

fn rule_1570(_: &Context, child: &Child, found: &mut Found<'_>) {
    if child.id().chars().count() > 20 {
        found.add([child.identifiers.touch(&["LAchildID"])]);
    }
}

fn rule_1580(_: &Context, child: &Child, found: &mut Found<'_>) {
    if !child.id().chars().all(char::is_alphanumeric) {
        found.add([child.identifiers.touch(&["LAchildID"])]);
    }
}

fn rule_4180(c: &Context, child: &Child, found: &mut Found<'_>) {
    if missing_or_invalid(&child.identifiers.sex, &c.sex) {
        found.add([child.identifiers.touch(&["Sex"])]);
    }
}

fn rule_4220(c: &Context, child: &Child, found: &mut Found<'_>) {
    if missing_or_invalid(&child.characteristics.ethnicity, &c.ethnicity) {
        found.add([child.characteristics.touch(&["Ethnicity"])]);
    }
}

fn rule_8500(_: &Context, child: &Child, found: &mut Found<'_>) {
    if child.identifiers.la_child_id.is_none() {
        found.add([child.identifiers.touch(&["LAchildID"])]);
    }
}

fn rule_8520(c: &Context, child: &Child, found: &mut Found<'_>) {
    if child
        .identifiers
        .birth
        .day
        .is_some_and(|day| day > c.period.end)
    {
        found.add([child.identifiers.touch(&["PersonBirthDate"])]);
    }
}

fn rule_8525q(_: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    if who.birth.day.is_some() == who.expected_birth.day.is_some() {
        found.add([who.touch(&["PersonBirthDate", "ExpectedPersonBirthDate"])]);
    }
}

fn rule_8530q(c: &Context, child: &Child, found: &mut Found<'_>) {
    let Some(expected) = child.identifiers.expected_birth.day else {
        return;
    };
    let from = c.period.end.checked_sub_days(Days::new(30));
    let to = c.period.end.checked_add_months(Months::new(9));
    let inside = from.is_some_and(|from| expected > from) && to.is_some_and(|to| expected < to);
    if !inside {
        found.add([child.identifiers.touch(&["ExpectedPersonBirthDate"])]);
    }
}

fn rule_8535q(_: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    let Some(death) = who.death.day else {
        return;
    };
    if who.birth.day.is_none_or(|birth| birth > death) {
        found.add([who.touch(&["PersonDeathDate", "PersonBirthDate"])]);
    }
}

fn rule_8540(c: &Context, child: &Child, found: &mut Found<'_>) {
    let further = || {
        let referrals = child.details.iter();
        referrals.filter(|details| flag(&details.referral_nfa) == Some(false))
    };
    if child.identifiers.birth.day.is_none() || further().next().is_none() {
        return;
    }
    let wrong = || {
        let codes = child.disabilities.iter();
        codes.filter(|disability| missing_or_invalid(&disability.code, &c.disability))
    };
    if child.disabilities.is_empty() || wrong().next().is_some() {
        let mut rows = vec![child.identifiers.touch(&["PersonBirthDate"])];
        rows.extend(wrong().map(|disability| disability.touch(&["Disability"])));
        rows.extend(further().map(|details| details.touch(&["ReferralNFA"])));
        found.add(rows);
    }
}

fn rule_8545q(c: &Context, child: &Child, found: &mut Found<'_>) {
    if c.outside(&child.identifiers.death) {
        found.add([child.identifiers.touch(&["PersonDeathDate"])]);
    }
}

fn rule_8590(_: &Context, child: &Child, found: &mut Found<'_>) {
    if child.details.is_empty() {
        found.add([child.identifiers.touch(&["LAchildID"])]);
    }
}

fn rule_8750(_: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    let unborn = who.expected_birth.day.is_some() && who.birth.day.is_none();
    if unborn && who.sex.as_deref() != Some("U") {
        found.add([who.touch(&["Sex", "PersonBirthDate", "ExpectedPersonBirthDate"])]);
    }
}

fn rule_8770q(c: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    let school_age = NaiveDate::from_ymd_opt(c.period.end.year() - 6, 8, 31);
    let old_enough = matches!((who.birth.day, school_age), (Some(b), Some(day)) if b <= day);
    let reasons = ["UN2", "UN3", "UN4", "UN5", "UN6", "UN7"];
    let explained = who.upn.is_some() || is_one_of(&who.upn_unknown, &reasons);
    let further = || {
        let referrals = child.details.iter();
        referrals.filter(|details| flag(&details.referral_nfa) == Some(false))
    };
    if old_enough && !explained && further().next().is_some() {
        let mut rows = vec![who.touch(&["UPN", "UPNunknown", "PersonBirthDate"])];
        rows.extend(further().map(|details| details.touch(&["ReferralNFA"])));
        found.add(rows);
    }
}

fn rule_8772(_: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    if who.upn_unknown.as_deref() != Some("UN7") {
        return;
    }
    let further = || {
        let referrals = child.details.iter();
        referrals.filter(|details| flag(&details.referral_nfa) != Some(true))
    };
    if further().next().is_some() {
        let mut rows = vec![who.touch(&["UPNunknown"])];
        rows.extend(further().map(|details| details.touch(&["ReferralNFA"])));
        found.add(rows);
    }
}

fn rule_8775q(c: &Context, child: &Child, found: &mut Found<'_>) {
    let who = &child.identifiers;
    let Some(birthday) = who.birth.day.and_then(|day| add_years(day, 25)) else {
        return;
    };
    if birthday >= c.period.end {
        return;
    }
    let late = || {
        let all = child.details.iter();
        all.filter(|details| details.closure_date.day.is_none_or(|day| day > birthday))
    };
    if late().next().is_some() {
        let mut rows = vec![who.touch(&["PersonBirthDate"])];
        rows.extend(late().map(|details| details.touch(&["CINclosureDate"])));
        found.add(rows);
    }
}

fn rule_8790(_: &Context, child: &Child, found: &mut Found<'_>) {
    let none = |code: &Option<Box<str>>| code.as_deref() == Some("NONE");
    if !child.disabilities.iter().any(|d| none(&d.code)) {
        return;
    }
    for other in child
        .disabilities
        .iter()
        .filter(|d| d.code.is_some() && !none(&d.code))
    {
        found.add([other.touch(&["Disability"])]);
    }
}

fn rule_8794(_: &Context, child: &Child, found: &mut Found<'_>) {
    let all = &child.disabilities;
    for (at, first) in all.iter().enumerate() {
        let alike = |d: &&crate::cin::model::Disability| d.code.is_some() && d.code == first.code;
        if all.iter().take(at).any(|d| alike(&d)) {
            continue;
        }
        if all.iter().filter(alike).count() > 1 {
            let rows = all.iter().filter(alike);
            found.add(rows.map(|disability| disability.touch(&["Disability"])));
        }
    }
}

/// Whether a row starts or ends after the child's death: shared by the plans.
pub(super) fn after_death(child: &Child, date: &crate::cin::model::Date) -> bool {
    before(&child.identifiers.death, date)
}

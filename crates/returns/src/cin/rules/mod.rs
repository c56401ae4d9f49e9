//! The checks of the census, one small function a rule, by the part of the
//! message that they look at. Their texts, with examples that are run, stand
//! in `rules/cin/`.

use chrono::NaiveDate;
use vocabulary::WorkingDays;

use super::model::{Child, Date, Header, Text};
use crate::core::catalogue::{Catalogue, CatalogueError};
use crate::core::codes::{CodeSet, CodeSets, data_file};
use crate::core::dates::{Period, working_days_before};
use crate::core::finding::{Finding, Touched};
use crate::core::identifiers::Authorities;

mod assessments;
mod children;
mod enquiries;
mod plans;
mod protection;
mod referrals;
mod tally;
mod whole;

#[cfg(test)]
mod tests;

pub use tally::Tally;

/// How a rule is checked.
#[derive(Clone, Copy)]
pub enum Check {
    /// On the header.
    Header(fn(&Context, Option<&Header>, &mut Found<'_>)),
    /// On each child alone.
    Child(fn(&Context, &Child, &mut Found<'_>)),
    /// An identifier that must not stand on two children: its field and value.
    Repeats(&'static str, fn(&Child) -> &Text),
    /// On the return as a whole: what is wrong, with the figures.
    Whole(fn(&Tally) -> Option<String>),
}

/// What the checks of one return know besides the child.
#[derive(Debug)]
pub struct Context {
    /// The census year: 1 April to the reference date.
    pub period: Period,
    /// One working day before the census year begins.
    pub day_before_start: NaiveDate,
    /// 45 working days before the census year ends.
    pub days45_before_end: NaiveDate,
    /// 15 working days before the census year ends.
    pub days15_before_end: NaiveDate,
    /// Sex.
    pub sex: CodeSet,
    /// Ethnicity.
    pub ethnicity: CodeSet,
    /// Disability.
    pub disability: CodeSet,
    /// Referral source.
    pub referral_source: CodeSet,
    /// Primary need.
    pub primary_need: CodeSet,
    /// Reason for closure.
    pub closure_reason: CodeSet,
    /// Category of abuse.
    pub abuse: CodeSet,
    /// Factors found at an assessment.
    pub factors: CodeSet,
    /// Authorities that may stand in a pupil number.
    pub authorities: Authorities,
}

#[derive(serde::Deserialize)]
struct AuthorityFile {
    numbers: String,
}

impl Context {
    /// What the checks need in a census year. `reference` is the header's
    /// reference date; without it the census ends on 31 March of the year.
    ///
    /// # Errors
    /// When the built-in code sets do not hold together, or the date is out
    /// of the calendar: told before anything is checked.
    pub fn new(year: u16, reference: Option<NaiveDate>) -> Result<Self, String> {
        let codes = CodeSets::load("cin", year)?;
        let set = |name: &str| codes.set(name).cloned();
        let period = match reference {
            Some(end) => Period::ending(end),
            None => Period::of(year),
        };
        let period = period.ok_or("the reference date is out of the calendar")?;
        let calendar = WorkingDays::england();
        let before = |date, days| {
            working_days_before(&calendar, date, days).ok_or("the date is out of the calendar")
        };
        let file = data_file("upn_authorities.toml").ok_or("upn_authorities.toml is missing")?;
        let file: AuthorityFile = toml::from_str(&file).map_err(|e| e.to_string())?;
        Ok(Self {
            period,
            day_before_start: before(period.start, 1)?,
            days45_before_end: before(period.end, 45)?,
            days15_before_end: before(period.end, 15)?,
            sex: set("Sex")?,
            ethnicity: set("Ethnicity")?,
            disability: set("Disability")?,
            referral_source: set("ReferralSource")?,
            primary_need: set("PrimaryNeedCode")?,
            closure_reason: set("ReasonForClosure")?,
            abuse: set("CategoryOfAbuse")?,
            factors: set("AssessmentFactors")?,
            authorities: Authorities::read(&file.numbers)?,
        })
    }

    /// Whether a date is given and lies outside the census year.
    fn outside(&self, date: &Date) -> bool {
        date.day.is_some_and(|day| !self.period.has(day))
    }
}

/// Where a check puts what it finds about one child.
pub struct Found<'a> {
    /// The rule's code.
    pub rule: &'static str,
    /// The child's number.
    pub child: &'a str,
    /// The findings so far.
    pub out: &'a mut Vec<Finding>,
}

impl Found<'_> {
    /// One finding that touches these rows, the one to mend first.
    fn add(&mut self, rows: impl IntoIterator<Item = Touched>) {
        self.out.push(Finding {
            rule: self.rule,
            child: self.child.into(),
            rows: rows.into_iter().collect(),
        });
    }
}

/// Whether both dates are given and the first is earlier.
fn before(a: &Date, b: &Date) -> bool {
    matches!((a.day, b.day), (Some(a), Some(b)) if a < b)
}

/// Whether both dates are given and are the same day.
fn same(a: &Date, b: &Date) -> bool {
    a.day.is_some() && a.day == b.day
}

/// Whether a code is given and is none of the set's.
fn invalid(value: &Text, set: &CodeSet) -> bool {
    value.as_deref().is_some_and(|code| !set.has(code))
}

/// Whether a code is missing or none of the set's.
fn missing_or_invalid(value: &Text, set: &CodeSet) -> bool {
    !value.as_deref().is_some_and(|code| set.has(code))
}

/// Whether a text is one of these.
fn is_one_of(value: &Text, codes: &[&str]) -> bool {
    value.as_deref().is_some_and(|code| codes.contains(&code))
}

/// The rules of a census year with their checks.
///
/// # Errors
/// When there are no rules for the year, or texts and checks do not fit.
pub fn catalogue(year: u16) -> Result<Catalogue<Check>, CatalogueError> {
    let groups = [
        children::CHECKS,
        referrals::CHECKS,
        assessments::CHECKS,
        enquiries::CHECKS,
        plans::CHECKS,
        protection::CHECKS,
        whole::CHECKS,
    ];
    Catalogue::load("cin", year, &groups.concat())
}

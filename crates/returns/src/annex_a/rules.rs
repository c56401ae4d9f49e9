//! The checks of Annex A: each looks at all lists and gives its findings.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, Months, NaiveDate};
use vocabulary::Postcode;

use super::Book;
use super::check::TABLES;
use super::layout::{Column, Kind, List};
use crate::core::dates::iso;
use crate::core::finding::{Finding, Touched};

/// A check: its code and the lists in, findings out.
pub type Check = fn(&'static str, &View<'_>) -> Vec<Finding>;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("AA01", missing),
    ("AA02", not_a_date),
    ("AA03", not_in_list),
    ("AA04", not_a_number),
    ("AA05", not_a_postcode),
    ("AA06", wrong_age),
    ("AA07", in_the_future),
    ("AA08", out_of_scope),
    ("AA09", wrong_order),
    ("AA10", twice),
    ("AA11", differs_between_lists),
    ("AA12", not_on_list_6),
];

type Row = [Option<Box<str>>];

/// All lists as the checks see them.
pub struct View<'a> {
    lists: &'a [List],
    headings: Vec<Vec<&'static str>>,
    book: &'a Book,
    as_at: NaiveDate,
}

/// One row where it stands.
#[derive(Clone, Copy)]
struct At<'a> {
    list: usize,
    row: usize,
    cells: &'a Row,
}

impl At<'_> {
    fn text(&self, column: usize) -> Option<&str> {
        self.cells.get(column).and_then(Option::as_deref)
    }

    fn day(&self, column: Option<usize>) -> Option<NaiveDate> {
        iso(self.text(column?)?)
    }

    /// The child's or adopter's number: the first column of every list.
    fn child(&self) -> &str {
        self.text(0).unwrap_or_default()
    }
}

impl<'a> View<'a> {
    pub(super) fn new(
        lists: &'a [List],
        headings: Vec<Vec<&'static str>>,
        book: &'a Book,
        as_at: NaiveDate,
    ) -> Self {
        Self {
            lists,
            headings,
            book,
            as_at,
        }
    }

    /// How many different children (and adopters) there are.
    pub(super) fn children(&self) -> usize {
        let all: BTreeSet<&str> = self
            .rows()
            .map(|(_, at)| at.cells)
            .filter_map(first)
            .collect();
        all.len()
    }

    fn rows(&self) -> impl Iterator<Item = (&'a List, At<'a>)> {
        let lists = self.lists.iter().zip(&self.book.lists).enumerate();
        lists.flat_map(|(number, (list, filled))| {
            let rows = filled.iter().flat_map(|filled| &filled.rows).enumerate();
            rows.map(move |(row, cells)| {
                let at = At {
                    list: number,
                    row,
                    cells,
                };
                (list, at)
            })
        })
    }

    fn list(&self, number: usize) -> impl Iterator<Item = (&'a List, At<'a>)> {
        self.rows().filter(move |(_, at)| at.list + 1 == number)
    }

    fn touch(&self, at: At<'_>, columns: &[usize]) -> Touched {
        let mut touched = Touched::new(TABLES.get(at.list).copied().unwrap_or("List"), at.row);
        for column in columns {
            let heading = self
                .headings
                .get(at.list)
                .and_then(|names| names.get(*column));
            if let Some(heading) = heading {
                touched = touched.with(heading, at.text(*column));
            }
        }
        touched
    }

    fn finding(&self, rule: &'static str, at: At<'_>, columns: &[usize]) -> Finding {
        Finding {
            rule,
            child: at.child().into(),
            rows: vec![self.touch(at, columns)],
        }
    }

    /// One finding for each value that is wrong in itself.
    fn values(
        &self,
        rule: &'static str,
        wrong: impl Fn(&Column, Option<&str>) -> bool,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (list, at) in self.rows() {
            for (number, column) in list.columns.iter().enumerate() {
                if wrong(column, at.text(number)) {
                    findings.push(self.finding(rule, at, &[number]));
                }
            }
        }
        findings
    }
}

fn first(cells: &Row) -> Option<&str> {
    cells.first().and_then(Option::as_deref)
}

fn missing(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    view.values(rule, |column, value| !column.blank && value.is_none())
}

fn not_a_date(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    view.values(rule, |column, value| {
        column.kind == Kind::Date && value.is_some_and(|value| iso(value).is_none())
    })
}

/// The letter or code before the words: "a) Yes" is known by "a" and "N1 -
/// Abuse" by "N1", because the words are spelt in many ways.
fn key(value: &str) -> String {
    let end = value.find([')', ':', ' ']).unwrap_or(value.len());
    value.get(..end).unwrap_or(value).to_lowercase()
}

fn not_in_list(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    view.values(rule, |column, value| {
        let Some(value) = value.filter(|_| !column.values.is_empty()) else {
            return false;
        };
        let known = column.values.iter();
        let exactly = known.clone().any(|one| one.eq_ignore_ascii_case(value));
        !exactly && !known.into_iter().any(|one| key(one) == key(value))
    })
}

fn not_a_number(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    view.values(rule, |column, value| {
        column.kind == Kind::Integer && value.is_some_and(|value| value.parse::<u32>().is_err())
    })
}

fn not_a_postcode(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    view.values(rule, |column, value| {
        column.kind == Kind::Postcode
            && value.is_some_and(|value| value.parse::<Postcode>().is_err())
    })
}

/// Whole years from a birth to a day.
fn age(born: NaiveDate, at: NaiveDate) -> i32 {
    let before = (at.month(), at.day()) < (born.month(), born.day());
    at.year() - born.year() - i32::from(before)
}

fn wrong_age(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (list, at) in view.rows() {
        let columns = (
            list.column("Date of Birth"),
            list.column("Age of Child (Years)"),
        );
        let (Some(birth), Some(years)) = columns else {
            continue;
        };
        let given = at.text(years).and_then(|years| years.parse::<i32>().ok());
        let (Some(born), Some(given)) = (at.day(Some(birth)), given) else {
            continue;
        };
        if age(born, view.as_at).max(0) != given {
            findings.push(view.finding(rule, at, &[birth, years]));
        }
    }
    findings
}

fn in_the_future(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (list, at) in view.rows() {
        for (column, what) in list.of_kind(Kind::Date) {
            // An unborn child's date of birth is the expected one.
            let unborn = what.header == "Date of Birth";
            if !unborn && at.day(Some(column)).is_some_and(|day| day > view.as_at) {
                findings.push(view.finding(rule, at, &[column]));
            }
        }
    }
    findings
}

/// The date that says whether a row lies in the look-back, where there is one:
/// an event's own date, or the end of something that may still be open.
const SCOPE: [(usize, &str); 8] = [
    (1, "Date of Contact"),
    (3, "Date of referral"),
    (4, "Continuous Assessment Date of Authorisation"),
    (
        5,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
    ),
    (6, "CIN Closure Date"),
    (7, "Child Protection Plan End Date"),
    (8, "Date Ceased to be Looked After"),
    (11, "Date of leaving adoption process"),
];

fn out_of_scope(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, header) in SCOPE {
        for (list, at) in view.list(number) {
            let Some(column) = list.column(header) else {
                continue;
            };
            let from = list
                .months
                .and_then(|m| view.as_at.checked_sub_months(Months::new(m)));
            if matches!((at.day(Some(column)), from), (Some(day), Some(from)) if day < from) {
                findings.push(view.finding(rule, at, &[column]));
            }
        }
    }
    findings
}

/// Dates of which the first may not be later than the second.
const ORDER: [(usize, &str, &str); 11] = [
    (2, "Assessment start date", "Assessment completion date"),
    (
        4,
        "Continuous Assessment Start Date",
        "Continuous Assessment Date of Authorisation",
    ),
    (
        5,
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Date of Initial Child Protection Conference",
    ),
    (6, "CIN Start Date", "CIN Closure Date"),
    (
        7,
        "Child Protection Plan Start Date",
        "Child Protection Plan End Date",
    ),
    (
        8,
        "Date Started to be Looked After",
        "Date Ceased to be Looked After",
    ),
    (
        8,
        "Date Started to be Looked After",
        "Start Date of Most Recent Placement",
    ),
    (
        10,
        "Date the Child Entered Care",
        "Date Placed for Adoption",
    ),
    (10, "Date Placed for Adoption", "Date of Adoption Order"),
    (11, "Date Stage 1 started", "Date Stage 1 ended"),
    (11, "Date Stage 2 started", "Date Stage 2 ended"),
];

fn wrong_order(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, earlier, later) in ORDER {
        for (list, at) in view.list(number) {
            let (Some(earlier), Some(later)) = (list.column(earlier), list.column(later)) else {
                continue;
            };
            let days = (at.day(Some(earlier)), at.day(Some(later)));
            if matches!(days, (Some(earlier), Some(later)) if earlier > later) {
                findings.push(view.finding(rule, at, &[earlier, later]));
            }
        }
    }
    findings
}

fn twice(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut seen: HashMap<(usize, &Row), At<'_>> = HashMap::new();
    let mut findings = Vec::new();
    for (_, at) in view.rows() {
        if let Some(before) = seen.get(&(at.list, at.cells)) {
            let rows = vec![view.touch(at, &[0]), view.touch(*before, &[0])];
            findings.push(Finding {
                rule,
                child: at.child().into(),
                rows,
            });
        } else {
            seen.insert((at.list, at.cells), at);
        }
    }
    findings
}

fn differs_between_lists(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for header in ["Date of Birth", "Gender", "Ethnicity"] {
        let mut known: HashMap<&str, (At<'_>, usize)> = HashMap::new();
        // List 11 holds adopters, whose numbers are their own.
        for (list, at) in view.rows().filter(|(_, at)| at.list < 10) {
            let Some(column) = list.column(header) else {
                continue;
            };
            let (Some(child), Some(value)) = (first(at.cells), at.text(column)) else {
                continue;
            };
            match known.get(child) {
                None => {
                    known.insert(child, (at, column));
                }
                Some((before, there)) if before.text(*there) != Some(value) => {
                    findings.push(Finding {
                        rule,
                        child: child.into(),
                        rows: vec![view.touch(at, &[column]), view.touch(*before, &[*there])],
                    });
                }
                Some(_) => {}
            }
        }
    }
    findings
}

fn not_on_list_6(rule: &'static str, view: &View<'_>) -> Vec<Finding> {
    if view.book.lists.get(5).is_none_or(Option::is_none) {
        return Vec::new();
    }
    let listed: BTreeSet<&str> = view.list(6).filter_map(|(_, at)| first(at.cells)).collect();
    let mut findings = Vec::new();
    for (number, end) in [
        (7, "Child Protection Plan End Date"),
        (8, "Date Ceased to be Looked After"),
    ] {
        for (list, at) in view.list(number) {
            let Some(end) = list.column(end) else {
                continue;
            };
            let here = first(at.cells).is_some_and(|child| listed.contains(child));
            if at.text(end).is_none() && !here {
                findings.push(view.finding(rule, at, &[0, end]));
            }
        }
    }
    findings
}

//! Checks the eleven lists with our own rules, whose texts stand in
//! `rules/annex_a`.

use chrono::NaiveDate;

use super::Book;
use super::layout::{List, layout};
use super::rules::{CHECKS, Check, View};
use crate::core::catalogue::{Catalogue, CatalogueError};
use crate::core::finding::NotRun;
use crate::core::guard::fenced;
use crate::core::problem::Problem;
use crate::core::report::Report;

/// How Annex A is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The day for which the lists were made: look-back and ages count from it.
    pub as_at: NaiveDate,
}

/// Names that findings carry for the lists.
pub(super) const TABLES: [&str; 11] = [
    "List 1", "List 2", "List 3", "List 4", "List 5", "List 6", "List 7", "List 8", "List 9",
    "List 10", "List 11",
];

/// The rules with their checks.
///
/// # Errors
/// When texts and checks do not fit: a mistake in the program.
pub fn catalogue() -> Result<Catalogue<Check>, CatalogueError> {
    Catalogue::load("annex_a", 2024, CHECKS)
}

/// The headings as words that live as long as the program, so that findings
/// can carry them: made once, and few.
fn headings(lists: &[List]) -> Vec<Vec<&'static str>> {
    use std::sync::OnceLock;
    static NAMES: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let columns = lists.iter().map(|list| &list.columns);
        columns
            .map(|columns| columns.iter().map(|column| column.header.clone()).collect())
            .collect()
    });
    names
        .iter()
        .map(|list| list.iter().map(String::as_str).collect())
        .collect()
}

/// Checks what was read. `problems` are those of reading.
///
/// # Errors
/// When the built-in layout or rules do not read: a mistake in the program.
pub fn check(
    file: &str,
    book: &Book,
    problems: Vec<Problem>,
    options: Options,
) -> Result<Report, String> {
    let lists = layout()?;
    let rules = catalogue().map_err(|error| error.to_string())?;
    let view = View::new(&lists, headings(&lists), book, options.as_at);
    let mut report = Report {
        title: "Annex A".to_owned(),
        year: format!("as at {}", options.as_at.format("%d/%m/%Y")),
        file: file.to_owned(),
        children: view.children() as u64,
        problems,
        ..Report::default()
    };
    for (table, filled) in TABLES.iter().zip(&book.lists) {
        let rows = filled.as_ref().map_or(0, |filled| filled.rows.len());
        report.records.push((table, rows as u64));
    }
    for checked in &rules.rules {
        match fenced(|| (checked.check)(checked.code, &view)) {
            Ok(findings) => report.findings.extend(findings),
            Err(panic) => report.not_run.push(NotRun {
                rule: checked.code,
                cause: format!("The check itself failed ({panic}): please report it"),
                child: None,
            }),
        }
    }
    report.rules = rules
        .rules
        .into_iter()
        .map(|checked| checked.rule)
        .collect();
    report.sort();
    Ok(report)
}

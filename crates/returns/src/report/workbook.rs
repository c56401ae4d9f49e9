//! A workbook: summary, findings (one line a touched field), children, the
//! rules' texts, and trouble in reading.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::core::report::Report;
use crate::core::rule::Severity;

/// How many lines a sheet holds besides its heading.
const LINES: u32 = 1_048_000;

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let bytes = drawn(report).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn drawn(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    summary(report, book.add_worksheet(), &bold)?;
    findings(report, &mut book, &bold)?;
    children(report, book.add_worksheet(), &bold)?;
    rules(report, book.add_worksheet(), &bold)?;
    reading(report, book.add_worksheet(), &bold)?;
    book.save_to_buffer()
}

fn heading(sheet: &mut Worksheet, bold: &Format, names: &[(&str, f64)]) -> Result<(), XlsxError> {
    for (column, (name, width)) in (0u16..).zip(names) {
        sheet.write_string_with_format(0, column, *name, bold)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn line(sheet: &mut Worksheet, row: u32, texts: &[&str]) -> Result<(), XlsxError> {
    for (column, text) in (0u16..).zip(texts) {
        // A cell holds 32,767 characters.
        let text: String = text.chars().take(32_000).collect();
        sheet.write_string(row, column, text)?;
    }
    Ok(())
}

fn summary(report: &Report, sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("Summary")?;
    heading(sheet, bold, &[("What", 36.0), ("How many", 40.0)])?;
    let mut row = 0;
    let mut add = |name: &str, value: &str| {
        row += 1;
        line(sheet, row, &[name, value])
    };
    add("Return", &format!("{} {}", report.title, report.year))?;
    add("File", &report.file)?;
    add("Children", &report.children.to_string())?;
    for kind in [Severity::Error, Severity::Query, Severity::Untyped] {
        if report.rules.iter().any(|rule| rule.kind == kind) {
            let name = match kind {
                Severity::Error => "Errors",
                Severity::Query => "Queries",
                Severity::Untyped => "Findings",
            };
            add(name, &report.count(kind).to_string())?;
        }
    }
    add("Rules not checked", &report.not_run.len().to_string())?;
    for (table, count) in &report.records {
        add(&format!("Records: {table}"), &count.to_string())?;
    }
    Ok(())
}

const FINDINGS: &[(&str, f64)] = &[
    ("Finding", 9.0),
    ("Rule", 8.0),
    ("Type", 8.0),
    ("Child", 22.0),
    ("Table", 22.0),
    ("Row", 8.0),
    ("Field", 28.0),
    ("Value", 22.0),
    ("Message", 60.0),
    ("To mend", 60.0),
];

fn findings(report: &Report, book: &mut Workbook, bold: &Format) -> Result<(), XlsxError> {
    let mut sheets = 1;
    let mut sheet = book.add_worksheet();
    sheet.set_name("Findings")?;
    heading(sheet, bold, FINDINGS)?;
    let mut row = 0;
    for (at, finding) in report.findings.iter().enumerate() {
        let Some(rule) = report.rule(finding.rule) else {
            continue;
        };
        for touched in &finding.rows {
            for cell in &touched.cells {
                if row == LINES {
                    sheet.autofilter(0, 0, row, 9)?;
                    sheets += 1;
                    sheet = book.add_worksheet();
                    sheet.set_name(format!("Findings {sheets}"))?;
                    heading(sheet, bold, FINDINGS)?;
                    row = 0;
                }
                row += 1;
                let texts = [
                    finding.rule,
                    rule.kind.word(),
                    &finding.child,
                    touched.table,
                    "",
                    cell.field,
                    cell.value.as_deref().unwrap_or_default(),
                    &rule.message,
                    &rule.mend,
                ];
                sheet.write_number(row, 0, (at + 1) as f64)?;
                for (column, text) in (1u16..).zip(texts) {
                    if column == 5 {
                        sheet.write_number(row, column, touched.row as f64)?;
                    } else {
                        sheet.write_string(row, column, text)?;
                    }
                }
            }
        }
    }
    sheet.autofilter(0, 0, row, 9)?;
    Ok(())
}

fn children(report: &Report, sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("By child")?;
    heading(
        sheet,
        bold,
        &[("Child", 24.0), ("Findings", 10.0), ("Rules", 80.0)],
    )?;
    for (row, (child, findings)) in (1u32..).zip(report.by_child()).take(LINES as usize) {
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        codes.dedup();
        sheet.write_string(row, 0, child)?;
        sheet.write_number(row, 1, findings.len() as f64)?;
        let codes: String = codes.join(", ").chars().take(32_000).collect();
        sheet.write_string(row, 2, codes)?;
    }
    Ok(())
}

fn rules(report: &Report, sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("Rules")?;
    let names = [
        ("Rule", 8.0),
        ("Type", 8.0),
        ("State", 30.0),
        ("Findings", 10.0),
        ("Message", 60.0),
        ("When it fails", 60.0),
        ("What it means", 60.0),
        ("To mend", 60.0),
    ];
    heading(sheet, bold, &names)?;
    let found = report.by_rule();
    for (row, rule) in (1u32..).zip(&report.rules) {
        let one = found.iter().find(|one| one.rule.code == rule.code);
        let count = one.map_or(0, |one| {
            one.findings.len() + usize::from(one.whole.is_some())
        });
        let not_run = report.not_run.iter().find(|one| one.rule == rule.code);
        let state = match not_run {
            Some(not_run) => format!("Not checked: {}", not_run.cause),
            None => "Checked".to_owned(),
        };
        let kind = rule.kind.word();
        let texts = [
            rule.code.as_str(),
            kind,
            &state,
            "",
            &rule.message,
            &rule.condition,
        ];
        line(sheet, row, &texts)?;
        sheet.write_number(row, 3, count as f64)?;
        sheet.write_string(row, 6, &rule.explain)?;
        sheet.write_string(row, 7, &rule.mend)?;
    }
    Ok(())
}

fn reading(report: &Report, sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_name("Reading")?;
    let names = [
        ("File", 30.0),
        ("Line", 10.0),
        ("Column", 10.0),
        ("What", 100.0),
    ];
    heading(sheet, bold, &names)?;
    for (row, problem) in (1u32..).zip(&report.problems) {
        sheet.write_string(row, 0, &problem.place.file)?;
        sheet.write_number(row, 1, problem.place.line as f64)?;
        sheet.write_number(row, 2, problem.place.column as f64)?;
        sheet.write_string(row, 3, &problem.message)?;
    }
    Ok(())
}

//! One line for each field that a finding touches, for spreadsheets.

use std::io::{self, Write};

use super::harmless;
use crate::core::report::Report;

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    // The mark lets spreadsheets know UTF-8.
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "finding", "rule", "type", "level", "child", "table", "row", "field", "value", "message",
        "mend",
    ])?;
    for (at, finding) in report.findings.iter().enumerate() {
        let Some(rule) = report.rule(finding.rule) else {
            continue;
        };
        let (number, child) = ((at + 1).to_string(), harmless(&finding.child));
        for touched in &finding.rows {
            let row = touched.row.to_string();
            for cell in &touched.cells {
                let value = cell.value.as_deref().map(harmless).unwrap_or_default();
                csv.write_record([
                    &number,
                    finding.rule,
                    rule.kind.word(),
                    "row",
                    &child,
                    touched.table,
                    &row,
                    cell.field,
                    &value,
                    &rule.message,
                    &rule.mend,
                ])?;
            }
        }
    }
    let rest = |code: &str, level: &str, why: &str, child: &str| {
        let rule = report.rule(code);
        [
            String::new(),
            code.to_owned(),
            rule.map_or("", |rule| rule.kind.word()).to_owned(),
            level.to_owned(),
            harmless(child),
            String::new(),
            String::new(),
            String::new(),
            harmless(why),
            rule.map_or("", |rule| &rule.message).to_owned(),
            rule.map_or("", |rule| &rule.mend).to_owned(),
        ]
    };
    for whole in &report.whole {
        csv.write_record(rest(whole.rule, "return", &whole.because, ""))?;
    }
    for not_run in &report.not_run {
        let child = not_run.child.as_deref().unwrap_or_default();
        csv.write_record(rest(not_run.rule, "not-run", &not_run.cause, child))?;
    }
    for problem in &report.problems {
        csv.write_record(rest("read", "file", &problem.to_string(), ""))?;
    }
    csv.flush()
}

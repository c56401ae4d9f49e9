//! A report for the screen: what was read, what was found rule by rule with
//! examples, what could not be checked.

use std::io::{self, Write};

use super::{IN_FULL, counted, shown};
use crate::core::report::Report;
use crate::core::rule::Severity;

/// How many findings of a rule are shown.
const EXAMPLES: usize = 5;

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {}: {}", report.title, report.year, report.file)?;
    let records: u64 = report.records.iter().map(|(_, count)| count).sum();
    writeln!(
        out,
        "Read: {}, {}.",
        counted(report.children, "child", "children"),
        counted(records, "record", "records")
    )?;
    let mut kinds = Vec::new();
    for (kind, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Query, "query", "queries"),
        (Severity::Untyped, "finding", "findings"),
    ] {
        let here = report.rules.iter().any(|rule| rule.kind == kind);
        if here {
            kinds.push(counted(report.count(kind) as u64, one, many));
        }
    }
    let checked = report.rules.len() - not_judged(report);
    writeln!(
        out,
        "Found: {}. Checked: {} of {} rules.",
        kinds.join(", "),
        checked,
        report.rules.len()
    )?;
    problems(report, out)?;
    for one in report.by_rule() {
        writeln!(out)?;
        write!(out, "{} {}", one.rule.kind.word(), one.rule.code)?;
        if !one.findings.is_empty() {
            write!(
                out,
                " ({} on {})",
                counted(one.findings.len() as u64, "finding", "findings"),
                counted(one.children as u64, "child", "children")
            )?;
        }
        writeln!(out, ": {}", one.rule.message)?;
        if let Some(whole) = one.whole {
            writeln!(out, "    whole return: {}", whole.because)?;
        }
        writeln!(out, "    To mend: {}", one.rule.mend)?;
        for finding in one.findings.iter().take(EXAMPLES) {
            let rows: Vec<String> = finding
                .rows
                .iter()
                .map(|row| {
                    let cells: Vec<String> = row.cells.iter().map(shown).collect();
                    format!("{} {}: {}", row.table, row.row, cells.join(", "))
                })
                .collect();
            let child = if finding.child.is_empty() {
                "no child's number"
            } else {
                &finding.child
            };
            writeln!(out, "    {child}  {}", rows.join(" | "))?;
        }
        if one.findings.len() > EXAMPLES {
            let more = (one.findings.len() - EXAMPLES) as u64;
            writeln!(
                out,
                "    and {} more. {IN_FULL}",
                counted(more, "finding", "findings")
            )?;
        }
    }
    if !report.not_run.is_empty() {
        writeln!(out, "\nNot checked (this is not the same as passed):")?;
        for not_run in &report.not_run {
            let child = not_run.child.as_deref();
            let whose = child
                .map(|child| format!(" for {child}"))
                .unwrap_or_default();
            writeln!(out, "    {}{whose}: {}", not_run.rule, not_run.cause)?;
        }
    }
    if report.exit_code() == 0 {
        writeln!(out, "\nNothing was found.")?;
    }
    Ok(())
}

/// How many rules were not judged for anybody.
fn not_judged(report: &Report) -> usize {
    let all = report.not_run.iter().filter(|one| one.child.is_none());
    let mut rules: Vec<&str> = all.map(|one| one.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.len()
}

fn problems(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nTrouble in reading:")?;
    for problem in report.problems.iter().take(50) {
        let stops = if problem.stops { "not read: " } else { "" };
        writeln!(out, "    {}: {stops}{}", problem.place, problem.message)?;
    }
    let more = report.problems.len().saturating_sub(50) as u64 + report.more_problems;
    if more > 0 {
        writeln!(out, "    and {more} more of these kinds")?;
    }
    if report.incomplete() {
        writeln!(
            out,
            "    What could be read was checked; the findings are not complete."
        )?;
    }
    Ok(())
}

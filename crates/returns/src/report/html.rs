//! One self-contained page: no script, nothing from elsewhere, readable with
//! a screen reader, in the dark, on paper.

use std::fmt::Write as _;
use std::io::{self, Write};

use quick_xml::escape::escape;

use super::{IN_FULL, counted, shown, thousands};
use crate::core::finding::Finding;
use crate::core::report::{ByRule, Report};
use crate::core::rule::Severity;

/// How many findings of a rule stand on the page.
const ROWS: usize = 500;
/// How many children the list by child shows.
const CHILDREN: usize = 2000;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1.05rem/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}\
h1{font-size:1.8rem}h2{margin-top:2.5rem}\
table{border-collapse:collapse;width:100%;margin:1rem 0}\
caption{text-align:left;font-weight:600;padding:.3rem 0}\
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #888;overflow-wrap:anywhere}\
td.n,th.n{text-align:right}\
details{border:1px solid #888;border-radius:.3rem;padding:.6rem 1rem;margin:.8rem 0}\
summary{cursor:pointer;font-weight:600}\
.kind{border:2px solid currentColor;border-radius:.3rem;padding:0 .4rem;margin-right:.4rem;font-size:.9rem}\
.wide{overflow-x:auto}\
@media print{details{border:0}}";

fn e(text: &str) -> std::borrow::Cow<'_, str> {
    escape(text)
}

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let title = format!("{} {}: findings", report.title, report.year);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{STYLE}</style></head><body><main><h1>{}</h1>",
        e(&title),
        e(&title)
    )?;
    summary(report, out)?;
    reading(report, out)?;
    let rules = report.by_rule();
    writeln!(out, "<h2 id=\"rules\">By rule</h2>")?;
    if rules.is_empty() {
        writeln!(out, "<p>No rule found anything.</p>")?;
    }
    for one in &rules {
        rule(one, out)?;
    }
    children(report, out)?;
    not_run(report, out)?;
    writeln!(out, "</main></body></html>")
}

fn summary(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<p>File: {}. Read: {}.</p><div class=\"wide\"><table><caption>Summary</caption><tbody>",
        e(&report.file),
        counted(report.children, "child", "children")
    )?;
    for (kind, name) in [
        (Severity::Error, "Errors: must be mended"),
        (Severity::Query, "Queries: mend or explain"),
        (Severity::Untyped, "Findings"),
    ] {
        if report.rules.iter().any(|rule| rule.kind == kind) {
            let count = thousands(report.count(kind) as u64);
            writeln!(
                out,
                "<tr><th scope=\"row\">{name}</th><td class=\"n\">{count}</td></tr>"
            )?;
        }
    }
    let children = report.by_child().len() as u64;
    for (name, count) in [
        ("Children with findings", children),
        ("Rules not checked", report.not_run.len() as u64),
        (
            "Troubles in reading",
            report.problems.len() as u64 + report.more_problems,
        ),
    ] {
        let count = thousands(count);
        writeln!(
            out,
            "<tr><th scope=\"row\">{name}</th><td class=\"n\">{count}</td></tr>"
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    writeln!(
        out,
        "<nav aria-label=\"Parts of this page\"><ul><li><a href=\"#rules\">By rule</a></li>\
         <li><a href=\"#children\">By child</a></li><li><a href=\"#not-run\">Not checked</a></li></ul></nav>"
    )
}

fn reading(report: &Report, out: &mut impl Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Trouble in reading</h2>")?;
    if report.incomplete() {
        writeln!(
            out,
            "<p><strong>Part of the file could not be read.</strong> What could be read was checked; the findings are not complete.</p>"
        )?;
    }
    writeln!(
        out,
        "<div class=\"wide\"><table><caption>Where and what</caption><thead><tr><th scope=\"col\">Place</th><th scope=\"col\">What is wrong and what to do</th></tr></thead><tbody>"
    )?;
    for problem in &report.problems {
        let place = problem.place.to_string();
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td></tr>",
            e(&place),
            e(&problem.message)
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if report.more_problems > 0 {
        writeln!(
            out,
            "<p>And {} more of these kinds.</p>",
            report.more_problems
        )?;
    }
    Ok(())
}

fn rule(one: &ByRule<'_>, out: &mut impl Write) -> io::Result<()> {
    let rule = one.rule;
    let count = match one.findings.len() as u64 {
        0 => "whole return".to_owned(),
        many => format!(
            "{} on {}",
            counted(many, "finding", "findings"),
            counted(one.children as u64, "child", "children")
        ),
    };
    writeln!(
        out,
        "<details id=\"rule-{code}\"><summary><span class=\"kind\">{}</span>{code}: {} ({count})</summary>",
        rule.kind.word(),
        e(&rule.message),
        code = e(&rule.code)
    )?;
    writeln!(
        out,
        "<p>{}</p><p><strong>To mend:</strong> {}</p><p>{}</p>",
        e(&rule.explain),
        e(&rule.mend),
        e(&rule.condition)
    )?;
    if let Some(whole) = one.whole {
        writeln!(out, "<p>Whole return: {}.</p>", e(&whole.because))?;
    }
    if !one.findings.is_empty() {
        writeln!(
            out,
            "<div class=\"wide\"><table><caption>Findings of rule {}</caption><thead><tr><th scope=\"col\">Child</th><th scope=\"col\">Rows and values</th></tr></thead><tbody>",
            e(&rule.code)
        )?;
        for finding in one.findings.iter().take(ROWS) {
            let child = match finding.child.as_ref() {
                "" => "(no number)",
                child => child,
            };
            writeln!(
                out,
                "<tr><td>{}</td><td>{}</td></tr>",
                e(child),
                rows(finding)
            )?;
        }
        writeln!(out, "</tbody></table></div>")?;
        if one.findings.len() > ROWS {
            let more = (one.findings.len() - ROWS) as u64;
            writeln!(out, "<p>And {} more. {IN_FULL}.</p>", thousands(more))?;
        }
    }
    writeln!(out, "</details>")
}

fn rows(finding: &Finding) -> String {
    let mut text = String::new();
    for (at, row) in finding.rows.iter().enumerate() {
        if at > 0 {
            text.push_str("<br>");
        }
        let cells: Vec<String> = row.cells.iter().map(shown).collect();
        // Writing into a String cannot fail.
        if write!(text, "{} {}: {}", row.table, row.row, e(&cells.join(", "))).is_err() {
            break;
        }
    }
    text
}

fn children(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let all = report.by_child();
    writeln!(out, "<h2 id=\"children\">By child</h2>")?;
    if all.is_empty() {
        return writeln!(out, "<p>There is no finding about a child.</p>");
    }
    writeln!(
        out,
        "<div class=\"wide\"><table><caption>Children and the rules that found something</caption><thead><tr><th scope=\"col\">Child</th><th scope=\"col\" class=\"n\">Findings</th><th scope=\"col\">Rules</th></tr></thead><tbody>"
    )?;
    for (child, findings) in all.iter().take(CHILDREN) {
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        codes.dedup();
        let links: Vec<String> = codes
            .iter()
            .map(|code| format!("<a href=\"#rule-{code}\">{code}</a>"))
            .collect();
        let child = if child.is_empty() {
            "(no number)"
        } else {
            child
        };
        writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td></tr>",
            e(child),
            findings.len(),
            links.join(", ")
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if all.len() > CHILDREN {
        let more = (all.len() - CHILDREN) as u64;
        writeln!(
            out,
            "<p>And {}. {IN_FULL}.</p>",
            counted(more, "more child", "more children")
        )?;
    }
    Ok(())
}

fn not_run(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<h2 id=\"not-run\">Not checked</h2>")?;
    if report.not_run.is_empty() {
        return writeln!(
            out,
            "<p>All {} rules of the year were checked.</p>",
            report.rules.len()
        );
    }
    writeln!(
        out,
        "<p>Not checked is not the same as passed.</p><div class=\"wide\"><table><caption>Rules that were not checked</caption><thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">Why</th></tr></thead><tbody>"
    )?;
    for one in &report.not_run {
        let whose = one
            .child
            .as_deref()
            .map(|child| format!(" (child {child})"));
        writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}{}</td></tr>",
            one.rule,
            e(&one.cause),
            e(&whose.unwrap_or_default())
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}

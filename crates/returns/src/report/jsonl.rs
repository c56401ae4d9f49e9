//! One JSON object a line. A finding has one line for each row that it
//! touches; its lines share "group".

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::core::finding::{Cell, Touched};
use crate::core::report::Report;

struct Fields<'a>(&'a [Cell]);

impl Serialize for Fields<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for cell in self.0 {
            map.serialize_entry(cell.field, &cell.value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    r#type: &'a str,
    level: &'a str,
    table: &'a str,
    row: usize,
    fields: Fields<'a>,
    child: &'a str,
    message: &'a str,
    group: usize,
}

#[derive(Serialize)]
struct Whole<'a> {
    rule: &'a str,
    r#type: &'a str,
    level: &'a str,
    message: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct NotRun<'a> {
    rule: &'a str,
    level: &'a str,
    cause: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    child: Option<&'a str>,
}

#[derive(Serialize)]
struct Trouble<'a> {
    rule: &'a str,
    level: &'a str,
    file: &'a str,
    line: u64,
    column: u64,
    message: &'a str,
    stops: bool,
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let texts: std::collections::HashMap<&str, (&str, &str)> = report
        .rules
        .iter()
        .map(|rule| {
            (
                rule.code.as_str(),
                (rule.kind.word(), rule.message.as_str()),
            )
        })
        .collect();
    let text = |code: &str| texts.get(code).copied().unwrap_or(("error", ""));
    for (group, finding) in report.findings.iter().enumerate() {
        let (kind, message) = text(finding.rule);
        for Touched { table, row, cells } in &finding.rows {
            let value = Row {
                rule: finding.rule,
                r#type: kind,
                level: "row",
                table,
                row: *row,
                fields: Fields(cells),
                child: &finding.child,
                message,
                group,
            };
            line(out, &value)?;
        }
    }
    for whole in &report.whole {
        let (kind, message) = text(whole.rule);
        let value = Whole {
            rule: whole.rule,
            r#type: kind,
            level: "return",
            message,
            because: &whole.because,
        };
        line(out, &value)?;
    }
    for not_run in &report.not_run {
        let value = NotRun {
            rule: not_run.rule,
            level: "not-run",
            cause: &not_run.cause,
            child: not_run.child.as_deref(),
        };
        line(out, &value)?;
    }
    for problem in &report.problems {
        let value = Trouble {
            rule: "read",
            level: "file",
            file: &problem.place.file,
            line: problem.place.line,
            column: problem.place.column,
            message: &problem.message,
            stops: problem.stops,
        };
        line(out, &value)?;
    }
    Ok(())
}

//! Reports as people and programs want them: text for the screen, one JSON
//! object a line for programs, CSV and a workbook for spreadsheets, and one
//! self-contained page to read and to pass on.

use std::io::{self, Write};

use crate::core::finding::Cell;
use crate::core::report::Report;

mod csv_file;
mod html;
mod jsonl;
mod text;
mod workbook;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For the screen: a summary and examples of each rule.
    Text,
    /// One JSON object a line, one line a touched row.
    Jsonl,
    /// One line a touched field.
    Csv,
    /// A workbook with sheets for summary, findings, children and rules.
    Xlsx,
    /// One page with everything on it.
    Html,
}

/// Writes a report.
///
/// # Errors
/// When it cannot be written.
pub fn write(report: &Report, format: Format, mut out: impl Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, &mut out),
        Format::Jsonl => jsonl::write(report, &mut out),
        Format::Csv => csv_file::write(report, &mut out),
        Format::Xlsx => workbook::write(report, &mut out),
        Format::Html => html::write(report, &mut out),
    }?;
    out.flush()
}

/// A number with commas between the thousands.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 child", "2 children".
fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        thousands(number),
        if number == 1 { one } else { many }
    )
}

/// A field with its value, in one piece.
fn shown(cell: &Cell) -> String {
    match cell.value.as_deref() {
        Some(value) => format!("{}={value}", cell.field),
        None => format!("{} is missing", cell.field),
    }
}

/// A value that a spreadsheet cannot take for a formula.
fn harmless(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && value.parse::<f64>().is_err() {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

/// The whole of what is left out when a list is cut.
const IN_FULL: &str = "All of them are in the csv, xlsx and jsonl forms";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cin::{Options, check};
    use crate::core::Severity;

    const MESSAGE: &str = "<Message><Header><CollectionDetails><Collection>CIN</Collection>\
        <Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header>\
        <Children><Child><ChildIdentifiers><LAchildID>=1+1</LAchildID><Sex>&lt;b></Sex>\
        <PersonBirthDate>01/02/2015</PersonBirthDate></ChildIdentifiers><ChildCharacteristics>\
        <Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails><CINreferralDate>2025-05-06\
        </CINreferralDate><ReferralSource>2A</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode>\
        <Section47><S47ActualStartDate>2025-05-01</S47ActualStartDate><ICPCnotRequired>1\
        </ICPCnotRequired></Section47><ReferralNFA>0</ReferralNFA></CINdetails></Child></Children></Message>";

    fn report() -> Report {
        check(
            "<x>.xml",
            MESSAGE.as_bytes(),
            Options { year: 2026 },
            &|_| {},
        )
        .unwrap()
    }

    fn drawn(format: Format) -> String {
        let mut out = Vec::new();
        write(&report(), format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_line_of_jsonl_is_an_object_by_the_contract() {
        let mut levels = std::collections::BTreeMap::<String, usize>::new();
        for line in drawn(Format::Jsonl).lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let level = value["level"].as_str().unwrap().to_owned();
            assert!(value["rule"].is_string(), "{line}");
            if level == "row" {
                for key in ["type", "table", "child", "message"] {
                    assert!(value[key].is_string(), "{key}: {line}");
                }
                assert!(
                    value["row"].is_u64() && value["fields"].is_object(),
                    "{line}"
                );
            }
            *levels.entry(level).or_default() += 1;
        }
        assert_eq!(levels["return"], 2);
        assert_eq!(levels["file"], 2);
        assert!(levels["row"] > 3);
    }

    #[test]
    fn rows_of_one_finding_share_a_group() {
        let text = drawn(Format::Jsonl);
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|value: &serde_json::Value| value["rule"] == "2889")
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["group"], lines[1]["group"]);
        assert_eq!(lines[0]["fields"]["S47ActualStartDate"], "2025-05-01");
    }

    #[test]
    fn the_page_stands_alone_and_shows_values_as_text() {
        let page = drawn(Format::Html);
        assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"en-GB\""));
        assert!(!page.contains("<b>") && page.contains("&lt;b&gt;"));
        for outside in ["http://", "https://", "<script", "src="] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn spreadsheets_get_no_formula_from_a_file() {
        let text = drawn(Format::Csv);
        assert!(text.contains("'=1+1") && !text.contains(",=1+1"));
        assert_eq!(harmless("-5"), "-5");
    }

    #[test]
    fn the_workbook_reads_back() {
        let mut out = Vec::new();
        write(&report(), Format::Xlsx, &mut out).unwrap();
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(out)).unwrap();
        use calamine::Reader as _;
        let names = book.sheet_names();
        assert_eq!(
            names,
            ["Summary", "Findings", "By child", "Rules", "Reading"]
        );
        assert!(book.worksheet_range("Findings").unwrap().height() > 5);
    }

    #[test]
    fn errors_are_counted_apart_from_queries() {
        let report = report();
        let text = drawn(Format::Text);
        let errors = counted(report.count(Severity::Error) as u64, "error", "errors");
        assert!(text.contains(&errors), "{text}");
        assert_eq!(report.exit_code(), 1);
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}

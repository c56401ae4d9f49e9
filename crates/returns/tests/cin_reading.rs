//! The census reader on good and bad files: what is written reads back
//! equal, every trouble is named with its place, everything else is checked,
//! and no bytes whatever make it panic.

use proptest::prelude::*;
use returns::cin::invent::{Wish, write};
use returns::cin::model::Message;
use returns::cin::read::read_all;
use returns::cin::write::write_all;
use returns::cin::{Options, check};
use returns::core::Report;

const GOOD: &str = include_str!("../data/examples/cin_2026.xml");

fn checked(bytes: &[u8]) -> Report {
    check("census.xml", bytes, Options { year: 2026 }, &|_| {}).unwrap()
}

fn rules(report: &Report) -> Vec<&str> {
    let whole = report.whole.iter().map(|whole| whole.rule);
    whole
        .chain(report.findings.iter().map(|f| f.rule))
        .collect()
}

fn written(message: &Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_all(message, &mut bytes).unwrap();
    bytes
}

#[test]
fn the_example_is_clean_but_for_its_size() {
    let report = checked(GOOD.as_bytes());
    assert_eq!(report.problems, []);
    assert_eq!(rules(&report), ["2887Q"]);
    assert_eq!(report.exit_code(), 1);
}

#[test]
fn what_is_written_reads_back_equal() {
    let (message, problems) = read_all("a", GOOD.as_bytes());
    assert_eq!(problems, []);
    assert_eq!(message.children.len(), 3);
    let (again, problems) = read_all("b", written(&message).as_slice());
    assert_eq!(problems, []);
    assert_eq!(again, message);
}

#[test]
fn invented_messages_read_back_equal_with_their_faults() {
    let wish = Wish {
        year: 2026,
        children: 300,
        faults_in_100: 50.0,
        seed: 3,
    };
    let mut bytes = Vec::new();
    write(wish, &mut bytes).unwrap();
    let (message, _) = read_all("a", bytes.as_slice());
    assert_eq!(written(&message), bytes);
}

/// One bad file: what is done to the example, what the problem says, and its
/// line and column.
fn one_problem(bytes: &[u8], says: &str, line: u64, column: u64) -> Report {
    let report = checked(bytes);
    let [problem] = report.problems.as_slice() else {
        panic!("one problem expected: {:?}", report.problems);
    };
    assert!(problem.message.contains(says), "{problem}");
    assert_eq!(
        (problem.place.line, problem.place.column),
        (line, column),
        "{problem}"
    );
    assert_eq!(problem.place.file, "census.xml");
    report
}

#[test]
fn files_that_are_no_census_are_told_what_they_are() {
    for (bytes, says) in [
        (&b"PK\x03\x04rest"[..], "spreadsheet or a zip"),
        (b"LAchildID,UPN\n1,2\n", "no XML"),
        (b"{\"a\": 1}", "no XML"),
        (b"", "empty"),
        (b"<html><body/></html>", "begins with <html>"),
        (b"<Message></Message>", "no <Child>"),
    ] {
        let report = checked(bytes);
        assert!(
            report.problems[0].message.contains(says),
            "{:?}",
            report.problems
        );
        assert_eq!(report.exit_code(), 2);
        // Nothing counts over the whole of a file that could not be read.
        assert_eq!(report.not_run.len(), 4);
    }
}

#[test]
fn a_message_cut_short_keeps_the_children_before_the_cut() {
    let cut = GOOD.find("CH0000002").unwrap();
    let report = checked(&GOOD.as_bytes()[..cut]);
    assert_eq!(report.children, 1);
    assert!(report.problems[0].message.contains("cut short"));
    assert_eq!(report.exit_code(), 2);
    assert!(report.not_run.iter().any(|not_run| not_run.rule == "2887Q"));
}

#[test]
fn a_broken_child_loses_itself_and_no_other() {
    let broken = GOOD.replacen("<UPNunknown>UN1</UPNunknown>", "<UPNunknown>UN1</UPN>", 1);
    let report = checked(broken.as_bytes());
    assert_eq!(report.children, 2);
    assert!(report.problems[0].message.contains("should end"));
    assert!(report.incomplete());
}

#[test]
fn rows_keep_their_place_after_a_broken_child() {
    let broken = GOOD
        .replacen("<UPNunknown>UN1</UPNunknown>", "<UPNunknown>UN1</UPN>", 1)
        .replacen("<Sex>U</Sex>", "<Sex>F</Sex>", 1);
    let report = checked(broken.as_bytes());
    let finding = report.findings.iter().find(|f| f.rule == "8750").unwrap();
    assert_eq!(finding.rows[0].row, 2);
}

#[test]
fn a_namespace_is_told_once_and_passed_over() {
    let spaced = GOOD.replacen("<Message>", "<Message xmlns=\"urn:cin\">", 1);
    let report = one_problem(spaced.as_bytes(), "namespace", 2, 1);
    assert_eq!(report.children, 3);
    let prefixed = GOOD.replace("</", "</c:").replace("<c:", "<");
    let prefixed = prefixed.replace("</", "</c:").replace("c:c:", "c:");
    let report = checked(prefixed.as_bytes());
    assert_eq!(report.children, 3);
}

#[test]
fn other_encodings_are_read_and_told() {
    let latin = GOOD.replace("Example", "Ex\u{e9}mple");
    let bytes: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    let report = one_problem(&bytes, "not UTF-8", 12, 23);
    assert_eq!(report.children, 3);
    let mut wide = vec![0xff, 0xfe];
    wide.extend(GOOD.encode_utf16().flat_map(u16::to_le_bytes));
    let report = one_problem(&wide, "UTF-16", 1, 1);
    assert_eq!(report.children, 3);
    let said = GOOD.replacen("utf-8", "windows-1252", 1);
    one_problem(said.as_bytes(), "windows-1252", 1, 1);
}

#[test]
fn a_value_without_end_is_refused_at_its_line() {
    let long = "x".repeat(3 << 20);
    let huge = GOOD.replacen("CH0000002", &long, 1);
    let report = checked(huge.as_bytes());
    assert!(
        report.problems[0].message.contains("1 MB"),
        "{:?}",
        report.problems
    );
    assert!(report.problems[0].place.line > 50);
    assert_eq!(report.children, 2);
}

#[test]
fn a_file_on_one_line_is_read() {
    let flat: String = GOOD.lines().map(str::trim).collect();
    assert_eq!(checked(flat.as_bytes()).children, 3);
}

#[test]
fn doubled_missing_unknown_and_misplaced_elements_are_told() {
    let twice = GOOD.replacen("<Sex>F</Sex>", "<Sex>F</Sex><Sex>M</Sex>", 1);
    let report = one_problem(twice.as_bytes(), "<Sex> stands twice", 24, 21);
    assert_eq!(rules(&report), ["2887Q"]);
    let unknown = GOOD.replacen("<Sex>F</Sex>", "<Sex>F</Sex><Shoe><Size>3</Size></Shoe>", 1);
    one_problem(
        unknown.as_bytes(),
        "<Shoe> is not part of <ChildIdentifiers>",
        24,
        21,
    );
    let moved = GOOD.replacen("<LAchildID>CH0000001</LAchildID>", "", 1);
    let moved = moved.replacen(
        "<Sex>F</Sex>",
        "<Sex>F</Sex><LAchildID>CH0000001</LAchildID>",
        1,
    );
    one_problem(moved.as_bytes(), "must stand before <Sex>", 24, 21);
    let empty = GOOD.replacen("<Sex>F</Sex>", "<Sex/>", 1);
    let report = one_problem(empty.as_bytes(), "<Sex> is empty", 24, 9);
    assert!(rules(&report).contains(&"4180"));
}

#[test]
fn dates_in_three_shapes_are_understood_and_told() {
    for shape in ["06/05/2025", "2025-05-06T00:00:00", "20250506"] {
        let odd = GOOD.replacen(">2025-05-06<", &format!(">{shape}<"), 1);
        let report = one_problem(odd.as_bytes(), "write it as 2025-05-06", 34, 9);
        assert_eq!(rules(&report), ["2887Q"]);
    }
    let never = GOOD.replacen(">2025-05-06<", ">2025-02-30<", 1);
    let report = one_problem(never.as_bytes(), "not a date", 34, 9);
    assert!(rules(&report).contains(&"8600"));
}

#[test]
fn both_forms_of_reviews_are_read() {
    let split = GOOD.replacen(
        "</CPPreviewDate>\n            <CPPreviewDate>",
        "</CPPreviewDate></Reviews><Reviews><CPPreviewDate>",
        1,
    );
    assert_ne!(split, GOOD);
    let (one, _) = read_all("a", GOOD.as_bytes());
    let (many, problems) = read_all("b", split.as_bytes());
    assert_eq!(problems, []);
    assert_eq!(one, many);
}

#[test]
fn a_child_twice_is_found_by_its_rule() {
    let twice = GOOD.replace("CH0000002", "CH0000001");
    let report = checked(twice.as_bytes());
    assert_eq!(rules(&report), ["2887Q", "8510", "8510"]);
}

#[test]
fn there_are_no_rules_for_other_years() {
    let error = check("x", GOOD.as_bytes(), Options { year: 2019 }, &|_| {}).unwrap_err();
    assert!(error.contains("2019") && error.contains("2026"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes changed, cut out and put in: never a panic, and what was read
    /// and is written again reads back equal.
    #[test]
    fn mutated_files_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..30)
    ) {
        let mut bytes = GOOD.as_bytes().to_vec();
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => {
                    let end = (at + usize::from(byte)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let report = checked(&bytes);
        prop_assert!(report.not_run.iter().all(|n| !n.cause.contains("check itself")));
        let (message, _) = read_all("a", bytes.as_slice());
        let (again, _) = read_all("b", written(&message).as_slice());
        prop_assert_eq!(again.children.len(), message.children.len());
    }

    #[test]
    fn any_bytes_never_panic(bytes: Vec<u8>) {
        checked(&bytes);
    }

    /// Values of every kind in every field: the checks stand it.
    #[test]
    fn any_values_never_panic(value in "[^<>&]{0,40}") {
        let odd = GOOD.replace("2025-05-28", &value).replace("X846398259791", &value).replace("NEG", &value);
        let report = checked(odd.as_bytes());
        prop_assert!(report.not_run.iter().all(|n| !n.cause.contains("check itself")));
    }
}

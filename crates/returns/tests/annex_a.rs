//! Annex A: every example of every check, what is written reads back equal
//! from a workbook and from CSV, bad files are told, and the size of a whole
//! council is no trouble (P8).

use std::collections::BTreeSet;
use std::io::Cursor;

use proptest::prelude::*;
use returns::annex_a::check::catalogue;
use returns::annex_a::{Book, Filled, Kind, Options, check, layout, read, write};
use returns::core::Report;

fn as_at() -> Options {
    Options {
        as_at: "2026-06-01".parse().unwrap(),
    }
}

fn book(rows: &str) -> Book {
    let lists = layout().unwrap();
    let mut book = Book::default();
    for line in rows.lines().filter(|line| !line.trim().is_empty()) {
        let mut parts = line.split(" | ");
        let sheet = parts.next().unwrap();
        let at = lists.iter().position(|list| list.sheet() == sheet).unwrap();
        let mut row = vec![None; lists[at].columns.len()];
        for part in parts {
            let (header, value) = part.split_once('=').unwrap();
            row[lists[at].column(header).unwrap()] = Some(value.into());
        }
        book.lists[at].get_or_insert_default().rows.push(row);
    }
    book
}

fn checked(book: &Book) -> Report {
    check("x.xlsx", book, Vec::new(), as_at()).unwrap()
}

#[test]
fn every_example_of_every_check_comes_out_as_its_text_says() {
    let rules = catalogue().unwrap();
    for checked_rule in &rules.rules {
        let cases = &checked_rule.rule.cases;
        assert!(cases.iter().any(|case| case.finds.is_empty()));
        assert!(cases.iter().any(|case| !case.finds.is_empty()));
        for case in cases {
            let report = checked(&book(&case.rows));
            assert_eq!(report.not_run, []);
            let found = report
                .findings
                .iter()
                .filter(|f| f.rule == checked_rule.code);
            let found: BTreeSet<String> = found
                .flat_map(|f| &f.rows)
                .map(|row| format!("{} {}", row.table, row.row))
                .collect();
            let expected: BTreeSet<String> = case.finds.iter().cloned().collect();
            assert_eq!(found, expected, "{} {}", checked_rule.code, case.is);
        }
    }
}

/// A value that is right for a column, different from row to row.
fn right(column: &returns::annex_a::Column, n: usize) -> String {
    match column.kind {
        Kind::Text => format!("{} {n}", column.header),
        Kind::List if column.values.is_empty() => format!("E0800{n:04}"),
        Kind::List => column.values[n % column.values.len()].clone(),
        Kind::Date => format!("2026-0{}-{:02}", n % 5 + 1, n % 28 + 1),
        Kind::Integer => (n % 17).to_string(),
        Kind::Postcode => "B1 1AA".to_owned(),
    }
}

fn full(rows: usize) -> Book {
    let lists = layout().unwrap();
    let mut book = Book::default();
    for (list, place) in lists.iter().zip(&mut book.lists) {
        let row = |n| {
            list.columns
                .iter()
                .map(|c| Some(right(c, n).into()))
                .collect()
        };
        *place = Some(Filled {
            rows: (0..rows).map(row).collect(),
        });
    }
    book
}

#[test]
fn a_workbook_reads_back_equal() {
    let book = full(30);
    let mut bytes = Vec::new();
    write::workbook(&book, &mut bytes).unwrap();
    let (again, problems) = read::workbook("a.xlsx", Cursor::new(bytes)).unwrap();
    assert_eq!(problems, []);
    assert_eq!(again, book);
}

#[test]
fn csv_files_read_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    let book = full(30);
    write::folder(&book, folder.path()).unwrap();
    let (again, problems) = read::folder(folder.path()).unwrap();
    assert_eq!(problems, []);
    assert_eq!(again, book);
}

#[test]
fn bad_files_are_told_and_what_can_be_read_is() {
    let (_, problems) = read::workbook("a.xlsx", Cursor::new(b"not a workbook")).unwrap();
    assert!(problems[0].stops && problems[0].message.contains("no workbook"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("list_1.CSV"),
        "\u{feff}child unique id,GENDER,Shoe size,Date  of Contact,Gender\r\nC1,a) Male,7,45778,b) Female\r\n",
    )
    .unwrap();
    let (book, problems) = read::folder(folder.path()).unwrap();
    let told: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    for says in [
        "Shoe size",
        "twice",
        "\"Ethnicity\" is missing",
        "List 2.csv",
    ] {
        assert!(
            told.iter().any(|told| told.contains(says)),
            "{says}: {told:?}"
        );
    }
    let row = &book.lists[0].as_ref().unwrap().rows[0];
    assert_eq!(row[0].as_deref(), Some("C1"));
    assert_eq!(row[1].as_deref(), Some("a) Male"));
    // A spreadsheet's day number is a date.
    assert_eq!(row[5].as_deref(), Some("2025-05-01"));
}

#[test]
fn five_thousand_children_on_every_list_are_checked() {
    let report = checked(&full(5_000));
    assert_eq!(report.records.iter().map(|(_, n)| n).sum::<u64>(), 55_000);
    assert_eq!(report.not_run, []);
}

proptest! {
    #[test]
    fn any_csv_is_read_without_panic(text in "\\PC{0,300}") {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("List 8.csv"), &text).unwrap();
        let (book, problems) = read::folder(folder.path()).unwrap();
        check("x", &book, problems, as_at()).unwrap();
    }
}

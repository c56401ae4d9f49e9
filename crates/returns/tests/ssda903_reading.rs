//! Reads, writes and checks whole SSDA903 returns: the valid example, damaged
//! files, the XML form, and files with bytes changed at random.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use returns::core::{Reference, Report};
use returns::ssda903::{self, Collection, Field, Loaded, Named, Table, Tables};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples/ssda903")
}

fn check(loaded: Loaded) -> Report {
    let collection = Collection::of(2026).unwrap();
    ssda903::check(loaded, &collection, &Reference::default()).unwrap()
}

fn memory(files: &[(&str, &str)]) -> Loaded {
    let named = files.iter().map(|(name, content)| Named {
        name: (*name).to_owned(),
        content: content.as_bytes().to_vec(),
    });
    ssda903::read_memory(named.collect(), Vec::new())
}

/// Every cell of every table, as the files have them.
fn cells(tables: &Tables) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let text = |data: &ssda903::TableData| {
        let columns = data.table.columns();
        let row = |row: ssda903::Row<'_>| columns.iter().map(|f| row.raw(*f).to_owned()).collect();
        data.rows().map(row).collect()
    };
    tables
        .iter()
        .flatten()
        .map(|data| (data.name(), text(data)))
        .collect()
}

fn rules_found(report: &Report) -> Vec<(&str, &str, usize)> {
    let rows = report
        .findings
        .iter()
        .flat_map(|f| f.rows.iter().map(|r| (f.rule, r.table, r.row)));
    rows.collect()
}

#[test]
fn the_valid_example_is_clean() {
    let report = check(ssda903::read(&example(), None).unwrap());
    assert_eq!(report.problems, []);
    assert_eq!(rules_found(&report), []);
    assert_eq!(report.children, 3);
    assert!(report.not_run.iter().all(|not_run| {
        not_run.cause.contains("--postcodes")
            || not_run.cause.contains("--providers")
            || not_run.cause.contains("last year's file")
            || not_run.rule == "105"
    }));
    assert_eq!(report.exit_code(), 0);
}

#[test]
fn what_is_written_reads_back_equal() {
    let first = ssda903::read(&example(), None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    ssda903::write::folder(&first.this, folder.path()).unwrap();
    ssda903::write::folder(&first.last, &folder.path().join("prev")).unwrap();
    let second = ssda903::read(folder.path(), None).unwrap();
    assert_eq!(cells(&first.this), cells(&second.this));
    assert_eq!(cells(&first.last), cells(&second.last));
    let header = fs::read_to_string(folder.path().join("episodes.csv")).unwrap();
    assert!(header.starts_with(
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    ));
}

#[test]
fn a_table_that_is_missing_makes_rules_not_run_and_never_passed() {
    let loaded = memory(&[(
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1,X,01/05/2012,WBRI,UN1,,\n",
    )]);
    let report = check(loaded);
    assert_eq!(rules_found(&report).first(), Some(&("101", "Header", 0)));
    let cause = |rule: &str| {
        report
            .not_run
            .iter()
            .find(|n| n.rule == rule)
            .map(|n| n.cause.as_str())
    };
    assert_eq!(
        cause("141"),
        Some("Needs the file episodes.csv, which was not given")
    );
    assert!(cause("202").unwrap().contains("--previous"));
    assert!(cause("219").unwrap().contains("--providers"));
    assert_eq!(cause("101"), None);
    let nothing = check(memory(&[("notes.csv", "a,b\n1,2\n")]));
    assert_eq!(nothing.findings, []);
    assert_eq!(nothing.not_run.len(), nothing.rules.len());
}

#[test]
fn an_empty_folder_cannot_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        check(ssda903::read(folder.path(), None).unwrap()).exit_code(),
        2
    );
    assert!(ssda903::read(&folder.path().join("nowhere"), None).is_err());
}

const HEADER: &str = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB";

/// Messages of what was wrong, with their place.
fn troubles(loaded: &Loaded) -> Vec<String> {
    loaded
        .troubles
        .kept
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn spreadsheet_damage_is_named_with_file_line_and_column() {
    let text = format!(
        "\u{feff}{HEADER}\r\n1E+05,M,2012-05-01,WBRI,UN1,,\r\n2,F,44562,WBRI,UN1,0,\r\n,F,01/05/2012,WBRI,UN1,0,\r\n"
    );
    let loaded = memory(&[
        ("header.csv", &text),
        (
            "prev_perm.csv",
            "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n2,01/05/2012,P1,2,01/05/2013\n",
        ),
    ]);
    let said = troubles(&loaded);
    let has = |place: &str, words: &str| {
        said.iter()
            .any(|line| line.starts_with(place) && line.contains(words))
    };
    assert!(
        has("header.csv, line 2, column 1:", "shortened"),
        "{said:#?}"
    );
    assert!(
        has("header.csv, line 2, column 3:", "not written as DD/MM/YYYY"),
        "{said:#?}"
    );
    assert!(
        has("header.csv, line 3, column 3:", "day number"),
        "{said:#?}"
    );
    assert!(
        has("header.csv, line 4, column 1:", "CHILD is blank"),
        "{said:#?}"
    );
    assert!(
        has("prev_perm.csv, line 2, column 4:", "leading zeros"),
        "{said:#?}"
    );
    // All rows are still checked, and the date in the wrong shape is a date.
    let header = loaded.this[Table::Header as usize].as_ref().unwrap();
    assert_eq!(header.len(), 3);
    assert!(header.row(0).bad_date(Field::DOB) && header.row(0).date(Field::DOB).is_some());
    let found = check(loaded);
    assert_eq!(found.findings.iter().filter(|f| f.rule == "102").count(), 2);
}

#[test]
fn columns_out_of_order_doubled_renamed_or_missing_are_told_and_read() {
    let loaded = memory(&[
        (
            "header.csv",
            "dob,child,SEX,ETHNIC,UPN,MOTHER,MC_DOB,SEX\n01/05/2012,1,M,WBRI,UN1,,,F\n",
        ),
        (
            "reviews.csv",
            "CHILD,DOB,Date held,REVIEW_CODE\n1,01/05/2012,01/06/2025,PN1\n",
        ),
        (
            "missing.csv",
            "CHILD,DOB,MISSING,MIS_START,note\n1,01/05/2012,M,01/06/2025,\n",
        ),
    ]);
    let said = troubles(&loaded);
    let has = |words: &str| said.iter().any(|line| line.contains(words));
    assert!(
        has("header.csv, line 1, column 8: The column SEX is there twice"),
        "{said:#?}"
    );
    assert!(
        has("\"Date held\" stands where REVIEW belongs"),
        "{said:#?}"
    );
    assert!(
        has("\"note\" stands where MIS_END belongs") || has("The column MIS_END is missing"),
        "{said:#?}"
    );
    let header = loaded.this[Table::Header as usize].as_ref().unwrap().row(0);
    assert_eq!(
        (header.raw(Field::SEX), header.raw(Field::CHILD)),
        ("M", "1")
    );
    let reviews = loaded.this[Table::Reviews as usize].as_ref().unwrap();
    assert!(reviews.row(0).date(Field::REVIEW).is_some());

    let without = memory(&[(
        "missing.csv",
        "CHILD,DOB,MISSING,MIS_START\n1,01/05/2012,,01/06/2025\n",
    )]);
    assert!(
        troubles(&without)
            .iter()
            .any(|line| line.contains("The column MIS_END is missing"))
    );
    let report = check(without);
    let cause = |rule: &str| {
        report
            .not_run
            .iter()
            .find(|n| n.rule == rule)
            .map(|n| n.cause.as_str())
    };
    assert_eq!(
        cause("567"),
        Some("Needs the column MIS_END of missing.csv, which the file has not got")
    );
    assert!(report.findings.iter().any(|f| f.rule == "565"));
}

#[test]
fn short_rows_open_quotes_other_letters_and_separators_are_told_and_read() {
    let quote = format!(
        "{HEADER}\n1,\"M,01/05/2012,WBRI,UN1,,\n{}",
        "2,F,01/05/2012,WBRI,UN1,0,\n".repeat(20)
    );
    let loaded = memory(&[("header.csv", &quote)]);
    assert!(
        troubles(&loaded)[0].contains("line 2"),
        "{:?}",
        troubles(&loaded)
    );
    assert_eq!(loaded.this[0].as_ref().unwrap().len(), 21);

    let latin = Named {
        name: "header.csv".to_owned(),
        content: [HEADER.as_bytes(), b"\n\xe9,M,01/05/2012,WBRI,UN1,,\n2,M\n"].concat(),
    };
    let loaded = ssda903::read_memory(vec![latin], Vec::new());
    assert_eq!(
        loaded.this[0].as_ref().unwrap().row(0).raw(Field::CHILD),
        "é"
    );
    let said = troubles(&loaded);
    assert!(
        said.iter().any(|line| line.contains("not in UTF-8")),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|line| line.contains("line 3") && line.contains("2 fields")),
        "{said:?}"
    );

    let wide: Vec<u8> = format!("\u{feff}{HEADER}\n1,M,01/05/2012,WBRI,UN1,,\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let loaded = ssda903::read_memory(
        vec![Named {
            name: "header.csv".to_owned(),
            content: wide,
        }],
        Vec::new(),
    );
    assert_eq!(loaded.this[0].as_ref().unwrap().row(0).raw(Field::SEX), "M");

    let semicolons = memory(&[(
        "reviews.csv",
        "CHILD;DOB;REVIEW;REVIEW_CODE\n1;01/05/2012;01/06/2025;PN1\n",
    )]);
    let reviews = semicolons.this[Table::Reviews as usize].as_ref().unwrap();
    assert_eq!(reviews.row(0).raw(Field::REVIEW_CODE), "PN1");
}

#[test]
fn an_endless_line_stops_its_file_and_no_other() {
    let endless = format!("{HEADER}\n{}", "x".repeat(3 << 20));
    let loaded = memory(&[
        ("header.csv", &endless),
        ("uasc.csv", "CHILD,SEX,DOB,DUC\n1,M,01/05/2010,31/02/2025\n"),
    ]);
    let report = check(loaded);
    assert!(report.incomplete());
    assert_eq!(report.exit_code(), 2);
    assert!(report.findings.iter().any(|f| f.rule == "104"));
}

#[test]
fn lost_zeros_are_told_where_header_has_the_child() {
    let header = format!("{HEADER}\n0042,M,01/05/2012,WBRI,UN1,,\n");
    let loaded = memory(&[
        ("header.csv", &header),
        ("uasc.csv", "CHILD,SEX,DOB,DUC\n42,M,01/05/2012,\n"),
    ]);
    assert!(
        troubles(&loaded)
            .iter()
            .any(|line| line.starts_with("uasc.csv, line 2, column 1:") && line.contains("0042"))
    );
}

#[test]
fn one_bad_record_hides_nothing_about_other_children() {
    let header = format!("{HEADER}\n1,M,nonsense,WBRI,UN1,,\n2,F,01/05/2012,WBRI,UN1,0,\n");
    let episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
1,99/99/9999,S,C2,N1,U4,PR1,bad,X1,,,,
2,01/05/2011,S,C2,N1,U4,PR1,,,,,,
";
    let report = check(memory(&[
        ("header.csv", &header),
        ("episodes.csv", episodes),
    ]));
    assert!(rules_found(&report).contains(&("302", "Episodes", 1)));
    assert!(rules_found(&report).contains(&("141", "Episodes", 0)));
    assert!(
        !report
            .findings
            .iter()
            .any(|f| f.rule == "302" && &*f.child == "1")
    );
}

#[test]
fn files_are_found_by_their_columns_when_names_say_nothing_or_lie() {
    let loaded = memory(&[
        (
            "export 1.csv",
            "CHILD,DOB,REVIEW,REVIEW_CODE\n1,01/05/2012,01/06/2025,PN1\n",
        ),
        ("header.csv", "CHILD,SEX,DOB,DUC\n1,M,01/05/2012,\n"),
    ]);
    assert!(loaded.this[Table::Reviews as usize].is_some());
    assert!(loaded.this[Table::UASC as usize].is_some());
    assert!(loaded.this[Table::Header as usize].is_none());
}

const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<EXPSSDA903>
  <CHILD>
    <HEADER>
      <CHILDID>1</CHILDID><UPN>UN1</UPN><SEX>M</SEX><DOB>01/05/2012</DOB><ETHNIC>WBRI</ETHNIC><UASC>1</UASC>
      <AREVIEW><REVIEW>01/06/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
      <AREVIEW><REVIEW>01/12/2025</REVIEW><REVIEW_CODE>PN2</REVIEW_CODE></AREVIEW>
      <OC2><SDQ_SCORE>12</SDQ_SCORE><TEETH_CHECK>1</TEETH_CHECK></OC2>
      <AMISSING><MISSING>M</MISSING><MIS_START>01/07/2025</MIS_START><MIS_END/></AMISSING>
      <DUC>01/06/2025</DUC>
    </HEADER>
    <EPISODE><DECOM>01/05/2024</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL><PL_POST>B1 1AA</PL_POST></EPISODE>
    <EPISODE><DECOM>01/06/2025</DECOM><RNE>P</RNE><LS>C2</LS><PL>K2</PL><URN>SC1 &amp; 2</URN></EPISODE>
  </CHILD>
</EXPSSDA903>
"#;

#[test]
fn the_xml_form_fills_the_same_tables() {
    let loaded = memory(&[("return.xml", XML)]);
    assert_eq!(troubles(&loaded), [""; 0]);
    let all = cells(&loaded.this);
    let of = |name: &str| {
        all.iter()
            .find(|(table, _)| *table == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        of("Header"),
        [["1", "M", "01/05/2012", "WBRI", "UN1", "", ""]]
    );
    assert_eq!(of("Reviews")[1], ["1", "01/05/2012", "01/12/2025", "PN2"]);
    assert_eq!(of("UASC"), [["1", "M", "01/05/2012", "01/06/2025"]]);
    assert_eq!(of("Missing"), [["1", "01/05/2012", "M", "01/07/2025", ""]]);
    assert_eq!(of("Episodes")[0][5], "U4");
    assert_eq!(of("Episodes")[1][12], "SC1 & 2");
    assert_eq!(
        of("OC3").len() + of("AD1").len() + of("PlacedAdoption").len(),
        0
    );
    assert!(loaded.this[Table::SWEpisodes as usize].is_none());
    let report = check(loaded);
    assert!(!report.not_run.iter().any(|not_run| not_run.rule == "105"));
}

#[test]
fn a_broken_document_keeps_what_came_before() {
    let cut = &XML[..XML.find("<EPISODE><DECOM>01/06").unwrap()];
    let loaded = memory(&[("return.xml", cut)]);
    assert_eq!(
        loaded.this[Table::Episodes as usize]
            .as_ref()
            .unwrap()
            .len(),
        1
    );
    assert!(
        loaded
            .troubles
            .kept
            .iter()
            .any(|p| p.stops && p.place.line > 10)
    );
}

fn whole_example() -> Vec<Named> {
    let mut files: Vec<Named> = Vec::new();
    for entry in fs::read_dir(example()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.push(Named {
                name: path.file_name().unwrap().to_string_lossy().into_owned(),
                content: fs::read(&path).unwrap(),
            });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Whatever bytes are changed, cut or put in: no panic, and every rule is
    /// either run or said not to be.
    #[test]
    fn changed_bytes_never_break_the_reader(
        file in 0usize..13,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..12),
    ) {
        let mut files = whole_example();
        let at = file % files.len();
        for (index, byte, how) in changes {
            let content = &mut files[at].content;
            if content.is_empty() {
                break;
            }
            let place = index.index(content.len());
            match how {
                0 => content[place] = byte,
                1 => content.truncate(place),
                _ => content.insert(place, byte),
            }
        }
        let report = check(ssda903::read_memory(files, Vec::new()));
        prop_assert!(report.not_run.iter().all(|not_run| not_run.child.is_none()));
    }

    /// The same for the XML form.
    #[test]
    fn changed_bytes_never_break_the_xml_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut content = XML.as_bytes().to_vec();
        for (index, byte) in changes {
            let place = index.index(content.len());
            content[place] = byte;
        }
        content.truncate(cut.index(content.len()));
        let file = Named { name: "return.xml".to_owned(), content };
        let report = check(ssda903::read_memory(vec![file], Vec::new()));
        prop_assert!(report.not_run.iter().all(|not_run| not_run.child.is_none()));
    }

    /// Any text in any cell is written and read back as it was.
    #[test]
    fn any_text_reads_back_equal(values in prop::collection::vec("[ -~éß☃\"',;\n]{0,12}", 8)) {
        let mut data = ssda903::TableData::complete(Table::Reviews, false);
        for four in values.chunks(4) {
            let row = data.push();
            for (field, value) in Table::Reviews.columns().iter().zip(four) {
                data.set(row, *field, value).unwrap();
            }
            data.set(row, Field::CHILD, "1").unwrap();
        }
        let mut bytes = Vec::new();
        ssda903::write::table(&data, &mut bytes).unwrap();
        let file = Named { name: "reviews.csv".to_owned(), content: bytes };
        let read = ssda903::read_memory(vec![file], Vec::new());
        let back = read.this[Table::Reviews as usize].as_ref().unwrap();
        let cells = |data: &ssda903::TableData| -> Vec<Vec<String>> {
            let row = |row: ssda903::Row<'_>| Table::Reviews.columns().iter().map(|f| row.raw(*f).to_owned()).collect();
            data.rows().map(row).collect()
        };
        prop_assert_eq!(cells(&data), cells(back));
    }
}

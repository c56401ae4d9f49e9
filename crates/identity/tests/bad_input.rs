//! Files as they come: no header, mixed encodings, identifiers twice, rubbish.

use identity::link::{Options, link};
use identity::model::Model;
use identity::table::{BadFile, Mapping, Rejected, Table};
use proptest::prelude::*;

fn read(bytes: &[u8], mapping: &Mapping) -> (Result<(), BadFile>, Table, Vec<Rejected>) {
    let (mut table, mut rejected) = (Table::default(), Vec::new());
    let result = table.read(bytes, mapping, false, |r| rejected.push(r), |_| {});
    (result, table, rejected)
}

const HEADER: &str = "rec_id,source,given,middle,family,dob,sex,address,postcode,nhs\n";

#[test]
fn files_that_cannot_be_used_say_why() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"1,school,Maya,,Quill,2013-03-27,F,,,\n", "header"),
        (b"rec_id,given,given,family\n", "twice"),
        (b"PK\x03\x04rubbish", "spreadsheet"),
        (b"\xff\xfeM\x00", "UTF-16"),
    ] {
        let (result, ..) = read(bytes, &Mapping::default());
        let error = result.expect_err("refused").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn bad_lines_are_rejected_with_their_place_and_the_rest_is_read() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend_from_slice(b"1,school,Maya,,Quill,2013-03-27,F,1 Mill Lane,LK1 1AA,\n");
    bytes.extend_from_slice(b"1,school,Ava,,Quill,2013-03-27,F,1 Mill Lane,LK1 1AA,\n");
    bytes.extend_from_slice(b",school,Ava,,Quill,2013-03-27,F,1 Mill Lane,LK1 1AA,\n");
    bytes.extend_from_slice(b"2,school,Ava,,Quill\n");
    bytes.extend_from_slice(b"3,school,Zo\xeb,,Quill,31/02/2013,F,1 Mill Lane,LK1 1AA,\n");
    bytes.extend_from_slice("4,school,Zoë,,\"Quill, of Larkmere\",27/03/2013,F,,,\r\n".as_bytes());
    let (result, table, rejected) = read(&bytes, &Mapping::default());
    result.expect("read");
    let kept: Vec<&str> = (0..table.rows.len()).map(|i| table.id(i)).collect();
    assert_eq!(kept, ["1", "3", "4"]);
    let lines: Vec<(u64, bool)> = rejected
        .iter()
        .map(|r| (r.line, r.why.is_empty()))
        .collect();
    assert_eq!(lines, [(3, false), (4, false), (5, false), (6, false)]);
    // Zoë in the encoding of old Windows and in UTF-8 is one name.
    assert_eq!(table.rows[1].given, table.rows[2].given);
    assert!(table.rows[1].dob.is_none());
}

#[test]
fn other_headings_are_mapped() {
    let mut mapping = Mapping::default();
    for (ours, theirs) in [
        ("rec_id", "Client no"),
        ("given", "Forename"),
        ("family", "Surname"),
        ("dob", "Birth"),
    ] {
        mapping.0.insert(ours.into(), vec![theirs.into()]);
    }
    mapping
        .0
        .insert("address".into(), vec!["House".into(), "Street".into()]);
    let (result, table, _) = read(b"Client no;,Forename\n", &mapping);
    assert!(matches!(result, Err(BadFile::Column { .. })) && table.rows.is_empty());
    let bytes = b"\xef\xbb\xbfClient no,Forename,Surname,Birth,House,Street\na,Maya,Quill,20130327,12,Mill Lane\nb,Maya,Quill,2013-03-27,12,Mill Ln\n";
    let (result, table, rejected) = read(bytes, &mapping);
    result.expect("read");
    assert!(rejected.is_empty());
    assert_eq!(table.rows[0].dob, table.rows[1].dob);
    assert_eq!(table.rows[0].home, table.rows[1].home);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_bytes_behind_a_header_are_read_and_linked_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut all = HEADER.as_bytes().to_vec();
        all.extend_from_slice(&bytes);
        let (result, table, _) = read(&all, &Mapping::default());
        prop_assert!(result.is_ok());
        let linked = link(&table, &Model::shipped(), &Options::default(), &|_| {});
        prop_assert!(linked.groups.all().len() <= table.rows.len());
    }

    #[test]
    fn order_of_the_lines_does_not_change_who_is_joined(seed in 0u64..500) {
        let folder = tempfile::tempdir().expect("a folder");
        identity::invent::write_records(folder.path(), 150, seed, 1.5).expect("written");
        let text = std::fs::read_to_string(folder.path().join("records.csv")).expect("text");
        let mut lines: Vec<&str> = text.lines().skip(1).collect();
        let groups = |lines: &[&str]| {
            let all = format!("{HEADER}{}\n", lines.join("\n"));
            let (result, table, _) = read(all.as_bytes(), &Mapping::default());
            assert!(result.is_ok());
            let linked = link(&table, &Model::shipped(), &Options::default(), &|_| {});
            let mut groups: Vec<Vec<String>> = linked
                .groups
                .all()
                .into_iter()
                .map(|g| {
                    let mut ids: Vec<String> = g.into_iter().map(|r| table.id(r as usize).to_owned()).collect();
                    ids.sort();
                    ids
                })
                .collect();
            groups.sort();
            groups
        };
        let before = groups(&lines);
        lines.reverse();
        let after = groups(&lines);
        // Ties may fall otherwise; all but a few groups are the same.
        let same = before.iter().filter(|g| after.contains(g)).count();
        prop_assert!(same * 100 >= before.len() * 97, "{same} of {}", before.len());
    }
}

//! From bytes to rows: the encoding, the separator and the headings are found
//! out, and what is no table is said plainly.

use super::Error;

/// A table with its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The headings, trimmed.
    pub headings: Vec<String>,
    /// The rows with the line each begins on, counted from 1.
    pub rows: Vec<(u64, Vec<String>)>,
    /// The encoding, for the report.
    pub encoding: &'static str,
    /// The separator.
    pub separator: char,
}

/// What Windows-1252 has in place of the 32 control characters of Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn problem(what: &str) -> Error {
    Error::File(what.to_owned())
}

/// Reads a whole file.
pub fn read(bytes: &[u8]) -> Result<Table, Error> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(problem(
            "This is a spreadsheet, not a CSV file. Open it, choose “Save as”, then “CSV UTF-8”.",
        ));
    }
    let (text, encoding) = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(problem("The file is empty."));
    }
    let first = text
        .lines()
        .find(|l| !l.trim().is_empty())
        .unwrap_or_default();
    if first.trim_start().starts_with(['<', '{']) || first.starts_with("%PDF") {
        return Err(problem(
            "This is not a CSV file: its first line is not a line of headings.",
        ));
    }
    let separator = separator(first);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator as u8)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut headings: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| problem(&format!("The file cannot be read: {e}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        match &headings {
            None => headings = Some(cells),
            Some(_) => rows.push((line, cells)),
        }
    }
    let headings = headings.unwrap_or_default();
    if headings.len() < 2 {
        return Err(problem(
            "The first line has only one column. Columns are separated by commas, semicolons, tabs or bars.",
        ));
    }
    if headings.iter().any(|h| looks_like_data(h)) {
        return Err(problem(
            "The first line looks like a person, not like headings. Put a line with the name of each column on top.",
        ));
    }
    if rows.is_empty() {
        return Err(problem("The file has headings but no rows."));
    }
    Ok(Table {
        headings,
        rows,
        encoding,
        separator,
    })
}

fn decode(bytes: &[u8]) -> Result<(String, &'static str), Error> {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return match std::str::from_utf8(rest) {
            Ok(text) => Ok((text.to_owned(), "UTF-8")),
            Err(e) => Err(problem(&format!(
                "The file says that it is UTF-8, but byte {} is not. Export it again.",
                e.valid_up_to() + 4
            ))),
        };
    }
    if let [0xff, 0xfe, rest @ ..] = bytes {
        let units: Vec<u16> = rest
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| u16::from_le_bytes(*pair))
            .collect();
        return String::from_utf16(&units)
            .map(|text| (text, "UTF-16"))
            .map_err(|_| problem("The file is damaged UTF-16. Export it as CSV UTF-8."));
    }
    if bytes.contains(&0) {
        return Err(problem("This is not a text file. Export the table as CSV."));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), "UTF-8")),
        Err(_) => {
            let letter = |b: &u8| match b {
                0x80..=0x9f => WINDOWS[usize::from(b - 0x80)],
                _ => char::from(*b),
            };
            Ok((bytes.iter().map(letter).collect(), "Windows-1252"))
        }
    }
}

/// The separator that the headings have most of, outside quotes.
fn separator(line: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0), ('|', 0)];
    for c in line.chars() {
        if c == '"' {
            quoted = !quoted;
        } else if !quoted && let Some(count) = counts.iter_mut().find(|(s, _)| *s == c) {
            count.1 += 1;
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, n)| *n)
        .map_or(',', |(c, _)| *c)
}

/// A date or a long number is no heading.
fn looks_like_data(heading: &str) -> bool {
    let digits = heading.chars().filter(char::is_ascii_digit).count();
    digits >= 6 || vocabulary::plain::read_date(heading).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_and_separators_are_found_out() {
        let table = read("\u{feff}Given;Family\nZoë;Łuck\n".as_bytes()).expect("a table");
        assert_eq!((table.separator, table.encoding), (';', "UTF-8"));
        assert_eq!(table.rows, [(2, vec!["Zoë".to_owned(), "Łuck".to_owned()])]);
        let table = read(b"Given\tFamily\nZo\xeb\tO\x92Hara\n").expect("a table");
        assert_eq!(table.encoding, "Windows-1252");
        assert_eq!(table.rows[0].1, ["Zoë", "O’Hara"]);
        let table = read(b"Given,\"Family, last\"\nA,\"B\nC\"\nD,E\n").expect("a table");
        assert_eq!(table.headings[1], "Family, last");
        assert_eq!(table.rows[1].0, 4);
    }

    #[test]
    fn what_is_no_table_is_said_plainly() {
        for (bytes, says) in [
            (&b""[..], "empty"),
            (b"  \n\n", "empty"),
            (b"PK\x03\x04....", "spreadsheet"),
            (b"a\0b", "not a text file"),
            (b"<html><body>", "not a CSV file"),
            (b"just words\nmore words\n", "only one column"),
            (
                b"Maya,Quill,27/03/2013\nIdris,Quill,01/02/2015\n",
                "looks like a person",
            ),
            (b"Given,Family\n", "no rows"),
        ] {
            let said = read(bytes).expect_err("no table").to_string();
            assert!(said.contains(says), "{said}");
        }
    }
}

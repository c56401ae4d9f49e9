//! Reads one CSV file into one table, however a spreadsheet left it: byte
//! order mark, Windows line ends or letters, other separators, columns out of
//! order, renamed or doubled, short rows, shortened numbers. What is wrong is
//! told with file, line and column; what can be read is read.

use std::io::{self, Read};

use super::data::TableData;
use super::tables::{Field, Table};
use super::troubles::Troubles;
use crate::core::dates::{any_shape, uk};

/// The longest line that can be a row.
const LONGEST_LINE: usize = 1 << 20;
/// The largest file that is read.
const LARGEST_FILE: u64 = 2 << 30;
/// A row that spans more lines than this has a quote that does not close.
const MOST_LINES: u64 = 10;

/// The text of a file and what was wrong with its encoding.
///
/// # Errors
/// The file cannot be read, is too large, or has a line longer than 1 MB.
pub fn text(mut source: impl Read) -> io::Result<(String, Option<&'static str>)> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0u8; 1 << 16];
    let mut line = 0usize;
    loop {
        let count = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let read = &chunk[..count];
        line = match read.iter().rposition(|c| matches!(c, b'\n' | b'\r')) {
            Some(at) => count - at - 1,
            None => line + count,
        };
        bytes.extend_from_slice(read);
        if line > LONGEST_LINE {
            let number = 1 + bytes.iter().filter(|c| **c == b'\n').count();
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("line {number} is longer than a megabyte: this is no table"),
            ));
        }
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the file is larger than 2 GB".to_owned(),
            ));
        }
    }
    Ok(decode(bytes))
}

fn decode(bytes: Vec<u8>) -> (String, Option<&'static str>) {
    let wide = |rest: &[u8], two: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|c| two([c[0], c[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    const UTF16: &str = "The file is in UTF-16: save it as \"CSV UTF-8\"";
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return (wide(rest, u16::from_le_bytes), Some(UTF16));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return (wide(rest, u16::from_be_bytes), Some(UTF16));
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            (text, None)
        }
        Err(error) => {
            // Windows' own letters: every byte is a character.
            let text = error.into_bytes().into_iter().map(char::from).collect();
            (
                text,
                Some(
                    "The file is not in UTF-8: it was read letter by letter as Windows text. Save it as \"CSV UTF-8\"",
                ),
            )
        }
    }
}

/// The separator of a file, by its first line.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    match (count(','), count(';'), count('\t')) {
        (commas, semicolons, tabs) if commas >= semicolons && commas >= tabs => b',',
        (_, semicolons, tabs) if semicolons >= tabs => b';',
        _ => b'\t',
    }
}

/// The names in a file's first line.
pub fn first_line(text: &str) -> Vec<String> {
    let separator = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.lines().next().unwrap_or_default().as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(|name| name.trim().to_owned()).collect(),
        // An empty or broken first line names no column.
        Ok(false) | Err(_) => Vec::new(),
    }
}

/// The table whose columns are the closest to these names, and whether they
/// are exactly its own. `None` when fewer than three in five are there.
pub fn table_of(names: &[String]) -> Option<(Table, bool)> {
    let fields: Vec<Field> = names
        .iter()
        .filter_map(|name| Field::from_name(name))
        .collect();
    let scored = Table::ALL.into_iter().map(|table| {
        let columns = table.columns();
        let here = columns
            .iter()
            .filter(|column| fields.contains(column))
            .count();
        let own = fields
            .iter()
            .filter(|field| columns.contains(field))
            .count();
        let exact = here == columns.len() && own == names.len();
        (
            here * 100 / columns.len() + own * 100 / names.len().max(1),
            here,
            table,
            exact,
        )
    });
    let (score, here, table, exact) = scored.max_by_key(|(score, here, ..)| (*score, *here))?;
    (score >= 120 && here > 2).then_some((table, exact))
}

/// Which field each column of the file holds.
fn columns(
    table: Table,
    names: &[String],
    file: &str,
    troubles: &mut Troubles,
) -> Vec<Option<Field>> {
    let own =
        |field: &Field| table.columns().contains(field) || table.extra_columns().contains(field);
    let mut fields: Vec<Option<Field>> = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let field = Field::from_name(name).filter(own);
        let place = (file, 1, at as u64 + 1);
        match field {
            Some(known) if fields.contains(&Some(known)) => {
                troubles.note("doubled", place, || {
                    format!(
                        "The column {} is there twice. The first one was used: take this one out",
                        known.name()
                    )
                });
                fields.push(None);
            }
            field => fields.push(field),
        }
    }
    let missing: Vec<Field> = table
        .columns()
        .iter()
        .copied()
        .filter(|f| !fields.contains(&Some(*f)))
        .collect();
    for field in missing {
        let expected = table
            .columns()
            .iter()
            .position(|column| *column == field)
            .unwrap_or_default();
        let before = expected.checked_sub(1).map(|at| table.columns()[at]);
        let after = table.columns().get(expected + 1).copied();
        // A column with an unknown name that stands exactly where this one
        // belongs is this one under another name.
        let renamed = (0..fields.len()).find(|at| {
            fields[*at].is_none()
                && !names[*at].is_empty()
                && Field::from_name(&names[*at]).is_none()
                && at.checked_sub(1).map(|at| fields[at]) == before.map(Some)
                && fields.get(at + 1).copied() == after.map(Some)
        });
        if let Some(at) = renamed {
            fields[at] = Some(field);
            troubles.note("renamed", (file, 1, at as u64 + 1), || {
                format!("The column \"{}\" stands where {} belongs and was read as {}: give it that name", names[at], field.name(), field.name())
            });
        } else {
            troubles.note("missing column", (file, 1, expected as u64 + 1), || {
                format!(
                    "The column {} is missing. Rules that need it were not run: add it",
                    field.name()
                )
            });
        }
    }
    for (at, (name, field)) in names.iter().zip(&fields).enumerate() {
        let doubled = Field::from_name(name).is_some_and(|f| fields.contains(&Some(f)));
        if field.is_none() && !doubled {
            troubles.note("unknown column", (file, 1, at as u64 + 1), || {
                format!(
                    "The column \"{name}\" does not belong to {} and was not read: take it out",
                    table.file()
                )
            });
        }
    }
    fields
}

/// Reads the rows of a file whose table is known.
pub fn read(
    table: Table,
    last: bool,
    file: &str,
    text: &str,
    troubles: &mut Troubles,
) -> TableData {
    let names = first_line(text);
    let separator = separator(text);
    if separator != b',' {
        troubles.note("separator", (file, 1, 0), || {
            "The columns are not separated by commas: save the file as \"CSV (comma separated)\"".to_owned()
        });
    }
    let fields = columns(table, &names, file, troubles);
    let given: Vec<Field> = fields.iter().flatten().copied().collect();
    let mut fresh = Troubles::default();
    let whole = rows(
        &TableData::new(table, last, &given),
        &fields,
        file,
        text,
        separator,
        true,
        &mut fresh,
    );
    let data = whole.unwrap_or_else(|line| {
        fresh = Troubles::default();
        fresh.note("open quote", (file, line, 0), || {
            "A quote begins in this row and does not end: quotes were read as plain letters in this file".to_owned()
        });
        // Without quotes every row ends with its line, so this cannot fail again.
        rows(&TableData::new(table, last, &given), &fields, file, text, separator, false, &mut fresh)
            .unwrap_or_else(|_| TableData::new(table, last, &given))
    });
    troubles.add(fresh);
    data
}

/// The rows; `Err` with the line of a row that spans too many lines.
fn rows(
    empty: &TableData,
    fields: &[Option<Field>],
    file: &str,
    text: &str,
    separator: u8,
    quotes: bool,
    troubles: &mut Troubles,
) -> Result<TableData, u64> {
    let mut data = empty.clone();
    data.reserve(text.len() / 40, text.len());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .flexible(true)
        .delimiter(separator)
        .quoting(quotes)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    if let Err(error) = reader.headers() {
        troubles.stop(file, 1, format!("The first line cannot be read: {error}"));
        return Ok(data);
    }
    let mut lines = Lines {
        text: text.as_bytes(),
        at: 0,
        line: 1,
    };
    loop {
        let line = lines.of(reader.position().byte());
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                troubles.stop(
                    file,
                    line,
                    format!("The file cannot be read further: {error}"),
                );
                break;
            }
        }
        let line = record.position().map_or(line, |at| lines.of(at.byte()));
        if quotes && lines.of(reader.position().byte()).saturating_sub(line) > MOST_LINES {
            return Err(line);
        }
        if record.len() != fields.len() {
            troubles.note("fields", (file, line, 0), || {
                format!("The row has {} fields and the first line {}: missing ones were read as blank, others left out", record.len(), fields.len())
            });
        }
        let row = data.push();
        for (at, (value, field)) in record.iter().zip(fields).enumerate() {
            let Some(field) = *field else { continue };
            let place = (file, line, at as u64 + 1);
            if data.set(row, field, value).is_err() {
                troubles.note("long", place, || {
                    format!(
                        "{} is longer than 65,000 letters: only its beginning was read",
                        field.name()
                    )
                });
            }
            damage(field, value.trim(), place, troubles);
        }
    }
    data.shrink();
    Ok(data)
}

/// Notes what spreadsheets do to a value.
pub fn damage(field: Field, value: &str, place: (&str, u64, u64), troubles: &mut Troubles) {
    if value.is_empty() {
        if field == Field::CHILD {
            troubles.note("no child", place, || {
                "CHILD is blank: the row was checked alone and belongs to nobody".to_owned()
            });
        }
        return;
    }
    if field.is_date() {
        if uk(value).is_none() && any_shape(value).is_some() {
            troubles.note("date shape", place, || {
                format!("{} \"{value}\" is a date but not written as DD/MM/YYYY: it was read, but the upload will refuse it", field.name())
            });
        } else if value.len() == 5 && value.bytes().all(|c| c.is_ascii_digit()) {
            troubles.note("date number", place, || {
                format!("{} \"{value}\" looks like a spreadsheet's day number: format the column as a date DD/MM/YYYY", field.name())
            });
        }
    } else if matches!(field, Field::CHILD | Field::UPN | Field::URN | Field::SW_ID)
        && shortened(value)
    {
        troubles.note("shortened", place, || {
            format!("{} \"{value}\" is a number that a spreadsheet shortened; its digits are lost: export again with the column as text", field.name())
        });
    } else if field == Field::LA_PERM
        && value.len() < 3
        && value.bytes().all(|c| c.is_ascii_digit())
    {
        troubles.note("zeros", place, || {
            format!("LA_PERM \"{value}\" has fewer than three digits: leading zeros were lost, export again with the column as text")
        });
    }
}

/// Whether a text is a number in a spreadsheet's short form: "1E+05".
fn shortened(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(part) && power.strip_prefix('+').is_some_and(digits)
}

/// Line numbers of places that only grow, whatever ends the lines.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a place; the end of a line belongs to the next one.
    fn of(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        while let Some(c) = self.text.get(self.at) {
            let end = matches!(c, b'\n' | b'\r');
            if self.at >= place && !end {
                break;
            }
            let pair = *c == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(end && !pair);
            self.at += 1;
        }
        self.line
    }
}

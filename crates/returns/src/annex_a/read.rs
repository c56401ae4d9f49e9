//! Reads Annex A from a workbook (sheets "List 1" to "List 11") or from CSV
//! files named so. Columns are found by their headings in any order, spelt
//! with any spaces, capitals and marks; what is missing or unknown is told.

use std::io::{Cursor, Read, Seek};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use chrono::{Days, NaiveDate};

use super::layout::{Kind, List, layout, plain};
use super::{Book, Filled};
use crate::core::dates::any_shape;
use crate::core::problem::{Place, Problem};

/// One cell as it was found.
enum Cell {
    Text(String),
    Day(NaiveDate),
}

fn problem(file: &str, line: u64, column: u64, stops: bool, message: String) -> Problem {
    Problem {
        place: Place {
            file: file.to_owned(),
            line,
            column,
        },
        message,
        stops,
    }
}

/// A spreadsheet's day number as a date.
fn from_serial(serial: f64) -> Option<NaiveDate> {
    let days = serial.floor();
    let good = (1.0..200_000.0).contains(&days);
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    good.then(|| start.checked_add_days(Days::new(days as u64)))
        .flatten()
}

fn cell(data: &Data) -> Option<Cell> {
    match data {
        Data::Empty => None,
        Data::DateTime(at) => from_serial(at.as_f64()).map(Cell::Day),
        Data::DateTimeIso(text) => match any_shape(text) {
            Some((day, _)) => Some(Cell::Day(day)),
            None => Some(Cell::Text(text.clone())),
        },
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(Cell::Text(format!("{number:.0}")))
        }
        other => Some(Cell::Text(other.to_string())),
    }
}

/// Puts rows with headings into a list's columns.
fn fill(
    list: &List,
    file: &str,
    mut rows: impl Iterator<Item = (u64, Vec<Option<Cell>>)>,
    problems: &mut Vec<Problem>,
) -> Option<Filled> {
    let (top, headings) = rows.next()?;
    let mut places: Vec<Option<usize>> = Vec::new();
    for (at, heading) in (1u64..).zip(&headings) {
        let Some(Cell::Text(heading)) = heading else {
            places.push(None);
            continue;
        };
        let found = list.column(heading);
        if found.is_none() && !plain(heading).is_empty() {
            let message = format!(
                "There is no column \"{heading}\" in {}: it was passed over",
                list.sheet()
            );
            problems.push(problem(file, top, at, false, message));
        }
        if found.is_some() && places.contains(&found) {
            let message = format!("The column \"{heading}\" stands twice; the first one counts");
            problems.push(problem(file, top, at, false, message));
            places.push(None);
        } else {
            places.push(found);
        }
    }
    for (at, column) in list.columns.iter().enumerate() {
        if !places.contains(&Some(at)) {
            let message = format!(
                "The column \"{}\" is missing: its values count as blank",
                column.header
            );
            problems.push(problem(file, top, 0, false, message));
        }
    }
    let mut filled = Filled::default();
    for (_, cells) in rows {
        let mut row = vec![None; list.columns.len()];
        for (place, cell) in places.iter().zip(cells) {
            let (Some(place), Some(cell)) = (place, cell) else {
                continue;
            };
            let kind = list.columns.get(*place).map(|column| column.kind);
            if let Some(slot) = row.get_mut(*place) {
                *slot = value(cell, kind == Some(Kind::Date));
            }
        }
        if row.iter().any(Option::is_some) {
            filled.rows.push(row);
        }
    }
    Some(filled)
}

fn value(cell: Cell, date: bool) -> Option<Box<str>> {
    let text = match cell {
        Cell::Day(day) => return Some(day.format("%Y-%m-%d").to_string().into()),
        Cell::Text(text) => text,
    };
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if date {
        // A date cell without its format is a bare number.
        let serial = text.parse::<f64>().ok().filter(|n| *n > 10_000.0);
        let day = any_shape(text)
            .map(|(day, _)| day)
            .or_else(|| from_serial(serial?));
        if let Some(day) = day {
            return Some(day.format("%Y-%m-%d").to_string().into());
        }
    }
    Some(text.into())
}

/// Reads a workbook.
///
/// # Errors
/// When the built-in layout does not read. Trouble with the file is among the
/// problems.
pub fn workbook(file: &str, source: impl Read + Seek) -> Result<(Book, Vec<Problem>), String> {
    let lists = layout()?;
    let mut book = Book::default();
    let mut problems = Vec::new();
    let mut sheets: Xlsx<_> = match calamine::open_workbook_from_rs(ReadSeek(source)) {
        Ok(sheets) => sheets,
        Err(error) => {
            let error: calamine::XlsxError = error;
            let message = format!("This is no workbook (.xlsx) that can be read: {error}");
            problems.push(problem(file, 0, 0, true, message));
            return Ok((book, problems));
        }
    };
    let names = sheets.sheet_names();
    for (list, place) in lists.iter().zip(&mut book.lists) {
        let wanted = plain(&list.sheet());
        let Some(name) = names.iter().find(|name| plain(name) == wanted) else {
            let message = format!("There is no sheet \"{}\" ({})", list.sheet(), list.name);
            problems.push(problem(file, 0, 0, false, message));
            continue;
        };
        let place_name = format!("{file}, sheet {name}");
        match sheets.worksheet_range(name) {
            Ok(range) => {
                let start = range.start().map_or(0, |(row, _)| u64::from(row));
                let rows = (start + 1..)
                    .zip(range.rows())
                    .map(|(line, row)| (line, row.iter().map(cell).collect()));
                *place = fill(list, &place_name, rows, &mut problems);
            }
            Err(error) => {
                let message = format!("The sheet cannot be read: {error}");
                problems.push(problem(&place_name, 0, 0, true, message));
            }
        }
    }
    Ok((book, problems))
}

/// calamine wants an owned reader; this is one around anything.
struct ReadSeek<T>(T);

impl<T: Read> Read for ReadSeek<T> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(to)
    }
}

impl<T: Seek> Seek for ReadSeek<T> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

/// Reads one list from CSV.
fn csv_list(list: &List, file: &str, bytes: &[u8], problems: &mut Vec<Problem>) -> Option<Filled> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(crate::core::source::Source::new(Cursor::new(bytes)));
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = record.iter().map(|text| Some(Cell::Text(text.to_owned())));
                rows.push((line, cells.collect()));
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let message = format!("This line cannot be read: {error}");
                problems.push(problem(file, line, 0, false, message));
            }
        }
    }
    fill(list, file, rows.into_iter(), problems)
}

/// Reads a folder of CSV files named "List 1.csv" to "List 11.csv" (any
/// capitals, spaces or marks).
///
/// # Errors
/// When the folder cannot be read.
pub fn folder(path: &Path) -> Result<(Book, Vec<Problem>), String> {
    let lists = layout()?;
    let mut book = Book::default();
    let mut problems = Vec::new();
    let wrong = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(wrong)? {
        files.push(entry.map_err(wrong)?.path());
    }
    for (list, place) in lists.iter().zip(&mut book.lists) {
        let wanted = plain(&list.sheet());
        let named = |path: &&std::path::PathBuf| {
            let csv = path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
            csv && path
                .file_stem()
                .is_some_and(|stem| plain(&stem.to_string_lossy()) == wanted)
        };
        let Some(found) = files.iter().find(named) else {
            let message = format!("There is no file \"{}.csv\" ({})", list.sheet(), list.name);
            let name = path.display().to_string();
            problems.push(problem(&name, 0, 0, false, message));
            continue;
        };
        let name = found.display().to_string();
        match std::fs::read(found) {
            Ok(bytes) => *place = csv_list(list, &name, &bytes, &mut problems),
            Err(error) => {
                let message = format!("The file cannot be read: {error}");
                problems.push(problem(&name, 0, 0, true, message));
            }
        }
    }
    Ok((book, problems))
}

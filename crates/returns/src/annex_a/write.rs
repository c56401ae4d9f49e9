//! Writes Annex A as one workbook, as Ofsted asks for it, or as CSV files.

use std::io::{self, Write};
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::layout::{Kind, List, layout};
use super::{Book, Filled};
use crate::core::dates::iso;

/// Writes a workbook with sheets "List 1" to "List 11", dates as dates in the
/// form dd/mm/yyyy. A list that is not there becomes an empty sheet with its
/// headings.
///
/// # Errors
/// When it cannot be made or written.
pub fn workbook(book: &Book, mut out: impl Write) -> io::Result<()> {
    let lists = layout().map_err(io::Error::other)?;
    let bytes = drawn(book, &lists).map_err(io::Error::other)?;
    out.write_all(&bytes)?;
    out.flush()
}

fn drawn(book: &Book, lists: &[List]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold().set_text_wrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (list, filled) in lists.iter().zip(&book.lists) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(list.sheet())?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(&list.columns) {
            sheet.write_string_with_format(0, at, &column.header, &bold)?;
            sheet.set_column_width(at, 18)?;
        }
        let rows = filled.iter().flat_map(|filled| &filled.rows);
        for (line, row) in (1u32..).zip(rows) {
            for (at, (column, value)) in (0u16..).zip(list.columns.iter().zip(row)) {
                let Some(value) = value.as_deref() else {
                    continue;
                };
                let number = value.parse::<u32>().ok();
                let date = iso(value).and_then(|_| ExcelDateTime::parse_from_str(value).ok());
                match (column.kind, date, number) {
                    (Kind::Date, Some(date), _) => {
                        sheet.write_datetime_with_format(line, at, &date, &day)?;
                    }
                    (Kind::Integer, _, Some(number)) => {
                        sheet.write_number(line, at, f64::from(number))?;
                    }
                    _ => {
                        sheet.write_string(line, at, value)?;
                    }
                }
            }
        }
    }
    workbook.save_to_buffer()
}

/// A date as Annex A shows it.
fn shown(kind: Kind, value: &str) -> String {
    match iso(value) {
        Some(day) if kind == Kind::Date => day.format("%d/%m/%Y").to_string(),
        _ => value.to_owned(),
    }
}

/// Writes one list as CSV.
///
/// # Errors
/// When it cannot be written.
pub fn csv_list(list: &List, filled: &Filled, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(list.columns.iter().map(|column| &column.header))?;
    for row in &filled.rows {
        let cells = list.columns.iter().zip(row);
        csv.write_record(cells.map(|(column, value)| {
            value
                .as_deref()
                .map(|value| shown(column.kind, value))
                .unwrap_or_default()
        }))?;
    }
    csv.flush()
}

/// Writes the lists that are there as "List 1.csv" and so on into a folder.
///
/// # Errors
/// When a file cannot be written.
pub fn folder(book: &Book, path: &Path) -> io::Result<()> {
    let lists = layout().map_err(io::Error::other)?;
    for (list, filled) in lists.iter().zip(&book.lists) {
        if let Some(filled) = filled {
            let file = std::fs::File::create(path.join(format!("{}.csv", list.sheet())))?;
            csv_list(list, filled, io::BufWriter::new(file))?;
        }
    }
    Ok(())
}

//! Writes a return as the set of CSV files that the department's portal
//! takes: columns in their exact order, dates as they are kept, UTF-8, Windows
//! line ends left out.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::child::Tables;
use super::data::TableData;
use super::tables::Table;

/// Writes one table to a writer.
///
/// # Errors
/// What the writer says.
pub fn table(data: &TableData, target: impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(target);
    let columns = data.table.columns();
    writer.write_record(columns.iter().map(|field| field.name()))?;
    for row in data.rows() {
        writer.write_record(columns.iter().map(|field| row.raw(*field)))?;
    }
    writer.flush()
}

/// Writes every table into a folder, which is made when it is not there. A
/// table without a file is left out; a table without rows gets a file with
/// its first line.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn folder(tables: &Tables, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for one in Table::ALL {
        if let Some(data) = &tables[one as usize] {
            let file = File::create(folder.join(format!("{}.csv", one.file())))?;
            table(data, BufWriter::new(file))?;
        }
    }
    Ok(())
}

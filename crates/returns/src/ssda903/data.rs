//! One table in memory: every cell typed once when it is read, what does not
//! fit its type kept as it was written, so that rules of validity can see it
//! and all others can skip it. Cells lie row after row in flat memory, with
//! their text in one buffer.

use chrono::NaiveDate;

use crate::core::dates::{any_shape, uk};

use super::tables::{Field, Table};

const ABSENT: u8 = u8::MAX;
const FIELDS: usize = Field::ALL.len();

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    at: u32,
    length: u16,
    /// Set when an upper-case copy of the text follows it in the buffer.
    folded: bool,
}

/// One of the tables with all its rows.
#[derive(Debug, Clone)]
pub struct TableData {
    /// Which table.
    pub table: Table,
    /// Whether it is last year's.
    pub last: bool,
    text: String,
    cells: Vec<Cell>,
    dates: Vec<Option<NaiveDate>>,
    width: usize,
    date_width: usize,
    /// Where a field's cell lies in a row.
    place: [u8; FIELDS],
    date_place: [u8; FIELDS],
    /// Whether the file has the column.
    given: [bool; FIELDS],
    rows: u32,
}

/// A cell that does not fit in memory as it is: longer than 65,535 bytes, or
/// beyond four gigabytes of text in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl TableData {
    /// A table without rows. `given` are the columns that its file has.
    pub fn new(table: Table, last: bool, given: &[Field]) -> Self {
        let mut place = [ABSENT; FIELDS];
        let mut date_place = [ABSENT; FIELDS];
        let (mut width, mut date_width) = (0u8, 0u8);
        for field in table.columns().iter().chain(table.extra_columns()) {
            place[*field as usize] = width;
            width += 1;
            if field.is_date() {
                date_place[*field as usize] = date_width;
                date_width += 1;
            }
        }
        let mut has = [false; FIELDS];
        for field in given {
            has[*field as usize] = place[*field as usize] != ABSENT;
        }
        Self {
            table,
            last,
            text: String::new(),
            cells: Vec::new(),
            dates: Vec::new(),
            width: usize::from(width),
            date_width: usize::from(date_width),
            place,
            date_place,
            given: has,
            rows: 0,
        }
    }

    /// A table without rows that has all the columns of its file.
    pub fn complete(table: Table, last: bool) -> Self {
        Self::new(table, last, table.columns())
    }

    /// The table's name in findings.
    pub fn name(&self) -> &'static str {
        if self.last {
            self.table.name_last()
        } else {
            self.table.name()
        }
    }

    /// The number of rows.
    pub fn len(&self) -> u32 {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether the file has the column, or the program filled it.
    pub fn has(&self, field: Field) -> bool {
        self.given[field as usize]
    }

    /// Says that a column is there, filled by the program.
    pub fn now_has(&mut self, field: Field) {
        self.given[field as usize] = self.place[field as usize] != ABSENT;
    }

    /// Adds a row of blanks and says its position.
    pub fn push(&mut self) -> u32 {
        let row = self.rows;
        let cells = self.cells.len() + self.width;
        self.cells.resize(cells, Cell::default());
        self.dates.resize(self.dates.len() + self.date_width, None);
        self.rows += 1;
        row
    }

    /// Sets a cell. Spaces around the text do not count; a field that the
    /// table does not have is left out.
    ///
    /// # Errors
    /// [`TooLong`]; the cell then holds the beginning of the text.
    pub fn set(&mut self, row: u32, field: Field, text: &str) -> Result<(), TooLong> {
        let place = self.place[field as usize];
        if place == ABSENT {
            return Ok(());
        }
        let text = text.trim();
        let Ok(at) = u32::try_from(self.text.len()) else {
            return Err(TooLong);
        };
        let mut end = text.len().min(usize::from(u16::MAX));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let kept = &text[..end];
        let folded = kept.bytes().any(|c| c.is_ascii_lowercase());
        self.text.push_str(kept);
        if folded {
            self.text
                .extend(kept.chars().map(|c| c.to_ascii_uppercase()));
        }
        // `end` is at most u16::MAX by the line above.
        let length = u16::try_from(end).map_err(|_| TooLong)?;
        let cell = row as usize * self.width + usize::from(place);
        self.cells[cell] = Cell { at, length, folded };
        let date_place = self.date_place[field as usize];
        if date_place != ABSENT {
            let cell = row as usize * self.date_width + usize::from(date_place);
            // Another shape is told as an error and still read as a date, so
            // that one column saved by the wrong program hides nothing else.
            self.dates[cell] = uk(kept).or_else(|| any_shape(kept).map(|(date, _)| date));
        }
        if end < text.len() {
            Err(TooLong)
        } else {
            Ok(())
        }
    }

    /// A row.
    pub fn row(&self, index: u32) -> Row<'_> {
        Row { data: self, index }
    }

    /// All rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows).map(|index| self.row(index))
    }

    /// Gives back memory that growing left over.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.cells.shrink_to_fit();
        self.dates.shrink_to_fit();
    }

    /// Makes room for so many rows and so much text.
    pub fn reserve(&mut self, rows: usize, text: usize) {
        self.text.reserve(text);
        self.cells.reserve(rows * self.width);
        self.dates.reserve(rows * self.date_width);
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    data: &'a TableData,
    /// The position in the file, from 0.
    pub index: u32,
}

impl PartialEq for Row<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.data, other.data)
    }
}

impl<'a> Row<'a> {
    /// The table.
    pub fn data(self) -> &'a TableData {
        self.data
    }

    fn cell(self, field: Field) -> Cell {
        match self.data.place[field as usize] {
            ABSENT => Cell::default(),
            place => self.data.cells[self.index as usize * self.data.width + usize::from(place)],
        }
    }

    /// The text as the file has it, without spaces around; empty when blank.
    pub fn raw(self, field: Field) -> &'a str {
        let cell = self.cell(field);
        let at = cell.at as usize;
        &self.data.text[at..at + usize::from(cell.length)]
    }

    /// The text in upper case, as codes are compared; empty when blank.
    pub fn text(self, field: Field) -> &'a str {
        let cell = self.cell(field);
        let length = usize::from(cell.length);
        let at = cell.at as usize + if cell.folded { length } else { 0 };
        &self.data.text[at..at + length]
    }

    /// Whether anything stands in the cell.
    pub fn has(self, field: Field) -> bool {
        self.cell(field).length > 0
    }

    /// Whether the cell is blank.
    pub fn blank(self, field: Field) -> bool {
        !self.has(field)
    }

    /// Whether the cell holds this code.
    pub fn is(self, field: Field, code: &str) -> bool {
        self.text(field) == code
    }

    /// Whether the cell holds one of these codes.
    pub fn any(self, field: Field, codes: &[&str]) -> bool {
        let text = self.text(field);
        codes.contains(&text)
    }

    /// The date, in whatever shape it was written; `None` when blank or not
    /// a date.
    pub fn date(self, field: Field) -> Option<NaiveDate> {
        match self.data.date_place[field as usize] {
            ABSENT => None,
            place => {
                self.data.dates[self.index as usize * self.data.date_width + usize::from(place)]
            }
        }
    }

    /// Whether something stands in the cell that is not a real date written
    /// as DD/MM/YYYY.
    pub fn bad_date(self, field: Field) -> bool {
        self.has(field) && uk(self.raw(field)).is_none()
    }

    /// Whether at least one of the fields is filled.
    pub fn has_any(self, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.has(*field))
    }

    /// Whether all the fields are filled.
    pub fn has_all(self, fields: &[Field]) -> bool {
        fields.iter().all(|field| self.has(*field))
    }

    /// The number in the cell; `None` when blank or no number.
    pub fn number(self, field: Field) -> Option<f64> {
        self.text(field).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_was_written_and_compare_in_upper_case() {
        let mut data = TableData::complete(Table::Episodes, false);
        let row = data.push();
        data.set(row, Field::CHILD, " a1 ").unwrap();
        data.set(row, Field::DECOM, "31/02/2025").unwrap();
        data.set(row, Field::DEC, "01/03/2025").unwrap();
        data.set(row, Field::REC, "e4a").unwrap();
        data.set(row, Field::MISSING, "M").unwrap();
        let row = data.row(row);
        assert_eq!(
            (row.raw(Field::CHILD), row.text(Field::CHILD)),
            ("a1", "A1")
        );
        assert!(row.bad_date(Field::DECOM) && row.date(Field::DECOM).is_none());
        assert!(row.date(Field::DEC).is_some());
        assert!(row.is(Field::REC, "E4A") && row.any(Field::REC, &["X1", "E4A"]));
        assert!(row.blank(Field::URN) && row.blank(Field::MISSING));
    }

    #[test]
    fn a_cell_too_long_keeps_its_beginning() {
        let mut data = TableData::complete(Table::Header, true);
        let row = data.push();
        let long = "é".repeat(40_000);
        assert_eq!(data.set(row, Field::UPN, &long), Err(TooLong));
        assert_eq!(data.row(row).raw(Field::UPN).len(), 65_534);
        assert_eq!(data.name(), "Header_last");
    }
}

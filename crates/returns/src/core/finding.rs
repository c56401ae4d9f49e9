//! What a check says when a rule fails: which rows it touches, which fields
//! with which values, and whose they are. One finding keeps all its rows
//! together, so that an analyst sees both ends of a contradiction.

/// One field of a touched row with its value as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The field's name in the return's table.
    pub field: &'static str,
    /// The text in the file; `None` when the field is absent or blank.
    pub value: Option<Box<str>>,
}

impl Cell {
    /// A field with its value; blank counts as absent.
    pub fn new(field: &'static str, value: Option<&str>) -> Self {
        Self {
            field,
            value: value.filter(|text| !text.is_empty()).map(Into::into),
        }
    }
}

/// One row that a finding touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// The table, by the name that the return's rules use.
    pub table: &'static str,
    /// The record's position in its table, counted from 0 in document order.
    pub row: usize,
    /// The fields that the rule looked at here.
    pub cells: Vec<Cell>,
}

impl Touched {
    /// A row with no field yet.
    pub fn new(table: &'static str, row: usize) -> Self {
        Self {
            table,
            row,
            cells: Vec::new(),
        }
    }

    /// The same row with one more field.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: Option<&str>) -> Self {
        self.cells.push(Cell::new(field, value));
        self
    }
}

/// One failure of one rule, with every row that it touches. The rows of one
/// finding belong together: in outputs of one line a row they share a group
/// number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code, such as "8620" or "2886Q".
    pub rule: &'static str,
    /// The council's own number for the child; empty when the file has none.
    pub child: Box<str>,
    /// The rows, the one most likely to need mending first. Never empty.
    pub rows: Vec<Touched>,
}

/// A failure that belongs to the return as a whole and to no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeFinding {
    /// The rule's code.
    pub rule: &'static str,
    /// The figures that decided it, in plain words: "5 of 8 codes are used".
    pub because: String,
}

/// A rule that could not be judged, which is never the same as passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// The rule's code.
    pub rule: &'static str,
    /// Why, in plain words, with what to do: "needs the postcode directory:
    /// give it with --postcodes".
    pub cause: String,
    /// The child for whom it could not be judged; `None` for everybody.
    pub child: Option<Box<str>>,
}

//! What a check hands back: the rows that one failure touches.

use super::child::Child;
use super::data::Row;
use super::tables::{Field, Table};
use crate::core::{Finding, Touched};

/// A check of one child.
pub type Run = fn(&Child<'_>, &mut Hits<'_>);

/// A check and the tables that it can do without.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The function.
    pub run: Run,
    /// Tables of the rule's text without which it still runs, by the names
    /// in findings ("Episodes_last").
    pub optional: &'static [&'static str],
}

/// A check that needs all the tables of its text.
pub const fn check(run: Run) -> Check {
    Check { run, optional: &[] }
}

/// A check that runs without some of its tables.
pub const fn check_without(optional: &'static [&'static str], run: Run) -> Check {
    Check { run, optional }
}

/// The failures of one rule for one child.
#[derive(Debug)]
pub struct Hits<'f> {
    rule: &'static str,
    fields: &'f [Field],
    child: &'f str,
    found: Vec<Finding>,
}

impl<'f> Hits<'f> {
    /// An empty collection; `fields` are those that findings show.
    pub fn new(rule: &'static str, fields: &'f [Field], child: &'f str) -> Self {
        Self {
            rule,
            fields,
            child,
            found: Vec::new(),
        }
    }

    /// One failure and the rows that it touches, the one to mend first
    /// leading. A row named twice is kept once.
    pub fn hit(&mut self, rows: &[Row<'_>]) {
        let mut touched: Vec<Touched> = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            if !rows[..at].contains(row) {
                touched.push(self.touch(*row));
            }
        }
        self.keep(touched);
    }

    /// One failure of a row that follows another of its table: the row with
    /// its own fields, and what stood before.
    pub fn hit_after(&mut self, row: Row<'_>, before: Row<'_>) {
        let mut touched = self.touch(row);
        let table = before.data().table;
        for field in self.fields.iter().filter(|field| belongs(table, **field)) {
            touched = touched.with(field.name_before(), Some(before.raw(*field)));
        }
        self.keep(vec![touched]);
    }

    fn touch(&self, row: Row<'_>) -> Touched {
        let mut one = Touched::new(row.data().name(), row.index as usize);
        let table = row.data().table;
        for field in self.fields.iter().filter(|field| belongs(table, **field)) {
            one = one.with(field.name(), Some(row.raw(*field)));
        }
        one
    }

    fn keep(&mut self, rows: Vec<Touched>) {
        if !rows.is_empty() {
            self.found.push(Finding {
                rule: self.rule,
                child: self.child.into(),
                rows,
            });
        }
    }

    /// What was found.
    pub fn found(self) -> Vec<Finding> {
        self.found
    }
}

/// Whether a table has a column.
pub fn belongs(table: Table, field: Field) -> bool {
    table.columns().contains(&field) || table.extra_columns().contains(&field)
}

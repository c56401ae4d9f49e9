//! A return grouped by child, so that nearly every rule is a question about
//! one child: its rows of each table, this year's and last year's, episodes
//! in the order in which they began.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::data::{Row, TableData};
use super::tables::{Field, Table};
use crate::core::dates::{Period, add_years};

const TABLES: usize = Table::ALL.len();

/// The tables of one year; those without a file are `None`.
pub type Tables = [Option<TableData>; TABLES];

/// Where each child's rows of one table are: `rows[starts[child]..starts[child + 1]]`.
#[derive(Debug, Default)]
struct Grouped {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Grouped {
    fn of(children: usize, child_of: &[u32]) -> Self {
        let mut starts = vec![0u32; children + 1];
        for child in child_of {
            starts[*child as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0u32; child_of.len()];
        for (row, child) in (0u32..).zip(child_of) {
            let at = &mut next[*child as usize];
            rows[*at as usize] = row;
            *at += 1;
        }
        Self { starts, rows }
    }

    fn rows(&self, child: u32) -> &[u32] {
        let child = child as usize;
        match self.starts.get(child..child + 2) {
            Some([from, to]) => &self.rows[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

/// Which rows belong to which child. A row without a CHILD is a child of its
/// own, so that what can be checked in it is checked and nothing is mixed up.
#[derive(Debug)]
pub struct Groups {
    this: [Grouped; TABLES],
    last: [Grouped; TABLES],
    children: u32,
}

impl Groups {
    /// Groups both years' rows by CHILD (upper or lower case alike).
    pub fn of(this: &Tables, last: &Tables) -> Self {
        let mut ids: HashMap<&str, u32> = HashMap::new();
        let mut children = 0u32;
        let mut all = [Vec::with_capacity(TABLES), Vec::with_capacity(TABLES)];
        for (tables, numbers) in [this, last].into_iter().zip(&mut all) {
            for data in tables {
                let rows = data.iter().flat_map(TableData::rows);
                let of_table = rows.map(|row| {
                    let id = row.text(Field::CHILD);
                    if id.is_empty() {
                        children += 1;
                        return children - 1;
                    }
                    *ids.entry(id).or_insert_with(|| {
                        children += 1;
                        children - 1
                    })
                });
                numbers.push(of_table.collect::<Vec<u32>>());
            }
        }
        let [this, last] = all.map(|numbers| {
            let mut groups = numbers
                .into_iter()
                .map(|child_of| Grouped::of(children as usize, &child_of));
            std::array::from_fn(|_| groups.next().unwrap_or_default())
        });
        Self {
            this,
            last,
            children,
        }
    }

    /// The number of children (and of rows without a child).
    pub fn len(&self) -> u32 {
        self.children
    }

    /// Whether there is no child at all.
    pub fn is_empty(&self) -> bool {
        self.children == 0
    }
}

/// What a check may know besides the child's own rows.
#[derive(Debug)]
pub struct Context<'a> {
    /// This year's tables.
    pub this: &'a Tables,
    /// Last year's tables.
    pub last: &'a Tables,
    /// The collection.
    pub period: Period,
    /// The year in which the collection ends.
    pub year: u16,
    /// The responsible authority's GSS code, when known.
    pub authority: Option<&'a str>,
    /// The code sets of the year.
    pub codes: super::codes::Codes,
    /// The providers that the episodes name, when Ofsted's list was given.
    pub providers: Option<super::providers::Known>,
    /// The postcode directory, when given.
    pub postcodes: Option<&'a crate::core::reference::Postcodes>,
    /// Real UPNs that more than one row of Header has.
    pub doubled_upns: std::collections::HashSet<&'a str>,
    /// Whether the return came as XML.
    pub xml: bool,
}

/// One child with all its rows.
#[derive(Debug)]
pub struct Child<'a> {
    /// What belongs to the whole return.
    pub all: &'a Context<'a>,
    this: [Vec<Row<'a>>; TABLES],
    last: [Vec<Row<'a>>; TABLES],
    episodes: Vec<Row<'a>>,
    episodes_last: Vec<Row<'a>>,
}

impl<'a> Child<'a> {
    /// A child without rows, to be filled by [`Child::load`].
    pub fn empty(all: &'a Context<'a>) -> Self {
        Self {
            all,
            this: std::array::from_fn(|_| Vec::new()),
            last: std::array::from_fn(|_| Vec::new()),
            episodes: Vec::new(),
            episodes_last: Vec::new(),
        }
    }

    /// Whether a cell holds a code of its column's set in this year.
    pub fn in_set(&self, row: Row<'_>, field: Field) -> bool {
        self.all.codes.has(field, row.text(field))
    }

    /// Fills in the rows of a child.
    pub fn load(&mut self, groups: &Groups, child: u32) {
        let this = self.all.this.iter().zip(&groups.this).zip(&mut self.this);
        let last = self.all.last.iter().zip(&groups.last).zip(&mut self.last);
        for ((data, group), rows) in this.chain(last) {
            rows.clear();
            if let Some(data) = data {
                rows.extend(group.rows(child).iter().map(|row| data.row(*row)));
            }
        }
        in_order(&self.this[Table::Episodes as usize], &mut self.episodes);
        in_order(
            &self.last[Table::Episodes as usize],
            &mut self.episodes_last,
        );
    }

    /// Which tables have rows of this child, as bits: this year's twelve,
    /// then last year's.
    pub fn tables_with_rows(&self) -> u32 {
        let all = self.this.iter().chain(&self.last);
        let bits = all.zip(0u32..).filter(|(rows, _)| !rows.is_empty());
        bits.fold(0, |all, (_, bit)| all | 1 << bit)
    }

    /// The child's own number; empty when the row has none.
    pub fn id(&self) -> &'a str {
        let mut rows = self.this.iter().chain(&self.last).flatten();
        rows.next().map_or("", |row| row.raw(Field::CHILD))
    }

    /// The rows of a table in the order of the file.
    pub fn rows(&self, table: Table) -> &[Row<'a>] {
        &self.this[table as usize]
    }

    /// The rows of last year's table in the order of the file.
    pub fn rows_last(&self, table: Table) -> &[Row<'a>] {
        &self.last[table as usize]
    }

    /// The row of Header; the first, should there be more.
    pub fn header(&self) -> Option<Row<'a>> {
        self.rows(Table::Header).first().copied()
    }

    /// The row of last year's Header.
    pub fn header_last(&self) -> Option<Row<'a>> {
        self.rows_last(Table::Header).first().copied()
    }

    /// The date of birth by Header.
    pub fn dob(&self) -> Option<NaiveDate> {
        self.header()?.date(Field::DOB)
    }

    /// Episodes whose start is a date, in the order in which they began. Of
    /// two that began on one day the one that ended first comes first.
    pub fn episodes(&self) -> &[Row<'a>] {
        &self.episodes
    }

    /// Last year's episodes in the same order.
    pub fn episodes_last(&self) -> &[Row<'a>] {
        &self.episodes_last
    }

    /// Each episode with the one before it.
    pub fn steps(&self) -> impl Iterator<Item = (Row<'a>, Row<'a>)> + '_ {
        self.episodes.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Whether the table is there this year.
    pub fn given(&self, table: Table) -> bool {
        self.all.this[table as usize].is_some()
    }

    /// Whether last year's table is there.
    pub fn given_last(&self, table: Table) -> bool {
        self.all.last[table as usize].is_some()
    }

    /// The first day of the collection.
    pub fn start(&self) -> NaiveDate {
        self.all.period.start
    }

    /// The last day of the collection.
    pub fn end(&self) -> NaiveDate {
        self.all.period.end
    }

    /// Whether the child was known as an unaccompanied asylum-seeking child
    /// this year or last year: by the flag in Header, or by a row of UASC.
    pub fn ever_uasc(&self) -> bool {
        self.is_uasc() || self.was_uasc()
    }

    /// Whether the child is an unaccompanied asylum-seeking child this year.
    pub fn is_uasc(&self) -> bool {
        match self.header() {
            Some(header) if header.has(Field::UASC) => header.is(Field::UASC, "1"),
            _ => !self.rows(Table::UASC).is_empty(),
        }
    }

    /// Whether the child was one last year.
    pub fn was_uasc(&self) -> bool {
        match self.header_last() {
            Some(header) if header.has(Field::UASC) => header.is(Field::UASC, "1"),
            _ => !self.rows_last(Table::UASC).is_empty(),
        }
    }

    /// Looked after without a break for the twelve months of the collection
    /// (CLA12): in care in the year, no start of care (RNE S) after its first
    /// day, no end of care (a REC other than X1) before its last day, and no
    /// short break (V3, V4) in the year.
    pub fn all_year(&self) -> bool {
        use Field::*;
        let (start, end) = (self.start(), self.end());
        let mut in_year = false;
        for episode in self.rows(Table::Episodes) {
            let (from, to) = (episode.date(DECOM), episode.date(DEC));
            let starts = from.is_some_and(|d| d > start && d <= end) && episode.is(RNE, "S");
            let ends = to.is_some_and(|d| d >= start && d < end) && !episode.is(REC, "X1");
            let touches = from.is_none_or(|d| d <= end) && to.is_none_or(|d| d >= start);
            let short_break = touches && respite(*episode);
            if starts || ends || short_break {
                return false;
            }
            in_year |= touches && (from.is_some() || to.is_some());
        }
        in_year
    }
}

fn in_order<'a>(rows: &[Row<'a>], sorted: &mut Vec<Row<'a>>) {
    sorted.clear();
    let dated = rows.iter().filter(|row| row.date(Field::DECOM).is_some());
    sorted.extend(dated.copied());
    sorted.sort_by_key(|row| {
        let end = row.date(Field::DEC).unwrap_or(NaiveDate::MAX);
        (row.date(Field::DECOM), end, row.index)
    });
}

/// Whether an episode is one of a series of short breaks (V3 or V4).
pub fn respite(episode: Row<'_>) -> bool {
    episode.any(Field::LS, &["V3", "V4"])
}

/// The birthday with this age; someone born on 29 February has it on 28
/// February in other years, as the department's own checks count.
pub fn birthday(dob: NaiveDate, age: u32) -> Option<NaiveDate> {
    add_years(dob, age)
}

/// Whether someone has reached an age on a day.
pub fn aged(dob: NaiveDate, age: u32, on: NaiveDate) -> bool {
    birthday(dob, age).is_some_and(|birthday| birthday <= on)
}

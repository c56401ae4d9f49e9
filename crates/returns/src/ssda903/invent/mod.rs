//! Invents a return of any size with last year's beside it, for measuring and
//! for trying the tool. Every child is made up. Without faults no rule finds
//! anything; every fault is planted on purpose and counted, so that one knows
//! how many findings each rule must give. A few rules find some of them too
//! ([`ALSO_FIND`]).

mod faults;
mod people;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::child::Tables;
use super::data::TableData;
use super::tables::{Field, Table};
use crate::core::dates::Period;

/// What to invent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// The collection year: 2026 for 2025-26.
    pub year: u16,
    /// How many children.
    pub children: u32,
    /// Of a hundred children, how many get a fault (one each). From 0 to 100.
    pub faults_in_100: f64,
    /// The same seed gives the same files.
    pub seed: u64,
}

/// Rules that find some of the planted faults besides the rule that must: a
/// wrong pupil number is also one that changed since last year. They are never
/// planted themselves.
pub const ALSO_FIND: [&str; 8] = ["191", "204", "208", "435", "444", "504", "620", "621"];

/// How many faults were planted, by the rule that must find them.
pub type Planted = BTreeMap<&'static str, u64>;

/// An invented return.
#[derive(Debug)]
pub struct Invented {
    /// This year's tables.
    pub this: Tables,
    /// Last year's tables.
    pub last: Tables,
    /// What was planted.
    pub planted: Planted,
}

/// One row before it goes into its table.
#[derive(Debug, Clone)]
struct Draft {
    table: Table,
    last: bool,
    cells: Vec<(Field, String)>,
}

impl Draft {
    fn new(table: Table, last: bool, cells: &[(Field, &str)]) -> Self {
        let cells = cells.iter().filter(|(_, value)| !value.is_empty());
        Self {
            table,
            last,
            cells: cells
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect(),
        }
    }

    fn get(&self, field: Field) -> &str {
        let cell = self.cells.iter().find(|(known, _)| *known == field);
        cell.map_or("", |(_, value)| value)
    }

    fn set(&mut self, field: Field, value: &str) {
        self.cells.retain(|(known, _)| *known != field);
        self.cells.push((field, value.to_owned()));
    }
}

/// A small generator of numbers: the same on every machine (splitmix64).
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len() as u64) as usize;
        from.get(at).copied().unwrap_or_default()
    }
}

/// Invents a return.
///
/// # Errors
/// The year lies beyond the calendar, or a table grows beyond what fits.
pub fn invent(wish: Wish) -> io::Result<Invented> {
    let period = Period::of(wish.year)
        .ok_or_else(|| io::Error::other(format!("there is no collection year {}", wish.year)))?;
    let mut dice = Dice(wish.seed);
    let mut invented = Invented {
        this: Tables::default(),
        last: Tables::default(),
        planted: Planted::new(),
    };
    for table in Table::ALL {
        if table.since() <= wish.year {
            invented.this[table as usize] = Some(TableData::complete(table, false));
            let last = table.since() < wish.year;
            invented.last[table as usize] = last.then(|| TableData::complete(table, true));
        }
    }
    let share = (wish.faults_in_100.clamp(0.0, 100.0) * 10_000.0) as u64;
    for number in 0..wish.children {
        let mut rows = people::child(number, period, &mut dice);
        if dice.below(1_000_000) < share
            && let Some(rule) = faults::plant(&mut rows, &mut dice)
        {
            *invented.planted.entry(rule).or_default() += 1;
        }
        for draft in rows {
            let tables = if draft.last {
                &mut invented.last
            } else {
                &mut invented.this
            };
            let Some(data) = &mut tables[draft.table as usize] else {
                continue;
            };
            let row = data.push();
            for (field, value) in &draft.cells {
                data.set(row, *field, value)
                    .map_err(|_| io::Error::other("a table is larger than four gigabytes"))?;
            }
        }
    }
    Ok(invented)
}

impl Invented {
    /// Writes the return into a folder, last year's into its folder "prev".
    ///
    /// # Errors
    /// The folder or a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        super::write::folder(&self.this, folder)?;
        super::write::folder(&self.last, &folder.join("prev"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::collection::Collection;
    use super::super::read::Loaded;
    use super::super::run::check;
    use super::*;
    use crate::core::Reference;

    fn report(faults_in_100: f64) -> (crate::core::Report, Planted) {
        let wish = Wish {
            year: 2026,
            children: 2_000,
            faults_in_100,
            seed: 7,
        };
        let Invented {
            this,
            last,
            planted,
        } = invent(wish).unwrap();
        let loaded = Loaded {
            this,
            last,
            ..Loaded::default()
        };
        let collection = Collection::of(2026).unwrap();
        (
            check(loaded, &collection, &Reference::default()).unwrap(),
            planted,
        )
    }

    #[test]
    fn without_faults_nothing_is_found() {
        let (report, planted) = report(0.0);
        let first: Vec<_> = report.findings.iter().take(5).collect();
        assert!(
            first.is_empty(),
            "{} findings, first {first:#?}",
            report.findings.len()
        );
        assert!(planted.is_empty());
        assert_eq!(report.children, 2_000);
    }

    #[test]
    fn each_rule_finds_as_many_faults_as_were_planted() {
        let (report, planted) = report(60.0);
        assert!(planted.len() > 30, "{planted:?}");
        for (rule, count) in &planted {
            let found = report
                .findings
                .iter()
                .filter(|finding| finding.rule == *rule)
                .count() as u64;
            assert_eq!(found, *count, "rule {rule}");
        }
        for finding in &report.findings {
            let known = planted.contains_key(finding.rule) || ALSO_FIND.contains(&finding.rule);
            assert!(known, "{finding:?}");
        }
    }
}

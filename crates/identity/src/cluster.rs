//! Pairs to children: the strongest pair first, two groups joined only when
//! their records taken together speak for it, and never across two different
//! valid numbers or a person's "not the same".

use crate::compare::Comparer;
use crate::level::{Levels, NhsLevel};
use crate::link::{Decision, Pair};
use crate::model::Model;
use crate::row::{Row, nhs_is_valid};

/// How many records of each group are asked when two groups may be one.
const ASKED: usize = 8;

/// Groups of records.
pub struct Groups {
    of: Vec<u32>,
    members: rustc_hash::FxHashMap<u32, Vec<u32>>,
    nhs: rustc_hash::FxHashMap<u32, u64>,
}

/// One join: which groups, and how strongly they belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Join {
    /// A record of each group, the pair that led to the join.
    pub pair: (u32, u32),
    /// The mean bits of the records asked.
    pub bits: f32,
}

impl Groups {
    /// Every record for itself.
    pub fn new(rows: &[Row]) -> Self {
        Self {
            of: (0..rows.len() as u32).collect(),
            members: Default::default(),
            nhs: rows
                .iter()
                .enumerate()
                .filter(|(_, row)| nhs_is_valid(row.nhs))
                .map(|(i, row)| (i as u32, row.nhs))
                .collect(),
        }
    }

    /// The group of a record: the number of one of its records.
    pub fn group(&self, row: u32) -> u32 {
        self.of[row as usize]
    }

    fn members(&self, group: u32) -> Vec<u32> {
        self.members
            .get(&group)
            .cloned()
            .unwrap_or_else(|| vec![group])
    }

    fn join(&mut self, a: u32, b: u32) {
        let (mut big, mut small) = (self.members(a), self.members(b));
        let (to, from) = if big.len() >= small.len() {
            (a, b)
        } else {
            (b, a)
        };
        if to == b {
            std::mem::swap(&mut big, &mut small);
        }
        for row in &small {
            self.of[*row as usize] = to;
        }
        big.extend_from_slice(&small);
        self.members.remove(&from);
        self.members.insert(to, big);
        if let Some(number) = self.nhs.remove(&from) {
            self.nhs.insert(to, number);
        }
    }

    /// All groups of two or more, each with its records in order, in the order
    /// of their first records.
    pub fn all(&self) -> Vec<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = self
            .members
            .values()
            .map(|rows| {
                let mut rows = rows.clone();
                rows.sort_unstable();
                rows
            })
            .collect();
        all.sort_unstable_by_key(|rows| rows[0]);
        all
    }
}

/// What joining needs to know.
pub struct Rules<'a> {
    /// The weights.
    pub model: &'a Model,
    /// From [`Model::strangers`].
    pub strangers: f32,
    /// Bits from which groups are joined.
    pub join: f32,
    /// Whether numbers are looked at.
    pub use_nhs: bool,
    /// Pairs that a person has said are not the same, sorted, lower row first.
    pub apart: &'a [(u32, u32)],
}

/// Joins groups along the pairs, best first, and says what was joined in
/// order. Pairs must be sorted from the strongest.
pub fn join(
    rows: &[Row],
    pairs: &[Pair],
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
) -> (Groups, Vec<Join>) {
    let mut groups = Groups::new(rows);
    let mut joins = Vec::new();
    for pair in pairs {
        let (a, b) = (groups.group(pair.left), groups.group(pair.right));
        if a == b || pair.decision == Decision::Apart {
            continue;
        }
        if rules.use_nhs
            && let (Some(x), Some(y)) = (groups.nhs.get(&a), groups.nhs.get(&b))
            && x != y
        {
            continue;
        }
        let (in_a, in_b) = (groups.members(a), groups.members(b));
        let bits = if in_a.len() + in_b.len() == 2 {
            pair.bits
        } else {
            let Some(bits) = together(rows, &in_a, &in_b, comparer, rules) else {
                continue;
            };
            bits
        };
        if bits < rules.join {
            continue;
        }
        joins.push(Join {
            pair: (pair.left, pair.right),
            bits,
        });
        groups.join(a, b);
    }
    (groups, joins)
}

/// The mean bits between two groups; `None` when something forbids the join.
fn together(
    rows: &[Row],
    a: &[u32],
    b: &[u32],
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
) -> Option<f32> {
    let (mut sum, mut n) = (0.0f32, 0u32);
    for x in a.iter().take(ASKED) {
        for y in b.iter().take(ASKED) {
            let pair = (*x.min(y), *x.max(y));
            if !rules.apart.is_empty() && rules.apart.binary_search(&pair).is_ok() {
                return None;
            }
            let mut levels: Levels = comparer.compare(&rows[*x as usize], &rows[*y as usize]);
            if !rules.use_nhs {
                levels.nhs = NhsLevel::Missing;
            }
            sum += rules
                .model
                .bits(&levels, rules.strangers)
                .clamp(-12.0, 16.0);
            n += 1;
        }
    }
    Some(sum / n as f32)
}

/// Walks the joins again and tells which records each of them brought
/// together.
pub struct Walk {
    of: Vec<u32>,
    members: rustc_hash::FxHashMap<u32, Vec<u32>>,
}

impl Walk {
    /// Every record for itself.
    pub fn new(rows: usize) -> Self {
        Self {
            of: (0..rows as u32).collect(),
            members: Default::default(),
        }
    }

    /// Does one join; `each` gets every pair of records it brings together.
    pub fn join(&mut self, join: &Join, mut each: impl FnMut(u32, u32)) {
        let (a, b) = (self.of[join.pair.0 as usize], self.of[join.pair.1 as usize]);
        let mut in_a = self.members.remove(&a).unwrap_or_else(|| vec![a]);
        let in_b = self.members.remove(&b).unwrap_or_else(|| vec![b]);
        for x in &in_a {
            for y in &in_b {
                each(*x, *y);
            }
        }
        for y in &in_b {
            self.of[*y as usize] = a;
        }
        in_a.extend_from_slice(&in_b);
        self.members.insert(a, in_a);
    }
}

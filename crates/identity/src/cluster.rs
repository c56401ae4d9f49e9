//! Pairs to children: the strongest pair first, two groups joined only when
//! their records taken together speak for it, and never across two different
//! valid numbers or a person's "not the same".

use crate::compare::Comparer;
use crate::level::{FamilyLevel, Levels, NhsLevel, Plain};
use crate::link::{Decision, Pair};
use crate::model::{Context, Model, context};
use crate::row::{Row, nhs_is_valid};

/// How many records of each group are asked when two groups may be one.
const ASKED: usize = 8;

/// Groups of records: rings of rows, so that joining two groups moves no list.
pub struct Groups {
    of: Vec<u32>,
    rings: Vec<Ring>,
}

/// What is known of a record's place in its group and, at the record that the
/// group is called by, of the group.
#[derive(Clone, Copy)]
struct Ring {
    /// A valid number that one of the records holds, 0 if none does.
    nhs: u64,
    /// The next record of the group, the first after the last.
    next: u32,
    /// How many records the group has.
    size: u32,
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
    /// Every record for itself, with the valid number it holds.
    fn new(rows: &[Row]) -> Self {
        let alone = |(next, row): (u32, &Row)| Ring {
            nhs: if nhs_is_valid(row.nhs) { row.nhs } else { 0 },
            next,
            size: 1,
        };
        Self {
            of: (0..rows.len() as u32).collect(),
            rings: (0..).zip(rows).map(alone).collect(),
        }
    }

    /// The group of a record: the number of one of its records.
    pub fn group(&self, row: u32) -> u32 {
        self.of[row as usize]
    }

    /// The records of a group, from this one on.
    pub fn members(&self, first: u32) -> impl Iterator<Item = u32> {
        let mut at = Some(first);
        std::iter::from_fn(move || {
            let this = at?;
            let next = self.rings[this as usize].next;
            at = (next != first).then_some(next);
            Some(this)
        })
    }

    /// How many records a group has.
    fn size(&self, group: u32) -> u32 {
        self.rings[group as usize].size
    }

    /// The valid number that a group holds, 0 if none.
    fn number(&self, group: u32) -> u64 {
        self.rings[group as usize].nhs
    }

    /// Makes two groups one.
    fn join(&mut self, a: u32, b: u32) {
        let (to, from) = if self.size(a) >= self.size(b) {
            (a, b)
        } else {
            (b, a)
        };
        let mut at = from;
        loop {
            self.of[at as usize] = to;
            at = self.rings[at as usize].next;
            if at == from {
                break;
            }
        }
        let Ring { nhs, next, size } = self.rings[from as usize];
        let ring = &mut self.rings[to as usize];
        ring.size += size;
        if nhs != 0 {
            ring.nhs = nhs;
        }
        let first = std::mem::replace(&mut ring.next, next);
        self.rings[from as usize].next = first;
    }

    /// Whether two groups hold different valid numbers.
    fn numbers_differ(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.number(a), self.number(b));
        x != 0 && y != 0 && x != y
    }

    /// All groups of two or more, each with its records in order, in the order
    /// of their first records.
    pub fn all(&self) -> Vec<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = Vec::new();
        for row in 0..self.of.len() as u32 {
            if self.group(row) == row && self.size(row) > 1 {
                let mut rows: Vec<u32> = self.members(row).collect();
                rows.sort_unstable();
                all.push(rows);
            }
        }
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
    /// Leave two settled identities for a person: see [`together`].
    pub hold_back: bool,
}

/// What joining came to.
pub struct Joined {
    /// The groups.
    pub groups: Groups,
    /// The joins, in order.
    pub joins: Vec<Join>,
    /// Every pair of records that is in one group, the lower row in the upper
    /// half, with the bits of the join that brought the two together: the
    /// weakest between them.
    pub together: Vec<(u64, f32)>,
}

/// Joins groups along the pairs, which must come sorted from the strongest.
pub fn join<'a>(
    rows: &[Row],
    pairs: impl Iterator<Item = &'a Pair>,
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
) -> Joined {
    let mut groups = Groups::new(rows);
    let mut joins = Vec::new();
    let mut brought = Vec::new();
    for pair in pairs.filter(|pair| pair.decision != Decision::Apart) {
        let (a, b) = (groups.group(pair.left), groups.group(pair.right));
        if a == b || (rules.use_nhs && groups.numbers_differ(a, b)) {
            continue;
        }
        let bits = if groups.size(a) + groups.size(b) == 2 {
            pair.bits
        } else {
            match together(rows, &groups, (a, b), comparer, rules) {
                Some(bits) => bits,
                None => continue,
            }
        };
        if bits < rules.join {
            continue;
        }
        joins.push(Join {
            pair: (pair.left, pair.right),
            bits,
        });
        for x in groups.members(a) {
            for y in groups.members(b) {
                brought.push((u64::from(x.min(y)) << 32 | u64::from(x.max(y)), bits));
            }
        }
        groups.join(a, b);
    }
    Joined {
        groups,
        joins,
        together: brought,
    }
}

/// The mean bits between two groups; `None` when something forbids the join.
///
/// Two groups of several records each, every record of the one at another home
/// than every record of the other, where only one of them holds a number, are
/// two settled identities. When what they share is one of the commonest family
/// names, it is a child who moved, or an adopted child whose new family happens
/// to be called like the old one (the chance of that is as high as the name is
/// common): that must never be joined by weights, so it is for a person.
fn together(
    rows: &[Row],
    groups: &Groups,
    (a, b): (u32, u32),
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
) -> Option<f32> {
    let (mut sum, mut n) = (0.0f32, 0u32);
    let settled = groups.size(a) > 1 && groups.size(b) > 1;
    let one_number = !rules.use_nhs || (groups.number(a) == 0) != (groups.number(b) == 0);
    let mut two_lives = rules.hold_back && settled && one_number;
    for x in groups.members(a).take(ASKED) {
        for y in groups.members(b).take(ASKED) {
            let pair = (x.min(y), x.max(y));
            if !rules.apart.is_empty() && rules.apart.binary_search(&pair).is_ok() {
                return None;
            }
            let mut levels: Levels = comparer.compare(&rows[x as usize], &rows[y as usize]);
            if !rules.use_nhs {
                levels.nhs = NhsLevel::Missing;
            }
            two_lives &= context(&levels) == Context::Elsewhere
                && levels.family == FamilyLevel::SameVeryCommon
                && levels.upn != Plain::Same;
            sum += rules
                .model
                .bits(&levels, rules.strangers)
                .clamp(-12.0, 16.0);
            n += 1;
        }
    }
    (!two_lives).then_some(sum / n as f32)
}

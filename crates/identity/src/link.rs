//! Linking: candidates, comparison on all cores, decision, groups.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::block;
use crate::cluster::{self, Groups, Join, Rules};
use crate::compare::{Comparer, Rarity};
use crate::learn;
use crate::level::{FamilyLevel, GivenLevel, Levels, NhsLevel, Plain};
use crate::model::{About, Context, Model, context};
use crate::row::Row;
use crate::table::Table;

/// What is wanted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Do not look at NHS numbers, neither to find nor to judge.
    pub ignore_nhs: bool,
    /// Learn weights from this data first.
    pub train: bool,
    /// Link the two files with one another only, never within one.
    pub between: bool,
    /// Bits from which a pair is joined; the model's own when not given.
    pub join: Option<f32>,
    /// Pairs of rows that a person has said are not the same.
    pub apart: Vec<(u32, u32)>,
    /// Do not hold back pairs that only a changed name and a changed home
    /// could explain.
    pub join_changed: bool,
}

/// What is done with a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// One child.
    Join,
    /// A person should look.
    Review,
    /// Not joined.
    Separate,
    /// Must not be joined: two valid numbers, or a person's word.
    Apart,
}

/// Two records and what is thought of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The lower row.
    pub left: u32,
    /// The higher row.
    pub right: u32,
    /// Packed levels.
    pub code: u32,
    /// The pair's own bits.
    pub bits: f32,
    /// The bits after the records were seen with those they are grouped with.
    pub score: f32,
    /// What follows.
    pub decision: Decision,
}

/// The result.
pub struct Linked {
    /// Pairs from the review line upwards, and all joined ones, best first.
    pub pairs: Vec<Pair>,
    /// The groups.
    pub groups: Groups,
    /// The joins, in order.
    pub joins: Vec<Join>,
    /// The weights that decided.
    pub model: Model,
    /// How the weights were learnt, if they were.
    pub learnt: Option<&'static str>,
    /// Keys that were too common.
    pub capped: block::Capped,
    /// How many pairs were compared.
    pub compared: usize,
    /// How many different comparisons that were, each with how often.
    pub codes: FxHashMap<u32, f64>,
}

/// What is being done, for whoever waits.
pub type Progress<'a> = dyn Fn(&str) + Sync + 'a;

/// Pairs below this many bits are forgotten at once.
const FLOOR: f32 = -7.0;

/// Links the records of a table.
pub fn link(table: &Table, model: &Model, options: &Options, progress: &Progress<'_>) -> Linked {
    let rows = &table.rows;
    let first = (options.between && table.first < rows.len()).then_some(table.first);
    progress("Finding pairs");
    let (pairs, capped) = block::pairs(rows, &table.lists, first, !options.ignore_nhs);
    progress(&format!("Comparing {} pairs", pairs.len()));
    let rarity = Rarity::of(rows.len());
    let parts: Vec<(Vec<u32>, FxHashMap<u32, f64>)> = pairs
        .par_chunks((pairs.len() / 16).max(1 << 14))
        .map(|chunk| {
            let mut comparer = Comparer::new(&table.lists, rarity);
            let mut counts: FxHashMap<u32, f64> = FxHashMap::default();
            let codes = chunk.iter().map(|pair| {
                let code = comparer
                    .compare(&rows[(pair >> 32) as usize], &rows[*pair as u32 as usize])
                    .pack();
                *counts.entry(code).or_default() += 1.0;
                code
            });
            (codes.collect(), counts)
        })
        .collect();
    let mut codes: FxHashMap<u32, f64> = FxHashMap::default();
    for (_, counts) in &parts {
        for (code, n) in counts {
            *codes.entry(*code).or_default() += n;
        }
    }
    let (model, learnt) = train(&codes, model, rows.len(), options, progress);
    let strangers = model.strangers(rows.len());
    let join = options.join.unwrap_or(model.about.join);
    let judged: FxHashMap<u32, (f32, Decision)> = codes
        .keys()
        .map(|code| (*code, judge(*code, &model, strangers, join, options)))
        .collect();
    let compared = pairs.len();
    let mut kept: Vec<Pair> = Vec::with_capacity(rows.len());
    for (pair, code) in pairs.iter().zip(parts.iter().flat_map(|p| &p.0)) {
        let (bits, decision) = judged[code];
        if bits > FLOOR {
            kept.push(Pair {
                left: (pair >> 32) as u32,
                right: *pair as u32,
                code: *code,
                bits,
                score: bits,
                decision,
            });
        }
    }
    drop(pairs);
    drop(parts);
    let mut apart: Vec<(u32, u32)> = options
        .apart
        .iter()
        .map(|(a, b)| (*a.min(b), *a.max(b)))
        .collect();
    apart.sort_unstable();
    for pair in &mut kept {
        if !apart.is_empty() && apart.binary_search(&(pair.left, pair.right)).is_ok() {
            pair.decision = Decision::Apart;
        }
    }
    progress(&format!("Grouping {} pairs", kept.len()));
    kept.sort_unstable_by(|a, b| {
        b.bits
            .total_cmp(&a.bits)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let mut comparer = Comparer::new(&table.lists, rarity);
    let rules = Rules {
        model: &model,
        strangers,
        join,
        use_nhs: !options.ignore_nhs,
        apart: &apart,
    };
    let candidates = kept.partition_point(|p| p.bits >= join.min(0.0) - 1.0);
    let mut may_join: Vec<Pair> = kept[..candidates].to_vec();
    // Such a pair may end in one group by way of others, but never leads.
    may_join
        .retain(|p| options.join_changed || !needs_a_person(&known(p.code, options.ignore_nhs)));
    let (groups, joins) = cluster::join(rows, &may_join, &mut comparer, &rules);
    drop(may_join);
    settle(
        &mut kept,
        table,
        &groups,
        &joins,
        &mut comparer,
        &rules,
        first,
    );
    kept.sort_unstable_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    Linked {
        pairs: kept,
        groups,
        joins,
        model,
        learnt,
        capped,
        compared,
        codes,
    }
}

fn train(
    codes: &FxHashMap<u32, f64>,
    model: &Model,
    records: usize,
    options: &Options,
    progress: &Progress<'_>,
) -> (Model, Option<&'static str>) {
    if !options.train {
        return (model.clone(), None);
    }
    progress(&format!(
        "Learning from {} different comparisons",
        codes.len()
    ));
    let about = |learnt: &str| About {
        learnt: learnt.to_owned(),
        records,
        ..model.about.clone()
    };
    match learn::by_numbers(codes).filter(|_| !options.ignore_nhs) {
        Some(counts) => {
            let how = "from pairs whose records both hold a valid NHS number";
            (learn::fit(&counts, model, about(how)), Some(how))
        }
        None => {
            let how = "by expectation and maximisation, no numbers being there";
            (
                learn::expectation(codes, model, model.strangers(records), about(how)),
                Some(how),
            )
        }
    }
}

/// The levels of a comparison, without the number where it is ignored.
fn known(code: u32, ignore_nhs: bool) -> Levels {
    let mut levels = Levels::unpack(code);
    if ignore_nhs {
        levels.nhs = NhsLevel::Missing;
    }
    levels
}

/// The bits of a comparison and what follows for the pair alone.
fn judge(
    code: u32,
    model: &Model,
    strangers: f32,
    join: f32,
    options: &Options,
) -> (f32, Decision) {
    let levels = known(code, options.ignore_nhs);
    let bits = model.bits(&levels, strangers);
    if levels.nhs == NhsLevel::Conflict {
        return (bits.min(-3.0), Decision::Apart);
    }
    if bits >= join && !options.join_changed && needs_a_person(&levels) {
        return (bits, Decision::Review);
    }
    let decision = if bits >= join {
        Decision::Join
    } else if bits >= model.about.review {
        Decision::Review
    } else {
        Decision::Separate
    };
    (bits, decision)
}

/// Pairs that no weight may join alone. Without a number on both sides, a
/// child with another family name at another home may be an adopted child,
/// whose two identities must never meet; and a child at the same home, born
/// the same day, with another first name is a twin.
pub fn needs_a_person(levels: &Levels) -> bool {
    if levels.nhs == NhsLevel::Same || levels.upn == Plain::Same {
        return false;
    }
    let changed = levels.family == FamilyLevel::Different && context(levels) != Context::Shared;
    let twin = matches!(levels.given, GivenLevel::Different) && context(levels) == Context::Shared;
    changed || twin
}

/// Gives every pair its score after grouping and adds pairs of one group that
/// no key had found.
fn settle(
    kept: &mut Vec<Pair>,
    table: &Table,
    groups: &Groups,
    joins: &[Join],
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
    first: Option<usize>,
) {
    // How strongly the group of each pair was joined: the weakest join between
    // the two records, found by walking the joins again from the strongest.
    let mut walked = Groups::new(table.rows.len());
    let mut found: Vec<(u64, f32)> = Vec::with_capacity(joins.len() * 2);
    for join in joins {
        walked.replay(join, |a, b| {
            found.push((u64::from(a.min(b)) << 32 | u64::from(a.max(b)), join.bits))
        });
    }
    found.sort_unstable_by_key(|f| f.0);
    let mut known: Vec<(u64, u32)> = Vec::with_capacity(found.len());
    for (i, pair) in kept.iter().enumerate() {
        if groups.group(pair.left) == groups.group(pair.right) {
            known.push((u64::from(pair.left) << 32 | u64::from(pair.right), i as u32));
        }
    }
    known.sort_unstable_by_key(|k| k.0);
    let mut known = known.into_iter().peekable();
    for (key, bits) in found {
        let (a, b) = ((key >> 32) as u32, key as u32);
        if first.is_some_and(|n| (a as usize) >= n || (b as usize) < n) {
            continue;
        }
        while known.next_if(|k| k.0 < key).is_some() {}
        match known.next_if(|k| k.0 == key) {
            Some((_, i)) => {
                let pair = &mut kept[i as usize];
                pair.score = together(pair.bits, bits);
                if pair.decision != Decision::Apart {
                    pair.decision = Decision::Join;
                }
            }
            None => {
                let mut levels = comparer.compare(&table.rows[a as usize], &table.rows[b as usize]);
                let code = levels.pack();
                if !rules.use_nhs {
                    levels.nhs = NhsLevel::Missing;
                }
                let own = rules.model.bits(&levels, rules.strangers);
                kept.push(Pair {
                    left: a,
                    right: b,
                    code,
                    bits: own,
                    score: together(own, bits),
                    decision: Decision::Join,
                });
            }
        }
    }
    for pair in kept.iter_mut() {
        if groups.group(pair.left) != groups.group(pair.right) {
            if pair.decision == Decision::Join {
                pair.decision = Decision::Review;
            }
            pair.score = pair.bits.min(rules.join - 0.1);
        }
    }
}

/// A pair's own bits and those of its groups as one score.
fn together(own: f32, group: f32) -> f32 {
    own.max(group).min(0.5 * (own + group) + 6.0)
}

/// The rows of a table as pairs of identifiers.
pub fn ids<'a>(table: &'a Table, pair: &Pair) -> (&'a str, &'a str) {
    (table.id(pair.left as usize), table.id(pair.right as usize))
}

/// Whether a row takes part at all.
pub fn is_empty(row: &Row) -> bool {
    row.given == 0 && row.family == 0 && row.dob.is_none() && row.nhs == 0
}

//! Linking: candidates, comparison on all cores, decision, groups.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::block;
use crate::cluster::{self, Groups, Join, Joined, Rules};
use crate::compare::{Comparer, Memory, Rarity, shapes};
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

/// How many pairs' records are fetched in one sweep.
const BATCH: usize = 1 << 9;

/// Links the records of a table.
pub fn link(table: &Table, model: &Model, options: &Options, progress: &Progress<'_>) -> Linked {
    let rows = &table.rows;
    let first = (options.between && table.first < rows.len()).then_some(table.first);
    progress("Finding pairs");
    let (pairs, capped) = block::pairs(rows, &table.lists, first, !options.ignore_nhs);
    progress(&format!("Comparing {} pairs", pairs.len()));
    let rarity = Rarity::of(rows.len());
    let shapes = shapes(&table.lists.names, rarity);
    // What was learnt about pairs of names serves the next part too.
    let memories: Mutex<Vec<Memory>> = Mutex::default();
    let memories = || memories.lock().unwrap_or_else(PoisonError::into_inner);
    let parts: Vec<Part> = pairs
        .par_chunks((pairs.len() / 16).max(1 << 14))
        .map(|chunk| {
            let memory = memories().pop().unwrap_or_default();
            let mut comparer = Comparer::with(&table.lists, rarity, memory).shaped(&shapes);
            let mut part = Part::with_capacity(chunk.len());
            let mut right = Vec::with_capacity(BATCH);
            for pairs in chunk.chunks(BATCH) {
                // The right rows lie anywhere: fetched together, not one by one.
                right.clear();
                right.extend(pairs.iter().map(|pair| rows[*pair as u32 as usize]));
                for (pair, right) in pairs.iter().zip(&right) {
                    let levels = comparer.compare(&rows[(pair >> 32) as usize], right);
                    part.add(levels.pack());
                }
            }
            memories().push(comparer.into_memory());
            part
        })
        .collect();
    let mut codes: FxHashMap<u32, f64> = FxHashMap::default();
    for (code, n) in parts.iter().flat_map(|part| &part.codes) {
        *codes.entry(*code).or_default() += f64::from(*n);
    }
    let (model, learnt) = train(&codes, model, rows.len(), options, progress);
    let strangers = model.strangers(rows.len());
    let join = options.join.unwrap_or(model.about.join);
    let compared = pairs.len();
    let judged = judged(&codes, &model, strangers, join, options);
    let mut kept = best_first(&pairs, &parts, &judged);
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
    let memory = memories().pop().unwrap_or_default();
    let mut comparer = Comparer::with(&table.lists, rarity, memory).shaped(&shapes);
    let rules = Rules {
        model: &model,
        strangers,
        join,
        use_nhs: !options.ignore_nhs,
        apart: &apart,
        hold_back: !options.join_changed,
    };
    let candidates = kept.partition_point(|p| p.bits >= join.min(0.0) - 1.0);
    // A pair that needs a person may end in one group by way of others, but
    // never leads.
    let may_join = kept[..candidates]
        .iter()
        .filter(|p| options.join_changed || !needs_a_person(&known(p.code, options.ignore_nhs)));
    let mut joined = cluster::join(rows, may_join, &mut comparer, &rules);
    settle(&mut kept, table, &mut joined, &mut comparer, &rules, first);
    Linked {
        pairs: by_score(&kept),
        groups: joined.groups,
        joins: joined.joins,
        model,
        learnt,
        capped,
        compared,
        codes,
    }
}

/// What follows from a comparison for the pair alone.
#[derive(Clone, Copy)]
struct Judged {
    bits: f32,
    decision: Decision,
    /// The place of its bits among those of all comparisons, the highest first.
    rank: u32,
}

/// Every comparison judged; those below the floor are left out.
fn judged(
    codes: &FxHashMap<u32, f64>,
    model: &Model,
    strangers: f32,
    join: f32,
    options: &Options,
) -> FxHashMap<u32, Judged> {
    let mut all: Vec<(u32, f32, Decision)> = codes
        .keys()
        .map(|code| (*code, judge(*code, model, strangers, join, options)))
        .map(|(code, (bits, decision))| (code, bits, decision))
        .filter(|(_, bits, _)| *bits > FLOOR)
        .collect();
    all.sort_unstable_by(|a, b| b.1.total_cmp(&a.1));
    let (mut rank, mut last) = (0, f32::NAN);
    all.into_iter()
        .map(|(code, bits, decision)| {
            rank += u32::from(last.total_cmp(&bits).is_ne());
            last = bits;
            let judged = Judged {
                bits,
                decision,
                rank,
            };
            (code, judged)
        })
        .collect()
}

/// What the pairs of one part came to.
struct Part {
    /// The different comparisons, each with how often.
    codes: Vec<(u32, u32)>,
    /// The place of each comparison among them.
    places: FxHashMap<u32, u32>,
    /// For each pair, the place of its comparison.
    of_pair: Vec<u32>,
}

impl Part {
    fn with_capacity(pairs: usize) -> Self {
        Self {
            codes: Vec::new(),
            places: FxHashMap::default(),
            of_pair: Vec::with_capacity(pairs),
        }
    }

    /// Adds what the next pair came to.
    fn add(&mut self, code: u32) {
        let next = self.codes.len() as u32;
        let place = *self.places.entry(code).or_insert(next);
        if place == next {
            self.codes.push((code, 0));
        }
        self.codes[place as usize].1 += 1;
        self.of_pair.push(place);
    }
}

/// The pairs that are above the floor, the best first and those alike in the
/// order they came: counted and put in place, because a million pairs have
/// only some thousands of different bits.
fn best_first(pairs: &[u64], parts: &[Part], judged: &FxHashMap<u32, Judged>) -> Vec<Pair> {
    let ranks = judged.values().map(|j| j.rank as usize).max().unwrap_or(0);
    let mut starts = vec![0usize; ranks + 2];
    let of_parts: Vec<Vec<Option<Judged>>> = parts
        .iter()
        .map(|part| {
            let of_code = |(code, n): &(u32, u32)| {
                let of = judged.get(code).copied();
                if let Some(of) = of {
                    starts[of.rank as usize + 1] += *n as usize;
                }
                of
            };
            part.codes.iter().map(of_code).collect()
        })
        .collect();
    for i in 0..=ranks {
        starts[i + 1] += starts[i];
    }
    let nobody = Pair {
        left: 0,
        right: 0,
        code: 0,
        bits: 0.0,
        score: 0.0,
        decision: Decision::Separate,
    };
    let mut kept = vec![nobody; starts[ranks + 1]];
    let mut pairs = pairs.iter();
    for (part, of_part) in parts.iter().zip(&of_parts) {
        for (place, pair) in part.of_pair.iter().zip(&mut pairs) {
            if let Some(of) = of_part[*place as usize] {
                let slot = &mut starts[of.rank as usize];
                kept[*slot] = Pair {
                    left: (pair >> 32) as u32,
                    right: *pair as u32,
                    code: part.codes[*place as usize].0,
                    bits: of.bits,
                    score: of.bits,
                    decision: of.decision,
                };
                *slot += 1;
            }
        }
    }
    kept
}

/// The pairs in the order of their scores, the highest first.
fn by_score(pairs: &[Pair]) -> Vec<Pair> {
    // The bits of a number, so that a higher number is a lower key.
    let key = |score: f32| match score.to_bits() {
        negative if negative >> 31 == 1 => negative,
        positive => !(positive | 1 << 31),
    };
    let mut order: Vec<u64> = pairs
        .iter()
        .enumerate()
        .map(|(i, pair)| u64::from(key(pair.score)) << 32 | i as u64)
        .collect();
    block::sort_by_key(&mut order, &mut Vec::new());
    order
        .iter()
        .map(|e| pairs[(e & 0xffff_ffff) as usize])
        .collect()
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
    joined: &mut Joined,
    comparer: &mut Comparer<'_>,
    rules: &Rules<'_>,
    first: Option<usize>,
) {
    let groups = &joined.groups;
    let mut found = std::mem::take(&mut joined.together);
    found.sort_unstable_by_key(|f| f.0);
    let mut known: Vec<(u64, u32)> = Vec::with_capacity(found.len());
    for (i, pair) in kept.iter_mut().enumerate() {
        if groups.group(pair.left) == groups.group(pair.right) {
            known.push((u64::from(pair.left) << 32 | u64::from(pair.right), i as u32));
            continue;
        }
        if pair.decision == Decision::Join {
            pair.decision = Decision::Review;
        }
        pair.score = pair.bits.min(rules.join - 0.1);
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
}

/// A pair's own bits and those of its groups as one score.
fn together(own: f32, group: f32) -> f32 {
    own.max(group).min(0.5 * (own + group) + 6.0)
}

/// The rows of a table as pairs of identifiers, the one that was read first
/// on the left.
pub fn ids<'a>(table: &'a Table, pair: &Pair) -> (&'a str, &'a str) {
    let (left, right) = (pair.left as usize, pair.right as usize);
    match table.stood(left) <= table.stood(right) {
        true => (table.id(left), table.id(right)),
        false => (table.id(right), table.id(left)),
    }
}

/// Whether a row takes part at all.
pub fn is_empty(row: &Row) -> bool {
    row.given == 0 && row.family == 0 && row.dob.is_none() && row.nhs == 0
}

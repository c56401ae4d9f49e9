//! Learning weights without a person's labels: from pairs whose both records
//! hold a valid NHS number, or by expectation and maximisation where no
//! numbers are.
//!
//! Pairs are counted by their levels first: a million pairs are some thousands
//! of different comparisons, so learning takes less than a second.

use rustc_hash::FxHashMap;

use crate::level::{Levels, NhsLevel};
use crate::model::{self, About, Context, Field, Model};

/// How often a comparison was seen, and how often as one child.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seen {
    /// All pairs.
    pub all: f64,
    /// Pairs known (or thought) to be one child.
    pub same: f64,
}

/// Comparisons and how often they were seen.
pub type Counts = FxHashMap<u32, Seen>;

/// How strongly a weight is held to where it started: as if so many pairs had
/// spoken for it. Weights for one context are held more.
const HOLD: f64 = 0.5;
const HOLD_CONTEXT: f64 = 1.0;
const ROUNDS: usize = 60;

/// What the numbers themselves are worth: they cannot be learnt from
/// themselves. Never enough alone (a sibling's number is keyed by mistake),
/// and two different valid numbers are not one child at all.
pub const NHS_BITS: [(NhsLevel, f32); 5] = [
    (NhsLevel::Missing, 0.0),
    (NhsLevel::Same, 9.0),
    (NhsLevel::Conflict, -14.0),
    (NhsLevel::Near, 4.0),
    (NhsLevel::Unlike, -2.0),
];

/// Counts of pairs whose records both hold a valid number, the number itself
/// taken out. `None` when there are too few to learn from.
pub fn by_numbers(pairs: &FxHashMap<u32, f64>) -> Option<Counts> {
    let mut counts = Counts::default();
    let (mut same, mut other) = (0.0, 0.0);
    for (code, n) in pairs {
        let mut levels = Levels::unpack(*code);
        let is_same = match levels.nhs {
            NhsLevel::Same => true,
            NhsLevel::Conflict => false,
            _ => continue,
        };
        levels.nhs = NhsLevel::Missing;
        let seen = counts.entry(levels.pack()).or_default();
        seen.all += n;
        if is_same {
            seen.same += n;
            same += n;
        } else {
            other += n;
        }
    }
    (same >= 200.0 && other >= 200.0).then_some(counts)
}

/// Fits weights to counts, starting from and held to those of `from`.
pub fn fit(counts: &Counts, from: &Model, about: About) -> Model {
    const TO_BITS: f64 = std::f64::consts::LOG2_E;
    let n_weights = model::len();
    let mut w: Vec<f64> = from
        .weights()
        .iter()
        .map(|b| f64::from(*b) / TO_BITS)
        .collect();
    let held = w.clone();
    let mut rows: Vec<(Vec<u16>, f64, f64)> = Vec::with_capacity(counts.len());
    let mut codes: Vec<(&u32, &Seen)> = counts.iter().collect();
    codes.sort_unstable_by_key(|(code, _)| **code);
    for (code, seen) in codes {
        let mut on: Vec<u16> = vec![0];
        let learnt = |f: Field| f != Field::Nhs;
        on.extend(
            model::features(&Levels::unpack(*code))
                .iter()
                .filter(|(_, field, _)| learnt(*field))
                .map(|f| f.0),
        );
        rows.push((on, seen.all, seen.same));
    }
    let mut of_weight: Vec<Vec<u32>> = vec![Vec::new(); n_weights];
    for (i, (on, ..)) in rows.iter().enumerate() {
        for number in on {
            of_weight[usize::from(*number)].push(i as u32);
        }
    }
    let block = (n_weights - 1) / 4;
    let mut z: Vec<f64> = rows
        .iter()
        .map(|(on, ..)| on.iter().map(|i| w[usize::from(*i)]).sum())
        .collect();
    for _ in 0..ROUNDS {
        let mut most = 0.0f64;
        for number in 0..n_weights {
            let of = &of_weight[number];
            if of.is_empty() {
                continue;
            }
            let hold = match number {
                0 => 0.01,
                n if n <= block => HOLD,
                _ => HOLD_CONTEXT,
            };
            let mut slope = hold * (w[number] - held[number]);
            let mut bend = hold;
            for i in of {
                let (_, all, same) = &rows[*i as usize];
                let p = 1.0 / (1.0 + (-z[*i as usize]).exp());
                slope += all * p - same;
                bend += all * p * (1.0 - p);
            }
            let step = (-slope / bend).clamp(-1.0, 1.0);
            w[number] += step;
            most = most.max(step.abs());
            for i in of {
                z[*i as usize] += step;
            }
        }
        if most < 0.002 {
            break;
        }
    }
    let mut bits: Vec<f32> = w.iter().map(|x| (x * TO_BITS) as f32).collect();
    set_numbers(&mut bits);
    Model::new(about, bits)
}

/// Puts in what the numbers are worth.
pub fn set_numbers(bits: &mut [f32]) {
    let names = model::weight_names();
    for (level, worth) in NHS_BITS {
        let name = serde_json::to_value(level)
            .ok()
            .and_then(|v| v.as_str().map(|s| format!("nhs {s}")));
        if let Some(at) = names.iter().position(|n| Some(n) == name.as_ref()) {
            bits[at] = worth;
        }
    }
    for (name, worth) in [("upn same", 8.0), ("upn different", -5.0)] {
        if let Some(at) = names.iter().position(|n| n == name) {
            bits[at] = worth;
        }
    }
}

/// Learns without any number: given what the model thinks of each pair, counts
/// how often each level occurs among children and among others (brothers and
/// sisters apart from strangers), corrects the weights of single fields by
/// what was found, and asks again.
pub fn expectation(
    pairs: &FxHashMap<u32, f64>,
    from: &Model,
    strangers: f32,
    about: About,
) -> Model {
    let mut model = Model::new(about, from.weights().to_vec());
    let block = (model::len() - 1) / 4;
    for _ in 0..4 {
        let n = model::len();
        // For each weight: expected same and other pairs, now and by the model
        // itself were it right for another mix.
        let mut same = vec![0.0f64; n];
        let mut other = vec![0.0f64; n];
        let mut totals = [[0.0f64; 2]; 3];
        for (code, count) in pairs {
            let levels = Levels::unpack(*code);
            let p = f64::from(model::probability(model.bits(&levels, strangers)));
            let context = model::context(&levels) as usize;
            totals[context][0] += count * p;
            totals[context][1] += count * (1.0 - p);
            for (number, _, with) in model::features(&levels) {
                if with.is_none() {
                    same[usize::from(number)] += count * p;
                    other[usize::from(number)] += count * (1.0 - p);
                }
            }
        }
        let mut bits = model.weights().to_vec();
        for context in [Context::Shared, Context::Unknown, Context::Elsewhere] {
            let [all_same, all_other] = totals[context as usize];
            if all_same < 100.0 || all_other < 100.0 {
                continue;
            }
            let start = 1 + block * (1 + context as usize);
            for number in start..start + block {
                let seen = same[number] + other[number];
                if seen < 20.0 {
                    continue;
                }
                let ratio = ((same[number] + 1.0) / (all_same + 2.0))
                    / ((other[number] + 1.0) / (all_other + 2.0));
                let shared = number - start + 1;
                let now = f64::from(bits[number] + bits[shared]);
                let trust = seen / (seen + 400.0);
                // Half a step: crosses already hold a part of it.
                bits[number] += (0.5 * trust * (ratio.log2() - now)).clamp(-1.0, 1.0) as f32;
            }
        }
        set_numbers(&mut bits);
        model = Model::new(model.about, bits);
    }
    model
}

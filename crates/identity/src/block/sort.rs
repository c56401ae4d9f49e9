//! Sorting where the numbers are whole: counted and put in place.

use rayon::prelude::*;

/// Sorts by the upper half, in three passes of eleven bits, what comes sorted
/// by the lower half. `other` is room to work in, to be used again.
pub(crate) fn sort_by_key(entries: &mut Vec<u64>, other: &mut Vec<u64>) {
    if entries.len() < 1 << 11 {
        entries.sort_unstable();
        return;
    }
    other.clear();
    other.resize(entries.len(), 0);
    let mut counts = [[0u32; 2048]; 3];
    for e in entries.iter() {
        for (shift, count) in [32, 43, 54].into_iter().zip(&mut counts) {
            count[(e >> shift) as usize & 0x7ff] += 1;
        }
    }
    for (shift, starts) in [32, 43, 54].into_iter().zip(&mut counts) {
        if starts.iter().any(|n| *n as usize == entries.len()) {
            continue;
        }
        let mut sum = 0;
        for start in starts.iter_mut() {
            sum += std::mem::replace(start, sum);
        }
        for e in entries.iter() {
            let slot = &mut starts[(e >> shift) as usize & 0x7ff];
            other[*slot as usize] = *e;
            *slot += 1;
        }
        std::mem::swap(entries, other);
    }
}

/// Puts pairs from several lists together, sorted and each once, in parts that
/// fit the cache.
pub(super) fn distinct(lists: Vec<Vec<u64>>, rows: usize) -> Vec<u64> {
    let bits = (rows.max(2) as u64).ilog2().saturating_sub(9).min(11);
    let shift = 32 + ((rows.max(2) as u64).ilog2() + 1).saturating_sub(bits);
    let parts = 1usize << (bits + 1);
    let part = |pair: u64| ((pair >> shift) as usize).min(parts - 1);
    let mut starts = vec![0usize; parts + 1];
    for pair in lists.iter().flatten() {
        starts[part(*pair) + 1] += 1;
    }
    for i in 0..parts {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut sorted = vec![0u64; starts[parts]];
    for list in lists {
        for pair in list {
            let slot = &mut next[part(pair)];
            sorted[*slot] = pair;
            *slot += 1;
        }
    }
    let mut slices: Vec<&mut [u64]> = Vec::with_capacity(parts);
    let mut rest = &mut sorted[..];
    for i in 0..parts {
        let (this, more) = rest.split_at_mut(starts[i + 1] - starts[i]);
        slices.push(this);
        rest = more;
    }
    slices
        .into_par_iter()
        .for_each(|slice| slice.sort_unstable());
    sorted.dedup();
    sorted
}

//! Which pairs are worth comparing: those that share one of many keys. Each
//! key forgives another mistake, so that a true pair is lost only when all of
//! them are broken at once.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::dob::{Dob, DobLevel};
use crate::home::outer;
use crate::name::{Kind, NameId, Names};
use crate::row::{Lists, Row, nhs_is_valid};

/// The keys, each with what it forgives.
pub const KEYS: [(&str, &str); 16] = [
    ("NHS number", "everything else"),
    ("pupil number", "everything else"),
    (
        "date of birth and any name by sound",
        "moved, one name changed, names in any order",
    ),
    ("date of birth and postcode", "any name"),
    ("date of birth and house", "any name, a wrong postcode"),
    (
        "both names by sound and year of birth",
        "day or month wrong, moved",
    ),
    ("both names by sound, day and month", "year wrong, moved"),
    ("both names by sound and postcode area", "any date"),
    ("first name by sound and house", "any date, family name"),
    (
        "first name by sound and postcode",
        "any date, family name, house",
    ),
    (
        "family name by sound, house and year",
        "first name, day or month",
    ),
    (
        "family name by sound and postcode",
        "first name, any date, house",
    ),
    ("both names in any order", "any date, moved, names swapped"),
    ("house and year of birth", "all names, day or month"),
    (
        "both names as known elsewhere in any order, and year",
        "spelling, order",
    ),
    (
        "day and month in any order, year and first name",
        "day and month swapped, family name",
    ),
];

/// The key that finds most pairs: date of birth and any name by sound.
const DAY_AND_NAME: usize = 2;

/// The biggest group in which all pairs are compared. Larger ones are split.
const MOST: usize = 60;

/// What a row's keys are made from.
#[derive(Clone, Copy, Default)]
struct Coded {
    given: u32,
    family: u32,
    given_near: u32,
    family_near: u32,
    dob: u32,
    house: u32,
    postcode: u64,
    is_rare: bool,
}

/// What decides whether a pair is hopeless whatever the names are, or was
/// found before.
#[derive(Clone, Copy)]
struct Hot {
    dob: Dob,
    area: u32,
    house: u32,
    number: u32,
    tokens: [u32; 6],
}

impl Hot {
    fn of(row: &Row, c: &Coded, tokens: [u32; 6]) -> Self {
        Self {
            tokens,
            dob: row.dob,
            area: outer(row.home.postcode) as u32,
            house: c.house,
            number: match (nhs_is_valid(row.nhs), row.upn) {
                (true, _) => mix(row.nhs, 0),
                (false, 0) => 0,
                (false, upn) => mix(upn, 1),
            },
        }
    }

    /// Whether the key of the day and a name has found the pair: most pairs
    /// share many keys, and each is wanted once. `crowded` are keys of that
    /// kind whose groups were split.
    fn shares_day_and_name(&self, other: &Self, crowded: &FxHashSet<u32>) -> bool {
        self.dob.date() == other.dob.date()
            && self.dob.is_whole()
            && self
                .tokens
                .iter()
                .take_while(|t| **t != 0)
                .any(|t| other.tokens.contains(t) && !crowded.contains(&day_and_name(self.dob, *t)))
    }

    /// Born on plainly different days, living in different areas, no number
    /// shared: most candidates of a large file are such.
    fn is_hopeless(&self, other: &Self) -> bool {
        self.dob.date() != other.dob.date()
            && self.area != other.area
            && self.area != 0
            && other.area != 0
            && (self.house != other.house || self.house == 0)
            && (self.number != other.number || self.number == 0)
            && matches!(
                self.dob.compare(other.dob),
                DobLevel::SameYear | DobLevel::Years | DobLevel::Different | DobLevel::SameDay
            )
    }
}

/// Which keys were too common somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capped {
    /// For each key, how many groups were split and how many records they had.
    pub groups: Vec<(usize, usize)>,
}

fn mix(a: u64, b: u64) -> u32 {
    let x = (a ^ b.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    ((x >> 32) as u32).max(1)
}

fn mix3(a: u64, b: u64, c: u64) -> u32 {
    mix(u64::from(mix(a, b)), c)
}

/// The sounds of the words that tell something.
fn sounds(names: &Names, field: NameId, into: &mut Vec<u32>) {
    let name = names.get(field);
    if name.kind != Kind::Name {
        return;
    }
    for word in names.words(field) {
        let sound = names.get(*word).sound;
        if names.text(*word).len() > 1
            && sound != 0
            && !names.is_particle(*word)
            && !into.contains(&sound)
        {
            into.push(sound);
        }
    }
    if names.words(field).len() > 1 && !into.contains(&name.sound) && name.sound != 0 {
        into.push(name.sound);
    }
}

fn day_and_name(dob: Dob, sound: u32) -> u32 {
    mix(u64::from(dob.date()), u64::from(sound))
}

fn code(row: &Row, lists: &Lists, rare: u32, found: &mut Vec<u32>) -> (Coded, Hot) {
    let names = &lists.names;
    found.clear();
    sounds(names, row.given, found);
    let given = found.first().copied().unwrap_or(0);
    let n_given = found.len();
    sounds(names, row.family, found);
    let family = if names.get(row.family).kind == Kind::Name {
        found
            .get(n_given)
            .copied()
            .unwrap_or_else(|| names.get(row.family).sound)
    } else {
        0
    };
    sounds(names, row.middle, found);
    let mut tokens = [0; 6];
    for (slot, sound) in tokens.iter_mut().zip(found.iter()) {
        *slot = *sound;
    }
    let home = &row.home;
    let house = if home.street == 0 || home.number == 0 {
        0
    } else {
        mix(
            u64::from(lists.streets.get(home.street).sound),
            u64::from(home.number & 0x7ff),
        )
    };
    // Two consonants are kept of a name: forgives most slips.
    let near = |sound: u32| {
        let mut sound = sound;
        while sound > 0x7fff {
            sound >>= 5;
        }
        sound
    };
    let seldom = |name: NameId| {
        let first = names.words(name).first().copied().unwrap_or(name);
        names.get(first).count
    };
    let coded = Coded {
        given,
        family,
        given_near: near(given),
        family_near: near(family),
        dob: row.dob.date(),
        house,
        postcode: home.postcode,
        is_rare: seldom(row.given).min(seldom(row.family)) <= rare,
    };
    (coded, Hot::of(row, &coded, tokens))
}

/// The keys of one kind for a row, those made of names, dates and homes.
fn keys(kind: usize, c: &Coded, mut push: impl FnMut(u32)) {
    let (g, f) = (u64::from(c.given), u64::from(c.family));
    let dob = u64::from(c.dob);
    let whole = dob & 0x1f != 0;
    let year = dob >> 9;
    let day = dob & 0x1ff;
    let code = c.postcode;
    let full = code & 0x3_ffff != 0;
    let house = u64::from(c.house);
    let both = g != 0 && f != 0;
    match kind {
        3 if whole && full => push(mix(dob, code)),
        4 if whole && house != 0 => push(mix(dob, house)),
        5 if both && dob != 0 => push(mix3(g, f, year)),
        6 if both && whole => push(mix3(g, f, day)),
        7 if both && code != 0 => push(mix3(g, f, outer(code))),
        8 if g != 0 && house != 0 => push(mix(g, house)),
        9 if g != 0 && full => push(mix(g, code)),
        10 if f != 0 && house != 0 && dob != 0 => push(mix3(f, house, year)),
        11 if f != 0 && full => push(mix(f, code)),
        12 if both && c.is_rare => push(mix(g.min(f), g.max(f))),
        13 if house != 0 && dob != 0 => push(mix(house, year)),
        14 if both && dob != 0 => {
            let (a, b) = (u64::from(c.given_near), u64::from(c.family_near));
            push(mix3(
                a.min(b),
                a.max(b),
                year << 9 | if whole { day & 0x1f } else { 0 },
            ));
        }
        15 if g != 0 && whole => {
            let (d, m) = (day & 0x1f, day >> 5);
            if d <= 12 {
                push(mix3(g, d.min(m) << 4 | d.max(m), year));
            }
        }
        _ => {}
    }
}

/// Sorts by the upper half, in three passes of eleven bits. `other` is room to
/// work in, to be used again.
pub(crate) fn sort_by_key(entries: &mut Vec<u64>, other: &mut Vec<u64>) {
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

/// All pairs that share a key, each once, the lower row in the upper half.
/// `first` is the number of rows of the first file when two are linked with
/// one another only; else `None`.
pub fn pairs(
    rows: &[Row],
    lists: &Lists,
    first: Option<usize>,
    use_nhs: bool,
) -> (Vec<u64>, Capped) {
    let rare = (rows.len() / 2000).max(3) as u32;
    let (coded, hot): (Vec<Coded>, Vec<Hot>) = rows
        .par_chunks(1 << 14)
        .flat_map_iter(|chunk| {
            let mut found = Vec::new();
            chunk
                .iter()
                .map(move |row| code(row, lists, rare, &mut found))
                .collect::<Vec<_>>()
        })
        .unzip();
    let room: Mutex<Vec<(Vec<u64>, Vec<u64>)>> = Mutex::default();
    let of_kind = |kind: usize, crowded: Option<&FxHashSet<u32>>| {
        let lock = || room.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut entries, mut other) = lock().pop().unwrap_or_default();
        entries.clear();
        // Each kind reads only what it is made of: memory is what it waits for.
        let mut push = |i: usize, key: u32| entries.push(u64::from(key) << 32 | i as u64);
        match kind {
            0 => (rows.iter().enumerate())
                .filter(|(_, row)| nhs_is_valid(row.nhs))
                .for_each(|(i, row)| push(i, mix(row.nhs, 0))),
            1 => (rows.iter().enumerate())
                .filter(|(_, row)| row.upn != 0)
                .for_each(|(i, row)| push(i, mix(row.upn, 1))),
            DAY_AND_NAME => {
                for (i, h) in hot.iter().enumerate().filter(|(_, h)| h.dob.is_whole()) {
                    for sound in h.tokens.iter().take_while(|t| **t != 0) {
                        push(i, day_and_name(h.dob, *sound));
                    }
                }
            }
            _ => {
                for (i, c) in coded.iter().enumerate() {
                    keys(kind, c, |key| push(i, key));
                }
            }
        }
        sort_by_key(&mut entries, &mut other);
        let found = of_groups(&entries, rows, &hot, kind > 1, crowded, first);
        lock().push((entries, other));
        found
    };
    // The day and a name find most pairs; the other keys leave those out.
    let by_day = of_kind(DAY_AND_NAME, None);
    let others: Vec<Group> = (0..KEYS.len())
        .into_par_iter()
        .filter(|kind| *kind != DAY_AND_NAME && (*kind != 0 || use_nhs))
        .map(|kind| of_kind(kind, Some(&by_day.crowded)))
        .collect();
    drop((coded, hot, room));
    let mut kinds = others;
    if !use_nhs {
        kinds.insert(0, Group::default());
    }
    kinds.insert(DAY_AND_NAME, by_day);
    let capped = Capped {
        groups: kinds.iter().map(|k| k.capped).collect(),
    };
    let mut all: Vec<u64> = Vec::with_capacity(kinds.iter().map(|k| k.pairs.len()).sum());
    for group in kinds {
        all.extend_from_slice(&group.pairs);
    }
    (distinct(all, rows.len()), capped)
}

/// What one key found.
#[derive(Default)]
struct Group {
    pairs: Vec<u64>,
    /// Groups that were split, and their records.
    capped: (usize, usize),
    /// The keys of those.
    crowded: FxHashSet<u32>,
}

/// The pairs of one key's sorted entries.
fn of_groups(
    entries: &[u64],
    rows: &[Row],
    hot: &[Hot],
    sift: bool,
    crowded_days: Option<&FxHashSet<u32>>,
    first: Option<usize>,
) -> Group {
    let mut found = Vec::with_capacity(entries.len() / 2);
    let mut capped = (0, 0);
    let mut crowded = FxHashSet::default();
    let mut near: Vec<Hot> = Vec::with_capacity(MOST);
    let mut push = |a: u64, b: u64| {
        let (low, high) = (a.min(b) & 0xffff_ffff, a.max(b) & 0xffff_ffff);
        if first.is_none_or(|n| (low as usize) < n && high as usize >= n) {
            found.push(low << 32 | high);
        }
    };
    for group in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        if group.len() == 1 {
            continue;
        }
        if group.len() <= MOST {
            near.clear();
            near.extend(group.iter().map(|e| hot[(e & 0xffff_ffff) as usize]));
            for (i, a) in group.iter().enumerate() {
                for (j, b) in group.iter().enumerate().skip(i + 1) {
                    let (x, y) = (&near[i], &near[j]);
                    let known = crowded_days.is_some_and(|c| x.shares_day_and_name(y, c));
                    let hopeless = sift && x.is_hopeless(y);
                    if !known && !hopeless {
                        push(a & 0xffff_ffff, b & 0xffff_ffff);
                    }
                }
            }
            continue;
        }
        capped.0 += 1;
        capped.1 += group.len();
        crowded.insert((group[0] >> 32) as u32);
        // Too common a key: only pairs that also share the day, or the area
        // and a neighbouring year, and of those no more than a window.
        for by in 0..2 {
            let mut finer: Vec<(u64, u64)> = group
                .iter()
                .map(|e| {
                    let row = &rows[(e & 0xffff_ffff) as usize];
                    let key = match by {
                        0 => u64::from(row.dob.date()),
                        _ => outer(row.home.postcode) << 12 | u64::from(row.dob.year()),
                    };
                    (key, e & 0xffff_ffff)
                })
                .collect();
            finer.sort_unstable();
            for (i, a) in finer.iter().enumerate() {
                for b in finer[i + 1..].iter().take_while(|b| b.0 == a.0).take(MOST) {
                    push(a.1, b.1);
                }
            }
        }
    }
    Group {
        pairs: found,
        capped,
        crowded,
    }
}

/// Sorts pairs and leaves each once, in parts that fit the cache.
fn distinct(all: Vec<u64>, rows: usize) -> Vec<u64> {
    let bits = (rows.max(2) as u64).ilog2().saturating_sub(9).min(11);
    let shift = 32 + ((rows.max(2) as u64).ilog2() + 1).saturating_sub(bits);
    let parts = 1usize << (bits + 1);
    let mut starts = vec![0usize; parts + 1];
    let part = |pair: u64| ((pair >> shift) as usize).min(parts - 1);
    for pair in &all {
        starts[part(*pair) + 1] += 1;
    }
    for i in 0..parts {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut sorted = vec![0u64; all.len()];
    for pair in &all {
        let slot = &mut next[part(*pair)];
        sorted[*slot] = *pair;
        *slot += 1;
    }
    drop(all);
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

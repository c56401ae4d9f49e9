//! Which pairs are worth comparing: those that share one of many keys. Each
//! key forgives another mistake, so that a true pair is lost only when all of
//! them are broken at once.

mod keys;
mod sort;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::home::outer;
use crate::row::{Lists, Row, nhs_is_valid};
use keys::{Coded, Hot, code, day_and_name, keys, mix};
use sort::distinct;
pub(crate) use sort::sort_by_key;

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

/// The keys that only records of one year of birth share, the one that finds
/// most pairs first.
const IN_A_YEAR: [usize; 8] = [DAY_AND_NAME, 3, 4, 5, 10, 13, 14, 15];

/// The other keys.
const IN_ANY_YEAR: [usize; 8] = [0, 1, 6, 7, 8, 9, 11, 12];

/// The biggest group in which all pairs are compared. Larger ones are split.
const MOST: usize = 60;

/// How many records' details are fetched in one sweep.
const BATCH: usize = 1 << 11;

/// Which keys were too common somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capped {
    /// For each key, how many groups were split and how many records they had.
    pub groups: Vec<(usize, usize)>,
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
    let (mut coded, mut hot): (Vec<Coded>, Vec<Hot>) = Default::default();
    rows.par_iter()
        .with_min_len(1 << 14)
        .map_init(Vec::new, |found, row| code(row, lists, rare, found))
        .unzip_into_vecs(&mut coded, &mut hot);
    let finder = Finder {
        rows,
        coded: &coded,
        hot: &hot,
        first,
        rooms: Mutex::default(),
    };
    // Year by year, so that what one year's keys look at stays in the cache.
    let mut years: Vec<u64> = (0..)
        .zip(rows)
        .filter(|(_, row)| row.dob.year() != 0)
        .map(|(i, row): (u64, _)| u64::from(row.dob.year()) << 32 | i)
        .collect();
    sort_by_key(&mut years, &mut Vec::new());
    let mut found: Vec<Found> = years
        .par_chunk_by(same_key)
        .map(|year| {
            let mut found = Found::default();
            for kind in IN_A_YEAR {
                let among = year.iter().map(|e| row_of(*e));
                finder.find(kind, among, None, &mut found);
            }
            found
        })
        .collect();
    let mut crowded = FxHashSet::default();
    for found in &mut found {
        crowded.extend(found.crowded.drain());
    }
    let others: Vec<Found> = IN_ANY_YEAR
        .into_par_iter()
        .filter(|kind| *kind != 0 || use_nhs)
        .map(|kind| {
            let mut found = Found::default();
            finder.find(kind, 0..rows.len(), Some(&crowded), &mut found);
            found
        })
        .collect();
    found.extend(others);
    drop(finder);
    drop((coded, hot, years));
    let mut groups = vec![(0, 0); KEYS.len()];
    for found in &found {
        for (sum, (split, records)) in groups.iter_mut().zip(found.capped) {
            *sum = (sum.0 + split, sum.1 + records);
        }
    }
    let found = found.into_iter().map(|found| found.pairs).collect();
    (distinct(found, rows.len()), Capped { groups })
}

/// What keys found.
#[derive(Default)]
struct Found {
    pairs: Vec<u64>,
    /// For each key, the groups that were split, and their records.
    capped: [(usize, usize); KEYS.len()],
    /// The keys of the day and a name among those.
    crowded: FxHashSet<u32>,
}

/// Room to work in.
#[derive(Default)]
struct Room {
    /// The keys of one kind, each with its row in the lower half.
    entries: Vec<u64>,
    /// Room for sorting.
    other: Vec<u64>,
}

/// Finds the pairs that share a key of one kind.
struct Finder<'a> {
    rows: &'a [Row],
    coded: &'a [Coded],
    hot: &'a [Hot],
    first: Option<usize>,
    /// Rooms to be used again: new memory is not free.
    rooms: Mutex<Vec<Room>>,
}

impl Finder<'_> {
    /// Finds the pairs among these rows. The day and a name find most pairs, and
    /// the other keys leave those out: unless the day's key is `crowded`, which
    /// is known from `found` when not given.
    fn find(
        &self,
        kind: usize,
        among: impl Iterator<Item = usize>,
        crowded: Option<&FxHashSet<u32>>,
        found: &mut Found,
    ) {
        let rooms = || self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = rooms().pop().unwrap_or_default();
        let entries = &mut room.entries;
        entries.clear();
        // Each kind reads only what it is made of: memory is what it waits for.
        let mut push = |i: usize, key: u32| entries.push(u64::from(key) << 32 | i as u64);
        match kind {
            0 => among
                .filter(|i| nhs_is_valid(self.rows[*i].nhs))
                .for_each(|i| push(i, mix(self.rows[i].nhs, 0))),
            1 => among
                .filter(|i| self.rows[*i].upn != 0)
                .for_each(|i| push(i, mix(self.rows[i].upn, 1))),
            DAY_AND_NAME => {
                for (i, hot) in among.map(|i| (i, &self.hot[i])) {
                    if hot.dob.is_whole() {
                        hot.sounds()
                            .for_each(|sound| push(i, day_and_name(hot.dob, sound)));
                    }
                }
            }
            _ => among.for_each(|i| keys(kind, &self.coded[i], |key| push(i, key))),
        }
        sort_by_key(entries, &mut room.other);
        self.of_groups(kind, entries, crowded, found);
        rooms().push(room);
    }

    /// The pairs of one key's sorted entries.
    fn of_groups(
        &self,
        kind: usize,
        entries: &[u64],
        crowded: Option<&FxHashSet<u32>>,
        found: &mut Found,
    ) {
        let Found {
            pairs,
            capped,
            crowded: crowded_here,
        } = found;
        pairs.reserve(entries.len() / 4);
        let mut push = |a: u64, b: u64| {
            let (low, high) = (a.min(b), a.max(b));
            if self
                .first
                .is_none_or(|n| (low as usize) < n && high as usize >= n)
            {
                pairs.push(low << 32 | high);
            }
        };
        let mut groups = entries.chunk_by(same_key).filter(|group| group.len() > 1);
        let (mut batch, mut members) = (Vec::new(), Vec::new());
        let mut near: Vec<Hot> = Vec::new();
        loop {
            // The records of a group lie anywhere in memory. To fetch those of
            // many groups before the first is judged lets the fetches overlap: to
            // judge each group as it came was a fifth of all the time of linking.
            batch.clear();
            members.clear();
            while members.len() < BATCH
                && let Some(group) = groups.next()
            {
                members.extend_from_slice(group);
                batch.push(group);
            }
            if batch.is_empty() {
                break;
            }
            near.clear();
            near.extend(members.iter().map(|e| self.hot[row_of(*e)]));
            let mut rest = &near[..];
            for group in &batch {
                let (near, others) = rest.split_at(group.len());
                rest = others;
                if group.len() > MOST {
                    capped[kind].0 += 1;
                    capped[kind].1 += group.len();
                    if kind == DAY_AND_NAME {
                        crowded_here.insert((group[0] >> 32) as u32);
                    }
                    self.of_crowd(group, &mut push);
                    continue;
                }
                let crowded = crowded.unwrap_or(crowded_here);
                for (i, (a, x)) in group.iter().zip(near).enumerate() {
                    for (b, y) in group.iter().zip(near).skip(i + 1) {
                        let known = kind != DAY_AND_NAME && x.shares_day_and_name(y, crowded);
                        // Whoever shares a number is worth a look.
                        let hopeless = kind > 1 && x.is_hopeless(y);
                        if !known && !hopeless {
                            push(a & 0xffff_ffff, b & 0xffff_ffff);
                        }
                    }
                }
            }
        }
    }

    /// Too common a key: only pairs that also share the day, or the area and a
    /// neighbouring year, and of those no more than a window.
    fn of_crowd(&self, group: &[u64], push: &mut impl FnMut(u64, u64)) {
        for by in 0..2 {
            let mut finer: Vec<(u64, u64)> = group
                .iter()
                .map(|e| {
                    let row = &self.rows[row_of(*e)];
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
}

/// Whether two entries share their key.
fn same_key(a: &u64, b: &u64) -> bool {
    a >> 32 == b >> 32
}

/// The row of an entry.
fn row_of(entry: u64) -> usize {
    (entry & 0xffff_ffff) as usize
}

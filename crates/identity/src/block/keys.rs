//! What a record's keys are made of, and the keys: words by sound, the date,
//! the home.

use rustc_hash::FxHashSet;

use crate::dob::{Dob, DobLevel};
use crate::home::outer;
use crate::name::{Kind, NameId, Names};
use crate::row::{Lists, Row, nhs_is_valid};

/// What a row's keys are made from.
#[derive(Clone, Copy, Default)]
pub(super) struct Coded {
    given: u32,
    family: u32,
    dob: u32,
    house: u32,
    postcode: u64,
    is_rare: bool,
}

/// What decides whether a pair is hopeless whatever the names are, or was
/// found before.
#[derive(Clone, Copy)]
pub(super) struct Hot {
    pub dob: Dob,
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

    /// The words of the names by sound.
    pub fn sounds(&self) -> impl Iterator<Item = u32> {
        self.tokens.into_iter().take_while(|sound| *sound != 0)
    }

    /// Whether the key of the day and a name has found the pair: most pairs
    /// share many keys, and each is wanted once. `crowded` are keys of that
    /// kind whose groups were split.
    pub fn shares_day_and_name(&self, other: &Self, crowded: &FxHashSet<u32>) -> bool {
        self.dob.date() == other.dob.date()
            && self.dob.is_whole()
            && self
                .sounds()
                .any(|s| other.tokens.contains(&s) && !crowded.contains(&day_and_name(self.dob, s)))
    }

    /// Born on plainly different days, living in different areas, no number
    /// shared: most candidates of a large file are such.
    pub fn is_hopeless(&self, other: &Self) -> bool {
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

pub(super) fn mix(a: u64, b: u64) -> u32 {
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

pub(super) fn day_and_name(dob: Dob, sound: u32) -> u32 {
    mix(u64::from(dob.date()), u64::from(sound))
}

/// Two consonants are kept of a name: forgives most slips.
fn near(mut sound: u32) -> u32 {
    while sound > 0x7fff {
        sound >>= 5;
    }
    sound
}

/// What a row's keys are made of. A name that `rare` records or fewer bear is
/// rare; `found` is room to work in.
pub(super) fn code(row: &Row, lists: &Lists, rare: u32, found: &mut Vec<u32>) -> (Coded, Hot) {
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
    let seldom = |name: NameId| {
        let first = names.words(name).first().copied().unwrap_or(name);
        names.count(first)
    };
    let coded = Coded {
        given,
        family,
        dob: row.dob.date(),
        house,
        postcode: home.postcode,
        is_rare: seldom(row.given).min(seldom(row.family)) <= rare,
    };
    (coded, Hot::of(row, &coded, tokens))
}

/// The keys of one kind for a row, those made of names, dates and homes.
pub(super) fn keys(kind: usize, c: &Coded, mut push: impl FnMut(u32)) {
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
            let (a, b) = (u64::from(near(c.given)), u64::from(near(c.family)));
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

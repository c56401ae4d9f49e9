//! The keys under which a child is found in an index. Both sides make them the
//! same way; a question asks several and scores what comes back.

use crate::dob::Dob;
use crate::home::outer;
use crate::name::{Kind, NameId, Names};
use crate::row::Row;

/// How many kinds of keys there are.
pub const KINDS: usize = 8;

/// An NHS number or a unique pupil number.
pub const NUMBER: usize = 0;
/// A date of birth and the sound of any name.
pub const DATE_NAME: usize = 1;
/// Both names in any order and the year.
pub const NAMES_YEAR: usize = 2;
/// Both names in any order and the postcode area.
pub const NAMES_AREA: usize = 3;
/// A whole postcode.
pub const POSTCODE: usize = 4;
/// Both names in any order.
pub const NAMES: usize = 5;
/// The first name, year and area.
pub const GIVEN_YEAR_AREA: usize = 6;
/// The family name, year and area.
pub const FAMILY_YEAR_AREA: usize = 7;

fn mix(kind: usize, a: u64, b: u64) -> u32 {
    let x = (a ^ b.rotate_left(31) ^ (kind as u64) << 58).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x >> 32) as u32
}

/// The sounds of names: of the first given name, of each family name, of all.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    given: Vec<u32>,
    family: Vec<u32>,
    all: Vec<u32>,
}

fn collect(names: &Names, field: NameId, into: &mut Vec<u32>) {
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
    if name.sound != 0
        && !into.contains(&name.sound)
        && (into.is_empty() || names.words(field).len() > 1)
    {
        into.push(name.sound);
    }
}

impl Sounds {
    /// The sounds of a row's names.
    pub fn of(row: &Row, names: &Names) -> Self {
        let mut sounds = Self::default();
        collect(names, row.given, &mut sounds.given);
        collect(names, row.family, &mut sounds.family);
        sounds.all.extend_from_slice(&sounds.given);
        for sound in &sounds.family {
            if !sounds.all.contains(sound) {
                sounds.all.push(*sound);
            }
        }
        let mut middle = Vec::new();
        collect(names, row.middle, &mut middle);
        for sound in middle {
            if !sounds.all.contains(&sound) {
                sounds.all.push(sound);
            }
        }
        sounds
    }
}

/// A pair of names in any order.
fn pair(a: u32, b: u32) -> u64 {
    u64::from(a.min(b)) << 32 | u64::from(a.max(b))
}

/// The key of a date and a name.
pub fn date_name(dob: Dob, sound: u32) -> u32 {
    mix(DATE_NAME, u64::from(dob.date()), u64::from(sound))
}

/// All keys of one kind for a row. `push` may get one key twice.
pub fn keys(kind: usize, row: &Row, sounds: &Sounds, mut push: impl FnMut(u32)) {
    let year = u64::from(row.dob.year());
    let area = outer(row.home.postcode);
    let both = |push: &mut dyn FnMut(u32), with: u64| {
        for g in sounds.given.iter().take(2) {
            for f in sounds.family.iter().take(3) {
                push(mix(kind, pair(*g, *f), with));
            }
        }
    };
    match kind {
        NUMBER => {
            if row.nhs != 0 {
                push(mix(kind, row.nhs, 0));
            }
            if row.upn != 0 {
                push(mix(kind, row.upn, 1));
            }
        }
        DATE_NAME if row.dob.is_whole() => {
            sounds.all.iter().for_each(|s| push(date_name(row.dob, *s)))
        }
        NAMES_YEAR if year != 0 => both(&mut push, year),
        NAMES_AREA if area != 0 => both(&mut push, area),
        POSTCODE if row.home.postcode & 0x3_ffff != 0 => push(mix(kind, row.home.postcode, 0)),
        NAMES => both(&mut push, 0),
        GIVEN_YEAR_AREA if year != 0 && area != 0 => {
            sounds
                .given
                .iter()
                .take(1)
                .for_each(|s| push(mix(kind, u64::from(*s) << 12 | year, area)));
        }
        FAMILY_YEAR_AREA if year != 0 && area != 0 => {
            sounds
                .family
                .iter()
                .take(2)
                .for_each(|s| push(mix(kind, u64::from(*s) << 12 | year, area)));
        }
        _ => {}
    }
}

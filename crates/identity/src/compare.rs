//! Two records compared: for each field the level at which they agree, all
//! levels together in one number, so that a million pairs have only some
//! thousands of different comparisons.

use crate::dob::DobLevel;
use crate::level::{FamilyLevel, GivenLevel, Levels, MiddleLevel, NhsLevel, Order, Plain};
use crate::name::{How, Kind, NameId, Names};
use crate::rarity::step;
pub use crate::rarity::{Rarity, Shape, shapes};
use crate::row::{Lists, Row, nhs_is_valid};

/// Compares rows; keeps what it learnt about pairs of names.
pub struct Comparer<'a> {
    lists: &'a Lists,
    rarity: Rarity,
    memory: Memory,
    /// What [`shapes`] says of each name, where many comparisons are to come.
    shapes: &'a [Shape],
}

/// What comparisons of pairs of names have come to, for the next time.
pub struct Memory {
    /// Two names of 28 bits each, and in the low byte what they came to.
    kept: Vec<u64>,
    /// Names from this number on belong to one question only.
    passing: NameId,
    touched: Vec<u32>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            kept: vec![u64::MAX; KEPT],
            passing: NameId::MAX,
            touched: Vec::new(),
        }
    }
}

impl Memory {
    /// From now on names from this number on are passing.
    pub fn set_passing(&mut self, from: usize) {
        self.passing = from as NameId;
    }

    /// Forgets what involved passing names.
    pub fn forget_passing(&mut self) {
        for slot in self.touched.drain(..) {
            self.kept[slot as usize] = u64::MAX;
        }
    }
}

/// Slots of the memory for pairs of names, a power of two.
const KEPT: usize = 1 << 16;
/// Names from this number on are not remembered.
const NAMED: NameId = 1 << 28;

/// How two name fields stand to one another: the best of their words.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fields {
    how: How,
    /// Only some words fit, and not the first ones.
    part: bool,
}

impl<'a> Comparer<'a> {
    /// Compares rows whose names are in these lists.
    pub fn new(lists: &'a Lists, rarity: Rarity) -> Self {
        Self {
            lists,
            rarity,
            memory: Memory::default(),
            shapes: &[],
        }
    }

    /// The same with what earlier comparisons with these lists came to.
    pub fn with(lists: &'a Lists, rarity: Rarity, memory: Memory) -> Self {
        Self {
            lists,
            rarity,
            memory,
            shapes: &[],
        }
    }

    /// The same with what [`shapes`] says of the names: worth it when millions
    /// of rows are to be compared.
    pub fn shaped(self, shapes: &'a [Shape]) -> Self {
        Self { shapes, ..self }
    }

    /// What the comparisons came to.
    pub fn into_memory(self) -> Memory {
        self.memory
    }

    /// The names.
    pub fn names(&self) -> &'a Names {
        &self.lists.names
    }

    /// All levels of two rows.
    pub fn compare(&mut self, a: &Row, b: &Row) -> Levels {
        let (given, family, order) = self.whole_name(a, b);
        let (given, middle) = self.with_middle(given, a, b);
        let sex = plain(u32::from(a.sex), u32::from(b.sex));
        Levels {
            given,
            family,
            middle,
            order,
            dob: self.dob(a, b),
            sex,
            home: a.home.compare(&b.home, &self.lists.streets),
            nhs: nhs(a.nhs, b.nhs),
            upn: match (a.upn, b.upn) {
                (0, _) | (_, 0) => Plain::Missing,
                (x, y) if x == y => Plain::Same,
                _ => Plain::Different,
            },
            school: plain(a.school, b.school),
            parents: self.parents(a, b),
        }
    }

    fn dob(&self, a: &Row, b: &Row) -> DobLevel {
        a.dob.compare(b.dob)
    }

    /// How two fields stand to one another, remembered.
    fn fields(&mut self, a: NameId, b: NameId) -> Fields {
        if a == b {
            return Fields {
                how: How::Same,
                part: false,
            };
        }
        let (low, high) = (a.min(b), a.max(b));
        if high >= NAMED {
            return compare_fields(&self.lists.names, low, high);
        }
        let key = u64::from(low) << 28 | u64::from(high);
        let slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize & (KEPT - 1);
        let memory = &mut self.memory;
        let kept = memory.kept[slot];
        if kept >> 8 == key {
            return unpack(kept as u8);
        }
        let found = compare_fields(&self.lists.names, low, high);
        memory.kept[slot] = key << 8 | u64::from(pack(found));
        if high >= memory.passing {
            memory.touched.push(slot as u32);
        }
        found
    }

    fn kind(&self, name: NameId) -> Kind {
        match self.shapes.get(name as usize) {
            Some(shape) => shape.kind(),
            None => self.lists.names.get(name).kind,
        }
    }

    fn step(&self, name: NameId) -> usize {
        match self.shapes.get(name as usize) {
            Some(shape) => shape.step(),
            None => step(&self.lists.names, self.rarity, name),
        }
    }

    fn is_several(&self, name: NameId) -> bool {
        match self.shapes.get(name as usize) {
            Some(shape) => shape.is_several(),
            None => self.lists.names.words(name).len() > 1,
        }
    }

    /// Given and family name, in their own or in each other's place.
    fn whole_name(&mut self, a: &Row, b: &Row) -> (GivenLevel, FamilyLevel, Order) {
        let given_kind = self.kind(a.given).max(self.kind(b.given));
        let family_kind = self.kind(a.family).max(self.kind(b.family));
        let given = (given_kind == Kind::Name).then(|| self.fields(a.given, b.given));
        let family = (family_kind == Kind::Name).then(|| self.fields(a.family, b.family));
        let weak = |f: Option<Fields>| f.is_none_or(|f| f.part || f.how > How::Near);
        if weak(given) && weak(family) && given_kind == Kind::Name && family_kind == Kind::Name {
            let across = self.fields(a.given, b.family);
            let back = self.fields(a.family, b.given);
            let good = |f: Fields| f.how <= How::Sound && !f.part;
            if good(across) && good(back) {
                return (
                    self.given_level(across, a.given),
                    self.family_level(back, a.family),
                    Order::Swapped,
                );
            }
            if across.how <= How::Spelling && !across.part {
                return (
                    self.given_level(across, a.given),
                    FamilyLevel::Different,
                    Order::Half,
                );
            }
            if back.how <= How::Spelling && !back.part {
                return (
                    self.given_level(back, a.family),
                    FamilyLevel::Different,
                    Order::Half,
                );
            }
        }
        let given = match (given, given_kind) {
            // Two names that many children bear are two names, not a slip: twins
            // are called Aryan and Arjan.
            (Some(f), _)
                if f.how == How::Slip
                    && !f.part
                    && self.step(a.given) < 3
                    && self.step(b.given) < 3 =>
            {
                GivenLevel::Near
            }
            (Some(fields), _) => self.given_level(fields, a.given),
            (None, Kind::NotYet) => GivenLevel::NotYet,
            (None, _) => GivenLevel::Missing,
        };
        let family = family.map_or(FamilyLevel::Missing, |fields| {
            self.family_level(fields, a.family)
        });
        (given, family, Order::Straight)
    }

    fn given_level(&self, fields: Fields, name: NameId) -> GivenLevel {
        if fields.part {
            return GivenLevel::Part;
        }
        match fields.how {
            How::Same => [
                GivenLevel::SameVeryCommon,
                GivenLevel::SameCommon,
                GivenLevel::Same,
                GivenLevel::SameRare,
            ][self.step(name)],
            How::Spelling => GivenLevel::Spelling,
            How::Short => GivenLevel::Short,
            How::Slip => GivenLevel::Slip,
            How::Sound => GivenLevel::Sound,
            How::Near | How::Begins => GivenLevel::Near,
            How::Initial => GivenLevel::Initial,
            How::Different => GivenLevel::Different,
        }
    }

    fn family_level(&self, fields: Fields, name: NameId) -> FamilyLevel {
        if fields.part {
            return FamilyLevel::Part;
        }
        match fields.how {
            How::Same => [
                FamilyLevel::SameVeryCommon,
                FamilyLevel::SameCommon,
                FamilyLevel::Same,
                FamilyLevel::SameRare,
            ][self.step(name)],
            How::Spelling | How::Short => FamilyLevel::Spelling,
            How::Slip => FamilyLevel::Slip,
            How::Sound => FamilyLevel::Sound,
            How::Near | How::Begins => FamilyLevel::Near,
            How::Initial | How::Different => FamilyLevel::Different,
        }
    }

    /// The middle names, and whether one record is called by the other's.
    fn with_middle(&mut self, given: GivenLevel, a: &Row, b: &Row) -> (GivenLevel, MiddleLevel) {
        let names = &self.lists.names;
        let (rest_a, rest_b) = (self.rest(a), self.rest(b));
        if given >= GivenLevel::Near
            && given != GivenLevel::NotYet
            && (rest_a.n > 0 || rest_b.n > 0)
        {
            let first = |row: &Row| names.words(row.given).first().copied().unwrap_or(0);
            let called = |name: NameId, rest: &Rest| {
                name != 0
                    && rest
                        .words()
                        .iter()
                        .any(|w| names.known_alike(name, *w).is_some())
            };
            let (x, y) = (first(a), first(b));
            if given == GivenLevel::Missing {
                // "Unknown Emilia" has at least a middle name to compare.
            } else if called(x, &rest_b) || called(y, &rest_a) {
                return (GivenLevel::ByMiddle, MiddleLevel::Missing);
            }
        }
        if rest_a.n == 0 || rest_b.n == 0 {
            return (given, MiddleLevel::Missing);
        }
        let mut best = How::Different;
        for x in rest_a.words() {
            for y in rest_b.words() {
                best = best.min(self.fields(*x, *y).how);
            }
        }
        let middle = match best {
            How::Same => MiddleLevel::Same,
            How::Initial => MiddleLevel::Initial,
            How::Different => MiddleLevel::Different,
            _ => MiddleLevel::Near,
        };
        (given, middle)
    }

    /// The names behind the first. Most names are one word, and their shapes
    /// say so: then no word is looked up.
    fn rest(&self, row: &Row) -> Rest {
        let mut rest = Rest::default();
        let names = &self.lists.names;
        if self.is_several(row.given) && self.kind(row.given) == Kind::Name {
            rest.add(&names.words(row.given)[1..]);
        }
        match self.kind(row.middle) {
            Kind::Name if self.is_several(row.middle) => rest.add(names.words(row.middle)),
            Kind::Name => rest.add(&[row.middle]),
            _ => {}
        }
        rest
    }

    fn parents(&mut self, a: &Row, b: &Row) -> Plain {
        let mut level = Plain::Missing;
        for x in a.parents.into_iter().filter(|p| *p != 0) {
            for y in b.parents.into_iter().filter(|p| *p != 0) {
                let fields = self.fields(x, y);
                level = match fields.how {
                    How::Same | How::Spelling | How::Slip if !fields.part => return Plain::Same,
                    _ => Plain::Different,
                };
            }
        }
        level
    }
}

/// The names behind the first: more given names and the middle ones.
#[derive(Default)]
struct Rest {
    words: [NameId; 6],
    n: usize,
}

impl Rest {
    fn add(&mut self, words: &[NameId]) {
        for (place, word) in self.words[self.n..].iter_mut().zip(words) {
            *place = *word;
            self.n += 1;
        }
    }

    fn words(&self) -> &[NameId] {
        &self.words[..self.n]
    }
}

fn pack(fields: Fields) -> u8 {
    fields.how as u8 | u8::from(fields.part) << 7
}

fn unpack(code: u8) -> Fields {
    const HOWS: [How; 9] = [
        How::Same,
        How::Spelling,
        How::Short,
        How::Slip,
        How::Sound,
        How::Near,
        How::Begins,
        How::Initial,
        How::Different,
    ];
    Fields {
        how: HOWS[usize::from(code & 0xf)],
        part: code >> 7 == 1,
    }
}

/// Compares two fields of one or more words. Fields are the same when they are
/// the same written together, or when one begins with all words of the other.
fn compare_fields(names: &Names, a: NameId, b: NameId) -> Fields {
    let whole = names.alike(a, b);
    let (words_a, words_b) = (names.words(a), names.words(b));
    if (words_a.len() < 2 && words_b.len() < 2) || whole <= How::Spelling {
        return Fields {
            how: whole,
            part: false,
        };
    }
    // Words that only join do not count, unless nothing else is left.
    let strong = |words: &[NameId]| {
        let mut kept: Vec<NameId> = words
            .iter()
            .copied()
            .filter(|w| !names.is_particle(*w))
            .collect();
        if kept.is_empty() {
            kept = words.to_vec();
        }
        kept
    };
    let (x, y) = (strong(words_a), strong(words_b));
    if x.len() == 1 && y.len() == 1 {
        return Fields {
            how: whole.min(names.alike(x[0], y[0])),
            part: false,
        };
    }
    let first = names.alike(x[0], y[0]);
    if first <= How::Slip {
        // "Amelia Sophia" and "Amelia"; for a family name "Cole-Winburn" and
        // "Cole" is a part.
        return Fields {
            how: whole.min(first),
            part: false,
        };
    }
    let mut best = How::Different;
    for v in &x {
        for w in &y {
            best = best.min(names.alike(*v, *w));
        }
    }
    if best <= How::Slip {
        return Fields {
            how: best,
            part: true,
        };
    }
    Fields {
        how: whole.min(first),
        part: false,
    }
}

fn plain(a: u32, b: u32) -> Plain {
    match (a, b) {
        (0, _) | (_, 0) => Plain::Missing,
        (a, b) if a == b => Plain::Same,
        _ => Plain::Different,
    }
}

fn nhs(a: u64, b: u64) -> NhsLevel {
    if a == 0 || b == 0 {
        return NhsLevel::Missing;
    }
    if a == b {
        return if nhs_is_valid(a) {
            NhsLevel::Same
        } else {
            NhsLevel::Near
        };
    }
    if nhs_is_valid(a) && nhs_is_valid(b) {
        return NhsLevel::Conflict;
    }
    let (mut x, mut y) = (a & 0xff_ffff_ffff, b & 0xff_ffff_ffff);
    let mut differ = 0;
    let mut swapped = false;
    let mut last = (0, 0);
    while x > 0 || y > 0 {
        let (p, q) = (x % 10, y % 10);
        if p != q {
            differ += 1;
            swapped |= last == (q, p);
        }
        last = (p, q);
        x /= 10;
        y /= 10;
    }
    if differ == 1 || (differ == 2 && swapped) {
        NhsLevel::Near
    } else {
        NhsLevel::Unlike
    }
}

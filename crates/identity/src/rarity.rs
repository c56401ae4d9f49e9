//! How common a name is: sharing "Smith" says less than sharing "Quilliam".

use crate::name::{Kind, NameId, Names};

/// From which number of bearers on a name is rare, common and so on.
#[derive(Debug, Clone, Copy)]
pub struct Rarity {
    /// Bearers from which a name is very common, common, and not rare.
    steps: [u32; 3],
}

impl Rarity {
    /// For this many records: very common is one in 150, common one in 700,
    /// rare less than one in 4,000.
    pub fn of(records: usize) -> Self {
        let n = records as f64;
        Self {
            steps: [150.0, 700.0, 4000.0].map(|part| ((n / part) as u32).max(1)),
        }
    }

    /// 0 very common, 1 common, 2 seldom, 3 rare.
    pub(crate) fn step(&self, count: u32) -> usize {
        self.steps
            .iter()
            .position(|step| count > *step)
            .unwrap_or(3)
    }
}

/// The kinds by number.
const KINDS: [Kind; 3] = [Kind::Name, Kind::None, Kind::NotYet];

/// How common a name is: its own bearers, or those of it without spaces, or of
/// its first word.
pub(crate) fn step(names: &Names, rarity: Rarity, name: NameId) -> usize {
    let first = names.words(name).first().copied().unwrap_or(name);
    let joined = names.get(name).joined;
    let bearers = [name, joined, first].map(|name| names.count(name));
    rarity.step(bearers.into_iter().max().unwrap_or_default())
}

/// What is asked of every name of every pair, in a byte: its kind, how common
/// it is, and whether it has several words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(u8);

impl Shape {
    /// What the text is.
    pub(crate) fn kind(self) -> Kind {
        KINDS[usize::from(self.0 & 3)]
    }

    /// 0 very common, 1 common, 2 seldom, 3 rare.
    pub(crate) fn step(self) -> usize {
        usize::from(self.0 >> 2 & 3)
    }

    /// Whether the name has several words.
    pub(crate) fn is_several(self) -> bool {
        self.0 >> 4 != 0
    }
}

/// The shapes of all names, by their numbers.
pub fn shapes(names: &Names, rarity: Rarity) -> Vec<Shape> {
    let shape = |name| {
        let step = step(names, rarity, name) as u8;
        let several = u8::from(names.words(name).len() > 1);
        Shape(names.get(name).kind as u8 | step << 2 | several << 4)
    };
    (0..names.len() as NameId).map(shape).collect()
}

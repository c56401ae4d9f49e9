//! The levels at which each field of two records can agree, and all of them
//! together in 32 bits.

use serde::{Deserialize, Serialize};

use crate::dob::DobLevel;
use crate::home::HomeLevel;

/// Writes an enum of levels with all its values in order.
macro_rules! levels {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $level:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $level,)* }
        impl $name {
            /// All levels, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$level,)*];
        }
    };
}

levels! {
    /// How given names agree.
    GivenLevel {
        /// The same, and one in 150 is called so.
        SameVeryCommon,
        /// The same, and one in 700 is called so.
        SameCommon,
        /// The same.
        Same,
        /// The same, and fewer than one in 4,000 are called so.
        SameRare,
        /// Another spelling or language.
        Spelling,
        /// A short or pet name.
        Short,
        /// One slip of the hand.
        Slip,
        /// The same sound.
        Sound,
        /// Nearly, or a beginning.
        Near,
        /// A part of a name of several words.
        Part,
        /// One is called by the other's middle name.
        ByMiddle,
        /// Only an initial, and it fits.
        Initial,
        /// Different.
        Different,
        /// One of them is not known.
        Missing,
        /// One of them has no name yet.
        NotYet,
    }
}

levels! {
    /// How family names agree.
    FamilyLevel {
        /// The same, and one in 150 is called so.
        SameVeryCommon,
        /// The same, and one in 700 is called so.
        SameCommon,
        /// The same.
        Same,
        /// The same, and fewer than one in 4,000 are called so.
        SameRare,
        /// Another spelling, language or ending.
        Spelling,
        /// One slip of the hand.
        Slip,
        /// The same sound.
        Sound,
        /// Nearly, or a beginning.
        Near,
        /// A part of a double name.
        Part,
        /// Different.
        Different,
        /// One of them is not known.
        Missing,
    }
}

levels! {
    /// How middle names agree.
    MiddleLevel {
        /// One of them is not known.
        Missing,
        /// The same.
        Same,
        /// An initial that fits.
        Initial,
        /// Another spelling, or nearly.
        Near,
        /// Different.
        Different,
    }
}

levels! {
    /// In which order the names stand.
    Order {
        /// Given with given and family with family.
        Straight,
        /// Given and family name in each other's place.
        Swapped,
        /// One name in the other's place, the other different.
        Half,
    }
}

levels! {
    /// How NHS numbers agree.
    NhsLevel {
        /// One of them is not known.
        Missing,
        /// The same valid number.
        Same,
        /// Two different valid numbers: not one child.
        Conflict,
        /// One digit off, one of them invalid.
        Near,
        /// Different, one of them invalid.
        Unlike,
    }
}

levels! {
    /// How a field without levels agrees.
    Plain {
        /// One of them is not known.
        Missing,
        /// The same.
        Same,
        /// Different.
        Different,
    }
}

/// The levels of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Levels {
    /// Given names.
    pub given: GivenLevel,
    /// Family names.
    pub family: FamilyLevel,
    /// Middle names.
    pub middle: MiddleLevel,
    /// The order of the names.
    pub order: Order,
    /// Dates of birth.
    pub dob: DobLevel,
    /// Sexes.
    pub sex: Plain,
    /// Homes.
    pub home: HomeLevel,
    /// NHS numbers.
    pub nhs: NhsLevel,
    /// Unique pupil numbers.
    pub upn: Plain,
    /// Schools.
    pub school: Plain,
    /// Parents.
    pub parents: Plain,
}

impl Levels {
    /// All levels in one number.
    pub fn pack(&self) -> u32 {
        self.given as u32
            | (self.family as u32) << 4
            | (self.middle as u32) << 8
            | (self.order as u32) << 11
            | (self.dob as u32) << 13
            | (self.sex as u32) << 17
            | (self.home as u32) << 19
            | (self.nhs as u32) << 23
            | (self.upn as u32) << 26
            | (self.school as u32) << 28
            | (self.parents as u32) << 30
    }

    /// The levels from one number made by [`Levels::pack`]; numbers that no
    /// levels give are read as the nearest.
    pub fn unpack(code: u32) -> Self {
        fn of<T: Copy>(all: &[T], code: u32, shift: u32, bits: u32) -> T {
            all[((code >> shift & ((1 << bits) - 1)) as usize).min(all.len() - 1)]
        }
        Self {
            given: of(GivenLevel::ALL, code, 0, 4),
            family: of(FamilyLevel::ALL, code, 4, 4),
            middle: of(MiddleLevel::ALL, code, 8, 3),
            order: of(Order::ALL, code, 11, 2),
            dob: of(&DobLevel::ALL, code, 13, 4),
            sex: of(Plain::ALL, code, 17, 2),
            home: of(&HomeLevel::ALL, code, 19, 4),
            nhs: of(NhsLevel::ALL, code, 23, 3),
            upn: of(Plain::ALL, code, 26, 2),
            school: of(Plain::ALL, code, 28, 2),
            parents: of(Plain::ALL, code, 30, 2),
        }
    }
}
